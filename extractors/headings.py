"""Headings: which blocks are, what number they print, and how deep they lie."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from extractors.labels import CAPTION_KINDS, SECTION_NOUNS, match_label, tidy_number
from extractors.raw import Block
from schemas.kinds import ElementKind

_DECIMAL = re.compile(r"^(?:§\s*)?(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)(?P<dot>[.)]?)\s+(?=[^\W\d_]|[“\"'(¿])")
_ROMAN = re.compile(r"^(?P<number>[IVX]{1,6})\.?\s+(?=[^\W\d_])")
_NAMED = re.compile(
    r"^(?:chapter|appendix|section|kapitel|anhang|abschnitt|chapitre|annexe|capítulo|anexo|capitolo|"
    r"appendice|глава|приложение|раздел)\s+(?P<number>\d{1,3}|[A-Z]|[IVX]+)\b[.:]?\s*",
    re.IGNORECASE,
)
_CJK_NAMED = re.compile(r"^第\s*(?P<number>[\d一二三四五六七八九十]+)\s*[章节節篇]\s*")
_TRAILING_PAGE = re.compile(r"[\s.…]+\d{1,4}$")
_INITIALS = re.compile(r"^(?:[A-Z]\.\s*){2}")
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


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of itself: its level (from 1) and its printed number ("4.1"), if any."""

    level: int
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The type of running text: size, and whether it is bold."""

    size: float
    bold: bool


@dataclass(frozen=True, slots=True, order=True)
class _Style:
    """What makes headings of one level look alike; greater stands out more."""

    size: float
    bold: bool
    caps: bool
    roman: bool


def body_type(blocks: Iterable[Block]) -> Body:
    """Return the type that most running text is set in."""
    weights: Counter[tuple[float, bool]] = Counter()
    for block in blocks:
        if block.kind in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM) and not block.mono:
            weights[round(block.size * 2) / 2, block.bold] += len(block.text) * (1 if block.line_count > 1 else 0)
    (size, bold), weight = max(weights.items(), key=lambda item: (item[1], item[0]), default=((10.0, False), 0))
    return Body(size, bold) if weight else Body(10.0, False)


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


def find_headings(blocks: Sequence[Block], body: Body, skip: Collection[int] = ()) -> dict[int, Heading]:
    """Return the places in `blocks` of headings, with their levels. `skip` are places known to be something else."""
    found = [
        index for index, block in enumerate(blocks) if index not in skip and _stands_out(block, body) and _reads(block)
    ]
    found = _without_authors(blocks, _without_contents(blocks, found))
    numbers = {index: heading_number(blocks[index].text) for index in found}
    levels = _levels(blocks, found, numbers)
    return {index: Heading(levels[index], numbers[index][0]) for index in found}


def heading_number(text: str) -> tuple[str | None, int]:
    """Return the number that a heading begins with, and its depth (0 without one).

    >>> heading_number("4.1 Methods"), heading_number("Appendix B: Proofs"), heading_number("Methods")
    (('4.1', 2), ('B', 1), (None, 0))
    """
    if _INITIALS.match(text):
        return None, 0
    named = _NAMED.match(text) or _CJK_NAMED.match(text)
    if named:
        return tidy_number(named["number"]), 1
    decimal = _DECIMAL.match(text)
    if decimal and not (decimal["number"].isalpha() and not decimal["dot"]):
        number = decimal["number"].removesuffix(".0")
        return number, number.count(".") + 1
    if decimal and text[decimal.end() :][:1].isupper() and decimal["number"] not in ("A", "I"):
        return decimal["number"], 1
    roman = _ROMAN.match(text)
    if roman and ("." in roman[0] or roman["number"] != "I"):
        return roman["number"], 1
    return None, 0


def heading_noun(text: str) -> str | None:
    """Return what a heading calls itself, in English: "Chapter" for "Kapitel 3"; None when it prints only a number."""
    found = match_label(text)
    return found[0].noun if found is not None and found[0].noun in SECTION_NOUNS else None


def _stands_out(block: Block, body: Body) -> bool:
    """Tell whether a block is set apart from running text as headings are."""
    depth = heading_number(block.text)[1]
    if block.kind not in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM) or block.line_count > 4:
        return False
    if block.mono and (depth == 0 or block.size < body.size):
        return False
    if block.size >= body.size * 1.06 + 0.1:
        return True
    if block.size < body.size * 0.85:
        return False
    if block.bold and not body.bold:
        return True
    caps = _is_caps(block.text)
    if block.line_count > 2:
        return False
    alone = depth >= 2 and block.line_count == 1 and len(block.text) <= 80 and not block.text.endswith(".")
    return alone or (depth > 0 and (block.italic or caps)) or _known(block.text, caps)


def _known(text: str, caps: bool) -> bool:
    words = text.rstrip(":").split()
    return len(words) <= 2 and (caps or text[:1].isupper()) and bool(words) and words[0].casefold() in _KNOWN


def _is_caps(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and sum(map(str.isupper, letters)) > 0.85 * len(letters)


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


def _without_contents(blocks: Sequence[Block], found: list[int]) -> list[int]:
    """Drop entries of a table of contents: the words of another heading and a page number."""
    words = {_squeeze(blocks[index].text) for index in found}
    last = {_squeeze(blocks[index].text): blocks[index].page_index for index in found}
    # In a list of contents whose page numbers were read apart, the entry equals the heading that follows later.
    found = [
        i
        for i in found
        if heading_number(blocks[i].text)[0] is None or last[_squeeze(blocks[i].text)] == blocks[i].page_index
    ]
    return [
        index
        for index in found
        if not (
            _TRAILING_PAGE.search(blocks[index].text) and _squeeze(_TRAILING_PAGE.sub("", blocks[index].text)) in words
        )
    ]


def _without_authors(blocks: Sequence[Block], found: list[int]) -> list[int]:
    """Drop what stands on the first page before the first heading that is one beyond doubt: authors, dates, places."""
    first = blocks[0].page_index if blocks else 0
    sure = next((i for i in found if _is_sure(blocks[i].text)), None)
    if sure is None or blocks[sure].page_index != first:
        return [i for i in found if blocks[i].page_index != first or not blocks[i].marks]
    return [i for i in found if i >= sure]


def _is_sure(text: str) -> bool:
    return heading_number(text)[0] is not None or _known(text, caps=True)


def _squeeze(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _style(block: Block) -> _Style:
    return _Style(round(block.size * 2) / 2, block.bold, _is_caps(block.text), not block.italic)


def _levels(
    blocks: Sequence[Block], found: Sequence[int], numbers: dict[int, tuple[str | None, int]]
) -> dict[int, int]:
    styles = {index: _style(blocks[index]) for index in found}
    romans = {index for index in found if _is_roman(numbers[index][0])}
    depths = {index: _depth(numbers[index], bool(romans)) for index in found}
    numbered = sum(1 for depth in depths.values() if depth)
    votes: dict[_Style, Counter[int]] = defaultdict(Counter)
    for index in found:
        if depths[index] and numbered > 1:
            votes[styles[index]][depths[index]] += 1
    known = {style: max(count, key=lambda level: (count[level], -level)) for style, count in votes.items()}
    ranks = _style_levels(set(styles.values()), known)
    return {index: depths[index] or ranks[styles[index]] for index in found}


def _is_roman(number: str | None) -> bool:
    return number is not None and len(number) > 1 and set(number) <= set("IVX")


def _depth(number: tuple[str | None, int], below_roman: bool) -> int:
    """Return the depth that the number tells; letters lie below Roman numerals where both are used."""
    printed, depth = number
    single_letter = printed is not None and len(printed) == 1 and printed.isalpha() and printed not in "IVX"
    return 2 if single_letter and below_roman else depth


def _style_levels(styles: set[_Style], known: dict[_Style, int]) -> dict[_Style, int]:
    """Return a level for each style: where numbers tell it, that; else one below the next that stands out more."""
    levels: dict[_Style, int] = {}
    above: tuple[_Style, int] | None = None
    for style in sorted(styles, reverse=True):
        if style in known:
            levels[style] = known[style]
        elif above is None:
            levels[style] = min(known.values(), default=1) if known else 1
        else:
            levels[style] = above[1] + (1 if _differs(above[0], style) else 0)
        above = style, levels[style]
    return levels


def _differs(a: _Style, b: _Style) -> bool:
    return a.size - b.size > 0.6 or (a.bold, a.caps, a.roman) != (b.bold, b.caps, b.roman)
