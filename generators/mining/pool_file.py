"""The candidate pool on disk: an Arrow file that every worker maps into memory and reads row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

from generators.pools import PoolItem
from schemas.arrow import arrow_schema, from_plain, to_table
from schemas.kinds import CandidateKind

_BATCH_ROWS = 1024


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """A candidate with what the guards need to know of it.

    Attributes:
        item: the candidate.
        family_id: the family of its document.
        tied: elements that are part of the same thing: the other parts of a table that runs over pages.
        headers: a table's column headers in small letters, joined; empty for anything else.
    """

    item: PoolItem
    family_id: str
    tied: tuple[str, ...] = ()
    headers: str = ""


def write_pool(path: Path, entries: Iterable[PoolEntry]) -> int:
    """Write a pool in the order given, a thousand candidates at a time, and return how many there are."""
    schema = arrow_schema(PoolEntry)
    rest, rows = iter(entries), 0
    with ipc.new_file(str(path), schema) as writer:
        while batch := list(islice(rest, _BATCH_ROWS)):
            writer.write_table(to_table(batch, PoolEntry))
            rows += len(batch)
    return rows


class Pool:
    """Read access to a pool by row, by id and by document."""

    def __init__(self, path: Path) -> None:
        """Map the file; its pages are read when they are asked for, and shared among processes."""
        self._source = pa.memory_map(str(path))
        self._table = ipc.open_file(self._source).read_all()
        self._items = self._table["item"]

    def __enter__(self) -> Self:
        """Return the pool; leaving closes its file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._source.close()

    def __len__(self) -> int:
        """Return the number of candidates."""
        return int(self._table.num_rows)

    def entry(self, row: int) -> PoolEntry:
        """Return a candidate; the row counts from 0 in the order in which the pool was written."""
        return from_plain(self._table.slice(row, 1).to_pylist()[0], PoolEntry)

    def texts(self) -> Iterator[str]:
        """Yield the text of every candidate in order."""
        for batch in self._table.to_batches():
            yield from batch.column("item").field("text").to_pylist()

    @cached_property
    def ids(self) -> list[str]:
        """The candidates' ids by row."""
        return list(self._field("candidate_id"))

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of every candidate id."""
        return {candidate_id: row for row, candidate_id in enumerate(self.ids)}

    @cached_property
    def kinds(self) -> npt.NDArray[np.int8]:
        """The kind of every candidate, as its place in `CandidateKind`."""
        order = {kind.value: number for number, kind in enumerate(CandidateKind)}
        return np.array([order[kind] for kind in self._field("kind")], dtype=np.int8)

    @cached_property
    def by_document(self) -> dict[str, list[int]]:
        """The rows of every document."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, doc_id in enumerate(self._field("doc_id")):
            found[doc_id].append(row)
        return dict(found)

    @cached_property
    def pages(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The first and the last page of every candidate, -1 where there is none."""
        spans = [(min(pages, default=-1), max(pages, default=-1)) for pages in self._field("page_indices")]
        both = np.array(spans, dtype=np.int32).reshape(len(self), 2)
        return both[:, 0], both[:, 1]

    @cached_property
    def sections(self) -> npt.NDArray[np.int32]:
        """The section of every candidate as a number, -1 where there is none; the same path, the same number."""
        numbers: dict[tuple[str, ...], int] = {}
        paths = (tuple(path) for path in self._field("section_path"))
        return np.array([numbers.setdefault(path, len(numbers)) if path else -1 for path in paths], dtype=np.int32)

    @cached_property
    def by_headers(self) -> dict[str, list[int]]:
        """The rows of the tables that bear the same column headers."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, headers in enumerate(self._table["headers"].to_pylist()):
            if headers:
                found[headers].append(row)
        return dict(found)

    def _field(self, name: str) -> Iterator[Any]:
        for chunk in self._items.chunks:
            yield from chunk.field(name).to_pylist()
