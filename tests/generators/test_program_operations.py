"""The operations over several cells: what is asked, what is answered, what is refused."""

from dataclasses import replace

import pytest

from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.program_runs import ProgramError, run_program
from generators.programs import TYPES, write_table_questions
from schemas.geometry import Box
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, LinkKind, Modality, Operation, QuestionType, TextSource
from schemas.records import Cell, CellQuote, Document, Element, Evidence, Link, Operand, Page, Program, Question

DOC, TABLE, CAPTION = "c" * 16, f"{'c' * 16}/p0000/table1", f"{'c' * 16}/p0000/caption1"
ROWS = (
    ("Country", "Retail sales 1995 (bn euros)", "Retail sales 1996 (bn euros)", "Stores"),
    ("Austria", "41.5", "46.0", "1,200"),
    ("Belgium", "32.5", "30.1", "900"),
    ("Cyprus", "10.5", "11.6", "120"),
    ("Denmark", "23.0", "20.2", "2,400"),
    ("Estonia", "15.8", "19.9", "310"),
    ("Finland", "27.7", "29.0", "640"),
    ("Total", "151.0", "156.8", "5,570"),
)
TEXT = "Shops in Austria, Belgium, Cyprus and Malta were visited. A first survey on retail prices was made in 1994."


def view_of(rows: tuple[tuple[str, ...], ...] = ROWS, *, text: str = TEXT) -> DocumentView:
    cells = tuple(Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts))
    box = Box(0, 0, 90, 90)
    elements = [
        Element(TABLE, DOC, 0, 1, ElementKind.TABLE, box, "", cells=cells),
        Element(CAPTION, DOC, 0, 0, ElementKind.CAPTION, box, "Table 1: Grocery retailing by member state"),
        Element(f"{DOC}/p0000/paragraph1", DOC, 0, 2, ElementKind.PARAGRAPH, box, text),
    ]
    page = Page(DOC, 0, "1", 600, 800, 0, (), TextSource.TEXT_LAYER)
    document = Document(DOC, DOC * 4, "c.pdf", 1, 1, "pymupdf", "1", title="The Market of Europe")
    return DocumentView(document, [page], elements, [Link(CAPTION, TABLE, LinkKind.CAPTION_OF)])


def ask(view: DocumentView, operation: Operation, seeds: int = 14) -> list[Question]:
    types = [TYPES[operation]]
    written = [
        q
        for seed in range(seeds)
        for q in write_table_questions(view, seed=seed, per_table=99, question_types=types)[0]
    ]
    return [question for question in written if question.program and question.program.operation is operation]


def numbers_of(question: Question) -> list[float]:
    assert question.program is not None
    texts = {(cell.row, cell.col): cell.text for cell in question.evidence[0].cells}
    values = sorted((item for item in question.program.operands if item.role == "value"), key=lambda item: item.group)
    return [float(texts[item.row, item.col].replace(",", "")) for item in values]


def test_an_average_over_all_rows_says_how_many_they_are_and_leaves_none_out() -> None:
    view = view_of()
    whole = [question for question in ask(view, Operation.AVERAGE) if " all 6 countries" in question.question]
    assert whole
    for question in whole:
        assert question.program is not None
        assert failed(check_question(question, {DOC: view})) is None
        assert numbers_of(question)
        fewer = replace(question, question=question.question.replace("all 6 ", "all 5 "))
        result = failed(check_question(fewer, {DOC: view}))
        assert result is not None
        values = [item for item in question.program.operands if item.role == "value"]
        part = replace(
            question.program, operands=tuple(o for o in question.program.operands if o.group != values[-1].group)
        )
        result = failed(check_question(replace(question, program=part), {DOC: view}))
        assert result is not None


def test_averages_and_excesses_are_those_of_their_cells() -> None:
    for question in ask(view_of(), Operation.AVERAGE):
        values = numbers_of(question)
        assert question.program is not None
        assert float(question.program.result) == pytest.approx(sum(values) / len(values), abs=0.05)
    for question in ask(view_of(), Operation.EXCESS):
        *parts, less = numbers_of(question)
        assert question.program is not None
        assert float(question.program.result) == pytest.approx(sum(parts) - less)
        assert "combined" in question.question


def test_growth_goes_from_year_to_year_and_says_which_way() -> None:
    changes = ask(view_of(), Operation.CHANGE)
    assert changes
    for question in changes:
        before, after = numbers_of(question)
        assert question.program is not None
        assert float(question.program.result) == pytest.approx((after / before - 1) * 100, abs=0.051)
        said = f"{question.question} {question.answer}"
        assert ("increase" in said) == (after > before)
        assert ("decrease" in said) == (after < before)
        assert question.question.index("1995") < question.question.index("1996")


def test_shares_are_stated_only_where_the_parts_add_up_to_the_printed_total() -> None:
    shares = ask(view_of(), Operation.SHARE)
    assert shares
    for question in shares:
        part, total, *others = numbers_of(question)
        assert part + sum(others) == pytest.approx(total)
        assert question.answer.endswith("%")
    wrong = tuple((*row[:1], "199.0", "188.8", "9,570") if row[0] == "Total" else row for row in ROWS)
    assert ask(view_of(wrong), Operation.SHARE) == []
    assert ask(view_of(ROWS[:-1]), Operation.SHARE) == []


def test_lists_hold_what_meets_every_condition_and_tops_are_in_order() -> None:
    filters, tops = ask(view_of(), Operation.FILTER), ask(view_of(), Operation.TOP)
    assert any(" & " in (question.program.argument or "") for question in filters if question.program)
    assert {question.answer_kind for question in (*filters, *tops)} == {AnswerKind.LIST}
    table = {row[0]: row for row in ROWS[1:-1]}
    for question in tops:
        assert question.program is not None
        col = next(item.col for item in question.program.operands if item.role == "value")
        size = int(question.program.argument or 0)
        ordered = sorted(table, key=lambda name: float(table[name][col].replace(",", "")), reverse=size > 0)
        assert question.answer == ", ".join(ordered[: abs(size)])


@pytest.mark.parametrize(
    "operation", [Operation.RATIO, Operation.TOP, Operation.FILTER, Operation.ABSENT, Operation.CHANGE]
)
def test_every_question_stands_the_checks(operation: Operation) -> None:
    view = view_of()
    questions = ask(view, operation)
    assert questions
    for question in questions:
        checked = check_question(question, {DOC: view})
        assert failed(checked) is None, (failed(checked), question.question, question.answer)


def test_what_is_absent_stands_nowhere_in_the_table_and_is_context_alone() -> None:
    questions = ask(view_of(), Operation.ABSENT)
    assert {question.program.argument for question in questions if question.program} <= {"Malta", "1994"}
    for question in questions:
        assert question.question_type is QuestionType.UNANSWERABLE
        assert question.answer_kind is AnswerKind.NONE
        assert {unit.role for unit in question.evidence} == {EvidenceRole.CONTEXT}


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Malta/Gozo", TEXT),
        ("Republic of Malta", TEXT),
        ("Austria", TEXT.replace("and Malta", "and Finland")),
        ("Austria", TEXT.replace("Shops", "Stores")),
    ],
    ids=["shortened", "longer", "named by none", "told in the text"],
)
def test_nothing_is_called_absent_that_may_be_there(label: str, text: str) -> None:
    rows = (ROWS[0], (label, *ROWS[1][1:]), *ROWS[2:])
    questions = ask(view_of(rows, text=text), Operation.ABSENT, 8)
    assert not any("Malta" in question.question and "stores" in question.question for question in questions)
    assert questions or "Malta" in label


def test_an_unfinished_list_is_not_asked_for_tops() -> None:
    broken = (*ROWS[:6], ("...", "...", "...", "..."))
    assert ask(view_of(broken), Operation.TOP, 8) == []
    assert ask(view_of(broken), Operation.MAXIMUM, 8) == []


def quoted(*texts: str) -> tuple[Evidence, ...]:
    cells = tuple(CellQuote(at, col, part) for at, text in enumerate(texts) for col, part in enumerate(text.split("=")))
    box = Box(0, 0, 1, 1)
    return (Evidence(TABLE, DOC, 0, "1", box, Modality.TABLE, EvidenceRole.ANSWER, cells=cells),)


def program_of(operation: Operation, count: int, argument: str | None = None) -> Program:
    operands = [Operand(0, at, col, role, at) for at in range(count) for col, role in enumerate(("label", "value"))]
    return Program(operation, tuple(operands), "", argument)


@pytest.mark.parametrize(
    ("operation", "cells", "argument", "result"),
    [
        (Operation.AVERAGE, ("a=1", "b=2", "c=2"), None, "1.7"),
        (Operation.EXCESS, ("a=5", "b=2.5", "c=4"), None, "3.5"),
        (Operation.RATIO, ("a=10", "b=3"), None, "3.33"),
        (Operation.CHANGE, ("1995=8", "1996=6"), None, "-25"),
        (Operation.SHARE, ("a=25", "all=100", "b=75"), None, "25"),
        (Operation.TOP, ("a=1", "b=3", "c=2"), "2", "b; c"),
        (Operation.TOP, ("a=1", "b=3", "c=2"), "-2", "a; c"),
        (Operation.FILTER, ("a=1", "b=3", "c=2"), "> 1.5", "b; c"),
    ],
)
def test_programs_give_the_rounded_result(
    operation: Operation, cells: tuple[str, ...], argument: str | None, result: str
) -> None:
    assert run_program(program_of(operation, len(cells), argument), quoted(*cells)) == result


@pytest.mark.parametrize(
    ("operation", "cells", "argument"),
    [
        (Operation.AVERAGE, ("a=1",), None),
        (Operation.EXCESS, ("a=5", "b=4"), None),
        (Operation.RATIO, ("a=5", "b=0"), None),
        (Operation.CHANGE, ("1995=0", "1996=6"), None),
        (Operation.SHARE, ("a=25", "all=120", "b=75"), None),
        (Operation.TOP, ("a=1", "b=1", "c=0"), "1"),
        (Operation.TOP, ("a=1", "b=2", "c=3"), "many"),
        (Operation.RANK, ("a=2", "b=2", "c=1", "d=0"), "3"),
        (Operation.FILTER, ("a=1", "b=3"), "> 9"),
        (Operation.FILTER, ("a=1", "b=n.a."), "> 0"),
        (Operation.FILTER, ("a=1", "b=2"), "= 2"),
        (Operation.FILTER, ("a=1", "b=2"), "> 0 & < 3"),
        (Operation.ABSENT, ("a=1", "b=2"), "c"),
    ],
)
def test_what_has_no_result_is_refused(operation: Operation, cells: tuple[str, ...], argument: str | None) -> None:
    with pytest.raises(ProgramError):
        run_program(program_of(operation, len(cells), argument), quoted(*cells))


def test_an_absent_name_is_looked_for_among_labels() -> None:
    program = replace(
        program_of(Operation.ABSENT, 2, "Malta"), operands=(Operand(0, 0, 0, "label", 0), Operand(0, 1, 0, "label", 1))
    )
    assert run_program(program, quoted("Austria=1", "Cyprus=2")) == "absent"
    with pytest.raises(ProgramError):
        run_program(replace(program, argument="cyprus"), quoted("Austria=1", "Cyprus*=2"))
