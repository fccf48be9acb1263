"""Cells of a table that another tool gives as HTML."""

from html.parser import HTMLParser

from schemas.records import Cell

_MOST_SPANNED = 200


def parse_cells(html: str) -> tuple[Cell, ...]:
    """Return the cells of the first table in `html`, each at the place where it starts.

    >>> [(cell.row, cell.col, cell.text) for cell in parse_cells("<table><tr><th>a<td>1</tr></table>")]
    [(0, 0, 'a'), (0, 1, '1')]
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_cell()
    return tuple(reader.cells)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self._taken: set[tuple[int, int]] = set()
        self._row = -1
        self._open: tuple[bool, int, int] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_cell()
            self._row += 1
        elif tag in ("td", "th"):
            self.end_cell()
            spans = dict(attrs)
            self._open = tag == "th", _span(spans.get("rowspan")), _span(spans.get("colspan"))
        elif tag == "br":
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)

    def end_cell(self) -> None:
        """Take the cell that is open; HTML may leave it unclosed."""
        text, self._text = " ".join("".join(self._text).split()), []
        if self._open is None:
            return
        (header, rows, cols), self._open = self._open, None
        row, col = max(self._row, 0), 0
        while (row, col) in self._taken:
            col += 1
        self._taken |= {(row + down, col + right) for down in range(rows) for right in range(cols)}
        self.cells.append(Cell(row, col, text, rows, cols, header))


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPANNED) if value and value.isdecimal() else 1
