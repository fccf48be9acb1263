"""Find the evidence of a question again after its documents were extracted anew.

The same words, cells or box on the same page first; then words nearly the same, on the page and its neighbours. What
is found is quoted as it stands now; a figure in a quote or cell never changes. What is not found is told, not guessed.
In a new version of a file pages may have moved: there, what tells enough to be sure is looked for on every page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from generators.alignment import align
from generators.cell_matching import match_cells
from generators.document_view import DocumentView
from schemas.geometry import Span, iou
from schemas.kinds import ElementKind, EvidenceRole, Modality
from schemas.records import Element, Evidence, Operand, Question

_LEAST_SCORE: Final = 90.0
_SHORTEST_FUZZY: Final = 12
_LEAST_OVERLAP: Final = 0.5
_REACH: Final = 1
_KINDS: Final = {Modality.TABLE: ElementKind.TABLE, Modality.FIGURE: ElementKind.FIGURE}

Place = tuple[int, int]
"""The row and the column of a cell."""


class LossReason(StrEnum):
    """Why a piece of evidence could not be found again."""

    NO_DOCUMENT = "no_document"
    NO_QUOTE = "no_quote"
    NO_CELLS = "no_cells"
    NO_ELEMENT = "no_element"


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece of evidence that is not there any more; `text` is what was looked for."""

    qa_id: str
    element_id: str
    page_index: int
    reason_code: LossReason
    text: str


@dataclass(frozen=True, slots=True)
class Remapped:
    """A question with its evidence found again (`question` is None when some is lost), and how many pieces moved."""

    question: Question | None
    moved: int = 0
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    evidence: Evidence
    places: Mapping[Place, Place]


def remap_question(
    question: Question, views: Mapping[str, DocumentView], versions: Mapping[str, str] | None = None
) -> Remapped:
    """Return the question with its evidence and its program pointing into the documents as they are now.

    Of evidence that carries the answer as well as other evidence, what is lost is left out.

    Args:
        question: the question.
        views: the documents as they are now, by id.
        versions: for a document whose file has changed, the id of the new version; it may be among them still.
    """
    found = [_find(unit, views, versions or {}) for unit in question.evidence]
    lost = tuple(
        Lost(question.qa_id, unit.element_id, unit.page_index, result, _wanted(unit))
        for unit, result in zip(question.evidence, found, strict=True)
        if isinstance(result, LossReason) and unit.role is not EvidenceRole.ALTERNATIVE
    )
    if lost:
        return Remapped(None, 0, lost)
    kept = {number: result for number, result in enumerate(found) if isinstance(result, _Found)}
    moved = sum(result.evidence != question.evidence[number] for number, result in kept.items())
    return Remapped(_rewritten(question, kept), moved)


def _rewritten(question: Question, kept: Mapping[int, _Found]) -> Question:
    program = question.program
    if program is not None:
        numbers = {old: new for new, old in enumerate(kept)}
        operands = tuple(_moved(operand, numbers, kept[operand.evidence].places) for operand in program.operands)
        program = replace(program, operands=operands)
    return replace(question, evidence=tuple(result.evidence for result in kept.values()), program=program)


def _moved(operand: Operand, numbers: Mapping[int, int], places: Mapping[Place, Place]) -> Operand:
    row, col = places.get((operand.row, operand.col), (operand.row, operand.col))
    return replace(operand, evidence=numbers[operand.evidence], row=row, col=col)


def _find(unit: Evidence, views: Mapping[str, DocumentView], versions: Mapping[str, str]) -> _Found | LossReason:
    doc_id = versions.get(unit.doc_id, unit.doc_id)
    if doc_id not in views:
        return LossReason.NO_DOCUMENT
    view = views[doc_id]
    reach = _REACH if doc_id == unit.doc_id else len(view.pages)
    unit = replace(unit, doc_id=doc_id)
    if unit.cells:
        return _find_cells(unit, view, reach)
    return _find_quote(unit, view, reach) if unit.quote else _find_place(unit, view)


def _find_quote(unit: Evidence, view: DocumentView, reach: int) -> _Found | LossReason:
    quote = str(unit.quote)
    reach = reach if len(quote) >= _SHORTEST_FUZZY else _REACH
    same = view.get(unit.element_id)
    if same is not None and same.text[unit.quote_start : unit.quote_end] == quote:
        return _quoted(unit, view, same, span=Span(unit.quote_start or 0, unit.quote_end or 0))
    candidates = sorted(_nearby(unit, view, reach), key=lambda element: _nearness(element, unit))
    for element in candidates:
        if span := align(quote, element.text):
            return _quoted(unit, view, element, span=span)
    scored = [(score, -rank, span) for rank, element in enumerate(candidates) for score, span in _alike(quote, element)]
    if not scored:
        return LossReason.NO_QUOTE
    _, rank, span = max(scored, key=lambda item: item[:2])
    return _quoted(unit, view, candidates[-rank], span=span)


def _nearby(unit: Evidence, view: DocumentView, reach: int) -> Iterator[Element]:
    """Yield the elements that can hold the evidence, of its page and those at most `reach` pages away."""
    kind = _KINDS.get(unit.modality)
    for element in view.elements:
        if abs(element.page_index - unit.page_index) > reach:
            continue
        if element.kind is kind or (kind is None and element.kind not in _KINDS.values()):
            yield element


def _nearness(element: Element, unit: Evidence) -> tuple[int, float, int]:
    return abs(element.page_index - unit.page_index), -iou(element.bbox, unit.bbox), element.order


def _alike(quote: str, element: Element) -> Iterator[tuple[float, Span]]:
    """Yield the place that reads most like the quote, if it is like enough and holds the same figures."""
    if len(quote) < _SHORTEST_FUZZY or len(element.text) < len(quote) * _LEAST_SCORE / 100:
        return
    best = fuzz.partial_ratio_alignment(quote, element.text, score_cutoff=_LEAST_SCORE)
    if best is not None:
        span = _whole_words(element.text, Span(best.dest_start, best.dest_end))
        if _figures(element.text[span.start : span.end]) == _figures(quote):
            yield best.score, span


def _whole_words(text: str, span: Span) -> Span:
    """Widen a span that cuts a word or a number, and drop the blanks around it."""
    start, end = span
    while 0 < start < len(text) and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip()))


def _figures(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _find_cells(unit: Evidence, view: DocumentView, reach: int) -> _Found | LossReason:
    for table in sorted(_nearby(unit, view, reach), key=lambda element: _nearness(element, unit)):
        if not _telling(unit, table):
            continue
        cells = match_cells(unit.cells, table.cells)
        if cells is not None:
            places = {(old.row, old.col): (new.row, new.col) for old, new in zip(unit.cells, cells, strict=True)}
            return _Found(replace(_placed(unit, view, table), cells=cells), places)
    return LossReason.NO_CELLS


def _telling(unit: Evidence, table: Element) -> bool:
    """Say whether the cells would prove that a table is the one; elsewhere on the page a lone number does not."""
    if table.page_index == unit.page_index and iou(table.bbox, unit.bbox) > 0:
        return True
    return len(unit.cells) > 1 and any(char.isalpha() for cell in unit.cells for char in cell.text)


def _find_place(unit: Evidence, view: DocumentView) -> _Found | LossReason:
    """Find what cannot be quoted by where it stands: a figure, say."""
    near = list(_nearby(unit, view, 0))
    best = max(near, key=lambda element: iou(element.bbox, unit.bbox), default=None)
    if best is None or iou(best.bbox, unit.bbox) < _LEAST_OVERLAP:
        return LossReason.NO_ELEMENT
    return _Found(_placed(unit, view, best), {})


def _quoted(unit: Evidence, view: DocumentView, element: Element, *, span: Span) -> _Found:
    quote = element.text[span.start : span.end]
    placed = _placed(unit, view, element)
    return _Found(replace(placed, quote=quote, quote_start=span.start, quote_end=span.end), {})


def _placed(unit: Evidence, view: DocumentView, element: Element) -> Evidence:
    return replace(
        unit,
        element_id=element.element_id,
        page_index=element.page_index,
        page_label=view.page_label(element.page_index),
        bbox=element.bbox,
    )


def _wanted(unit: Evidence) -> str:
    return unit.quote or " | ".join(cell.text for cell in unit.cells) or f"{unit.modality.value} at {tuple(unit.bbox)}"
