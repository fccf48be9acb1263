"""Integers for ids: each has one, none has two, and another process finds the same."""

import importlib.util
from pathlib import Path

from pipelines.formats.asked import folder_of
from pipelines.formats.numbering import Numbering, numbering
from pipelines.formats.source import DatasetSource
from pipelines.workspace import open_workspace
from schemas.kinds import CandidateKind

_PATH = Path(__file__).with_name("pool_corpus.py")
_SPEC = importlib.util.spec_from_file_location("pool_corpus", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pool_corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pool_corpus)


def numbers(url: str) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    source = DatasetSource(open_workspace(url))
    held = Numbering(source)
    items = [item for doc_id in source.ordered() for item in source.pool(doc_id).values()]
    pages = {one.candidate_id: held.candidate(one.candidate_id) for one in items if one.kind is CandidateKind.PAGE}
    others = {one.candidate_id: held.candidate(one.candidate_id) for one in items if one.kind is not CandidateKind.PAGE}
    asked = {one.qa_id: held.question(one.qa_id) for doc_id in source.ordered() for one in source.questions(doc_id)}
    return pages, others, asked


def test_every_id_has_a_number_of_its_own_from_zero(tmp_path: Path) -> None:
    pool_corpus.commit_pools(str(tmp_path / "w"))
    for found in numbers(str(tmp_path / "w")):
        assert sorted(found.values()) == list(range(len(found)))
        assert found == dict(sorted(found.items(), key=lambda pair: pair[1]))
    assert numbers(str(tmp_path / "w")) == numbers(str(tmp_path / "w"))


def test_numbers_are_counted_once_for_a_corpus(tmp_path: Path) -> None:
    pool_corpus.commit_pools(str(tmp_path / "w"))
    source = DatasetSource(open_workspace(str(tmp_path / "w")))
    assert numbering(source) is numbering(source)


def test_documents_of_one_name_go_to_folders_of_their_own(tmp_path: Path) -> None:
    pool_corpus.commit_pools(str(tmp_path / "w"))
    source = DatasetSource(open_workspace(str(tmp_path / "w")))
    folders = [folder_of(source, doc_id) for doc_id in source.ordered()]
    assert folders == [f"a-report-{pool_corpus.FIRST}", f"b-report-{pool_corpus.SECOND}"]
