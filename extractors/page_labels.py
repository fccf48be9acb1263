"""What is printed as the page number, where the PDF itself names its pages by position only."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from schemas.kinds import ElementKind
from schemas.records import Element, Page

_EDGE_NUMBER = re.compile(r"^\W*(\d{1,4})\b(?![.,:/]\d)|(?<![.,:/\d])\b(\d{1,4})\W*$")
_FURNITURE = (ElementKind.HEADER, ElementKind.FOOTER)
_LEAST_PAGES = 2
_LEAST_SHARE = 0.5


def with_printed_labels(pages: Sequence[Page], elements: Iterable[Element]) -> tuple[Page, ...]:
    """Return the pages with the numbers that their headers or footers print.

    A number counts when it stands at an end of a header or footer and keeps its distance from the page's position on at
    least two pages and half of all. Labels that the PDF itself gives stay.
    """
    if any(page.page_label != str(page.page_index + 1) for page in pages):
        return tuple(pages)
    offsets = Counter(offset for _, offset in set(_offsets(elements)))
    offset, times = max(offsets.items(), key=_commonest, default=(1, 0))
    if times < max(_LEAST_PAGES, _LEAST_SHARE * len(pages)) or offset == 1:
        return tuple(pages)
    return tuple(_labelled(page, offset) for page in pages)


def _offsets(elements: Iterable[Element]) -> Iterator[tuple[int, int]]:
    """Yield (page_index, printed number minus page_index) for every number that may be the page's."""
    for element in elements:
        if element.kind in _FURNITURE:
            for found in _EDGE_NUMBER.finditer(element.text):
                yield element.page_index, int(found[1] or found[2]) - element.page_index


def _commonest(item: tuple[int, int]) -> tuple[int, int]:
    offset, times = item
    return times, -abs(offset)


def _labelled(page: Page, offset: int) -> Page:
    number = page.page_index + offset
    return replace(page, page_label=str(number)) if number > 0 else page
