from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.order import Part, read_columns
from schemas.geometry import Box


def lines(x: float, count: int, *, top: float = 100, width: float = 200) -> list[Part]:
    return [Part(Box(x, top + 12 * n, x + width, top + 12 * n + 10)) for n in range(count)]


def test_three_columns() -> None:
    parts = [*lines(400, 6, width=150), *lines(50, 6, width=150), *lines(225, 6, width=150)]
    assert read_columns(parts) == [[6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17], [0, 1, 2, 3, 4, 5]]


def test_columns_from_right_to_left() -> None:
    parts = [*lines(50, 4), *lines(300, 4)]
    assert read_columns(parts, right_to_left=True) == [[4, 5, 6, 7], [0, 1, 2, 3]]


def test_rows_of_short_entries_are_read_row_by_row() -> None:
    names, values = lines(50, 5, width=40), lines(300, 5, width=200)
    names[0] = Part(Box(50, 100, 180, 110))
    order = [index for column in read_columns([*names, *values]) for index in column]
    assert order == [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]


def test_a_figure_over_both_columns_divides_them() -> None:
    figure = Part(Box(50, 150, 500, 300), is_line=False)
    parts = [*lines(50, 3), *lines(300, 3), figure, *lines(50, 3, top=310), *lines(300, 3, top=310)]
    assert read_columns(parts) == [[0, 1, 2], [3, 4, 5], [6], [7, 8, 9], [10, 11, 12]]


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 700), st.integers(1, 300), st.integers(1, 40), st.booleans()),
        max_size=40,
    )
)
@settings(max_examples=80)
def test_every_part_is_read_once(boxes: list[tuple[int, int, int, int, bool]]) -> None:
    parts = [Part(Box(x, y, x + w, y + h), is_line=text) for x, y, w, h, text in boxes]
    assert sorted(index for column in read_columns(parts) for index in column) == list(range(len(parts)))
