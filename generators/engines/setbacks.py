"""Attempts that came to nothing, and how much patience a request has with them."""

import random
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from generators.engines.exchange import EngineFailure, EngineOptions

MOST_DEATHS: Final = 3
_FIRST_WAIT_SECONDS: Final = 0.5
_LONGEST_WAIT_SECONDS: Final = 30.0


class Cause(StrEnum):
    """Who is to blame: only TROUBLE is counted against the request."""

    TROUBLE = "trouble"  # the server works, this attempt failed
    BUSY = "busy"  # too many requests
    AWAY = "away"  # nobody was there
    DIED = "died"  # the server went away while it worked on the request


@dataclass(frozen=True, slots=True)
class Setback:
    """An attempt that may be repeated; `failure` stands when patience runs out, `wait` is the server's own wish."""

    failure: EngineFailure
    cause: Cause = Cause.TROUBLE
    wait: float = 0.0


class Patience:
    """How often and how long one request may still be tried.

    While servers are away nothing is counted: the fleet knows when to give up. A request that was in the works
    each time a server died may be what kills it.

    Args:
        options: how often a request is tried, and how long a busy server is borne.
    """

    def __init__(self, options: EngineOptions) -> None:
        self._attempts = options.attempts
        self._busy_seconds = options.pause_seconds
        self._failed = 0
        self._deaths = 0
        self._busy_since: float | None = None

    def after(self, setback: Setback) -> float | None:
        """Return the seconds to wait before the next attempt, or None when there is to be none."""
        if setback.cause is Cause.AWAY:
            return 0.0
        if setback.cause is Cause.DIED:
            self._deaths += 1
            return 0.0 if self._deaths < MOST_DEATHS else None
        if setback.cause is Cause.BUSY and self._bears_it():
            return max(setback.wait, backoff(1))
        self._failed += 1
        return max(setback.wait, backoff(self._failed)) if self._failed < self._attempts else None

    def _bears_it(self) -> bool:
        now = time.monotonic()
        self._busy_since = self._busy_since or now
        return now - self._busy_since < self._busy_seconds


def backoff(failed: int) -> float:
    """Return the seconds to wait after so many failures: doubled each time, and scattered so that nobody marches."""
    return min(_FIRST_WAIT_SECONDS * 2.0 ** (failed - 1), _LONGEST_WAIT_SECONDS) * random.uniform(0.5, 1.5)
