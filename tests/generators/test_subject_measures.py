import pytest

from generators.subject_measures import subject_measure
from generators.subjects import Voice
from generators.wording import is_superlative


@pytest.mark.parametrize(
    ("subject", "measure"),
    [
        ("Lowest temperatures in Fahrenheit recorded in various months for cities in the US", "lowest temperature"),
        ("Employment rates (15 to 64 years) in Finland, EU-15 and EU-25 by gender", "employment rate"),
        ("Mortality rates per 100,000 from male suicides", "mortality rate per 100,000"),
        ("Number of persons employed by sector of the economy", "number of persons employed"),
        ("Actual and projected numbers for public school graduates, by state", "number of public school graduates"),
        ("Retail sales by country, 1996", "retail sales"),
        ("Prevalence of disability for selected age groups", "prevalence of disability"),
        ("Number of deaths and death rates for stroke", None),
        ("Estimated rate ratios (RR) and associated confidence intervals", None),
        ("Distribution of cases by country", None),
        ("Summary of results", None),
        ("Comparison of temperatures in cities", None),
        ("Possible values of an argument", None),
    ],
)
def test_a_caption_says_what_its_numbers_are_or_nothing(subject: str, measure: str | None) -> None:
    assert subject_measure(subject, Voice(["the retail trade in lowest places of employment"])) == measure


def test_a_column_of_percentages_is_no_count_of_things() -> None:
    assert subject_measure("Number of persons employed by sector", Voice(()), percent=True) is None
    assert subject_measure("Employment rates in Finland", Voice(()), percent=True) == "employment rate"


def test_of_an_extreme_no_highest_is_asked() -> None:
    assert is_superlative("lowest temperature")
    assert not is_superlative("temperature")


def test_things_that_are_counted_and_ratios_behind_numbers_are_measures() -> None:
    assert subject_measure("Arrests by race, 2009", Voice(())) == "number of arrests"
    assert subject_measure("Arrests by race, 2009", Voice(()), percent=True) is None
    said = "Actual and projected numbers for the pupil/teacher ratios in elementary schools, by control"
    assert subject_measure(said, Voice(())) == "pupil/teacher ratio"
