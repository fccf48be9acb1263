"""The check stage: run the code checks again over any table of questions, against the documents of a workspace."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generators.checks.catalog import check_question, failed
from generators.checks.reasons import CheckReason
from generators.document_view import DocumentView
from pipelines.question_files import BadRow, read_questions
from pipelines.workspace import Workspace, open_workspace
from schemas.records import Question

_VIEWS_KEPT = 16


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A question that does not stand: the first check that it fails."""

    qa_id: str
    reason_code: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What came out of checking a table."""

    checked: int
    failed: tuple[FailedCheck, ...]

    @property
    def exit_code(self) -> int:
        """1 when a question failed."""
        return int(bool(self.failed))


class Views(Mapping[str, DocumentView]):
    """The documents of a workspace by id, read when they are asked for; the last few are kept."""

    def __init__(self, workspace: Workspace) -> None:
        """Look up where the documents lie; none is read yet."""
        self._workspace = workspace
        self._places = {place.doc_id: place for place in workspace.places()}
        self._kept: OrderedDict[str, DocumentView] = OrderedDict()

    def __getitem__(self, doc_id: str) -> DocumentView:
        """Return a document; KeyError when the workspace does not hold it."""
        if doc_id not in self._kept:
            self._kept[doc_id] = self._workspace.view(self._places[doc_id])
            if len(self._kept) > _VIEWS_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(doc_id)
        return self._kept[doc_id]

    def __contains__(self, doc_id: object) -> bool:
        """Say whether the workspace holds a document."""
        return doc_id in self._places

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of all documents."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many documents there are."""
        return len(self._places)


def check_questions(workspace: str, qa: str | None = None) -> CheckReport:
    """Check the questions of a workspace, or those of another file against its documents.

    Args:
        workspace: where the documents are.
        qa: a Parquet file, a folder of them or JSON lines in our schema; default the workspace's own table.

    Raises:
        UsageError: there is no workspace, or no such file.
    """
    opened = open_workspace(workspace)
    questions: Iterable[Question | BadRow] = opened.records("qa") if qa is None else read_questions(qa)
    return check_all(questions, Views(opened))


def check_all(questions: Iterable[Question | BadRow], views: Mapping[str, DocumentView]) -> CheckReport:
    """Check every question; those about one document follow each other, whatever order they come in."""
    found, checked = [], 0
    for item in sorted(questions, key=_by_document):
        checked += 1
        fault = _fault(item, views)
        if fault is not None:
            found.append(fault)
    return CheckReport(checked, tuple(found))


def _fault(item: Question | BadRow, views: Mapping[str, DocumentView]) -> FailedCheck | None:
    if isinstance(item, BadRow):
        return FailedCheck(item.name, CheckReason.MALFORMED_RECORD.value, item.message)
    result = failed(check_question(item, views))
    if result is None:
        return None
    return FailedCheck(str(item.qa_id), str(result.reason_code), f"{result.name}: {result.message}")


def _by_document(item: Question | BadRow) -> tuple[str, str]:
    if isinstance(item, BadRow):
        return "", item.name
    # A foreign row may hold anything; the checks say so, sorting must not.
    first = item.evidence[0].doc_id if item.evidence else ""
    return str(first), str(item.qa_id)
