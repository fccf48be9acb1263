"""Tables that are ruled: the grid that level and upright rules enclose."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from extractors.grids import Grid, Slot
from extractors.raw import RawPage
from extractors.tables_rules import page_rules
from extractors.tables_shading import edges, shaded_boxes, without_insets
from schemas.geometry import Box

_SNAP = 2.5
_JOIN = 3.0
_MOST_RULES = 8000
# Hatching and maps have more; so many take about a tenth of a second to go through.
_MOST_CROSSINGS = 200_000
_MOST_FACES = 20_000
_OPEN_SHARE = 0.6
_CELL_WIDTH = 15.0


class _Line(NamedTuple):
    """A rule along one axis: at `at`, from `start` to `end`."""

    at: float
    start: float
    end: float


def page_grids(page: RawPage) -> list[Grid]:
    """Return the grids of a page, those of its rules and those of cells that are told apart by their shading."""
    return page.once("grids", partial(_find_page_grids, page))


def _find_page_grids(page: RawPage) -> list[Grid]:
    rules = page_rules(page)
    shades = shaded_boxes(page.paths)
    ruled = find_grids(rules)
    return find_grids((*rules, *edges(without_insets(shades, ruled)))) if shades else ruled


def find_grids(rules: Sequence[Box]) -> list[Grid]:
    """Return the grids of at least two cells that the rules of a page enclose, top to bottom."""
    if len(rules) > _MOST_RULES:
        return []
    level = _joined(_Line(rule.center[1], rule.x0, rule.x1) for rule in rules if rule.width >= rule.height)
    upright = _joined(_Line(rule.center[0], rule.y0, rule.y1) for rule in rules if rule.height > rule.width)
    if len(level) * len(upright) > _MOST_CROSSINGS:
        return []
    grids = [_grid(*part) for part in _components(level, upright)]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: (grid.rows[0], grid.columns[0]))


def _joined(lines: Iterable[_Line]) -> list[_Line]:
    """Put the pieces of a broken rule together, and rules drawn twice."""
    merged: list[_Line] = []
    for group in _snapped(sorted(lines)):
        at = sum(line.at for line in group) / len(group)
        pieces = sorted((line.start, line.end) for line in group)
        start, end = pieces[0]
        for begin, stop in pieces[1:]:
            if begin <= end + _JOIN:
                end = max(end, stop)
            else:
                merged.append(_Line(at, start, end))
                start, end = begin, stop
        merged.append(_Line(at, start, end))
    return merged


def _snapped(lines: Sequence[_Line]) -> list[list[_Line]]:
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and line.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _components(level: Sequence[_Line], upright: Sequence[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """Return the sets of rules that hang together by crossing, as (level, upright)."""
    parent = list(range(len(level) + len(upright)))
    ordered = sorted((down.at, j) for j, down in enumerate(upright))
    places = [at for at, _ in ordered]
    for i, across in enumerate(level):
        between = slice(bisect_left(places, across.start - _JOIN), bisect_right(places, across.end + _JOIN))
        for _, j in ordered[between]:
            if upright[j].start - _JOIN <= across.at <= upright[j].end + _JOIN:
                _unite(parent, i, len(level) + j)
    parts: dict[int, tuple[list[_Line], list[_Line]]] = defaultdict(lambda: ([], []))
    for i, line in enumerate(level):
        parts[_root(parent, i)][0].append(line)
    for j, line in enumerate(upright):
        parts[_root(parent, len(level) + j)][1].append(line)
    return [part for part in parts.values() if len(part[0]) >= 2 and len(part[1]) >= 2]


def _root(parent: list[int], item: int) -> int:
    while parent[item] != item:
        parent[item] = parent[parent[item]]
        item = parent[item]
    return item


def _unite(parent: list[int], a: int, b: int) -> None:
    parent[_root(parent, a)] = _root(parent, b)


def _grid(level: Sequence[_Line], upright: Sequence[_Line]) -> Grid | None:
    upright = [*upright, *_open_sides(level, upright)]
    rows = _positions(level)
    columns = _positions(upright)
    if len(rows) < 2 or len(columns) < 2 or len(rows) + len(columns) < 5 or len(rows) * len(columns) > _MOST_FACES:
        return None
    slots = _slots(rows, columns, level, upright)
    return Grid(tuple(rows), tuple(columns), tuple(slots)) if len(slots) >= 2 else None


def _open_sides(level: Sequence[_Line], upright: Sequence[_Line]) -> list[_Line]:
    """Return the sides that a table without outer upright rules would have: where most of its level rules end."""
    top, bottom = min(line.at for line in level), max(line.at for line in level)
    first, last = min(line.at for line in upright), max(line.at for line in upright)
    start, end = min(line.start for line in level), max(line.end for line in level)
    needed = max(_OPEN_SHARE * len(level), 3)
    sides = []
    if start < first - _CELL_WIDTH and sum(line.start < start + _JOIN for line in level) >= needed:
        sides.append(_Line(start, top, bottom))
    if end > last + _CELL_WIDTH and sum(line.end > end - _JOIN for line in level) >= needed:
        sides.append(_Line(end, top, bottom))
    return sides


def _positions(lines: Iterable[_Line]) -> list[float]:
    positions: list[float] = []
    for at in sorted(line.at for line in lines):
        if not positions or at - positions[-1] > _SNAP:
            positions.append(at)
    return positions


def _slots(
    rows: Sequence[float], columns: Sequence[float], level: Sequence[_Line], upright: Sequence[_Line]
) -> list[Slot]:
    """Return the enclosed cells: unit faces that no rule parts belong together, if they make a rectangle."""
    height, width = len(rows) - 1, len(columns) - 1
    walls, floors = _by_position(upright, columns), _by_position(level, rows)
    parent = list(range(height * width))
    for row in range(height):
        for col in range(width):
            middle_x = (columns[col] + columns[col + 1]) / 2
            middle_y = (rows[row] + rows[row + 1]) / 2
            if col + 1 < width and not _covers(walls[col + 1], middle_y):
                _unite(parent, row * width + col, row * width + col + 1)
            if row + 1 < height and not _covers(floors[row + 1], middle_x):
                _unite(parent, row * width + col, (row + 1) * width + col)
    faces: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for face in range(height * width):
        faces[_root(parent, face)].append(divmod(face, width))
    return [slot for part in faces.values() for slot in _rectangles(part)]


def _by_position(lines: Iterable[_Line], positions: Sequence[float]) -> list[list[_Line]]:
    """Return the lines at each position."""
    found: list[list[_Line]] = [[] for _ in positions]
    for line in lines:
        first = bisect_left(positions, line.at - _SNAP)
        for place in range(first, bisect_right(positions, line.at + _SNAP)):
            found[place].append(line)
    return found


def _covers(lines: Iterable[_Line], middle: float) -> bool:
    return any(line.start - 1 <= middle <= line.end + 1 for line in lines)


def _rectangles(part: Sequence[tuple[int, int]]) -> list[Slot]:
    first_row, last_row = part[0][0], part[-1][0]
    first_col, last_col = min(col for _, col in part), max(col for _, col in part)
    height, width = last_row - first_row + 1, last_col - first_col + 1
    if height * width == len(part):
        return [Slot(first_row, first_col, height, width)]
    return [Slot(row, col) for row, col in part]
