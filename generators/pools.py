"""Candidate pools: what a retriever chooses among, and which of it answers a question.

A candidate goes by the id of the passage, table, figure or page that it is. Evidence is anchored in elements, so the
gold candidates of a question are read off anew whenever the documents were extracted or chunked again.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generators.decorations import decorations
from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.identity import page_id
from schemas.kinds import CandidateKind, ElementKind, EvidenceRole
from schemas.records import Element, Evidence, Passage, Question

ANSWERS: Final = 2
SUPPORTS: Final = 1
"""The grades: a candidate holds the answer, or context that the question needs."""

ELEMENT_CANDIDATES: Final = (CandidateKind.PASSAGE, CandidateKind.TABLE, CandidateKind.FIGURE)
PAGES: Final = (CandidateKind.PAGE,)

_OBJECTS: Final = {ElementKind.TABLE: CandidateKind.TABLE, ElementKind.FIGURE: CandidateKind.FIGURE}
_FURNITURE: Final = (ElementKind.HEADER, ElementKind.FOOTER)
_LEAST_SHARED: Final = 0.3


@dataclass(frozen=True, slots=True)
class PoolItem:
    """A candidate with what a retriever may read of it.

    `text` of a table or figure begins with its label and caption; that of a page leaves out headers and footers.
    `bbox` and `label` are a table's or figure's; `image_id` is its crop, or the page's picture.
    """

    candidate_id: str
    kind: CandidateKind
    doc_id: str
    element_ids: tuple[str, ...]
    page_indices: tuple[int, ...]
    text: str
    section_path: tuple[str, ...] = ()
    label: str | None = None
    bbox: Box | None = None
    image_id: str | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """A candidate that a question needs: its grade, and the evidence units (indexes) that it holds."""

    candidate_id: str
    grade: int
    units: tuple[int, ...]


def candidates(view: DocumentView, kinds: Collection[CandidateKind]) -> Iterator[PoolItem]:
    """Yield a document's candidates: passages, then tables and figures in reading order, then pages.

    Ornament (`generators.decorations`) is none: a retriever can neither find nor mistake it for an answer.
    """
    if CandidateKind.PASSAGE in kinds:
        yield from map(_of_passage, view.passages)
    for element in view.of_kind(*_OBJECTS):
        if _OBJECTS[element.kind] in kinds and element.element_id not in decorations(view):
            yield _of_object(element, view)
    if CandidateKind.PAGE in kinds:
        yield from _of_pages(view)


def gold(question: Question, views: Mapping[str, DocumentView], kinds: Collection[CandidateKind]) -> list[Gold]:
    """Return the candidates that hold a question's evidence, the answer's first; empty where none holds it.

    A place that carries the answer as well is an answer like the first. Text goes to the passages that hold its
    quote, a table or figure to itself, a caption to what it is the caption of. A document that is not in `views` has
    no candidates.
    """
    units: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(question.evidence):
        if unit.doc_id in views:
            for found in dict.fromkeys(_holders(unit, views[unit.doc_id], kinds)):
                units[found].append(number)
    golds = [Gold(found, _grade(question.evidence, numbers), tuple(numbers)) for found, numbers in units.items()]
    return sorted(golds, key=_best_first)


def covered(question: Question, golds: Iterable[Gold]) -> bool:
    """Say whether every evidence unit of the answer is held by a gold candidate."""
    held = {number for item in golds for number in item.units}
    return all(
        number in held for number, unit in enumerate(question.evidence) if unit.role is EvidenceRole.ANSWER
    ) and bool(held)


def remap_passages(old: Iterable[Passage], new: Iterable[Passage]) -> dict[str, tuple[str, ...]]:
    """Return which passages of a new chunking hold what each old one held, by id, the fullest first.

    The passages are those of one document. A new passage counts when it shares elements with the old one and at least
    0.3 of the words of the shorter of the two; an old one that is found nowhere gets nothing.
    """
    fresh = [(passage, frozenset(passage.element_ids), _words(passage.text)) for passage in new]
    found: dict[str, tuple[str, ...]] = {}
    for passage in old:
        elements, words = frozenset(passage.element_ids), _words(passage.text)
        shared = [
            (len(words & other), item.passage_id)
            for item, ids, other in fresh
            if elements & ids and _shared(words, other) >= _LEAST_SHARED
        ]
        found[passage.passage_id] = tuple(name for _, name in sorted(shared, key=_most_first))
    return found


def _of_passage(passage: Passage) -> PoolItem:
    return PoolItem(
        passage.passage_id,
        CandidateKind.PASSAGE,
        passage.doc_id,
        passage.element_ids,
        passage.page_indices,
        passage.text,
        passage.section_path,
    )


def _of_object(element: Element, view: DocumentView) -> PoolItem:
    caption = view.caption_of(element)
    head = caption.text if caption else element.label or ""
    return PoolItem(
        element.element_id,
        _OBJECTS[element.kind],
        element.doc_id,
        (element.element_id, *([caption.element_id] if caption else [])),
        (element.page_index,),
        "\n".join(part for part in (head, element.text) if part.strip()),
        element.section_path,
        element.label,
        element.bbox,
        element.image_id,
    )


def _of_pages(view: DocumentView) -> Iterator[PoolItem]:
    on_page: dict[int, list[Element]] = defaultdict(list)
    for element in view.elements:
        on_page[element.page_index].append(element)
    for index, page in sorted(view.pages.items()):
        texts = [item.text for item in on_page[index] if item.kind not in _FURNITURE and item.text]
        yield PoolItem(
            page_id(page.doc_id, index),
            CandidateKind.PAGE,
            page.doc_id,
            tuple(item.element_id for item in on_page[index]),
            (index,),
            "\n\n".join(texts),
            image_id=page.image_id,
        )


def _holders(unit: Evidence, view: DocumentView, kinds: Collection[CandidateKind]) -> Iterator[str]:
    """Yield the candidates that hold one evidence unit; a page holds it besides."""
    if CandidateKind.PAGE in kinds and unit.page_index in view.pages:
        yield page_id(unit.doc_id, unit.page_index)
    element = view.get(unit.element_id)
    if element is None:
        return
    owner = view.captioned(element) or element
    kind = _OBJECTS.get(owner.kind)
    if kind in kinds and owner.element_id not in decorations(view):
        yield owner.element_id
    elif kind is None and CandidateKind.PASSAGE in kinds:
        yield from _passages_with(unit, element, view)


def _passages_with(unit: Evidence, element: Element, view: DocumentView) -> Iterator[str]:
    """Yield the passage that holds the quote; where a cut goes through it, those that hold some of the element."""
    holding = [passage for passage in view.passages if element.element_id in passage.element_ids]
    quote = _flat(unit.quote or element.text)
    whole = [passage for passage in holding if quote and quote in _flat(passage.text)]
    if whole:
        yield whole[0].passage_id
        return
    words = _words(quote)
    near = [passage for passage in holding if _shared(words, _words(passage.text)) >= _LEAST_SHARED]
    for passage in near or holding[:1]:
        yield passage.passage_id


def _grade(evidence: tuple[Evidence, ...], numbers: Iterable[int]) -> int:
    return SUPPORTS if all(evidence[number].role is EvidenceRole.CONTEXT for number in numbers) else ANSWERS


def _best_first(item: Gold) -> tuple[int, tuple[int, ...], str]:
    return -item.grade, item.units, item.candidate_id


def _most_first(pair: tuple[int, str]) -> int:
    return -pair[0]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set's words that both have."""
    return len(one & other) / max(1, min(len(one), len(other)))
