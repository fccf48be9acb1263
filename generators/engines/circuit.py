"""When to leave a server alone: after failures in a row, or because it asked for it."""

import asyncio
import time
from typing import Final

FAILURES_IN_A_ROW: Final = 20
COOL_DOWN_SECONDS: Final = 15.0


class Circuit:
    """Opens after many failed connections in a row; then lets one attempt through each time the cool-down is over.

    Args:
        failures: how many in a row open it.
        cool_down: seconds that it stays open before one attempt is let through.
    """

    def __init__(self, failures: int = FAILURES_IN_A_ROW, cool_down: float = COOL_DOWN_SECONDS) -> None:
        self._limit = failures
        self._cool_down = cool_down
        self._failed = 0
        self._closed_until = 0.0
        self._held_until = 0.0

    def lets_through(self) -> bool:
        """Say whether an attempt may be made now."""
        now = time.monotonic()
        if self._failed < self._limit:
            return True
        if now < self._closed_until:
            return False
        self._closed_until = now + self._cool_down
        return True

    def failed(self) -> None:
        """Note a connection that failed."""
        self._failed += 1
        if self._failed == self._limit:
            self._closed_until = time.monotonic() + self._cool_down

    def succeeded(self) -> None:
        """Note that the server answered, whatever it said."""
        self._failed = 0

    def hold(self, seconds: float) -> None:
        """Keep every attempt back for so long, as a server with a rate limit asks."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    async def pause(self) -> None:
        """Wait until nothing is held back any more."""
        while (left := self._held_until - time.monotonic()) > 0:
            await asyncio.sleep(left)
