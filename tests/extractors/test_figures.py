from collections.abc import Sequence

import pytest

from extractors.clusters import cluster
from extractors.figures import find_figures
from extractors.raw import CaptionRegion, RawLine, RawPage, RawPath, RawSpan, TableRegion
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource


def line(text: str, x: float, y: float, *, mono: bool = False) -> RawLine:
    bbox = Box(x, y, x + 5 * len(text), y + 10)
    return RawLine((RawSpan(text, bbox, "F", 10.0, mono=mono),), bbox, 0)


def caption(y: float, index: int, *, x: float = 150.0, label: str = "Figure 1") -> CaptionRegion:
    return CaptionRegion(ElementKind.FIGURE, label, Box(x, y, x + 100, y + 10), (index,), f"{label}: What it shows")


def page(pictures: Sequence[Box] = (), paths: Sequence[RawPath] = (), lines: Sequence[RawLine] = ()) -> RawPage:
    return RawPage(0, "1", 400, 600, 0, TextSource.TEXT_LAYER, tuple(lines), (), tuple(paths), tuple(pictures))


def curve(bbox: Box) -> RawPath:
    return RawPath(bbox, filled=False, stroked=True, segments=20, curves=20)


CAPTION = line("Figure 1: What it shows", 150, 310)
PROSE = [line("a line of running text with quite a few words in it", 60, y) for y in (200, 212, 224)]


def boxes(raw: RawPage, captions: Sequence[CaptionRegion] = (), tables: Sequence[TableRegion] = ()) -> list[Box]:
    return [figure.bbox for figure in find_figures(raw, captions, tables)]


def test_a_picture_above_its_caption() -> None:
    assert boxes(page([Box(100, 150, 300, 300)], lines=[CAPTION]), [caption(310, 0)]) == [Box(100, 150, 300, 300)]


def test_axis_labels_belong_to_the_figure_and_the_caption_does_not() -> None:
    lines = [CAPTION, line("time (s)", 180, 292), line("0", 130, 282)]
    found = boxes(page(paths=[curve(Box(120, 150, 280, 280))], lines=lines), [caption(310, 0)])
    assert found == [Box(120, 150, 280, 302)]


def test_a_typed_rule_leads_no_figure_to_the_running_head_above_it() -> None:
    lines = [CAPTION, line("_" * 40, 110, 134), line("The head of the page", 120, 122)]
    found = boxes(
        page([Box(100, 150, 300, 300)], paths=[curve(Box(100, 150, 300, 300))], lines=lines), [caption(310, 0)]
    )
    assert found == [Box(100, 150, 300, 300)]


def test_panels_make_one_figure() -> None:
    raw = page([Box(60, 150, 180, 280), Box(220, 150, 340, 280)], lines=[CAPTION])
    figures = find_figures(raw, [caption(310, 0)], ())
    assert [figure.bbox for figure in figures] == [Box(60, 150, 340, 280)]
    assert figures[0].panels == (Box(60, 150, 180, 280), Box(220, 150, 340, 280))


def test_stacked_figures_keep_to_their_captions() -> None:
    upper, lower = Box(100, 100, 300, 200), Box(100, 222, 300, 300)
    lines = [line("Figure 1: What it shows", 150, 206), line("Figure 2: What it shows", 150, 306)]
    captions = [caption(206, 0), caption(306, 1, label="Figure 2")]
    assert boxes(page([upper, lower], lines=lines), captions) == [upper, lower]


def test_running_text_parts_a_drawing_from_a_caption_further_down() -> None:
    lone = Box(100, 90, 300, 190)
    raw = page([lone], lines=[line("Figure 1: What it shows", 150, 240), *PROSE])
    assert [figure.confidence for figure in find_figures(raw, [caption(240, 0)], ())] == [0.5 + 0.1]


def test_a_listing_can_be_a_figure() -> None:
    lines = [CAPTION, line("for x in y:", 100, 280, mono=True), line("    print(x)", 100, 292, mono=True), *PROSE]
    assert boxes(page(lines=lines), [caption(310, 0)]) == [Box(100, 280, 160, 302)]


@pytest.mark.parametrize(
    "raw",
    [
        page([Box(0, 0, 400, 600)]),
        page([Box(150, 10, 250, 40)]),
        page([Box(100, 200, 112, 212)]),
        page([Box(0, 100, 30, 500)]),
        page(paths=[RawPath(Box(50, 80, 350, 81), filled=True, stroked=False, segments=4, curves=0)]),
        page(paths=[RawPath(Box(50, 190, 350, 240), filled=True, stroked=True, segments=4, curves=0)], lines=PROSE),
    ],
    ids=["background", "logo in the head", "icon", "strip along the edge", "rule", "frame around text"],
)
def test_decoration_is_no_figure(raw: RawPage) -> None:
    assert boxes(raw) == []


def test_drawings_of_a_table_are_no_figure() -> None:
    table = TableRegion(Box(100, 100, 300, 200), ())
    assert boxes(page(paths=[curve(Box(110, 110, 290, 190))]), (), [table]) == []


def test_boxes_near_each_other_are_one_group() -> None:
    chain = [Box(0, 0, 10, 10), Box(15, 0, 25, 10), Box(100, 0, 110, 10), Box(30, 0, 40, 10)]
    assert cluster(chain, 6) == [Box(0, 0, 40, 10), Box(100, 0, 110, 10)]


def test_charts_in_a_row_without_a_caption_are_one_figure_and_pictures_are_not() -> None:
    left, right = Box(60, 150, 180, 280), Box(210, 150, 330, 280)
    bars = RawPath(right, filled=True, stroked=False, segments=25, curves=0)  # too plain to stand alone
    (figure,) = find_figures(page(paths=[curve(left), bars]), (), ())
    assert (figure.bbox, figure.panels) == (Box(60, 150, 330, 280), (left, right))
    assert boxes(page([left, right])) == [left, right]


def test_text_between_charts_parts_them() -> None:
    upper, lower = Box(100, 90, 300, 195), Box(100, 240, 300, 345)
    assert boxes(page(paths=[curve(upper), curve(lower)], lines=PROSE)) == [upper, lower]


def test_the_last_line_above_a_picture_is_no_label_of_it() -> None:
    lines = [CAPTION, line("see www.example.org", 100, 132)]
    assert boxes(page([Box(100, 150, 300, 300)], lines=lines), [caption(310, 0)]) == [Box(100, 150, 300, 300)]


def test_a_rule_under_a_listing_is_no_panel() -> None:
    lines = [CAPTION, line("for x in y:", 60, 150, mono=True), line("    print(x)", 60, 162, mono=True)]
    rule = RawPath(Box(60, 174, 160, 174.4), filled=False, stroked=True, segments=1, curves=0)
    picture = Box(100, 210, 300, 300)
    assert boxes(page([picture], [rule], lines), [caption(310, 0)]) == [picture]


@pytest.mark.parametrize(
    ("right", "together"),
    [(Box(250, 150, 330, 280), True), (Box(250, 180, 330, 280), False), (Box(250, 150, 390, 280), False)],
    ids=["of one size at one height", "lower", "wider"],
)
def test_panels_of_one_size_may_stand_further_apart(right: Box, together: bool) -> None:
    left = Box(100, 150, 180, 280)
    first = find_figures(page([left, right], lines=[CAPTION]), [caption(310, 0, x=90)], ())[0]
    assert first.bbox == (Box(100, 150, 330, 280) if together else left)


def test_what_a_slide_is_drawn_on_is_no_figure_but_a_picture_on_it_is() -> None:
    ground = [curve(Box(20, y, 380, y + 110)) for y in (90, 190, 290, 390)]
    points = [line("we have no idea what it means", 60, y) for y in (420, 450)]
    photograph = Box(60, 150, 250, 350)
    assert boxes(page([photograph], ground, points)) == [photograph]
    assert boxes(page(paths=ground, lines=points)) == []
    assert boxes(page(paths=ground, lines=[line("time (s)", 180, 420)])) == [Box(20, 90, 380, 500)]
