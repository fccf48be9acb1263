"""Which files are meant: a folder, a file, a pattern or a list file becomes a list of URIs, and these become sources.

Only the command line's own mistakes are errors here. A file that cannot be read once it has been named is a row in
`errors`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pipelines.storage import open_filesystem
from schemas.errors import ExtractionError, ReasonCode, UsageError
from schemas.identity import doc_id

_LIST_SUFFIXES = frozenset({".txt", ".lst", ".list"})
_PATTERN_MARKS = frozenset("*?[")
_CHUNK = 1 << 20
_THREADS = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes: where they were found first, where they lie as well, and their hash."""

    uri: str
    sha256: str
    byte_size: int
    copies: tuple[str, ...] = ()

    @property
    def doc_id(self) -> str:
        """The id of the document that these bytes are."""
        return doc_id(self.sha256)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that was named but could not be read."""

    uri: str
    error: ExtractionError


def find_pdfs(arguments: Sequence[str]) -> list[str]:
    """Return the URIs that arguments name, in order and each once.

    A folder gives its `*.pdf` files at any depth; a pattern what matches it; a list file (`.txt`, `.lst`, `.list`) one
    URI a line, relative ones from where the list lies, with `#` before a comment; any other file itself.

    Raises:
        UsageError: an argument names nothing, or nothing that holds a PDF.
    """
    found = [uri for argument in arguments for uri in _expand(argument)]
    if not found:
        raise UsageError("no PDFs were named; give a folder, a file, a pattern or a list file")
    return list(dict.fromkeys(found))


def fingerprint(uris: Iterable[str]) -> tuple[list[Source], list[Unreadable]]:
    """Hash files and put those with the same bytes together, in the order given; several are read at a time."""
    sources: dict[str, Source] = {}
    unreadable: list[Unreadable] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        for result in threads.map(_hash, uris):
            if isinstance(result, Unreadable):
                unreadable.append(result)
            elif (first := sources.get(result.sha256)) is None:
                sources[result.sha256] = result
            else:
                copies = (*first.copies, result.uri)
                sources[result.sha256] = Source(first.uri, first.sha256, first.byte_size, copies)
    return list(sources.values()), unreadable


def read_source(source: Source, max_megabytes: int) -> bytes:
    """Return the bytes of a source.

    Raises:
        ExtractionError: it is too large, gone, or no longer what was hashed.
    """
    if source.byte_size > max_megabytes << 20:
        size = source.byte_size >> 20
        message = f"{source.uri}: {size} MB; the limit is {max_megabytes} MB (extract.max_megabytes)"
        raise ExtractionError(ReasonCode.TOO_LARGE, message)
    try:
        filesystem, path = open_filesystem(source.uri)
        data = bytes(filesystem.cat_file(path))
    except (OSError, UsageError) as error:
        raise _unreadable(source.uri, error) from error
    if hashlib.sha256(data).hexdigest() != source.sha256:
        message = f"{source.uri}: changed while the run was reading it; run the same command again"
        raise ExtractionError(ReasonCode.UNREADABLE_FILE, message, retryable=True)
    return data


def _expand(argument: str) -> list[str]:
    filesystem, path = open_filesystem(argument)
    if filesystem.isfile(path):
        is_list = PurePosixPath(path).suffix.lower() in _LIST_SUFFIXES
        return _listed(argument, filesystem, path) if is_list else [argument]
    if filesystem.isdir(path):
        return _in_folder(argument, filesystem, path)
    if _PATTERN_MARKS & set(argument):
        return _matching(argument, filesystem, path)
    raise UsageError(f"{argument}: no such file or folder")


def _in_folder(argument: str, filesystem: Any, path: str) -> list[str]:
    root = path.rstrip("/")
    names = sorted(name[len(root) :].lstrip("/") for name in filesystem.find(root) if name.lower().endswith(".pdf"))
    if not names:
        raise UsageError(f"{argument}: no PDFs in this folder (files whose name ends with .pdf)")
    return [f"{argument.rstrip('/')}/{name}" for name in names]


def _matching(argument: str, filesystem: Any, path: str) -> list[str]:
    matches = sorted(match for match in filesystem.glob(path) if filesystem.isfile(match))
    if not matches:
        raise UsageError(f"{argument}: no file matches this pattern")
    # The part before the first pattern mark is kept as it was typed, so that relative stays relative.
    prefix = argument[: min(argument.find(mark) for mark in _PATTERN_MARKS if mark in argument)].rpartition("/")[0]
    base = path[: len(path) - len(argument) + len(prefix)] if path.endswith(argument) else None
    if base is None:
        return [filesystem.unstrip_protocol(match) for match in matches]
    return [prefix + match[len(base) :] if prefix else match[len(base) :].lstrip("/") for match in matches]


def _listed(argument: str, filesystem: Any, path: str) -> list[str]:
    try:
        lines = filesystem.cat_file(path).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{argument}: not a readable list of files, one a line in UTF-8 ({error})") from error
    folder = argument.rpartition("/")[0]
    found = list(_uris(lines, folder))
    if not found:
        raise UsageError(f"{argument}: the list names no files")
    return found


def _uris(lines: Iterable[str], folder: str) -> Iterator[str]:
    for line in lines:
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        is_absolute = name.startswith("/") or "://" in name
        yield name if is_absolute or not folder else f"{folder}/{name}"


def _hash(uri: str) -> Source | Unreadable:
    shown = uri.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if shown != uri:  # bytes of a file's name that no table can hold
        return Unreadable(shown, _unreadable(shown, OSError("its name is not UTF-8, rename it")))
    try:
        filesystem, path = open_filesystem(uri)
        if filesystem.info(path)["type"] != "file":
            raise OSError("a folder, a pipe or a device, and no file")  # a pipe would keep us waiting
        hasher, size = hashlib.sha256(), 0
        with filesystem.open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                hasher.update(chunk)
                size += len(chunk)
    except (OSError, UsageError) as error:
        return Unreadable(uri, _unreadable(uri, error))
    return Source(uri, hasher.hexdigest(), size)


def _unreadable(uri: str, error: Exception) -> ExtractionError:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ExtractionError(ReasonCode.UNREADABLE_FILE, f"{uri}: cannot be read ({reason})", retryable=True)
