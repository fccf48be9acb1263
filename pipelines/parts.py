"""Parquet parts: written aside, hashed on the way, in row groups that fit the way they are read.

A row group of a light table ends with a document where it can, so that reading one document touches one or two of them.
A row group with pictures is small, so that neither a writer nor a viewer holds many of them.
"""

import hashlib
import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.storage import Folder, flush_to_disk, storage_errors
from schemas.arrow import arrow_schema, to_table
from schemas.records import Image
from schemas.tables import TABLES

_ROWS = 2000
_PICTURE_ROWS = 100
_PICTURE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A finished Parquet file of one table; `path` is relative to the workspace, in its staging folder."""

    table: str
    path: str
    rows: int
    byte_size: int
    sha256: str


class PartWriter:
    """Writes one part, a row group at a time.

    Args:
        folder: the workspace's folder.
        staging: the commit's staging folder inside it.
        table: which table the rows belong to.
    """

    def __init__(self, folder: Folder, staging: str, table: str) -> None:
        """Open the file."""
        self._table = table
        self._path = f"{staging}/{table}-{uuid.uuid4().hex}.parquet"
        self._name = folder.path(self._path)
        self._sink = _HashingFile(folder.open_output(self._path))
        self._rows: list[object] = []
        self._pending_bytes = 0
        self._written = 0
        with storage_errors(self._name):
            self._writer = pq.ParquetWriter(self._sink, arrow_schema(TABLES[table]), compression=_compression(table))

    def write(self, rows: Iterable[object]) -> None:
        """Take rows, best those of one whole document."""
        for row in rows:
            self._rows.append(row)
            if isinstance(row, Image):
                self._pending_bytes += len(row.bytes)
                if len(self._rows) >= _PICTURE_ROWS or self._pending_bytes >= _PICTURE_BYTES:
                    self._flush()
        if len(self._rows) >= _ROWS:
            self._flush()

    def write_table(self, table: pa.Table) -> None:
        """Take rows that are Arrow already, as they stand in another part."""
        self._flush()
        with storage_errors(self._name):
            rows = table.cast(arrow_schema(TABLES[self._table]))
            self._writer.write_table(rows, row_group_size=_PICTURE_ROWS if self._table == "images" else _ROWS)
        self._written += table.num_rows

    def close(self) -> Part:
        """Finish the file and say what it is."""
        self._flush()
        with storage_errors(self._name):
            self._writer.close()
            self._sink.close()
        return Part(self._table, self._path, self._written, self._sink.byte_size, self._sink.sha256)

    def _flush(self) -> None:
        if not self._rows:
            return
        with storage_errors(self._name):
            self._writer.write_table(to_table(self._rows, TABLES[self._table]))
        self._written += len(self._rows)
        self._rows, self._pending_bytes = [], 0


def write_part(folder: Folder, staging: str, table: str, rows: Sequence[object] | pa.Table) -> Part:
    """Write one part with all of `rows`."""
    writer = PartWriter(folder, staging, table)
    if isinstance(rows, pa.Table):
        writer.write_table(rows)
    else:
        writer.write(rows)
    return writer.close()


class _HashingFile(io.RawIOBase):
    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._hasher = hashlib.sha256()
        self.byte_size = 0

    @property
    def sha256(self) -> str:
        return self._hasher.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.byte_size

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._target.write(view)
        self._hasher.update(view)
        self.byte_size += view.nbytes
        return view.nbytes

    def close(self) -> None:
        if not self.closed:
            flush_to_disk(self._target)
            self._target.close()
        super().close()


def _compression(table: str) -> dict[str, str] | str:
    if table != "images":
        return "zstd"
    return {"image_id": "zstd", "bytes": "none", "format": "zstd", "width": "zstd", "height": "zstd"}
