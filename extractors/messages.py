"""Messages between a process that reads PDFs and its parent: a length, a pickle.

The child has parsed a hostile file, so the parent takes nothing from it but our own records and plain values. Rows go
in slices, pictures page by page, so that neither side holds a whole document twice, or all of its pictures at all.
"""

import pickle
import struct
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from io import BytesIO
from typing import IO, Any, BinaryIO

from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Extraction

HEADER = struct.Struct(">Q")
IMAGES = "images"
_ROWS_A_SLICE = 500
_IMAGES_A_SLICE = 8
_TRUSTED_PREFIX = "schemas."
_TRUSTED_MODULES = frozenset({"extractors.messages"})


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is asked: to call `target` ("module:function") on a file."""

    target: str
    pdf: bytes
    options: ExtractOptions
    uri: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The file could be opened and has so many pages."""

    page_count: int


@dataclass(frozen=True, slots=True)
class Beat:
    """One more page is done."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of an extraction; `part` is the name of its field."""

    part: str
    rows: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a task: all rows have been sent, or our code raised an error."""

    error: ExtractionError | None = None


Report = Opened | Beat | Slice | Outcome


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        # A class that is defined there: not what that module has imported, nor an attribute of it.
        if "." not in name and (module.startswith(_TRUSTED_PREFIX) or module in _TRUSTED_MODULES):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record of ours")


def slices_of(extraction: Extraction) -> Iterator[Slice]:
    """Yield the rows of an extraction in slices, the document's own row last."""
    for field in fields(extraction)[1:]:
        rows = getattr(extraction, field.name)
        size = _IMAGES_A_SLICE if field.name == IMAGES else _ROWS_A_SLICE
        for start in range(0, len(rows), size):
            yield Slice(field.name, rows[start : start + size])
    yield Slice("document", (extraction.document,))


def pack(message: Task | Report) -> bytes:
    """Return a message as bytes for a pipe."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(body)) + body


def send_task(stream: IO[bytes], task: Task) -> None:
    """Write a task to a pipe; its file follows as it is, so that it is held once and not three times."""
    stream.write(pack(replace(task, pdf=b"")))
    stream.write(HEADER.pack(len(task.pdf)))
    stream.write(task.pdf)
    stream.flush()


def unpack_report(body: bytes) -> Report:
    """Return what a child sent, without its length.

    Raises:
        ExtractionError: it holds anything but our records.
    """
    try:
        report = _Unpickler(BytesIO(body)).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError) as error:
        raise ExtractionError(ReasonCode.CRASH, f"the process that read the file sent no report: {error}") from error
    if not isinstance(report, Opened | Beat | Slice | Outcome):
        raise ExtractionError(ReasonCode.CRASH, "the process that read the file sent something else than a report")
    return report


def read_task(stream: BinaryIO) -> Task | None:
    """Return the next task that the parent sent, or None when it has closed the pipe."""
    body = _read_part(stream)
    pdf = _read_part(stream)
    task = pickle.loads(body) if body else None
    return replace(task, pdf=pdf) if isinstance(task, Task) else None


def _read_part(stream: BinaryIO) -> bytes:
    header = stream.read(HEADER.size)
    return stream.read(HEADER.unpack(header)[0]) if len(header) == HEADER.size else b""
