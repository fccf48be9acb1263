"""The workspace: the tables, the manifests and the response store in one folder.

Readers see committed rows only. Part names begin with the commit that wrote them, as in
`elements/000003-extract-002.parquet`, so a document's rows lie in parts of one commit; tables that a stage writes whole
are replaced in place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from generators.document_view import DocumentView
from pipelines.commits import MANIFESTS, Draft, Manifest, is_unsettled, recover
from pipelines.locks import locked
from pipelines.storage import Folder, storage_errors
from schemas.arrow import arrow_schema, from_table
from schemas.errors import UsageError, WorkspaceError
from schemas.kinds import Stage
from schemas.records import Document, Element, Image, Link, Page, Passage
from schemas.tables import SCHEMA_VERSION, TABLES

T = TypeVar("T")

RESPONSES = "responses"
_VIEW_TABLES = ("pages", "elements", "links", "passages")
_STREAM_ROWS = 256


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where a document's rows lie: in the parts of `commit_id`, whose names are in `parts`."""

    doc_id: str
    commit_id: str
    parts: tuple[str, ...] = field(repr=False)


class Workspace:
    """Read access to a workspace; `writing` gives one that may also commit."""

    def __init__(self, folder: Folder) -> None:
        """Take a folder whose unfinished commits are settled; use `open_workspace` or `writing`."""
        self.folder = folder

    @property
    def url(self) -> str:
        """The path or URL it was opened by."""
        return self.folder.url

    def parts(self, table: str) -> list[str]:
        """Return the paths of a table's parts, relative to the workspace, in the order of their commits."""
        return [f"{table}/{name}" for name in self.folder.names(table) if name.endswith(".parquet")]

    def dataset(self, table: str, parts: Sequence[str] | None = None) -> ds.Dataset:
        """Return a table, or some of its parts, as an Arrow dataset."""
        schema = arrow_schema(_record(table))
        found = self.parts(table) if parts is None else parts
        with storage_errors(self.folder.path(table)):
            paths = [self.folder.path(path) for path in found]
            return ds.dataset(paths, schema=_readable(schema), filesystem=self.folder.arrow(), format="parquet")

    def read(self, table: str, columns: Sequence[str] | None = None, filter: pc.Expression | None = None) -> pa.Table:
        """Return the committed rows of a table, or those columns and rows that are asked for."""
        return self.read_parts(table, None, columns, filter)

    def records(self, table: str, filter: pc.Expression | None = None) -> list[Any]:
        """Return committed rows as records."""
        return from_table(self.read(table, filter=filter), _record(table))

    def stream(
        self, table: str, columns: Sequence[str] | None = None, *, filter: pc.Expression | None = None
    ) -> Iterator[pa.Table]:
        """Yield committed rows a few hundred at a time, as tables."""
        scanner = self.dataset(table).scanner(
            columns=None if columns is None else list(columns),
            filter=filter,
            batch_size=_STREAM_ROWS,
            batch_readahead=2,
            fragment_readahead=1,
            use_threads=self.folder.is_local,
        )
        with storage_errors(self.folder.path(table)):
            for batch in scanner.to_batches():
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])

    def count(self, table: str) -> int:
        """Return the number of committed rows."""
        with storage_errors(self.folder.path(table)):
            return int(self.dataset(table).count_rows(use_threads=self.folder.is_local))

    def places(self) -> list[DocumentPlace]:
        """Return where every document lies, ordered by id."""
        parts = self._parts_by_commit()
        found = []
        for path in self.parts("documents"):
            commit = commit_of(path)
            ids = self.read_parts("documents", [path], ["doc_id"])["doc_id"].to_pylist()
            found += [DocumentPlace(doc_id, commit, parts[commit]) for doc_id in ids]
        return sorted(found, key=_by_id)

    def view(self, place: DocumentPlace) -> DocumentView:
        """Return one document with its pages, elements, links and passages."""
        return next(self.views([place]))

    def views(self, places: Iterable[DocumentPlace] | None = None) -> Iterator[DocumentView]:
        """Yield documents one by one, reading no more than one at a time; all of them by default, ordered by id."""
        for place in self.places() if places is None else places:
            yield self._view(place)

    def manifests(self) -> list[Manifest]:
        """Return the manifests of all commits, oldest first."""
        names = [name for name in self.folder.names(MANIFESTS) if name.endswith(".json")]
        found = [Manifest.model_validate_json(self.folder.read_bytes(f"{MANIFESTS}/{name}")) for name in names]
        return sorted(found, key=_by_sequence)

    def check_version(self) -> None:
        """Refuse a workspace of a later schema.

        Raises:
            WorkspaceError: it was written by a later version.
        """
        newest = max((manifest.schema_version for manifest in self.manifests()), default=SCHEMA_VERSION)
        if newest > SCHEMA_VERSION:
            raise WorkspaceError(
                f"{self.url}: written with schema version {newest}, this corpusmill knows {SCHEMA_VERSION}; upgrade it"
            )

    def images(self, place: DocumentPlace, image_ids: Iterable[str]) -> dict[str, Image]:
        """Return pictures of a document by id."""
        parts = [path for path in place.parts if path.startswith("images/")]
        wanted = pc.field("image_id").isin(pa.array(sorted(set(image_ids)), pa.string()))
        rows: list[Image] = from_table(self.read_parts("images", parts, filter=wanted), Image)
        return {image.image_id: image for image in rows}

    def _parts_by_commit(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for table in ("documents", *_VIEW_TABLES, "images"):
            for path in self.parts(table):
                found[commit_of(path)].append(path)
        return {commit: tuple(paths) for commit, paths in found.items()}

    def _view(self, place: DocumentPlace) -> DocumentView:
        documents: list[Document] = self._of_document(place, "documents")
        pages: list[Page] = self._of_document(place, "pages")
        elements: list[Element] = self._of_document(place, "elements")
        links: list[Link] = self._of_document(place, "links")
        passages: list[Passage] = self._of_document(place, "passages")
        if not documents:
            raise WorkspaceError(f"{self.url}: document {place.doc_id} is gone from commit {place.commit_id}")
        return DocumentView(documents[0], pages, elements, links, passages=passages)

    def _of_document(self, place: DocumentPlace, table: str) -> list[Any]:
        parts = [path for path in place.parts if path.startswith(f"{table}/")]
        return from_table(self.read_parts(table, parts, None, of_document(table, place.doc_id)), _record(table))

    def read_parts(
        self,
        table: str,
        parts: Sequence[str] | None,
        columns: Sequence[str] | None = None,
        filter: pc.Expression | None = None,
    ) -> pa.Table:
        """Return the rows of some parts of a table, staged ones too; None means all that are committed."""
        # Arrow's threads must not hold Python file systems: the interpreter then aborts at its end.
        with storage_errors(self.folder.path(table)):
            return self.dataset(table, parts).to_table(
                columns=None if columns is None else list(columns), filter=filter, use_threads=self.folder.is_local
            )


class WritableWorkspace(Workspace):
    """A workspace whose lock we hold."""

    def begin(self, stage: Stage) -> Draft:
        """Start preparing a commit."""
        names = (name.partition("-")[0] for name in self.folder.names(MANIFESTS))
        sequence = max((int(number) for number in names if number.isdigit()), default=0) + 1
        return Draft(self.folder, f"{sequence:06d}-{stage.value}")

    def drop_documents(self, draft: Draft, doc_ids: Iterable[str]) -> None:
        """Supersede all that earlier extractions wrote about documents, in the commit being prepared."""
        wanted = set(doc_ids)
        commits = {place.commit_id for place in self.places() if place.doc_id in wanted}
        for commit in sorted(commits):
            for table in (*_VIEW_TABLES, "documents"):
                for path in self._of_commit(table, commit):
                    rows = self.read_parts(table, [path])
                    draft.replace(table, path, rows.filter(_keeps(table, rows, wanted)))
            self._drop_images(draft, commit, wanted)

    def drop_told(self, draft: Draft, stage: Stage, subjects: Iterable[str]) -> None:
        """Supersede the errors and rejects of a stage about documents or files."""
        wanted = pa.array(sorted(set(subjects)), pa.string())
        for path in (*self.parts("errors"), *self.parts("rejects")):
            table = path.partition("/")[0]
            rows = self.read_parts(table, [path])
            # What is told of a page or an element is the document's too: its subject begins with the document's id.
            document = pc.list_element(pc.split_pattern(rows["subject"], "/", max_splits=1), 0)
            about = pc.or_(
                pc.is_in(rows["subject"], wanted), pc.or_(pc.is_in(document, wanted), pc.is_in(rows["uri"], wanted))
            )
            gone = pc.and_(pc.equal(rows["stage"], stage.value), about)
            if pc.any(gone).as_py():
                draft.replace(table, path, rows.filter(pc.invert(gone)))

    def _of_commit(self, table: str, commit: str) -> list[str]:
        return [path for path in self.parts(table) if commit_of(path) == commit]

    def _drop_images(self, draft: Draft, commit: str, gone: set[str]) -> None:
        kept: set[str] = set()
        for table in ("pages", "elements"):
            for path in self._of_commit(table, commit):
                rows = self.read_parts(table, [path], ["doc_id", "image_id"])
                kept.update(rows.filter(_keeps(table, rows, gone))["image_id"].to_pylist())
        wanted = pc.field("image_id").isin(pa.array(sorted(kept - {None}), pa.string()))
        for path in self._of_commit("images", commit):
            draft.replace("images", path, self.read_parts("images", [path], filter=wanted))


def open_workspace(url: str) -> Workspace:
    """Open a workspace for reading; a commit that was cut short is settled first, unless its writer is alive.

    Raises:
        UsageError: there is no workspace at `url`.
    """
    folder = Folder(url)
    if not folder.exists(MANIFESTS):
        raise UsageError(
            f"{url}: no workspace here (it has no {MANIFESTS}/); make one with: corpusmill build PDFS {url}"
        )
    if is_unsettled(folder):
        _settle_quietly(folder)
    workspace = Workspace(folder)
    workspace.check_version()
    return workspace


@contextmanager
def writing(url: str | Folder) -> Iterator[WritableWorkspace]:
    """Open a workspace for writing, making it where there is none: take its lock, settle what was cut short.

    Raises:
        WorkspaceError: another run holds it, or the folder cannot be written.
    """
    folder = Folder(url) if isinstance(url, str) else url
    folder.make()
    with locked(folder):
        folder.make(MANIFESTS)
        recover(folder)
        workspace = WritableWorkspace(folder)
        workspace.check_version()
        yield workspace


def commit_of(path: str) -> str:
    """Return the commit that wrote a part.

    >>> commit_of("elements/000003-extract-002.parquet")
    '000003-extract'
    """
    return path.rpartition("/")[2].removesuffix(".parquet").rpartition("-")[0]


def of_document(table: str, doc_id: str) -> pc.Expression:
    """Return the filter for a document's rows; it can skip row groups by their statistics."""
    if table != "links":
        return pc.field("doc_id") == doc_id
    return (pc.field("source_id") >= f"{doc_id}/") & (pc.field("source_id") < f"{doc_id}0")


def _settle_quietly(folder: Folder) -> None:
    try:
        with locked(folder):
            recover(folder)
    except WorkspaceError:
        if not folder.exists(".lock"):
            raise


def _keeps(table: str, rows: pa.Table, gone: set[str]) -> pa.ChunkedArray:
    ids = pa.array(sorted(gone), pa.string())
    if table != "links":
        return pc.invert(pc.is_in(rows["doc_id"], ids))
    return pc.invert(pc.is_in(pc.list_element(pc.split_pattern(rows["source_id"], "/", max_splits=1), 0), ids))


def _readable(schema: pa.Schema) -> pa.Schema:
    # A part of an older schema lacks the columns added since; they read as null.
    return pa.schema([column.with_nullable(True) for column in schema])


def _record(table: str) -> type:
    try:
        return TABLES[table]
    except KeyError:
        raise UsageError(f"{table}: no such table; there are {', '.join(TABLES)}") from None


def _by_id(place: DocumentPlace) -> str:
    return place.doc_id


def _by_sequence(manifest: Manifest) -> int:
    return manifest.sequence
