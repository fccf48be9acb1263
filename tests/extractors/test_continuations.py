from dataclasses import replace

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.continuations import Continuation, find_continuations
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, TextSource
from schemas.recipe import Profile
from schemas.records import Cell, Element, Page

PAGES = [Page("d", index, str(index + 1), 600, 800, 0, (), TextSource.TEXT_LAYER) for index in range(3)]
HEADER = ("Year", "Rate", "Share")
ROWS = (("2001", "1.5", "20"), ("2002", "2.5", "30"))


def element(kind: ElementKind, page: int, top: float, text: str = "", *, height: float = 12.0) -> Element:
    name = f"d/p{page:04d}/{kind.value}{top:g}"
    return Element(name, "d", page, int(top), kind, Box(100, top, 500, top + height), text)


def table(
    page: int, top: float, *rows: tuple[str, ...], label: str | None = None, x: float = 100.0, step: float = 130.0
) -> Element:
    cells = tuple(
        Cell(row, col, text, bbox=Box(x + step * col, top + 12 * row, x + step * col + 100, top + 12 * row + 10))
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    )
    bbox = Box(x, top, x + step * len(rows[0]), top + 12 * len(rows))
    blank = element(ElementKind.TABLE, page, top)
    return replace(blank, cells=cells, label=label, bbox=bbox)


ABOVE = table(0, 700, HEADER, *ROWS, label="Table 1")
PARAGRAPH = "The rates grew in every year of the study, and they did so in all places that were seen."


def caption(label: str, text: str, top: float, page: int = 1) -> Element:
    return replace(element(ElementKind.CAPTION, page, top, text), label=label)


@pytest.mark.parametrize(
    ("elements", "confidence"),
    [
        ([ABOVE, table(1, 60, HEADER, *ROWS)], 0.95),
        ([ABOVE, table(1, 60, *ROWS)], 0.8),
        ([ABOVE, table(1, 60, *ROWS, x=130)], 0.8),
        ([ABOVE, caption("Table 1", "Table 1 (continued)", 40), table(1, 60, *ROWS, label="Table 1")], 1.0),
        ([ABOVE, element(ElementKind.PARAGRAPH, 1, 90, "(Fortsetzung)"), table(1, 120, *ROWS)], 0.95),
        ([ABOVE, element(ElementKind.FOOTER, 0, 780, "7"), table(1, 60, *ROWS)], 0.8),
        ([ABOVE, element(ElementKind.PARAGRAPH, 0, 780, "Page 7 of 9"), table(1, 60, *ROWS)], 0.8),
        ([ABOVE, element(ElementKind.FIGURE, 1, 62, height=20), table(1, 60, *ROWS)], 0.8),
        (
            [
                replace(ABOVE, label=None),
                table(1, 60, *ROWS, label="Table 2"),
                caption("Table 2", "Table 2: Rates", 120),
            ],
            0.8,
        ),
    ],
)
def test_parts_of_one_table_are_joined(elements: list[Element], confidence: float) -> None:
    later = max(place for place, each in enumerate(elements) if each.kind is ElementKind.TABLE)
    assert find_continuations(elements, PAGES) == [Continuation(later, 0, confidence)]


@pytest.mark.parametrize(
    "elements",
    [
        [ABOVE, table(1, 60, ("Age", "Men", "Women"), *ROWS)],
        [ABOVE, table(1, 60, HEADER, *ROWS, label="Table 2")],
        [ABOVE, table(1, 60, *(row[:2] for row in ROWS))],
        [ABOVE, table(1, 60, *ROWS, step=70)],
        [ABOVE, table(2, 60, *ROWS)],
        [ABOVE, table(0, 740, *ROWS)],
        [ABOVE, table(1, 60, ("", "", ""), *ROWS)],
        [ABOVE, element(ElementKind.PARAGRAPH, 1, 90, PARAGRAPH), table(1, 120, *ROWS)],
        [ABOVE, element(ElementKind.HEADING, 1, 90, "Results"), table(1, 120, HEADER, *ROWS)],
        [ABOVE, element(ElementKind.FIGURE, 1, 75, height=300), table(1, 400, HEADER, *ROWS)],
        [replace(ABOVE, label=None), caption("Table 2", "Table 2: Rates", 40), table(1, 60, *ROWS, label="Table 2")],
        [ABOVE, table(1, 300, *ROWS), element(ElementKind.PARAGRAPH, 1, 90, PARAGRAPH)],
    ],
)
def test_other_tables_are_not_joined(elements: list[Element]) -> None:
    assert find_continuations(elements, PAGES) == []


def sideways(part: Element) -> Element:
    """Turn a table so that its text runs up the page."""
    cells = tuple(replace(cell, bbox=_up(cell.bbox)) for cell in part.cells if cell.bbox)
    return replace(part, cells=cells, bbox=_up(part.bbox))


def _up(box: Box) -> Box:
    return Box(box.y0, 800 - box.x1, box.y1, 800 - box.x0)


def test_sideways_parts_are_joined_like_level_ones() -> None:
    first, second = sideways(table(0, 300, HEADER, *ROWS)), sideways(table(1, 60, *ROWS))
    assert find_continuations([first, second], PAGES) == [Continuation(1, 0, 0.8)]
    assert find_continuations([first, sideways(table(1, 60, *ROWS, step=70))], PAGES) == []


def test_three_parts_make_a_chain() -> None:
    parts = [table(page, 60, HEADER, *ROWS) for page in range(3)]
    assert [(part.later, part.earlier) for part in find_continuations(parts, PAGES)] == [(1, 0), (2, 1)]


@given(st.integers(2, 6), st.integers(0, 5), st.floats(-40, 40))
@settings(max_examples=30, deadline=None)
def test_a_table_cut_anywhere_is_joined_again(columns: int, cut: int, shift: float) -> None:
    rows = [tuple(f"{row}{col}.5" for col in range(columns)) for row in range(7)]
    first = table(0, 700, tuple(f"Name {col}" for col in range(columns)), *rows[:cut], step=100)
    second = table(1, 60, *rows[cut:], x=100 + shift, step=100)
    assert [(part.later, part.earlier) for part in find_continuations([first, second], PAGES)] == [(1, 0)]


def _draw(page: pymupdf.Page, rows: list[tuple[str, ...]], top: float) -> None:
    for number in range(len(rows) + 1):
        page.draw_line((72, top + 20 * number), (492, top + 20 * number))
    for col in range(4):
        page.draw_line((72 + 140 * col, top), (72 + 140 * col, top + 20 * len(rows)))
    for number, row in enumerate(rows):
        for col, text in enumerate(row):
            page.insert_text((80 + 140 * col, top + 20 * number + 14), text, fontsize=10)


def test_a_ruled_table_over_two_pages_is_linked_from_the_later_part_to_the_earlier() -> None:
    with pymupdf.open() as document:
        rows = [(f"Place {n}", f"{n}.5", f"{10 * n}") for n in range(1, 9)]
        page = document.new_page()
        page.insert_text((72, 80), "What was measured in eight places is shown in the table below.", fontsize=11)
        _draw(page, [("Place", "Rate", "Share"), *rows[:4]], 640)
        _draw(document.new_page(), [("Place", "Rate", "Share"), *rows[4:]], 72)
        pdf = document.tobytes()
    links = extract(pdf, ExtractOptions(profile=Profile.FAST, page_dpi=0)).links
    found = [(link.source_id[-13:], link.target_id[-13:]) for link in links if link.kind is LinkKind.CONTINUES]
    assert found == [("/p0001/table1", "/p0000/table1")]
