"""Read each document in a process of its own making, so that a crash, a hang or a bomb costs that document alone.

Processes are started afresh (never forked from a parent that may hold threads), kept between documents, and replaced
when one dies or grows. They end with their parent, because their stdin closes.
"""

import atexit
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

import psutil

from extractors.catalog import Extract
from extractors.messages import HEADER, Beat, Opened, Outcome, Slice, Task, send_task, unpack_report
from extractors.options import ExtractOptions
from extractors.spool import Spool, gather
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Extraction

# What starting a process, opening a file and the work after the last page may take.
_BASE_SECONDS = 30.0
_FINISH_SECONDS_PER_PAGE = 0.1
_POLL_SECONDS = 0.1
_CHUNK = 1 << 20
_MEGABYTE = 1024 * 1024
_MOST_TASKS = 500
_RETIRE_SHARE = 0.75


def extract_isolated(extract: Extract | str, pdf: bytes, options: ExtractOptions, uri: str = "") -> Extraction:
    """Call an extractor in a child process within the time and memory that `options` allow.

    Args:
        extract: a module-level function, or where it is, as "module:function" (which keeps this process from
            importing what the extractor needs).
        pdf: the file.
        options: what to extract, and the limits.
        uri: where the file is, for the records.

    Raises:
        ExtractionError: what the extractor raised; or TIMEOUT (retryable), OUT_OF_MEMORY, CRASH.
    """
    target = extract if isinstance(extract, str) else f"{extract.__module__}:{extract.__qualname__}"  # type: ignore[attr-defined]
    with Spool() as spool:
        extract_into(spool, Task(target, pdf, options, uri))
        return gather(spool)


def extract_into(spool: Spool, task: Task) -> None:
    """Do a task in a child process and put the rows on disk as they come, so that a long document takes no memory here.

    Raises:
        ExtractionError: as `extract_isolated`; what the spool holds is then worth nothing.
    """
    child = _POOL.take()
    try:
        outcome = child.run(task, spool)
    except BaseException:
        child.kill()
        raise
    _POOL.give_back(child, task.options)
    if outcome.error is not None:
        raise outcome.error


def close_workers() -> None:
    """End the idle child processes; they would end with this process anyway."""
    _POOL.close()


class _Child:
    """A worker process and the pipes to it."""

    def __init__(self) -> None:
        self.tasks = 0
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "extractors.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
        )

    def run(self, task: Task, spool: Spool) -> Outcome:
        """Send a task, put the rows into the spool as they come, and wait for the outcome."""
        self.tasks += 1
        watch = _Watch(task.options)
        sender = threading.Thread(target=self._send, args=(task,), daemon=True)
        sender.start()
        buffer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            while True:
                if selector.select(_POLL_SECONDS):
                    chunk = os.read(self._stdout.fileno(), _CHUNK)
                    if not chunk:
                        raise self._death()
                    buffer += chunk
                for body in _take_bodies(buffer, task.options.memory_megabytes * _MEGABYTE):
                    report = unpack_report(body)
                    if isinstance(report, Outcome):
                        return report
                    if isinstance(report, Slice):
                        spool.add(body)
                    else:
                        watch.hear(report)
                watch.check(self.resident_megabytes())

    def resident_megabytes(self) -> float:
        """Return the memory that the process holds, 0 when it is gone."""
        try:
            return float(psutil.Process(self._process.pid).memory_info().rss) / _MEGABYTE
        except psutil.Error:
            return 0.0

    def kill(self) -> None:
        """End the process at once, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._close()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None  # opened as a pipe
        return self._process.stdout

    def _send(self, task: Task) -> None:
        assert self._process.stdin is not None  # opened as a pipe
        with suppress(OSError):  # the process died: the reading side finds out
            send_task(self._process.stdin, task)

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._complaints):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _death(self) -> ExtractionError:
        code = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        last = f": {lines[-1][:300]}" if lines else ""
        return ExtractionError(ReasonCode.CRASH, f"the process that read the file died ({how}){last}")


class _Watch:
    """The time and memory limits of one task."""

    def __init__(self, options: ExtractOptions) -> None:
        self._options = options
        self._beats = 0
        self._deadline = time.monotonic() + _BASE_SECONDS + options.seconds_per_page

    def hear(self, report: Opened | Beat) -> None:
        """Move the deadline: by the pages there are to read, then, page by page, by what one page may take."""
        allowed = self._options.seconds_per_page
        if isinstance(report, Opened):
            allowed *= report.page_count
        else:
            self._beats += 1
            allowed += self._beats * _FINISH_SECONDS_PER_PAGE
        self._deadline = time.monotonic() + _BASE_SECONDS + allowed

    def check(self, resident_megabytes: float) -> None:
        """Raise when a limit is passed."""
        limit = self._options.memory_megabytes
        if resident_megabytes > limit:
            message = f"reading the file takes more than {limit} MB (recipe: extract.memory_megabytes)"
            raise ExtractionError(ReasonCode.OUT_OF_MEMORY, message)
        if time.monotonic() > self._deadline:
            raise ExtractionError(
                ReasonCode.TIMEOUT,
                f"reading stopped at page {self._beats + 1}: it takes longer than "
                f"{self._options.seconds_per_page:g} s (recipe: extract.seconds_per_page)",
                page_index=self._beats,
                retryable=True,
            )


class _Pool:
    """Idle child processes, for the threads of this process."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def take(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.kill()
        return _Child()

    def give_back(self, child: _Child, options: ExtractOptions) -> None:
        grown = child.resident_megabytes() > _RETIRE_SHARE * options.memory_megabytes
        if grown or child.tasks >= _MOST_TASKS or not child.alive:
            child.kill()
            return
        with self._lock:
            self._idle.append(child)

    def close(self) -> None:
        with self._lock:
            for child in self._idle:
                child.kill()
            self._idle.clear()


_POOL = _Pool()
atexit.register(close_workers)


def _take_bodies(buffer: bytearray, longest: int) -> Iterator[bytes]:
    """Take the whole messages, without their lengths, out of what has arrived."""
    while len(buffer) >= HEADER.size:
        length = HEADER.unpack_from(buffer)[0]
        if length > longest:
            raise ExtractionError(ReasonCode.CRASH, f"the process that read the file sent a message of {length} bytes")
        if len(buffer) < HEADER.size + length:
            break
        body = bytes(buffer[HEADER.size : HEADER.size + length])
        del buffer[: HEADER.size + length]
        yield body
