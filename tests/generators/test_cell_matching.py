import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.cell_matching import match_cells
from schemas.records import Cell, CellQuote


def grid(*rows: tuple[str, ...]) -> list[Cell]:
    return [Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts)]


TABLE = grid(("", "2001", "2002"), ("Men", "5", "7"), ("Women", "5", "−9"))


@pytest.mark.parametrize(
    ("quotes", "places"),
    [
        ([(1, 1, "5")], [(1, 1)]),
        ([(2, 1, "5")], [(2, 1)]),
        ([(0, 1, "Men"), (0, 2, "5")], [(1, 0), (1, 1)]),
        ([(3, 0, "Women"), (3, 1, "5"), (0, 1, "2001")], [(2, 0), (2, 1), (0, 1)]),
        ([(9, 9, " - 9".replace(" ", ""))], [(2, 2)]),
        ([(1, 5, "5")], [(1, 1)]),
        ([(0, 0, "Men"), (1, 1, "5")], [(1, 0), (2, 1)]),
    ],
)
def test_cells_are_found_where_rows_and_columns_agree(
    quotes: list[tuple[int, int, str]], places: list[tuple[int, int]]
) -> None:
    found = match_cells([CellQuote(*quote) for quote in quotes], TABLE)
    assert found is not None
    assert [(cell.row, cell.col) for cell in found] == places
    texts = {(cell.row, cell.col): cell.text for cell in TABLE}
    assert [cell.text for cell in found] == [texts[place] for place in places]


@pytest.mark.parametrize(
    "quotes",
    [
        [(1, 1, "6")],
        [(1, 0, "Men"), (1, 1, "−9")],
        [(1, 1, "7"), (2, 2, "5")],
        [(0, 5, "5"), (9, 9, "nowhere")],
    ],
)
def test_cells_that_do_not_stand_together_are_not_found(quotes: list[tuple[int, int, str]]) -> None:
    assert match_cells([CellQuote(*quote) for quote in quotes], TABLE) is None


def test_two_equal_places_are_not_guessed() -> None:
    assert match_cells([CellQuote(1, 0, "5")], grid(("5", "x"), ("y", "z"), ("5", "w"))) is None


def test_a_search_without_end_is_given_up() -> None:
    alike = grid(*[("0",) * 12] * 12)
    quotes = [CellQuote(row, col, "0") for row in range(12) for col in range(11)]
    assert match_cells([*quotes, CellQuote(0, 99, "absent")], alike) is None


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=3, max_size=3), min_size=1, max_size=5), st.data())
@settings(max_examples=40, deadline=None)
def test_an_unchanged_table_gives_every_cell_back(rows: list[list[str]], data: st.DataObject) -> None:
    cells = grid(*(tuple(row) for row in rows))
    picked = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=6))
    quotes = tuple(CellQuote(cell.row, cell.col, cell.text) for cell in picked)
    assert match_cells(quotes, cells) == quotes
