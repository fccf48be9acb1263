from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.document_view import DocumentView
from generators.remapping import LossReason, remap_question
from schemas.geometry import Box
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, Modality, Operation, QuestionType, TextSource
from schemas.records import (
    Cell,
    CellQuote,
    Document,
    Element,
    Evidence,
    Operand,
    Page,
    Program,
    Provenance,
    Question,
)

DOCUMENT = Document("d" * 16, "s", "a.pdf", 1, 3, "x", "1")
PAGES = [Page(DOCUMENT.doc_id, n, f"p{n + 1}", 600, 800, 0, (), TextSource.TEXT_LAYER) for n in range(3)]
TEXT = "The rate of growth was 12.5 percent in 2001, which nobody had foreseen."
QUOTE = "growth was 12.5 percent in 2001"
BOX = Box(50, 100, 550, 160)


def element(kind: ElementKind, number: int = 1, *, page: int = 0, text: str = "", box: Box = BOX) -> Element:
    name = f"{DOCUMENT.doc_id}/p{page:04d}/{kind.value}{number}"
    return Element(name, DOCUMENT.doc_id, page, number, kind, box, text)


def table(*rows: tuple[str, ...], number: int = 1, page: int = 0, box: Box = BOX) -> Element:
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return replace(element(ElementKind.TABLE, number, page=page, box=box), cells=cells)


def view(*elements: Element) -> dict[str, DocumentView]:
    return {DOCUMENT.doc_id: DocumentView(DOCUMENT, PAGES, elements)}


def evidence(source: Element, *, quote: str | None = None, cells: tuple[CellQuote, ...] = ()) -> Evidence:
    start = source.text.index(quote) if quote else None
    modality = {"table": Modality.TABLE, "figure": Modality.FIGURE}.get(source.kind.value, Modality.TEXT)
    return Evidence(
        source.element_id,
        source.doc_id,
        source.page_index,
        f"p{source.page_index + 1}",
        source.bbox,
        modality,
        EvidenceRole.ANSWER,
        quote=quote,
        quote_start=start,
        quote_end=start + len(quote) if quote and start is not None else None,
        cells=cells,
    )


def question(*units: Evidence, program: Program | None = None) -> Question:
    return Question(
        f"{DOCUMENT.doc_id}/qa-1",
        "What?",
        "12.5",
        AnswerKind.NUMBER,
        QuestionType.FACTUAL_RETRIEVAL,
        "text",
        units,
        Provenance("none", "1"),
        program=program,
    )


PARAGRAPH = element(ElementKind.PARAGRAPH, text=TEXT)
TABLE = table(("", "2001"), ("Men", "5"))


@pytest.mark.parametrize(
    ("new", "quote"),
    [
        (element(ElementKind.PARAGRAPH, 4, text=TEXT), QUOTE),
        (element(ElementKind.LIST_ITEM, 1, text=f"So it was. {TEXT}"), QUOTE),
        (element(ElementKind.PARAGRAPH, 2, page=1, text=TEXT), QUOTE),
        (
            element(ElementKind.PARAGRAPH, text=TEXT.replace("growth was", "growth  was")),
            QUOTE.replace(" was", "  was"),
        ),
        (
            element(ElementKind.PARAGRAPH, text=TEXT.replace("percent", "per-cent")),
            QUOTE.replace("percent", "per-cent"),
        ),
    ],
)
def test_a_quote_is_found_again_and_stands_as_it_is_now(new: Element, quote: str) -> None:
    other = element(ElementKind.PARAGRAPH, 9, text="Nothing of that was in any way foreseen by anybody.")
    result = remap_question(question(evidence(PARAGRAPH, quote=QUOTE)), view(other, new))
    assert result.question is not None
    (unit,) = result.question.evidence
    assert (unit.element_id, unit.quote, unit.bbox) == (new.element_id, quote, new.bbox)
    assert unit.page_label == f"p{new.page_index + 1}"
    assert new.text[unit.quote_start : unit.quote_end] == quote
    assert result.moved == 1


def test_another_place_that_answers_is_left_out_when_it_is_lost() -> None:
    other = replace(evidence(TABLE, cells=(CellQuote(1, 1, "5"),)), role=EvidenceRole.ALTERNATIVE)
    program = Program(Operation.LOOKUP, (Operand(1, 0, 0, "value", 0),), "12.5")
    asked = question(other, evidence(PARAGRAPH, quote=QUOTE), program=program)
    result = remap_question(asked, view(PARAGRAPH))
    assert result.question is not None
    assert [unit.element_id for unit in result.question.evidence] == [PARAGRAPH.element_id]
    assert result.question.program is not None
    assert result.question.program.operands == (Operand(0, 0, 0, "value", 0),)


@pytest.mark.parametrize(
    ("unit", "elements", "reason"),
    [
        (evidence(PARAGRAPH, quote=QUOTE), [element(ElementKind.PARAGRAPH, text="Gone.")], LossReason.NO_QUOTE),
        (
            evidence(PARAGRAPH, quote=QUOTE),
            [element(ElementKind.PARAGRAPH, text=TEXT.replace("12.5", "13.5"))],
            LossReason.NO_QUOTE,
        ),
        (
            evidence(PARAGRAPH, quote=QUOTE),
            [element(ElementKind.PARAGRAPH, page=2, text=TEXT)],
            LossReason.NO_QUOTE,
        ),
        (evidence(TABLE, cells=(CellQuote(1, 1, "5"),)), [PARAGRAPH], LossReason.NO_CELLS),
        (
            evidence(TABLE, cells=(CellQuote(1, 1, "5"),)),
            [table(("5", "x"), page=1)],
            LossReason.NO_CELLS,
        ),
        (evidence(element(ElementKind.FIGURE)), [PARAGRAPH, TABLE], LossReason.NO_ELEMENT),
        (
            evidence(element(ElementKind.FIGURE)),
            [element(ElementKind.FIGURE, box=Box(50, 400, 550, 700))],
            LossReason.NO_ELEMENT,
        ),
        (replace(evidence(PARAGRAPH, quote=QUOTE), doc_id="e" * 16), [PARAGRAPH], LossReason.NO_DOCUMENT),
    ],
)
def test_what_is_not_there_any_more_is_told(unit: Evidence, elements: list[Element], reason: LossReason) -> None:
    result = remap_question(question(unit), view(*elements))
    assert result.question is None
    assert [(lost.qa_id, lost.element_id, lost.reason_code) for lost in result.lost] == [
        (f"{DOCUMENT.doc_id}/qa-1", unit.element_id, reason)
    ]
    assert result.lost[0].text


def test_cells_move_with_their_program() -> None:
    cells = (CellQuote(1, 0, "Men"), CellQuote(1, 1, "5"))
    operands = (Operand(0, 1, 1, "value", 0), Operand(0, 1, 0, "label", 0))
    asked = question(evidence(TABLE, cells=cells), program=Program(Operation.LOOKUP, operands, "5"))
    new = table(("Table of rates", "", ""), ("", "", "2001"), ("Men", "x", "5"), number=2)
    result = remap_question(asked, view(table(("Age", "9"), box=Box(50, 300, 550, 360)), new))
    assert result.question is not None
    assert result.question.evidence[0].element_id == new.element_id
    assert result.question.evidence[0].cells == (CellQuote(2, 0, "Men"), CellQuote(2, 2, "5"))
    assert result.question.program is not None
    assert [(operand.row, operand.col) for operand in result.question.program.operands] == [(2, 2), (2, 0)]


def test_a_figure_is_found_by_its_place() -> None:
    old, new = element(ElementKind.FIGURE), element(ElementKind.FIGURE, 2, box=Box(52, 98, 548, 165))
    far = element(ElementKind.FIGURE, 1, box=Box(50, 400, 550, 700))
    result = remap_question(question(evidence(old)), view(far, new))
    assert result.question is not None
    assert result.question.evidence[0].element_id == new.element_id


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_an_unchanged_document_gives_the_same_question(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text("ab 1.", min_size=1, max_size=30), min_size=1, max_size=5))
    elements = [element(ElementKind.PARAGRAPH, n, page=n % 2, text=text) for n, text in enumerate(texts)]
    source = data.draw(st.sampled_from(elements))
    start = data.draw(st.integers(0, len(source.text) - 1))
    end = data.draw(st.integers(start + 1, len(source.text)))
    quoted = replace(
        evidence(source), quote=source.text[start:end], quote_start=start, quote_end=end, modality=Modality.TEXT
    )
    rows = data.draw(st.lists(st.tuples(*[st.sampled_from(("a", "1", "2"))] * 3), min_size=1, max_size=4))
    grid = table(*rows)
    picked = data.draw(st.lists(st.sampled_from(grid.cells), min_size=1, max_size=4))
    cells = tuple(CellQuote(cell.row, cell.col, cell.text) for cell in picked)
    asked = question(quoted, evidence(grid, cells=cells))
    result = remap_question(asked, view(*elements, grid))
    assert (result.question, result.moved, result.lost) == (asked, 0, ())


NEWER = "e" * 16


@pytest.mark.parametrize(
    ("unit", "now", "reason"),
    [
        (evidence(PARAGRAPH, quote=QUOTE), element(ElementKind.PARAGRAPH, 4, page=2, text=TEXT), None),
        (evidence(PARAGRAPH, quote="12.5"), element(ElementKind.PARAGRAPH, 4, page=2, text=TEXT), LossReason.NO_QUOTE),
        (evidence(PARAGRAPH, quote="12.5"), element(ElementKind.PARAGRAPH, 4, page=1, text=TEXT), None),
        (
            evidence(TABLE, cells=(CellQuote(1, 0, "Men"), CellQuote(1, 1, "5"))),
            table(("", "2001"), ("Men", "5"), page=2),
            None,
        ),
        (
            evidence(TABLE, cells=(CellQuote(1, 1, "5"),)),
            table(("", "2001"), ("Men", "5"), page=2),
            LossReason.NO_CELLS,
        ),
        (evidence(element(ElementKind.FIGURE)), element(ElementKind.FIGURE, page=2), LossReason.NO_ELEMENT),
        (evidence(element(ElementKind.FIGURE)), element(ElementKind.FIGURE), None),
    ],
    ids=[
        "a quote far away",
        "a short one",
        "a short one close by",
        "cells that tell",
        "a lone figure",
        "a figure elsewhere",
        "a figure in its place",
    ],
)
def test_in_a_new_version_of_a_file_pages_may_have_moved(
    unit: Evidence, now: Element, reason: LossReason | None
) -> None:
    moved = replace(now, doc_id=NEWER, element_id=now.element_id.replace(DOCUMENT.doc_id, NEWER))
    pages = [replace(page, doc_id=NEWER) for page in PAGES]
    views = {NEWER: DocumentView(replace(DOCUMENT, doc_id=NEWER), pages, [moved])}
    assert remap_question(question(unit), views).lost[0].reason_code is LossReason.NO_DOCUMENT
    result = remap_question(question(unit), views, {DOCUMENT.doc_id: NEWER})
    assert [lost.reason_code for lost in result.lost] == ([reason] if reason else [])
    if reason is None:
        assert result.question is not None
        (found,) = result.question.evidence
        assert (found.doc_id, found.element_id, found.page_index) == (NEWER, moved.element_id, moved.page_index)
