"""Page furniture: running heads and feet and page numbers, told from the text by place and repetition."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from extractors.raw import Block
from schemas.kinds import ElementKind
from schemas.records import Page

_BAND = 0.13
_NUMBER_BAND = 0.1
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|p\.|стр\.|第)\s*)?(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]{1,2}[-–.]\d{1,3})"
    r"(?:\s*(?:/|of|von|de|sur|из|页)\s*(?:\d{1,4})?)?\W*$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[\s–—-]*(\d{1,4})[\s–—-]*$")
_AT_END = re.compile(r"^(\d{1,4})\s|\s(\d{1,4})$")
_LEAST_COUNTED = 3
_LEAST_RECURRING = 4
_TEXTUAL = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.FORMULA})


def find_furniture(pages: Sequence[Page], blocks: Sequence[Block]) -> dict[int, ElementKind]:
    """Return the places in `blocks` of headers and footers, each with its kind."""
    heights = {page.page_index: page.height for page in pages}
    numbers: dict[int, ElementKind] = {}
    groups: dict[tuple[ElementKind, str, int], list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        height = heights.get(block.page_index, 792.0)
        kind = _band(block, height)
        if kind is None or block.kind not in _TEXTUAL or block.line_count > 4 or len(block.text) > 400:
            continue
        if _PAGE_NUMBER.match(block.text) and _band(block, height, _NUMBER_BAND):
            numbers[index] = kind
        else:
            groups[kind, _shape(block.text), round(block.bbox.y0 / 8)].append(index)
    edges = _counting(blocks) | _recurring(blocks)
    return edges | numbers | _repeated(_merged(groups), blocks, len(pages))


def _recurring(blocks: Sequence[Block]) -> dict[int, ElementKind]:
    """Return the lines above or below all else on their pages that begin or end with the page's number.

    They stand at one height, wherever that is; their words may change with the chapter.
    """
    groups: dict[tuple[ElementKind, int, int], list[int]] = defaultdict(list)
    for page in _by_page(blocks).values():
        for index, kind in _edges(blocks, page):
            block = blocks[index]
            if block.kind not in _TEXTUAL or block.line_count > 1 or not any(map(str.isalpha, block.text)):
                continue
            for number in filter(None, (match[1] or match[2] for match in _AT_END.finditer(block.text))):
                groups[kind, round(block.bbox.y0 / 4), int(number) - block.page_index].append(index)
    return {index: key[0] for key, found in groups.items() if len(found) >= _LEAST_RECURRING for index in found}


def _edges(blocks: Sequence[Block], page: Sequence[int]) -> list[tuple[int, ElementKind]]:
    highest = min(page, key=lambda index: blocks[index].bbox.y0)
    lowest = max(page, key=lambda index: blocks[index].bbox.y1)
    return [(highest, ElementKind.HEADER), (lowest, ElementKind.FOOTER)] if len(page) > 1 else []


def _counting(blocks: Sequence[Block]) -> dict[int, ElementKind]:
    """Return the numbers alone above or below all else on their pages that count the pages, wherever they stand."""
    offsets: dict[int, dict[int, ElementKind]] = defaultdict(dict)
    for page in _by_page(blocks).values():
        for index, kind in _edges(blocks, page):
            number = _ALONE.match(blocks[index].text)
            if number is not None and blocks[index].kind in _TEXTUAL:
                offsets[int(number[1]) - blocks[index].page_index][index] = kind
    return {index: kind for found in offsets.values() if len(found) >= _LEAST_COUNTED for index, kind in found.items()}


def _by_page(blocks: Sequence[Block]) -> dict[int, list[int]]:
    pages: dict[int, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        pages[block.page_index].append(index)
    return pages


def _band(block: Block, height: float, share: float = _BAND) -> ElementKind | None:
    if block.bbox.y1 < share * height:
        return ElementKind.HEADER
    return ElementKind.FOOTER if block.bbox.y0 > (1 - share) * height else None


def _shape(text: str) -> str:
    return _DIGITS.sub("#", text.casefold())[:60]


def _merged(groups: Mapping[tuple[ElementKind, str, int], list[int]]) -> dict[tuple[ElementKind, str, int], list[int]]:
    """Put together neighbouring height classes, so that a footer on the edge of two is one."""
    merged: dict[tuple[ElementKind, str, int], list[int]] = {}
    for key in sorted(groups, key=lambda key: (key[0], key[1], key[2])):
        below = (key[0], key[1], key[2] - 1)
        if below in merged:
            merged[below] += groups[key]
        else:
            merged[key] = list(groups[key])
    return merged


def _repeated(
    groups: Mapping[tuple[ElementKind, str, int], list[int]], blocks: Sequence[Block], page_count: int
) -> dict[int, ElementKind]:
    found: dict[int, ElementKind] = {}
    bands: dict[tuple[ElementKind, int], set[int]] = defaultdict(set)
    for (kind, _, place), indices in groups.items():
        on = {blocks[i].page_index for i in indices}
        if len(on) >= (2 if page_count <= 5 else 3):
            found.update(dict.fromkeys(indices, kind))
            bands[kind, place] |= on
    # A running head that changes with the chapter stands where the others stand.
    for (kind, _, place), indices in groups.items():
        near = bands[kind, place] | bands[kind, place - 1] | bands[kind, place + 1]
        if len(near) >= max(3, 0.2 * page_count) and all(blocks[i].line_count <= 2 for i in indices):
            found.update(dict.fromkeys(indices, kind))
    return found
