import pymupdf
import pytest

from extractors.disputes import without_charts, without_frames, without_parts
from extractors.options import ExtractOptions
from extractors.page_reading import understand_page
from extractors.raw import CaptionRegion, FigureRegion, RawPage, RawWord, TableRegion
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.records import Cell

TABLE = TableRegion(Box(100, 100, 300, 200), ())
NAMES_A_FIGURE = CaptionRegion(ElementKind.FIGURE, "Figure 1", Box(100, 210, 300, 220), (), "Figure 1: Shares")
NAMES_A_TABLE = CaptionRegion(ElementKind.TABLE, "Table 1", Box(100, 80, 300, 90), (), "Table 1: Shares")
FAR = CaptionRegion(ElementKind.FIGURE, "Figure 1", Box(100, 400, 300, 410), (), "Figure 1: Shares")
BESIDE = CaptionRegion(ElementKind.FIGURE, "Figure 1", Box(320, 210, 500, 220), (), "Figure 1: Shares")
LABELS = [Box(110, 110, 150, 120)]
ROWS = [Box(110, y, 290, y + 10) for y in range(110, 190, 20)]


@pytest.mark.parametrize(
    ("caption", "words", "kept"),
    [
        (NAMES_A_FIGURE, LABELS, False),
        (NAMES_A_FIGURE, ROWS, True),
        (NAMES_A_TABLE, LABELS, True),
        (FAR, LABELS, True),
        (BESIDE, LABELS, True),
    ],
    ids=["mosaic", "text in rows", "called a table", "caption far away", "caption of the next column"],
)
def test_a_grid_that_is_called_a_figure_is_a_chart(caption: CaptionRegion, words: list[Box], kept: bool) -> None:
    page = RawPage(0, "1", 600, 800, 0, TextSource.TEXT_LAYER, words=tuple(RawWord("x", box) for box in words))
    assert bool(without_charts(page, [TABLE], [caption])) is kept


@pytest.mark.parametrize(
    ("figure", "captions", "kept"),
    [
        (Box(80, 50, 400, 300), [], False),
        (Box(80, 50, 400, 300), [NAMES_A_TABLE], True),
        (Box(95, 95, 305, 205), [], True),
        (Box(200, 50, 400, 300), [], True),
    ],
    ids=["labels in a diagram", "a table of its own", "a frame around a table", "beside a figure"],
)
def test_rows_of_labels_within_a_figure_are_no_table(figure: Box, captions: list[CaptionRegion], kept: bool) -> None:
    assert bool(without_parts([TABLE], [FigureRegion(figure)], captions)) is kept


FILLED = TableRegion(Box(100, 100, 300, 200), tuple(Cell(row, col, "x") for row in range(4) for col in range(2)), 0.9)
SPARSE = TableRegion(Box(100, 100, 300, 200), (Cell(0, 0, "x"), Cell(3, 4, "x")), 0.9)
GUESSED = TableRegion(FILLED.bbox, FILLED.cells, 0.7)
LEGEND = [Box(310, y, 380, y + 10) for y in range(100, 190, 20)]


@pytest.mark.parametrize(
    ("table", "figure", "captions", "words", "kept"),
    [
        (FILLED, Box(80, 80, 320, 220), [], ROWS, False),
        (FILLED, Box(80, 80, 320, 220), [NAMES_A_FIGURE], ROWS, True),
        (FILLED, Box(80, 50, 400, 400), [], ROWS, True),
        (FILLED, Box(80, 80, 390, 220), [], ROWS + LEGEND, True),
        (SPARSE, Box(80, 80, 320, 220), [], ROWS, True),
        (GUESSED, Box(80, 80, 320, 220), [], ROWS, True),
    ],
    ids=["frame", "called a figure", "a small part of it", "half of the words elsewhere", "sparse", "a guess"],
)
def test_a_frame_around_tables_is_no_figure(
    table: TableRegion, figure: Box, captions: list[CaptionRegion], words: list[Box], kept: bool
) -> None:
    page = RawPage(0, "1", 600, 800, 0, TextSource.TEXT_LAYER, words=tuple(RawWord("x", box) for box in words))
    assert bool(without_frames(page, [FigureRegion(figure)], [table], captions)) is kept


def framed_tables(page: pymupdf.Page) -> None:
    """Draw a double frame with three shaded tables in it, a heading above each and a rule below each heading."""
    black, shade = (0, 0, 0), (1, 0.8, 0.6)
    page.draw_rect(pymupdf.Rect(60, 80, 540, 620), color=black, width=1.2)
    page.draw_rect(pymupdf.Rect(63, 83, 537, 617), color=black, width=0.6)
    for top in (90, 270, 450):
        page.insert_text((250, top + 12), "Gases and metals", fontsize=9)
        page.draw_line((63, top + 18), (537, top + 18), color=black, width=0.6)
        for row in range(6):
            for col in range(4):
                x, y = 90 + 100 * col, top + 30 + 20 * row
                cell = pymupdf.Rect(x, y, x + 100, y + 20)
                page.draw_rect(cell, color=black, width=0.5, fill=None if row and col else shade)
                page.insert_text((cell.x0 + 6, cell.y1 - 6), f"{10 * row + col} kg" if row else "a year", fontsize=9)


@pytest.mark.parametrize("profile", ["best", "fast"])
def test_framed_tables_are_tables(profile: str) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=600, height=800)
        framed_tables(page)
        blocks = understand_page(page, ExtractOptions(profile=profile)).blocks
    kinds = [block.kind for block in blocks if block.kind in (ElementKind.TABLE, ElementKind.FIGURE)]
    assert kinds == [ElementKind.TABLE] * 3
