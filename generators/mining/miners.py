"""The miners that score a whole pool: lexical, and dense with any embedder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from generators.embedders.exchange import Embedder
from generators.mining.dense import DenseIndex
from generators.mining.lexical import LexicalIndex

Scores = npt.NDArray[np.float32]

BM25: Final = "bm25"
_SCORES_HELD: Final = 40_000_000


class Miner(Protocol):
    """Scores every row of the pool for each query; a row that it cannot tell anything of gets `nothing`."""

    @property
    def name(self) -> str:
        """The miner's name, as it stands with the scores."""
        ...

    @property
    def nothing(self) -> float:
        """Scores at or under this one mean "not found"."""
        ...

    def scores(self, queries: Sequence[str]) -> Iterator[Scores]:
        """Yield the scores of all rows, one array a query."""
        ...


class LexicalMiner:
    """BM25 over the candidates' texts."""

    name = BM25
    nothing = 0.0

    def __init__(self, folder: Path) -> None:
        """Map the index."""
        self._index = LexicalIndex(folder)

    def scores(self, queries: Sequence[str]) -> Iterator[Scores]:
        """Yield BM25 scores."""
        for query in queries:
            yield self._index.scores(query)


class DenseMiner:
    """Cosines of an embedder's vectors.

    Args:
        folder: the index that `build_dense` wrote.
        embedder: gives the queries' vectors; closed by whoever opened it.
        name: the miner's name.
    """

    nothing = -1.0

    def __init__(self, folder: Path, embedder: Embedder, name: str) -> None:
        self.name = name
        self._embedder = embedder
        self._index = DenseIndex(folder, embedder.name)

    def scores(self, queries: Sequence[str]) -> Iterator[Scores]:
        """Yield cosines, computed for as many queries at a time as memory allows."""
        vectors = self._embedder.embed_queries(list(queries))
        step = max(1, _SCORES_HELD // max(1, self._index.rows))
        for start in range(0, len(vectors), step):
            yield from self._index.scores(vectors[start : start + step])
