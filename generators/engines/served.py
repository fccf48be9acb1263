"""The engine behind a URL: any OpenAI-compatible server, kept full with a window of requests in flight."""

import asyncio
import queue
import threading
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any, Final

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from generators.engines.chat import ChatAnswer, chat_body
from generators.engines.circuit import Circuit
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request, failure
from schemas.errors import EngineError, ReasonCode

_CONNECT_SECONDS: Final = 10.0
_FIRST_WAIT_SECONDS: Final = 0.5
_LONGEST_WAIT_SECONDS: Final = 30.0
_BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_PICTURES_HINT: Final = " a request with a picture; for a model that sees none, set generate.pictures: false"
_TOO_LONG: Final = (
    "context length",
    "context size",
    "context_length",
    "maximum context",
    "too many tokens",
    "too long",
)


class TryAgain(Exception):
    """An attempt that may be repeated; `result` stands when attempts run out, `wait` is the server's own wish."""

    def __init__(self, result: EngineFailure, wait: float = 0.0) -> None:
        """Keep both."""
        super().__init__(result, wait)
        self.result = result
        self.wait = wait


class ModelList(BaseModel):
    """What `/models` answers, as far as we read it."""

    class Model(BaseModel):
        """One model."""

        id: str

    data: list[Model] = []


class ServedEngine:
    """Sends chat requests to a server from an event loop in a thread of its own.

    Up to `options.concurrency` requests are in flight at any moment; a slot that falls free is filled at once, whether
    or not the caller has come for the result. Nothing of the key or of a prompt is logged.

    Args:
        url: the base URL, up to and including `/v1`.
        model: the model to ask for.
        options: key, concurrency, time limits.
    """

    name = "http"
    sees_images = True

    def __init__(self, url: str, model: str, options: EngineOptions) -> None:
        self.model = model
        self.capacity = options.concurrency
        self._options = options
        self._client = _client(url, options)
        self._circuit = Circuit()
        self._native_schema = True
        self._schema_proven = False
        self._loop = asyncio.new_event_loop()
        self._slots = asyncio.Semaphore(options.concurrency)
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield results as they come; `requests` is read ahead of them by twice the concurrency."""
        done: queue.SimpleQueue[Future[Completion | EngineFailure]] = queue.SimpleQueue()
        flying: set[Future[Completion | EngineFailure]] = set()
        try:
            for request in requests:
                flying.add(self._submit(request, done))
                while len(flying) >= 2 * self.capacity or not done.empty():
                    yield _next(done, flying)
            while flying:
                yield _next(done, flying)
        finally:
            for future in flying:
                future.cancel()

    def close(self) -> None:
        """Close connections and stop the thread."""
        if self._loop.is_closed():
            return
        self._run(self._client.aclose()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _submit(
        self, request: Request, done: "queue.SimpleQueue[Future[Completion | EngineFailure]]"
    ) -> Future[Completion | EngineFailure]:
        future = self._run(self._answer(request))
        future.add_done_callback(done.put)
        return future

    def _run(self, work: "Coroutine[Any, Any, Any]") -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _answer(self, request: Request) -> Completion | EngineFailure:
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(TryAgain),
            stop=stop_after_attempt(self._options.attempts),
            wait=_wait,
            reraise=True,
        )
        try:
            result: Completion | EngineFailure = await attempts(self._attempt, request)
        except TryAgain as last:
            result = last.result
        return result

    async def _attempt(self, request: Request) -> Completion | EngineFailure:
        async with self._slots:
            if not self._circuit.lets_through():
                message = "the server was away for several requests in a row; waiting before it is asked again"
                return failure(request.request_id, ReasonCode.ENGINE_UNREACHABLE, message, retryable=True)
            await self._circuit.pause()
            try:
                async with asyncio.timeout(self._options.timeout_seconds):
                    response = await self._post(request)
            except TimeoutError:
                message = f"no answer within {self._options.timeout_seconds:g} s"
                return failure(request.request_id, ReasonCode.ENGINE_TIMEOUT, message, retryable=True)
            except httpx.HTTPError as error:
                self._circuit.failed()
                raise TryAgain(_unreachable(request, error)) from error
        self._circuit.succeeded()
        return self._read(request, response)

    async def _post(self, request: Request) -> httpx.Response:
        """Send the request; a server that refuses its first schema is asked in words, and from then on always."""
        native = self._native_schema and bool(request.schema)
        response = await self._client.post("chat/completions", json=self._body(request, native_schema=native))
        self._schema_proven |= native and response.is_success
        refused = response.status_code == HTTPStatus.BAD_REQUEST and not _too_long(response)
        if not (refused and native) or self._schema_proven:
            return response
        second = await self._client.post("chat/completions", json=self._body(request, native_schema=False))
        if second.is_success:
            self._native_schema = False
        return second

    def _body(self, request: Request, *, native_schema: bool) -> dict[str, Any]:
        return {"model": self.model} | chat_body(request, native_schema=native_schema)

    def _read(self, request: Request, response: httpx.Response) -> Completion | EngineFailure:
        if response.status_code in _BUSY:
            wait = _retry_after(response)
            if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                self._circuit.hold(wait)
            message = f"the server answered {response.status_code}: {self._said(response)}"
            raise TryAgain(failure(request.request_id, ReasonCode.ENGINE_UNREACHABLE, message, retryable=True), wait)
        if not response.is_success:
            code = ReasonCode.CONTEXT_TOO_LONG if _too_long(response) else ReasonCode.ENGINE_REFUSED
            hint = _PICTURES_HINT if any(message.images for message in request.messages) else ""
            message = f"the server refused ({response.status_code}){hint}: {self._said(response)}"
            return failure(request.request_id, code, message)
        try:
            completion = ChatAnswer.model_validate_json(response.content).completion(request, self.model)
        except ValidationError as error:
            raise TryAgain(_bad_answer(request, response)) from error
        return completion or _bad_answer(request, response)

    def _said(self, response: httpx.Response) -> str:
        """Return the server's words; some repeat the key they refuse."""
        key = self._options.api_key
        return response.text.replace(key, "***") if key else response.text


def open_served(spec: str, options: EngineOptions) -> ServedEngine:
    """Open the engine at a URL, after asking it once which models it has.

    Raises:
        EngineError: nobody answers there, the key is refused, or the model is not known.
    """
    url = spec.rstrip("/") + "/"
    return ServedEngine(url, check_server(url, model=options.model, api_key=options.api_key), options)


def check_server(url: str, *, model: str | None, api_key: str | None) -> str:
    """Return the model to ask a server for: `model`, or the first one that it has.

    Raises:
        EngineError: nobody answers there, the key is refused, or the model is not known.
    """
    try:
        response = httpx.get(
            f"{url}models", headers=server_headers(api_key), timeout=_CONNECT_SECONDS, follow_redirects=True
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EngineError(
            f"no server answers at {_shown(url)} ({type(error).__name__}): start it, correct the URL "
            "(it ends in /v1), or use --engine local or none"
        ) from error
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise EngineError(
            f"the server at {_shown(url)} refuses the key ({response.status_code}): put it into the environment "
            "variable that the recipe names (generate.api_key_variable)"
        )
    # Some gateways have no list of models: a model given by name is then taken on trust.
    known = _models(response)
    if model and (not known or model in known):
        return model
    if model:
        raise EngineError(f"the server at {_shown(url)} has no model {model!r}; it has {', '.join(known[:20])}")
    if not known:
        raise EngineError(
            f"the server at {_shown(url)} names no models (status {response.status_code}): check that the URL ends in "
            "/v1, or give the model's name"
        )
    return known[0]


def _models(response: httpx.Response) -> list[str]:
    if not response.is_success:
        return []
    try:
        return [model.id for model in ModelList.model_validate_json(response.content).data]
    except ValidationError:
        return []


def _client(url: str, options: EngineOptions) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=options.concurrency + 1, max_keepalive_connections=options.concurrency + 1)
    timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
    return httpx.AsyncClient(base_url=url, headers=server_headers(options.api_key), limits=limits, timeout=timeout)


def server_headers(api_key: str | None) -> dict[str, str]:
    """Return the headers that carry a key, if there is one."""
    return {"Authorization": f"Bearer {api_key}"} if api_key else {}


def _shown(url: str) -> str:
    """Return the URL without a user name and password in it."""
    try:
        return str(httpx.URL(url).copy_with(userinfo=b""))
    except httpx.InvalidURL:
        return url


def _next(
    done: "queue.SimpleQueue[Future[Completion | EngineFailure]]", flying: set[Future[Completion | EngineFailure]]
) -> Completion | EngineFailure:
    future = done.get()
    flying.discard(future)
    return future.result()


_backoff = wait_exponential_jitter(initial=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS, jitter=_FIRST_WAIT_SECONDS)


def _wait(state: RetryCallState) -> float:
    """Return the longer of our backoff and what the server asked for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, TryAgain) else 0.0
    return max(asked, _backoff(state))


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds of a Retry-After header; a date there counts as none."""
    try:
        seconds = float(response.headers.get("retry-after", "0"))
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), 2 * _LONGEST_WAIT_SECONDS)


def _unreachable(request: Request, error: httpx.HTTPError) -> EngineFailure:
    message = f"the server does not answer: {type(error).__name__} {error}".rstrip()
    return failure(request.request_id, ReasonCode.ENGINE_UNREACHABLE, message, retryable=True)


def _bad_answer(request: Request, response: httpx.Response) -> EngineFailure:
    message = f"the server's answer is no chat completion: {response.text[:200]!r}"
    return failure(request.request_id, ReasonCode.ENGINE_BAD_ANSWER, message, retryable=True)


def _too_long(response: httpx.Response) -> bool:
    text = response.text.lower()
    return any(words in text for words in _TOO_LONG)
