"""Headings: which blocks are, what number they print, and how deep they lie."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from extractors.contents import is_contents_title
from extractors.heading_levels import heading_levels, is_caps, is_part, style_of
from extractors.heading_numbers import heading_number
from extractors.labels import CAPTION_KINDS, match_label, squeeze
from extractors.raw import Block
from schemas.kinds import ElementKind

# No heading begins with a mark of a note or of code, and none ends a clause in an ideographic script.
_NO_OPENING = re.compile(r"^(?:[※▶►→⇒#\\<$%@|&]|\[\w+\])")
_CLAUSES = re.compile(r"[。．｡]|[，；]\s*$|[，；].*[，；]")
_STATEMENT = re.compile(
    r"^(?:theorem|lemma|proposition|corollary|definition|remark|example|exercise|proof|conjecture|assumption|axiom|"
    r"satz|beispiel|bemerkung|korollar|beweis|aufgabe|théorème|lemme|définition|remarque|exemple|exercice|preuve|"
    r"teorema|lema|definición|ejemplo|definizione|esempio|definição|exemplo|теорема|лемма|определение|пример|"
    r"定理|引理|定义|例)\s*\d+(?:\.\d+)*\s*[.:：(（]?",
    re.IGNORECASE,
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|"
    "juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|"
    "febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|"
    "giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro|"
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_DATE = re.compile(
    rf"^\W*(?:\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+)?)?(?:{_MONTHS})\b.{{0,8}}\b\d{{4}}\W*$", re.IGNORECASE
)
_TRAILING_PAGE = re.compile(r"[\s.…]+\d{1,4}$")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")
_LETTERS = re.compile(r"[^\W\d_A-Za-zÀ-ɏ]{2}|[^\W\d_]{4}")
_KNOWN = frozenset(
    (
        "abstract",
        "introduction",
        "conclusion",
        "conclusions",
        "references",
        "bibliography",
        "acknowledgements",
        "acknowledgments",
        "acknowledgement",
        "acknowledgment",
        "discussion",
        "results",
        "methods",
        "appendix",
        "summary",
        "keywords",
        "background",
        "zusammenfassung",
        "einleitung",
        "literatur",
        "résumé",
        "resumen",
        "introducción",
        "conclusiones",
        "referencias",
    )
)
_MAX_LENGTH = 180
_RUNNING_LENGTH = 120
_LONGEST_ALONE = 80
_USUAL_FONT = 0.03
_LEAST_SET_APART = 3
_FIRST_SECTIONS = (("1", 1), ("2", 1))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of itself: its level (from 1) and its printed number ("4.1"), if any."""

    level: int
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The type of running text: size, whether it is bold, the largest size that is common in it, and its fonts.

    Where two scripts share a line, the fonts of one are often set larger than those of the other.
    """

    size: float
    bold: bool
    largest: float = 0.0
    fonts: frozenset[str] = frozenset()


def body_type(blocks: Iterable[Block]) -> Body:
    """Return the type that most running text is set in."""
    weights: Counter[tuple[float, bool]] = Counter()
    fonts: Counter[str] = Counter()
    for block in blocks:
        if block.kind in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM) and not block.mono:
            running = len(block.text) if block.line_count > 1 else 0
            weights[round(block.size * 2) / 2, block.bold] += running
            fonts[block.font] += running
    (size, bold), weight = max(weights.items(), key=lambda item: (item[1], item[0]), default=((10.0, False), 0))
    if not weight:
        return Body(10.0, False)
    common = (other for (other, _), count in weights.items() if size < other <= 1.15 * size and count > 0.05 * weight)
    usual = frozenset(font for font, count in fonts.items() if count > _USUAL_FONT * fonts.total())
    return Body(size, bold, max(common, default=size), usual)


def find_title(blocks: Sequence[Block], body: Body, skip: Collection[int] = ()) -> list[int]:
    """Return the places of the document's title: the largest print on the first page, if it stands out."""
    first = blocks[0].page_index if blocks else 0
    candidates = [
        index
        for index, block in enumerate(blocks)
        if block.page_index == first and index not in skip and _may_be_title(block, body)
    ]
    if not candidates:
        return []
    largest = max(blocks[i].size for i in candidates)
    top = next(i for i in candidates if blocks[i].size > largest - 0.5)
    # A number in front makes it a section, however large.
    return [] if heading_number(blocks[top].text)[0] else [top]


def _may_be_title(block: Block, body: Body) -> bool:
    if block.kind is not ElementKind.PARAGRAPH or block.mono or block.line_count > 6:
        return False
    letters = sum(map(str.isalpha, block.text))
    return block.size >= body.size * 1.15 and letters >= 4 and len(block.text) <= 300


def find_headings(
    blocks: Sequence[Block],
    body: Body,
    skip: Collection[int] = (),
    *,
    outlined: Mapping[int, int] = MappingProxyType({}),
) -> dict[int, Heading]:
    """Return the places in `blocks` of headings, with their levels.

    Args:
        blocks: the blocks of the document.
        body: the type of its running text.
        skip: places known to be something else.
        outlined: places that the document's outline lists, with its levels: they are headings however they are set.
    """
    found = [
        index
        for index, block in enumerate(blocks)
        if index not in skip and (index in outlined or (_stands_out(block, body) and _reads(block)))
    ]
    if body.fonts:
        found = sorted({*found, *_set_apart(blocks, body, skip, set(found))})
    found = _without_authors(blocks, _without_contents(blocks, found, outlined), outlined)
    numbers = {index: heading_number(blocks[index].text) for index in found}
    numbers |= _lettered(blocks, found, numbers)
    levels = heading_levels(blocks, found, numbers, outlined)
    return {index: Heading(levels[index], numbers[index][0]) for index in found}


def _lettered(
    blocks: Sequence[Block], found: Sequence[int], numbers: dict[int, tuple[str | None, int]]
) -> dict[int, tuple[str | None, int]]:
    """Return the number of an appendix "A Proofs", which is no article where the sections before it are numbered."""
    styles = {style_of(blocks[index]) for index in found if numbers[index] in _FIRST_SECTIONS}
    last = max((index for index in found if numbers[index][1] == 1 and str(numbers[index][0]).isdigit()), default=-1)
    return {
        index: ("A", 1)
        for index in found
        if index > last >= 0 and blocks[index].text.startswith("A ") and style_of(blocks[index]) in styles
    }


def _stands_out(block: Block, body: Body) -> bool:
    """Tell whether a block is set apart from running text as headings are."""
    depth = heading_number(block.text)[1]
    if block.kind not in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM) or block.line_count > 4:
        return False
    if block.mono and (depth == 0 or block.size < body.size - 0.3):
        return False
    if block.size >= max(body.size, body.largest) * 1.06 + 0.1:
        return True
    if block.size < body.size * 0.85:
        return False
    if block.bold and not body.bold:
        return True
    caps = is_caps(block.text)
    if block.line_count > 2:
        return False
    alone = depth >= 2 and _is_short(block)
    return alone or (depth > 0 and (block.italic or caps)) or _known(block.text, caps)


def _is_short(block: Block) -> bool:
    return block.line_count == 1 and len(block.text) <= _LONGEST_ALONE and not block.text.endswith(".")


def _set_apart(blocks: Sequence[Block], body: Body, skip: Collection[int], found: Collection[int]) -> set[int]:
    """Return numbered lines that only a font of their own sets apart, as black faces and small capitals do.

    There have to be several, and none may have the number of what stands out more.
    """
    taken = {heading_number(blocks[index].text)[0] for index in found}
    fonts: dict[str, set[int]] = defaultdict(set)
    for index, block in enumerate(blocks):
        if index in skip or index in found or block.font in body.fonts or block.mono or not _is_short(block):
            continue
        textual = block.kind in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM)
        if textual and block.size >= body.size * 0.85 and heading_number(block.text)[0] and _reads(block):
            fonts[block.font].add(index)
    several = (places for places in fonts.values() if len(places) >= _LEAST_SET_APART)
    return {
        i for places in several for i in places if not any(heading_number(blocks[j].text)[0] in taken for j in places)
    }


def _known(text: str, caps: bool) -> bool:
    words = text.rstrip(":").split()
    return len(words) <= 2 and (caps or text[:1].isupper()) and bool(words) and words[0].casefold() in _KNOWN


def _reads(block: Block) -> bool:
    """Tell whether the words can be a heading."""
    text = block.text
    letters = sum(map(str.isalpha, text))
    number, _ = heading_number(text)
    if not _LETTERS.search(text) and number is None:
        return False
    if letters < 2 or len(text) > _MAX_LENGTH or letters < 0.4 * len(text.replace(" ", "")) or _LEADERS.search(text):
        return False
    if block.kind is ElementKind.LIST_ITEM and number is None:
        return False
    if (number is None and _NO_OPENING.match(text)) or _CLAUSES.search(text) or _DATE.match(text):
        return False
    if _STATEMENT.match(text):
        return False
    label = match_label(text)
    if label is not None and label[0].noun in CAPTION_KINDS:
        return False
    return not _is_sentence(text, number, block.line_count)


def _is_sentence(text: str, number: str | None, line_count: int) -> bool:
    if text.endswith((",", ";")) or (text[:1].islower() and number is None):
        return True
    if text.endswith("."):
        return len(text) > 70 or (number is None and len(text.split()) > 6)
    return (text.endswith(":") and number is None and len(text.split()) > 4) or (
        line_count > 2 and number is None and len(text) > 140
    )


def _without_contents(blocks: Sequence[Block], found: list[int], outlined: Collection[int]) -> list[int]:
    """Drop entries of a table of contents: the words of another heading and a page number."""
    words = {squeeze(blocks[index].text) for index in found}
    last = {squeeze(blocks[index].text): blocks[index].page_index for index in found}
    # In a list of contents whose page numbers were read apart, the entry equals the heading that follows later.
    found = [
        i
        for i in found
        if i in outlined
        or heading_number(blocks[i].text)[0] is None
        or last[squeeze(blocks[i].text)] == blocks[i].page_index
    ]
    return [
        index
        for index in found
        if not (
            _TRAILING_PAGE.search(blocks[index].text) and squeeze(_TRAILING_PAGE.sub("", blocks[index].text)) in words
        )
    ]


def _without_authors(blocks: Sequence[Block], found: list[int], outlined: Collection[int]) -> list[int]:
    """Drop what stands on the first page before the first heading that is one beyond doubt: authors, dates, places.

    Beyond doubt is a number, a usual word, an entry of the outline, or running text right below.
    """
    first = blocks[0].page_index if blocks else 0
    on_first = [i for i in found if blocks[i].page_index == first]
    sure = next((i for i in on_first if i in outlined or _is_sure(blocks[i].text)), None)
    if sure is None:
        unmarked = [i for i in on_first if not blocks[i].marks]
        sure = next((i for i in unmarked if _length_below(blocks, i, found) >= _RUNNING_LENGTH), len(blocks))
        later = next((i for i in found if blocks[i].page_index != first), len(blocks))
        sure = min(sure, later)
    return [i for i in found if i >= sure]


def _length_below(blocks: Sequence[Block], index: int, found: Collection[int]) -> int:
    """Return how much text, tables and figures included, stands between a heading and the next one on its page."""
    length = 0
    for place in range(index + 1, len(blocks)):
        if place in found or blocks[place].page_index != blocks[index].page_index:
            break
        length += _RUNNING_LENGTH if blocks[place].table or blocks[place].figure else len(blocks[place].text)
    return length


def _is_sure(text: str) -> bool:
    numbered = heading_number(text)[0] is not None or is_part(text)
    return numbered or _known(text, caps=True) or is_contents_title(text)
