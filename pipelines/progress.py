"""How far a stage is: a tally that the work adds to, shown on stderr while it runs.

The tally belongs to one process. With the default runner the work reports into it as it happens. A runner that works in
other processes cannot; what it counted comes as Beam metrics, and the display says how old they are by showing no rate.
"""

import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

_log = logging.getLogger(__name__)

_REFRESH_SECONDS = 0.5
_LINE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Goal:
    """What a stage is about to do: `total` of what the counter `unit` counts, None when nobody knows."""

    stage: str
    unit: str
    total: int | None = None


class Tally:
    """Named counts that several threads add to."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._goal: Goal | None = None
        self._news: list[str] = []

    def add(self, name: str, number: int = 1) -> None:
        """Count."""
        with self._lock:
            self._counts[name] += number

    def reset(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._counts.clear()
            self._goal = None

    def aim(self, goal: Goal) -> None:
        """Show another goal than the stage began with: what is left turned out on the way."""
        with self._lock:
            self._goal = goal

    def goal(self) -> Goal | None:
        """Return the goal that turned out on the way, if any."""
        with self._lock:
            return self._goal

    def tell(self, message: str) -> None:
        """Have something said to people as soon as the display comes to it; other processes' logs have it too."""
        _log.info(message)
        with self._lock:
            self._news.append(message)

    def news(self) -> list[str]:
        """Return what is to be said, and forget it."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def raise_to(self, counts: Mapping[str, int]) -> None:
        """Lift each count to at least what another process's metrics say."""
        with self._lock:
            for name, number in counts.items():
                self._counts[name] = max(self._counts[name], number)

    def counts(self) -> dict[str, int]:
        """Return a copy of the counts."""
        with self._lock:
            return dict(self._counts)


TALLY = Tally()


class Reporter(Protocol):
    """Shows progress and says things to people."""

    def start(self, goal: Goal) -> None:
        """Begin to show a stage."""
        ...

    def stop(self) -> None:
        """Show the last state and end."""
        ...

    def say(self, message: str) -> None:
        """Tell one line."""
        ...


class Silent:
    """Shows nothing."""

    def start(self, goal: Goal) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def say(self, message: str) -> None:
        """Do nothing."""


class Display:
    """Shows the tally of this process: a moving line on a terminal, else a line every few seconds with news."""

    def __init__(self, console: Console | None = None) -> None:
        """Write to stderr unless told otherwise."""
        self._console = console or Console(stderr=True, highlight=False)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._live: Live | None = None
        self._goal = Goal("", "")
        self._started = 0.0
        self._shown = ""

    def start(self, goal: Goal) -> None:
        """Begin to show a stage."""
        self._goal, self._started, self._shown = goal, time.monotonic(), ""
        self._stopping.clear()
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Show the last state and end; nothing happens when nothing is shown."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._say_news()
        self._print()

    def say(self, message: str) -> None:
        """Tell one line."""
        self._console.print(Text(message))

    def _run(self) -> None:
        pause = _REFRESH_SECONDS if self._live else _LINE_SECONDS
        while not self._stopping.wait(pause):
            self._say_news()
            if self._live:
                self._live.update(Text(self._line()), refresh=True)
            else:
                self._print()

    def _print(self) -> None:
        """Print the line where it tells something new."""
        line = self._line()
        if line != self._shown:
            self._console.print(Text(line))
        self._shown = line

    def _say_news(self) -> None:
        for message in TALLY.news():
            self.say(message)

    def _line(self) -> str:
        return describe(TALLY.goal() or self._goal, TALLY.counts(), time.monotonic() - self._started)


@contextmanager
def showing(reporter: Reporter, goal: Goal) -> Iterator[None]:
    """Show a stage while the block runs, counting from nothing; what nobody was shown is not said in a later stage."""
    TALLY.reset()
    reporter.start(goal)
    try:
        yield
    finally:
        reporter.stop()
        TALLY.news()


def describe(goal: Goal, counts: Mapping[str, int], seconds: float) -> str:
    """Return one line on how far a stage is.

    >>> describe(Goal("extract", "documents", 8), {"documents": 2, "pages": 30}, 10.0)
    'extract: 2/8 documents, 30 pages, 3.0 pages/s, 30s left'
    """
    done = counts.get(goal.unit, 0)
    parts = [f"{done}/{goal.total} {goal.unit}" if goal.total is not None else f"{done} {goal.unit}"]
    for name in sorted(counts):
        if name != goal.unit and counts[name]:
            parts.append(f"{counts[name]} {name}")
        if name == "pages" and seconds > 0 and counts[name]:
            parts.append(f"{counts[name] / seconds:.1f} pages/s")
    if goal.total and 0 < done < goal.total:
        parts.append(f"{duration(seconds / done * (goal.total - done))} left")
    elif done and done == goal.total:
        parts.append(f"in {duration(seconds)}")
    return f"{goal.stage}: {', '.join(parts)}"


def duration(seconds: float) -> str:
    """Return a time span as people write it.

    >>> duration(3725)
    '1h 02m'
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"


def default_reporter() -> Reporter:
    """Return a display where someone or something reads stderr, else silence."""
    return Display() if sys.stderr is not None else Silent()
