import pymupdf
import pytest

from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from extractors.reading import read_page
from extractors.turning import level, needed_turn
from schemas.kinds import ElementKind
from schemas.recipe import Profile
from schemas.records import Element

ROWS = [
    ("Country", "Area", "Rate"), ("North", "1,204", "34.7"), ("South", "998", "-2.5"),
    ("East", "76", "12.25"), ("West", "1,430", "8.0"),
]  # fmt: skip


def sideways(rotate: int) -> pymupdf.Document:
    """Draw a captioned table whose text runs up (90) or down (270) a portrait page."""
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    texts = [(60.0, 80.0, "Table 4. Area and rate of four regions in the year of the census")]
    texts += [
        (60.0 + 120 * col, 110.0 + 16 * row, text) for row, cells in enumerate(ROWS) for col, text in enumerate(cells)
    ]
    for across, down, text in texts:
        point = (down, 600 - across) if rotate == 90 else (400 - down, across)
        page.insert_text(point, text, fontsize=10, rotate=rotate)
    page.insert_text((180, 30), "Census 12", fontsize=8)
    return document


def found(document: pymupdf.Document) -> list[Element]:
    return list(extract(document.tobytes(), ExtractOptions(profile=Profile.FAST, page_dpi=0)).elements)


@pytest.mark.parametrize(("rotate", "turn"), [(90, 90), (270, 270), (0, 0)])
def test_a_page_of_sideways_text_needs_a_turn(rotate: int, turn: int) -> None:
    if rotate:
        assert needed_turn(read_page(sideways(rotate)[0])) == turn
    else:
        document = pymupdf.open()
        document.new_page().insert_text(
            (72, 72), "Level text that stands upright on its page, as nearly all text does."
        )
        assert needed_turn(read_page(document[0])) == 0


def test_a_page_with_level_paragraphs_is_not_turned() -> None:
    document = sideways(90)
    for line in range(3):
        document[0].insert_text((30, 500 + 12 * line), "one level line of a paragraph that has more than eight words")
    assert needed_turn(read_page(document[0])) == 0


@pytest.mark.parametrize("rotate", [90, 270])
def test_a_sideways_table_is_read_row_by_row_and_placed_where_it_is_seen(rotate: int) -> None:
    elements = found(sideways(rotate))
    tables = [element for element in elements if element.kind is ElementKind.TABLE]
    assert [table.label for table in tables] == ["Table 4"]
    assert [[cell.text for cell in tables[0].cells if cell.row == row] for row in range(5)] == [
        list(row) for row in ROWS
    ]
    box = tables[0].bbox
    assert box.height > box.width
    assert 60 < box.x0 < box.x1 < 340
    assert (box.y1 > 535) if rotate == 90 else (box.y0 < 65)


@pytest.mark.parametrize("rotation", [90, 270])
def test_a_rotated_page_gives_the_same_table_as_the_page_that_shows_alike(rotation: int) -> None:
    document = sideways(rotation)
    document[0].set_rotation(rotation)
    tables = [element for element in found(document) if element.kind is ElementKind.TABLE]
    assert [cell.text for cell in tables[0].cells] == [text for row in ROWS for text in row]
    assert tables[0].bbox.width > tables[0].bbox.height


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [(0, 0, 600, 500), (100, 50, 400, 300)])
@pytest.mark.parametrize("sheet", [(0, 0, 600, 500), (0, 0, 900, 800), (-50, -30, 600, 500)])
def test_a_rotated_page_keeps_the_part_of_the_sheet_that_it_shows(
    rotation: int, shown: tuple[int, ...], sheet: tuple[int, ...]
) -> None:
    page = pymupdf.open().new_page(width=600, height=500)
    page.set_mediabox(pymupdf.Rect(sheet))
    page.set_cropbox(pymupdf.Rect(shown))
    page.insert_text((30, 60), "corner")
    page.set_rotation(rotation)
    before, place = page.get_pixmap(), pymupdf.Rect(page.get_text("words")[0][:4]) * page.rotation_matrix
    level(page)
    after = page.get_pixmap()
    assert (after.width, after.height, after.samples) == (before.width, before.height, before.samples)
    assert page.get_text("words")[0][:4] == pytest.approx(tuple(place), abs=0.1)
