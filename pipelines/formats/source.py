"""What a dataset is made from, read document by document, so that no more than one of them is held at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from generators.pools import PoolItem, candidates
from pipelines.checking import Views
from pipelines.workspace import Workspace, commit_of, of_document
from schemas.arrow import from_table
from schemas.identity import document_of
from schemas.kinds import CandidateKind
from schemas.records import Document, Question
from schemas.triplets import Triplet

Row = dict[str, Any]

_GROUPS_HELD = 4
_DOCUMENTS_HELD = 16
_EVERY_KIND = tuple(CandidateKind)


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture as the datasets library stores it."""

    name: str
    data: bytes

    def row(self) -> Row:
        """Return the value of an image column."""
        return {"bytes": self.data, "path": self.name}


@dataclass(frozen=True, slots=True)
class _PicturePlace:
    """Where a picture lies: the row group of a part; `kind` is what its file's name ends with."""

    part: str
    group: int
    kind: str


class DatasetSource:
    """The committed rows of a workspace, by document, and its pictures by id.

    Args:
        workspace: where the rows are.
        splits: the questions and triplets of these splits alone; none means all.
    """

    def __init__(self, workspace: Workspace, splits: Sequence[str] = ()) -> None:
        """Find where every document lies."""
        self._workspace = workspace
        self._splits = frozenset(splits)
        self.places = {place.doc_id: place for place in workspace.places()}
        self.views = Views(workspace)
        # Bound here, not by decorators, so that the caches go with this object.
        self.document = lru_cache(_DOCUMENTS_HELD)(self._document)
        self.page_facts = lru_cache(_DOCUMENTS_HELD)(self._page_facts)
        self.pool = lru_cache(_DOCUMENTS_HELD)(self._pool)
        self.questions = lru_cache(_DOCUMENTS_HELD)(self._questions)
        self.triplets = lru_cache(_DOCUMENTS_HELD)(self._triplets)
        self.ordered = lru_cache(1)(self._ordered)
        self._crops = lru_cache(_DOCUMENTS_HELD)(self._crop_ids)
        self._index = lru_cache(2)(self._picture_index)
        self._group = lru_cache(_GROUPS_HELD)(self._picture_group)

    def rows(
        self, table: str, doc_id: str, columns: Sequence[str], *, filter: pc.Expression | None = None
    ) -> list[Row]:
        """Return some columns of a document's rows."""
        place = self.places[doc_id]
        wanted = of_document(table, doc_id)
        parts = [path for path in place.parts if path.startswith(f"{table}/")]
        rows = self._workspace.dataset(table, parts).to_table(
            columns=list(columns), filter=wanted if filter is None else wanted & filter
        )
        return rows.to_pylist()

    def item(self, candidate_id: str) -> PoolItem | None:
        """Return a candidate of any document, or None where it is gone."""
        doc_id = document_of(candidate_id)
        return self.pool(doc_id).get(candidate_id) if doc_id in self.places else None

    def counts(self, table: str, column: str, filter: pc.Expression | None = None) -> Counter[str]:
        """Count the rows of a table by the document that an id in `column` belongs to."""
        found: Counter[str] = Counter()
        for rows in self._workspace.stream(table, [column], filter=filter):
            found.update(map(document_of, rows[column].to_pylist()))
        return found

    def domains(self) -> list[str]:
        """Return the domains of the documents, sorted."""
        return sorted({document.domain for doc_id in self.places if (document := self.document(doc_id)).domain})

    def picture(self, doc_id: str, image_id: str | None) -> Picture | None:
        """Return a picture of a document, or None where there is none."""
        found = self._place(doc_id, image_id)
        if found is None or image_id is None:
            return None
        return Picture(f"{image_id}.{found.kind}", self._group(found.part, found.group)[image_id])

    def picture_kind(self, doc_id: str, image_id: str | None) -> str | None:
        """Return what a picture's file name ends with, without reading the picture; None where there is none."""
        found = self._place(doc_id, image_id)
        return found.kind if found else None

    def crop(self, element_id: str) -> str | None:
        """Return the image id of a table's or figure's crop."""
        doc_id = document_of(element_id)
        return self._crops(doc_id).get(element_id) if doc_id in self.places else None

    def _leaves(self, split: str | None) -> bool:
        return not self._splits or split in self._splits

    def _questions(self, doc_id: str) -> tuple[Question, ...]:
        """Return a document's questions in the order of their pages, so that pictures are read once."""
        qa_id = pc.field("qa_id")
        table = self._workspace.read("qa", filter=(qa_id >= f"{doc_id}/") & (qa_id < f"{doc_id}0"))
        asked: list[Question] = from_table(table, Question)
        return tuple(sorted((question for question in asked if self._leaves(question.split)), key=_by_page))

    def _triplets(self, doc_id: str) -> dict[str, Triplet]:
        """Return a document's triplets by the id of their question."""
        triplet_id = pc.field("triplet_id")
        table = self._workspace.read("triplets", filter=(triplet_id >= f"{doc_id}/") & (triplet_id < f"{doc_id}0"))
        mined: list[Triplet] = from_table(table, Triplet)
        return {triplet.qa_id: triplet for triplet in mined if self._leaves(triplet.split)}

    def _ordered(self) -> tuple[str, ...]:
        """Return the ids of all documents in the order of their file names, however the work was cut."""
        rows = self._workspace.read("documents", ["doc_id", "uri"]).to_pylist()
        return tuple(row["doc_id"] for row in sorted(rows, key=_by_name))

    def _pool(self, doc_id: str) -> dict[str, PoolItem]:
        return {item.candidate_id: item for item in candidates(self.views[doc_id], _EVERY_KIND)}

    def _document(self, doc_id: str) -> Document:
        place = self.places[doc_id]
        parts = [path for path in place.parts if path.startswith("documents/")]
        table = self._workspace.dataset("documents", parts).to_table(filter=of_document("documents", doc_id))
        return from_table(table, Document)[0]

    def _page_facts(self, doc_id: str) -> dict[int, Row]:
        if doc_id not in self.places:
            return {}
        rows = self.rows("pages", doc_id, ["page_index", "width", "height", "image_id"])
        return {row["page_index"]: row for row in rows}

    def _crop_ids(self, doc_id: str) -> dict[str, str]:
        rows = self.rows("elements", doc_id, ["element_id", "image_id"], filter=pc.field("image_id").is_valid())
        return {row["element_id"]: row["image_id"] for row in rows}

    def _place(self, doc_id: str, image_id: str | None) -> _PicturePlace | None:
        place = self.places.get(doc_id)
        return self._index(place.commit_id).get(image_id) if place and image_id else None

    def _picture_index(self, commit_id: str) -> dict[str, _PicturePlace]:
        found: dict[str, _PicturePlace] = {}
        for part in self._workspace.parts("images"):
            if commit_of(part) == commit_id:
                with self._open(part) as file:
                    for group in range(file.num_row_groups):
                        for row in file.read_row_group(group, columns=["image_id", "format"]).to_pylist():
                            found[row["image_id"]] = _PicturePlace(part, group, row["format"].lower())
        return found

    def _picture_group(self, part: str, group: int) -> dict[str, bytes]:
        with self._open(part) as file:
            rows = file.read_row_group(group, columns=["image_id", "bytes"]).to_pylist()
        return {row["image_id"]: row["bytes"] for row in rows}

    def _open(self, part: str) -> pq.ParquetFile:
        folder = self._workspace.folder
        return pq.ParquetFile(folder.path(part), filesystem=folder.arrow())


def file_name(document: Document) -> str:
    """Return the name of a document's file, without the folders above it, which nobody else needs to know."""
    return _name(document.uri) or document.doc_id


def _name(uri: str) -> str:
    return PurePosixPath(uri.replace("\\", "/")).name


def _by_name(row: Row) -> tuple[str, str]:
    return _name(row["uri"]) or row["doc_id"], row["doc_id"]


def _by_page(question: Question) -> tuple[int, str]:
    return min((part.page_index for part in question.evidence), default=0), question.qa_id
