"""Which lines of words make one row of a table: cells of several lines put together, rows that were merged parted."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractors.grids import Grid, text_lines_of
from extractors.raw import RawWord
from extractors.tables_headers import is_number

_FEWEST_COLUMNS = 3
_LEADING = 1.35
_SPACE = 0.45
_OMITTED = frozenset({"...", "…", "⋮", ". . .", ".."})

_Line = Sequence[RawWord]


def wrapped_rows(lines: Sequence[_Line], columns: Sequence[float]) -> list[list[_Line]]:
    """Return lines as rows: a line of words only, with nothing in the first column, goes on the row above it.

    Args:
        lines: the lines of a table, top to bottom.
        columns: the boundaries of its columns, without the outer ones.
    """
    steps = [_middle(below) - _middle(above) for above, below in pairwise(lines)]
    usual = median(steps) if steps else 0.0
    rows: list[list[_Line]] = []
    for number, line in enumerate(lines):
        cells = _cells(line, columns)
        tight = number > 0 and steps[number - 1] <= usual * 1.05
        words = not any(is_number(text) for text in cells.values())
        above = _cells(rows[-1][0], columns) if rows else {}
        if tight and words and 0 not in cells and 0 in above and _goes_on(cells, above) and _breathes(steps, usual):
            rows[-1].append(line)
        else:
            rows.append([line])
    return _with_heading_joined(rows, columns)


def _with_heading_joined(rows: list[list[_Line]], columns: Sequence[float]) -> list[list[_Line]]:
    """Put the lines of a heading together that stand close above the first row of figures, each word in one column."""
    body = next((place for place, row in enumerate(rows) if _is_figures(row[0], columns)), 0)
    top = body - 1
    while top > 0 and _is_close(rows[top - 1][-1], rows[top][0]) and not _spans(rows[top - 1][-1], columns):
        top -= 1
    if body < 2 or top == body - 1 or any(_spans(line, columns) for row in rows[top:body] for line in row):
        return rows
    return [*rows[:top], [line for row in rows[top:body] for line in row], *rows[body:]]


def _is_figures(line: _Line, columns: Sequence[float]) -> bool:
    texts = [text for place, text in _cells(line, columns).items() if place]
    return sum(map(is_number, texts)) > 0.5 * len(texts)


def _is_close(above: _Line, below: _Line) -> bool:
    height = median(word.bbox.height for word in below)
    return _middle(below) - _middle(above) < _LEADING * height


def _spans(line: _Line, columns: Sequence[float]) -> bool:
    """Say whether words of a line stand across the boundary of two columns, alone or close together."""
    stretches: list[tuple[float, float]] = []
    for word in line:
        if stretches and word.bbox.x0 - stretches[-1][1] < _SPACE * word.bbox.height:
            stretches[-1] = (stretches[-1][0], word.bbox.x1)
        else:
            stretches.append((word.bbox.x0, word.bbox.x1))
    return any(start < column - 1 and column + 1 < end for start, end in stretches for column in columns)


def with_rows_parted(grid: Grid, words: Sequence[RawWord]) -> Grid:
    """Return an open grid with the rows parted that hold several lines of figures in the same columns."""
    if grid.slots or len(grid.columns) - 1 < _FEWEST_COLUMNS:
        return grid
    rows = [grid.rows[0]]
    inner = grid.columns[1:-1]
    for top, bottom in pairwise(grid.rows):
        lines = text_lines_of([word for word in words if top <= word.bbox.center[1] < bottom])
        rows += [_between(above, below) for above, below in pairwise(lines) if _are_alike(above, below, inner)]
        rows.append(bottom)
    if any(below <= above for above, below in pairwise(rows)):
        return grid
    return replace(grid, rows=tuple(rows))


def _are_alike(above: _Line, below: _Line, columns: Sequence[float]) -> bool:
    """Say whether two lines fill the same columns, three at least, the lower one mostly with figures or omissions."""
    first, second = _cells(above, columns), _cells(below, columns)
    if first.keys() != second.keys() or len(second) < _FEWEST_COLUMNS:
        return False
    figures = sum(1 for text in second.values() if is_number(text) or text in _OMITTED)
    return figures >= 0.5 * len(second)


def _between(above: _Line, below: _Line) -> float:
    return (max(word.bbox.y1 for word in above) + min(word.bbox.y0 for word in below)) / 2


def _goes_on(cells: dict[int, str], above: dict[int, str]) -> bool:
    return bool(cells) and cells.keys() <= above.keys() and not any(is_number(above[place]) for place in cells)


def _breathes(steps: Sequence[float], usual: float) -> bool:
    """Say whether some rows stand further apart than lines do, so that close lines may be those of one cell."""
    return sum(step > 1.2 * usual for step in steps) >= 2


def _cells(line: _Line, columns: Sequence[float]) -> dict[int, str]:
    """Return the text of a line by column."""
    cells: dict[int, str] = {}
    for word in line:
        place = sum(column <= word.bbox.center[0] for column in columns)
        cells[place] = f"{cells[place]} {word.text}" if place in cells else word.text
    return cells


def _middle(line: _Line) -> float:
    return median(word.bbox.center[1] for word in line)
