"""Rows as lines of text: a worker writes fragments, which are joined into one file when all are there."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from pipelines.formats.shape import Encoding
from pipelines.shards import ShardFile
from pipelines.storage import Folder, storage_errors
from schemas.errors import ExportError

FRAGMENTS = ".fragments"
_PIECE = 1 << 20
# Line ends to some readers, though not to JSON.
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\u2028\u2029\x85"}


class LineWriter:
    """Writes the rows of one split to a fragment.

    Args:
        folder: the dataset's folder.
        config: the config whose rows come.
        split: their split.
        path: the fragment.
        columns: the names of the columns, in order.
        encoding: how a row becomes a line.
    """

    def __init__(
        self, folder: Folder, config: str, split: str, *, path: str, columns: Sequence[str], encoding: Encoding
    ) -> None:
        """Open the fragment."""
        self._config, self._split, self._path = config, split, path
        self._columns, self._encoding = columns, encoding
        self._folder = folder
        self._file: BinaryIO = folder.open_output(path)
        self._rows = 0

    def write(self, row: dict[str, Any]) -> None:
        """Take one row."""
        with storage_errors(self._path):
            self._file.write(encode_line([row.get(name) for name in self._columns], self._columns, self._encoding))
        self._rows += 1

    def close(self) -> list[ShardFile]:
        """Finish the fragment."""
        with storage_errors(self._path):
            self._file.close()
        size = self._folder.size(self._path) or 0
        return [ShardFile(self._config, self._split, self._path, self._rows, size)]


def fragment_path(number: int, path: str) -> str:
    """Return where a unit writes its lines for a file.

    >>> fragment_path(3, "qrels/test.tsv")
    '.fragments/000003/qrels/test.tsv'
    """
    return f"{FRAGMENTS}/{number:06d}/{path}"


def final_path(fragment: str) -> str:
    """Return the file that a fragment is part of."""
    return fragment.split("/", 2)[2]


def encode_line(values: Sequence[Any], columns: Sequence[str], encoding: Encoding) -> bytes:
    r"""Return one line.

    >>> encode_line(["q1", 2], ["query-id", "score"], Encoding.TABBED)
    b'q1\t2\n'
    >>> encode_line(["q1", None], ["_id", "title"], Encoding.JSON_LINES)
    b'{"_id": "q1", "title": null}\n'
    """
    if encoding in (Encoding.JSON, Encoding.JSON_LINES):
        text = json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False)
        return (text.translate(_LINE_ENDS) + "\n").encode()
    cells = [str(value) for value in values]
    if encoding is Encoding.SPACED:
        if any(len(cell.split()) != 1 for cell in cells):
            raise ExportError(f"{' '.join(cells)}: a column holds a blank, which this format cannot")
        return (" ".join(cells) + "\n").encode()
    target = io.StringIO()
    csv.writer(target, delimiter="\t", lineterminator="\n").writerow(cells)
    return target.getvalue().encode()


def join_fragments(folder: Folder, files: Sequence[ShardFile], names: Sequence[str], encoding: Encoding) -> ShardFile:
    """Write the fragments of one file to it, in the order given."""
    path = final_path(files[0].path)
    with folder.open_output(path) as target, storage_errors(path):
        if encoding is Encoding.TABBED:
            target.write(encode_line(names, names, encoding))
        pieces = _list(folder, files) if encoding is Encoding.JSON else _pieces(folder, files)
        target.writelines(pieces)
    rows, size = sum(file.rows for file in files), folder.size(path) or 0
    return ShardFile(files[0].config, files[0].split, path, rows, size)


def _pieces(folder: Folder, files: Sequence[ShardFile]) -> Iterator[bytes]:
    for file in files:
        with folder.filesystem.open(folder.path(file.path), "rb") as source:
            while piece := source.read(_PIECE):
                yield piece


def _list(folder: Folder, files: Sequence[ShardFile]) -> Iterator[bytes]:
    before = b"[\n"
    for file in files:
        with folder.filesystem.open(folder.path(file.path), "rb") as source:
            for line in source:
                yield before + line.rstrip(b"\n")
                before = b",\n"
    yield b"\n]\n" if before.startswith(b",") else b"[]\n"
