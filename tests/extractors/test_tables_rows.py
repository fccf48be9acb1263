from collections.abc import Sequence

import pytest

from extractors.raw import RawWord
from extractors.tables_rows import Row, part_rows, rows_inside
from schemas.geometry import Box


def row(number: int, *chunks: tuple[float, str], step: float = 12.0) -> Row:
    """Set chunks at these places, five points a letter, on the line of this number."""
    return Row(tuple(tuple(words(x, 100 + step * number, text)) for x, text in chunks))


def words(x: float, y: float, text: str) -> Sequence[RawWord]:
    found = []
    for part in text.split():
        found.append(RawWord(part, Box(x, y, x + 5 * len(part), y + 10)))
        x += 5 * len(part) + 5
    return found


def texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[" ".join(word.text for word in chunk) for chunk in part.chunks] for part in rows]


LINE = "and so the text of it goes on to here"


def test_a_table_is_parted_from_the_text_beside_it() -> None:
    rows = [row(n, (50, name), (120, "1.5"), (160, "20"), (300, LINE)) for n, name in enumerate(("North", "South"))]
    rows.append(row(2, (50, "East"), (120, "7"), (160, "8"), (300, "it ends.")))
    assert texts(part_rows(rows)) == [["North", "1.5", "20"], ["South", "1.5", "20"], ["East", "7", "8"]]


def test_the_mark_of_a_list_goes_with_its_text() -> None:
    rows = [row(0, (50, "North"), (120, "1.5"), (280, "4."), (300, LINE)), row(1, (300, LINE))]
    assert texts(part_rows(rows)) == [["North", "1.5"]]


def test_a_justified_line_with_wide_gaps_belongs_to_its_paragraph() -> None:
    rows = [row(0, (50, LINE)), row(1, (50, "a few"), (130, "wide"), (200, "gaps")), row(2, (50, LINE))]
    assert texts(part_rows(rows)) == []


def test_a_long_label_stays_with_its_figures() -> None:
    label = "Children of less than five years of age in the two regions"
    rows = [row(0, (50, label), (400, "76.9"), (450, "80.0")), row(1, (50, "Others"), (400, "23.1"), (450, "20.0"))]
    assert texts(part_rows(rows)) == [[label, "76.9", "80.0"], ["Others", "23.1", "20.0"]]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("Methods ........ 12", (12,)),
        ("Methods . . . . . . 12", (12,)),
        ("Methods …… 12 Results …… 40", (12, 40)),
        ("Children fed ........ 76.9 80.0", ()),
        ("Children fed ........ 76 80 93", ()),
        ("0 1 · · · 1 0", ()),
        ("A sentence. And one more.", ()),
    ],
)
def test_dots_lead_to_page_numbers_or_to_figures(text: str, pages: tuple[int, ...]) -> None:
    assert row(0, (50, text)).led_pages == pages


def test_what_stands_beside_a_box_is_no_part_of_the_rows_in_it() -> None:
    lines = [row(number, (50, "left one"), (250, "right two")) for number in range(3)]
    inside = rows_inside(lines, Box(45, 95, 150, 140))
    assert [[[word.text for word in chunk] for chunk in line.chunks] for line in inside] == [[["left", "one"]]] * 3
