"""Cells that are told apart by their shading, and shading that only sets off the words of a ruled cell."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from extractors.grids import Grid
from extractors.raw import RawPath
from schemas.geometry import Box

_CELL_WIDTH = 15.0
_CELL_HEIGHT = 7.0
_SNAP = 2.5


def shaded_boxes(paths: Iterable[RawPath]) -> list[Box]:
    """Return the filled boxes of the size of a cell."""
    return [
        path.bbox
        for path in paths
        if path.filled and path.segments == 4 and not path.curves and _is_large_enough(path.bbox)
    ]


def without_insets(shades: Sequence[Box], ruled: Iterable[Grid]) -> list[Box]:
    """Leave out shading that stands alone in the width of a ruled cell and does not reach both of its sides.

    It lies behind the lines of a cell's text; its edges are no rules. Shades side by side in one cell part it.
    """
    held: dict[Box, list[Box]] = defaultdict(list)
    for grid in ruled:
        slots = _slots_by_face(grid)
        for shade in shades:
            if (slot := slots.get(_face(grid, shade))) is not None:
                held[slot].append(shade)
    insets = {
        shade
        for slot, inside in held.items()
        if max(shade.x0 for shade in inside) < min(shade.x1 for shade in inside)
        for shade in inside
        if _is_inset(shade, slot)
    }
    return [shade for shade in shades if shade not in insets]


def edges(shades: Iterable[Box]) -> list[Box]:
    """Return the four sides of each box."""
    return [
        side
        for x0, y0, x1, y1 in shades
        for side in (Box(x0, y0, x1, y0), Box(x0, y1, x1, y1), Box(x0, y0, x0, y1), Box(x1, y0, x1, y1))
    ]


def _is_large_enough(bbox: Box) -> bool:
    return bbox.width >= _CELL_WIDTH and bbox.height >= _CELL_HEIGHT


def _slots_by_face(grid: Grid) -> dict[tuple[int, int], Box]:
    return {
        (row, col): Box(
            grid.columns[slot.col],
            grid.rows[slot.row],
            grid.columns[slot.col + slot.col_span],
            grid.rows[slot.row + slot.row_span],
        )
        for slot in grid.slots
        for row in range(slot.row, slot.row + slot.row_span)
        for col in range(slot.col, slot.col + slot.col_span)
    }


def _face(grid: Grid, shade: Box) -> tuple[int, int]:
    """Return the row and the column of a grid in which the middle of a box lies; outside of it, a place it has not."""
    x, y = shade.center
    return bisect_right(grid.rows, y) - 1, bisect_right(grid.columns, x) - 1


def _is_inset(shade: Box, slot: Box) -> bool:
    within = shade.x0 > slot.x0 - _SNAP and shade.x1 < slot.x1 + _SNAP
    return within and (shade.x0 > slot.x0 + _SNAP or shade.x1 < slot.x1 - _SNAP)
