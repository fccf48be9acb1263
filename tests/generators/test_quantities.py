from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.quantities import (
    find_quantities,
    has_share_beside,
    has_unclear_points,
    is_missing,
    parse_quantity,
    plain,
    same_number,
    uses_decimal_comma,
    without_beside,
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("7", "7", None),
        ("1,234.5", "1234.5", None),
        ("12,34,567", "1234567", None),
        ("1 234,5", "1234.5", None),
        ("1\u202f234", "1234", None),
        ("1.234.567", "1234567", None),
        ("0,123", "0.123", None),
        ("12,5", "12.5", None),
        (".5", "0.5", None),
        ("12.3%", "12.3", "%"),
        ("12.3 %", "12.3", "%"),
        ("−3.2", "-3.2", None),
        ("- 3.2", "-3.2", None),
        ("+4", "4", None),
        ("(45)", "-45", None),
        ("$12.3", "12.3", "$"),
        ("-$12.3", "-12.3", "$"),
        ("€ 5,000", "5000", "€"),
        ("USD 40", "40", "USD"),
        ("0.72***", "0.72", None),
        ("12.3a", "12.3", None),
        ("12.3 *", "12.3", None),
        ("12.3¹", "12.3", None),
        ("1.2e-5", "0.000012", None),
        ("1.2 × 10^-5", "0.000012", None),
        ("1.2 × 10−5", "0.000012", None),
        ("35 ms", "35", "ms"),
        ("35ms", "35", "ms"),
        ("2.4x", "2.4", "x"),
        ("3 years", "3", "years"),
        ("21 °C", "21", "°C"),
        ("3.4 ± 0.2", "3.4", None),
    ],
)
def test_one_number_in_a_cell_is_read(text: str, value: str, unit: str | None) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "n/a",
        "abc",
        "3.1.4",
        "2019/20",
        "2019-05-01",
        "12.03.2019",
        "3-5",
        "3–5 %",
        "12 13",
        "1,2,3",
        "<0.001",
        "0.72 (0.03)",
        "45 (12)",
        "345 (2012)",
        "X1",
        "v2",
        "3D",
        "12:30",
        "1 of 3",
        "10 apples",
        "±0.2",
        "12 345 67",
        "2 × 104",
    ],
)
def test_what_is_not_plainly_one_number_is_refused(text: str) -> None:
    assert parse_quantity(text) is None


def test_scale_words_and_spread_are_kept_apart_from_the_value() -> None:
    quantity = parse_quantity("$12.3 million")
    assert quantity is not None
    assert (quantity.value, quantity.scale, quantity.unit) == (Decimal("12.3"), Decimal(10**6), "$")
    assert quantity.total == Decimal("12300000")
    spread = parse_quantity("3.4 ± 0.2")
    assert spread is not None
    assert spread.spread == Decimal("0.2")
    assert parse_quantity("(45)").bracketed  # type: ignore[union-attr]


def test_text_and_span_leave_the_footnote_mark_out() -> None:
    quantity = parse_quantity("  12.3% *")
    assert quantity is not None
    assert quantity.text == "12.3%"
    assert "  12.3% *"[quantity.start : quantity.end] == "12.3%"


@pytest.mark.parametrize(
    ("text", "decimal_comma", "value"),
    [
        ("1,234", None, "1234"),
        ("1,234", False, "1234"),
        ("1,234", True, "1.234"),
        ("1.234", None, "1.234"),
        ("1.234", True, "1234"),
    ],
)
def test_the_column_decides_what_a_comma_is(text: str, decimal_comma: bool | None, value: str) -> None:
    quantity = parse_quantity(text, decimal_comma=decimal_comma)
    assert quantity is not None
    assert quantity.value == Decimal(value)


@pytest.mark.parametrize(
    ("texts", "comma"),
    [
        (["1,234", "12,5", "n/a"], True),
        (["1 234,5"], True),
        (["1,234", "5,678"], False),
        (["1,234.5", "12"], False),
        ([], False),
    ],
)
def test_unambiguous_cells_vote_on_the_decimal_sign(texts: list[str], comma: bool) -> None:
    assert uses_decimal_comma(texts) is comma


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It rose by 12.3 % to 1,234.5 km in 2019.", ["12.3 %", "1,234.5 km", "2019"]),
        ("between 3-5 days, or 10–20%", ["3", "5 days", "10", "20%"]),
        ("from -3 to −2.5", ["-3", "−2.5"]),
        ("COVID-19, X1, H2O, version 3.1.4, on 2019-05-01 or 12/03/2019 at 12:30", []),
        ("costs $3.2 million (EUR 5)", ["$3.2 million", "EUR 5"]),
        ("(45) and 3.", ["45", "3"]),
        ("a ratio of 2.4x", ["2.4x"]),
        ("no number", []),
    ],
)
def test_numbers_of_running_text_are_found(text: str, found: list[str]) -> None:
    quantities = find_quantities(text)
    assert [quantity.text for quantity in quantities] == found
    assert all(text[quantity.start : quantity.end] == quantity.text for quantity in quantities)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1,234.50", "1234.5", True),
        ("12 %", "12%", True),
        ("12", "12 %", True),
        ("12 km", "12 %", False),
        ("2 million", "2,000,000", True),
        ("0.12", "12 %", False),
        ("12.3", "12.4", False),
        ("twelve", "12", False),
        (Decimal("3.0"), "3", True),
    ],
)
def test_numbers_are_compared_by_value(a: str | Decimal, b: str, same: bool) -> None:
    assert same_number(a, b) is same
    assert same_number(b, a) is same


@pytest.mark.parametrize(
    ("text", "missing"), [("n/a", True), (" – ", True), ("", True), ("0", False), ("none of", False)]
)
def test_missing_values_are_known(text: str, missing: bool) -> None:
    assert is_missing(text) is missing


@settings(max_examples=50, deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_any_decimal_survives_printing_and_reading(value: Decimal) -> None:
    assert same_number(f"{value:,}", value)
    assert same_number(plain(value), value)


@pytest.mark.parametrize(
    ("texts", "unclear"),
    [
        (["4.330", "119", "2.003"], True),
        (["4.330", "119.5"], False),
        (["0.123", "5"], False),
        (["1.234", "2.345"], False),
        (["12", "7"], False),
    ],
)
def test_points_that_may_part_thousands_are_noticed(texts: list[str], unclear: bool) -> None:
    assert has_unclear_points(texts) is unclear


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [("1,269 (19.9%)", "1269", "1,269"), ("101(20.4%)", "101", "101"), ("15.5 (13.8–17.1)", "15.5", "15.5")],
)
def test_a_number_with_its_share_or_interval_in_brackets_is_that_number(text: str, value: str, printed: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.value, quantity.text) == (Decimal(value), printed)
    assert without_beside(text) == printed
    assert has_share_beside(text) == ("%" in text)
