import pytest

from generators.mining.contradictions import contradicts
from generators.mining.guards import guard, guarded, holds_answer, near_duplicates
from generators.mining.reasons import MineReason
from schemas.geometry import Box
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
        (made.entry("passage-1", "Table 1 stands here", elements=("doc/p0000/table1",)), MineReason.NAMES_EVIDENCE),
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


def test_a_quote_with_another_number_is_no_evidence() -> None:
    quote = "In the spring of that year the gauge of Kiel gave 12 litres, more than anybody remembered."
    known = guarded(made.question("Who remembered more rain in spring?", "nobody", quote=quote), [])
    assert guard(made.entry("passage-1", quote, doc="other"), known) is MineReason.HOLDS_EVIDENCE
    assert guard(made.entry("passage-1", quote.replace("12", "13"), doc="other"), known) is None


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
        ("Rain fell in Kiel. In May it was read. Nobody knew why. Elsewhere 15 litres.", False),
    ],
)
def test_a_text_contradicts_with_another_number_for_the_same_thing(text: str, says_otherwise: bool) -> None:
    quote = "In May, 12 litres of rain fell in Kiel."
    known = guarded(made.question("How many litres of rain fell in Kiel in May?", "12 litres", quote=quote), [])
    assert contradicts(text, known) is says_otherwise


@pytest.mark.parametrize(
    ("text", "says_otherwise"),
    [
        ("Table 7: Rain, a second reading\nTown\tApril\tMay\nKiel\t14\t12\nJena\t7\t5", True),
        ("In April the gauge of Kiel gave 14.", True),
        ("Table 7: Rain, a second reading\nTown\tApril\tMay\nKiel\t9\t12\nJena\t7\t5", False),
        ("Table 7: Rain, a second reading\nTown\tApril\tMay\nBonn\t14\t12\nJena\t7\t5", False),
        ("Table 8: Rain\nTown\tJune\tJuly\nKiel\t14\t12\nJena\t7\t5", False),
    ],
)
def test_a_cell_contradicts_under_the_same_words_of_row_and_column(text: str, says_otherwise: bool) -> None:
    cells = (CellQuote(0, 1, "April"), CellQuote(1, 0, "Kiel"), CellQuote(1, 1, "9"))
    known = guarded(made.question("How much rain fell in Kiel in April?", "9", cells=cells), [])
    assert contradicts(text, known) is says_otherwise


def test_a_year_in_the_head_is_part_of_what_is_said() -> None:
    cells = (CellQuote(0, 1, "2011"), CellQuote(1, 0, "Kiel"), CellQuote(1, 1, "314"))
    known = guarded(made.question("How much rain fell in Kiel in 2011?", "314", cells=cells), [])
    assert contradicts("Town\t2010\t2011\nKiel\t290\t355", known)
    assert not contradicts("Town\t2009\t2010\nKiel\t290\t355", known)


def test_only_stated_numbers_can_be_contradicted_by_code() -> None:
    assert not contradicts("Jena had rain in May.", guarded(made.question("Which town had rain in May?", "Kiel"), []))
    computed = made.question(
        "How many litres of rain fell in Kiel in May?", "21", quote="12 and 9 litres fell in Kiel."
    )
    assert not contradicts("In May, 15 litres of rain fell in Kiel.", guarded(computed, []))


PLACES = "According to the table “Rain by town and month, in litres” in “Weather of the North”, "


@pytest.mark.parametrize(
    ("text", "answer", "candidate", "holds"),
    [
        # Where to look is not what is asked: the words of titles do not carry a text over the line.
        (PLACES + "what was it in Bonn?", "2007", "Rain by town and month in the North, in litres, since 2007.", False),
        (PLACES + "what was it in Bonn?", "2007", "It was in 2007 in Bonn.", True),
        # An answer among the question's own words proves nothing where it stands.
        ("Did more rain fall in Kiel or in Jena in May?", "Kiel", "Rain fell in Kiel and Jena in May.", False),
        ("Did more rain fall in Kiel than in Jena?", "Yes", "Yes, rain fell in Kiel and in Jena.", False),
        # A number far from what is asked about is another number.
        (
            "How many litres of rain fell in Kiel in May?",
            "12",
            "Litres of rain fell in Kiel. May came.\n\nThe end.\n\nIt took 12 people.",
            False,
        ),
        # A long answer is found by its words.
        (
            "Why was the gauge of Kiel moved?",
            "Because the old mole of the harbour had been destroyed by a storm in winter",
            "The gauge of Kiel was moved when the storm in winter had destroyed the old mole of the harbour.",
            True,
        ),
    ],
)
def test_an_answer_counts_beside_what_is_asked_about(text: str, answer: str, candidate: str, holds: bool) -> None:
    positive = made.entry("p0000/table1", TABLE, kind=CandidateKind.TABLE, elements=("doc/p0000/table1",))
    known = guarded(made.question(text, answer, cells=(CellQuote(1, 0, answer),)), [positive])
    assert holds_answer(candidate, known) is holds


def test_a_table_read_as_a_figure_shares_the_evidence() -> None:
    place = Box(10, 10, 110, 60)
    positive = made.entry("p0000/table1", TABLE, kind=CandidateKind.TABLE, bbox=place)
    known = guarded(made.question(), [positive])
    inside, beside = Box(12, 30, 60, 58), Box(10, 70, 110, 90)
    figure = made.entry("p0000/figure1", "Kiel", kind=CandidateKind.FIGURE, bbox=inside)
    assert guard(figure, known) is MineReason.SHARES_EVIDENCE
    assert guard(made.entry("p0000/figure2", "Kiel", kind=CandidateKind.FIGURE, bbox=beside), known) is None
    assert guard(made.entry("p0001/figure1", "Kiel", kind=CandidateKind.FIGURE, bbox=inside, page=1), known) is None


def test_table_text_laid_out_line_by_line_holds_the_evidence(known) -> None:
    text = "Rain by town and month, in litres\nTown\nApril\nMay\nKiel\n9\n12\nJena\n7\n5"
    figure = made.entry("p0000/figure1", text, kind=CandidateKind.FIGURE, doc="other")
    assert guard(figure, known) is MineReason.HOLDS_EVIDENCE


def test_a_small_number_in_a_row_of_another_table_is_chance(known) -> None:
    other = "Table 9: Snow by town\nTown\tApril\tMay\nKiel\t12\t3\nJena\t7\t5"
    assert guard(made.entry("p0003/table1", other, kind=CandidateKind.TABLE, doc="other"), known) is None


def test_a_page_that_holds_the_table_shares_the_evidence(known) -> None:
    page = made.entry("p0000", "All of it", kind=CandidateKind.PAGE, elements=("doc/p0000/p1", "doc/p0000/table1"))
    assert guard(page, known) is MineReason.SHARES_EVIDENCE
