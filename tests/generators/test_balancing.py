import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from generators.balancing import balance, shortfalls
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
    kept, rejects = balance(MANY, total=8, per_document=None, seed=1)
    assert Counter(one.question_type for one in kept) == {"comparison": 4, "summarization": 4}
    assert len({one.qa_id[:16] for one in kept if one.question_type == "comparison"}) == 3
    assert len(kept) + len(rejects) == len(MANY)
    assert {reject.reason_code for reject in rejects} == {"over_quota"}


def test_short_cells_leave_their_share_to_others_and_are_reported():
    kept, _ = balance(MANY, total=20, per_document=None, seed=1)
    assert len(kept) == 20
    assert [(one.question_type, one.wanted, one.kept) for one in shortfalls(kept)] == [("summarization", 10, 5)]


def test_no_limits_keep_everything():
    assert len(balance(MANY, total=None, per_document=None, seed=0)[0]) == len(MANY)


@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 5))
def test_limits_hold_whatever_the_order(total, per_document, seed):
    kept, _ = balance(MANY, total=total, per_document=per_document, seed=seed)
    shuffled = random.Random(seed).sample(MANY, len(MANY))
    assert balance(shuffled, total=total, per_document=per_document, seed=seed)[0] == kept
    assert len(kept) <= total
    assert max(Counter(one.qa_id[:16] for one in kept).values(), default=0) <= per_document
