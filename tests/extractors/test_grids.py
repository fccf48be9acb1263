from extractors.grids import Grid, Slot, closed_up, fill, joined_text
from extractors.raw import RawWord
from schemas.geometry import Box
from schemas.records import Cell


def word(text: str, x: float, y: float) -> RawWord:
    return RawWord(text, Box(x, y, x + 5.0 * len(text), y + 10))


GRID = Grid((0, 20, 40), (0, 60, 120, 180))


def filled(*words: RawWord, grid: Grid = GRID) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in fill(grid, words)]


def test_words_fall_into_their_cells() -> None:
    assert filled(word("b", 65, 25), word("a", 5, 5), word("34.7", 125, 25)) == [
        (0, 0, 1, 1, "a"),
        (1, 1, 1, 1, "b"),
        (1, 2, 1, 1, "34.7"),
    ]


def test_a_heading_over_a_boundary_spans_both_columns() -> None:
    assert filled(word("Observed", 100, 5), word("value", 143, 5)) == [(0, 1, 1, 2, "Observed value")]


def test_numbers_that_stand_close_stay_apart() -> None:
    assert filled(word("1.25", 38, 5), word("3.50", 61, 5)) == [(0, 0, 1, 1, "1.25"), (0, 1, 1, 1, "3.50")]


def test_lines_of_one_cell_are_read_from_the_top() -> None:
    assert filled(word("below", 5, 11), word("above", 5, 1)) == [(0, 0, 1, 1, "above below")]


def test_ruled_cells_keep_their_spans_and_blank_ones_are_left_out() -> None:
    grid = Grid((0, 20, 40), (0, 60, 120), (Slot(0, 0, 1, 2), Slot(1, 0), Slot(1, 1)))
    assert filled(word("head", 80, 5), word("x", 70, 25), grid=grid) == [
        (0, 0, 1, 2, "head"),
        (1, 1, 1, 1, "x"),
    ]


def test_words_on_one_line_are_joined_from_left_to_right() -> None:
    assert joined_text([word("right", 50, 0.5), word("left", 0, 0)]) == "left right"


def test_rows_and_columns_that_no_cell_begins_are_not_counted() -> None:
    cells = (Cell(1, 0, "Rate", 1, 3), Cell(3, 0, "North"), Cell(3, 2, "34.7"))
    assert closed_up(cells) == (Cell(0, 0, "Rate", 1, 2), Cell(1, 0, "North"), Cell(1, 1, "34.7"))
