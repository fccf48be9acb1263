"""The servers of one engine: who is asked next, who is away, and when it is time to give up.

A server that dies hands its requests to the others. When all are away the run pauses: nothing is sent but a look at
`/models` now and then, and the run goes on where it stood when one is back, or gives up after `pause_seconds`.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from generators.engines.circuit import State
from generators.engines.exchange import EngineOptions
from generators.engines.server import Server

_FIRST_LOOK_SECONDS: Final = 1.0
_LONGEST_LOOK_SECONDS: Final = 15.0


class Fleet:
    """Hands out servers by the room they have. It lives in one event loop, where nothing needs a lock.

    Args:
        servers: at least one.
        options: how long a pause may last, and who is told about it.
    """

    def __init__(self, servers: Sequence[Server], options: EngineOptions) -> None:
        self.servers = tuple(servers)
        self._patience = options.pause_seconds
        self._notice = options.notice
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looks: dict[Server, asyncio.Task[bool]] = {}
        self._watches: dict[Server, asyncio.Task[None]] = {}
        self._gave_up = False

    async def take(self) -> Server | None:
        """Return the server with the most room, once one has any; None when all were away for too long."""
        first = True
        while True:
            server = max(self.servers, key=_room)
            if server.room > 0:
                server.working += 1
                server.circuit.began()
                return server
            if self._is_hopeless():
                return None
            await self._turn(first=first)
            first = False

    def give_back(self, server: Server) -> None:
        """Take back a server that was handed out."""
        server.working -= 1
        self._wake(1)

    def answered(self, server: Server) -> None:
        """Note that a server gave an answer."""
        if server.circuit.state is not State.UP:
            self._welcome(server)
        server.circuit.succeeded()

    def failed(self, server: Server, reason: str) -> None:
        """Note that a request failed at a server that is there."""
        before = server.circuit.state
        server.circuit.failed(reason)
        self._mourn(server, before)

    def busy(self, server: Server, seconds: float) -> None:
        """Note that a server has too much to do."""
        before = server.circuit.state
        server.circuit.busy(seconds, "too many requests")
        self._mourn(server, before)
        if (held := server.circuit.held_for()) > 0:
            asyncio.get_running_loop().call_later(held, self._wake_all)

    async def is_away(self, server: Server) -> bool:
        """Look whether a server that did not answer is there at all; many askers share one look."""
        look = self._looks.get(server)
        if look is None:
            look = self._looks[server] = asyncio.ensure_future(self._look(server))
            look.add_done_callback(lambda _: self._looks.pop(server, None))
        return await asyncio.shield(look)

    def watch(self, server: Server, reason: str) -> None:
        """Take note of a server that is away, and look after it until it is back."""
        before = server.circuit.state
        server.circuit.leave(State.AWAY, reason)
        self._mourn(server, before)

    async def close(self) -> None:
        """Look after nobody any more, and close all connections."""
        tasks = [*self._watches.values(), *self._looks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.close()

    async def _look(self, server: Server) -> bool:
        reason = await server.trouble()
        if reason is not None:
            self.watch(server, reason)
        return reason is not None

    async def _turn(self, *, first: bool) -> None:
        """Wait until something changes; who was woken for nothing waits before the others."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.append(turn)
        else:
            self._waiting.appendleft(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._wake(1)
            raise

    def _wake(self, count: int) -> None:
        while count and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                count -= 1

    def _is_hopeless(self) -> bool:
        """Say whether all servers have been away for longer than a pause may last."""
        if any(server.circuit.state is State.UP for server in self.servers):
            return False
        youngest = max(server.circuit.since for server in self.servers)
        hopeless = time.monotonic() - youngest >= self._patience
        if hopeless and not self._gave_up:
            self._gave_up = True
            self._notice(
                f"{self._names()} did not come back within {self._patience:g} s: what is left of this run fails"
            )
        return hopeless

    def _mourn(self, server: Server, before: State) -> None:
        """Say that a server was lost, when it was, and begin to look after it."""
        circuit = server.circuit
        if circuit.state is State.UP or server in self._watches:
            return
        self._watches[server] = asyncio.ensure_future(self._nurse(server))
        if before is not State.UP:
            return
        others = any(other.circuit.state is State.UP for other in self.servers)
        todo = "its requests go to the others" if others else f"the run pauses, for {self._patience:g} s at most"
        self._notice(f"the server {server.url} is {circuit.state} ({circuit.reason}): {todo}")
        asyncio.get_running_loop().call_later(self._patience + 0.01, self._wake_all)

    async def _nurse(self, server: Server) -> None:
        """Look at a lost server again and again, ever more seldom, until it is back."""
        wait = _FIRST_LOOK_SECONDS
        while server.circuit.state is not State.UP:
            await asyncio.sleep(wait * random.uniform(0.75, 1.25))
            wait = min(2 * wait, _LONGEST_LOOK_SECONDS)
            reason = await server.trouble()
            if reason is not None:
                server.circuit.leave(State.AWAY, reason)
            elif server.circuit.state is State.AWAY:
                self.answered(server)
            elif server.circuit.state is State.SICK:
                server.circuit.grant_trial()
                self._wake(1)

    def _welcome(self, server: Server) -> None:
        lost = time.monotonic() - server.circuit.since
        self._notice(f"the server {server.url} is back after {lost:.0f} s: the run goes on")
        self._gave_up = False
        watch = self._watches.pop(server, None)
        if watch is not None and watch is not asyncio.current_task():
            watch.cancel()
        asyncio.get_running_loop().call_soon(self._wake_all)

    def _wake_all(self) -> None:
        self._wake(len(self._waiting))

    def _names(self) -> str:
        return " and ".join(server.url for server in self.servers)


def _room(server: Server) -> int:
    return server.room
