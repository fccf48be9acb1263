"""Reading order: which columns a page has, and in what order its parts are read."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.geometry import Box

_MIN_SIDE = 3
_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Part:
    """Something that has a place in reading order: its box, and whether it is a line of text (or a whole region)."""

    bbox: Box
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float


def read_columns(parts: Sequence[Part], *, right_to_left: bool = False) -> list[list[int]]:
    """Return indices into `parts`, column by column in reading order, each column from top to bottom.

    A column ends where a part spans several of them, and goes on below it as a new one.
    """
    return _order(parts, list(range(len(parts))), right_to_left)


def _order(parts: Sequence[Part], indices: list[int], right_to_left: bool) -> list[list[int]]:
    indices = sorted(indices, key=lambda i: (parts[i].bbox.y0 + parts[i].bbox.y1, i))
    gutter = _find_gutter(parts, indices)
    if gutter is None:
        return [_top_down(parts, indices, right_to_left)] if indices else []
    columns: list[list[int]] = []
    for group, split in _zones(parts, indices, gutter):
        if not split:
            smaller = len(group) < len(indices)
            columns += _order(parts, group, right_to_left) if smaller else [_top_down(parts, group, right_to_left)]
            continue
        sides = _sides(parts, group, gutter)
        for side in (sides[1], sides[0]) if right_to_left else (sides[0], sides[1]):
            columns += _order(parts, side, right_to_left)
    return columns


def _top_down(parts: Sequence[Part], indices: list[int], right_to_left: bool) -> list[int]:
    """Return the indices row by row, lines that share a row from left to right."""
    rows: list[list[int]] = []
    for index in sorted(indices, key=lambda index: (_height_of(parts[index]), parts[index].bbox.x0, index)):
        if rows and parts[index].is_line and _same_row(parts[rows[-1][0]], parts[index]):
            rows[-1].append(index)
        else:
            rows.append([index])
    sign = -1 if right_to_left else 1
    return [i for row in rows for i in sorted(row, key=lambda i: (sign * parts[i].bbox.x0, i))]


def _height_of(part: Part) -> float:
    # A line is where its baseline is, so that a raised sign does not come before its word.
    return part.bbox.y1 - 0.5 * min(part.bbox.height, 12.0) if part.is_line else part.bbox.y0


def _same_row(a: Part, b: Part) -> bool:
    if not a.is_line:
        return False
    common = min(a.bbox.y1, b.bbox.y1) - max(a.bbox.y0, b.bbox.y0)
    return common > 0.55 * min(a.bbox.height, b.bbox.height)


def _zones(parts: Sequence[Part], indices: list[int], gutter: _Gutter) -> list[tuple[list[int], bool]]:
    """Cut the parts, which come from top to bottom, into zones that are split by the gutter and zones that are not.

    Neighbouring zones without columns become one, so that a gutter of their own can be found in it.
    """
    spanning: list[int] = []
    rest: list[int] = []
    for i in indices:
        (spanning if _crosses(parts[i].bbox, gutter) else rest).append(i)
    zones: list[tuple[list[int], bool]] = []
    at = 0
    for barrier in [*spanning, None]:
        group: list[int] = []
        while at < len(rest) and (barrier is None or _before(parts[rest[at]], parts[barrier])):
            group.append(rest[at])
            at += 1
        _add_zone(zones, group, _is_split(parts, group, gutter))
        if barrier is not None:
            _add_zone(zones, [barrier], False)
    return zones


def _before(part: Part, barrier: Part) -> bool:
    return part.bbox.y0 + part.bbox.y1 <= barrier.bbox.y0 + barrier.bbox.y1


def _add_zone(zones: list[tuple[list[int], bool]], group: list[int], split: bool) -> None:
    if group and zones and not split and not zones[-1][1]:
        zones[-1][0].extend(group)
    elif group:
        zones.append((group, split))


def _is_split(parts: Sequence[Part], group: list[int], gutter: _Gutter) -> bool:
    left, right = _sides(parts, group, gutter)
    return len(left) >= 2 and len(right) >= 2 and _common_height(parts, left, right) > 0


def _sides(parts: Sequence[Part], group: list[int], gutter: _Gutter) -> tuple[list[int], list[int]]:
    middle = (gutter.left + gutter.right) / 2
    left = [i for i in group if parts[i].bbox.center[0] < middle]
    return left, [i for i in group if parts[i].bbox.center[0] >= middle]


def _crosses(box: Box, gutter: _Gutter) -> bool:
    return box.x0 < gutter.left - 1 and box.x1 > gutter.right + 1


def _common_height(parts: Sequence[Part], left: list[int], right: list[int]) -> float:
    top = max(min(parts[i].bbox.y0 for i in side) for side in (left, right))
    bottom = min(max(parts[i].bbox.y1 for i in side) for side in (left, right))
    return bottom - top


def _find_gutter(parts: Sequence[Part], indices: list[int]) -> _Gutter | None:
    if len(indices) < 2 * _MIN_SIDE:
        return None
    size = _line_height(parts, indices)
    best: tuple[float, _Gutter] | None = None
    boxes = [parts[i].bbox for i in indices]
    for gutter in _candidates(parts, indices, 0.55 * size):
        if not _may_be_worth(boxes, gutter, best[0] if best else 0.0):
            continue
        value = _worth(parts, indices, gutter, size)
        if value > 0 and (best is None or value > best[0]):
            best = value, gutter
    return best[1] if best else None


def _line_height(parts: Sequence[Part], indices: list[int]) -> float:
    heights = sorted(parts[i].bbox.height for i in indices if parts[i].is_line)
    return heights[len(heights) // 2] if heights else 10.0


def _candidates(parts: Sequence[Part], indices: list[int], width: float) -> list[_Gutter]:
    """Return the white strips that the fewest parts cross, widest first among equals."""
    events = sorted(
        [(parts[i].bbox.x0, parts[i].bbox.height) for i in indices]
        + [(parts[i].bbox.x1, -parts[i].bbox.height) for i in indices]
    )
    strips: list[tuple[float, float, _Gutter]] = []
    covered = 0.0
    for (x, change), (following, _) in pairwise(events):
        covered += change
        if following - x >= width:
            strips.append((round(covered, 2), x - following, _Gutter(x, following)))
    strips.sort(key=lambda strip: strip[:2])
    return [strip[2] for strip in strips[:_CANDIDATES]]


def _may_be_worth(boxes: Sequence[Box], gutter: _Gutter, least: float) -> bool:
    """Say, cheaply, whether a gutter has parts enough on either side to be worth more than `least`."""
    start, end = gutter.left - 1, gutter.right + 1
    beside = [x0 + x1 for x0, _, x1, _ in boxes if x0 >= start or x1 <= end]
    middle = gutter.left + gutter.right
    left = sum([center < middle for center in beside])
    return min(left, len(beside) - left) >= _MIN_SIDE and len(beside) > least


def _worth(parts: Sequence[Part], indices: list[int], gutter: _Gutter, size: float) -> float:
    """Return how many lines stand in zones that the gutter splits into columns of text; 0 when it splits none."""
    total = 0.0
    for group, split in _zones(parts, indices, gutter):
        left, right = _sides(parts, group, gutter) if split else ([], [])
        tall = split and _common_height(parts, left, right) > 2.2 * size
        if tall and min(len(left), len(right)) >= _MIN_SIDE and _are_columns(parts, left, right):
            total += len(group)
    return total


def _are_columns(parts: Sequence[Part], left: list[int], right: list[int]) -> bool:
    """Tell columns of text from rows of short entries, which share baselines and do not fill their column."""
    if not all(_is_filled(parts, side) for side in (left, right)):
        tops = sorted(parts[i].bbox.y1 for i in right if parts[i].is_line)
        aligned = sum(1 for i in left if _has_near(tops, parts[i].bbox.y1))
        return aligned < 0.5 * len(left)
    return True


def _is_filled(parts: Sequence[Part], side: list[int]) -> bool:
    boxes = [parts[i].bbox for i in side]
    width = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    rows = len({round(box.y1 / 3) for box in boxes})
    return sum(box.width for box in boxes) >= 0.6 * width * rows and width > 40


def _has_near(values: Sequence[float], wanted: float) -> bool:
    place = bisect_left(values, wanted - 2.0)
    return place < len(values) and values[place] < wanted + 2.0
