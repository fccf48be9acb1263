"""One OpenAI-compatible server: its connections, what it works on, and what it is known to be able to do."""

from http import HTTPStatus
from typing import Any

import httpx

from generators.engines.addresses import CONNECT_SECONDS, model_of, server_headers, shown
from generators.engines.chat import chat_body
from generators.engines.circuit import Circuit
from generators.engines.exchange import EngineOptions, Request
from generators.engines.masking import Mask
from generators.engines.replies import says_too_long
from schemas.errors import EngineError


class Server:
    """A server of a fleet. Everything here runs in the fleet's event loop; nothing of a key or a prompt is logged.

    Args:
        url: the base URL, with a slash at its end.
        model: the model to ask for; None until the server has named one.
        options: key, concurrency, time limits.
    """

    def __init__(self, url: str, model: str | None, options: EngineOptions) -> None:
        self.url = shown(url).rstrip("/")
        self.model = model
        self.circuit = Circuit(busy_seconds=options.pause_seconds)
        self.mask = Mask(options.api_key)
        self.working = 0
        self._options = options
        self._client = _client(url, options)
        self._native_schema = True
        self._schema_proven = False

    @property
    def room(self) -> int:
        """How many more requests it may be sent; none while it is not to be asked."""
        return self._options.concurrency - self.working if self.circuit.lets_through() else 0

    async def post(self, request: Request) -> httpx.Response:
        """Send the request; a server that refuses its first schema is asked in words, and from then on always."""
        native = self._native_schema and bool(request.schema)
        response = await self._client.post("chat/completions", json=self._body(request, native_schema=native))
        if native and response.is_success:
            self._schema_proven = self._native_schema = True
        refused = response.status_code == HTTPStatus.BAD_REQUEST and not says_too_long(response)
        if not (refused and native) or self._schema_proven:
            return response
        second = await self._client.post("chat/completions", json=self._body(request, native_schema=False))
        if second.is_success:
            self._native_schema = False
        return second

    async def trouble(self) -> str | None:
        """Ask for the list of models; return why the server cannot be used, or None when somebody is there."""
        try:
            response = await self._client.get("models", timeout=CONNECT_SECONDS)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return f"status {response.status_code}"
            self.model = self.model or model_of(response, self.url, self._options.model)
        except httpx.HTTPError as error:
            return type(error).__name__
        except EngineError as error:
            return self.mask(str(error))
        return None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _body(self, request: Request, *, native_schema: bool) -> dict[str, Any]:
        return {"model": self.model} | chat_body(request, native_schema=native_schema)


def _client(url: str, options: EngineOptions) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=options.concurrency + 2, max_keepalive_connections=options.concurrency + 2)
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
    return httpx.AsyncClient(base_url=url, headers=server_headers(options.api_key), limits=limits, timeout=timeout)
