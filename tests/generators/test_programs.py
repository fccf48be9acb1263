from dataclasses import replace

import pytest

from generators.document_view import DocumentView
from generators.programs import TYPES, run_program, write_table_questions
from schemas.geometry import Box
from schemas.kinds import ElementKind, EvidenceRole, LinkKind, Operation, QuestionType, TextSource
from schemas.records import Cell, Document, Element, Link, Page, Question

TABLE, CAPTION = "d/p0000/table1", "d/p0000/caption1"
ROWS = (
    ("Country", "Sales (bn euros)", "Stores", "Share (%)"),
    ("Austria", "1.5", "1,200", "12.5"),
    ("Belgium", "2.5", "900", "20.0"),
    ("Cyprus", "0.5", "120", "7.5"),
    ("Denmark", "3.0", "2,400", "31.0"),
    ("Estonia", "0.8", "310", "9.0"),
    ("Finland", "1.7", "640", "14.0"),
    ("Total", "10.0", "5,570", "100.0"),
)


def view_of(
    rows: tuple[tuple[str, ...], ...] = ROWS,
    *,
    title: str | None = "The Market of Europe",
    caption: str = "Table 3: Grocery retailing by member state.",
    links: tuple[Link, ...] = (),
) -> DocumentView:
    cells = tuple(Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts))
    box = Box(0, 0, 100, 100)
    elements = [
        Element(TABLE, "d", 0, 1, ElementKind.TABLE, box, "", label="Table 3", cells=cells),
        Element(CAPTION, "d", 0, 0, ElementKind.CAPTION, box, caption, label="Table 3"),
    ]
    page = Page("d", 0, "iv", 600, 800, 0, (), TextSource.TEXT_LAYER)
    document = Document("d", "0" * 64, "d.pdf", 1, 1, "pymupdf", "1", title=title)
    return DocumentView(document, [page], elements, [Link(CAPTION, TABLE, LinkKind.CAPTION_OF), *links])


def ask(view: DocumentView, seed: int = 0, per_table: int = 99) -> list[Question]:
    return write_table_questions(view, seed=seed, per_table=per_table, question_types=list(QuestionType))[0]


def of_operation(operation: Operation, view: DocumentView | None = None) -> list[Question]:
    found = [question for seed in range(24) for question in ask(view or view_of(), seed)]
    return [question for question in found if question.program and question.program.operation is operation]


def test_every_operation_is_asked_with_its_type() -> None:
    questions = [question for seed in range(24) for question in ask(view_of(), seed)]
    assert {question.program.operation for question in questions if question.program} == set(TYPES) - {
        Operation.ABSENT,
        Operation.CHANGE,
    }
    assert all(
        question.question_type is TYPES[question.program.operation] for question in questions if question.program
    )


def test_every_program_runs_again_from_its_evidence_and_every_cell_stands_in_the_table() -> None:
    view = view_of()
    for question in ask(view):
        assert question.program is not None
        assert run_program(question.program, question.evidence) == question.program.result
        table, caption = question.evidence
        assert all(ROWS[cell.row][cell.col] == cell.text for cell in table.cells)
        assert (table.role, table.page_label) == (EvidenceRole.ANSWER, "iv")
        source = view.get(caption.element_id)
        assert source is not None
        assert source.text[caption.quote_start : caption.quote_end] == caption.quote


def test_a_changed_cell_changes_the_result() -> None:
    question = of_operation(Operation.LOOKUP)[0]
    assert question.program is not None
    forged = tuple(
        replace(item, cells=tuple(replace(cell, text="77") for cell in item.cells)) for item in question.evidence
    )
    assert run_program(question.program, forged) == "77" != question.program.result


def test_questions_name_document_and_subject_and_never_the_label() -> None:
    for question in ask(view_of()):
        assert "The Market of Europe" in question.question
        assert "grocery retailing by member state" in question.question.lower()
        assert "Table 3" not in question.question


def test_totals_stay_out_of_extrema_sums_and_ranks() -> None:
    for operation in (Operation.MAXIMUM, Operation.RANK, Operation.SUM, Operation.COUNT):
        for question in of_operation(operation):
            assert question.program is not None
            assert all(operand.row != 7 for operand in question.program.operands)
            assert question.answer != "Total"


def test_only_amounts_are_summed_and_answers_carry_their_unit() -> None:
    sums = of_operation(Operation.SUM)
    assert sums
    assert all("share" not in question.question.lower() for question in sums)
    assert all(question.answer.endswith("billion euros") for question in sums if "sales" in question.question)
    differences = [q for q in of_operation(Operation.DIFFERENCE) if "share" in q.question.lower()]
    assert differences
    assert all(question.answer.endswith("percentage points") for question in differences)


@pytest.mark.parametrize("other", ["Denmark", "Austria"])
def test_a_tie_gives_no_extremum(other: str) -> None:
    tied = tuple(
        (*row[:1], "9" if row[0] in {"Belgium", other} else "1", *row[2:]) if at else row for at, row in enumerate(ROWS)
    )
    best = [q for q in of_operation(Operation.MAXIMUM, view_of(tied)) if "sales" in q.question]
    assert best == []


def test_a_part_of_a_table_is_not_asked_for_extremes_and_counts() -> None:
    view = view_of(links=(Link(TABLE, "d/p0001/table1", LinkKind.CONTINUES),))
    assert of_operation(Operation.LOOKUP, view)
    assert [of_operation(one, view) for one in (Operation.MAXIMUM, Operation.MINIMUM, Operation.RANK)] == [[], [], []]
    assert of_operation(Operation.COUNT, view) == []


def test_the_seed_decides() -> None:
    assert ask(view_of(), 5) == ask(view_of(), 5)
    assert ask(view_of(), 5) != ask(view_of(), 6)


def test_type_and_number_of_questions_are_obeyed() -> None:
    view = view_of()
    assert len(ask(view, per_table=2)) == 2
    assert ask(view, per_table=0) == []
    only, _ = write_table_questions(view, seed=1, per_table=9, question_types=[QuestionType.COMPARISON])
    assert {question.question_type for question in only} == {QuestionType.COMPARISON}


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (view_of(title=None), "document_without_name"),
        (view_of(caption="Table 3"), "table_without_subject"),
        (view_of((("Item", "Note"), ("Pear", "red"), ("Plum", "blue"))), "table_without_numbers"),
        (view_of((("Item", "Sales"), ("Pear", "5 ..."), ("Plum", "7 ..."))), "table_cells_cut"),
        (view_of((("Item", "X1"), ("Pear", "5"), ("Plum", "7"))), "table_without_questions"),
    ],
)
def test_refused_tables_come_back_with_their_reason(view: DocumentView, reason: str) -> None:
    questions, rejects = write_table_questions(view, seed=0, per_table=4, question_types=list(QuestionType))
    assert questions == []
    assert [(reject.subject, reject.reason_code) for reject in rejects] == [(TABLE, reason)]


def test_shares_are_stated_only_with_their_unit() -> None:
    rows = tuple((row[0], row[3]) for row in ROWS)
    bare = (("Country", "Market share"), *rows[1:])
    asked = ask(view_of(bare))
    assert asked
    assert all(q.program and q.program.operation not in {Operation.LOOKUP, Operation.DIFFERENCE} for q in asked)
    first = (bare[0], ("Austria", "12.5%"), *bare[2:])
    answers = [q.answer for q in of_operation(Operation.LOOKUP, view_of(first))]
    assert answers
    assert all(answer.endswith("%") for answer in answers)


def test_a_table_of_words_is_asked_for_its_nouns() -> None:
    rows = (("Generator", "Model type", "Composable"), ("Clue", "gradient", "yes"), ("Dice", "tree", "no"))
    header = tuple(Cell(0, col, text, header=True) for col, text in enumerate(rows[0]))
    body = (*rows[1:], ("Probe", "agnostic", "no"))
    cells = (*header, *(Cell(at, col, text) for at, row in enumerate(body, 1) for col, text in enumerate(row)))
    view = view_of()
    elements = [replace(e, cells=cells) if e.kind is ElementKind.TABLE else e for e in view.elements]
    view = DocumentView(view.document, view.pages.values(), elements, view.links)
    questions = ask(view)
    assert questions
    assert all("model type" in question.question for question in questions)
    assert {question.answer for question in questions} <= {"gradient", "tree", "agnostic"}


def test_years_are_asked_for_as_times() -> None:
    rows = (("Year", "Sales"), ("2005", "15"), ("2006", "25"), ("2007", "5"), ("2008", "70"))
    questions = [question for seed in range(6) for question in ask(view_of(rows), seed)]
    best = [q.question for q in questions if q.program and q.program.operation is Operation.MAXIMUM]
    assert best
    assert all("in which year " in question.lower() for question in best)


def test_a_cell_with_the_numbers_of_two_rows_costs_that_row_and_every_extremum() -> None:
    names = [f"Land{chr(65 + at)}" for at in range(24)]
    rows = (("Country", "Sales"), *((name, str(at * 7 + 11)) for at, name in enumerate(names)))
    whole = view_of(rows)
    merged = view_of((*rows[:-1], ("LandX LandY", "30 40")))
    assert of_operation(Operation.MAXIMUM, whole)
    assert of_operation(Operation.MAXIMUM, merged) == []
    assert of_operation(Operation.LOOKUP, merged)
    assert all("LandX" not in question.question for question in of_operation(Operation.LOOKUP, merged))


def test_numbers_with_a_footnote_are_not_looked_up_or_compared() -> None:
    rows = tuple((row[0], f"{row[1]}*" if 0 < at < 6 else row[1]) for at, row in enumerate(ROWS))
    asked = [q for seed in range(12) for q in ask(view_of(rows), seed)]
    lookups = [q.answer for q in asked if q.program and q.program.operation is Operation.LOOKUP]
    assert set(lookups) == {"1.7 billion euros"}
    assert not any(q.program and q.program.operation is Operation.DIFFERENCE for q in asked)


MONTHS = (
    ("City", "January", "April", "July"),
    ("Atlanta", "-8", "26", "53"),
    ("Boston", "-12", "16", "54"),
    ("Chicago", "-27", "7", "40"),
    ("Denver", "-25", "-2", "43"),
)


def test_a_caption_names_the_measure_and_the_unit_of_columns_that_are_periods() -> None:
    view = view_of(MONTHS, caption="Table 2: Lowest temperatures in Fahrenheit recorded in various months for cities.")
    questions = [question for seed in range(12) for question in ask(view, seed)]
    looked_up = [one for one in questions if one.program and one.program.operation is Operation.LOOKUP]
    assert looked_up
    assert all("lowest temperature" in one.question and one.answer.endswith(" °F") for one in looked_up)
    # Of lowest temperatures, no lowest.
    assert not any("lowest lowest" in one.question or "highest lowest" in one.question for one in questions)


def test_what_is_correlated_is_no_measure() -> None:
    rows = (("Skill", "Production of materials", "Planning"), ("Reading", "0.31", "0.42"), ("Writing", "0.22", "0.55"))
    view = view_of(rows, caption="Table 2: Correlations between skills and activities of pupils.")
    questions = [question for seed in range(9) for question in ask(view, seed)]
    assert questions
    assert all(" correlation" in one.question and "the production" not in one.question for one in questions)


def test_numbers_of_equations_and_pages_are_not_asked_for() -> None:
    rows = (
        ("Method", "Equation", "Weight (kg)"),
        ("Simple", "15", "1.5"),
        ("Double", "16", "2.5"),
        ("Triple", "17", "3"),
    )
    columns = {cell.text for question in ask(view_of(rows)) for cell in question.evidence[0].cells if cell.row == 0}
    assert "Weight (kg)" in columns
    assert "Equation" not in columns


def test_rows_of_the_same_names_in_several_groups_are_not_compared() -> None:
    groups = [("Fuel", level, str(at), str(at + 3)) for at, level in enumerate(("Low", "Medium", "High"), 1)]
    groups += [("Frequency", level, str(at * 9), str(at)) for at, level in enumerate(("Low", "Medium", "High"), 1)]
    view = view_of((("", "", "Sales (kg)", "Weight (kg)"), *groups))
    operations = {one.program.operation for seed in range(9) for one in ask(view, seed) if one.program}
    assert operations <= {Operation.LOOKUP, Operation.ABSENT}


def test_thresholds_are_grouped_as_the_numbers_are_and_constants_are_not_averaged() -> None:
    rows = (
        ("Town", "Population", "Trials"),
        *((f"Town {name}", f"{at},{at}50,000", "10") for at, name in enumerate("ABCDEFGH", 1)),
    )
    questions = [question for seed in range(24) for question in ask(view_of(rows), seed)]
    counts = [one.question for one in questions if one.program and one.program.operation is Operation.COUNT]
    assert counts
    assert all(",000" in question for question in counts)
    assert not any("average number of trials" in one.question for one in questions)
