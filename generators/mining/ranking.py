"""Rankings of a candidate pool, and several of them fused into one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from schemas.triplets import MinerScore

FUSION_K: Final = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the pool and what a miner gives it; higher is better."""

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class Fused:
    """A row of the pool with all that the miners said of it."""

    row: int
    fused: float
    scores: tuple[MinerScore, ...]

    def score(self, miner: str) -> float | None:
        """Return what one miner gives it, or None when it did not find it."""
        return next((item.score for item in self.scores if item.miner == miner), None)


def top(scores: npt.NDArray[np.float32], depth: int, *, least: float = -np.inf) -> list[Hit]:
    """Return the `depth` best rows above `least`, best first; of equal ones the first row.

    >>> top(np.array([0.1, 0.9, 0.0], dtype=np.float32), 2, least=0.0)[0].row
    1
    """
    depth = min(depth, len(scores))
    if depth <= 0:
        return []
    chosen = np.argpartition(-scores, depth - 1)[:depth]
    # All that tie with the last one compete for its place, so that the cut does not depend on the partition.
    chosen = np.flatnonzero(scores >= scores[chosen].min()) if scores[chosen].min() > least else chosen
    ordered = chosen[np.lexsort((chosen, -scores[chosen]))][:depth]
    return [Hit(int(row), float(scores[row])) for row in ordered if scores[row] > least]


def fuse(rankings: Mapping[str, Sequence[Hit]], *, k: int = FUSION_K) -> list[Fused]:
    """Fuse rankings by reciprocal rank, best first (Cormack, Clarke and Buettcher, SIGIR 2009).

    A row counts 1 / (k + rank) for every miner that found it, with ranks from 1.
    """
    found: dict[int, list[MinerScore]] = defaultdict(list)
    for miner, hits in sorted(rankings.items()):
        for rank, hit in enumerate(hits, start=1):
            found[hit.row].append(MinerScore(miner, hit.score, rank))
    fused = [Fused(row, sum(1 / (k + item.rank) for item in scores), tuple(scores)) for row, scores in found.items()]
    return sorted(fused, key=_best_first)


def _best_first(item: Fused) -> tuple[float, int]:
    return -item.fused, item.row
