from dataclasses import replace

import pytest

from generators.checks.catalog import check_question, failed
from generators.checks.execution import check_naming
from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, Operation, QuestionType
from schemas.records import Cell, CellQuote, Operand, Program
from tests.generators.checks.conftest import PARAGRAPH


def code_of(question, sample):
    result = failed(check_question(question, sample.views))
    return result.reason_code if result else None


def on_evidence(question, **changes):
    return replace(question, evidence=(replace(question.evidence[0], **changes),))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"doc_id": "0000000000000000"}, "unknown_document"),
        ({"element_id": "3f9a04bb12cd77e0/p0003/table9"}, "unknown_element"),
        ({"page_index": 4}, "wrong_place"),
        ({"page_label": "iv"}, "wrong_place"),
        ({"bbox": Box(50.0, 2.0, 500.0, 80.0)}, "wrong_place"),
        ({"bbox": Box(50.5, 0.9, 499.5, 80.0)}, None),
        ({"modality": Modality.TABLE}, "wrong_modality"),
        ({"quote": "licensed 413 trawlers in 2020"}, "quote_differs"),
        ({"quote_start": 0}, "quote_differs"),
        ({"quote_end": 9999}, "quote_differs"),
        ({"quote_start": None}, "quote_differs"),
        ({"quote": None}, "quote_differs"),
        ({"quote": None, "quote_start": None, "quote_end": None}, "no_evidence"),
        ({"role": EvidenceRole.CONTEXT}, "no_evidence"),
    ],
)
def test_text_evidence(sample, changes, code):
    assert code_of(on_evidence(sample.text_question, **changes), sample) == code


@pytest.mark.parametrize(
    ("own", "other", "code"),
    [
        ("licensed 412 trawlers in 2020", "412 trawlers", None),
        ("licensed 412 trawlers in 2020", None, "no_evidence"),
        ("cod stocks had recovered", "412 trawlers", "unsupported_number"),
        ("licensed 412 trawlers in 2020", "cod stocks had recovered", "unproven_alternative"),
    ],
)
def test_another_place_proves_nothing_for_the_first(sample, own, other, code):
    alone = on_evidence(sample.text_question, **quoting(own))
    asked = replace(
        alone, evidence=(*alone.evidence, replace(alone.evidence[0], **quoting(other), role=EvidenceRole.ALTERNATIVE))
    )
    assert code_of(asked, sample) == code


@pytest.mark.parametrize(("cells", "code"), [((1, 2, 3), None), ((1, 2), "unproven_alternative")])
def test_another_table_holds_every_cell_that_is_computed_with(sample, cells, code):
    own = sample.table_question.evidence[0]
    quoted = tuple(cell for cell in own.cells if cell.row in (0, *cells))
    asked = replace(sample.table_question, evidence=(own, replace(own, cells=quoted, role=EvidenceRole.ALTERNATIVE)))
    assert code_of(asked, sample) == code


def quoting(quote):
    start = PARAGRAPH.index(quote) if quote else None
    return {"quote": quote, "quote_start": start, "quote_end": start + len(quote) if quote else None}


@pytest.mark.parametrize(
    ("row", "col", "text", "code"),
    [(1, 2, "14.1", "cell_differs"), (9, 9, "14.0", "cell_differs"), (2, 2, "14.0", "cell_differs")],
)
def test_cells_must_be_printed_there(sample, row, col, text, code):
    cells = sample.table_question.evidence[0].cells
    changed = tuple(replace(cell, row=row, col=col, text=text) if cell.text == "14.0" else cell for cell in cells)
    assert code_of(on_evidence(sample.table_question, cells=changed), sample) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer": "Sweden, with 9.8 thousand tonnes"}, "answer_differs"),
        ({"answer": "Norway, with 15.0 thousand tonnes"}, "unsupported_number"),
        ({"answer": "Norway"}, None),
        ({"answer": "Norway, and not Norway"}, "self_contradiction"),
        ({"answer": "Norway, with 14.0 kg"}, "answer_differs"),
        ({"question": "Which country had the lowest herring landings in 2020 in the Yearbook?"}, "question_differs"),
        ({"question": "Which country had the highest herring landings in 2019 in the Yearbook?"}, "question_differs"),
        (
            {"question": "Which country had the highest herring landings in 2020 in the 1987 Yearbook?"},
            "unsupported_question",
        ),
        ({"answer_modality": "text"}, "wrong_modality"),
        ({"answer_modality": "table+text"}, "wrong_modality"),
        ({"answer": "not specified in the document"}, "refusal"),
        ({"question_type": QuestionType.UNANSWERABLE}, "unanswerable_mismatch"),
        ({"answer_kind": AnswerKind.BOOLEAN}, "wrong_answer_kind"),
        ({"question": "Which country, namely Norway, had the highest herring landings in 2020?"}, "answer_in_question"),
    ],
)
def test_table_answers(sample, changes, code):
    assert code_of(replace(sample.table_question, **{"answer": "Norway", **changes}), sample) == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("412", None),
        ("412 trawlers in Bergen", None),
        ("421 trawlers", "unsupported_number"),
        ("412 kg", "unsupported_unit"),
        ("412 million", "unsupported_unit"),
        ("412 submarines under Admiral Nelson", "unsupported_words"),
        ("many trawlers", "wrong_answer_kind"),
    ],
)
def test_text_answers(sample, answer, code):
    assert code_of(replace(sample.text_question, answer=answer), sample) == code


def test_an_extremum_over_a_part_of_the_rows_is_incomplete(sample):
    program = sample.table_question.program
    part = replace(program, operands=tuple(item for item in program.operands if item.group != 3))
    assert code_of(replace(sample.table_question, program=part), sample) == "incomplete_operands"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"operation": Operation.MINIMUM}, "program_differs"),
        ({"result": "Denmark"}, "program_differs"),
        ({"operands": ()}, "program_broken"),
        ({"operation": Operation.COMPARE}, "program_broken"),
    ],
)
def test_programs_are_run_again(sample, changes, code):
    program = replace(sample.table_question.program, **changes)
    assert code_of(replace(sample.table_question, program=program), sample) == code


@pytest.mark.parametrize(
    ("column", "named", "code"),
    [
        (1, "to air", None),
        (2, "to water", None),
        (2, "to air", "question_differs"),
        (1, "to water", "question_differs"),
    ],
)
def test_a_column_is_told_from_its_like_by_what_differs(sample, column, named, code):
    heads = ("", "release to air (kg/year)", "release to water (kg/year)")
    lines = (heads, ("Naphthalene", "100", "10"), ("Toluene", "200", "30"))
    cells = tuple(
        Cell(row, col, text, header=row == 0 or col == 0)
        for row, line in enumerate(lines)
        for col, text in enumerate(line)
    )
    view = next(iter(sample.views.values()))
    table = replace(view.get("3f9a04bb12cd77e0/p0003/table1"), cells=cells)
    changed = DocumentView(view.document, view.pages.values(), [table])
    quoted = tuple(CellQuote(row, col, lines[row][col]) for row, col in ((0, column), (1, 0), (1, column)))
    operands = (Operand(0, 1, column, "value", 0), Operand(0, 1, 0, "label", 0))
    question = replace(
        on_evidence(sample.table_question, cells=quoted),
        question=f"What release {named} in kg/year is reported for Naphthalene?",
        answer=f"{lines[1][column]} kg/year",
        program=Program(Operation.LOOKUP, operands, lines[1][column], unit="kg/year"),
    )
    assert check_naming(question, {view.document.doc_id: changed}).reason_code == code
