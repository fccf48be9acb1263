"""Where a dataset goes: checked before the work, written aside, put in place in one step."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.commits import MANIFESTS
from pipelines.shards import checksum
from pipelines.storage import STAGING, Folder, storage_errors
from pipelines.workspace import RESPONSES, Workspace
from schemas.errors import ExportError
from schemas.identity import digest
from schemas.tables import TABLES

CHECKSUMS = "SHA256SUMS"
MARK = "corpusmill.json"
_CARD = "README.md"
_OWN_FOLDERS = {*TABLES, MANIFESTS, RESPONSES, STAGING}


class DatasetMark(BaseModel):
    """What `corpusmill.json` in a dataset says: whose export it is, of what state, and what it holds.

    `source` stays the same for all exports of a workspace in a format; `key` changes with what a dataset is made of.
    `validation` is "passed", "unvalidated" (the recipe requires it, and it has not passed) or "not required".
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    key: str
    format: str
    schema_version: int
    software: dict[str, str]
    rows: dict[str, int]
    validation: str = "not required"


def workspace_mark(workspace: Workspace) -> str:
    """Return a name for a workspace that stays when it grows or moves, and that tells nothing about it."""
    first = next(iter(workspace.manifests()), None)
    return digest(first.commit_id, first.created.isoformat()) if first else digest("empty")


class Destination:
    """The folder that a dataset is to become; behind a symbolic link, the folder that it leads to.

    Args:
        url: a path, or a URL that fsspec knows.
        source: what the datasets of a workspace and format are marked with, so that a later export knows its own.
    """

    def __init__(self, url: str, source: str) -> None:
        """Name it; nothing is touched yet."""
        self._url = url.rstrip("/") or url
        self._source = source
        self._folder = _resolved(Folder(self._url))

    def check(self, workspace: Folder, *, overwrite: bool) -> None:
        """Make sure that a dataset may be put here.

        Raises:
            ExportError: it is a file, its loss would be one of more than a dataset, or it holds what we did not write
                and `overwrite` is not set.
        """
        if self._folder.filesystem.isfile(self._folder.root):
            raise ExportError(f"{self._url}: a file stands here; give another DEST")
        self._check_dear(_resolved(workspace))
        names = self._folder.names("")
        if names and not overwrite:
            self._check_ours(names)

    def standing(self, key: str) -> DatasetMark | None:
        """Return the mark of the dataset that stands here if it was made from just what `key` says and is whole."""
        mark = self._mark(self._folder.names(""))
        if mark is None or mark.source != self._source or mark.key != key:
            return None
        sums = self._checksums()
        present = set(_files(self._folder)) - {CHECKSUMS}
        whole = present == set(sums) and all(checksum(self._folder, path) == sums[path] for path in present)
        return mark if whole else None

    @contextmanager
    def aside(self) -> Iterator[Folder]:
        """Give an empty folder beside the destination; it is gone afterwards, published or not."""
        self._sweep()
        folder = Folder(f"{self._beside()}{os.getpid()}-{uuid.uuid4().hex[:8]}")
        try:
            folder.make()
            yield folder
        finally:
            folder.remove_tree("")

    def publish(self, folder: Folder, mark: DatasetMark) -> None:
        """Add mark and checksums to a finished dataset and put it in place of what stands there."""
        with folder.open_output(MARK) as file:
            file.write(f"{mark.model_dump_json(indent=1)}\n".encode())
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

    def _check_dear(self, workspace: Folder) -> None:
        own, theirs = PurePosixPath(self._folder.root), PurePosixPath(workspace.root)
        inside = own.relative_to(theirs).parts[0] if theirs in own.parents else ""
        if own == theirs or inside in _OWN_FOLDERS:
            raise ExportError(f"{self._url}: the workspace keeps its tables here; give {workspace.url}/dataset as DEST")
        if self._folder.exists(MANIFESTS):
            raise ExportError(f"{self._url}: another workspace lies here; give another DEST")
        dear = {theirs, *_dear_folders()} if self._folder.is_local else {theirs}
        if any(own == folder or own in folder.parents for folder in dear):
            raise ExportError(f"{self._url}: holds more than a dataset; give a folder of its own as DEST")

    def _beside(self) -> str:
        """Return what the names of our folders beside the destination begin with."""
        above, _, name = self._folder.root.rstrip("/").rpartition("/")
        protocol, mark, _ = self._url.rpartition("://")
        return f"{'' if self._folder.is_local else protocol + mark}{above}/.{name}.partial-"

    def _mark(self, names: list[str]) -> DatasetMark | None:
        if not {MARK, CHECKSUMS} <= set(names):
            return None
        try:
            return DatasetMark.model_validate_json(self._folder.read_bytes(MARK))
        except ValidationError:
            return None

    def _checksums(self) -> dict[str, str]:
        text = self._folder.read_bytes(CHECKSUMS).decode("utf-8", "replace")
        return {line[66:]: line[:64] for line in text.split("\n") if line}

    def _check_ours(self, names: list[str]) -> None:
        remedy = "give another DEST, or --overwrite to replace it"
        mark = self._mark(names)
        if mark is None:
            raise ExportError(f"{self._url}: not empty, and no earlier export; {remedy}")
        if mark.source != self._source:
            raise ExportError(f"{self._url}: the export of another workspace or format; {remedy}")
        listed = self._checksums()
        strange = sorted(set(_files(self._folder)) - {*listed, CHECKSUMS})
        if strange:
            raise ExportError(f"{self._url}: holds files that the export did not write ({strange[0]}); {remedy}")
        if _CARD in names and checksum(self._folder, _CARD) != listed.get(_CARD):
            raise ExportError(f"{self._url}: its {_CARD} was changed by hand; {remedy}")

    def _sweep(self) -> None:
        """Remove what killed exports to the same place left behind."""
        if not self._folder.is_local:
            return
        above, _, start = self._beside().rpartition("/")
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


def _resolved(folder: Folder) -> Folder:
    return Folder(str(Path(folder.root).resolve())) if folder.is_local else folder


def _dear_folders() -> set[PurePosixPath]:
    return {PurePosixPath(path.resolve().as_posix()) for path in (Path.cwd(), Path(os.environ.get("HOME") or "/"))}


def _files(folder: Folder) -> list[str]:
    root = folder.root.rstrip("/") + "/"
    with storage_errors(folder.url):
        return sorted(path.removeprefix(root) for path in folder.filesystem.find(folder.root))
