from dataclasses import replace

import pytest

from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.program_joins import join_keys, write_join_questions
from generators.program_runs import run_program
from schemas.geometry import Box
from schemas.kinds import AnswerKind, ElementKind, LinkKind, Operation, QuestionType, TextSource
from schemas.records import Cell, Document, Element, Link, Page, Question

OLD, NEW = "a" * 16, "b" * 16
HEADER = ("Country", "Retail sales (bn euros)", "Share (%)")
FIRST = (HEADER, ("Austria", "40.0", "12.5"), ("Belgium", "25.0", "20.0"), ("Cyprus", "5.5", "7.5"))
SECOND = (HEADER, ("Austria", "50.0", "14.5"), ("Belgium", "20.0", "18.0"), ("Malta", "2.5", "3.5"))


def view_of(doc_id: str, rows: tuple[tuple[str, ...], ...], caption: str, title: str) -> DocumentView:
    cells = tuple(Cell(at, col, text) for at, texts in enumerate(rows) for col, text in enumerate(texts))
    box, table, head, name = (
        Box(0, 0, 90, 90),
        f"{doc_id}/p0000/table1",
        f"{doc_id}/p0000/caption1",
        f"{doc_id}/p0000/title1",
    )
    elements = [
        Element(name, doc_id, 0, 0, ElementKind.TITLE, box, title),
        Element(head, doc_id, 0, 1, ElementKind.CAPTION, box, caption, label="Table 1"),
        Element(table, doc_id, 0, 2, ElementKind.TABLE, box, "", label="Table 1", cells=cells),
    ]
    page = Page(doc_id, 0, "1", 600, 800, 0, (), TextSource.TEXT_LAYER)
    document = Document(doc_id, doc_id * 4, f"{doc_id}.pdf", 1, 1, "pymupdf", "1", title=title)
    return DocumentView(document, [page], elements, [Link(head, table, LinkKind.CAPTION_OF)])


def pair(
    second: tuple[tuple[str, ...], ...] = SECOND,
    captions: tuple[str, str] = (
        "Table 1: Grocery retailing by country, 1995",
        "Table 1: Grocery retailing by country, 1996",
    ),
    titles: tuple[str, str] = ("Retailing in Europe", "The Grocery Trade after the Crisis"),
) -> list[tuple[DocumentView, Element]]:
    views = [
        view_of(doc_id, rows, caption, title)
        for doc_id, rows, caption, title in zip((OLD, NEW), (FIRST, second), captions, titles, strict=True)
    ]
    return [(view, view.of_kind(ElementKind.TABLE)[0]) for view in views]


def ask(tables: list[tuple[DocumentView, Element]], seeds: int = 6) -> list[Question]:
    types = list(QuestionType)
    return [one for seed in range(seeds) for one in write_join_questions(tables, seed=seed, question_types=types)[0]]


def by_operation(questions: list[Question], operation: Operation) -> list[Question]:
    return [question for question in questions if question.program and question.program.operation is operation]


def test_every_operation_over_two_documents_stands_every_check() -> None:
    tables = pair()
    views = {view.document.doc_id: view for view, _ in tables}
    questions = ask(tables)
    assert {question.program.operation for question in questions if question.program} == {
        Operation.COMPARE,
        Operation.DIFFERENCE,
        Operation.RATIO,
        Operation.CHANGE,
    }
    for question in questions:
        checked = check_question(question, views)
        assert failed(checked) is None, (failed(checked), question.question)
        assert {unit.doc_id for unit in question.evidence} == {OLD, NEW}
        assert question.hops == 2
        assert question.program is not None
        assert run_program(question.program, question.evidence) == question.program.result


def test_growth_goes_from_the_earlier_caption_to_the_later() -> None:
    answers = {question.answer for question in by_operation(ask(pair()), Operation.CHANGE)}
    assert answers <= {"25.0%", "an increase of 25.0%", "20.0%", "a decrease of 20.0%"}
    assert answers


def test_a_comparison_answers_with_the_caption_or_with_the_title_where_captions_are_the_same() -> None:
    told = by_operation(ask(pair()), Operation.COMPARE)
    assert {question.answer for question in told} <= {f"Grocery retailing by country, {year}" for year in (1995, 1996)}
    assert {question.answer_kind for question in told} == {AnswerKind.TEXT}
    same = by_operation(ask(pair(captions=("Table 1: Grocery retailing by country",) * 2)), Operation.COMPARE)
    assert {question.answer for question in same} <= {"Retailing in Europe", "The Grocery Trade after the Crisis"}
    assert same


def test_percentages_differ_by_points() -> None:
    differences = [q for q in by_operation(ask(pair(), 30), Operation.DIFFERENCE) if "share" in q.question.lower()]
    assert {question.answer for question in differences} <= {"2.0 percentage points"}
    assert differences


@pytest.mark.parametrize(
    "tables",
    [
        pair((("Country", "Retail sales (mn euros)"), ("Austria", "50.0"), ("Belgium", "20.0"))),
        pair((HEADER, ("Malta", "50.0", "1.5"), ("Greece", "20.0", "2.5"))),
        pair((("Country", "Stores"), ("Austria", "50"), ("Belgium", "20"))),
        pair((("Country", "Retail sales 1996 (bn euros)"), ("Austria", "50.0"), ("Belgium", "20.0"))),
        pair(captions=("Table 1: Grocery retailing by country",) * 2, titles=("Retailing in Europe",) * 2),
        pair((HEADER, ("Austria*", "50.0*", "12.5*"), ("Belgium", "25.0*", "18.0*"))),
    ],
    ids=["scale", "rows", "measure", "date", "name", "marks"],
)
def test_tables_that_do_not_agree_give_nothing_but_a_reason(tables: list[tuple[DocumentView, Element]]) -> None:
    questions, rejects = write_join_questions(tables, seed=0, question_types=list(QuestionType))
    assert questions == []
    assert [reject.reason_code for reject in rejects] == ["tables_without_common_number"]


def test_two_tables_share_a_key_where_they_share_measure_and_row() -> None:
    one, other = ({key for key, _ in join_keys(view)} for view, _ in pair())
    assert one & other == {
        f"{measure} | {row}"
        for measure in ("retail sales | euros | 1000000000", "share | % | 1")
        for row in ("austria", "belgium")
    }


def test_the_order_of_the_tables_does_not_matter_and_the_seed_decides() -> None:
    assert ask(pair(), 1) == ask(pair()[::-1], 1)
    assert len({question.question for question in ask(pair())}) > 4


def test_a_row_of_another_document_or_another_measure_is_caught() -> None:
    tables = pair()
    views = {view.document.doc_id: view for view, _ in tables}
    question = by_operation(ask(tables), Operation.DIFFERENCE)[0]
    assert question.program is not None
    # The second document's name gives way to a stranger's.
    wrong = replace(
        question,
        question=question.question.replace("Grocery Trade after the Crisis", "Weather of Norway").replace(
            "1996", "1989"
        ),
    )
    assert failed(check_question(wrong, views)) is not None
