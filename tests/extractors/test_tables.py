from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.layout import reasons_to_ask
from extractors.raw import CaptionRegion, LayoutRegion, RawLine, RawPage, RawPath, RawSpan, RawWord
from extractors.signals import table_signals
from extractors.tables import find_tables
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.recipe import Profile

NUMBERS = [("Region", "2010", "2011"), ("North", "1.5", "2.5"), ("South", "10.25", "3.5"), ("East", "7", "8"),
           ("West", "9", "11")]  # fmt: skip
CONTENTS = [(f"Chapter {name}", "....", page) for name, page in (("A", "1"), ("B", "7"), ("C", "12"), ("D", "30"))]
WORDS = [("Data", "Class", "Holds"), ("points", "Points", "Nothing"), ("lines", "Lines", "Points"),
         ("grid", "Grid", "Pixels"), ("full grid", "FullGrid", "Grid")]  # fmt: skip
NEWSPAPER = [("the news of this day", "of rain in the hills", "and snow on the tops")] * 5
LISTING = [(str(number), f"call {name}") for number, name in enumerate(("open", "read", "sort", "write", "close"), 7)]
LED = [(f"Part {name} .......", "7.5", "80.0") for name in "ABCDE"]
FORMULAS = [(f"x + {number} = y", "", f"(2.{number})") for number in range(1, 6)]
PAIRS = [("as we go on to the end of it all so", "", "and then we go on to it in all of it")] * 4
PROSE = [
    "The first of several lines that run on",
    "as the lines of a paragraph do, across the page",
    "with many words and hardly any figures in them",
    "until the paragraph ends after the fourth line.",
]


def page(rows: Sequence[Sequence[str]], *, mono: bool = False, rules: Sequence[Box] = ()) -> RawPage:
    """Set rows of cells at columns of 100 points, a line of 10 points each 14 points."""
    lines: list[RawLine] = []
    words: list[RawWord] = []
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            x, y = 50.0 + 100 * column, 100.0 + 14 * number
            bbox = Box(x, y, x + 5 * len(text), y + 10)
            for place, part in enumerate(text.split()):
                start = x + 5 * len(" ".join(text.split()[:place])) + (5 if place else 0)
                words.append(RawWord(part, Box(start, y, start + 5 * len(part), y + 10), len(lines)))
            lines.append(RawLine((RawSpan(text, bbox, "F", 10.0, mono=mono),), bbox, number))
    return RawPage(0, "1", 400, 600, 0, TextSource.TEXT_LAYER, tuple(lines), tuple(words), rules=tuple(rules))


def framed(*rows: int) -> list[Box]:
    """Draw a frame about each of these rows."""
    rules: list[Box] = []
    for row in rows:
        top, bottom = 97.0 + 14 * row, 111.0 + 14 * row
        rules += [Box(45, at, 345, at + 0.5) for at in (top, bottom)]
        rules += [Box(at, top, at + 0.5, bottom) for at in (45, 344.5)]
    return rules


def with_body(raw: RawPage) -> RawPage:
    """Add as much text in another font, so that the page as a whole is no code."""
    bbox = Box(50, 400, 300, 410)
    line = RawLine((RawSpan("body", bbox, "G", 10.0),), bbox, 99)
    extra = tuple(RawWord("body", Box(50 + n, 400, 60 + n, 410), len(raw.lines)) for n in range(3 * len(raw.words)))
    return replace(raw, lines=(*raw.lines, line), words=(*raw.words, *extra))


def lattice(rows: int, columns: int) -> list[Box]:
    right, bottom = 45.0 + 100 * columns, 98.0 + 14 * rows
    across = [Box(45, 97.75 + 14 * row, right, 98.25 + 14 * row) for row in range(rows + 1)]
    return across + [Box(44.75 + 100 * col, 98, 45.25 + 100 * col, bottom) for col in range(columns + 1)]


ALIGNED = ("aligned columns",)
PAGES = {
    "numbers": (page(NUMBERS), ALIGNED),
    "two columns": (page([row[::2] for row in NUMBERS]), ALIGNED),
    "ruled": (page([("apple", "red"), ("pear", "green")], rules=lattice(2, 2)), ("rules around rows", "ruled grid")),
    "prose": (page([(line,) for line in PROSE]), ()),
    "ruled prose": (page([(line,) for line in PROSE], rules=[Box(50, 90, 300, 90.5), Box(50, 160, 300, 160.5)]), ()),
    "contents": (page(CONTENTS), ()),
    "list": (page([("item one", ""), ("item two", ""), ("item three", "")]), ()),
    "program output": (with_body(page(NUMBERS, mono=True)), ()),
    "typescript": (page(NUMBERS, mono=True), ALIGNED),
    "words in three columns": (page(WORDS), ALIGNED),
    "words in two columns": (page([row[:2] for row in WORDS]), ()),
    "newspaper": (page(NEWSPAPER), ()),
    "numbered listing": (page(LISTING), ()),
    "leaders to figures": (page(LED), ALIGNED),
    "numbered formulas": (page(FORMULAS), ()),
    "ruled page of two columns": (page(PAIRS, rules=[Box(50, 90, 450, 90.5), Box(50, 160, 450, 160.5)]), ()),
    "frames": (page(WORDS[:3], rules=framed(0, 2)), ()),
    "ruled heading": (
        page(WORDS[:3], rules=[Box(45, 97, 345, 97.5), Box(45, 111, 345, 111.5)]),
        ("rules around rows",),
    ),
}


@pytest.mark.parametrize(("raw", "signals"), PAGES.values(), ids=PAGES.keys())
def test_pages_with_signs_of_a_table(raw: RawPage, signals: tuple[str, ...]) -> None:
    assert table_signals(raw, ()) == signals


def test_the_network_is_asked_where_it_pays_and_never_in_fast() -> None:
    caption = CaptionRegion(ElementKind.TABLE, "Table 1", Box(50, 80, 90, 90), (), "Table 1")
    prose = page([(line,) for line in PROSE])
    assert reasons_to_ask(prose, (), Profile.BEST) == ()
    assert reasons_to_ask(prose, (caption,), Profile.BEST) == ("table caption",)
    assert reasons_to_ask(prose, (caption,), Profile.FAST) == ()


@pytest.mark.parametrize("rules", [(), lattice(5, 3)], ids=["without rules", "ruled"])
def test_geometry_alone_finds_a_table_with_its_numbers_whole(rules: Sequence[Box]) -> None:
    tables = find_tables(page(NUMBERS, rules=rules), ())
    assert len(tables) == 1
    grid = {(cell.row, cell.col): cell.text for cell in tables[0].cells}
    assert grid == {(r, c): text for r, row in enumerate(NUMBERS) for c, text in enumerate(row)}


def test_headers_are_the_first_row_and_the_labels() -> None:
    cells = find_tables(page([("", "Low", "High"), *NUMBERS[1:]]), ())[0].cells
    assert {(cell.row, cell.col) for cell in cells if cell.header} == {
        (0, 1),
        (0, 2),
        *((row, 0) for row in range(1, 5)),
    }


def test_cells_told_apart_by_shading_alone_are_a_table() -> None:
    raw = page([("apple", "red"), ("pear", "green")])
    shades = tuple(
        RawPath(
            Box(45 + 100 * c, 98 + 14 * r, 145 + 100 * c, 112 + 14 * r),
            filled=True,
            stroked=False,
            segments=4,
            curves=0,
        )
        for r in range(2)
        for c in range(2)
    )
    assert [len(table.cells) for table in find_tables(replace(raw, paths=shades), ())] == [4]


def region(bbox: Box, rows: int = 5) -> LayoutRegion:
    return LayoutRegion("table", bbox, 1.0, tuple(98 + 14.0 * row for row in range(1, rows)), (145.0, 245.0))


def test_the_network_s_lines_and_our_words_make_the_cells() -> None:
    tables = find_tables(replace(page(NUMBERS), regions=(region(Box(48, 98, 300, 168)),)), ())
    assert [(len(table.cells), table.bbox) for table in tables] == [(15, Box(50, 100, 270, 166))]


@pytest.mark.parametrize("raw", [with_body(page(NUMBERS, mono=True)), page(CONTENTS)], ids=["code", "contents"])
def test_what_the_network_mistakes_for_a_table_is_left_out(raw: RawPage) -> None:
    seen = replace(raw, regions=(region(Box(48, 98, 300, 168)),))
    caption = CaptionRegion(ElementKind.TABLE, "Table 1", Box(50, 80, 90, 90), (), "Table 1")
    assert find_tables(seen, ()) == []
    assert len(find_tables(seen, (caption,))) == 1


@pytest.mark.parametrize(("heights", "count"), [((96, 113, 170), 1), ((96, 170), 0)], ids=["a table", "a listing"])
def test_three_rules_make_a_table_of_what_is_set_like_code(heights: Sequence[float], count: int) -> None:
    rules = [Box(48, at, 300, at + 0.5) for at in heights]
    raw = with_body(page(NUMBERS, mono=True, rules=rules))
    assert len(find_tables(replace(raw, regions=(region(Box(48, 98, 300, 168)),)), ())) == count


def test_two_ruled_tables_that_the_network_merged_are_parted() -> None:
    upper = lattice(2, 2)
    lower = [Box(rule.x0, rule.y0 + 42, rule.x1, rule.y1 + 42) for rule in upper]
    rows = [("a", "b"), ("c", "d"), (), ("e", "f"), ("g", "h")]
    raw = replace(page(rows, rules=[*upper, *lower]), regions=(region(Box(45, 98, 245, 168)),))
    assert [[cell.text for cell in table.cells] for table in find_tables(raw, ())] == [list("abcd"), list("efgh")]


def test_labels_in_a_drawing_are_no_table() -> None:
    curves = tuple(
        RawPath(Box(60 + 40 * n, 100, 90 + 40 * n, 150), filled=False, stroked=True, segments=0, curves=4)
        for n in range(5)
    )
    grid = replace(page(NUMBERS, rules=lattice(5, 3)), paths=curves)
    assert find_tables(grid, ()) == []
    line = RawPath(Box(55, 100, 280, 160), filled=False, stroked=True, segments=40, curves=0, slanted=40)
    assert find_tables(replace(page(NUMBERS), paths=(line,)), ()) == []
    frame = RawPath(Box(45, 98, 345, 168), filled=False, stroked=True, segments=40, curves=0)
    assert len(find_tables(replace(page(NUMBERS, rules=lattice(5, 3)), paths=(frame,)), ())) == 1


SEEN_AS = LayoutRegion("text", Box(48, 98, 300, 168))


def test_geometry_adds_what_the_network_overlooks_beyond_doubt() -> None:
    assert len(find_tables(replace(page(NUMBERS), regions=(SEEN_AS,)), ())) == 1
    assert find_tables(replace(page(WORDS), regions=(SEEN_AS,)), ()) == []
    caption = CaptionRegion(ElementKind.TABLE, "Table 1", Box(50, 80, 90, 90), (), "Table 1")
    assert len(find_tables(replace(page(WORDS), regions=(SEEN_AS,)), (caption,))) == 1
    photograph = replace(page(NUMBERS), regions=(SEEN_AS,), pictures=(Box(40, 90, 350, 180),))
    assert find_tables(photograph, ()) == []


def test_a_region_without_columns_is_cut_by_the_gaps_between_its_words() -> None:
    seen = replace(page(NUMBERS), regions=(LayoutRegion("table", Box(48, 98, 300, 168)),))
    assert [len(table.cells) for table in find_tables(seen, ())] == [15]


def test_a_box_of_words_in_the_margin_is_no_table() -> None:
    head = [("Guide", "Version 2", "Page 7 of 9"), ("Part", "of", "it")]
    raw = replace(page(head, rules=lattice(2, 3)), height=2000.0)
    assert find_tables(raw, ()) == []
    assert len(find_tables(replace(raw, height=600.0), ())) == 1


def test_rules_about_the_heading_alone_leave_the_rows_to_the_gaps() -> None:
    outer = [Box(45, at, 345, at + 0.5) for at in (97.75, 111.75, 167.75)]
    sides = [Box(at, 98, at + 0.5, 168) for at in (44.75, 344.75)]
    heading = [Box(at, 98, at + 0.5, 112) for at in (144.75, 244.75)]
    rows = [("Region", "2010", "2011"), *((name, "1.5 2.5", "3.5 4.5") for name in ("North", "South", "East", "West"))]
    table = find_tables(page(rows, rules=[*outer, *sides, *heading]), ())[0]
    assert [len([cell for cell in table.cells if cell.row == row]) for row in range(5)] == [3] * 5


CAPTION = CaptionRegion(ElementKind.TABLE, "Table 1", Box(45, 80, 245, 92), (), "Table 1: Calls")
CALLS = [("call", "gives"), ("open x", "a file"), ("close x", "nothing"), ("read x y", "a line")]


@pytest.mark.parametrize("captions", [(CAPTION,), ()], ids=["captioned", "not"])
def test_code_between_rules_is_a_table_where_a_caption_says_so(captions: Sequence[CaptionRegion]) -> None:
    rules = [Box(45, at, 250, at + 0.5) for at in (97, 112, 154)]
    raw = with_body(page(CALLS, mono=True, rules=rules))
    assert [len(table.cells) for table in find_tables(raw, captions)] == [8] * len(captions)


@pytest.mark.parametrize("captions", [(CAPTION,), ()], ids=["captioned", "not"])
def test_a_few_rows_without_rules_are_a_table_where_a_caption_says_so(captions: Sequence[CaptionRegion]) -> None:
    raw = page([("", "nouns", "verbs"), ("most", "12", "24"), ("least", "3", "1")])
    assert [len(table.cells) for table in find_tables(raw, captions)] == [8] * len(captions)


@pytest.mark.parametrize("captions", [(CAPTION,), ()], ids=["captioned", "not"])
def test_symbols_drawn_in_a_ruled_grid_are_a_table_where_a_caption_says_so(captions: Sequence[CaptionRegion]) -> None:
    drawn = [RawPath(Box(180 + 2 * n, 120, 190 + 2 * n, 130), True, False, 4, 4) for n in range(8)]
    raw = replace(page([row[:2] for row in NUMBERS], rules=lattice(5, 2)), paths=tuple(drawn))
    assert [len(table.cells) for table in find_tables(raw, captions)] == [10] * len(captions)
