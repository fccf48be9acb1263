"""Tables of words: names, phrases and settings that a question can ask for."""

import pytest

from generators.table_columns import has_text_to_ask, is_short_text, is_text_asked
from generators.table_grid import read_grid
from schemas.records import Cell


def grid_of(*rows: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return read_grid([Cell(r, c, text, header=r == 0) for r, texts in enumerate(rows) for c, text in enumerate(texts)])


FUNCTIONS = (
    ("Function", "Description"),
    ("nmatch", "Computes the number of matching characters"),
    ("nindel", "Computes the number of insertions and deletions"),
    ("score", "Extracts the pairwise sequence alignment scores"),
)


def test_whole_phrases_are_asked_for() -> None:
    grid = grid_of(*FUNCTIONS)
    assert is_text_asked(grid, grid.columns[1])
    assert has_text_to_ask(grid)
    assert all(is_short_text(grid, row, grid.columns[1]) for row in grid.rows)


@pytest.mark.parametrize(
    "broken",
    [
        ("nedit", "and the distance between the two"),  # it goes on from the row above
        ("", "Computes the distance between two strings"),
        ("nmatch", "Computes the distance between two strings"),
    ],
)
def test_a_table_whose_rows_run_on_is_not_asked(broken: tuple[str, str]) -> None:
    grid = grid_of(*FUNCTIONS, broken)
    assert not is_text_asked(grid, grid.columns[1])


@pytest.mark.parametrize(
    "cut", ["Computes the number of", "Computes the dis- tance of two strings", "Computes x = y^2 of z"]
)
def test_a_phrase_that_is_cut_or_a_formula_is_none(cut: str) -> None:
    grid = grid_of(*FUNCTIONS, *((f"other{n}", text) for n, (_, text) in enumerate(FUNCTIONS[1:] * 2)), ("last", cut))
    assert not is_short_text(grid, grid.rows[-1], grid.columns[1])


def test_settings_are_asked_for_as_they_are_printed() -> None:
    grid = grid_of(
        ("Parameter", "Value"),
        ("Simulation Time", "100 sec"),
        ("MAC Layer", "IEEE 802.11"),
        ("Field Size", "100 m x 90 m"),
    )
    assert has_text_to_ask(grid)
    assert all(is_short_text(grid, row, grid.columns[1]) for row in grid.rows)
