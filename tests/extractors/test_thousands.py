import pytest

from extractors.raw import Block, TextAnchor
from extractors.thousands import close_thousands
from schemas.geometry import Box, Span
from schemas.kinds import ElementKind


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("about 100, 000 rows", "about 100,000 rows"),
        ("2, 500, 000 rows", "2,500,000 rows"),
        ("1, 000.", "1,000."),
        ("n = 100, 200, 500", "n = 100, 200, 500"),
        ("items 3, 0001", "items 3, 0001"),
        ("1234, 000", "1234, 000"),
    ],
)
def test_only_a_last_group_of_zeros_closes_a_number(text: str, closed: str) -> None:
    assert close_thousands(Block(0, ElementKind.PARAGRAPH, Box(0, 0, 9, 9), text)).text == closed


def test_marks_and_anchors_keep_their_words() -> None:
    text = "10, 000 rows in Table 3"
    block = Block(
        0,
        ElementKind.PARAGRAPH,
        Box(0, 0, 9, 9),
        text,
        marks=(Span(8, 12),),
        anchors=(TextAnchor(16, 23, 1, None),),
    )
    closed = close_thousands(block)
    assert [closed.text[mark.start : mark.end] for mark in closed.marks] == ["rows"]
    assert [closed.text[anchor.start : anchor.end] for anchor in closed.anchors] == ["Table 3"]
