from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.program_rounding import adds_up, average, change, decimals_of, percentage, ratio, rounded

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**7), places=2)


@pytest.mark.parametrize(
    ("value", "decimals", "result"),
    [("0.05", 1, "0.1"), ("-0.05", 1, "-0.1"), ("2.449", 1, "2.4"), ("7", 2, "7.00"), ("1499.5", 0, "1500")],
)
def test_halves_go_away_from_zero(value: str, decimals: int, result: str) -> None:
    assert str(rounded(Decimal(value), decimals)) == result


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_a_percentage_is_within_half_of_its_last_digit(part: Decimal, whole: Decimal) -> None:
    exact = Fraction(part) * 100 / Fraction(whole)
    assert abs(Fraction(percentage(part, whole)) - exact) <= Fraction(1, 20)
    assert decimals_of(percentage(part, whole)) == 1


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_what_grows_shrinks_again(before: Decimal, after: Decimal) -> None:
    there, back = change(before, after), change(after, before)
    assert (there > 0) <= (back <= 0)
    assert there >= -100
    assert change(before, before) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_an_average_lies_among_its_numbers(values: list[Decimal]) -> None:
    mean = average(values)
    assert min(values) <= mean <= max(values)
    assert abs(Fraction(mean) - sum(map(Fraction, values)) / len(values)) <= Fraction(1, 2000)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_a_ratio_has_three_digits_or_so(one: Decimal, other: Decimal) -> None:
    times = ratio(one, other)
    exact = Fraction(one) / Fraction(other)
    assert abs(Fraction(times) - exact) <= max(Fraction(1, 200), exact / 190)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(min_value=20, max_value=10**5, places=3), min_size=2, max_size=12), st.integers(0, 2))
def test_rounded_parts_add_up_to_their_rounded_total_and_no_longer_without_one(
    parts: list[Decimal], digits: int
) -> None:
    total = rounded(sum(parts, Decimal(0)), digits)
    printed = [rounded(part, digits) for part in parts]
    assert adds_up(printed, total)
    if min(printed) > len(parts) + 1:
        assert not adds_up(printed[1:], total)


@pytest.mark.parametrize(("parts", "total"), [([], 0), ([5], 5), ([0, 0], 0), ([40, 50], 100)])
def test_nothing_adds_up_by_chance(parts: list[int], total: int) -> None:
    assert not adds_up([Decimal(part) for part in parts], Decimal(total))
