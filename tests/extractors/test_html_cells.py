import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.html_cells import parse_cells
from extractors.tables_html import render_html
from schemas.records import Cell


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("", ()),
        ("<p>no table</p>", ()),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", (
            Cell(0, 0, "a", header=True), Cell(0, 1, "b", header=True), Cell(1, 0, "1"), Cell(1, 1, "2"),
        )),
        ('<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>', (
            Cell(0, 0, "a", row_span=2), Cell(0, 1, "b"), Cell(1, 1, "c"),
        )),
        ('<tr><td colspan="x">1 &lt; 2<br>\n 3</td></tr>', (Cell(0, 0, "1 < 2 3"),)),
        ('<tr><td colspan="999999999">a', (Cell(0, 0, "a", col_span=200),)),
    ],
)  # fmt: skip
def test_cells_stand_where_html_puts_them(html: str, cells: tuple[Cell, ...]) -> None:
    assert parse_cells(html) == cells


@given(st.lists(st.lists(st.text("ab<&\"'é1", min_size=1), min_size=2, max_size=2), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_what_is_rendered_is_read_again(rows: list[list[str]]) -> None:
    cells = tuple(Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts))
    assert parse_cells(render_html(cells)) == cells
