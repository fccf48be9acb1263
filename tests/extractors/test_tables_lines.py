from extractors.grids import Grid, fill, text_lines_of
from extractors.raw import RawWord
from extractors.tables_lines import with_rows_parted, wrapped_rows
from schemas.geometry import Box

COLUMNS = (0.0, 100.0, 200.0, 300.0)


def words(*lines: tuple[float, str, str, str]) -> list[RawWord]:
    return [
        RawWord(text, Box(x, y, x + 5 * len(text), y + 10))
        for y, *texts in lines
        for x, text in zip((5, 105, 205), texts, strict=True)
        if text
    ]


def test_a_row_of_omissions_is_parted_from_the_row_above() -> None:
    found = words((0, "j-rf", "0.51", "10"), (12, "…", "…", "…"))
    grid = with_rows_parted(Grid((0, 30), COLUMNS), found)
    assert [(cell.row, cell.text) for cell in fill(grid, found)] == [
        (0, "j-rf"), (0, "0.51"), (0, "10"), (1, "…"), (1, "…"), (1, "…"),
    ]  # fmt: skip


def test_a_cell_of_two_lines_is_left_whole() -> None:
    found = words((0, "Standard", "Mean", "Lower"), (12, "error", "value", "bound"))
    assert with_rows_parted(Grid((0, 30), COLUMNS), found).rows == (0, 30)
    figures = words((0, "Rate", "0.51", "10"), (12, "", "(0.2)", ""))
    assert with_rows_parted(Grid((0, 30), COLUMNS), figures).rows == (0, 30)


WRAPPED = words(
    (0, "one.py", "Plots", "all"), (11, "", "curves", ""), (34, "two.py", "Shows", "some"), (45, "", "mass", "here"),
    (68, "three.py", "Ends", "none"), (79, "", "early", ""),
)  # fmt: skip


def test_lines_that_stand_closer_than_rows_are_one_cell() -> None:
    rows = wrapped_rows(text_lines_of(WRAPPED), COLUMNS[1:-1])
    assert [[word.text for line in row for word in line] for row in rows] == [
        ["one.py", "Plots", "all", "curves"],
        ["two.py", "Shows", "some", "mass", "here"],
        ["three.py", "Ends", "none", "early"],
    ]


def test_rows_without_a_label_that_stand_evenly_stay_apart() -> None:
    even = words(
        (0, "North", "Men", "few"), (12, "", "Women", "many"), (24, "South", "Men", "few"), (36, "", "Women", "")
    )
    assert len(wrapped_rows(text_lines_of(even), COLUMNS[1:-1])) == 4


HEADED = words(
    (0, "", "Total", "Odds"),
    (11, "Region", "units", "ratio"),
    (25, "North", "1,204", "2.1"),
    (37, "South", "76", "1.4"),
)


def test_the_lines_of_a_heading_make_one_row() -> None:
    rows = wrapped_rows(text_lines_of(HEADED), COLUMNS[1:-1])
    assert [len(row) for row in rows] == [2, 1, 1]


def test_a_heading_over_several_columns_stays_a_row_of_its_own() -> None:
    spanning = [RawWord("Households", Box(170, 0, 230, 10)), *HEADED[2:]]
    assert [len(row) for row in wrapped_rows(text_lines_of(spanning), COLUMNS[1:-1])] == [1, 1, 1, 1]
