"""What a line's end hides, the document's other words tell."""

import pytest

from extractors.hyphens import settle_hyphens
from extractors.raw import Block
from schemas.geometry import Box, Span
from schemas.kinds import ElementKind


def block(text: str, *doubts: int, marks: tuple[Span, ...] = ()) -> Block:
    return Block(page_index=0, kind=ElementKind.PARAGRAPH, bbox=Box(0, 0, 1, 1), text=text, doubts=doubts, marks=marks)


def _second_half(text: str) -> int:
    return next(text.index(half) for half in ("rank", "driven", "threaded", "more") if half in text)


@pytest.mark.parametrize(
    ("broken", "elsewhere", "expected"),
    [
        ("a fullrank matrix", "the full-rank case", "a full-rank matrix"),
        ("a fullrank matrix", "a matrix of full column rank", "a full-rank matrix"),
        ("a fullrank matrix", "fullrank is one word here", "a fullrank matrix"),
        ("a fullrank matrix", "nothing to go by", "a fullrank matrix"),
        ("a communitydriven matrix of the world", "nothing to go by", "a community-driven matrix of the world"),
        ("a multithreaded thing", "nothing to go by", "a multithreaded thing"),
        ("der fullrank und die", "full und rank", "der fullrank und die"),
        ("and furthermore it", "further and more", "and furthermore it"),
    ],
)
def test_the_document_decides(broken: str, elsewhere: str, expected: str) -> None:
    settled = settle_hyphens([block(broken, _second_half(broken)), block(elsewhere)])
    assert settled[0].text == expected
    assert settled[1].text == elsewhere


def test_a_doubled_consonant_belongs_to_one_word() -> None:
    settled = settle_hyphens([block("errors occurring here", 12), block("errors occur when they ring")])
    assert settled[0].text == "errors occurring here"


def test_places_behind_a_hyphen_move_with_it() -> None:
    settled = settle_hyphens([block("a fullrank matrix1", 6, marks=(Span(17, 18),)), block("full-rank")])
    mark = settled[0].marks[0]
    assert settled[0].text[mark.start : mark.end] == "1"
