from collections import defaultdict

from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.mutations import mutate
from generators.program_joins import write_join_questions
from generators.program_mutations import PROGRAM_MUTATIONS
from generators.programs import write_table_questions
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, Operation, QuestionType, TextSource
from schemas.records import Cell, Document, Element, Link, Page, Question

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
YEARS = (("Year", "Production"), *((str(year), str(400 + 37 * (year % 5))) for year in (1990, 1992, 1993, 1995, 1996)))
DOC, OTHER = "a" * 16, "b" * 16


def view_of(doc_id: str, title: str, *, year: int) -> DocumentView:
    box, name = Box(0, 0, 90, 90), f"{doc_id}/p0000"
    page = Page(doc_id, 0, "1", 600, 800, 0, (), TextSource.TEXT_LAYER)
    elements = [Element(f"{name}/title1", doc_id, 0, 0, ElementKind.TITLE, box, title)]
    elements.append(
        Element(
            f"{name}/paragraph1",
            doc_id,
            0,
            9,
            ElementKind.PARAGRAPH,
            box,
            "The retail sales were low in Austria, Belgium, Cyprus and Malta; in 1991 and 1994 too.",
        )
    )
    links = []
    captions = (f"Retail sales and stores by country, printed {year}", f"Yearly production of timber, printed {year}")
    for at, (rows, caption) in enumerate(zip((ROWS, YEARS), captions, strict=True), start=1):
        turned = [
            [
                text
                if year == 1997 or not text[0].isdigit() or (rows is YEARS and not col)
                else text.translate(str.maketrans("12345", "24513"))
                for col, text in enumerate(texts)
            ]
            for texts in rows
        ]
        cells = tuple(Cell(row, col, text) for row, texts in enumerate(turned) for col, text in enumerate(texts))
        elements.append(Element(f"{name}/caption{at}", doc_id, 0, at * 2, ElementKind.CAPTION, box, caption))
        elements.append(Element(f"{name}/table{at}", doc_id, 0, at * 2 + 1, ElementKind.TABLE, box, "", cells=cells))
        links.append(Link(f"{name}/caption{at}", f"{name}/table{at}", LinkKind.CAPTION_OF))
    document = Document(doc_id, doc_id * 4, f"{doc_id}.pdf", 1, 1, "pymupdf", "1", title=title)
    return DocumentView(document, [page], elements, links)


def written(views: dict[str, DocumentView]) -> list[Question]:
    types, questions = list(QuestionType), []
    tables = [(view, view.of_kind(ElementKind.TABLE)[0]) for view in views.values()]
    for seed in range(6):
        questions += write_table_questions(views[DOC], seed=seed, per_table=30, question_types=types)[0]
        questions += write_join_questions(tables, seed=seed, question_types=types)[0]
    return questions


def test_every_program_mutation_applies_and_is_caught_and_nothing_good_is_lost() -> None:
    views = {
        DOC: view_of(DOC, "Retailing and Forestry in Europe", year=1997),
        OTHER: view_of(OTHER, "Second Look at the Common Market", year=1998),
    }
    made: dict[str, int] = defaultdict(int)
    for question in written(views):
        checked = check_question(question, views)
        assert failed(checked) is None, (failed(checked), question.question, question.answer)
        for name, _ in PROGRAM_MUTATIONS:
            changed = mutate(question, views[question.evidence[0].doc_id], name=name, seed=1)
            if changed is not None:
                made[name] += 1
                assert failed(check_question(changed, views)), (name, changed.question, changed.answer)
    assert set(made) == {name for name, _ in PROGRAM_MUTATIONS}


def test_a_title_that_another_goes_on_from_leads_to_its_document_in_marks() -> None:
    title = "Retailing and Forestry in Europe"
    views = {DOC: view_of(DOC, title, year=1997), OTHER: view_of(OTHER, f"{title}: Update by the Panel", year=1997)}
    joined = [one for one in written(views) if len({evidence.doc_id for evidence in one.evidence}) == 2]
    computed = [one for one in joined if one.program and one.program.operation is not Operation.COMPARE]
    assert computed
    for question in computed:
        assert failed(check_question(question, views)) is None, question.question
