from decimal import Decimal

import pytest

from generators.measures import Measure, print_number, read_measure, state, state_quantity
from generators.quantities import parse_quantity


@pytest.mark.parametrize(
    ("header", "name", "unit", "word"),
    [
        ("Retail sales (bn ecus)", "Retail sales", "ecus", "billion"),
        ("Number of outlets (000)", "Number of outlets", None, "thousand"),
        ("World food sales ($US bn)", "World food sales", "US$", "billion"),
        ("Total (in billions)", "Total", None, "billion"),
        ("Enrollment, in thousands", "Enrollment", None, "thousand"),
        ("Sales in million euros", "Sales", "euros", "million"),
        ("in USD million", "", "USD", "million"),
        ("€ 000", "", "€", "thousand"),
        ("Domestic(%)", "Domestic", "%", None),
        ("(%)", "", "%", None),
        ("% points", "", "percentage points", None),
        ("% of national turnover", "% of national turnover", "%", None),
        ("Time [ms]", "Time", "ms", None),
        ("Runtime (s)", "Runtime", "s", None),
        ("to air kg/year", "to air", "kg/year", None),
        ("Criterion (pg/L)", "Criterion", "pg/L", None),
        ("Author(s)", "Author(s)", None, None),
        ("Students (M)", "Students (M)", None, None),
        ("Total (n)", "Total (n)", None, None),
        ("Rate (95% CI)", "Rate (95% CI)", None, None),
    ],
)
def test_unit_and_scale_are_read_from_a_header(header: str, name: str, unit: str | None, word: str | None) -> None:
    measure = read_measure(header)
    assert (measure.name, measure.unit, measure.scale_word) == (name, unit, word)


@pytest.mark.parametrize(
    ("number", "measure", "stated"),
    [
        ("12.3", Measure("", "€", Decimal(10**6), "million"), "€12.3 million"),
        ("-4", Measure("", "$"), "-$4"),
        ("4.5", Measure("", "%"), "4.5%"),
        ("38.2", Measure("", "ecus", Decimal(10**9), "billion"), "38.2 billion ecus"),
        ("7", Measure(""), "7"),
        ("1", Measure("", "percentage points"), "1 percentage point"),
        ("-1", Measure("", "percentage points"), "-1 percentage point"),
        ("1.0", Measure("", "percentage points"), "1.0 percentage points"),
    ],
)
def test_numbers_carry_their_unit_and_scale(number: str, measure: Measure, stated: str) -> None:
    assert state(number, measure) == stated


def test_a_unit_in_the_cell_is_not_stated_twice() -> None:
    quantity = parse_quantity("28%*")
    assert quantity is not None
    assert state_quantity(quantity, Measure("share", "%")) == "28%"


@pytest.mark.parametrize(
    ("value", "like", "comma", "printed"),
    [
        ("1234.5", ["1,000.25", "234.25"], False, "1,234.50"),
        ("1234", ["1 000", "234"], False, "1 234"),
        ("1234.5", ["1.000,2", "234,3"], True, "1.234,5"),
        ("-12", ["5", "17"], False, "-12"),
        ("4542", ["1800", "1642"], False, "4542"),
    ],
)
def test_computed_numbers_look_like_their_sources(value: str, like: list[str], comma: bool, printed: str) -> None:
    assert print_number(Decimal(value), like, decimal_comma=comma) == printed
