"""Footnotes: the small print at the foot of a page, and the signs in the text that call it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from extractors.raw import Block
from schemas.geometry import Span
from schemas.kinds import ElementKind
from schemas.records import Page

_OPENING = re.compile(r"^\s*(?P<mark>\d{1,3}|[*∗†‡§¶]{1,3}|[a-z](?=\s))[.)]?\s*(?=\S)")
_CALLED = re.compile(r"(?:[^\W\d_]{2}|[.,;:!?)\]’”»\"'])\s?$")
_TYPOGRAPHIC = re.compile(r"[*∗†‡§¶]+")
_Callers = defaultdict[tuple[int, str], list[int]]
_TEXTUAL = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM})


def find_footnotes(
    pages: Sequence[Page], blocks: Sequence[Block], body_size: float, skip: Collection[int] = ()
) -> dict[int, str]:
    """Return the places of footnotes, each with its mark: smaller print that opens with one, low on the page."""
    heights = {page.page_index: page.height for page in pages}
    found: dict[int, str] = {}
    for index, block in enumerate(blocks):
        if index in skip or block.kind not in _TEXTUAL or block.mono or block.size > body_size - 0.7:
            continue
        low = block.bbox.y0 > 0.45 * heights.get(block.page_index, 792.0)
        mark = footnote_mark(block)
        if low and mark is not None and _ends_column(blocks, index, body_size):
            found[index] = mark
    return found


def footnote_mark(block: Block) -> str | None:
    """Return the sign that a block opens with, if it is set as a footnote's."""
    match = _OPENING.match(block.text)
    if match is None:
        return None
    raised = bool(block.marks) and block.marks[0].start <= 1
    typographic = not match["mark"].isalnum()
    return match["mark"] if raised or typographic else None


def _ends_column(blocks: Sequence[Block], index: int, body_size: float) -> bool:
    """Tell whether no running text of full size stands below a block in its column."""
    block = blocks[index]
    for place in range(index + 1, len(blocks)):
        other = blocks[place]
        if other.page_index != block.page_index or other.column != block.column:
            return True
        if other.kind in _TEXTUAL and other.size > body_size - 0.7 and other.line_count > 1:
            return False
    return True


def tie_footnotes(blocks: Sequence[Block], footnotes: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return (footnote, caller) places: the one block of the page that calls the footnote by its mark.

    Signs at the end of a word come before indices in formulas; a note on a table is called from the table's cells.
    """
    raised, calling, tables = _Callers(list), _Callers(list), _Callers(list)
    for index, block in enumerate(blocks):
        if index in footnotes:
            continue
        page = block.page_index
        for sign in dict.fromkeys(block.text[mark.start : mark.end] for mark in block.marks):
            raised[page, sign].append(index)
        for sign in dict.fromkeys(block.text[mark.start : mark.end] for mark in block.marks if _calls(block, mark)):
            calling[page, sign].append(index)
        for sign in dict.fromkeys(_signs_in_cells(block)):
            tables[page, sign].append(index)
    pairs = []
    for index, sign in footnotes.items():
        place = blocks[index].page_index, sign
        possible = calling.get(place) or raised.get(place) or tables[place]
        if len(possible) == 1:
            pairs.append((index, possible[0]))
    return pairs


def _calls(block: Block, mark: Span) -> bool:
    """Say whether a raised sign ends a word or a clause, as an index of a one-letter symbol does not."""
    if block.kind is ElementKind.FORMULA or block.text[mark.end : mark.end + 1].isalnum():
        return False
    return _CALLED.search(block.text[: mark.start]) is not None


def _signs_in_cells(block: Block) -> Iterator[str]:
    for cell in block.table.cells if block.table else ():
        yield from _TYPOGRAPHIC.findall(cell.text)
