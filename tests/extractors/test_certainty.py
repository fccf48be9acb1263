from dataclasses import replace

import pytest

from extractors.certainty import is_certain
from extractors.raw import CaptionRegion, RawLine, RawPage, RawPath, RawSpan, RawWord
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource

ROWS = (100.0, 120.0, 140.0, 160.0)
COLUMNS = (80.0, 180.0, 280.0, 380.0)
RULES = (
    *(Box(COLUMNS[0], y - 0.2, COLUMNS[-1], y + 0.2) for y in ROWS),
    *(Box(x - 0.2, ROWS[0], x + 0.2, ROWS[-1]) for x in COLUMNS),
)
WORDS = tuple(
    RawWord(str(index), Box(x + 10, y + 4, x + 30, y + 14), index)
    for index, (y, x) in enumerate((y, x) for y in ROWS[:-1] for x in COLUMNS[:-1])
)
LINES = tuple(RawLine((RawSpan(word.text, word.bbox, "Serif", 10.0),), word.bbox, 0) for word in WORDS)
GRID = RawPage(0, "1", 600, 800, 0, TextSource.TEXT_LAYER, lines=LINES, words=WORDS, rules=RULES)
SLIVER = Box(COLUMNS[1] + 3.8, ROWS[0], COLUMNS[1] + 4.2, ROWS[-1])
ABOVE, ELSEWHERE = Box(80, 82, 300, 94), Box(80, 600, 300, 612)
CURVES = tuple(RawPath(Box(300 + n, 110, 330 + n, 150), False, True, 2, 6) for n in range(20))


def caption(kind: ElementKind, bbox: Box) -> CaptionRegion:
    return CaptionRegion(kind, None, bbox, (), "")


@pytest.mark.parametrize(
    ("page", "captions", "certain"),
    [
        (GRID, [], True),
        (GRID, [caption(ElementKind.TABLE, ABOVE)], True),
        (GRID, [caption(ElementKind.TABLE, ABOVE), caption(ElementKind.TABLE, ELSEWHERE)], False),
        (GRID, [caption(ElementKind.FIGURE, ABOVE)], False),
        (replace(GRID, words=WORDS[:2] + WORDS[3:6] + WORDS[7:]), [], False),
        (replace(GRID, rules=(*RULES, SLIVER)), [], False),
        (replace(GRID, paths=CURVES), [], True),
        (replace(GRID, words=(), lines=()), [], True),
        (replace(GRID, words=(), lines=()), [caption(ElementKind.TABLE, ABOVE)], False),
    ],
    ids=[
        "closed and full",
        "captioned",
        "another caption without a table",
        "called a figure",
        "two cells in nine blank",
        "a sliver without words",
        "the boxes of a drawing are no table",
        "nothing in the grid",
        "nothing where a caption speaks of a table",
    ],
)
def test_geometry_is_certain_of_closed_grids_and_of_nothing(
    page: RawPage, captions: list[CaptionRegion], *, certain: bool
) -> None:
    assert is_certain(replace(page, composed={}), captions) is certain
