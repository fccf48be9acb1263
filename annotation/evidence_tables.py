"""Tables as people see them beside a question: what is quoted is marked, and what lies far from it is left out.

A person must see the quoted cells without scrolling a table inside a page. So of a long table the headers and the
quoted rows are shown, of a wide one the first column and the quoted ones, with neighbours where there is room for them.
A cell that reaches over several rows or columns covers what is shown of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from schemas.records import Cell

_WHOLE_ROWS: Final = 9
_WHOLE_COLUMNS: Final = 7
_GAP: Final = None
_GAP_SIGNS: Final = ("⋮", "⋯")

Line = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell on the grid that is shown: half-open ranges of places in its lines."""

    cell: Cell
    rows: range
    columns: range


def table_html(cells: Sequence[Cell], quoted: frozenset[tuple[int, int]]) -> str:
    """Return a table with its quoted cells marked, in a block of its own."""
    rows, columns = _rows(cells, quoted), _columns(cells, quoted)
    placed = [one for cell in cells if (one := _place(cell, rows, columns)) is not None]
    starts = {(one.rows.start, one.columns.start): one for one in placed}
    covered = {(row, column) for one in placed for row in one.rows for column in one.columns}
    lines = [_row(row, rows, columns, starts, covered, quoted) for row in range(len(rows))]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
    return f'<div class="cm-table"><table>{body}</table></div>'


def _rows(cells: Sequence[Cell], quoted: frozenset[tuple[int, int]]) -> Line:
    total = max((cell.row + cell.row_span for cell in cells), default=0)
    body = min((cell.row for cell in cells if not cell.header), default=total)
    return _shown(total, {row for row, _ in quoted}, always=set(range(body)), most=_WHOLE_ROWS)


def _columns(cells: Sequence[Cell], quoted: frozenset[tuple[int, int]]) -> Line:
    total = max((cell.col + cell.col_span for cell in cells), default=0)
    return _shown(total, {column for _, column in quoted}, always={0}, most=_WHOLE_COLUMNS)


def _shown(total: int, wanted: set[int], *, always: set[int], most: int) -> Line:
    """Return which rows or columns are shown, in order, with a gap where some are left out; all where none is wanted.

    >>> _shown(9, {5}, always={0}, most=7)
    (0, None, 4, 5, 6, None)
    """
    if total <= most or not wanted:
        return tuple(range(total))
    near = {number + step for number in wanted - always for step in (-1, 0, 1) if 0 <= number + step < total}
    chosen = sorted(always | near if len(always | near) <= most else always | wanted)
    line: list[int | None] = [chosen[0]] if chosen[0] == 0 else [_GAP, chosen[0]]
    for one, other in pairwise(chosen):
        line += [other] if other == one + 1 else [_GAP, other]
    return tuple(line if chosen[-1] == total - 1 else [*line, _GAP])


def _place(cell: Cell, rows: Line, columns: Line) -> _Placed | None:
    """Return where a cell stands among what is shown, or None where nothing of it is."""
    across = _covered(rows, cell.row, cell.row + cell.row_span)
    along = _covered(columns, cell.col, cell.col + cell.col_span)
    return _Placed(cell, across, along) if across and along else None


def _covered(line: Line, start: int, end: int) -> range:
    places = [place for place, number in enumerate(line) if number is not None and start <= number < end]
    return range(places[0], places[-1] + 1) if places else range(0)


def _row(
    row: int,
    rows: Line,
    columns: Line,
    starts: dict[tuple[int, int], _Placed],
    covered: set[tuple[int, int]],
    quoted: frozenset[tuple[int, int]],
) -> Iterator[str]:
    for column, number in enumerate(columns):
        found = starts.get((row, column))
        if found is not None:
            yield _cell_html(found, quoted)
        elif (row, column) not in covered:
            yield _empty(gap_row=rows[row] is _GAP, gap_column=number is _GAP, first=column == 0)


def _empty(*, gap_row: bool, gap_column: bool, first: bool) -> str:
    """Return a place that no cell covers; in a row that stands for others only the first has a sign."""
    if gap_row:
        return f'<td class="cm-gap">{_GAP_SIGNS[0] if first else ""}</td>'
    return f'<td class="cm-gap">{_GAP_SIGNS[1]}</td>' if gap_column else "<td></td>"


def _cell_html(placed: _Placed, quoted: frozenset[tuple[int, int]]) -> str:
    cell = placed.cell
    tag = "th" if cell.header else "td"
    spans = "".join(
        f' {name}="{len(places)}"'
        for name, places in (("rowspan", placed.rows), ("colspan", placed.columns))
        if len(places) > 1
    )
    text = escape(cell.text)
    inner = f"<mark>{text or '&nbsp;'}</mark>" if (cell.row, cell.col) in quoted else text
    return f"<{tag}{spans}>{inner}</{tag}>"
