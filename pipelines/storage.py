"""A folder on any filesystem that fsspec knows, with the few operations that the workspace is built from.

Locally a write is flushed to the disk and then renamed, so that a file is there whole or not at all. On an object store
a single upload has the same property; a move is a copy and a delete there, which is why every step of a commit can be
repeated.
"""

import errno
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec
import pyarrow as pa
import pyarrow.fs
from fsspec.implementations.arrow import ArrowFSWrapper
from fsspec.implementations.local import LocalFileSystem

from schemas.errors import UsageError, WorkspaceError

STAGING = ".staging"
_ARROW_SCHEMES = ("gs://", "gcs://", "s3://")


def open_filesystem(url: str) -> tuple[Any, str]:
    """Return the fsspec filesystem of a path or URL, and the path on it.

    Google's and Amazon's stores are read through Arrow where fsspec's own packages for them are not installed.

    Raises:
        UsageError: no filesystem is known for the URL.
    """
    try:
        filesystem, path = fsspec.url_to_fs(url)
    except ImportError as error:
        if not url.startswith(_ARROW_SCHEMES):
            raise UsageError(f"{url}: {error}") from error
        arrow, path = pyarrow.fs.FileSystem.from_uri(url.replace("gcs://", "gs://", 1))
        return ArrowFSWrapper(arrow), path
    except ValueError as error:
        raise UsageError(f"{url}: no filesystem for this URL ({error})") from error
    return filesystem, cast("str", path)


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn an operating system's error into a WorkspaceError that names the file and the remedy."""
    try:
        yield
    except PermissionError as error:
        raise WorkspaceError(f"{what}: no permission; give another folder or change its rights") from error
    except OSError as error:
        raise WorkspaceError(f"{what}: {error.strerror or error}{_remedy(error)}") from error
    except pa.ArrowInvalid as error:
        raise WorkspaceError(f"{what}: holds a damaged Parquet file; restore it from a copy ({error})") from error


class Folder:
    """A folder; every path given to its methods is relative to it, with "/" between the parts."""

    def __init__(self, url: str) -> None:
        """Name the folder; nothing is touched yet."""
        self.url = url
        self.filesystem, self.root = open_filesystem(url)
        self.is_local = isinstance(self.filesystem, LocalFileSystem)

    def __reduce__(self) -> tuple[type["Folder"], tuple[str]]:
        """Pickle as the URL alone: a worker opens its own connection."""
        return type(self), (self.url,)

    def path(self, relative: str) -> str:
        """Return the path on the filesystem."""
        return f"{self.root.rstrip('/')}/{relative}" if relative else self.root

    def arrow(self) -> Any:
        """Return the same filesystem as Arrow knows it."""
        if self.is_local:
            return pyarrow.fs.LocalFileSystem()
        return pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(self.filesystem))

    def exists(self, relative: str = "") -> bool:
        """Say whether there is a file or folder."""
        with storage_errors(self.path(relative)):
            return bool(self.filesystem.exists(self.path(relative)))

    def size(self, relative: str) -> int | None:
        """Return the size of a file in bytes, or None where there is none."""
        with storage_errors(self.path(relative)):
            try:
                return int(self.filesystem.info(self.path(relative))["size"])
            except FileNotFoundError:
                return None

    def names(self, relative: str) -> list[str]:
        """Return the sorted names in a folder; none where the folder is missing."""
        with storage_errors(self.path(relative)):
            self.filesystem.invalidate_cache()
            try:
                found = self.filesystem.ls(self.path(relative), detail=False)
            except FileNotFoundError:
                return []
        return sorted(name.rstrip("/").rpartition("/")[2] for name in found)

    def make(self, relative: str = "") -> None:
        """Make a folder and those above it."""
        with storage_errors(self.path(relative)):
            self.filesystem.makedirs(self.path(relative), exist_ok=True)

    def read_bytes(self, relative: str) -> bytes:
        """Return what a file holds."""
        with storage_errors(self.path(relative)):
            return bytes(self.filesystem.cat_file(self.path(relative)))

    def open_output(self, relative: str) -> BinaryIO:
        """Open a new file for writing. It must lie in the staging folder: it is not there whole until it is closed."""
        self.make(relative.rpartition("/")[0])
        with storage_errors(self.path(relative)):
            return cast("BinaryIO", self.filesystem.open(self.path(relative), "wb"))

    def write_bytes(self, relative: str, data: bytes) -> None:
        """Write a file whole or not at all."""
        aside = f"{STAGING}/{uuid.uuid4().hex}.tmp"
        with storage_errors(self.path(relative)), self.open_output(aside) as file:
            file.write(data)
            flush_to_disk(file)
        self.move(aside, relative)

    def move(self, source: str, target: str) -> None:
        """Move a file, over the one that may be there; locally in one step."""
        self.make(target.rpartition("/")[0])
        with storage_errors(self.path(target)):
            if self.is_local:
                Path(self.path(source)).replace(self.path(target))
            else:
                self.filesystem.mv(self.path(source), self.path(target))

    def remove(self, relative: str) -> None:
        """Remove a file; one that is gone already is fine."""
        with storage_errors(self.path(relative)):
            if self.filesystem.exists(self.path(relative)):
                self.filesystem.rm_file(self.path(relative))

    def remove_tree(self, relative: str) -> None:
        """Remove a file or a folder and all in it; one that is gone already is fine."""
        with storage_errors(self.path(relative)):
            if self.filesystem.exists(self.path(relative)):
                self.filesystem.rm(self.path(relative), recursive=True)


def flush_to_disk(file: BinaryIO) -> None:
    """Push what was written to the disk itself, where the file is a local one."""
    file.flush()
    try:
        descriptor = file.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return
    os.fsync(descriptor)


def _remedy(error: OSError) -> str:
    if error.errno in _NO_SPACE:
        return "; free some space and run the same command again"
    return "; give the path of a folder that can be made" if error.errno in _NO_FOLDER else ""


_NO_SPACE = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_NO_FOLDER = {errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EROFS}
