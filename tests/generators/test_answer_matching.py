"""Answers that say the same in other words, and answers that look alike and do not."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.answer_matching import Agreement, match_answers, normalised, token_f1
from schemas.kinds import AnswerKind

SAME = [
    ("The answer is 12.", "12"),
    ("**Answer:** 12 %", "12%"),
    ("12.34", "12.3"),
    ("0.123", "12.3 %"),
    ("1.0", "100 %"),
    ("12.3 percent", "0.123"),
    ("1,234,000", "1.234 million"),
    ("$5 million", "5,000,000 dollars"),
    ("5,000 m", "5 km"),
    ("90 minutes", "1.5 h"),
    ("3 %", "3 percentage points"),
    ("46,127", "46,127 thousand"),
    ("There were three countries.", "3"),
    ("20.5 + 20.5 = 41", "41"),
    ("3 March 2019", "2019-03-03"),
    ("March 3rd, 2019", "3.3.2019"),
    ("on 3 March 2019", "March 2019"),
    ("Yes, because the value rose.", "yes"),
    ("True", "Yes"),
    ("the Bank of England", "Bank of England"),
    ("WHO", "World Health Organization"),
    ("World Health Organization (WHO)", "WHO"),
    ("J. Smith", "John Smith"),
    ("It is gradient based.", "gradient based"),
    ("Liechtenstien", "Liechtenstein"),
    ("European Central Bank", "the European Central Bank in Frankfurt"),
    ("北京", "北京。"),
    ("2007/08", "2007–08"),
    (
        "It was developed by Lusardi and Mitchell (2006) for the Health and Retirement Study in 2004, as a part "
        "of a larger module on planning that has been repeated since.",
        "Lusardi and Mitchell for the Health and Retirement Study",
    ),
    ("UNANSWERABLE", "The document does not say."),
]
DIFFERENT = [
    ("13", "12"),
    ("12", "12.3"),
    ("1,200", "1,234"),
    ("12 %", "12 km"),
    ("5 kg", "5 km"),
    ("2006", "2007"),
    ("1", "100%"),
    ("0.12", "12"),
    ("-5", "5"),
    ("4 March 2019", "3 March 2019"),
    ("2019", "3 March 2019"),
    ("no", "yes"),
    ("Kiel", "Bonn"),
    ("2007-09", "2007–08"),
    ("Table A2", "Table A3"),
    ("UNANSWERABLE", "12"),
    ("", "12"),
    ("I do not know.", "Bonn"),
]
UNSURE = [
    ("It did not increase.", "it increased"),
    ("maybe", "yes"),
    ("the rate of growth declined in the north", "the rate of growth rose in the north"),
]


@pytest.mark.parametrize(("said", "wanted"), SAME)
def test_the_same_in_other_words(said: str, wanted: str) -> None:
    found = match_answers(said, wanted)
    assert found.agrees
    assert 0.5 < found.score <= 1


@pytest.mark.parametrize(("said", "wanted"), DIFFERENT)
def test_alike_and_not_the_same(said: str, wanted: str) -> None:
    assert match_answers(said, wanted).agreement is Agreement.DIFFERENT


@pytest.mark.parametrize(("said", "wanted"), UNSURE)
def test_words_that_cannot_tell(said: str, wanted: str) -> None:
    assert match_answers(said, wanted).agreement is Agreement.UNSURE


@pytest.mark.parametrize(
    ("said", "wanted", "agrees", "score"),
    [
        ("Bonn, Kiel, and Ulm", "Kiel; Ulm; Bonn", True, 1.0),
        ("- Bonn\n- Kiel\n- Ulm", "Kiel, Ulm and Bonn", True, 1.0),
        ("Bonn and Kiel", "Kiel, Ulm and Bonn", False, 0.8),
        ("Bonn, Kiel, Ulm, Jena", "Kiel, Ulm and Bonn", False, 0.857),
        ("3.0, 4.0", "4, 3", True, 1.0),
    ],
)
def test_lists_in_any_order(said: str, wanted: str, agrees: bool, score: float) -> None:
    found = match_answers(said, wanted, kind=AnswerKind.LIST)
    assert (found.agrees, found.score) == (agrees, score)


@pytest.mark.parametrize(
    ("said", "wanted", "question", "agreement"),
    [
        ("In 2019 it was 12", "12", "What was it in 2019?", Agreement.SAME),
        ("12 in 2019", "2019", "When was it 12?", Agreement.SAME),
        ("-41", "41", "By how much did it differ?", Agreement.SAME),
        ("Finland is lower than Poland", "Finland", "Which is lower, Poland or Finland?", Agreement.SAME),
        ("Poland is lower than Finland", "Finland", "Which is lower, Poland or Finland?", Agreement.UNSURE),
        ("It was Finland", "Finland", "Which country is it?", Agreement.SAME),
    ],
)
def test_what_the_question_gives_proves_nothing(said: str, wanted: str, question: str, agreement: Agreement) -> None:
    assert match_answers(said, wanted, question=question).agreement is agreement


def test_summaries_are_compared_by_what_they_speak_of() -> None:
    wanted = "Survey answers were weighted by region and age, and missing incomes were imputed from earlier waves."
    near = "The authors weighted the survey answers by age and region and imputed missing incomes from earlier waves."
    far = "Rivers carried sand into the delta, where fishers built houses on long poles above tidal flats."
    part = "Missing incomes were imputed, while the remaining columns were dropped before any model was fitted."
    assert match_answers(near, wanted).agrees
    assert match_answers(far, wanted).agreement is Agreement.DIFFERENT
    assert match_answers(part, wanted).agreement is Agreement.UNSURE


NUMBERS = st.decimals(min_value=-(10**7), max_value=10**7, places=2)
WORDS = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=9), min_size=2, max_size=6, unique=True)


@settings(max_examples=60)
@given(NUMBERS)
def test_a_number_is_itself_in_any_dress(number: object) -> None:
    assert match_answers(f"The answer is {number:,}.", str(number)).agrees


@settings(max_examples=60)
@given(NUMBERS, NUMBERS)
def test_numbers_apart_differ(one: object, other: object) -> None:
    agrees = match_answers(str(one), str(other)).agrees
    assert agrees == (one == other) or abs(one) in (abs(other), abs(other) * 100, abs(other) / 100)


@settings(max_examples=60)
@given(WORDS, st.randoms(use_true_random=False))
def test_a_list_is_itself_in_any_order(items: list[str], chance: object) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert match_answers("; ".join(shuffled), "; ".join(items), kind=AnswerKind.LIST).score == 1


@settings(max_examples=60)
@given(WORDS, WORDS)
def test_shared_words_count_alike_from_both_sides(one: list[str], other: list[str]) -> None:
    assert token_f1(one, other) == token_f1(other, one)
    assert (token_f1(one, other) == 1) == (sorted(one) == sorted(other))


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([None, *AnswerKind]))
def test_any_text_is_compared(one: str, other: str, kind: AnswerKind | None) -> None:
    found = match_answers(one, other, kind=kind)
    assert 0 <= found.score <= 1
    assert match_answers(one, one, kind=kind).agrees
    assert normalised(one) == normalised(one.upper()) or not one.isascii()


@pytest.mark.parametrize("text", ["\n" * 20_000, "- \n" * 5_000, "the answer is: " * 2_000, "( " * 5_000, "1 " * 5_000])
def test_rambling_is_read_at_once(text: str) -> None:
    started = time.process_time()
    match_answers(text, "Kiel, Ulm and Bonn", kind=AnswerKind.LIST)
    match_answers(text, "12 %", question=text[:200])
    assert time.process_time() - started < 5
