"""A question over a table and a passage of two documents, and what its task is made of."""

from dataclasses import replace

from annotation.tasks import Material, PagePicture
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    Modality,
    QuestionType,
    TextSource,
    Verdict,
)
from schemas.records import Cell, CellQuote, CheckResult, Element, Evidence, Page, Provenance, Question

TABLE, PASSAGE = "doc1/p0003/table1", "doc2/p0000/paragraph1"
TEXT = "Sales grew <fast> in the north, by 4 % & more."
TABLE_BOX, PASSAGE_BOX = Box(100.0, 200.0, 300.0, 300.0), Box(72.0, 72.0, 540.0, 100.0)
SHOWN = Box(50.0, 40.0, 550.0, 740.0)
WHOLE = Box(0.0, 0.0, 612.0, 792.0)

_PASSED = tuple(CheckResult(name, Verdict.PASS) for name in ("cells", "answer_numbers", "deixis", "evidence"))


def question() -> Question:
    """Return the question: two quotes of one table are one unit, the passage is context."""
    table = Evidence(
        TABLE, "doc1", 3, "iv", TABLE_BOX, Modality.TABLE, EvidenceRole.CONTEXT, cells=(CellQuote(0, 1, "2020"),)
    )
    value = replace(table, role=EvidenceRole.ANSWER, cells=(CellQuote(1, 1, "7"),))
    passage = Evidence(
        PASSAGE, "doc2", 0, "1", PASSAGE_BOX, Modality.TEXT, EvidenceRole.CONTEXT, "by 4 % & more", 32, 45
    )
    return Question(
        "doc1/qa-1",
        "Which grew more, north or south?",
        "the north",
        AnswerKind.TEXT,
        QuestionType.COMPARISON,
        "text+table",
        (table, passage, value),
        Provenance("none", "0.1.0"),
        checks=(*_PASSED, CheckResult("complete", Verdict.FAIL, "truncated")),
    )


def elements() -> dict[str, Element]:
    """Return its elements."""
    cells = (Cell(0, 1, "2020", header=True), Cell(1, 0, "north", header=True), Cell(1, 1, "7"))
    return {
        TABLE: Element(TABLE, "doc1", 3, 0, ElementKind.TABLE, TABLE_BOX, "", label="Table 2", cells=cells),
        PASSAGE: Element(PASSAGE, "doc2", 0, 0, ElementKind.PARAGRAPH, PASSAGE_BOX, TEXT),
    }


def material() -> Material:
    """Return pictures of both pages; the first shows what lies inside `SHOWN`, the second all of its page."""
    pages = {
        ("doc1", 3): (Page("doc1", 3, "iv", 612.0, 792.0, 0, (Modality.TABLE,), TextSource.TEXT_LAYER), SHOWN),
        ("doc2", 0): (Page("doc2", 0, "1", 612.0, 792.0, 90, (Modality.TEXT,), TextSource.TEXT_LAYER), WHOLE),
    }
    pictures = {key: PagePicture(page, f"data:{key[0]}", shown, 500, 700) for key, (page, shown) in pages.items()}
    return Material(pictures, elements(), {"doc1": "report & more.pdf", "doc2": "letter.pdf"})
