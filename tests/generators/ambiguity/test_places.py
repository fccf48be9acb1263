"""Where else a question is answered: the same, otherwise, or only seemingly."""

import pytest

from generators.ambiguity.settling import settle_places
from schemas.kinds import EvidenceRole, Operation, QuestionType
from schemas.records import Operand, Program, Question, Reject, Revision
from tests.generators.ambiguity.rival_material import RAIN, Rows, asked, document, elsewhere

CAPTION = "Table 1: Rain and wind in the towns of the north in 2019"
RAIN_IN_KIEL = ((0, 1), (1, 0), (1, 1))
ASKED = "According to the table on rain and wind in the towns of the north in 2019, how much rain fell in Kiel?"
HOUSES = "The national housing survey of Rovia covered 4,812 rented houses in 2019, a third of them in Kiel."
SURVEYED = "How many rented houses did the national housing survey of Rovia cover in 2019?"


def turned(rows: Rows) -> Rows:
    """Return a table with its columns and its body in another order."""
    return tuple((row[0], *reversed(row[1:])) for row in (rows[0], *reversed(rows[1:])))


def with_rain(millimetres: str) -> Rows:
    return (RAIN[0], ("Kiel", millimetres, "7.1"), RAIN[2])


TABLES = [
    ("the same in another order", (CAPTION, turned(RAIN)), ["712 agrees"]),
    ("rounded otherwise", (CAPTION, with_rain("712.0")), ["712.0 agrees"]),
    ("another value", (CAPTION, with_rain("655")), ["655 differs"]),
    ("another year", (CAPTION.replace("2019", "2018"), with_rain("655")), []),
    ("another region", (CAPTION.replace("north", "south"), with_rain("655")), []),
    ("another region, same value", (CAPTION.replace("north", "south"), RAIN), []),
    ("the town is named twice", (CAPTION, (*RAIN, ("Kiel", "655", "1.0"))), []),
    ("no such town", (CAPTION, (RAIN[0], RAIN[2])), []),
    ("no value", (CAPTION, with_rain("–")), []),
    ("another column", (CAPTION, (("Town", "Snow in mm", "Wind"), *RAIN[1:])), []),
]


@pytest.mark.parametrize(("table", "expected"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_a_cell_in_another_table(table: tuple[str, Rows], expected: list[str]) -> None:
    own = document("a", (CAPTION, RAIN))
    _, places = elsewhere(asked(own, ASKED, "712 mm", RAIN_IN_KIEL), own, document("b", table))
    assert [f"{place.says} {'agrees' if place.agrees else 'differs'}" for place in places] == expected
    for place in places:
        assert (0, place.evidence.cells[0].col) == (place.evidence.cells[0].row, place.evidence.cells[-1].col)


def test_a_question_that_names_its_document_means_no_other() -> None:
    own = document("a", (CAPTION, RAIN), title="Rainfall Almanac of Rovia")
    text = f"In “Rainfall Almanac of Rovia”: {ASKED}"
    other = document("b", (CAPTION, with_rain("655")), title="Weather of Borduria")
    assert elsewhere(asked(own, text, "712 mm", RAIN_IN_KIEL), own, other)[1] == []
    version = document("c", (CAPTION, RAIN), title="Rainfall Almanac of Rovia", family=own.document.family_id)
    (place,) = elsewhere(asked(own, text, "712 mm", RAIN_IN_KIEL), own, other, version)[1]
    assert (place.evidence.doc_id, place.agrees) == (version.document.doc_id, True)


def test_a_highest_value_depends_on_all_rows() -> None:
    own, more = document("a", (CAPTION, RAIN)), (*RAIN, ("Bonn", "999", "1.0"))
    operands = tuple(Operand(0, row, col, role, row) for row in (1, 2) for col, role in ((1, "value"), (0, "label")))
    text = ASKED.replace("how much rain fell in Kiel", "which town had the most rain in mm")
    question = asked(
        own, text, "Kiel", (*RAIN_IN_KIEL, (2, 0), (2, 1)), question_type=QuestionType.COMPARISON,
        program=Program(Operation.MAXIMUM, operands, "Kiel"),
    )  # fmt: skip
    assert elsewhere(question, own, document("b", (CAPTION, more)))[1] == []
    assert [place.agrees for place in elsewhere(question, own, document("c", (CAPTION, turned(RAIN))))[1]] == [True]


TEXTS = [
    ("word for word", f"As is known by now: {HOUSES}", True),
    ("in other words", "In 2019 4,812 rented houses took part in the national housing survey of Rovia.", True),
    ("another number", "In 2019 the national housing survey of Rovia covered 5,377 rented houses.", False),
    ("another year", "In 2018 the national housing survey of Rovia covered 5,377 rented houses.", None),
    ("another land", "In 2019 the national housing survey of Borduria covered 5,377 rented houses.", None),
    ("a part of it", "In 2019 the national housing survey covered 5,377 houses.", None),
    ("both numbers", "In 2019 the national housing survey of Rovia covered 4,812 rented houses, not 5,377.", True),
    ("two numbers", "In 2019 the national housing survey of Rovia covered 1,200 rented houses and 801 huts.", None),
    ("the number alone", "In 2019 there were 4,812 storks.", None),
]


@pytest.mark.parametrize(("text", "agrees"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_a_sentence_in_another_document(text: str, agrees: bool | None) -> None:
    own = document("a", HOUSES)
    question = asked(own, SURVEYED, "4,812 rented houses", HOUSES)
    _, places = elsewhere(question, own, document("b", f"Nothing of it is new. {text} Much else was said."))
    assert [place.agrees for place in places] == ([] if agrees is None else [agrees])
    for place in places:
        quote = place.evidence.quote
        assert quote is not None
        assert quote in text or quote == HOUSES


@pytest.mark.parametrize(
    ("rows", "reason"),
    [((*RAIN, ("Bonn", "655", "1.0")), "yet_answered"), (RAIN, None)],
)
def test_what_one_table_lacks_another_may_hold(rows: Rows, reason: str | None) -> None:
    own = document("a", (CAPTION, RAIN))
    text = ASKED.replace("Kiel", "Bonn")
    question = asked(
        own, text, "The table does not say.", RAIN_IN_KIEL, question_type=QuestionType.UNANSWERABLE,
        program=Program(Operation.ABSENT, (), "absent", "Bonn"),
    )  # fmt: skip
    _, places = elsewhere(question, own, document("b", (CAPTION, rows)))
    settled = settle_places(question, places)
    assert (settled.reason_code if isinstance(settled, Reject) else None) == reason


def test_other_places_become_evidence_once() -> None:
    own, other = document("a", HOUSES), document("b", HOUSES)
    question = asked(own, SURVEYED, "4,812 rented houses", HOUSES)
    _, places = elsewhere(question, own, other)
    settled = settle_places(question, places)
    assert isinstance(settled, Question)
    assert [unit.role for unit in settled.evidence] == [EvidenceRole.ANSWER, EvidenceRole.ALTERNATIVE]
    assert settled.evidence[1].quote == HOUSES
    assert (settled.checks[-1].name, settled.checks[-1].score) == ("ambiguity", 1.0)
    assert settle_places(settled, places) == settled


@pytest.mark.parametrize(
    ("text", "other", "agrees"),
    [
        ("How much precipitation was there in Kiel?", CAPTION.replace("north", "south"), None),
        ("How much precipitation was there in Kiel?", CAPTION, False),
    ],
)
def test_what_an_earlier_wording_named_is_still_meant(text: str, other: str, agrees: bool | None) -> None:
    own = document("a", (CAPTION, RAIN))
    question = asked(own, text, "712 mm", RAIN_IN_KIEL, history=(Revision("draft", "none", ASKED, "712 mm"),))
    _, places = elsewhere(question, own, document("b", (other, with_rain("655"))))
    assert [place.agrees for place in places] == ([] if agrees is None else [agrees])


def test_too_few_words_accuse_no_other_place() -> None:
    own = document("a", (CAPTION, RAIN))
    question = asked(own, "How much in Kiel?", "712 mm", RAIN_IN_KIEL)
    assert elsewhere(question, own, document("b", (CAPTION, with_rain("655"))))[1] == []


def test_another_answer_is_ambiguous() -> None:
    own = document("a", HOUSES)
    question = asked(own, SURVEYED, "4,812 rented houses", HOUSES)
    _, places = elsewhere(question, own, document("b", HOUSES.replace("4,812", "5,377")))
    settled = settle_places(question, places)
    assert isinstance(settled, Reject)
    assert settled.reason_code == "ambiguous"
    assert "5,377" in settled.message
