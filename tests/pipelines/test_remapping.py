import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli import run
from pipelines.workspace import open_workspace
from schemas.arrow import from_table, to_table
from schemas.records import CellQuote, Question

CORPUS = Path(__file__).with_name("dataset_corpus.py")


def _commit_corpus(url: str) -> None:
    spec = importlib.util.spec_from_file_location("dataset_corpus", CORPUS)
    assert spec is not None
    assert spec.loader is not None
    corpus = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(corpus)
    corpus.commit_corpus(url)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    _commit_corpus(str(tmp_path / "workspace"))
    return tmp_path / "workspace"


def _write(path: Path, questions: list[Question]) -> Path:
    pq.write_table(to_table(questions, Question), path)
    return path


def test_the_same_extraction_gives_the_same_table(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.parquet"
    before = open_workspace(str(workspace)).records("qa")
    assert run(["remap", str(workspace), "--qa", str(_write(tmp_path / "qa.parquet", before)), "--out", str(out)]) == 0
    assert from_table(pq.read_table(out), Question) == before


def test_what_is_lost_is_listed_and_left_out(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *_ = open_workspace(str(workspace)).records("qa")
    moved = replace(first, evidence=tuple(replace(unit, element_id=f"{unit.doc_id}/x") for unit in first.evidence))
    gone = replace(
        second, qa_id="gone", evidence=(replace(second.evidence[0], cells=(CellQuote(1, 1, "8"),)),), program=None
    )
    qa, out = _write(tmp_path / "qa.parquet", [moved, gone]), tmp_path / "new.parquet"
    assert run(["remap", str(workspace), "--qa", str(qa), "--out", str(out), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["moved"]) == (1, 2)
    assert [(row["qa_id"], row["reason_code"], row["text"]) for row in told["lost"]] == [("gone", "no_cells", "8")]
    assert from_table(pq.read_table(out), Question) == [first]
    assert run(["remap", str(workspace), "--qa", str(qa), "--out", str(tmp_path / "other.parquet")]) == 1
    assert "no_cells" in capsys.readouterr().err


def test_nothing_is_written_over(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    qa = _write(tmp_path / "qa.parquet", open_workspace(str(workspace)).records("qa"))
    before = qa.read_bytes()
    assert run(["remap", str(workspace), "--qa", str(qa), "--out", str(qa)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert qa.read_bytes() == before
