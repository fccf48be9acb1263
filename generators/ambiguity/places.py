"""A place elsewhere that answers a question, with its proof."""

from dataclasses import dataclass

from generators.document_view import DocumentView
from schemas.geometry import Span
from schemas.kinds import ElementKind, EvidenceRole, Modality
from schemas.records import CellQuote, Element, Evidence

_MODALITIES = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that speaks of what a question asks for.

    Attributes:
        evidence: where it is, with its proof, in the role of an alternative.
        agrees: whether it gives the question's answer; else it gives another one.
        says: what it gives, for people to read.
    """

    evidence: Evidence
    agrees: bool
    says: str


def place_in(
    element: Element, view: DocumentView, *, span: Span | None = None, cells: tuple[CellQuote, ...] = ()
) -> Evidence:
    """Return an element as evidence that answers as well, proven by a span of its text or by cells."""
    return Evidence(
        element_id=element.element_id,
        doc_id=element.doc_id,
        page_index=element.page_index,
        page_label=view.page_label(element.page_index),
        bbox=element.bbox,
        modality=_MODALITIES.get(element.kind, Modality.TEXT),
        role=EvidenceRole.ALTERNATIVE,
        quote=element.text[span.start : span.end] if span else None,
        quote_start=span.start if span else None,
        quote_end=span.end if span else None,
        cells=cells,
    )
