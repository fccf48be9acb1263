"""The process that reads PDFs: `python -m extractors.worker`. It takes tasks from stdin until stdin closes.

It dies of whatever is no `ExtractionError`, a bug of ours included; its parent sees that, and takes another one.
"""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import BinaryIO, cast

from extractors.handover import taking
from extractors.heartbeat import listening
from extractors.messages import IMAGES, Beat, Opened, Outcome, Report, Slice, Task, pack, read_task, slices_of
from extractors.opening import count_pages
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Extraction, Image

_MEGABYTE = 1024 * 1024
# Room above the limit on resident memory for what is reserved and not touched; past it, allocation fails.
_SPARE_MEGABYTES = 1024


def main() -> None:
    """Serve tasks; whatever a library prints goes to stderr, so that stdout carries messages alone."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    while (task := read_task(sys.stdin.buffer)) is not None:
        _limit_memory(task.options.memory_megabytes)
        send = partial(_send, out)
        with listening(partial(send, Beat())), taking(partial(_send_images, send)):
            send(perform(task, send))


def perform(task: Task, send: Callable[[Report], None]) -> Outcome:
    """Do a task: send its rows, and return what it raises on purpose, or for want of memory, as a value."""
    try:
        send(Opened(count_pages(task.pdf, task.options)))
        extraction = _load(task.target)(task.pdf, task.options, uri=task.uri)
        if not isinstance(extraction, Extraction):
            return Outcome(ExtractionError(ReasonCode.CRASH, f"the extractor {task.target} returned no extraction"))
        for rows in slices_of(extraction):
            send(rows)
    except ExtractionError as error:
        return Outcome(error)
    except MemoryError:
        limit = task.options.memory_megabytes
        return Outcome(ExtractionError(ReasonCode.OUT_OF_MEMORY, f"reading the file takes more than {limit} MB"))
    return Outcome()


def _load(target: str) -> Callable[..., Extraction]:
    module, _, function = target.partition(":")
    return cast("Callable[..., Extraction]", getattr(import_module(module), function))


def _limit_memory(megabytes: int) -> None:
    limit = (megabytes + _SPARE_MEGABYTES) * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _send_images(send: Callable[[Report], None], images: Sequence[Image]) -> None:
    for image in images:
        send(Slice(IMAGES, (image,)))


def _send(out: BinaryIO, report: Report) -> None:
    data = memoryview(pack(report))
    while data:
        data = data[out.write(data) :]


if __name__ == "__main__":
    main()
