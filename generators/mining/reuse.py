"""Vectors of an older pool, used again for the candidates whose text is still the same."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from generators.embedders.exchange import Embeddable, Embedder, Vectors
from generators.mining.dense import DenseIndex
from generators.mining.pool_file import Pool
from schemas.identity import content_hash


class Reusing:
    """An embedder that asks another one only for what older pools do not hold; pictures are always asked for.

    Args:
        embedder: gives the vectors; closed by whoever opened it.
        older: pools and the folders of their vectors, all of them by this embedder and whole.
    """

    def __init__(self, embedder: Embedder, older: Sequence[tuple[Path, Path]]) -> None:
        self.name = embedder.name
        self.sees_images = embedder.sees_images
        self._embedder = embedder
        self._indexes = [DenseIndex(folder, embedder.name) for _, folder in older]
        self._places: dict[str, tuple[int, int]] = {}
        for number, (path, _) in enumerate(older):
            with Pool(path) as pool:
                self._places.update((_key(text), (number, row)) for row, text in enumerate(pool.texts()))

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the embedder's vectors."""
        return self._embedder.embed_queries(queries)

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return vectors in the order given, those of older pools as they were stored."""
        places = [None if item.picture else self._places.get(_key(item.text)) for item in candidates]
        fresh = [item for item, place in zip(candidates, places, strict=True) if place is None]
        asked = iter(self._embedder.embed_candidates(fresh) if fresh else ())
        return np.stack([next(asked) if place is None else self._indexes[place[0]].row(place[1]) for place in places])

    def close(self) -> None:
        """Do nothing: the embedder belongs to whoever opened it."""


def _key(text: str) -> str:
    return content_hash(text.encode("utf-8", "surrogatepass"))[:32]
