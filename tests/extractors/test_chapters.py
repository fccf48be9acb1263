from dataclasses import replace

import pytest

from extractors.chapters import join_openings
from extractors.raw import Block, TextAnchor
from schemas.geometry import Box
from schemas.kinds import ElementKind


def block(text: str, y: float, *, size: float = 20.0) -> Block:
    return Block(0, ElementKind.PARAGRAPH, Box(50, y, 300, y + size), text, size=size, bold=True)


@pytest.mark.parametrize("opening", ["Chapter 3", "Kapitel 3", "Глава 3", "第三章", "제 3 장", "Appendix B", "附录 A"])
def test_a_number_on_a_line_of_its_own_and_the_title_are_one(opening: str) -> None:
    (joined,) = join_openings([block(opening, 100), block("Rates of Change", 150, size=24.0)])
    assert (joined.text, joined.bbox) == (f"{opening} Rates of Change", Box(50, 100, 300, 174))


@pytest.mark.parametrize(
    "second",
    [
        block("Rates", 400),
        block("Running text of a chapter.", 130),
        block("small", 130, size=9.0),
        block("Chapter 4", 130),
    ],
)
def test_what_is_no_title_stays_apart(second: Block) -> None:
    assert len(join_openings([block("Chapter 3", 100), second])) == 2


def test_link_annotations_move_with_their_words() -> None:
    title = replace(block("Rates", 130), anchors=(TextAnchor(0, 5, 2, None),))
    (joined,) = join_openings([block("Chapter 3", 100), title])
    assert joined.text[joined.anchors[0].start : joined.anchors[0].end] == "Rates"
