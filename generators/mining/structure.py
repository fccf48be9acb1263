"""Neighbours by structure: what stands near the evidence and looks like it, and does not answer."""

from collections.abc import Iterable, Sequence
from typing import Final

from generators.checks.wording import content_stems
from generators.mining.pool_file import Pool, PoolEntry
from generators.mining.ranking import Hit
from schemas.kinds import CandidateKind

_SAME_HEADERS: Final = 2.0
_SAME_SECTION: Final = 1.0
_NEXT_PAGE: Final = 0.5
_SAME_KIND: Final = 0.25
_HEADERS_HELD: Final = 200


def structural_neighbours(pool: Pool, positives: Sequence[PoolEntry], depth: int) -> list[Hit]:
    """Return the candidates that are nearest in structure to any of the positives, best first.

    Counted are the same column headers (in any document), the same section, the same or the next page, the same kind
    and common words of the label and caption. Pages are neighbours of pages alone.
    """
    best: dict[int, float] = {}
    for positive in positives:
        for row in _related(pool, positive):
            score = _likeness(pool.entry(row), positive)
            if score > _SAME_KIND:
                best[row] = max(score, best.get(row, 0.0))
    ordered = sorted(best.items(), key=_best_first)[:depth]
    return [Hit(row, score) for row, score in ordered]


def _related(pool: Pool, positive: PoolEntry) -> Iterable[int]:
    rows = set(pool.by_document.get(positive.item.doc_id, ()))
    rows.update(pool.by_headers.get(positive.headers, ())[:_HEADERS_HELD])
    return sorted(rows - {pool.rows.get(positive.item.candidate_id, -1)})


def _likeness(candidate: PoolEntry, positive: PoolEntry) -> float:
    one, other = candidate.item, positive.item
    if (one.kind is CandidateKind.PAGE) is not (other.kind is CandidateKind.PAGE):
        return 0.0
    score = _SAME_KIND if one.kind is other.kind else 0.0
    if positive.headers and candidate.headers == positive.headers:
        score += _SAME_HEADERS
    if one.doc_id != other.doc_id:
        return score
    if one.section_path and one.section_path == other.section_path:
        score += _SAME_SECTION
    if _pages_apart(one.page_indices, other.page_indices) <= 1:
        score += _NEXT_PAGE
    return score + _common_words(one.text, other.text)


def _common_words(one: str, other: str) -> float:
    """Return how much the first lines (label and caption of an object) share, from 0 to 1."""
    left, right = (content_stems(text.partition("\n")[0]) for text in (one, other))
    return len(left & right) / len(left | right) if left | right else 0.0


def _pages_apart(one: Sequence[int], other: Sequence[int]) -> int:
    return min((abs(a - b) for a in one for b in other), default=99)


def _best_first(item: tuple[int, float]) -> tuple[float, int]:
    return -item[1], item[0]
