"""Parquet shards of a dataset: row groups that a viewer can page through, files below a size."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.storage import Folder, storage_errors

_GROUP_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A finished shard; `path` is relative to the dataset's folder."""

    config: str
    split: str
    path: str
    rows: int
    byte_size: int


@dataclass(frozen=True, slots=True)
class ShardLimits:
    """Rows a row group, and bytes a file (kept unless a single row group is larger)."""

    rows: int
    file_bytes: int

    @property
    def group_bytes(self) -> int:
        """Bytes a row group, so that a few of them fit into memory and at least two into a file."""
        return min(_GROUP_BYTES, self.file_bytes // 2)


class ShardWriter:
    """Writes the rows of one split to numbered files, and starts the next file before one grows too large.

    Args:
        folder: the dataset's folder.
        config: the config whose rows come, also the name of the folder they go to.
        stem: what the file names begin with; the split comes first, then a dash.
        schema: the rows' schema.
        limits: sizes.
    """

    def __init__(self, folder: Folder, config: str, *, stem: str, schema: pa.Schema, limits: ShardLimits) -> None:
        """Open nothing yet."""
        self._folder, self._config, self._stem = folder, config, stem
        self._schema, self._limits = schema, limits
        self._rows: list[dict[str, Any]] = []
        self._pending = 0
        self._file_rows = self._file_bytes = 0
        self._writer: pq.ParquetWriter | None = None
        self._sink: Any = None
        self.files: list[ShardFile] = []

    def write(self, row: dict[str, Any]) -> None:
        """Take one row."""
        weight = weigh(row)
        if self._rows and self._pending + weight > self._limits.group_bytes:
            self._flush()
        self._rows.append(row)
        self._pending += weight
        if len(self._rows) >= self._limits.rows:
            self._flush()

    def close(self) -> list[ShardFile]:
        """Finish the last file and return all of them; a split without rows gives one empty file."""
        if self._rows or not self.files:
            self._flush()
        self._finish()
        return self.files

    def _flush(self) -> None:
        table = pa.Table.from_pylist(self._rows, schema=self._schema)
        if self._writer and self._file_bytes + table.nbytes > self._limits.file_bytes:
            self._finish()
        with storage_errors(self._path()):
            writer = self._open()
            if self._rows:
                # A row group of no rows, as an empty table would give, is more than some readers can take.
                writer.write_table(table)
        self._file_rows += table.num_rows
        self._file_bytes += table.nbytes
        self._rows, self._pending = [], 0

    def _open(self) -> pq.ParquetWriter:
        if self._writer is None:
            self._sink = self._folder.open_output(self._path())
            self._writer = pq.ParquetWriter(self._sink, self._schema, compression="zstd", write_page_index=True)
        return self._writer

    def _finish(self) -> None:
        if self._writer is None:
            return
        path = self._path()
        with storage_errors(path):
            self._writer.close()
            self._sink.close()
        size = self._folder.size(path) or 0
        self.files.append(ShardFile(self._config, self._stem.partition("-")[0], path, self._file_rows, size))
        self._writer, self._file_rows, self._file_bytes = None, 0, 0

    def _path(self) -> str:
        return f"{self._config}/{self._stem}-{len(self.files):05d}.parquet"


def weigh(value: object) -> int:
    """Return about how many bytes a row takes."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(map(weigh, value.values()))
    return sum(map(weigh, value)) if isinstance(value, list | tuple) else 8


def numbered(files: list[ShardFile]) -> Iterator[tuple[ShardFile, str]]:
    """Yield each file with its final name, `config/split-00000-of-00003.parquet`, in order."""
    for config, split in dict.fromkeys((file.config, file.split) for file in files):
        group = [file for file in files if (file.config, file.split) == (config, split)]
        for number, file in enumerate(group):
            yield file, f"{config}/{split}-{number:05d}-of-{len(group):05d}.parquet"


def checksum(folder: Folder, path: str) -> str:
    """Return the sha256 of a file, read a piece at a time."""
    with storage_errors(path), folder.filesystem.open(folder.path(path), "rb") as file:
        hasher = hashlib.sha256()
        while piece := file.read(1 << 20):
            hasher.update(piece)
    return hasher.hexdigest()
