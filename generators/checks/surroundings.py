"""What stands around a question's evidence: the elements themselves, and the words that lead a reader to them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from generators.checks.wording import fold
from generators.document_view import DocumentView
from generators.program_runs import WHOLE_QUOTE
from schemas.kinds import EvidenceRole
from schemas.records import CellQuote, Element, Evidence, Question


def element_of(evidence: Evidence, views: Mapping[str, DocumentView]) -> Element | None:
    """Return the element that an evidence names, or None when document or element is unknown."""
    view = views.get(evidence.doc_id)
    return view.get(evidence.element_id) if view else None


def own_evidence(question: Question) -> tuple[Evidence, ...]:
    """Return the evidence that the question rests on, without the other places that answer it as well."""
    return tuple(evidence for evidence in question.evidence if evidence.role != EvidenceRole.ALTERNATIVE)


def elements_of(question: Question, views: Mapping[str, DocumentView]) -> Iterator[tuple[Evidence, Element]]:
    """Yield every evidence of its own whose element is known, with that element."""
    for evidence in own_evidence(question):
        element = element_of(evidence, views)
        if element:
            yield evidence, element


def proof_texts(question: Question) -> list[str]:
    """Return the quotes and the texts of the quoted cells: what the row itself shows as proof."""
    quotes = [evidence.quote for evidence in own_evidence(question) if evidence.quote]
    return quotes + [cell.text for cell in quoted_cells(question)]


def quoted_cells(question: Question) -> list[CellQuote]:
    """Return the cells quoted in all evidence, alternatives aside."""
    return [cell for evidence in own_evidence(question) for cell in evidence.cells]


def label_texts(question: Question, *, group: int | None = None) -> list[str]:
    """Return the texts of the quoted cells that the program uses as labels, of one group or of all, in their order."""
    return _operand_texts(question, "label", group)


def value_texts(question: Question) -> list[str]:
    """Return the texts of the quoted cells whose numbers the program reads."""
    return _operand_texts(question, "value", None)


def _operand_texts(question: Question, role: str, group: int | None) -> list[str]:
    operands = question.program.operands if question.program else ()
    wanted = [item for item in operands if item.role == role and group in (None, item.group)]
    places = {(item.evidence, item.row, item.col) for item in wanted}
    return [
        cell.text
        for number, evidence in enumerate(question.evidence)
        for cell in evidence.cells
        if (number, cell.row, cell.col) in places
    ]


def quoted_labels(question: Question) -> list[str]:
    """Return the quotes that the program uses as labels: what tells two tables from each other."""
    operands = question.program.operands if question.program else ()
    places = [item.evidence for item in operands if item.role == "label" and item.row == WHOLE_QUOTE]
    quotes = [question.evidence[place].quote for place in places if 0 <= place < len(question.evidence)]
    return [quote for quote in quotes if quote]


def without_context(question: Question) -> str:
    """Return the folded question without the captions and titles that it quotes: what they name is not asked for."""
    text = fold(question.question)
    for evidence in question.evidence:
        if evidence.role == EvidenceRole.CONTEXT and evidence.quote:
            text = text.replace(fold(evidence.quote), " ")
    return text


def lead_texts(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what a reader could search for: titles, section headings, captions and labels, without the proof."""
    texts: list[str] = []
    for evidence, element in elements_of(question, views):
        view = views[evidence.doc_id]
        caption = view.caption_of(element)
        parts = (document_title(view), *element.section_path, caption.text if caption else None, element.label)
        texts.extend(part for part in parts if part)
    return list(dict.fromkeys(texts))


def near_texts(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return the text of the elements themselves and of the paragraphs that mention them."""
    texts: list[str] = []
    for evidence, element in elements_of(question, views):
        texts.append(element_text(element))
        texts.extend(source.text for source, _ in views[evidence.doc_id].mentions_of(element))
    return list(dict.fromkeys(text for text in texts if text))


def document_title(view: DocumentView) -> str | None:
    """Return the title of a document: that of its record, or the title printed on its first pages."""
    return view.document.title or _printed_title(view)


@lru_cache(maxsize=2048)
def element_text(element: Element) -> str:
    """Return all that is printed in an element, the cells of a table included."""
    return "\n".join([element.text, *(cell.text for cell in element.cells)])


def _printed_title(view: DocumentView) -> str | None:
    return next((element.text for element in view.elements if element.kind == "title"), None)
