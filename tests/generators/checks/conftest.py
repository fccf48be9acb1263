"""A small document, and a question about its table and one about its text that stand every check."""

from dataclasses import dataclass, replace

import pytest

from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    Operation,
    QuestionType,
    TextSource,
)
from schemas.records import (
    Cell,
    CellQuote,
    Document,
    Element,
    Evidence,
    Link,
    Operand,
    Page,
    Program,
    Provenance,
    Question,
)

DOC = "3f9a04bb12cd77e0"
ROWS = (
    ("Country", "2019", "2020"),
    ("Norway", "12.5", "14.0"),
    ("Sweden", "9.1", "9.8"),
    ("Denmark", "11.0", "8.2"),
    ("Total", "32.6", "32.0"),
)
PARAGRAPH = (
    "The Fisheries Directorate in Bergen licensed 412 trawlers in 2020 because cod stocks had recovered. "
    "Table 1 shows the landings of each country."
)
CAPTION = "Table 1. Herring landings by country (thousand tonnes)"


@dataclass(frozen=True)
class Sample:
    views: dict[str, DocumentView]
    table_question: Question
    text_question: Question

    def asking(self, text: str) -> Question:
        return replace(self.text_question, question=text)


def element(kind: ElementKind, number: int, order: int, text: str, **fields: object) -> Element:
    return Element(
        element_id=f"{DOC}/p0003/{kind.value}{number}",
        doc_id=DOC,
        page_index=3,
        order=order,
        kind=kind,
        bbox=Box(50.0, 100.0 * order, 500.0, 100.0 * order + 80),
        text=text,
        section_path=("Fisheries in the North Sea", "Landings"),
        **fields,  # type: ignore[arg-type]
    )


def build_view() -> DocumentView:
    document = Document(
        doc_id=DOC, sha256=DOC * 4, uri="landings.pdf", byte_size=1, page_count=9, extractor="pymupdf",
        extractor_version="1", title="North Sea Fisheries Yearbook", created="2021-03-04",
    )  # fmt: skip
    page = Page(DOC, 3, "4", 595.0, 842.0, 0, (Modality.TEXT, Modality.TABLE), TextSource.TEXT_LAYER)
    cells = tuple(
        Cell(row, col, text, header=row == 0 or col == 0)
        for row, line in enumerate(ROWS)
        for col, text in enumerate(line)
    )
    table = element(ElementKind.TABLE, 1, 2, "", label="Table 1", cells=cells)
    caption = element(ElementKind.CAPTION, 1, 1, CAPTION, label="Table 1")
    paragraph = element(ElementKind.PARAGRAPH, 1, 0, PARAGRAPH)
    figure = element(ElementKind.FIGURE, 1, 3, "", label="Figure 1")
    links = (
        Link(caption.element_id, table.element_id, LinkKind.CAPTION_OF),
        Link(paragraph.element_id, table.element_id, LinkKind.MENTIONS, "Table 1", 100, 107),
    )
    return DocumentView(document, [page], [table, caption, paragraph, figure], links)


def evidence_of(view: DocumentView, element_id: str, modality: Modality, **fields: object) -> Evidence:
    found = view.get(element_id)
    assert found is not None
    return Evidence(
        found.element_id, DOC, 3, "4", found.bbox, modality, EvidenceRole.ANSWER,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="session")
def sample() -> Sample:
    view = build_view()
    quote = "licensed 412 trawlers in 2020"
    start = PARAGRAPH.index(quote)
    provenance = Provenance(engine="none", software_version="0.1.0")
    cells = [CellQuote(0, 2, "2020")]
    cells += [CellQuote(row, col, ROWS[row][col]) for row in (1, 2, 3) for col in (0, 2)]
    operands = tuple(Operand(0, row, col, role, row) for row in (1, 2, 3) for col, role in ((2, "value"), (0, "label")))
    table_question = Question(
        qa_id=f"{DOC}/qa-000000000001",
        question="Which country had the highest herring landings in 2020 in the North Sea Fisheries Yearbook?",
        answer="Norway, with 14.0 thousand tonnes",
        answer_kind=AnswerKind.TEXT,
        question_type=QuestionType.COMPARISON,
        answer_modality="table",
        evidence=(evidence_of(view, f"{DOC}/p0003/table1", Modality.TABLE, cells=tuple(cells)),),
        provenance=provenance,
        program=Program(Operation.MAXIMUM, operands, "Norway", unit="tonnes", scale=1000.0),
    )
    text_question = Question(
        qa_id=f"{DOC}/qa-000000000002",
        question="How many trawlers did the Fisheries Directorate in Bergen license in 2020?",
        answer="412 trawlers",
        answer_kind=AnswerKind.NUMBER,
        question_type=QuestionType.FACTUAL_RETRIEVAL,
        answer_modality="text",
        evidence=(
            evidence_of(
                view,
                f"{DOC}/p0003/paragraph1",
                Modality.TEXT,
                quote=quote,
                quote_start=start,
                quote_end=start + len(quote),
            ),
        ),
        provenance=provenance,
    )
    return Sample({DOC: view}, table_question, text_question)
