"""The figures of a corpus, by hand on a small one."""

import importlib.util
import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipelines.cli import run
from pipelines.exporting import export_dataset
from pipelines.stats import Source, Spread, Stats, gather_stats, overlap, spread
from pipelines.stats_tables import show_stats
from schemas.recipe import Recipe
from schemas.recipe_file import override

_PATH = Path(__file__).parent / "formats" / "pool_corpus.py"
_SPEC = importlib.util.spec_from_file_location("pool_corpus", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pool_corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pool_corpus)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("corpus") / "workspace")
    pool_corpus.commit_pools(folder)
    return folder


@pytest.fixture(scope="module")
def stats(workspace: str) -> Stats:
    return gather_stats(workspace, Recipe())


def test_everything_is_counted_once(stats: Stats) -> None:
    assert (stats.documents, stats.pages, stats.questions, stats.triplets) == (2, 6, 7, 6)
    assert stats.candidates == {"passage": 2, "table": 2, "figure": 0, "page": 6}
    assert sum(sum(numbers.values()) for numbers in stats.cells.values()) == stats.questions
    assert stats.cells["unanswerable"] == {"table": 1}
    assert stats.evidence == {"0": 1, "1": 1, "2": 5}
    assert stats.evidence_pages == {"0": 1, "1": 5, "2": 1}
    assert stats.evidence_documents == {"0": 1, "1": 5, "2": 1}
    assert stats.evidence_modalities == {"table": 10, "text": 1}
    assert stats.splits == {"not stated": 6, "train": 1}
    assert (stats.hops, stats.quality) == ({"1": 7}, None)


def test_negatives_are_counted_by_kind(stats: Stats) -> None:
    assert (stats.negatives, stats.rejected) == ({"ranked": 30}, 0)


def test_licences_fall_back_on_the_recipe(workspace: str, stats: Stats) -> None:
    assert stats.sources == (Source("not stated", 2, 6),)
    licensed = gather_stats(workspace, override(Recipe(), {"corpus.licence": "CC BY 4.0"}))
    assert licensed.sources == (Source("CC BY 4.0", 2, 6),)


def test_an_empty_workspace_has_figures_too(tmp_path: Path) -> None:
    pool_corpus.corpus.commit_corpus(str(tmp_path / "w"), documents=1, questions=0)
    stats = gather_stats(str(tmp_path / "w"), Recipe())
    assert (stats.questions, stats.cells, stats.overlap) == (0, {}, Spread(0))
    console = Console(width=100, file=io.StringIO())
    show_stats(stats, console)
    assert "0 questions" in console.file.getvalue()  # type: ignore[attr-defined]


def test_the_command_prints_tables_or_json(workspace: str, stats: Stats, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats", workspace, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(asdict(stats)))
    assert run(["stats", workspace]) == 0
    told = capsys.readouterr().err
    assert "7 questions" in told
    assert "unanswerable" in told
    assert "no person has judged" in told


def test_the_card_tells_them(workspace: str, tmp_path: Path) -> None:
    export_dataset(workspace, str(tmp_path / "d"), Recipe(), format="beir")
    card = (tmp_path / "d" / "README.md").read_text(encoding="utf-8")
    assert "| pieces of evidence | 0: 1, 1: 1, 2: 5 |" in card
    assert "6 triplets with 30 mined negatives" in card


@pytest.mark.parametrize(
    ("question", "evidence", "share"),
    [
        ("What was the profit in 2020?", ["profit 2020"], 2 / 3),
        ("What was the profit in 2020?", [], 0.0),
        ("profit", ["losses", "Profit!"], 1.0),
        ("is it so?", ["it is so"], None),
    ],
)
def test_overlap(question: str, evidence: list[str], share: float | None) -> None:
    assert overlap(question, evidence) == share


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_spread_is_in_order(figures: list[float]) -> None:
    found = spread(figures)
    assert found.number == len(figures)
    assert found.least is not None
    assert found.median is not None
    assert found.most is not None
    assert found.least <= found.median <= found.most
