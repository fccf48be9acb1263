"""One writer at a time: the lock of a workspace.

On a local disk the kernel holds the lock (a POSIX record lock): it ends with the process that took it, however that
ends, and children do not inherit it. What stands in the file says only who holds it. On an object store the file itself
is the lock; one left by a dead process of this machine is taken over, one of another machine is respected.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from pipelines.storage import Folder, storage_errors
from schemas.errors import WorkspaceError

LOCK = ".lock"
_held: set[str] = set()


@contextmanager
def locked(folder: Folder) -> Iterator[None]:
    """Hold the lock of a workspace.

    Raises:
        WorkspaceError: another process holds it; the message names it.
    """
    root = folder.path("")
    if root in _held:
        raise WorkspaceError(f"{folder.url}: this process is already writing to the workspace")
    with _locked_local(folder) if folder.is_local else _locked_remote(folder):
        _held.add(root)
        try:
            yield
        finally:
            _held.discard(root)


@contextmanager
def _locked_local(folder: Folder) -> Iterator[None]:
    descriptor = _take(folder)
    try:
        yield
    finally:
        # Emptied, not removed: a file removed while another process waits on it would let two in.
        os.ftruncate(descriptor, 0)
        os.close(descriptor)


@contextmanager
def _locked_remote(folder: Folder) -> Iterator[None]:
    if folder.exists(LOCK):
        holder = folder.read_bytes(LOCK)
        if not _is_dead(holder):
            raise WorkspaceError(_busy(folder, holder))
    folder.write_bytes(LOCK, _identity())
    try:
        yield
    finally:
        folder.remove(LOCK)


def _take(folder: Folder) -> int:
    folder.make()
    path = Path(folder.path(LOCK))
    with storage_errors(str(path)):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise WorkspaceError(_busy(folder, path.read_bytes())) from error
    with storage_errors(str(path)):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, _identity())
    return descriptor


def _identity() -> bytes:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started}).encode()


def _is_dead(holder: bytes) -> bool:
    try:
        who = json.loads(holder)
    except ValueError:
        return True
    return who.get("host") == socket.gethostname() and not psutil.pid_exists(int(who.get("pid", -1)))


def _busy(folder: Folder, holder: bytes) -> str:
    try:
        who = json.loads(holder)
    except ValueError:
        who = {}
    name = f"process {who.get('pid', '?')} on {who.get('host', '?')} since {who.get('started', '?')}"
    return (
        f"{folder.url}: another run is writing to this workspace ({name}); "
        f"wait for it, or remove {folder.path(LOCK)} if that machine is gone"
    )
