"""Where a dataset goes: checked before the work, written aside, put in place in one step."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipelines.shards import checksum
from pipelines.storage import Folder, storage_errors
from pipelines.workspace import Workspace
from schemas.errors import ExportError
from schemas.identity import digest

CHECKSUMS = "SHA256SUMS"
MARK = ".corpusmill-export"
_CARD = "README.md"


def workspace_mark(workspace: Workspace) -> str:
    """Return a name for a workspace that stays when it grows or moves, and that tells nothing about it."""
    first = next(iter(workspace.manifests()), None)
    return digest(first.commit_id, first.created.isoformat()) if first else digest("empty")


class Destination:
    """The folder that a dataset is to become.

    Args:
        url: a path, or a URL that fsspec knows.
        mark: what is written into the dataset, so that a later export knows its own.
    """

    def __init__(self, url: str, mark: str) -> None:
        """Name it; nothing is touched yet."""
        self._url = url.rstrip("/") or url
        self._mark = mark
        self._folder = Folder(self._url)

    def check(self, *, overwrite: bool) -> None:
        """Make sure that a dataset may be put here.

        Raises:
            ExportError: it is a file, or it holds what we did not write and `overwrite` is not set.
        """
        if self._folder.filesystem.isfile(self._folder.root):
            raise ExportError(f"{self._url}: a file stands here; give another DEST")
        names = self._folder.names("")
        if names and not overwrite:
            self._check_ours(names)

    @contextmanager
    def aside(self) -> Iterator[Folder]:
        """Give an empty folder beside the destination; it is gone afterwards, published or not."""
        self._sweep()
        folder = Folder(f"{self._url}.partial-{os.getpid()}-{uuid.uuid4().hex[:8]}")
        folder.make()
        try:
            yield folder
        finally:
            folder.remove_tree("")

    def publish(self, folder: Folder) -> None:
        """Add mark and checksums to a finished dataset and put it in place of what stands there."""
        with folder.open_output(MARK) as file:
            file.write(f"{self._mark}\n".encode())
        lines = [f"{checksum(folder, path)}  {path}\n" for path in _files(folder)]
        with folder.open_output(CHECKSUMS) as file:
            file.write("".join(lines).encode())
        if self._folder.is_local:
            self._swap(Path(folder.root))
            return
        with storage_errors(self._url):
            self._folder.remove_tree("")
            folder.filesystem.mv(folder.root, self._folder.root, recursive=True)

    def _swap(self, new: Path) -> None:
        target, old = Path(self._folder.root), new.with_name(f"{new.name}.old")
        with storage_errors(self._url):
            there = target.exists()
            if there:
                target.rename(old)
            try:
                new.rename(target)
            except OSError:
                if there:
                    old.rename(target)
                raise
        if there:
            Folder(str(old)).remove_tree("")

    def _check_ours(self, names: list[str]) -> None:
        remedy = "give another DEST, or --overwrite to replace it"
        if MARK not in names or CHECKSUMS not in names:
            raise ExportError(f"{self._url}: not empty, and no earlier export; {remedy}")
        if self._folder.read_bytes(MARK).decode("utf-8", "replace").strip() != self._mark:
            raise ExportError(f"{self._url}: the export of another workspace or format; {remedy}")
        sums = self._folder.read_bytes(CHECKSUMS).decode("utf-8", "replace")
        listed = {line[66:]: line[:64] for line in sums.split("\n") if line}
        strange = sorted(set(_files(self._folder)) - {*listed, CHECKSUMS})
        if strange:
            raise ExportError(f"{self._url}: holds files that the export did not write ({strange[0]}); {remedy}")
        if _CARD in names and checksum(self._folder, _CARD) != listed.get(_CARD):
            raise ExportError(f"{self._url}: its {_CARD} was changed by hand; {remedy}")

    def _sweep(self) -> None:
        """Remove what killed exports to the same place left behind."""
        if not self._folder.is_local:
            return
        above, _, name = self._folder.root.rstrip("/").rpartition("/")
        start = f"{name}.partial-"
        for found in Folder(above or "/").names(""):
            owner = found.removeprefix(start).partition("-")[0]
            if found.startswith(start) and owner.isdigit() and not psutil.pid_exists(int(owner)):
                self._settle(Path(f"{above}/{found}"))

    def _settle(self, left: Path) -> None:
        target = Path(self._folder.root)
        with storage_errors(self._url):
            if left.suffix == ".old" and not target.exists():
                # Killed between the two renames of a swap: this is the dataset that stood here.
                left.rename(target)
            else:
                Folder(str(left)).remove_tree("")


def _files(folder: Folder) -> list[str]:
    root = folder.root.rstrip("/") + "/"
    with storage_errors(folder.url):
        return sorted(path.removeprefix(root) for path in folder.filesystem.find(folder.root))
