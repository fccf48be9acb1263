import pytest

from generators.measures import read_measure
from generators.table_units import column_name, combined, shared_unit, unit_in_caption, unit_said


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["$375.9", "390.2", "407.0"], "$"),
        (["100%", "7", "95"], "%"),
        (["27.9%", "52.2%"], "%"),
        (["$52,500", "0.0646", "0.2"], None),
        (["5", "7%"], None),
        (["5 km", "7 km"], None),
        (["$5"], None),
    ],
)
def test_a_sign_on_the_first_number_holds_for_numbers_of_its_kind(texts: list[str], unit: str | None) -> None:
    assert shared_unit(texts) == unit


@pytest.mark.parametrize(
    ("caption", "unit", "names"),
    [
        ("Times (Elapsed, User and Sys) are in seconds.", "seconds", {"elapsed", "user", "sys"}),
        ("Results (Smith) are in line with others", None, set()),
        ("Results by country", None, set()),
    ],
)
def test_a_caption_gives_named_columns_their_unit(caption: str, unit: str | None, names: set[str]) -> None:
    stated, found = unit_in_caption(caption)
    assert (stated.unit, set(found)) == (unit, names)


def test_headers_above_each_other_give_unit_and_scale_together() -> None:
    found = combined([read_measure("Current dollars"), read_measure("Total (in billions)")])
    assert found is not None
    assert (found.unit, found.scale_word) == ("dollars", "billion")
    assert combined([]) is None


def test_a_header_of_a_sign_alone_is_a_percentage() -> None:
    assert column_name(read_measure("%")) == "percentage"
    assert column_name(read_measure("Share (%)")) == "Share"


@pytest.mark.parametrize(
    ("caption", "unit", "scale"),
    [
        ("Table 2: Temps. Lowest temperatures in Fahrenheit recorded for cities.", "°F", None),
        ("Table 3. Retail sales in millions of dollars, by state", "dollars", "million"),
        ("Execution time in seconds for four methods", "seconds", None),
        ("Table 1: Results on a desktop. Times (Elapsed, User and Sys) are in seconds.", None, None),
        ("Times and sizes in seconds", None, None),
        ("Births in minutes of fame", None, None),
    ],
)
def test_a_caption_says_the_unit_of_one_thing_in_running_words(
    caption: str, unit: str | None, scale: str | None
) -> None:
    measure = unit_said(caption)
    assert (measure.unit, measure.scale_word) == (unit, scale)
