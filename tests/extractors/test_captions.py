from collections.abc import Sequence

import pytest

from extractors.captions import find_captions
from extractors.raw import RawLine, RawPage, RawPath, RawSpan
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource


def line(text: str, x: float, y: float, *, size: float = 10, bold: bool = False, width: float | None = None) -> RawLine:
    box = Box(x, y, x + (width or 5 * len(text)), y + size)
    return RawLine((RawSpan(text, box, "Bold" if bold else "Body", size, bold=bold),), box, 0)


def page(lines: Sequence[RawLine], paths: Sequence[RawPath] = ()) -> RawPage:
    return RawPage(0, "1", 612, 792, 0, TextSource.TEXT_LAYER, tuple(lines), paths=tuple(paths))


def test_a_caption_is_gathered_to_its_end() -> None:
    found = find_captions(
        page(
            [
                line("Figure 2: Growth of the sample over", 100, 300, width=300),
                line("ten years of the study.", 100, 312, width=150),
                line("The text goes on after a space.", 100, 340, width=300),
            ]
        )
    )
    assert [(c.kind, c.label, c.text, c.lines) for c in found] == [
        (ElementKind.FIGURE, "Figure 2", "Figure 2: Growth of the sample over ten years of the study.", (0, 1))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Table 3 shows the rates.",
        "Figure 2, and others",
        "Figures are nice",
        "table 3. lower case",
        "Figure 1: Sales .......... 12",
    ],
)
def test_sentences_and_list_entries_are_no_captions(text: str) -> None:
    assert find_captions(page([line(text, 100, 100)])) == []


@pytest.mark.parametrize("word", ["Table", "TABLE", "tABLE"], ids=["plain", "capitals", "small capitals read wrongly"])
def test_a_label_in_capitals_opens_a_caption(word: str) -> None:
    (found,) = find_captions(page([line(f"{word} 3. number of deaths by year", 100, 100)]))
    assert (found.kind, found.label) == (ElementKind.TABLE, "Table 3")


def test_a_line_that_goes_on_a_paragraph_is_no_caption() -> None:
    lines = [
        line("which is summed up for every year in", 100, 100, width=300),
        line("Table 3. This is more text", 100, 112, width=300),
    ]
    assert find_captions(page(lines)) == []
    assert len(find_captions(page(lines[1:]))) == 1


def test_a_bare_label_takes_the_title_below_it() -> None:
    (found,) = find_captions(page([line("TABLE II", 280, 100, width=50), line("Rates by year", 265, 112, width=80)]))
    assert (found.label, found.text) == ("Table II", "TABLE II Rates by year")


def test_a_rule_ends_a_caption() -> None:
    rule = RawPath(Box(100, 111.2, 400, 111.6), filled=False, stroked=True, segments=1, curves=0)
    lines = [line("Table 1: Rates", 100, 100, width=300), line("Year Rate", 100, 113, width=300)]
    assert [c.lines for c in find_captions(page(lines, [rule]))] == [(0,)]


def test_table_rows_do_not_go_into_a_caption() -> None:
    lines = [
        line("Table 1: Rates of every year and place", 100, 100, width=300),
        line("Year", 100, 112, width=30),
        line("Rate", 300, 112, width=30),
    ]
    assert [c.lines for c in find_captions(page(lines))] == [(0,)]


def test_a_list_of_figures_holds_no_captions() -> None:
    lines = [line(f"Figure {n}: Something seen {n + 10}", 100, 100 + 20 * n) for n in range(1, 6)]
    assert find_captions(page(lines)) == []
