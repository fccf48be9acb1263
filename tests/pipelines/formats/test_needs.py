"""What is missing is said before any work, with what makes it, and nothing is written."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.exporting import export_dataset
from pipelines.formats.catalog import FORMATS
from pipelines.formats.shape import Need
from schemas.arrow import from_table, to_table
from schemas.errors import ExportError
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Page

_PATH = Path(__file__).with_name("pool_corpus.py")
_SPEC = importlib.util.spec_from_file_location("pool_corpus", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pool_corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pool_corpus)


def needing(need: Need) -> list[str]:
    return [format.name for format in FORMATS if need in format.needs]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("bare") / "workspace")
    pool_corpus.corpus.commit_corpus(folder, documents=1, questions=0)
    return folder


@pytest.fixture(scope="module")
def unmined(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("unmined") / "workspace")
    pool_corpus.commit_pools(folder, triplets=False)
    return folder


@pytest.mark.parametrize("name", needing(Need.QUESTIONS))
def test_without_questions_there_is_nothing_to_export(bare: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=f"--format {name}: .*nothing to export; corpusmill generate"):
        export_dataset(bare, str(tmp_path / "d"), Recipe(), format=name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", needing(Need.TRIPLETS))
def test_without_triplets_mining_is_named(unmined: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=f"--format {name}: .*no triplets; corpusmill mine"):
        export_dataset(unmined, str(tmp_path / "d"), Recipe(), format=name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["m-beir", "colpali", "mmeb"])
def test_formats_whose_negatives_are_optional_do_without(unmined: str, tmp_path: Path, name: str) -> None:
    assert export_dataset(unmined, str(tmp_path / "d"), Recipe(), format=name).exit_code == 0


def test_a_question_without_evidence_is_named(tmp_path: Path) -> None:
    url = str(tmp_path / "workspace")
    pool_corpus.commit_pools(url, triplets=False)
    model = next(iter(pool_corpus.questions(url).values()))
    name = f"{pool_corpus.FIRST}/qa-bare"
    pool_corpus.commit_rows(url, Stage.GENERATE, "qa", [replace(model, qa_id=name, evidence=())])
    with pytest.raises(ExportError, match=f"question {name} has no evidence.*corpusmill check"):
        export_dataset(url, str(tmp_path / "d"), Recipe(), format="beir")


@pytest.mark.parametrize("name", needing(Need.PAGE_PICTURES))
def test_without_page_pictures_the_setting_is_named(tmp_path: Path, name: str) -> None:
    url = str(tmp_path / "workspace")
    pool_corpus.commit_pools(url)
    _drop_pictures(url)
    with pytest.raises(ExportError, match=rf"--format {name}: no page has a picture; set extract.page_dpi"):
        export_dataset(url, str(tmp_path / "d"), Recipe(), format=name)


def test_a_page_without_picture_leaves_its_question_out(tmp_path: Path) -> None:
    url = str(tmp_path / "workspace")
    pool_corpus.commit_pools(url)
    _drop_pictures(url, only=0)
    outcome = export_dataset(url, str(tmp_path / "d"), Recipe(), format="vidore-v2")
    assert outcome.counts == {"corpus": 4, "queries": 1, "qrels": 1}
    assert "left out: questions whose evidence no candidate holds (5)" in outcome.message


def _drop_pictures(url: str, only: int | None = None) -> None:
    for path in (Path(url) / "pages").glob("*.parquet"):
        pages = from_table(pq.read_table(path), Page)
        rows = [replace(page, image_id=None) if only in (None, page.page_index) else page for page in pages]
        pq.write_table(to_table(rows, Page), path)
