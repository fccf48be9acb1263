"""Whether evidence is where it says: document, element, page, box, modality, quotes and cells, to the letter.

Nothing is normalised but whitespace in the text of cells, which a PDF does not keep.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import element_of
from generators.checks.verdicts import passed, rejected, skipped
from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import ElementKind, EvidenceRole, Modality, QuestionType
from schemas.records import CheckResult, Element, Evidence, Question

_TOLERANCE: Final = 1.0
_MODALITIES: Final = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}
_SHORTEST_QUOTE: Final = 2


def check_evidence(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when no evidence carries the answer, one is given twice, or one names an unknown document or element."""
    unanswerable = question.question_type == QuestionType.UNANSWERABLE
    if not unanswerable and not any(evidence.role == EvidenceRole.ANSWER for evidence in question.evidence):
        return rejected("evidence", CheckReason.NO_EVIDENCE, "no evidence carries the answer")
    for number, evidence in enumerate(question.evidence):
        if evidence in question.evidence[:number]:
            return rejected("evidence", CheckReason.REPEATED_EVIDENCE, f"evidence {number} stands there before")
        if evidence.doc_id not in views:
            return rejected("evidence", CheckReason.UNKNOWN_DOCUMENT, f"no document {evidence.doc_id}")
        if element_of(evidence, views) is None:
            return rejected(
                "evidence", CheckReason.UNKNOWN_ELEMENT, f"{evidence.doc_id} holds no element {evidence.element_id}"
            )
    return passed("evidence")


def check_place(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when page, page label, box (to one point) or modality of an evidence are not those of its element."""
    for number, evidence in enumerate(question.evidence):
        element = element_of(evidence, views)
        if element is None:
            continue
        fault = _place_fault(evidence, element, views[evidence.doc_id])
        if fault:
            return rejected("place", CheckReason.WRONG_PLACE, f"evidence {number}: {fault}")
        modality = _MODALITIES.get(element.kind, Modality.TEXT)
        if evidence.modality != modality:
            message = f"evidence {number} is a {element.kind.value}, not {evidence.modality.value}"
            return rejected("place", CheckReason.WRONG_MODALITY, message)
    return passed("place")


def check_quotes(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a quote is not its element's text from start to end, exactly."""
    for number, evidence in enumerate(question.evidence):
        element = element_of(evidence, views)
        fault = _quote_fault(evidence, element) if element else None
        if fault:
            return rejected("quotes", CheckReason.QUOTE_DIFFERS, f"evidence {number}: {fault}")
    return passed("quotes")


def check_cells(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a quoted cell does not begin at its row and column with its text, or stands in no table."""
    for number, evidence in enumerate(question.evidence):
        element = element_of(evidence, views)
        fault = next(_cell_faults(evidence, element), None) if element else None
        if fault:
            return rejected("cells", CheckReason.CELL_DIFFERS, f"evidence {number}: {fault}")
    return passed("cells")


def check_proof(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when text or a table that carries the answer, here or elsewhere, quotes nothing; a figure cannot."""
    for number, evidence in enumerate(question.evidence):
        if evidence.role == EvidenceRole.CONTEXT or evidence.modality == Modality.FIGURE:
            continue
        if not evidence.cells and not (evidence.quote and evidence.quote.strip()):
            return rejected("proof", CheckReason.NO_EVIDENCE, f"evidence {number} quotes nothing")
    if all(evidence.modality == Modality.FIGURE for evidence in question.evidence):
        return skipped("proof", "a figure cannot be quoted")
    return passed("proof")


def _place_fault(evidence: Evidence, element: Element, view: DocumentView) -> str | None:
    if evidence.doc_id != element.doc_id:
        return f"{element.element_id} is in {element.doc_id}"
    if evidence.page_index != element.page_index:
        return f"the element is on page index {element.page_index}, not {evidence.page_index}"
    if evidence.page_label != view.page_label(element.page_index):
        return f"the page is labelled {view.page_label(element.page_index)}, not {evidence.page_label}"
    if not _close(evidence.bbox, element.bbox):
        return "the box is not the element's"
    return None


def _close(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _TOLERANCE for a, b in zip(one, other, strict=True))


def _quote_fault(evidence: Evidence, element: Element) -> str | None:
    quote, start, end = evidence.quote, evidence.quote_start, evidence.quote_end
    if quote is None:
        return None if start is None and end is None else "offsets without a quote"
    if len(quote.strip()) < _SHORTEST_QUOTE:
        return "the quote is empty"
    if start is None or end is None:
        return "a quote without offsets"
    if not 0 <= start < end <= len(element.text):
        return f"offsets {start}:{end} do not fit a text of {len(element.text)} characters"
    return None if element.text[start:end] == quote else f"the text at {start}:{end} is another"


def _cell_faults(evidence: Evidence, element: Element) -> Iterator[str]:
    if evidence.cells and element.kind != ElementKind.TABLE:
        yield f"a {element.kind.value} has no cells"
    printed: dict[tuple[int, int], set[str]] = {}
    for cell in element.cells:
        printed.setdefault((cell.row, cell.col), set()).add(" ".join(cell.text.split()))
    for quoted in evidence.cells:
        texts = printed.get((quoted.row, quoted.col))
        if texts is None:
            yield f"the table has no cell at row {quoted.row}, column {quoted.col}"
        elif " ".join(quoted.text.split()) not in texts:
            yield f"the cell at row {quoted.row}, column {quoted.col} reads “{min(texts)[:60]}”"
