"""The whole document: blocks become elements with kinds, labels and section paths, and links tie them together."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from extractors.chapters import join_openings
from extractors.contents import find_contents
from extractors.continuations import find_continuations
from extractors.footnotes import find_footnotes, tie_footnotes
from extractors.furniture import find_furniture
from extractors.headings import Heading, body_type, find_headings, find_title
from extractors.labels import CAPTION_KINDS, parse_label
from extractors.linking import tie_captions
from extractors.outline import OutlineEntry, find_outlined
from extractors.raw import Block
from extractors.references import link_mentions
from extractors.tables_html import render_html
from extractors.thousands import close_thousands
from schemas.identity import element_id
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Document, Element, Link, Page, Reject

_OUTSIDE = frozenset({ElementKind.HEADER, ElementKind.FOOTER, ElementKind.TITLE})


class Structure(NamedTuple):
    """A document's elements in reading order, the links between them, and the mentions left unresolved."""

    elements: list[Element]
    links: list[Link]
    unresolved: list[Reject]


def structure(
    document: Document, pages: Sequence[Page], blocks: Sequence[Block], outline: Sequence[OutlineEntry] = ()
) -> Structure:
    """Return the elements of a document and how they hang together.

    Args:
        document: the document they belong to.
        pages: its pages.
        blocks: its blocks, page by page in reading order.
        outline: its outline, where it has one.
    """
    blocks = [close_thousands(block) for block in join_openings(blocks)]
    contents = find_contents(blocks)
    kinds, headings, footnotes = _classify(pages, blocks, contents, outline)
    elements, parents = _elements(document, blocks, kinds, headings)
    ties = tie_captions(elements, _caption_kinds(elements))
    elements = _labelled(elements, {tie.target: tie.caption for tie in ties})
    links = [_link(elements[tie.caption], elements[tie.target], LinkKind.CAPTION_OF) for tie in ties]
    text_anchors = {index: block.anchors for index, block in enumerate(blocks) if block.anchors}
    silent = contents | {index for index, block in enumerate(blocks) if block.mono}
    references = link_mentions(elements, text_anchors, {tie.caption: tie.target for tie in ties}, silent=silent)
    links += references.links
    links += [_link(elements[place], elements[parent], LinkKind.IN_SECTION) for place, parent in parents]
    links += [_link(elements[a], elements[b], LinkKind.FOOTNOTE_OF) for a, b in tie_footnotes(blocks, footnotes)]
    links += [
        _link(elements[part.later], elements[part.earlier], LinkKind.CONTINUES, part.confidence)
        for part in find_continuations(elements, pages)
    ]
    return Structure(elements, links, references.unresolved)


def _classify(
    pages: Sequence[Page], blocks: Sequence[Block], contents: frozenset[int], outline: Sequence[OutlineEntry]
) -> tuple[dict[int, ElementKind], dict[int, Heading], dict[int, str]]:
    """Return the kinds that only the whole document tells, the headings, and the footnotes with their marks."""
    kinds: dict[int, ElementKind] = dict(find_furniture(pages, blocks))
    body = body_type(block for index, block in enumerate(blocks) if index not in kinds)
    footnotes = find_footnotes(pages, blocks, body.size, kinds)
    kinds |= dict.fromkeys(footnotes, ElementKind.FOOTNOTE)
    title = find_title(blocks, body, kinds)
    kinds |= dict.fromkeys(title, ElementKind.TITLE)
    skip = kinds.keys() | contents
    outlined = find_outlined(blocks, outline, skip) if outline else {}
    headings = find_headings(blocks, body, skip, outlined=outlined)
    return kinds | dict.fromkeys(headings, ElementKind.HEADING), headings, footnotes


def _elements(
    document: Document, blocks: Sequence[Block], kinds: Mapping[int, ElementKind], headings: Mapping[int, Heading]
) -> tuple[list[Element], list[tuple[int, int]]]:
    """Return an element for each block, and (element, heading it stands under) by their places."""
    numbers: Counter[tuple[int, ElementKind]] = Counter()
    orders: Counter[int] = Counter()
    stack: list[tuple[int, int, str]] = []
    elements: list[Element] = []
    parents: list[tuple[int, int]] = []
    for place, block in enumerate(blocks):
        kind = kinds.get(place, block.kind)
        heading = headings.get(place)
        if heading is not None:
            while stack and stack[-1][0] >= heading.level:
                stack.pop()
        if stack and kind not in _OUTSIDE:
            parents.append((place, stack[-1][1]))
        if heading is not None:
            stack.append((heading.level, place, block.text))
        numbers[block.page_index, kind] += 1
        identifier = element_id(document.doc_id, block.page_index, kind, numbers[block.page_index, kind])
        path = () if kind in _OUTSIDE else tuple(text for _, _, text in stack)
        label = heading.number if heading is not None else block.label
        elements.append(
            _element(document, block, kind, identifier, order=orders[block.page_index], label=label, path=path)
        )
        orders[block.page_index] += 1
    return elements, parents


def _element(
    document: Document,
    block: Block,
    kind: ElementKind,
    identifier: str,
    *,
    order: int,
    label: str | None,
    path: tuple[str, ...],
) -> Element:
    region = block.table or block.figure
    cells = block.table.cells if block.table else ()
    return Element(
        element_id=identifier,
        doc_id=document.doc_id,
        page_index=block.page_index,
        order=order,
        kind=kind,
        bbox=block.bbox,
        text=block.text,
        label=label,
        section_path=path,
        html=render_html(cells) if cells else None,
        cells=cells,
        confidence=region.confidence if region else 1.0,
    )


def _caption_kinds(elements: Sequence[Element]) -> dict[int, ElementKind]:
    return {place: kind for place, element in enumerate(elements) for kind in _named(element)}


def _named(element: Element) -> Iterator[ElementKind]:
    """Yield what a caption's label names."""
    if element.kind is ElementKind.CAPTION:
        label = parse_label(element.label or "")
        yield CAPTION_KINDS.get(label.noun, ElementKind.FIGURE) if label else ElementKind.FIGURE


def _labelled(elements: Sequence[Element], captions: Mapping[int, int]) -> list[Element]:
    """Give each table and figure the label of its caption."""
    return [
        replace(element, label=elements[captions[place]].label) if place in captions else element
        for place, element in enumerate(elements)
    ]


def _link(source: Element, target: Element, kind: LinkKind, confidence: float = 1.0) -> Link:
    return Link(source_id=source.element_id, target_id=target.element_id, kind=kind, confidence=confidence)
