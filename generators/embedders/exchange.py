"""What goes to an embedder and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from generators.engines.exchange import Picture
from schemas.errors import EngineError

Vectors = npt.NDArray[np.float32]
"""One row a text or picture, of unit length, so that a dot product is the cosine."""


@dataclass(frozen=True, slots=True)
class Embeddable:
    """A candidate to embed: its picture where there is one and the embedder sees pictures, else its text."""

    text: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """What an embedder may be told when it opens; each takes what concerns it.

    Args:
        api_key: the server's key; it is never printed.
        model: the model to ask a server for; None means its first.
        query_prefix: words that the model wants before a query, such as "query: ".
        passage_prefix: words that the model wants before a passage, or with a picture.
        timeout_seconds: time limit of one attempt at one request.
        attempts: how often a request is tried.
        batch: texts a request.
    """

    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    timeout_seconds: float = 120.0
    attempts: int = 5
    batch: int = 32


class Embedder(Protocol):
    """Gives vectors. Opened by `catalog.open_embedder`, closed by whoever opened it."""

    @property
    def name(self) -> str:
        """The embedder and its model: vectors of different names are never compared."""
        ...

    @property
    def sees_images(self) -> bool:
        """Whether pictures are embedded as pictures."""
        ...

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the vectors of queries, one row each.

        Raises:
            EngineError: the embedder is away, or answers something else.
        """
        ...

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return the vectors of candidates, one row each.

        Raises:
            EngineError: the embedder is away, or answers something else.
        """
        ...

    def close(self) -> None:
        """Give back what it holds; calling it again does nothing."""
        ...


def unit_rows(vectors: npt.ArrayLike, count: int, embedder: str) -> Vectors:
    """Return vectors at unit length; a row of zeros stays one.

    Raises:
        EngineError: they are not `count` rows of finite numbers.
    """
    rows = np.asarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != count or not np.isfinite(rows).all():
        raise EngineError(
            f"the embedder {embedder} gave vectors of shape {rows.shape} for {count} texts, or no numbers"
        )
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
