import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pymupdf
import pytest

from pipelines.cli import run
from pipelines.remapping import file_versions, replaced_documents
from pipelines.workspace import open_workspace
from schemas.arrow import from_table, to_table
from schemas.kinds import EvidenceRole, Modality
from schemas.records import CellQuote, Evidence, Question

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


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ({"a": "in/x.pdf"}, {"b": "in/x.pdf"}, {"a": "b"}),
        ({"a": "in/x.pdf"}, {"b": "other/x.pdf"}, {"a": "b"}),
        ({"a": "in/x.pdf"}, {"a": "in/x.pdf", "b": "other/x.pdf"}, {}),
        ({"a": "in/x.pdf", "c": "in/y.pdf"}, {"c": "in/y.pdf", "b": "in/z.pdf"}, {}),
        ({"a": "1/x.pdf", "c": "2/x.pdf"}, {"b": "3/x.pdf"}, {}),
        ({"a": "1/x.pdf", "c": "2/x.pdf"}, {"b": "1/x.pdf", "d": "3/x.pdf"}, {"a": "b", "c": "d"}),
        ({"a": "1/x.pdf"}, {"b": "2/x.pdf", "d": "3/x.pdf"}, {}),
    ],
    ids=["path", "name", "not gone", "another name", "two are gone", "path before name", "two have come"],
)
def test_a_new_version_is_known_by_the_path_or_the_name_of_its_file(
    old: dict[str, str], new: dict[str, str], pairs: dict[str, str]
) -> None:
    assert file_versions(old, new) == pairs


def _report(folder: Path, *, cover: bool) -> str:
    """Write a report of one page, with a cover before it or not, and extract it to the folder's workspace."""
    folder.mkdir(exist_ok=True)
    with pymupdf.open() as report:
        if cover:
            for _ in range(2):
                report.new_page().insert_text((72, 72), "The second edition, with a page about its authors.")
        report.new_page().insert_text((72, 90), "The rate of growth was 12.5 percent in 2001, as few had foreseen.")
        report.save(folder / "report.pdf")
    assert run(["extract", str(folder), str(folder / "workspace"), "--profile", "fast"]) == 0
    return str(folder / "workspace")


QUOTE = "growth was 12.5 percent in 2001"


def _asked(workspace: Path, report: str) -> Question:
    """Return a question of `workspace`, its evidence a quote in the workspace of a report."""
    said = next(element for element in open_workspace(report).records("elements") if "growth" in element.text)
    start = said.text.index(QUOTE)
    unit = Evidence(
        said.element_id, said.doc_id, 0, "1", said.bbox, Modality.TEXT, EvidenceRole.ANSWER, quote=QUOTE,
        quote_start=start, quote_end=start + len(QUOTE),
    )  # fmt: skip
    question: Question = open_workspace(str(workspace)).records("qa")[0]
    return replace(question, evidence=(unit,), program=None)


def test_a_file_that_changed_in_place_is_followed_within_its_workspace(workspace: Path, tmp_path: Path) -> None:
    asked = _asked(workspace, _report(tmp_path / "in", cover=False))
    report = _report(tmp_path / "in", cover=True)
    qa, out = _write(tmp_path / "qa.parquet", [asked]), tmp_path / "new.parquet"
    assert open_workspace(report).count("documents") == 2
    assert run(["remap", report, "--qa", str(qa), "--out", str(out)]) == 0
    (found,) = from_table(pq.read_table(out), Question)
    assert found.evidence[0].doc_id != asked.evidence[0].doc_id
    assert (found.evidence[0].page_index, found.evidence[0].quote) == (2, QUOTE)


def test_the_document_read_last_of_a_path_replaces_the_others() -> None:
    files = {"a": "in/x.pdf", "b": "in/x.pdf", "c": "in/x.pdf", "d": "in/y.pdf", "e": "", "f": ""}
    commits = {"c": "000001", "a": "000002", "b": "000003", "d": "000003", "e": "000001", "f": "000002"}
    assert replaced_documents(files, commits) == {"a": "b", "c": "b"}


def test_a_file_that_changed_is_followed_when_the_workspace_before_it_is_named(workspace: Path, tmp_path: Path) -> None:
    old, new = _report(tmp_path / "old", cover=False), _report(tmp_path / "new", cover=True)
    qa, out = _write(tmp_path / "qa.parquet", [_asked(workspace, old)]), tmp_path / "new.parquet"
    assert run(["remap", new, "--qa", str(qa), "--out", str(tmp_path / "lost.parquet")]) == 1
    assert run(["remap", new, "--qa", str(qa), "--out", str(out), "--from", old]) == 0
    (found,) = from_table(pq.read_table(out), Question)
    (document,) = open_workspace(new).records("documents")
    assert (found.evidence[0].doc_id, found.evidence[0].page_index) == (document.doc_id, 2)
    assert found.evidence[0].quote == QUOTE
