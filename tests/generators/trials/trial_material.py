"""A document of a table and some paragraphs, and questions about it for the trials."""

import io
from dataclasses import replace

from PIL import Image as Pictures

from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    QuestionType,
    TextSource,
)
from schemas.records import (
    Cell,
    CellQuote,
    Document,
    Element,
    Evidence,
    Image,
    Link,
    Page,
    Provenance,
    Question,
)

DOC = "d0c0d0c0d0c0d0c0"
ROWS = (("Town", "Rain", "Wind"), ("Kiel", "12 mm", "7"), ("Ulm", "3 mm", "2"))
BIRTH = "Ada Voss was born in Kiel and moved south before the war."
REPORT = (
    "In Kiel 12 mm of rain were measured, as the yearbook notes in passing, and nobody was surprised by that at all."
)


def element(kind: ElementKind, number: int, order: int, text: str, **fields: object) -> Element:
    return Element(
        f"{DOC}/p0001/{kind.value}{number}", DOC, 1, order, kind, Box(0, order, 9, order + 1), text,
        section_path=("Weather", f"Part {order // 4}"),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


TABLE = element(
    ElementKind.TABLE, 1, 1, "", label="Table 1",
    cells=tuple(Cell(row, col, ROWS[row][col], header=row == 0) for row in range(3) for col in range(3)),
)  # fmt: skip
CAPTION = element(ElementKind.CAPTION, 1, 0, "Table 1: Rain in towns", label="Table 1")
PARAGRAPH = element(ElementKind.PARAGRAPH, 1, 2, BIRTH)
OTHER = element(ElementKind.PARAGRAPH, 2, 8, REPORT)
FIGURE = element(ElementKind.FIGURE, 1, 9, "", label="Figure 1", image_id="crop")


def view() -> DocumentView:
    page = Page(DOC, 1, "ii", 100, 100, 0, (), TextSource.TEXT_LAYER)
    document = Document(DOC, DOC * 4, "rain.pdf", 1, 3, "x", "1", title="Rain Yearbook")
    links = [Link(CAPTION.element_id, TABLE.element_id, LinkKind.CAPTION_OF)]
    return DocumentView(document, [page], [TABLE, CAPTION, PARAGRAPH, OTHER, FIGURE], links)


VIEWS = {DOC: view()}


def picture() -> Image:
    buffer = io.BytesIO()
    Pictures.new("RGB", (40, 20), "white").save(buffer, "PNG")
    return Image("crop", buffer.getvalue(), "png", 40, 20)


def unit(of: Element, quote: str | None = None, *cells: tuple[int, int], role: str = "answer") -> Evidence:
    modality = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}.get(of.kind, Modality.TEXT)
    start = of.text.index(quote) if quote else None
    return Evidence(
        of.element_id, DOC, 1, "ii", of.bbox, modality, EvidenceRole(role), quote, start,
        start + len(quote) if quote and start is not None else None,
        tuple(CellQuote(row, col, ROWS[row][col]) for row, col in cells),
    )  # fmt: skip


IN_TABLE = unit(TABLE, None, (0, 1), (1, 0), (1, 1))
IN_CAPTION = unit(CAPTION, CAPTION.text, role="context")
BORN = unit(PARAGRAPH, "Ada Voss was born in Kiel")
REPORTED = unit(OTHER, "In Kiel 12 mm of rain were measured")
PICTURED = unit(FIGURE)


def question(*evidence: Evidence, **fields: object) -> Question:
    plain = Question(
        f"{DOC}/qa-1", "How much rain fell in the town where Ada Voss was born?", "12 mm", AnswerKind.NUMBER,
        QuestionType.FACTUAL_RETRIEVAL, "text+table", evidence or (IN_TABLE, IN_CAPTION, BORN),
        Provenance("http", "0.1.0"), hops=2,
    )  # fmt: skip
    return replace(plain, **fields)  # type: ignore[arg-type]
