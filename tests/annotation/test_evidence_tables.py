import re

import pytest

from annotation.evidence_tables import table_html
from schemas.records import Cell
from tests.annotation import task_material as example


def grid(rows: int, columns: int = 2) -> list[Cell]:
    return [
        Cell(row, column, f"r{row}c{column}", header=not (row and column))
        for row in range(rows)
        for column in range(columns)
    ]


def texts(html: str) -> list[list[str]]:
    return [re.findall(r"<t[dh][^>]*>(?:<mark>)?([^<]*)", line) for line in html.split("<tr>")[1:]]


def test_quoted_cells_are_marked_and_missing_ones_keep_their_column() -> None:
    html = table_html(example.elements()[example.TABLE].cells, frozenset({(1, 1)}))
    assert "<tr><td></td><th>2020</th></tr><tr><th>north</th><td><mark>7</mark></td></tr>" in html


def test_a_long_table_shows_headers_quoted_rows_and_their_neighbours() -> None:
    rows = texts(table_html(grid(40), frozenset({(0, 1), (20, 1)})))
    assert [row[0] for row in rows] == ["r0c0", "⋮", "r19c0", "r20c0", "r21c0", "⋮"]


def test_neighbours_give_way_where_many_rows_are_quoted() -> None:
    rows = texts(table_html(grid(40), frozenset({(row, 1) for row in (4, 10, 20, 39)})))
    assert [row[0] for row in rows] == ["r0c0", "⋮", "r4c0", "⋮", "r10c0", "⋮", "r20c0", "⋮", "r39c0"]


def test_a_wide_table_shows_its_first_column_and_the_quoted_ones() -> None:
    rows = texts(table_html(grid(3, 12), frozenset({(1, 9), (0, 9)})))
    assert rows[0] == ["r0c0", "⋯", "r0c8", "r0c9", "r0c10", "⋯"]
    assert rows[1] == ["r1c0", "⋯", "r1c8", "r1c9", "r1c10", "⋯"]


def test_a_heading_over_columns_reaches_over_those_that_are_shown() -> None:
    cells = [Cell(0, 0, "", header=True), Cell(0, 1, "years", col_span=11, header=True), *grid(3, 12)[12:]]
    html = table_html(cells, frozenset({(2, 9)}))
    assert '<th></th><td class="cm-gap">⋯</td><th colspan="3">years</th>' in html


@pytest.mark.parametrize(("quoted", "shown"), [((5, 1), ["r4", "r5", "r6"]), ((0, 0), ["r0", "r1"])])
def test_a_cell_over_several_rows_reaches_over_those_that_are_shown(quoted: tuple[int, int], shown: list[str]) -> None:
    cells = [Cell(0, 0, "wide", row_span=12), *(Cell(row, 1, f"r{row}") for row in range(12))]
    html = table_html(cells, frozenset({quoted}))
    assert [text for text in re.findall(r"r\d+", html.replace("rowspan", ""))] == shown
    assert f'<td rowspan="{len(shown)}">' in html


def test_a_table_of_which_nothing_is_quoted_is_shown_whole() -> None:
    assert [row[0] for row in texts(table_html(grid(40), frozenset()))] == [f"r{row}c0" for row in range(40)]


def test_every_quoted_cell_is_marked_whatever_the_table() -> None:
    cells = grid(60, 20)
    quoted = frozenset((row, column) for row in (1, 7, 30, 59) for column in (0, 3, 11, 19))
    assert table_html(cells, quoted).count("<mark>") == len(quoted)


def test_a_table_without_cells_is_empty() -> None:
    assert table_html([], frozenset({(1, 1)})) == '<div class="cm-table"><table></table></div>'
