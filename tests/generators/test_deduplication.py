import random
from dataclasses import replace

import pytest

from generators.deduplication import deduplicate
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Provenance, Question


def ask(number, text, answer="Norway"):
    return Question(
        qa_id=f"3f9a04bb12cd77e0/qa-{number:012d}", question=text, answer=answer, answer_kind=AnswerKind.TEXT,
        question_type=QuestionType.FACTUAL_RETRIEVAL, answer_modality="text", evidence=(),
        provenance=Provenance("none", "0"),
    )  # fmt: skip


BASE = "Which country had the highest herring landings in 2021 according to Table 3 of the Yearbook?"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (BASE, True),
        (BASE.upper(), True),
        (BASE.replace("the highest", "highest"), True),
        ("Please: " + BASE[0].lower() + BASE[1:], True),
        (BASE.replace("2021", "2022"), False),
        (BASE.replace("Table 3", "Table 7"), False),
        (BASE.replace("highest", "lowest"), False),
        (BASE.replace("herring", "cod"), False),
        (BASE.replace("landings", "landings per enterprise"), False),
    ],
)
def test_words_decide_but_never_blind_to_digits(other, same):
    kept, rejects = deduplicate([ask(1, BASE), ask(2, other)])
    assert (len(kept), len(rejects)) == ((1, 1) if same else (2, 0))
    assert kept[0].qa_id.endswith("1")


def test_the_choice_does_not_depend_on_the_order():
    questions = [ask(number, BASE if number % 3 else BASE.replace("2021", str(1900 + number))) for number in range(12)]
    shuffled = random.Random(4).sample(questions, len(questions))
    assert {one.qa_id for one in deduplicate(questions)[0]} == {one.qa_id for one in deduplicate(shuffled)[0]}


def test_kept_questions_come_in_the_order_given_and_rejects_name_their_twin():
    questions = [ask(3, "What is cod?"), ask(2, BASE), ask(1, BASE)]
    kept, rejects = deduplicate(questions)
    assert kept == [questions[0], questions[2]]
    assert (rejects[0].subject, rejects[0].reason_code) == (questions[1].qa_id, "duplicate")
    assert questions[2].qa_id in rejects[0].message


def test_a_better_provided_twin_stays():
    twin = replace(ask(2, BASE), hops=2)
    assert deduplicate([ask(1, BASE), twin])[0] == [twin]
