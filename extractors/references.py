"""The mentions of a document resolved to its elements, with the help of link annotations where there are any."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from extractors.labels import SECTION_NOUNS, match_label
from extractors.mentions import Mention, candidates, find_mentions, resolve
from extractors.raw import TextAnchor
from schemas.geometry import Span
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Element, Link

_SOURCES = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.CAPTION, ElementKind.FOOTNOTE})
_TARGETS = frozenset({ElementKind.TABLE, ElementKind.FIGURE, ElementKind.FORMULA, ElementKind.CAPTION})
_BARE_NUMBER = re.compile(
    r"^[(\[]?(?P<number>[A-Z]{0,2}\.?\d{1,3}(?:[.\-]\d{1,3})*|[A-Z](?:\.\d{1,3})*)(?P<panel>[a-h])?[)\]]?$"
)
_BIBLIOGRAPHY = re.compile(r"^(?:cite|bib|ref-|b\d|Hfootnote|page|Doc|Item|AMS|lstnumber|glo:|acn)", re.IGNORECASE)
_LINKED = 1.0
_NAMED = 0.95
_CAPTION_ONLY = 0.6


def link_mentions(
    elements: Sequence[Element], anchors: Mapping[int, Sequence[TextAnchor]], tied: Mapping[int, int]
) -> list[Link]:
    """Return the mentions links of a document.

    What a label names twice stays unresolved unless a link annotation on those words says which is meant.

    Args:
        elements: all elements, with their labels.
        anchors: for the place of an element, the link annotations in its text.
        tied: captions and what they are tied to; a caption stands in for its object only when that was not found.
    """
    index = label_index(elements, tied)
    links: list[Link] = []
    for place, element in enumerate(elements):
        if element.kind in _SOURCES and element.text:
            links += _links_of(elements, place, index, anchors.get(place, ()))
    return links


def label_index(elements: Sequence[Element], tied: Mapping[int, int]) -> dict[str, list[int]]:
    """Return for each label's key the places of the elements that carry it; continued ones count once."""
    index: dict[str, list[int]] = defaultdict(list)
    for place, element in enumerate(elements):
        if element.label is None:
            continue
        if element.kind is ElementKind.HEADING:
            for noun in sorted(SECTION_NOUNS):
                index[f"{noun} {element.label}".casefold()].append(place)
        elif element.kind in _TARGETS and place not in tied:
            _add_object(index, elements, place)
    return index


def _add_object(index: dict[str, list[int]], elements: Sequence[Element], place: int) -> None:
    element = elements[place]
    places = index[(element.label or "").casefold()]
    follows = bool(places) and 0 <= element.page_index - elements[places[-1]].page_index <= 1
    if not (follows and elements[places[-1]].kind is element.kind and _continues(element, elements[places[-1]])):
        places.append(place)


def _continues(element: Element, before: Element) -> bool:
    """Tell whether a table goes on one of the same label on the page before."""
    return element.kind is ElementKind.TABLE and element.page_index == before.page_index + 1


def _links_of(
    elements: Sequence[Element], place: int, index: Mapping[str, Sequence[int]], anchors: Sequence[TextAnchor]
) -> Iterator[Link]:
    element = elements[place]
    useful = [anchor for anchor in anchors if not _BIBLIOGRAPHY.match(anchor.name or "")]
    taken: list[Span] = []
    own = match_label(element.text) if element.kind is ElementKind.CAPTION else None
    for mention in find_mentions(element.text):
        if own is not None and mention.span.start < own[1]:
            continue
        taken.append(mention.span)
        targets, confidence = _targets(elements, mention, index, useful)
        for target in dict.fromkeys(targets):
            if target != place:
                yield _link(element, elements[target], mention.span, confidence)
    for anchor in useful:
        if not any(anchor.start < span.end and span.start < anchor.end for span in taken):
            yield from _anchor_link(elements, place, anchor)


def _targets(
    elements: Sequence[Element], mention: Mention, index: Mapping[str, Sequence[int]], anchors: Sequence[TextAnchor]
) -> tuple[Sequence[int], float]:
    resolved = resolve(mention, index)
    over = [anchor for anchor in anchors if anchor.start < mention.span.end and mention.span.start < anchor.end]
    if over and len(mention.labels) == 1:
        possible = [i for i in candidates(mention, index) if _leads_to(elements[i], over[-1])]
        if possible:
            return [_nearest(elements, possible, over[-1])], _LINKED
    return resolved or [], _NAMED


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
    plain = "".join(c for c in heading.casefold() if c.isalnum())
    wanted = "".join(c for c in words.casefold() if c.isalnum())
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
