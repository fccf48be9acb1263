"""Error rates are those reckoned by hand, weigh strata by their size, and cover the truth as often as they say."""

import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from annotation.intervals import wilson
from annotation.quality import Cell, Quality, estimate_rate, measure_quality
from annotation.report import settle_sample


def test_one_large_stratum_is_wilson() -> None:
    found, plain = estimate_rate([Cell(10**9, 263, 81)]), wilson(81, 263)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-6)


def test_a_part_of_a_small_corpus_is_known_better() -> None:
    # 40 of 100 drawn: as many as 40 * 99 / 60 = 66 of an endless corpus.
    # Bounds go outward to whole questions.
    found, same = estimate_rate([Cell(100, 40, 10)]), wilson(16.5, 66)
    assert (same.low, same.high) == pytest.approx((0.1613, 0.3662), abs=1e-4)
    assert (found.low, found.high) == (0.16, 0.37)


def test_strata_are_weighed_by_hand() -> None:
    # 0.9 * 9/90 + 0.1 * 5/10
    found = estimate_rate([Cell(900, 90, 9), Cell(100, 10, 5)])
    assert found.value == pytest.approx(0.14)
    assert found.low < 0.14 < found.high


def test_a_census_has_no_sampling_error() -> None:
    found = estimate_rate([Cell(20, 20, 3), Cell(5, 5, 2)])
    assert (found.value, found.low, found.high) == (0.2, 0.2, 0.2)
    assert "no sampling error" in found.note


def test_a_census_of_one_stratum_leaves_the_error_of_the_other() -> None:
    whole, part = estimate_rate([Cell(50, 50, 5), Cell(50, 10, 1)]), estimate_rate([Cell(50, 10, 1), Cell(50, 10, 1)])
    assert 0 < whole.margin < part.margin


def test_no_fault_found_still_has_an_upper_bound() -> None:
    found = estimate_rate([Cell(900, 90, 0), Cell(100, 10, 0)])
    assert (found.value, found.low) == (0, 0)
    assert 0.03 < found.high < 0.04


def test_nothing_settled_is_no_rate() -> None:
    assert estimate_rate([Cell(10, 0, 0)]).value is None
    assert estimate_rate([]).note == "nothing settled"


@pytest.mark.parametrize(("size", "settled"), [(6, 5), (9, 7), (10, 5), (20, 5), (40, 8), (100, 20)])
def test_whatever_the_truth_of_a_small_stratum_the_interval_mostly_holds_it(size: int, settled: int) -> None:
    for bad in range(size + 1):
        within = 0.0
        for seen in range(max(0, settled - size + bad), min(settled, bad) + 1):
            found = estimate_rate([Cell(size, settled, seen)])
            if found.low <= bad / size <= found.high:
                within += hypergeom.pmf(seen, size, bad, settled)
        assert within >= 0.93


_CELLS = st.lists(
    st.tuples(st.integers(1, 300), st.floats(0, 1), st.floats(0, 1)).map(
        lambda drawn: Cell(drawn[0], round(drawn[0] * drawn[1]), round(round(drawn[0] * drawn[1]) * drawn[2]))
    ),
    max_size=6,
)


@given(_CELLS, st.floats(0.5, 0.99))
def test_the_interval_holds_the_estimate_and_what_was_seen(cells: list[Cell], confidence: float) -> None:
    found = estimate_rate(cells, confidence)
    known = [cell for cell in cells if cell.settled]
    if not known:
        assert found.value is None
        return
    size, bad = sum(cell.size for cell in known), sum(cell.bad for cell in known)
    good = sum(cell.settled for cell in known) - bad
    assert bad / size - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1 - good / size + 1e-9


@pytest.mark.parametrize(
    ("sizes", "share", "least", "wrong"),
    [
        ([2000, 1500, 800, 500, 300, 200, 100, 100], 0.2, 5, [0.05, 0.05, 0.08, 0.1, 0.05, 0.2, 0.1, 0.3]),
        ([2000, 1500, 800, 500, 300, 200, 100, 100], 0.02, 5, [0.05, 0.05, 0.08, 0.1, 0.05, 0.2, 0.1, 0.3]),
        ([60, 40, 25, 20, 10, 5], 0.2, 5, [0.1, 0.1, 0.1, 0.2, 0.2, 0.4]),
        ([5000, 50, 50, 50, 50, 50], 0.01, 30, [0.15, 0.02, 0.02, 0.02, 0.02, 0.02]),
        ([2000, 1000, 500, 500], 0.1, 5, [0.01, 0.01, 0.01, 0.02]),
        ([500], 0.2, 5, [0.08]),
    ],
)
def test_intervals_cover_the_truth_as_often_as_they_say(
    sizes: list[int], share: float, least: int, wrong: list[float]
) -> None:
    bad = np.round(np.array(sizes) * wrong).astype(int)
    numbers = np.minimum(sizes, np.maximum(least, np.ceil(share * np.array(sizes)))).astype(int)
    draws = np.random.default_rng(5).hypergeometric(bad, np.array(sizes) - bad, numbers, size=(1500, len(sizes)))
    truth = bad.sum() / sum(sizes)
    hits = 0
    for draw in draws:
        found = estimate_rate([Cell(*cell) for cell in zip(sizes, numbers.tolist(), draw.tolist(), strict=True)])
        hits += found.low <= truth <= found.high
    assert 0.92 <= hits / len(draws) <= 0.985


def test_a_settled_verdict_counts_once_however_many_people_judged(people: types.ModuleType) -> None:
    found = _measure(
        [people.drawn(0, annotators=3), people.drawn(1), people.drawn(2), people.drawn(3)],
        [people.judged(0, who, "complete") for who in "abc"] + [people.judged(number) for number in (1, 2, 3)],
    )
    assert (found.overall.settled, found.overall.bad, found.overall.rate.value) == (4, 1, 0.25)


def test_a_hand_worked_sample(people: types.ModuleType) -> None:
    # Two strata: 8 comparisons of which 4 are drawn, 20 summaries of which 2 are drawn.
    sample = [people.drawn(number, weight=2.0, annotators=2 if number == 3 else 1) for number in range(4)]
    sample += [people.drawn(number, kind="summarization", weight=10.0) for number in (4, 5)]
    given = [
        people.judged(0, false="answer_factual complete"),
        people.judged(1, false="human_like"),
        people.judged(2, skipped=True),
        people.judged(3, "a"),
        people.judged(3, "b", "complete"),
        people.judged(4, false="self_contained"),
        people.judged(5),
    ]
    found = _measure(sample, given)
    # Comparisons: one of two settled is wrong; summaries: one of two. Question 3 is disputed, question 2 not judged.
    assert (found.overall.size, found.overall.drawn, found.overall.settled, found.overall.bad) == (28, 6, 4, 2)
    assert found.overall.rate.value == pytest.approx(0.5)
    # With the disputed one for wrong: 8/28 * 2/3 + 20/28 * 1/2.
    assert found.overall.pessimistic.value == pytest.approx(8 / 28 * 2 / 3 + 20 / 28 / 2)
    assert [(rate.name, rate.size, rate.bad) for rate in found.types] == [
        ("comparison", 8, 1),
        ("summarization", 20, 1),
    ]
    holds = {rate.name: (rate.settled, rate.bad) for rate in found.labels}
    assert holds["answer_factual"] == (5, 1)
    assert holds["complete"] == (4, 1)
    assert holds["human_like"] == (5, 1)
    settled = _measure(sample, [*given, people.settled_by_expert(3)])
    assert settled.overall.rate.value == settled.overall.pessimistic.value == pytest.approx(8 / 28 / 3 + 20 / 28 / 2)


def test_a_stratum_without_a_settled_question_is_told(people: types.ModuleType) -> None:
    found = _measure(
        [people.drawn(0, weight=30.0), people.drawn(1, kind="summarization", weight=10.0)], [people.judged(0)]
    )
    assert found.overall.covered == 0.75
    assert found.types[1].rate.value is None


def test_evidence_that_is_not_needed_is_told_apart(people: types.ModuleType) -> None:
    sample = [people.drawn(number, weight=2.0) for number in range(3)]
    given = [
        people.judged(number, evidence=people.looked(required)) for number, required in enumerate((True, False, None))
    ]
    found = _measure(sample, given)
    evidence = found.labels[-1]
    assert (evidence.name, evidence.settled, evidence.bad) == ("evidence", 2, 1)
    assert found.overall.bad == 0


def test_those_judged_alone_and_together_keep_the_size_of_the_corpus(people: types.ModuleType) -> None:
    sample = [people.drawn(number, weight=5.0, annotators=1 + number % 2) for number in range(8)]
    given = [people.judged(number, who, "complete" if number == 2 else "") for number in range(8) for who in "ab"]
    found = _measure(sample, given)
    assert (found.alone.size, found.together.size) == (40, 40)
    assert (found.alone.settled, found.alone.bad, found.together.settled, found.together.bad) == (4, 1, 4, 0)


def _measure(sample: list, given: list) -> Quality:
    return measure_quality(list(settle_sample(given, sample)))
