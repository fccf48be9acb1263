import calendar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.stated_facts import expansion_of, is_stated, names_stated, numbers_stated, senses_stated


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sales in 2021-03", "sales in March 2021"),
        ("on 2021-03-31", "on 31 March 2021"),
        ("on March 31, 2021", "on 31.03.2021"),
        ("in Sept. 2020", "in September of 2020"),
        ("2 million people", "2,000,000 people"),
        ("the 3rd quarter", "the third quarter"),
        ("Q3 of FY2021", "the third quarter of fiscal year 2021"),
        ("the second-highest", "the 2nd highest"),
        ("12 months", "twelve months"),
        ("12.50 %", "12.5 per cent"),
        ("Table 3 of 2019", "the table of 2019"),
    ],
)
def test_the_same_number_said_in_two_ways(one: str, other: str) -> None:
    assert numbers_stated(one) == numbers_stated(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("in 2021", "in 2022"),
        ("12 %", "1.2 %"),
        ("2021-03", "2021-04"),
        ("March 2021", "2021"),
        ("type C35/45", "type C35/50"),
        ("1997–98", "1997"),
        ("the second", "the third"),
        ("2 million", "2 billion"),
        ("-5 °C", "5 °C"),
        ("ages 22-24", "ages 22-44"),
        ("Q3", "Q4"),
    ],
)
def test_numbers_that_differ(one: str, other: str) -> None:
    assert numbers_stated(one) != numbers_stated(other)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Rewe sell?", ["Rewe"]),
        ("Looking at Coop Valais, what is the figure?", ["Coop", "Valais"]),
        ("In “Highlights from PIRLS”, what is Koper’s share?", ["PIRLS", "Koper"]),
        ("“What is jQuery?” asks iOS.", ["jQuery", "iOS"]),
        ("Which rivers were read in March 2021?", []),
        ("Welche Stadt liegt an der Elbe?", ["Stadt", "Elbe"]),
        ("IBM and SAP", ["IBM", "SAP"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert names_stated(text) == names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Which has the highest sales?", "Which sold the most?", True),
        ("Which has the highest sales?", "Which has the lowest sales?", False),
        ("What is the value?", "What is the largest value?", False),
        ("How many did not answer?", "How many answered?", False),
        ("at least 5", "no fewer than five", True),
        ("at least 5", "at most 5", False),
        ("before the strike", "prior to the strike", True),
        ("before the strike", "after the strike", False),
        ("did it rise", "did it decline", False),
        ("all except Spain", "all including Spain", False),
        ("only imported cases", "imported cases", False),
        ("Why did it stop?", "What was the reason that it stopped?", True),
    ],
)
def test_words_that_turn_the_sense(one: str, other: str, same: bool) -> None:
    assert (senses_stated(one, "en") == senses_stated(other, "en")) is same


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Was wird nicht gezählt?", "Was wird gezählt?"),
        ("fr", "Qui n’est pas compté ?", "Qui est compté ?"),
        ("es-MX", "¿Quién no paga?", "¿Quién paga?"),
    ],
)
def test_negations_of_other_languages(language: str, one: str, other: str) -> None:
    assert senses_stated(one, language) != senses_stated(other, language)


def test_expansions_stand_on_either_side_of_a_bracket() -> None:
    texts = ["by the European Food Safety Authority (EFSA).", "a DOI (digital object identifier), an ABC (xyz)"]
    assert expansion_of("EFSA", texts) == ("european", "food", "safety", "authority")
    assert expansion_of("DOI", texts) == ("digital", "object", "identifier")
    assert expansion_of("ABC", texts) == expansion_of("NASA", texts) == expansion_of("A", texts) == ()


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Slovenia", "slovenian ports", True),
        ("Rewe", "rewe's sales", True),
        ("Rome", "romania", False),
        ("Alberta-CAN", "in alberta can", True),
        ("Coop", "cooperation", False),
    ],
)
def test_names_are_found_with_their_endings(name: str, text: str, found: bool) -> None:
    assert is_stated(name, text.split()) is found


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "de", "zz", ""]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    assert numbers_stated(text) == numbers_stated(text)
    assert all(name in text for name in names_stated(text))
    assert senses_stated(text, language) == senses_stated(text.upper(), language)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 28), st.integers(1900, 2099))
def test_dates_are_one_however_written(month: int, day: int, year: int) -> None:
    names = [calendar.month_name[number] for number in range(1, 13)]
    forms = [
        f"{year}-{month:02d}-{day:02d}",
        f"{day} {names[month - 1]} {year}",
        f"{names[month - 1]} {day}, {year}",
        f"{names[month - 1][:3]}. {day}, {year}",
        f"{day:02d}.{month:02d}.{year}",
    ]
    assert len({numbers_stated(f"as of {form}?") for form in forms}) == 1
