import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cells import Cell, cell_of, parse_cell
from schemas.errors import RecipeError
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType
from schemas.recipe_file import parse_recipe
from schemas.records import Evidence, Provenance, Question

MODALITIES = [None, "text", "table", "figure", "text+table", "text+figure", "table+figure", "text+table+figure"]
CELLS = st.builds(
    Cell, st.sampled_from(QuestionType), st.sampled_from(MODALITIES), st.sampled_from([None, False, True])
)


@given(CELLS)
def test_a_cell_reads_back_as_it_was_written(cell):
    assert parse_cell(str(cell)) == cell


@given(CELLS, CELLS)
def test_a_cell_with_more_left_open_covers_at_least_as_much(cell, other):
    opened = Cell(cell.question_type)
    assert opened.covers(cell)
    assert not cell.covers(other) or opened.covers(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("summary", "no question type"),
        ("comparison/tabel", "'tabel' is no modality"),
        ("comparison/text+text", "is no modality"),
        ("comparison/text/many", "one or several"),
        ("comparison/text/one/more", "one or several"),
    ],
)
def test_what_is_no_cell_is_told(text, words):
    with pytest.raises(ValueError, match=words):
        parse_cell(text)


def test_a_recipe_tells_the_line_of_a_wrong_cell():
    text = "generate:\n  cells:\n    comparison/table: 5\n    comparison/tabel: 5\n    unanswerable: -1\n"
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, name="r.yaml")
    first, second = str(caught.value).splitlines()
    assert first.startswith("r.yaml:4: generate.cells.comparison/tabel: 'tabel' is no modality")
    assert second == "r.yaml:5: generate.cells.unanswerable is -1, expected a whole number of at least 0"


def test_goals_are_the_cells_of_the_recipe():
    recipe = parse_recipe("generate: {cells: {comparison//several: 3}}")
    assert recipe.generate.goals == {Cell(QuestionType.COMPARISON, None, True): 3}


def evidence(doc, role=EvidenceRole.ANSWER):
    return Evidence(f"{doc}/p0000/table1", doc, 0, "1", Box(0, 0, 1, 1), Modality.TABLE, role)


@pytest.mark.parametrize(
    ("units", "several"),
    [
        ([evidence("a"), evidence("b")], True),
        ([evidence("a"), evidence("b", EvidenceRole.CONTEXT)], False),
        # What cannot be answered has context alone.
        ([evidence("a", EvidenceRole.CONTEXT), evidence("b", EvidenceRole.CONTEXT)], True),
        ([], False),
    ],
)
def test_the_cell_of_a_question_counts_the_documents_that_carry_its_answer(units, several):
    question = Question(
        "a/qa-1", "How many?", "1", AnswerKind.NUMBER, QuestionType.COMPARISON, "table", tuple(units),
        Provenance("none", "0"),
    )  # fmt: skip
    assert cell_of(question) == Cell(QuestionType.COMPARISON, "table", several)
