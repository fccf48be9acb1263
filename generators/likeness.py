"""How alike two questions are to an embedder, on one scale for all embedders, and which pairs are alike enough.

The cosine of two unrelated sentences is 0.1 with one model and 0.8 with the next, so that a cosine alone says nothing.
Likeness is 0 for what questions of different fields have in common and 1 for the same words; the level of chance is
measured on the example questions of the prompt packs, which are of nine fields.
"""

from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Final, cast

import numpy as np

from generators.embedders.exchange import Embedder, Vectors
from generators.prompt_packs import DOMAINS, GENERAL, shipped_pack

_TILE: Final = 2048
_OF_A_FIELD: Final = 3


def chance_level(embedder: Embedder) -> float:
    """Return the mean cosine of questions of different fields; measured once an embedder."""
    return _chance_level(cast("Hashable", embedder))


def alike(one: Vectors, other: Vectors, least: float, *, chance: float) -> Iterator[tuple[int, int, float]]:
    """Yield row of `one`, row of `other` and likeness of every pair that is at least so alike, in order.

    Works in tiles, so that memory stays bounded whatever the number of rows.
    """
    floor = chance + least * (1 - chance)
    for top in range(0, len(one), _TILE):
        for left in range(0, len(other), _TILE):
            cosines = one[top : top + _TILE] @ other[left : left + _TILE].T
            for row, col in np.argwhere(cosines >= floor):
                likeness = (float(cosines[row, col]) - chance) / (1 - chance)
                yield top + int(row), left + int(col), likeness


def embed_unique(texts: Sequence[str], embedder: Embedder) -> dict[str, Vectors]:
    """Return the vector of each different text, asked for once."""
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, embedder.embed_queries(unique), strict=True)) if unique else {}


@lru_cache(maxsize=4)
def _chance_level(opened: Hashable) -> float:
    embedder = cast("Embedder", opened)
    packs = (*DOMAINS, GENERAL)
    examples = [(name, one.question) for name in packs for one in shipped_pack(name).examples[:_OF_A_FIELD]]
    vectors = embedder.embed_queries([question for _, question in examples])
    fields = np.array([name for name, _ in examples])
    apart = fields[:, None] != fields[None, :]
    return float((vectors @ vectors.T)[apart].mean())
