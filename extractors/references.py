"""The mentions of a document resolved to its elements, with the help of link annotations where there are any.

A mention whose object was not found, but whose caption was, leads to the caption: it bears the label beyond doubt and
says what the object shows, and its low confidence tells the two cases apart. Nothing else stands in for an object.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from extractors.heading_numbers import heading_noun
from extractors.labels import SECTION_NOUNS, Label, match_label, squeeze
from extractors.mentions import Mention, Resolution, candidates, find, find_mentions, resolve
from extractors.raw import TextAnchor
from schemas.errors import ReasonCode
from schemas.geometry import Span
from schemas.kinds import ElementKind, LinkKind, Stage
from schemas.records import Element, Link, Reject

_SOURCES = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.CAPTION, ElementKind.FOOTNOTE})
_TARGETS = frozenset({ElementKind.TABLE, ElementKind.FIGURE, ElementKind.FORMULA, ElementKind.CAPTION})
_BARE_NUMBER = re.compile(
    r"^[(\[]?(?P<number>[A-Z]{0,2}\.?\d{1,3}(?:[.\-]\d{1,3})*|[A-Z](?:\.\d{1,3})*)(?P<panel>[a-h])?[)\]]?$"
)
_BIBLIOGRAPHY = re.compile(r"^(?:cite|bib|ref-|b\d|Hfootnote|page|Doc|Item|AMS|lstnumber|glo:|acn)", re.IGNORECASE)
# Entries of a list of works cite tables and chapters of those works.
# fmt: off
_WORKS_CITED = frozenset(
    {
        "references", "bibliography", "literature", "literature cited", "works cited", "literatur",
        "literaturverzeichnis", "bibliographie", "références", "referencias", "bibliografía", "bibliografia",
        "riferimenti", "referências", "литература", "список литературы", "参考文献", "參考文獻", "참고문헌", "المراجع",
    }
)
# fmt: on
_LINKED = 1.0
_NAMED = 0.95
_CAPTION_ONLY = 0.6
# Where a link annotation may point: a little above its target, or at its caption.
_ABOVE_TARGET, _BELOW_TARGET = 60.0, 24.0


class References(NamedTuple):
    """The mentions that were resolved, as links, and those that were not, with their reasons."""

    links: list[Link]
    unresolved: list[Reject]


class _Verdict(NamedTuple):
    """Where a mention leads, how surely, and why not further: a reason code and its message."""

    places: Sequence[int]
    confidence: float = _NAMED
    problems: Sequence[tuple[ReasonCode, str]] = ()


def link_mentions(
    elements: Sequence[Element],
    anchors: Mapping[int, Sequence[TextAnchor]],
    tied: Mapping[int, int],
    *,
    silent: Collection[int] = (),
) -> References:
    """Return the mentions links of a document, and the mentions that stay unresolved.

    What a label names twice stays unresolved unless a link annotation on those words says which is meant.

    Args:
        elements: all elements, with their labels.
        anchors: for the place of an element, the link annotations in its text.
        tied: captions and what they are tied to; a caption stands in for its object only when that was not found.
        silent: places of text that names nothing (code, lists of contents), where only link annotations count.
    """
    index = label_index(elements, tied)
    references = References([], [])
    for place, element in enumerate(elements):
        if element.kind in _SOURCES and element.text:
            mentions = [] if place in silent else find_mentions(element.text)
            _refer(elements, place, mentions, index=index, anchors=anchors.get(place, ()), references=references)
    return references


def label_index(elements: Sequence[Element], tied: Mapping[int, int]) -> dict[str, list[int]]:
    """Return for each label's key the places of the elements that bear it; continued ones count once."""
    index: dict[str, list[int]] = defaultdict(list)
    others: dict[str, list[int]] = defaultdict(list)
    for place, element in enumerate(elements):
        if element.label is None:
            continue
        if element.kind is ElementKind.HEADING:
            named = heading_noun(element.text)
            for noun in sorted(SECTION_NOUNS):
                (index if named in (noun, None) else others)[f"{noun} {element.label}".casefold()].append(place)
        elif element.kind in _TARGETS and place not in tied:
            _add_object(index, elements, place)
    # "Section 3" may mean what is headed "Chapter 3", but only where nothing is headed "3" or "Section 3".
    return {**others, **index}


def _add_object(index: dict[str, list[int]], elements: Sequence[Element], place: int) -> None:
    element = elements[place]
    places = index[(element.label or "").casefold()]
    follows = bool(places) and 0 <= element.page_index - elements[places[-1]].page_index <= 1
    if not (follows and elements[places[-1]].kind is element.kind and _continues(element, elements[places[-1]])):
        places.append(place)


def _continues(element: Element, before: Element) -> bool:
    """Tell whether a table goes on one of the same label on the page before."""
    return element.kind is ElementKind.TABLE and element.page_index == before.page_index + 1


def _refer(
    elements: Sequence[Element],
    place: int,
    mentions: Sequence[Mention],
    *,
    index: Mapping[str, Sequence[int]],
    anchors: Sequence[TextAnchor],
    references: References,
) -> None:
    """Add what the text of one element says to `references`."""
    element = elements[place]
    useful = [anchor for anchor in anchors if not _BIBLIOGRAPHY.match(anchor.name or "")]
    taken: list[Span] = []
    own = match_label(element.text) if element.kind is ElementKind.CAPTION else None
    for mention in mentions:
        if own is not None and mention.span.start < own[1]:
            continue
        taken.append(mention.span)
        verdict = _judge(elements, place, mention, index, useful)
        targets = [elements[target] for target in dict.fromkeys(verdict.places) if target != place]
        references.links.extend(_link(element, target, mention.span, verdict.confidence) for target in targets)
        references.unresolved.extend(_reject(element, mention, *problem) for problem in verdict.problems)
    for anchor in useful:
        if not any(anchor.start < span.end and span.start < anchor.end for span in taken):
            references.links.extend(_anchor_link(elements, place, anchor))


def _judge(
    elements: Sequence[Element],
    place: int,
    mention: Mention,
    index: Mapping[str, Sequence[int]],
    anchors: Sequence[TextAnchor],
) -> _Verdict:
    over = [anchor for anchor in anchors if anchor.start < mention.span.end and mention.span.start < anchor.end]
    if over and len(mention.labels) == 1 and (target := _linked(elements, mention, index, over[-1])) is not None:
        return _Verdict([target], _LINKED)
    if mention.elsewhere or _is_cited(elements[place]):
        what = " and ".join(map(str, mention.labels))
        return _Verdict((), problems=[(ReasonCode.MENTION_ELSEWHERE, f"{what} stands in another work")])
    resolution = resolve(mention, index)
    problems = () if mention.weak else tuple(_problems(elements, resolution, index))
    return _Verdict(resolution.places, problems=problems)


def _linked(
    elements: Sequence[Element], mention: Mention, index: Mapping[str, Sequence[int]], anchor: TextAnchor
) -> int | None:
    """Return where a link annotation on a mention leads: to one of what bears the label, else to what stands there."""
    possible = [i for i in candidates(mention, index) if _leads_to(elements[i], anchor)]
    if possible:
        return _nearest(elements, possible, anchor)
    wanted = _KINDS_NAMED.get(mention.labels[0].noun)
    if wanted is None or anchor.target_y is None:
        return None
    start = _first_of(elements, anchor.target_page)
    there = [
        start + i
        for i, element in enumerate(_on_page(elements, anchor.target_page))
        if element.kind is wanted
        and element.label is None
        and -_BELOW_TARGET <= element.bbox.y0 - anchor.target_y <= _ABOVE_TARGET
    ]
    return there[0] if len(there) == 1 else None


def _is_cited(element: Element) -> bool:
    return bool(element.section_path) and element.section_path[-1].casefold().strip(" .:") in _WORKS_CITED


def _problems(
    elements: Sequence[Element], resolution: Resolution, index: Mapping[str, Sequence[int]]
) -> Iterator[tuple[ReasonCode, str]]:
    """Yield why a mention is not, or not wholly, resolved."""
    for label in resolution.ambiguous:
        pages = sorted({elements[place].page_index + 1 for place in find(label, index)})
        where = f"page {pages[0]}" if len(pages) == 1 else f"pages {', '.join(map(str, pages))}"
        message = f"{len(find(label, index))} elements are labelled {label.whole}, on {where}"
        yield ReasonCode.MENTION_AMBIGUOUS, message
    for label in resolution.missing:
        yield ReasonCode.MENTION_NOT_FOUND, f"no {label.noun.casefold()} of this document is labelled {_spelt(label)}"


def _spelt(label: Label) -> str:
    return str(label.whole)


def _reject(element: Element, mention: Mention, reason: ReasonCode, message: str) -> Reject:
    return Reject(
        stage=Stage.EXTRACT,
        subject=element.element_id,
        reason_code=reason,
        message=message,
        page_index=element.page_index,
        text=element.text[mention.span.start : mention.span.end],
    )


def _leads_to(element: Element, anchor: TextAnchor) -> bool:
    return abs(element.page_index - anchor.target_page) <= (0 if element.kind is ElementKind.HEADING else 1)


def _nearest(elements: Sequence[Element], places: Sequence[int], anchor: TextAnchor) -> int:
    return min(
        places,
        key=lambda i: (
            abs(elements[i].page_index - anchor.target_page),
            abs(elements[i].bbox.y0 - (anchor.target_y or 0.0)),
            i,
        ),
    )


def _anchor_link(elements: Sequence[Element], place: int, anchor: TextAnchor) -> Iterator[Link]:
    """Yield the link for an annotation on a bare number, or on the very words of a heading."""
    source = elements[place]
    span = _trim(source.text, anchor)
    words = source.text[span.start : span.end]
    number = _BARE_NUMBER.match(words)
    for element in _on_page(elements, anchor.target_page):
        label = (element.label or "").rsplit(" ", 1)[-1]
        same = number is not None and label.casefold() == number["number"].casefold() and _kind_fits(element, anchor)
        titled = element.kind is ElementKind.HEADING and len(words) > 3 and _same_words(element.text, words)
        if (same or titled) and element.element_id != source.element_id:
            yield _link(source, element, span, _LINKED)
            return


def _kind_fits(element: Element, anchor: TextAnchor) -> bool:
    name = (anchor.name or "").casefold()
    wanted = next((kind for sign, kind in _NAME_KINDS if sign in name), None)
    return element.kind in (wanted, ElementKind.CAPTION) if wanted else element.kind in (*_TARGETS, ElementKind.HEADING)


_KINDS_NAMED = {
    "Table": ElementKind.TABLE,
    "Figure": ElementKind.FIGURE,
    "Equation": ElementKind.FORMULA,
    "Section": ElementKind.HEADING,
    "Chapter": ElementKind.HEADING,
    "Appendix": ElementKind.HEADING,
}
_NAME_KINDS = (
    ("fig", ElementKind.FIGURE),
    ("tab", ElementKind.TABLE),
    ("eq", ElementKind.FORMULA),
    ("sec", ElementKind.HEADING),
    ("chap", ElementKind.HEADING),
    ("app", ElementKind.HEADING),
)


def _on_page(elements: Sequence[Element], page: int) -> Iterator[Element]:
    low = _first_of(elements, page)
    while low < len(elements) and elements[low].page_index == page:
        yield elements[low]
        low += 1


def _first_of(elements: Sequence[Element], page: int) -> int:
    low, high = 0, len(elements)
    while low < high:
        middle = (low + high) // 2
        if elements[middle].page_index < page:
            low = middle + 1
        else:
            high = middle
    return low


def _trim(text: str, anchor: TextAnchor) -> Span:
    """Return the place of an annotation widened to whole words, blanks at its ends left out."""
    start, end = min(anchor.start, len(text)), min(anchor.end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start > 0 and end > start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Span(start, end)


def _same_words(heading: str, words: str) -> bool:
    plain, wanted = squeeze(heading), squeeze(words)
    return bool(wanted) and plain.lstrip("0123456789") == wanted.lstrip("0123456789")


def _link(source: Element, target: Element, span: Span, confidence: float) -> Link:
    if target.kind is ElementKind.CAPTION:
        confidence = _CAPTION_ONLY
    return Link(
        source_id=source.element_id,
        target_id=target.element_id,
        kind=LinkKind.MENTIONS,
        anchor_text=source.text[span.start : span.end],
        anchor_start=span.start,
        anchor_end=span.end,
        confidence=confidence,
    )
