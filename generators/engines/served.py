"""The engine behind a URL, or several: OpenAI-compatible servers, kept full with a window of requests in flight."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, Final

import httpx

from generators.engines.addresses import ServerAway, addresses_of, check_server
from generators.engines.circuit import State
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request, failure
from generators.engines.fleet import Fleet
from generators.engines.replies import denies, read_reply
from generators.engines.server import Server
from generators.engines.setbacks import Cause, Patience, Setback
from generators.engines.windows import stream
from schemas.errors import EngineError, ReasonCode

_READ_AHEAD: Final = 2


class ServedEngine:
    """Sends chat requests to servers from an event loop in a thread of its own.

    Up to `options.concurrency` requests are in flight at each server at any moment; a slot that falls free is filled at
    once, whether or not the caller has come for the result.

    Args:
        servers: who answers; one whose model is None was away when the engine was opened.
        options: key, concurrency, time limits.
    """

    name = "http"
    sees_images = True

    def __init__(self, servers: list[Server], options: EngineOptions) -> None:
        self.model = next(server.model for server in servers if server.model)
        self.capacity = options.concurrency * len(servers)
        self._options = options
        self._fleet = Fleet(servers, options)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()
        for server in servers:
            if server.model is None:
                self._loop.call_soon_threadsafe(self._fleet.watch, server, "no answer at the start")

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield results as they come; `requests` is read ahead of them by twice the concurrency."""
        return stream(requests, self._submit, ahead=_READ_AHEAD * self.capacity)

    def close(self) -> None:
        """Close connections and stop the thread."""
        if self._loop.is_closed():
            return
        self._run(self._fleet.close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _submit(self, request: Request) -> "Future[Completion | EngineFailure]":
        return self._run(self._answer(request))

    def _run(self, work: "Coroutine[Any, Any, Any]") -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _answer(self, request: Request) -> Completion | EngineFailure:
        patience = Patience(self._options)
        while True:
            server = await self._fleet.take()
            if server is None:
                return self._given_up(request)
            try:
                result = await self._attempt(server, request)
            finally:
                self._fleet.give_back(server)
            if not isinstance(result, Setback):
                return result
            wait = patience.after(result)
            if wait is None:
                return result.failure
            await asyncio.sleep(wait)

    async def _attempt(self, server: Server, request: Request) -> Completion | EngineFailure | Setback:
        try:
            async with asyncio.timeout(self._options.timeout_seconds):
                response = await server.post(request)
        except TimeoutError:
            return await self._silence(server, request)
        except httpx.HTTPError as error:
            return await self._break(server, request, error)
        assert server.model is not None  # a server is taken only after it has named its model
        result = read_reply(request, response, model=server.model, mask=server.mask)
        if not isinstance(result, Setback):
            if denies(response):
                self._fleet.failed(server, f"it refuses us with status {response.status_code}")
            else:
                self._fleet.answered(server)
            return result
        if result.cause is Cause.BUSY:
            self._fleet.busy(server, result.wait)
            return result
        return await self._blame(server, result, sent=False)

    async def _silence(self, server: Server, request: Request) -> EngineFailure | Setback:
        """Say what a request that got no answer in time came to: it is over, unless the server went away."""
        message = f"no answer within {self._options.timeout_seconds:g} s"
        late = failure(request.request_id, ReasonCode.ENGINE_TIMEOUT, message, retryable=True)
        setback = await self._blame(server, Setback(late), sent=True)
        return setback if setback.cause is Cause.DIED else late

    async def _break(self, server: Server, request: Request, error: httpx.HTTPError) -> Setback:
        message = server.mask(f"the server does not answer: {type(error).__name__} {error}".rstrip())
        broken = failure(request.request_id, ReasonCode.ENGINE_UNREACHABLE, message, retryable=True)
        sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        return await self._blame(server, Setback(broken), sent=sent)

    async def _blame(self, server: Server, setback: Setback, *, sent: bool) -> Setback:
        """Find out whether an attempt failed by itself, or because the server is not well."""
        if await self._fleet.is_away(server):
            return Setback(setback.failure, Cause.DIED if sent else Cause.AWAY)
        was_sick = server.circuit.state is State.SICK
        self._fleet.failed(server, setback.failure.message)
        return Setback(setback.failure, Cause.AWAY) if was_sick else setback

    def _given_up(self, request: Request) -> EngineFailure:
        reasons = "; ".join(f"{server.url}: {server.circuit.reason}" for server in self._fleet.servers)
        message = f"no server was there to ask for more than {self._options.pause_seconds:g} s ({reasons})"
        return failure(request.request_id, ReasonCode.ENGINE_UNREACHABLE, message, retryable=True)


def open_served(spec: str, options: EngineOptions) -> ServedEngine:
    """Open the engine at a URL, or at several with commas between them, after asking each which models it has.

    A server that is away does no harm as long as another is there.

    Raises:
        EngineError: nobody answers, a key is refused, or a model is not known.
    """
    models: dict[str, str | None] = {}
    away: list[ServerAway] = []
    for url in addresses_of(spec):
        try:
            models[url] = check_server(url, model=options.model, api_key=options.api_key)
        except ServerAway as error:
            models[url] = None
            away.append(error)
    if len(away) == len(models):
        raise EngineError("; ".join(map(str, away)) or f"{spec!r} names no server")
    return ServedEngine([Server(url, model, options) for url, model in models.items()], options)
