"""Captions tied to their tables and figures: one to one, by kind and place, at the least total cost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.geometry import Box, overlap
from schemas.kinds import ElementKind
from schemas.records import Element

_OBJECTS = (ElementKind.TABLE, ElementKind.FIGURE)
_TEXT_BETWEEN = 60.0
_OBJECT_BETWEEN = 150.0
# On the side where captions of that kind seldom, or in this document never, stand.
_WRONG_SIDE = 24.0
_NEVER_THERE = 72.0
_SURE_VOTES = 3
_OTHER_KIND = 90.0
_INSIDE_OTHER = 40.0
_LIMIT = 260.0
_NEITHER_KIND = ("Exhibit", "Box")


@dataclass(frozen=True, slots=True)
class Tie:
    """A caption tied to an object, by their places in the sequence of elements; `cost` in points."""

    caption: int
    target: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Pair:
    caption: int
    target: int
    gap: float
    above: bool


@dataclass(frozen=True, slots=True)
class _Side:
    """Where the captions of a kind usually stand, and what it costs to stand on the other side, in points."""

    above: bool
    cost_of_other: float


def tie_captions(elements: Sequence[Element], kinds: Mapping[int, ElementKind]) -> list[Tie]:
    """Return the ties of captions to tables and figures.

    Args:
        elements: all elements of a document, any order within a page.
        kinds: for the place of each caption, what its label names (table or figure).
    """
    pages: dict[int, list[int]] = defaultdict(list)
    for index, element in enumerate(elements):
        pages[element.page_index].append(index)
    pairs = {page: _pairs(elements, indices, kinds) for page, indices in pages.items()}
    sides = _usual_sides(elements, pairs.values(), kinds)
    ties: list[Tie] = []
    for page in sorted(pages):
        costs = {
            (pair.caption, pair.target): cost
            for pair in pairs[page]
            if (cost := _cost(elements, pair, pages[page], kinds, sides)) < _LIMIT
        }
        ties += [Tie(caption, target, costs[caption, target]) for caption, target in assign(costs)]
    return ties + _across_pages(elements, pages, kinds, ties)


def _pairs(elements: Sequence[Element], indices: Sequence[int], kinds: Mapping[int, ElementKind]) -> list[_Pair]:
    captions = [i for i in indices if i in kinds]
    objects = [i for i in indices if elements[i].kind in _OBJECTS]
    return [
        _Pair(c, o, _gap(elements[c].bbox, elements[o].bbox), elements[c].bbox.center[1] < elements[o].bbox.center[1])
        for c in captions
        for o in objects
    ]


def _gap(caption: Box, target: Box) -> float:
    """Return the distance in points; what stands beside or aslant counts as further away."""
    across = max(target.x0 - caption.x1, caption.x0 - target.x1)
    down = max(target.y0 - caption.y1, caption.y0 - target.y1)
    if across <= 0:
        return max(down, 0.0) + _offset(caption, target)
    if down <= 0:
        return 10.0 + across
    return 60.0 + across + down


def _offset(caption: Box, target: Box) -> float:
    """Return a small cost for a caption that is not centred on, nor aligned with, its object."""
    shift = min(abs(caption.center[0] - target.center[0]), abs(caption.x0 - target.x0))
    return min(0.05 * shift, 12.0)


def _usual_sides(
    elements: Sequence[Element], pairs: Iterable[Sequence[_Pair]], kinds: Mapping[int, ElementKind]
) -> dict[ElementKind, _Side]:
    """Return for each kind on which side captions stand, as far as pages with one of each tell."""
    votes: dict[ElementKind, Counter[bool]] = {kind: Counter() for kind in _OBJECTS}
    for page in pairs:
        for kind in _OBJECTS:
            alike = [p for p in page if kinds[p.caption] is kind and elements[p.target].kind is kind]
            if len(alike) == 1 and alike[0].gap < 60:
                votes[kind][alike[0].above] += 1
    return {
        ElementKind.TABLE: _side(votes[ElementKind.TABLE], otherwise=True),
        ElementKind.FIGURE: _side(votes[ElementKind.FIGURE], otherwise=False),
    }


def _side(votes: Counter[bool], *, otherwise: bool) -> _Side:
    above = otherwise if votes[True] == votes[False] else votes[True] > votes[False]
    sure = votes[above] >= _SURE_VOTES and not votes[not above]
    return _Side(above, _NEVER_THERE if sure else _WRONG_SIDE)


def _cost(
    elements: Sequence[Element],
    pair: _Pair,
    indices: Sequence[int],
    kinds: Mapping[int, ElementKind],
    sides: Mapping[ElementKind, _Side],
) -> float:
    caption, target = elements[pair.caption], elements[pair.target]
    cost = pair.gap
    if kinds[pair.caption] is not target.kind and not (caption.label or "").startswith(_NEITHER_KIND):
        cost += _OTHER_KIND
    if sides[target.kind].above != pair.above:
        cost += sides[target.kind].cost_of_other
    for index in indices:
        other = elements[index]
        if index in (pair.caption, pair.target):
            continue
        if _between(caption.bbox, target.bbox, other.bbox):
            cost += _OBJECT_BETWEEN if other.kind in _OBJECTS else _TEXT_BETWEEN
        elif other.kind in _OBJECTS and target.bbox.area < other.bbox.area and overlap(target.bbox, other.bbox) > 0.8:
            cost += _INSIDE_OTHER
    return cost


def _between(a: Box, b: Box, other: Box) -> bool:
    top, bottom = min(a.y1, b.y1), max(a.y0, b.y0)
    left, right = max(a.x0, b.x0), min(a.x1, b.x1)
    across = min(right, other.x1) - max(left, other.x0)
    return bottom > top and top - 1 <= other.center[1] <= bottom + 1 and across > 0


def assign(costs: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the one-to-one pairs that tie as many as possible at the least total cost, sorted.

    Cheapest augmenting paths, one row after another; pages hold a handful of each, so cubic time does not matter.
    """
    rows = sorted({row for row, _ in costs})
    # Going without is a place of its own, dearer than all others together.
    without = 1.0 + sum(costs.values())
    padded = dict(costs) | {(row, -1 - row): without for row in rows}
    partner: dict[int, int] = {}
    for row in rows:
        for left, right in _augment(row, padded, partner):
            partner[right] = left
    return sorted((row, column) for column, row in partner.items() if column >= 0)


def _augment(start: int, costs: Mapping[tuple[int, int], float], partner: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return the pairs to set so that `start` gets a column, by shortest path over swaps (Bellman-Ford)."""
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {}
    frontier: dict[int, tuple[float, list[tuple[int, int]]]] = {start: (0.0, [])}
    while frontier:
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for row, (spent, path) in sorted(frontier.items()):
            for (other, column), cost in sorted(costs.items()):
                if other != row or partner.get(column) == row:
                    continue
                total, here = spent + cost, [*path, (row, column)]
                if column in best and best[column][0] <= total + 1e-9:
                    continue
                best[column] = total, here
                owner = partner.get(column)
                if owner is not None:
                    following[owner] = total - costs[owner, column], here
        frontier = following
    free = [(total, column, path) for column, (total, path) in best.items() if column not in partner]
    return min(free, key=lambda item: item[:2])[2] if free else []


def _across_pages(
    elements: Sequence[Element],
    pages: Mapping[int, Sequence[int]],
    kinds: Mapping[int, ElementKind],
    ties: Sequence[Tie],
) -> list[Tie]:
    """Tie a caption without an object on its page to the one untied object of that kind on a facing page."""
    tied = {tie.caption for tie in ties} | {tie.target for tie in ties}
    found: list[Tie] = []
    for caption in sorted(set(kinds) - tied):
        page = elements[caption].page_index
        lonely = [
            index
            for near in (page - 1, page + 1)
            for index in pages.get(near, ())
            if elements[index].kind is kinds[caption] and index not in tied and _is_large(elements, pages[near], index)
        ]
        if len(lonely) == 1:
            found.append(Tie(caption, lonely[0], _LIMIT))
            tied.update((caption, lonely[0]))
    return found


def _is_large(elements: Sequence[Element], page: Sequence[int], index: int) -> bool:
    """Tell whether an object takes up most of what is printed on its page."""
    total = sum(elements[i].bbox.area for i in page)
    return elements[index].bbox.area > 0.7 * total
