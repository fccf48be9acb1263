"""A table's cells as HTML: rows and cells with their spans and nothing else."""

from collections.abc import Sequence
from html import escape

from schemas.records import Cell


def render_html(cells: Sequence[Cell]) -> str:
    """Return an HTML table; places that no cell covers become blank cells, so that columns stay in line.

    >>> render_html([Cell(0, 0, "a", col_span=2, header=True), Cell(1, 1, "1 < 2")])
    '<table><tr><th colspan="2">a</th></tr><tr><td></td><td>1 &lt; 2</td></tr></table>'
    """
    if not cells:
        return "<table></table>"
    height = max(cell.row + cell.row_span for cell in cells)
    width = max(cell.col + cell.col_span for cell in cells)
    starts = {(cell.row, cell.col): cell for cell in cells}
    covered = _covered(cells)
    rows = (
        "".join(_render(starts.get((row, col))) for col in range(width) if (row, col) not in covered)
        for row in range(height)
    )
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _covered(cells: Sequence[Cell]) -> set[tuple[int, int]]:
    """Return the places that a span covers besides the one where it starts."""
    return {
        (row, col)
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
        if (row, col) != (cell.row, cell.col)
    }


def _render(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    tag = "th" if cell.header else "td"
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.row_span), ("colspan", cell.col_span)) if count > 1
    )
    return f"<{tag}{spans}>{escape(cell.text, quote=False)}</{tag}>"
