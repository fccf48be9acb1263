import pytest

from generators.mining.contradictions import contradicts
from generators.mining.guards import guard, guarded, near_duplicates
from generators.mining.reasons import MineReason
from schemas.kinds import CandidateKind
from schemas.records import CellQuote
from tests.generators.mining import pool_entries as made

TABLE = "Table 1: Rain by town and month, in litres\nTown\tApril\tMay\nKiel\t9\t12\nJena\t7\t5"
CELLS = (CellQuote(0, 2, "May"), CellQuote(1, 0, "Kiel"), CellQuote(1, 2, "12"))


@pytest.fixture
def known():
    positive = made.entry(
        "p0000/table1",
        TABLE,
        kind=CandidateKind.TABLE,
        elements=("doc/p0000/table1", "doc/p0000/caption1"),
        tied=("doc/p0001/table1",),
        family="fam",
    )
    return guarded(made.question(cells=CELLS), [positive])


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (made.entry("passage-1", "Table 1 stands here", elements=("doc/p0000/table1",)), MineReason.SHARES_EVIDENCE),
        (made.entry("p0001/table1", "Kiel\t3", kind=CandidateKind.TABLE), MineReason.SHARES_EVIDENCE),
        (
            made.entry("p0002/table1", "Bonn\t3", kind=CandidateKind.TABLE, tied=("doc/p0001/table1",)),
            MineReason.CONTINUES_EVIDENCE,
        ),
        (made.entry("p0004/table1", "Other words", doc="reprint", family="fam"), MineReason.SAME_FAMILY),
        (made.entry("p0004/table1", TABLE, doc="other"), MineReason.NEAR_DUPLICATE),
        (
            made.entry("passage-2", "In Kiel, as in each year, the gauge was read: May gave 12 of them.", doc="other"),
            MineReason.HOLDS_EVIDENCE,
        ),
        (
            made.entry("passage-3", "How much rain fell in Kiel? All in all, 12 litres of rain.", doc="other"),
            MineReason.HOLDS_ANSWER,
        ),
        (made.entry("passage-4", " "), MineReason.EMPTY),
        (made.entry("p0009/figure1", "", kind=CandidateKind.FIGURE, image_id="x"), None),
        (made.entry("passage-5", "How much rain fell in Kiel in May? 13 litres of it.", doc="other"), None),
        (made.entry("passage-6", "Twelve towns have a gauge; 12 of them are old.", doc="other"), None),
        (made.entry("p0007/table1", TABLE.replace("12", "21"), kind=CandidateKind.TABLE, doc="other"), None),
        (made.entry("passage-7", "The weather service was founded in 1952."), None),
    ],
    ids=lambda value: value.item.candidate_id if hasattr(value, "item") else value,
)
def test_what_may_answer_leaves_with_its_reason(candidate, reason: MineReason | None, known) -> None:
    assert guard(candidate, known) is reason


def test_a_quote_repeated_elsewhere_is_found_though_not_word_for_word() -> None:
    quote = "The gauge of Kiel was moved to the harbour in the spring of that year."
    known = guarded(made.question("Where was it moved?", "to the harbour", quote=quote), [])
    again = "As said before, the gauge of Kiel was moved to the harbor in the spring of that year, by sea."
    assert guard(made.entry("passage-1", again, doc="other"), known) is MineReason.HOLDS_EVIDENCE
    assert guard(made.entry("passage-1", "The gauge of Jena was sold in autumn.", doc="other"), known) is None


def test_other_numbers_make_no_duplicate() -> None:
    assert near_duplicates("Rain in 2021 was 12 litres.", "Rain in 2021 was 12 litres")
    assert not near_duplicates("Rain in 2021 was 12 litres.", "Rain in 2022 was 12 litres.")
    assert not near_duplicates("", "")


@pytest.mark.parametrize(
    ("text", "says_otherwise"),
    [
        ("In May, 15 litres of rain fell in Kiel.", True),
        ("In May, 12 litres of rain fell in Kiel.", False),
        ("In May, 15 litres of rain fell in Kiel, not 12 litres.", False),
        ("In May, rain fell in Kiel.", False),
        ("In May 2019, rain fell in Kiel by the litre.", False),
        ("The harbour has 15 cranes.", False),
    ],
)
def test_a_text_contradicts_with_another_number_for_the_same_thing(text: str, says_otherwise: bool) -> None:
    known = guarded(made.question("How many litres of rain fell in Kiel in May?", "12 litres"), [])
    assert contradicts(text, known) is says_otherwise


def test_only_numbers_can_be_contradicted_by_code() -> None:
    assert not contradicts("Jena had rain in May.", guarded(made.question("Which town had rain in May?", "Kiel"), []))
