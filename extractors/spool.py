"""A document's rows on disk, as its reading process sends them, so that nobody holds a long document in memory."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from types import TracebackType
from typing import Self

from extractors.messages import HEADER, Slice, unpack_report
from schemas.errors import ExtractionError, ReasonCode, WorkspaceError
from schemas.records import Extraction

_DOCUMENT = "document"
_PARTS = frozenset(field.name for field in fields(Extraction))


class Spool:
    """A temporary file of slices (in TMPDIR), which is gone when it is closed."""

    def __init__(self) -> None:
        with _disk_errors():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool

    def add(self, body: bytes) -> None:
        """Append a packed slice, without its length.

        Raises:
            WorkspaceError: the disk is full, or fails.
        """
        with _disk_errors():
            self._file.write(HEADER.pack(len(body)))
            self._file.write(body)

    def close(self) -> None:
        """Give the disk back."""
        with suppress(OSError):  # a full disk may hold back the last bytes; they are not wanted any more
            self._file.close()

    def __iter__(self) -> Iterator[Slice]:
        """Yield the slices in the order in which they came, one in memory at a time."""
        with _disk_errors():
            self._file.seek(0)
        while header := self._file.read(HEADER.size):
            part = unpack_report(self._file.read(HEADER.unpack(header)[0]))
            if not isinstance(part, Slice) or part.part not in _PARTS:
                raise ExtractionError(ReasonCode.CRASH, "the process that read the file sent rows of no table")
            yield part

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"no temporary file for what is extracted: {error}"
        raise WorkspaceError(f"{where}; make room, or set TMPDIR to a folder on another disk") from error


def gather(spool: Spool) -> Extraction:
    """Return all that a spool holds, in memory.

    Raises:
        ExtractionError: the document's own row is not there.
    """
    parts: dict[str, list[object]] = defaultdict(list)
    for part in spool:
        parts[part.part].extend(part.rows)
    document = parts.pop(_DOCUMENT, None)
    if document is None:
        raise ExtractionError(ReasonCode.CRASH, "the process that read the file sent no document")
    rows = {name: tuple(found) for name, found in parts.items()}
    return Extraction(document[0], **rows)  # type: ignore[arg-type]
