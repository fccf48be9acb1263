"""Intervals agree with published examples and with libraries, and hold what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import bootstrap as scipy_bootstrap
from statsmodels.stats.proportion import confint_proportions_2indep

from annotation.intervals import area_under_curve, bootstrap, difference, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_examples_of_newcombe_1998(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@settings(max_examples=40)
@given(st.integers(1, 400), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_agrees_with_scipy(trials: int, share: float, confidence: float) -> None:
    successes = round(share * trials)
    found = wilson(successes, trials, confidence)
    expected = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nothing_judged_is_no_number() -> None:
    assert wilson(0, 0).value is None
    assert difference((0, 0), (1, 2)).value is None


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_differences_are_those_of_newcombe_1998(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = difference(first, second)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@settings(max_examples=40)
@given(st.integers(0, 30), st.integers(1, 60), st.integers(0, 30), st.integers(1, 60))
def test_differences_agree_with_statsmodels(a: int, more_a: int, b: int, more_b: int) -> None:
    first, second = (a, a + more_a), (b, b + more_b)
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    found = difference(first, second)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_the_area_of_hanley_and_mcneil_1982() -> None:
    # 58 sound and 51 abnormal images: area 0.893 with a standard error of 0.032.
    found = area_under_curve(0.893, 51, 58)
    # A score interval reaches further down than theirs, and less far up.
    assert found.low == pytest.approx(0.893 - 1.96 * 0.032, abs=0.025)
    assert found.high == pytest.approx(0.893 + 1.96 * 0.032, abs=0.025)
    assert found.high - 0.893 < 0.893 - found.low


@pytest.mark.parametrize(("area", "low", "high"), [(1.0, 0.800, 1.0), (0.0, 0.0, 0.200)])
def test_a_perfect_area_still_has_an_interval(area: float, low: float, high: float) -> None:
    found = area_under_curve(area, 10, 10)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


def test_areas_cover_the_truth_as_often_as_they_say() -> None:
    # Normal scores one and a half deviations apart: the true area is Phi(1.5 / sqrt 2).
    truth = 0.5 * (1 + math.erf(1.5 / 2))
    dice = np.random.default_rng(3)
    hits = 0
    for _ in range(600):
        wrong, sound = dice.normal(1.5, 1, 15), dice.normal(0, 1, 40)
        found = area_under_curve(float((wrong[:, None] > sound[None, :]).mean()), 15, 40)
        hits += found.low <= truth <= found.high
    assert 0.92 <= hits / 600 <= 0.985


def test_the_bootstrap_agrees_with_scipy() -> None:
    values = np.random.default_rng(1).exponential(size=60)
    expected = scipy_bootstrap((values,), np.mean, n_resamples=5000, rng=np.random.default_rng(2)).confidence_interval
    (found,) = bootstrap(np.stack([values, np.ones(60)], axis=1), [_mean])
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.03)


def test_the_bootstrap_is_seeded() -> None:
    values = np.stack([np.arange(20.0) ** 2, np.ones(20)], axis=1)
    assert bootstrap(values, [_mean], seed=4) == bootstrap(values, [_mean], seed=4)
    assert bootstrap(values, [_mean], seed=4) != bootstrap(values, [_mean], seed=5)


@pytest.mark.parametrize(
    ("rows", "value", "note"),
    [
        (np.empty((0, 2)), None, "nothing judged"),
        (np.array([[1.0, 0.0]]), None, "not defined"),
        (np.array([[2.0, 1.0]] * 5), 2.0, "the same value"),
        (np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]), 1.0, "too few of the resamples"),
    ],
)
def test_where_there_is_nothing_to_vary_there_is_no_interval(rows: np.ndarray, value: float | None, note: str) -> None:
    (found,) = bootstrap(rows, [_mean])
    assert (found.value, found.low, found.high) == (value, None, None)
    assert note in found.note


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 3)), max_size=12))
def test_the_bootstrap_never_gives_nan(rows: list[tuple[float, int]]) -> None:
    (found,) = bootstrap(np.array(rows, dtype=float).reshape(-1, 2), [_mean])
    assert all(part is None or math.isfinite(part) for part in (found.value, found.low, found.high))


def _mean(sums: np.ndarray) -> np.ndarray:
    return np.asarray(sums[..., 0] / sums[..., 1])
