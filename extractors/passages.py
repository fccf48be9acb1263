"""Passages: retrieval chunks cut by `unstructured` at section borders, mapped back to our elements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unstructured.chunking.title import chunk_by_title
from unstructured.documents import elements as parts

from schemas.identity import passage_id
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Document, Element, Link, Passage

_SKIPPED = frozenset({ElementKind.HEADER, ElementKind.FOOTER})
_CLASSES: dict[ElementKind, type[parts.Text]] = {
    ElementKind.TITLE: parts.Title,
    ElementKind.HEADING: parts.Title,
    ElementKind.LIST_ITEM: parts.ListItem,
    ElementKind.FORMULA: parts.Formula,
    ElementKind.FOOTNOTE: parts.Footer,
}
# Its making is dear, and nothing that chunking needs would be in it.
_NOTHING = parts.ElementMetadata()


def make_passages(
    document: Document, elements: Sequence[Element], max_characters: int, links: Iterable[Link] = ()
) -> list[Passage]:
    """Return the document's text in chunks of at most `max_characters`, none over a section border.

    Tables and figures stand in them as "[Table 3: caption]".

    Args:
        document: the document.
        elements: its elements in reading order.
        max_characters: the hard limit of a chunk; a longer paragraph is cut at a blank.
        links: caption_of links; without them a caption is found by its label.
    """
    known = {element.element_id: element for element in elements}
    captions = _captions(elements, known, links)
    pieces = [piece for element in elements if (piece := _piece(element, captions.get(element.element_id))) is not None]
    if not pieces:
        return []
    chunks = chunk_by_title(
        pieces, max_characters=max_characters, new_after_n_chars=max_characters, combine_text_under_n_chars=0
    )
    return [_passage(document, chunk, known) for chunk in chunks if chunk.text.strip()]


def _captions(elements: Sequence[Element], known: Mapping[str, Element], links: Iterable[Link]) -> dict[str, Element]:
    """Return the caption of each table and figure, by the object's id."""
    tied = {link.target_id: known[link.source_id] for link in links if link.kind is LinkKind.CAPTION_OF}
    by_label: dict[tuple[int, str], Element] = {}
    for element in elements:
        if element.kind is ElementKind.CAPTION and element.label:
            by_label.setdefault((element.page_index, element.label), element)
    for element in elements:
        if element.kind in (ElementKind.TABLE, ElementKind.FIGURE) and element.label:
            caption = by_label.get((element.page_index, element.label))
            if caption is not None:
                tied.setdefault(element.element_id, caption)
    return tied


def _piece(element: Element, caption: Element | None) -> parts.Text | None:
    """Return an element as `unstructured` knows it, carrying our id; None when it is not part of the text."""
    text = _text(element, caption)
    if element.kind in _SKIPPED or not text.strip():
        return None
    return _CLASSES.get(element.kind, parts.NarrativeText)(text=text, element_id=element.element_id, metadata=_NOTHING)


def _text(element: Element, caption: Element | None) -> str:
    if element.kind not in (ElementKind.TABLE, ElementKind.FIGURE):
        return element.text
    name = element.label or element.kind.value.capitalize()
    words = caption.text if caption is not None else ""
    bare = words[len(name) :].lstrip(" .:|–—-") if words.startswith(name) else words
    return f"[{name}: {bare}]" if bare else f"[{name}]"


def _passage(document: Document, chunk: Any, known: Mapping[str, Element]) -> Passage:
    sources = [chunk] if chunk.metadata.orig_elements is None else chunk.metadata.orig_elements
    members = [known[identifier] for identifier in dict.fromkeys(part.id for part in sources)]
    ids = tuple(element.element_id for element in members)
    text = str(chunk.text)
    return Passage(
        passage_id=passage_id(document.doc_id, ids, text),
        doc_id=document.doc_id,
        element_ids=ids,
        text=text,
        page_indices=tuple(sorted({element.page_index for element in members})),
        section_path=next((element.section_path for element in reversed(members) if element.section_path), ()),
    )
