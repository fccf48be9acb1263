import pytest

from extractors.furniture import find_furniture
from extractors.raw import Block
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.records import Page

PAGES = [Page("d", n, str(n + 1), 600, 800, 0, (), TextSource.TEXT_LAYER) for n in range(4)]


def block(text: str, y: float, page: int) -> Block:
    return Block(page, ElementKind.PARAGRAPH, Box(100, y, 500, y + 10), text)


@pytest.mark.parametrize(("first", "footers"), [(7, 4), (None, 0)])
def test_numbers_that_count_the_pages_are_footers_wherever_they_stand(first: int | None, footers: int) -> None:
    numbers = [first + n if first is not None else 3 * n * n for n in range(4)]
    blocks = [part for n in range(4) for part in (block("Body", 300, n), block(str(numbers[n]), 500, n))]
    found = find_furniture(PAGES, blocks)
    assert list(found.values()) == [ElementKind.FOOTER] * footers


def test_running_heads_and_numbers_in_the_margin_are_furniture() -> None:
    blocks = [part for n in range(4) for part in (block("A Running Head", 40, n), block("Text", 300 + 9 * n, n))]
    blocks.append(block("17", 780, 0))
    found = find_furniture(PAGES, blocks)
    assert [found.get(index) for index in range(len(blocks))] == [ElementKind.HEADER, None] * 4 + [ElementKind.FOOTER]


def test_a_running_head_far_from_the_edge_recurs_with_the_page_number() -> None:
    blocks = [part for n in range(4) for part in (block(f"{n + 8} CHAPTER 6. OPTICS", 200, n), block("Text", 300, n))]
    assert list(find_furniture(PAGES, blocks).values()) == [ElementKind.HEADER] * 4
