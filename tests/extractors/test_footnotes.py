import pytest

from extractors.footnotes import find_footnotes, footnote_mark, tie_footnotes
from extractors.raw import Block, TableRegion
from schemas.geometry import Box, Span
from schemas.kinds import ElementKind, TextSource
from schemas.records import Cell, Page

PAGES = [Page("d", n, str(n + 1), 600, 800, 0, (), TextSource.TEXT_LAYER) for n in range(2)]
BODY = 10.0


def block(
    text: str,
    y: float,
    marks: str = "",
    *,
    size: float = BODY,
    kind: ElementKind = ElementKind.PARAGRAPH,
    page: int = 0,
) -> Block:
    """Make a block of text; `marks` says which of its characters are raised, one by one, by a caret below each."""
    raised = tuple(Span(place, place + 1) for place, sign in enumerate(marks) if sign == "^")
    return Block(page, kind, Box(50, y, 550, y + 12), text, size=size, marks=raised, line_count=2)


CALLER = block("as was shown.1 Then", 200, "             ^")
NOTE = block("1In a later study.", 700, "^", size=8)


@pytest.mark.parametrize(
    ("note", "mark"),
    [
        (NOTE, "1"),
        (block("1 In a later study.", 700, size=8), None),
        (block("* Corresponding author.", 700, size=8), "*"),
        (block("†† Both at home.", 700, size=8), "††"),
        (block("a Estimated.", 700, "^", size=8), "a"),
        (block("In a later study.", 700, size=8), None),
        (block("", 700, size=8), None),
    ],
    ids=["raised", "a level number", "star", "two daggers", "raised letter", "no mark", "blank"],
)
def test_the_mark_that_a_footnote_opens_with(note: Block, mark: str | None) -> None:
    assert footnote_mark(note) == mark


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([CALLER, NOTE], {1: "1"}),
        ([CALLER, block("1In a later study.", 700, "^")], {}),
        ([CALLER, block("1In a later study.", 100, "^", size=8)], {}),
        ([NOTE, block("Running text of full size.", 740)], {}),
        ([NOTE, block("Running text of the next page.", 40, page=1)], {0: "1"}),
        ([block("1In a later study.", 700, "^", size=8, kind=ElementKind.FOOTER)], {}),
    ],
    ids=["small print", "as large as the text", "high up", "text below", "text on the next page", "a footer"],
)
def test_footnotes_are_small_print_at_the_foot(blocks: list[Block], found: dict[int, str]) -> None:
    assert find_footnotes(PAGES, blocks, BODY) == found


TABLE = Block(
    0, ElementKind.TABLE, Box(50, 300, 550, 500), "", table=TableRegion(Box(50, 300, 550, 500), (Cell(0, 0, "Rate*"),))
)
STAR = block("* A year.", 700, size=8)


@pytest.mark.parametrize(
    ("blocks", "pairs"),
    [
        ([CALLER, NOTE], [(1, 0)]),
        ([CALLER, block("where the vector S1 lies", 300, "                  ^"), NOTE], [(2, 0)]),
        ([block("the vector S1 lies", 300, "            ^"), NOTE], [(1, 0)]),
        ([CALLER, block("as others say1 too", 300, "             ^"), NOTE], []),
        ([CALLER, block("x = ab1", 300, "      ^", kind=ElementKind.FORMULA), NOTE], [(2, 0)]),
        ([block("on another page.1", 200, "                ^", page=1), NOTE], []),
        ([block("no sign", 200), NOTE], []),
        ([TABLE, STAR], [(1, 0)]),
        ([TABLE, TABLE, STAR], []),
        ([TABLE, block("by the author*", 200, "             ^"), STAR], [(2, 1)]),
        ([TABLE, block("** Two years.", 700, size=8)], []),
    ],
    ids=[
        "the one that calls",
        "an index elsewhere",
        "an index alone",
        "two that call",
        "a formula",
        "another page",
        "nobody",
        "a cell",
        "cells of two tables",
        "text before cells",
        "another sign",
    ],
)
def test_a_footnote_is_tied_to_the_one_that_calls_it(blocks: list[Block], pairs: list[tuple[int, int]]) -> None:
    footnotes = find_footnotes(PAGES, blocks, BODY)
    assert len(footnotes) == 1
    assert tie_footnotes(blocks, footnotes) == pairs
