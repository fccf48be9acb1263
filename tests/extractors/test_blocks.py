from collections.abc import Sequence

from extractors.blocks import compose_page
from extractors.captions import find_captions
from extractors.raw import FigureRegion, RawAnchor, RawLine, RawPage, RawSpan, TableRegion
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.records import Cell


def line(text: str, x: float, y: float, *, width: float = 200, font: str = "Body", mono: bool = False) -> RawLine:
    box = Box(x, y, x + width, y + 10)
    return RawLine((RawSpan(text, box, font, 10, bold=font == "Bold", mono=mono),), box, 0)


def page(lines: Sequence[RawLine], anchors: Sequence[RawAnchor] = ()) -> RawPage:
    return RawPage(0, "1", 612, 792, 0, TextSource.TEXT_LAYER, tuple(lines), anchors=tuple(anchors))


def texts(lines: Sequence[RawLine]) -> list[str]:
    return [block.text for block in compose_page(page(lines), [], [], [])]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [line(f"left {n}", 50, 100 + 12 * n) for n in range(5)]
    right = [line(f"right {n}", 300, 100 + 12 * n) for n in range(5)]
    mixed = [part for pair in zip(left, right, strict=True) for part in pair]
    assert texts(mixed) == ["left 0 left 1 left 2 left 3 left 4", "right 0 right 1 right 2 right 3 right 4"]


def test_what_spans_the_columns_divides_them() -> None:
    rows = [(50, 100), (300, 100), (50, 112), (300, 112), (50, 124), (300, 124)]
    upper = [line(f"u{n}", x, y) for n, (x, y) in enumerate(rows)]
    lower = [line(f"d{n}", x, y + 100) for n, (x, y) in enumerate(rows)]
    wide = line("a heading over both", 50, 170, width=450, font="Bold")
    assert texts([*lower, wide, *upper]) == ["u0 u2 u4", "u1 u3 u5", "a heading over both", "d0 d2 d4", "d1 d3 d5"]


def test_paragraphs_part_at_space_indent_and_style() -> None:
    lines = [
        line("1 Heading", 50, 80, width=60, font="Bold"),
        line("First para-", 50, 92),
        line("graph here.", 50, 104),
        line("Second one", 62, 116, width=188),
        line("goes on.", 50, 128),
        line("Third after space.", 50, 160),
    ]
    assert texts(lines) == ["1 Heading", "First paragraph here.", "Second one goes on.", "Third after space."]


def test_lists_and_code_keep_their_form() -> None:
    lines = [
        line("• one", 50, 100),
        line("goes on", 60, 112),
        line("• two", 50, 124),
        line("x = 1", 50, 160, mono=True, font="Courier"),
        line("y = 2", 50, 172, width=30, mono=True, font="Courier"),
        line("# two", 150, 172, width=30, mono=True, font="Courier"),
    ]
    blocks = compose_page(page(lines), [], [], [])
    assert [(block.kind, block.text) for block in blocks] == [
        (ElementKind.LIST_ITEM, "• one goes on"),
        (ElementKind.LIST_ITEM, "• two"),
        (ElementKind.PARAGRAPH, "x = 1\ny = 2  # two"),
    ]


def test_a_displayed_formula_carries_its_number() -> None:
    lines = [
        line("which gives", 50, 100),
        line("a = b + c", 120, 118, width=60, font="CMMI10"),
        line("(3)", 235, 118, width=15),
        line("and so on.", 50, 136),
    ]
    (formula,) = [b for b in compose_page(page(lines), [], [], []) if b.kind is ElementKind.FORMULA]
    assert (formula.text, formula.label) == ("a = b + c (3)", "Equation 3")


def test_text_in_regions_is_not_repeated() -> None:
    lines = [
        line("Table 1: Rates", 50, 100),
        line("cell", 60, 130, width=30),
        line("axis", 60, 330, width=30),
        line("text", 50, 500),
    ]
    raw = page(lines)
    regions = [TableRegion(Box(50, 120, 250, 200), (Cell(0, 0, "cell"), Cell(0, 1, "x"), Cell(1, 0, "y")))]
    blocks = compose_page(raw, regions, [FigureRegion(Box(50, 300, 250, 400))], find_captions(raw))
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("caption", "Table 1: Rates"),
        ("table", "cell\tx\ny"),
        ("figure", "axis"),
        ("paragraph", "text"),
    ]


def test_annotations_are_put_on_the_words_under_them() -> None:
    # Twenty characters over 200 points: "Table 2" stands from 130 to 200.
    anchor = RawAnchor(Box(130, 112, 200, 122), 4, 200.0, "table.2")
    lines = [line("0123456789 123456789", 50, 100), line("see the Table 2 here", 50, 112)]
    (block,) = compose_page(page(lines, [anchor]), [], [], [])
    (found,) = block.anchors
    assert (block.text[found.start : found.end], found.target_page) == ("Table 2", 4)


def test_raised_signs_are_marked() -> None:
    box = Box(50, 100, 250, 110)
    spans = (
        RawSpan("The rates", Box(50, 100, 140, 110), "Body", 10),
        RawSpan("2", Box(140, 98, 144, 105), "Body", 6, raised=True),
        RawSpan(" grew.", Box(144, 100, 250, 110), "Body", 10),
    )
    (block,) = compose_page(page([RawLine(spans, box, 0)]), [], [], [])
    assert [block.text[mark.start : mark.end] for mark in block.marks] == ["2"]


def run_in(head: str, tail: str, *, after: Sequence[RawLine] = ()) -> list[str]:
    bold, plain = Box(50, 80, 150, 90), Box(152, 80, 400, 90)
    spans = RawSpan(head, bold, "Bold", 10, bold=True), RawSpan(tail, plain, "Body", 10)
    return texts([RawLine(spans, Box(50, 80, 400, 90), 0), *after])


def test_a_numbered_heading_in_bold_is_parted_from_the_sentence_that_it_runs_into() -> None:
    parted = run_in("3.1 Figures", " They are centred on the page.", after=[line("All of them.", 50, 92)])
    assert parted == ["3.1 Figures", "They are centred on the page. All of them."]
    assert run_in("3.1 What is", " complexity?") == ["3.1 What is complexity?"]
    assert run_in("3.1 What is", " Complexity?") == ["3.1 What is Complexity?"]
