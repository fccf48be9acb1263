"""Neighbours by structure: what stands near the evidence and looks like it, and does not answer."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from generators.checks.wording import content_stems
from generators.mining.pool_file import Pool, PoolEntry
from generators.mining.ranking import Hit
from schemas.kinds import CandidateKind

_SAME_HEADERS: Final = 2.0
_SAME_SECTION: Final = 1.0
_NEXT_PAGE: Final = 0.5
_SAME_KIND: Final = 0.25
_HEADERS_HELD: Final = 200
_DEEPEST: Final = 30
_PAGE: Final = list(CandidateKind).index(CandidateKind.PAGE)

Scores = npt.NDArray[np.float64]


def structural_neighbours(
    pool: Pool, positives: Sequence[PoolEntry], depth: int, entry_of: Callable[[int], PoolEntry] | None = None
) -> list[Hit]:
    """Return the candidates that are nearest in structure to any of the positives, best first, thirty at most.

    Counted are the same column headers (in any document), the same section, the same or the next page and the same
    kind; of the nearest by these also the words that the first lines (label and caption) have in common. Pages are
    neighbours of pages alone.

    Args:
        pool: the candidates.
        positives: what answers the question.
        depth: how many are wanted.
        entry_of: reads a row of the pool; the pool does by itself.
    """
    depth = min(depth, _DEEPEST)
    best: dict[int, float] = {}
    for positive in positives:
        for row, score in _nearest(pool, positive, depth):
            words = _common_words((entry_of or pool.entry)(row).item.text, positive.item.text)
            best[row] = max(score + words, best.get(row, 0.0))
    ordered = sorted(best.items(), key=_best_first)[:depth]
    return [Hit(row, score) for row, score in ordered]


def _nearest(pool: Pool, positive: PoolEntry, depth: int) -> list[tuple[int, float]]:
    """Return the rows that are nearest by all but their words, and how near, in the order of the rows."""
    own = pool.rows.get(positive.item.candidate_id, -1)
    alike = pool.by_headers.get(positive.headers, ())[:_HEADERS_HELD]
    rows = np.union1d(pool.by_document.get(positive.item.doc_id, ()), alike).astype(np.int64)
    rows = rows[rows != own]
    scores = _likeness(pool, rows, positive)
    scores[np.isin(rows, alike)] += _SAME_HEADERS
    rows, scores = rows[scores > _SAME_KIND], scores[scores > _SAME_KIND]
    chosen = np.sort(np.lexsort((rows, -scores))[:depth])
    return [(int(rows[place]), float(scores[place])) for place in chosen]


def _likeness(pool: Pool, rows: npt.NDArray[np.int64], positive: PoolEntry) -> Scores:
    item, own = positive.item, pool.rows[positive.item.candidate_id]
    kinds, (first, last) = pool.kinds[rows], pool.pages
    beside = (first[rows] <= last[own] + 1) & (last[rows] >= first[own] - 1) & (first[rows] >= 0)
    near = _NEXT_PAGE * beside
    if item.section_path:
        near = near + _SAME_SECTION * (pool.sections[rows] == pool.sections[own])
    known = np.array(pool.by_document.get(item.doc_id, ()), dtype=np.int64)
    scores = _SAME_KIND * (kinds == pool.kinds[own]) + np.where(np.isin(rows, known), near, 0.0)
    return np.where((kinds == _PAGE) == (item.kind is CandidateKind.PAGE), scores, -np.inf)


def _common_words(one: str, other: str) -> float:
    """Return how much the first lines (label and caption of an object) share, from 0 to 1."""
    left, right = (content_stems(text.partition("\n")[0]) for text in (one, other))
    return len(left & right) / len(left | right) if left | right else 0.0


def _best_first(item: tuple[int, float]) -> tuple[float, int]:
    return -item[1], item[0]
