"""The remap stage: a table of questions, pointed anew into documents that were extracted again."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow.parquet as pq

from generators.document_view import DocumentView
from generators.remapping import Lost, Remapped, remap_question
from pipelines.checking import Views
from pipelines.question_files import BadRow, read_questions
from pipelines.storage import Folder, storage_errors
from pipelines.workspace import Workspace, open_workspace
from schemas.arrow import to_table
from schemas.errors import UsageError
from schemas.records import Question


@dataclass(frozen=True, slots=True)
class RemapReport:
    """What came of it: `questions` in the order of the file, `moved` pieces of evidence, and what is lost."""

    questions: tuple[Question, ...]
    moved: int
    lost: tuple[Lost, ...]
    bad_rows: tuple[BadRow, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 when anything is lost."""
        return int(bool(self.lost or self.bad_rows))


def remap_questions(workspace: str, qa: str, out: str, *, origin: str | None = None) -> RemapReport:
    """Find the evidence of the questions in `qa` again, and write those that keep all of it to a new file.

    Args:
        workspace: where the documents are, as extracted now; of a file that changed, what was read last.
        qa: a Parquet file, a folder of them or JSON lines in our schema.
        out: the Parquet file to write; nothing may stand there.
        origin: the workspace that the questions were written in; files that changed since are told by it.

    Raises:
        UsageError: there is no workspace or no such file, or something stands at `out`.
    """
    parent, _, name = out.rpartition("/")
    folder = Folder(parent or ("/" if out.startswith("/") else "."))
    if not name or folder.exists(name):
        raise UsageError(f"{out} exists already; questions are never rewritten in place, give --out another name")
    opened = open_workspace(workspace)
    versions = _versions(opened, open_workspace(origin) if origin else None)
    report = remap_all(read_questions(qa), Views(opened), versions)
    buffer = io.BytesIO()
    pq.write_table(to_table(report.questions, Question), buffer, compression="zstd")
    with storage_errors(out):
        folder.write_bytes(name, buffer.getvalue())
    return report


def _versions(now: Workspace, before: Workspace | None) -> dict[str, str]:
    """Return the new version of each document whose file has changed, since `before` or within the workspace."""
    files = _files(now)
    replaced = replaced_documents(files, {place.doc_id: place.commit_id for place in now.places()})
    current = {doc_id: uri for doc_id, uri in files.items() if doc_id not in replaced}
    return (file_versions(_files(before), current) if before else {}) | replaced


def replaced_documents(files: Mapping[str, str], commits: Mapping[str, str]) -> dict[str, str]:
    """Return, for each document whose file was read again with other bytes, the document that was read last.

    Args:
        files: the URIs of the documents of a workspace, by id; those without one are nobody's version.
        commits: the commits that wrote them, by id; later ones sort behind.
    """
    last: dict[str, str] = {}
    for doc_id in sorted(files, key=lambda doc_id: (commits[doc_id], doc_id)):
        last[files[doc_id]] = doc_id
    return {doc_id: last[uri] for doc_id, uri in files.items() if uri and commits[last[uri]] > commits[doc_id]}


def file_versions(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return, for each document that is gone, the new one of the same file: of its path, else of its name alone.

    Args:
        old: the URIs of the documents before, by id.
        new: those of the documents now. Documents that were there before are no new version of another.
    """
    gone = {doc_id: uri for doc_id, uri in old.items() if doc_id not in new}
    come = {doc_id: uri for doc_id, uri in new.items() if doc_id not in old}
    found = _pairs(gone, come)
    left = {doc_id: uri.rpartition("/")[2] for doc_id, uri in gone.items() if doc_id not in found}
    free = {doc_id: uri.rpartition("/")[2] for doc_id, uri in come.items() if doc_id not in found.values()}
    return found | _pairs(left, free)


def _pairs(gone: Mapping[str, str], come: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs of one name that are alone on either side."""
    before, after = Counter(gone.values()), {name: doc_id for doc_id, name in come.items()}
    once = Counter(come.values())
    return {doc_id: after[name] for doc_id, name in gone.items() if before[name] == 1 and once[name] == 1}


def _files(workspace: Workspace) -> dict[str, str]:
    rows = workspace.read("documents", ["doc_id", "uri"])
    return dict(zip(rows["doc_id"].to_pylist(), rows["uri"].to_pylist(), strict=True))


def remap_all(
    questions: Iterable[Question | BadRow], views: Mapping[str, DocumentView], versions: Mapping[str, str] | None = None
) -> RemapReport:
    """Remap every question; each document is read once, whatever order they come in."""
    bad: list[BadRow] = []
    sound: list[Question] = []
    for item in questions:
        if isinstance(item, BadRow):
            bad.append(item)
        else:
            sound.append(item)
    found: dict[int, Remapped] = {}
    for place in sorted(range(len(sound)), key=lambda place: _document(sound[place])):
        found[place] = remap_question(sound[place], views, versions)
    results = [found[place] for place in range(len(sound))]
    return RemapReport(
        questions=tuple(result.question for result in results if result.question is not None),
        moved=sum(result.moved for result in results),
        lost=tuple(lost for result in results for lost in result.lost),
        bad_rows=tuple(bad),
    )


def _document(question: Question) -> str:
    return str(question.evidence[0].doc_id) if question.evidence else ""
