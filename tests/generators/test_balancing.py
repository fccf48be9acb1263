import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from generators.balancing import Fill, Wanted, balance, even_goals
from schemas.cells import Cell, cell_of, parse_cell
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Provenance, Question


def ask(document, number, kind="comparison", modality="table"):
    return Question(
        qa_id=f"{document:016x}/qa-{number:012d}", question=f"What is {number}?", answer="1",
        answer_kind=AnswerKind.NUMBER, question_type=QuestionType(kind), answer_modality=modality, evidence=(),
        provenance=Provenance("none", "0"),
    )  # fmt: skip


MANY = [ask(number % 3, number) for number in range(30)] + [
    ask(1, number, "summarization", "text") for number in range(100, 105)
]


def test_cells_and_documents_take_turns():
    kept, rejects = balance(MANY, Wanted(total=8), seed=1)
    assert Counter(one.question_type for one in kept) == {"comparison": 4, "summarization": 4}
    assert len({one.qa_id[:16] for one in kept if one.question_type == "comparison"}) == 3
    assert len(kept) + len(rejects) == len(MANY)
    assert {reject.reason_code for reject in rejects} == {"over_quota"}


def test_short_cells_leave_their_share_to_others():
    kept, _ = balance(MANY, Wanted(total=20), seed=1)
    assert len(kept) == 20
    assert Counter(one.question_type for one in kept) == {"comparison": 15, "summarization": 5}


def test_goals_are_kept_to_and_everything_else_goes():
    goals = {parse_cell("comparison/table"): 4, parse_cell("summarization"): 9}
    kept, rejects = balance(MANY, Wanted(goals=goals), seed=1)
    assert Counter(one.question_type for one in kept) == {"comparison": 4, "summarization": 5}
    assert {reject.message for reject in rejects} == {"enough questions of comparison/table/one"}


def test_the_narrowest_goal_is_filled_first():
    goals = {parse_cell("comparison"): 1, parse_cell("comparison/table"): 1}
    fill = Fill(goals)
    given = Cell(QuestionType.COMPARISON, "table", False)
    assert [fill.add(given) for _ in range(3)] == [True, True, False]
    assert not fill.missing()
    other = Fill(goals)
    assert other.add(Cell(QuestionType.COMPARISON, "text", False))
    assert other.missing() == {parse_cell("comparison/table"): 1}


def test_even_goals_sum_up():
    goals = even_goals(map(cell_of, MANY), 7)
    assert sorted(goals.values()) == [3, 4]
    assert even_goals([], 7) == {}


def test_no_limits_keep_everything():
    assert len(balance(MANY, Wanted(), seed=0)[0]) == len(MANY)


@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 5))
def test_limits_hold_whatever_the_order(total, per_document, seed):
    wanted = Wanted(total, per_document)
    kept, _ = balance(MANY, wanted, seed=seed)
    shuffled = random.Random(seed).sample(MANY, len(MANY))
    assert balance(shuffled, wanted, seed=seed)[0] == kept
    assert len(kept) <= total
    assert max(Counter(one.qa_id[:16] for one in kept).values(), default=0) <= per_document
