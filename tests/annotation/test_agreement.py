"""Coefficients agree with published worked examples, and with libraries on anything that may come."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from annotation.agreement import Rated, Scale, measure_agreement

# Krippendorff's reliability data, the example of Content Analysis, 3rd ed., section 12.3; also Gwet's (2014).
_KRIPPENDORFF = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . .",
    ". 3 3 3 2 3 4 2 2 5 1 3",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# How many of six psychiatrists gave each of five diagnoses to thirty patients (Fleiss 1971, table 1).
_FLEISS = (
    "00060",
    "03003",
    "01401",
    "00006",
    "03030",
    "20400",
    "00402",
    "20310",
    "20040",
    "00006",
    "10050",
    "11040",
    "03300",
    "10050",
    "02031",
    "00501",
    "30012",
    "51000",
    "02040",
    "10203",
    "00006",
    "01050",
    "02013",
    "20040",
    "10041",
    "05010",
    "40002",
    "02040",
    "10500",
    "00006",
)
# Two judges and three categories, 200 cases (Cohen 1960, table 1).
_COHEN = ((88, 10, 2), (14, 40, 6), (18, 10, 12))
# A table on which kappa is below zero although 94 % agree (Gwet 2002; 2014, chapter 4).
_PARADOX = ((118, 5), (2, 0))
# Two abstractors and three diagnoses (Gwet 2014, chapter 4).
_ABSTRACTORS = ((13, 0, 0), (0, 20, 7), (0, 4, 56))


@pytest.mark.parametrize(
    ("scale", "alpha", "gwet", "kappa"),
    [(Scale.NOMINAL, 0.743, 0.77544, 0.76117), (Scale.ORDINAL, 0.815, 0.89894, 0.85021)],
)
def test_krippendorffs_reliability_data(scale: Scale, alpha: float, gwet: float, kappa: float) -> None:
    found = measure_agreement("x", _by_rater(_KRIPPENDORFF), categories=5, scale=scale)
    assert round(found.alpha.value, 3) == alpha
    assert (round(found.gwet.value, 5), round(found.kappa.value, 5)) == (gwet, kappa)
    assert (found.units, found.shared, found.annotators) == (12, 11, 4)


@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [("0100000010", "1110010000", 0.095), ("001132224330", "101112224333", 0.692)],
)
def test_krippendorffs_examples_of_two_observers(first: str, second: str, alpha: float) -> None:
    found = measure_agreement("x", _by_rater((" ".join(first), " ".join(second))), categories=5)
    assert round(found.alpha.value, 3) == alpha


def test_fleiss_1971() -> None:
    units = [
        Rated(str(patient), _numbered([kind for kind, count in enumerate(row) for _ in range(int(count))]))
        for patient, row in enumerate(_FLEISS)
    ]
    found = measure_agreement("diagnosis", units, categories=5)
    assert (found.kappa_name, round(found.kappa.value, 3)) == ("Fleiss", 0.430)
    assert round(found.percent.value, 3) == 0.556


def test_cohen_1960() -> None:
    found = measure_agreement("x", _of_table(_COHEN), categories=3)
    assert (found.kappa_name, round(found.kappa.value, 3)) == ("Cohen", 0.492)
    assert found.percent.value == pytest.approx(0.70)


def test_ac1_stands_where_kappa_falls() -> None:
    found = measure_agreement("x", _of_table(_PARADOX))
    assert round(found.kappa.value, 4) == -0.0234
    assert (found.gwet_name, round(found.gwet.value, 4)) == ("AC1", 0.9408)
    assert found.gwet.low > 0.85


def test_the_abstractors() -> None:
    found = measure_agreement("x", _of_table(_ABSTRACTORS), categories=3)
    assert (round(found.kappa.value, 5), round(found.gwet.value, 5)) == (0.79641, 0.84933)
    # The analytic 95 % interval of kappa that Gwet prints is 0.680 to 0.913.
    assert (found.kappa.low, found.kappa.high) == pytest.approx((0.68, 0.913), abs=0.03)


_COMPLETE = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.lists(st.integers(0, 2), min_size=raters, max_size=raters), min_size=2, max_size=15)
)


@settings(max_examples=60)
@given(_COMPLETE)
def test_kappa_agrees_with_the_libraries(rows: list[list[int]]) -> None:
    assume(len({value for row in rows for value in row}) > 1)
    found = measure_agreement("x", [Rated(str(n), _numbered(row)) for n, row in enumerate(rows)], categories=3)
    if len(rows[0]) == 2:
        expected = cohen_kappa_score(*zip(*rows, strict=True), labels=[0, 1, 2])
    else:
        expected = fleiss_kappa(aggregate_raters(rows, 3)[0])
    assert found.kappa.value == pytest.approx(expected)


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from("012."), min_size=3, max_size=3), min_size=2, max_size=12))
def test_alpha_agrees_with_nltk_where_judgements_are_missing(rows: list[list[str]]) -> None:
    pairable = [row for row in rows if sum(value != "." for value in row) > 1]
    assume(len({value for row in pairable for value in row if value != "."}) > 1)
    columns = tuple("".join(column) for column in zip(*rows, strict=True))
    found = measure_agreement("x", _by_rater([" ".join(column) for column in columns]), categories=3)
    assert found.alpha.value == pytest.approx(_nltk_alpha(columns))


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from("01."), min_size=3, max_size=3), max_size=8), st.sampled_from(Scale))
def test_no_figure_is_ever_nan_or_beyond_one(rows: list[list[str]], scale: Scale) -> None:
    columns = [" ".join(column) for column in zip(*rows, strict=True)]
    found = measure_agreement("x", _by_rater(columns) if rows else [], scale=scale)
    for estimate in (found.kappa, found.alpha, found.gwet, found.percent):
        figures = [part for part in (estimate.value, estimate.low, estimate.high) if part is not None]
        assert all(math.isfinite(part) and part <= 1 + 1e-9 for part in figures)
        assert figures or estimate.note


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ((), "nobody judged this label"),
        (("1 0 1 1",), "one annotator only"),
        (("1 0 . .", ". . 1 0"), "nothing was judged by two people"),
        (("1 1 1 1", "1 1 1 1"), "one same value"),
    ],
)
def test_what_cannot_be_measured_says_why(columns: tuple[str, ...], note: str) -> None:
    found = measure_agreement("x", _by_rater(columns) if columns else [])
    assert note in found.note
    assert found.kappa.value is None
    assert found.alpha.value is None


def test_where_everybody_agrees_the_percentage_has_an_interval_and_ac_is_one() -> None:
    found = measure_agreement("x", _by_rater((" 1" * 20, " 1" * 20)))
    assert (found.gwet.value, found.percent.value, found.percent.high) == (1, 1, 1)
    assert found.percent.low == pytest.approx(0.8389, abs=1e-4)
    assert "one same value" in found.kappa.note


def test_resamples_are_of_questions_not_of_their_evidence() -> None:
    alone = [Rated(str(n), (("a", n % 2), ("b", n % 2 if n % 5 else 1 - n % 2))) for n in range(40)]
    together = [Rated(str(n // 4), unit.ratings) for n, unit in enumerate(alone)]
    scattered, clustered = (measure_agreement("x", units) for units in (alone, together))
    assert scattered.kappa.value == clustered.kappa.value
    assert clustered.questions == 10
    assert clustered.percent.margin > 1.5 * scattered.percent.margin


def _by_rater(columns: tuple[str, ...] | list[str]) -> list[Rated]:
    rows = [column.split() for column in columns]
    first = min((int(value) for row in rows for value in row if value != "."), default=0)
    shift = 1 if first and len(rows) > 3 else 0
    return [
        Rated(str(n), tuple((str(who), int(row[n]) - shift) for who, row in enumerate(rows) if row[n] != "."))
        for n in range(len(rows[0]))
    ]


def _of_table(table: tuple[tuple[int, ...], ...]) -> list[Rated]:
    cases = [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)]
    return [Rated(str(n), (("first", a), ("second", b))) for n, (a, b) in enumerate(cases)]


def _numbered(values: list[int]) -> tuple[tuple[str, int], ...]:
    return tuple((str(who), value) for who, value in enumerate(values))


def _nltk_alpha(columns: tuple[str, ...]) -> float:
    data = [(str(who), str(n), v) for who, column in enumerate(columns) for n, v in enumerate(column) if v != "."]
    return float(AnnotationTask(data=data).alpha())
