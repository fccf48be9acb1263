"""Whether a server may be asked: what its answers, its failures and its own wishes say about it."""

import time
from enum import StrEnum
from typing import Final

FAILURES_IN_A_ROW: Final = 20
_BUSY_WEIGHT: Final = 0.1
_BUSY_SHARE: Final = 0.25


class State(StrEnum):
    """How a server stands."""

    UP = "up"
    AWAY = "away"  # nobody answers there
    SICK = "sick"  # it is there, but every request fails


class Circuit:
    """Opens when a server is away, or after many failures in a row; a sick server is let one attempt at a time.

    Args:
        failures: how many in a row make a server sick.
        busy_seconds: a server that says for so long that it is busy, and nothing else, is sick.
    """

    def __init__(self, failures: int = FAILURES_IN_A_ROW, busy_seconds: float = 600.0) -> None:
        self.state = State.UP
        self.since = 0.0
        self.reason = ""
        self._failures = failures
        self._busy_seconds = busy_seconds
        self._failed = 0
        self._trial = False
        self._busy_share = 0.0
        self._busy_since: float | None = None
        self._held_until = 0.0

    def lets_through(self) -> bool:
        """Say whether an attempt may be made now."""
        return (self.state is State.UP or self._trial) and self.held_for() <= 0

    def held_for(self) -> float:
        """Return the seconds for which the server has asked to be left alone."""
        return self._held_until - time.monotonic()

    def began(self) -> None:
        """Note that an attempt begins: it is the one trial of a sick server."""
        self._trial = False

    def grant_trial(self) -> None:
        """Let one attempt through to a sick server."""
        self._trial = True

    def succeeded(self) -> None:
        """Note that the server gave an answer."""
        self.state, self.reason = State.UP, ""
        self._failed = 0
        self._busy_share *= 1 - _BUSY_WEIGHT
        self._busy_since = None

    def failed(self, reason: str) -> None:
        """Note an attempt that failed."""
        self._failed += 1
        if self._failed >= self._failures:
            self.leave(State.SICK, reason)

    def leave(self, state: State, reason: str) -> None:
        """Note that the server is away or sick."""
        if self.state is State.UP:
            self.since = time.monotonic()
        self.state, self.reason, self._trial = state, reason, False

    def busy(self, seconds: float, reason: str) -> None:
        """Note that the server has too much to do; when it says so often, every attempt is held back as it wishes."""
        now = time.monotonic()
        self._busy_since = self._busy_since or now
        self._busy_share += _BUSY_WEIGHT * (1 - self._busy_share)
        if self._busy_share > _BUSY_SHARE:
            self._held_until = max(self._held_until, now + seconds)
        if now - self._busy_since > self._busy_seconds:
            self.leave(State.SICK, reason)
