import pytest

from extractors.grids import Grid, Slot
from extractors.raw import RawPath
from extractors.tables_shading import edges, shaded_boxes, without_insets
from schemas.geometry import Box

GRID = Grid((100, 140, 180), (50, 150, 250), (Slot(0, 0), Slot(0, 1), Slot(1, 0, 1, 2)))
WHOLE = Box(50, 100, 150, 140)


@pytest.mark.parametrize(
    ("shades", "kept"),
    [
        ([WHOLE], [WHOLE]),
        ([Box(55, 105, 145, 118)], []),
        ([Box(55, 105, 145, 118), Box(55, 120, 145, 133)], []),
        ([Box(50, 100, 150, 120), Box(50, 120, 150, 140)], [Box(50, 100, 150, 120), Box(50, 120, 150, 140)]),
        ([Box(55, 145, 145, 175), Box(155, 145, 245, 175)], [Box(55, 145, 145, 175), Box(155, 145, 245, 175)]),
        ([Box(60, 145, 140, 175)], []),
        ([Box(55, 105, 245, 135)], [Box(55, 105, 245, 135)]),
        ([Box(300, 105, 345, 118)], [Box(300, 105, 345, 118)]),
    ],
    ids=["a cell", "a line", "two lines", "stripes", "side by side", "in a span", "over two cells", "outside"],
)
def test_shading_behind_the_lines_of_a_cell_parts_nothing(shades: list[Box], kept: list[Box]) -> None:
    assert without_insets(shades, [GRID]) == kept


def test_without_rules_all_shading_counts() -> None:
    assert without_insets([WHOLE], []) == [WHOLE]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (RawPath(WHOLE, filled=True, stroked=False, segments=4, curves=0), [WHOLE]),
        (RawPath(WHOLE, filled=False, stroked=True, segments=4, curves=0), []),
        (RawPath(WHOLE, filled=True, stroked=False, segments=4, curves=2), []),
        (RawPath(Box(50, 100, 150, 103), filled=True, stroked=False, segments=4, curves=0), []),
    ],
    ids=["filled", "a frame", "rounded", "a rule"],
)
def test_filled_boxes_of_the_size_of_a_cell_are_shading(path: RawPath, found: list[Box]) -> None:
    assert shaded_boxes([path]) == found
    assert len(edges(shaded_boxes([path]))) == 4 * len(found)
