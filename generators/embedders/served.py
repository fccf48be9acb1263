"""The embedder behind a URL: any server with OpenAI's `/embeddings`, and vLLM's pooling models for pictures."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

import httpx
import numpy as np
from pydantic import BaseModel, ValidationError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from generators.embedders.exchange import Embeddable, EmbedderOptions, Vectors, unit_rows
from generators.engines.addresses import addresses_of, check_server, server_headers
from generators.engines.chat import data_uri
from generators.engines.exchange import Picture
from schemas.errors import EngineError

_CONNECT_SECONDS: Final = 10.0
_BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class Busy(Exception):
    """An attempt that may be repeated."""


class EmbeddingRow(BaseModel):
    """One vector; servers may send them in any order."""

    embedding: list[float]
    index: int = 0


class EmbeddingAnswer(BaseModel):
    """What `/embeddings` answers, as far as we read it."""

    data: list[EmbeddingRow]


class ServedEmbedder:
    """Asks a server for vectors, `options.batch` texts a request, and a picture a request.

    Args:
        url: the base URL, up to and including `/v1`.
        model: the model to ask for.
        options: key, prefixes, time limits.
    """

    sees_images = True

    def __init__(self, url: str, model: str, options: EmbedderOptions) -> None:
        self.name = f"served/{model}"
        self._model = model
        self._options = options
        timeout = httpx.Timeout(options.timeout_seconds, connect=_CONNECT_SECONDS)
        self._client = httpx.Client(base_url=url, headers=server_headers(options.api_key), timeout=timeout)
        self._dimension: int | None = None

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the vectors of queries."""
        return self._texts([self._options.query_prefix + query for query in queries])

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return the vectors of pictures where there are any, else of texts, in the order given."""
        texts = [place for place, item in enumerate(candidates) if item.picture is None]
        rows = dict(
            zip(texts, self._texts([self._options.passage_prefix + candidates[at].text for at in texts]), strict=True)
        )
        for place, item in enumerate(candidates):
            if item.picture is not None:
                rows[place] = self._ask({"messages": [self._picture_message(item.picture)]}, 1)[0]
        return np.stack([rows[place] for place in range(len(candidates))]) if rows else np.zeros((0, 0), np.float32)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _picture_message(self, picture: Picture) -> dict[str, Any]:
        """Return a picture as a turn of a chat; what the model wants before a passage goes with it as text."""
        content: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": data_uri(picture)}}]
        if self._options.passage_prefix:
            content.append({"type": "text", "text": self._options.passage_prefix})
        return {"role": "user", "content": content}

    def _texts(self, texts: Sequence[str]) -> Vectors:
        parts = [self._ask({"input": batch}, len(batch)) for batch in _batches(texts, self._options.batch)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def _ask(self, body: dict[str, Any], count: int) -> Vectors:
        attempts = Retrying(
            retry=retry_if_exception_type(Busy),
            stop=stop_after_attempt(self._options.attempts),
            wait=wait_exponential_jitter(initial=0.5, max=30, jitter=0.5),
            reraise=True,
        )
        try:
            answer: EmbeddingAnswer = attempts(self._post, {"model": self._model, "encoding_format": "float", **body})
        except Busy as last:
            raise EngineError(
                f"the embedder {self.name} gives no answer: {last}; the vectors of the pool that it gave are kept, run "
                "the same command again"
            ) from last
        rows = sorted(answer.data, key=_by_index)
        try:
            vectors = unit_rows([row.embedding for row in rows], count, self.name)
        except ValueError as error:
            raise EngineError(f"the embedder {self.name} gave vectors of different lengths") from error
        if self._dimension not in (None, vectors.shape[1]):
            raise EngineError(
                f"the embedder {self.name} changed its dimension from {self._dimension} to {vectors.shape[1]}: another "
                "model answers now; mine with one model throughout"
            )
        self._dimension = vectors.shape[1]
        return vectors

    def _post(self, body: dict[str, Any]) -> EmbeddingAnswer:
        try:
            response = self._client.post("embeddings", json=body)
        except httpx.HTTPError as error:
            raise Busy(f"{type(error).__name__} {error}".rstrip()) from error
        if response.status_code in _BUSY:
            raise Busy(f"status {response.status_code}")
        if response.status_code != HTTPStatus.OK:
            raise EngineError(f"the embedder {self.name} refused ({response.status_code}): {response.text[:300]}")
        try:
            return EmbeddingAnswer.model_validate_json(response.content)
        except ValidationError as error:
            raise EngineError(f"the embedder {self.name} answered no embeddings: {response.text[:200]!r}") from error


def open_served(spec: str, options: EmbedderOptions) -> ServedEmbedder:
    """Open the embedder at a URL, after asking it once which models it has.

    Raises:
        EngineError: nobody answers there, the key is refused, the model is not known, or the spec is not one URL
            without a password in it.
    """
    urls = addresses_of(spec)
    if len(urls) > 1:
        raise EngineError(f"an embedder has one URL, not {len(urls)}; every further --embedder is a miner of its own")
    url = urls[0]
    return ServedEmbedder(url, check_server(url, model=options.model, api_key=options.api_key), options)


def _batches(texts: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(texts), size):
        yield list(texts[start : start + size])


def _by_index(row: EmbeddingRow) -> int:
    return row.index
