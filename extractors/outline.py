"""The outline (bookmarks) of a document: headings and levels as its maker wrote them, found again on the pages.

An outline is believed entry by entry: one whose words are not printed on its page says nothing.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import pymupdf

from extractors.heading_numbers import heading_number
from extractors.labels import fold, squeeze
from extractors.opening import PDF_ERRORS
from extractors.raw import Block
from schemas.kinds import ElementKind

_MOST_ENTRIES = 50_000
_LONGEST = 250
_MOST_LINES = 5
_ALIKE = 0.9
_ENDS = re.compile(r"^(?:part|chapter|appendix|teil|kapitel|anhang|partie|chapitre|annexe|parte|часть|глава)", re.I)
_LONG_SENTENCE = 70


class OutlineEntry(NamedTuple):
    """An entry of the outline: its level (from 1), its words and the page it leads to (from 0)."""

    level: int
    title: str
    page_index: int


def read_outline(source: pymupdf.Document) -> tuple[OutlineEntry, ...]:
    """Return the entries that lead to a page of the document; none when the outline is damaged."""
    try:
        rows = source.get_toc(simple=True)[:_MOST_ENTRIES]
    except PDF_ERRORS:
        return ()
    pages = source.page_count
    return tuple(OutlineEntry(level, title.strip(), page - 1) for level, title, page in rows if 0 < page <= pages)


def find_outlined(
    blocks: Sequence[Block], outline: Iterable[OutlineEntry], skip: Collection[int] = ()
) -> dict[int, int]:
    """Return the places in `blocks` of what the outline lists, with the levels it gives.

    Where the words of an entry stand twice on its page, the larger print is meant, and then the first.

    Args:
        blocks: the blocks of the document.
        outline: its outline.
        skip: places known to be something else: running heads, footnotes, lists of contents.
    """
    wanted = tuple(outline)
    listed = {entry.page_index for entry in wanted}
    pages: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    for index, block in enumerate(blocks):
        if block.page_index in listed and index not in skip and _may_be_listed(block):
            pages[block.page_index][index] = _forms(block.text)
    found: dict[int, int] = {}
    for entry in wanted:
        forms = _forms(entry.title)
        here = pages.get(entry.page_index, {})
        same = [i for i, others in here.items() if i not in found and _is_same(forms, others)]
        if same:
            found[min(same, key=lambda i: (-round(blocks[i].size), i))] = entry.level
    return found


def _may_be_listed(block: Block) -> bool:
    textual = block.kind in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM)
    if not textual or block.line_count > _MOST_LINES or len(block.text) > _LONGEST:
        return False
    return not (block.text.endswith((".", ",", ";")) and len(block.text) > _LONG_SENTENCE)


def _forms(text: str) -> frozenset[str]:
    """Return the letters and digits of a heading, with its number and without."""
    plain = fold(text)
    number, _ = heading_number(plain)
    whole = squeeze(plain)
    bare = _ENDS.sub("", whole)
    without = bare.removeprefix(squeeze(number)) if number else bare
    return frozenset(form for form in (whole, bare, without) if form)


def _is_same(forms: Collection[str], others: Collection[str]) -> bool:
    return any(_is_alike(a, b) for a in forms for b in others)


def _is_alike(a: str, b: str) -> bool:
    if a == b:
        return True
    # Formulas and accents are spelt otherwise in an outline.
    if abs(len(a) - len(b)) > 0.2 * max(len(a), len(b)) or min(len(a), len(b)) < 8:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
