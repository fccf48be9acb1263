from collections import Counter

import pytest

from pipelines.beam_options import APART
from pipelines.budgets import Budget, Estimate, Offer, Spent
from pipelines.rounds import Rounds, goals_of, outcome_name, outcomes_of
from schemas.cells import parse_cell
from schemas.kinds import AnswerKind, QuestionType
from schemas.recipe import GenerateSection, Recipe
from schemas.records import Provenance, Question

TABLE, TEXT = parse_cell("comparison/table/one"), parse_cell("factual_retrieval/text/one")


def ask(document, number, cell=TABLE):
    return Question(
        qa_id=f"{document}/qa-{number:012d}", question=f"What is {number}?", answer="1",
        answer_kind=AnswerKind.NUMBER, question_type=QuestionType(cell.question_type),
        answer_modality=cell.answer_modality, evidence=(), provenance=Provenance("none", "0"),
    )  # fmt: skip


def offer(doc_id, *cells):
    return Offer(doc_id, tuple(Estimate(str(cell), 1, 100, 50) for cell in cells))


def rounds(offers, budget=None, given=(), **keys):
    recipe = Recipe(generate=GenerateSection(engine="http://host/v1", **keys))
    return Rounds(recipe, budget or Budget(), offers, goals_of(recipe, offers or (), given))


def test_without_goals_and_budget_everything_is_asked_once():
    state = rounds(None)
    first = state.plan([], [])
    assert first.places is None
    assert not first.is_empty
    assert state.plan([], []).is_empty


def test_a_budget_without_goals_is_used_up_in_rounds():
    state = rounds([offer("a", *[TEXT] * 9)], Budget(tokens=400))
    assert state.plan([], []).places == {"a": [0, 1]}
    # It cost less than was reckoned with, so that there is room for more.
    state.spent = Spent(2, 100, 20)
    assert state.plan([], []).places == {"a": [2]}


def test_goals_ask_for_what_is_missing_and_more_where_little_stood():
    state = rounds([offer("a", *[TEXT] * 90)], cells={"factual_retrieval/text": 4}, over_generation=1.5)
    assert state.plan([], []).places == {"a": [0, 1, 2, 3, 4, 5]}
    state.outcomes += Counter({(TEXT, "stood"): 2, (TEXT, "refusal"): 4})
    second = state.plan([ask("a", number, TEXT) for number in range(2)], [])
    assert second.places == {"a": [6, 7, 8, 9, 10, 11]}
    assert state.plan([ask("a", number, TEXT) for number in range(4)], []).is_empty


def test_questions_of_table_programs_are_tried_before_drafts_are_asked_for():
    spare = [ask("a", number) for number in range(9)]
    state = rounds([offer("a", *[TABLE] * 9)], cells={"comparison/table": 4}, over_generation=1.5)
    first = state.plan([], spare)
    assert first.places == {}
    assert len(first.tries["a"]) == 6
    second = state.plan(spare[:3], spare)
    assert len(second.tries["a"]) == 2
    assert not set(first.tries["a"]) & set(second.tries["a"])


def test_rounds_come_to_an_end():
    state = rounds([offer("a", *[TEXT] * 90)], cells={"factual_retrieval/text": 4}, rounds=2)
    planned = [state.plan([], []).is_empty for _ in range(3)]
    assert planned == [False, False, True]


def test_a_number_of_questions_is_shared_out_over_the_cells_that_can_be_had():
    state = rounds([offer("a", TEXT, TEXT)], given=[ask("a", 1)], questions=5)
    assert {str(cell): number for cell, number in state.goals.items()} == {
        "comparison/table/one": 3,
        "factual_retrieval/text/one": 2,
    }


@pytest.mark.parametrize(
    ("offers", "budget", "why"),
    [
        ([offer("a", TABLE)], None, "there is nothing to ask for it"),
        ([offer("a", TEXT)], None, "all 1 inquiries were made; dropped: 1 refusal"),
        ([offer("a", *[TEXT] * 9)], None, "6 of 9 inquiries were made in 1 rounds; dropped: 1 refusal"),
        ([offer("a", *[TEXT] * 9)], Budget(requests=1), "the budget was spent after 1 of 9 inquiries; dropped: 1 re"),
    ],
)
def test_a_cell_that_falls_short_says_why(offers, budget, why):
    state = rounds(offers, budget, cells={"factual_retrieval/text": 4})
    state.plan([], [])
    if not why.startswith("there"):
        state.outcomes += Counter({(TEXT, "refusal"): 1})
    (report,) = state.report([ask("a", 1, TEXT)])
    assert (report.wanted, report.kept) == (4, 1)
    assert report.why.startswith(why)


def test_a_cell_that_is_full_says_nothing():
    state = rounds([offer("a", TEXT)], cells={"factual_retrieval/text": 1})
    assert [report.why for report in state.report([ask("a", 1, TEXT)])] == [""]


def test_outcomes_are_read_from_what_workers_count():
    counts = {f"{APART}{outcome_name(TEXT, 'stood')}": 3, "cell factual_retrieval: x": 9, "requests": 4}
    assert outcomes_of(counts) == {(TEXT, "stood"): 3}
