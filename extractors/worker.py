"""The process that reads PDFs: `python -m extractors.worker`. It takes tasks from stdin until stdin closes.

It dies of whatever is no `ExtractionError`, a bug of ours included; its parent sees that, and takes another one.
"""

import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import BinaryIO, cast

from extractors.heartbeat import listening
from extractors.messages import Beat, Opened, Outcome, Task, pack, read_task
from extractors.opening import count_pages
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Extraction

_MEGABYTE = 1024 * 1024
# Room above the limit on resident memory for what is reserved and not touched; past it, allocation fails.
_SPARE_MEGABYTES = 1024


def main() -> None:
    """Serve tasks; whatever a library prints goes to stderr, so that stdout carries messages alone."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    while (task := read_task(sys.stdin.buffer)) is not None:
        _limit_memory(task.options.memory_megabytes)
        with listening(partial(_send, out, Beat())):
            _send(out, perform(task, partial(_send_opened, out)))


def perform(task: Task, opened: Callable[[int], None]) -> Outcome:
    """Do a task, with what it raises on purpose, or for want of memory, as a value."""
    try:
        opened(count_pages(task.pdf, task.options))
        return Outcome(extraction=_load(task.target)(task.pdf, task.options, uri=task.uri))
    except ExtractionError as error:
        return Outcome(error=error)
    except MemoryError:
        limit = task.options.memory_megabytes
        return Outcome(error=ExtractionError(ReasonCode.OUT_OF_MEMORY, f"reading the file takes more than {limit} MB"))


def _load(target: str) -> Callable[..., Extraction]:
    module, _, function = target.partition(":")
    return cast("Callable[..., Extraction]", getattr(import_module(module), function))


def _limit_memory(megabytes: int) -> None:
    limit = (megabytes + _SPARE_MEGABYTES) * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _send_opened(out: BinaryIO, page_count: int) -> None:
    _send(out, Opened(page_count))


def _send(out: BinaryIO, report: Beat | Opened | Outcome) -> None:
    data = memoryview(pack(report))
    while data:
        data = data[out.write(data) :]


if __name__ == "__main__":
    main()
