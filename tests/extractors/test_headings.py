from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.heading_numbers import heading_number
from extractors.headings import Body, find_headings, find_title
from extractors.raw import Block
from schemas.geometry import Box
from schemas.kinds import ElementKind

BODY = Body(10.0, False)


def block(
    text: str, *, size: float = 10, bold: bool = False, italic: bool = False, lines: int = 1, page: int = 1
) -> Block:
    box = Box(100, 100, 400, 110)
    return Block(page, ElementKind.PARAGRAPH, box, text, size=size, bold=bold, italic=italic, line_count=lines)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 Introduction", ("1", 1)),
        ("2.3. Models", ("2.3", 2)),
        ("A.1 Proofs", ("A.1", 2)),
        ("IV. RESULTS", ("IV", 1)),
        ("Appendix B: Proofs", ("B", 1)),
        ("第三章 方法", ("3", 1)),
        ("A study of rates", (None, 0)),
        ("S. K. Morgan", (None, 0)),
        ("2019 was a good year", (None, 0)),
        ("Methods", (None, 0)),
    ],
)
def test_numbers_of_headings(text: str, number: tuple[str | None, int]) -> None:
    assert heading_number(text) == number


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (block("Methods", size=12), True),
        (block("Methods", bold=True), True),
        (block("3.1.2 Data sets"), True),
        (block("II. DATA AND METHODS"), True),
        (block("References"), True),
        (block("Locations"), False),
        (block("Table 3: Rates", bold=True), False),
        (block("This whole sentence is bold because it matters a lot to us.", bold=True), False),
        (block("and so on", bold=True), False),
        (block("12.5 13.7 14.9", bold=True), False),
        (block("1.2 Data ........ 14", bold=True), False),
    ],
)
def test_what_stands_out_and_reads_as_one_is_a_heading(candidate: Block, expected: bool) -> None:
    assert bool(find_headings([block("Text " * 40, page=0, lines=3), candidate], BODY)) is expected


def test_levels_come_from_numbers_first_and_style_then() -> None:
    blocks = [
        block("1 Data", size=14, bold=True),
        block("1.1 Sources", size=12, bold=True),
        block("2 Methods", size=14, bold=True),
        block("Acknowledgements", size=14, bold=True),
        block("A remark on sources", size=12, bold=True),
    ]
    assert [heading.level for heading in find_headings(blocks, BODY).values()] == [1, 2, 1, 1, 2]


def test_letters_lie_below_roman_numerals() -> None:
    blocks = [block("II. DATA"), block("A. Sources", italic=True), block("III. METHODS")]
    assert [heading.level for heading in find_headings(blocks, BODY).values()] == [1, 2, 1]


def test_entries_of_a_table_of_contents_are_no_headings() -> None:
    blocks = [
        block("Contents", size=14),
        block("1 Data 3", size=12),
        block("2 Methods", size=12),
        block("1 Data", size=14, page=3),
        block("2 Methods", size=14, page=4),
    ]
    assert list(find_headings(blocks, BODY)) == [0, 3, 4]


def test_the_largest_print_of_the_first_page_is_the_title() -> None:
    blocks = [
        block("Journal of Rates", size=12, page=0),
        block("A Study of Rates", size=18, page=0),
        block("Ann Author", size=12, page=0),
    ]
    assert find_title(blocks, BODY) == [1]
    assert find_title([block("1 Introduction", size=18, page=0)], BODY) == []


def test_numbered_sections_lie_below_parts() -> None:
    blocks = [
        block("Part I Getting started", size=20, bold=True),
        block("1 History", size=14, bold=True),
        block("1.1 Sources", size=12, bold=True),
        block("Part II Going on", size=20, bold=True),
        block("2 Fonts", size=14, bold=True),
        block("Notes", size=14, bold=True),
    ]
    assert [heading.level for heading in find_headings(blocks, BODY).values()] == [1, 2, 3, 1, 2, 2]


def test_a_small_heading_that_begins_like_a_part_is_none() -> None:
    blocks = [block("1 Data", size=14), block("Part 1 of the study", bold=True), block("2 Methods", size=14)]
    assert [heading.level for heading in find_headings(blocks, BODY).values()] == [1, 2, 1]


def test_levels_of_the_outline_carry_those_of_numbers_that_it_leaves_out() -> None:
    blocks = [
        block("1 Data", size=14),
        block("1.1 Sources", size=12),
        block("2 Methods", size=14),
        block("2.1 Models", size=12),
    ]
    found = find_headings(blocks, BODY, outlined={0: 2, 2: 2})
    assert [heading.level for heading in found.values()] == [2, 3, 2, 3]


@pytest.mark.parametrize(
    ("font", "titles", "expected"),
    [
        ("SimHei", ("1 什么是数据？", "2 为什么？", "3 怎么做？"), 3),
        ("SimSun", ("1 什么是数据？", "2 为什么？", "3 怎么做？"), 0),
        ("SimHei", ("1 什么是数据？", "2 为什么？"), 0),
        ("CMTI10", ("1 No reduction", "2 No change", "4 No effect"), 0),
    ],
    ids=["a font of their own", "the font of the text", "too few", "the number of a section"],
)
def test_numbered_lines_in_a_font_of_their_own_are_headings(font: str, titles: Sequence[str], expected: int) -> None:
    body = Body(10.0, False, fonts=frozenset({"SimSun", "CMR10"}))
    blocks = [block("Text " * 40, page=0, lines=3), block("4 Effects", size=14)]
    blocks += [replace(block(title), font=font) for title in titles]
    assert len(find_headings(blocks, body)) == 1 + expected
