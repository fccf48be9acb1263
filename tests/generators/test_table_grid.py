from generators.table_faults import TableFault, suitability
from generators.table_grid import ColumnKind, read_grid
from schemas.records import Cell


def cells_of(text: str) -> tuple[Cell, ...]:
    """Make cells of lines with columns between bars; `<` continues the cell to the left."""
    cells: list[Cell] = []
    for row, line in enumerate(text.strip().splitlines()):
        parts = [part.strip() for part in line.split("|")]
        for col, part in enumerate(parts):
            if part != "<":
                span = next((at for at, later in enumerate(parts[col + 1 :], 1) if later != "<"), len(parts) - col)
                cells.append(Cell(row, col, part, col_span=span))
    return tuple(cells)


SALES = """
Country | Sales (bn euros) | Stores
Austria | 1.5 | 120
Belgium | 2.5 | 90
Cyprus  | 0.5 | n.a.
Total   | 4.5 | 210
"""

LEVELS = """
        | Sample | <    | Population | <
        | 1993   | 1994 | 1993       | 1994
Male    |        |      |            |
North   | 1      | 2    | 3          | 4
South   | 5      | 6    | 7          | 8
"""


def test_headers_units_labels_and_totals_are_understood() -> None:
    grid = read_grid(cells_of(SALES))
    assert (grid.header_rows, grid.stub_head) == (1, "Country")
    assert [column.kind for column in grid.columns] == [ColumnKind.STUB, ColumnKind.NUMBERS, ColumnKind.NUMBERS]
    assert (grid.columns[1].measure.unit, grid.columns[1].measure.scale_word) == ("euros", "billion")
    assert [(row.label, row.total) for row in grid.rows][2:] == [("Cyprus", False), ("Total", True)]
    assert grid.columns[2].missing == 1
    assert suitability(grid) == ()


def test_header_levels_join_and_sections_name_their_rows() -> None:
    grid = read_grid(cells_of(LEVELS))
    assert [column.header for column in grid.columns[1:]] == [
        ("Sample", "1993"),
        ("Sample", "1994"),
        ("Population", "1993"),
        ("Population", "1994"),
    ]
    assert [(row.label, row.section) for row in grid.rows] == [("North", "Male"), ("South", "Male")]


def test_years_as_the_first_row_are_headers_and_as_labels_are_rows() -> None:
    grid = read_grid(cells_of("Item | 2001 | 2002\nApples | 5 | 7\nPears | 6 | 9"))
    assert [column.header for column in grid.columns[1:]] == [("2001",), ("2002",)]
    grid = read_grid(cells_of("Year | Sales\n2001 | 5\n2002 | 7"))
    assert [row.label for row in grid.rows] == ["2001", "2002"]


def test_a_caption_states_the_unit_of_all_columns() -> None:
    grid = read_grid(cells_of("Item | North | South\nApples | 5 | 7\nPears | 6 | 9"), caption="Sales (in thousands)")
    assert [column.measure.scale_word for column in grid.number_columns] == ["thousand", "thousand"]


def test_decimal_commas_are_decided_by_column() -> None:
    grid = read_grid(cells_of("Item | Price\nApples | 1.234\nPears | 12,5\nPlums | 0,75"))
    quantity = grid.quantity(1, 1)
    assert quantity is not None
    assert quantity.value == 1234


def test_rows_that_add_up_to_another_are_found_without_a_word_for_total() -> None:
    grid = read_grid(cells_of("Region | Pupils\nNorth | 300\nMaine | 120\nVermont | 180\nTexas | 999"))
    assert grid.aggregates == {1}


def test_labels_broken_over_two_rows_name_neither() -> None:
    grid = read_grid(cells_of("Item | A | B\nApples | 1 | 2\nPears from | 3 | 4\nthe north | 5 | 6\nPlums | 7 | 8"))
    assert [row.label for row in grid.rows] == ["Apples", "", "", "Plums"]


def test_doubtful_tables_are_refused_with_their_reasons() -> None:
    refused = {
        "Apples | 5 | 7\nPears | 6 | 9": TableFault.NO_HEADER,
        "Item | Mean | Mean\nApples | 5 | 7\nPears | 6 | 9": TableFault.HEADER_REPEATED,
        "Item | Note\nApples | red\nPears | green": TableFault.NO_NUMBERS,
        "Item | Mean\nApples | 5": TableFault.TOO_SMALL,
        "Item | Mean | Low\nApples | 5 7 | 3\nPears | 6 9 | 4": TableFault.MERGED_NUMBERS,
        "Item | Mean | Low\n | 5 | 3\n | 6 | 4\nApples | 2 | 1": TableFault.UNNAMED_ROWS,
        "Item | Mean\nx = y | 5\na_1 | 4": TableFault.MATHEMATICAL,
        "Section | Page\nOne | 5\nTwo | 8": TableFault.CONTENTS,
    }
    for text, fault in refused.items():
        assert fault in suitability(read_grid(cells_of(text))), text


def test_rows_beside_a_centred_group_label_stay_unnamed() -> None:
    rows = " | Low | 1 | 2\nFuel | High | 3 | 4\n | Low | 5 | 6\nIdle | High | 7 | 8"
    grid = read_grid(cells_of("Kind | Level | A | B\n" + rows))
    assert [row.label for row in grid.rows] == ["", "High, Fuel", "", "High, Idle"]


def test_cells_that_overlap_are_refused() -> None:
    cells = (*cells_of(SALES), Cell(1, 1, "again"))
    assert TableFault.OVERLAPPING in suitability(read_grid(cells))


GROUPS = """
           | Intercept |      |      | Slope |     |
           | Bias | RMSE | Bias | RMSE
Small      | 0.11 | 0.12 | 0.13 | 0.14
Large      | 0.21 | 0.22 | 0.23 | 0.24
"""


def test_groups_that_head_the_same_columns_again_hold_all_of_theirs() -> None:
    grid = read_grid(cells_of(GROUPS.replace("Slope |     |", "Slope")))
    assert [column.header for column in grid.columns[1:]] == [
        ("Intercept", "Bias"),
        ("Intercept", "RMSE"),
        ("Slope", "Bias"),
        ("Slope", "RMSE"),
    ]
    assert suitability(grid) == ()


def test_groups_over_columns_of_other_names_keep_to_where_they_stand() -> None:
    grid = read_grid(cells_of(" | Intercept | | Slope\n | Bias | RMSE | Bias | MAE\nSmall | 0.1 | 0.2 | 0.3 | 0.4"))
    assert [column.header for column in grid.columns[1:3]] == [("Intercept", "Bias"), ("RMSE",)]
    assert read_grid(cells_of("A | \n | \nB | 1\nC | 2")).width == 2


def test_the_sign_over_a_number_with_its_share_is_that_of_the_share() -> None:
    grid = read_grid(cells_of("Cluster | Women (%)\nSciences | 63 (18.5%)\nArts | 77 (22.6%)"))
    assert (grid.columns[1].kind, grid.columns[1].measure.unit) == (ColumnKind.NUMBERS, None)
    assert grid.columns[1].header == ("Women",)


def test_a_label_in_two_lines_heads_no_group() -> None:
    grid = read_grid(cells_of("Factor | Number | Rank\nRelative covariance | 4 | 1\nfactor |  | \nWeights | 5 | 2"))
    assert [(row.label, row.section) for row in grid.rows] == [("", None), ("Weights", None)]


def test_groups_of_groups_head_the_columns_that_repeat_below_them() -> None:
    """As a report prints them: each heading centred over its columns, in the cell of one of them."""
    grid = read_grid(
        cells_of(
            " | | | Women | | | | Men | \n"
            "Age group | Hispanic | | non-Hispanic | | Hispanic | | non-Hispanic | \n"
            " | no. | Rate | no. | Rate | no. | Rate | no. | Rate\n"
            "45-54 | 345 | 15.5 | 5,663 | 28.7 | 1,205 | 52.7 | 17,707 | 93.2\n"
            "55-64 | 806 | 60.9 | 12,273 | 81.6 | 1,906 | 156.5 | 31,564 | 225.4"
        )
    )
    assert [column.header for column in grid.columns[1:]] == [
        (who, origin, what)
        for who in ("Women", "Men")
        for origin in ("Hispanic", "non-Hispanic")
        for what in ("no.", "Rate")
    ]
