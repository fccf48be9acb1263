import pytest

from extractors.disputes import without_charts, without_parts
from extractors.raw import CaptionRegion, FigureRegion, RawPage, RawWord, TableRegion
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource

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
