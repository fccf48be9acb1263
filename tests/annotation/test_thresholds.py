"""From which score of a judge on questions are right often enough."""

import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.report import Terms, make_report
from annotation.report_page import render_page
from annotation.thresholds import find_threshold, judge_threshold
from schemas.kinds import Verdict
from schemas.records import CheckResult

LADDER = [(0.2, False)] * 10 + [(0.5, True)] * 8 + [(0.5, False)] * 2 + [(0.9, True)] * 80


@pytest.mark.parametrize(
    ("wanted", "threshold", "precision", "kept", "certain"),
    [
        (0.80, 0.2, 0.88, 1.0, True),
        (0.90, 0.5, 88 / 90, 0.9, True),
        (0.99, 0.9, 1.0, 0.8, False),
    ],
)
def test_the_lowest_score_that_is_enough(
    wanted: float, threshold: float, precision: float, kept: float, certain: bool
) -> None:
    found = find_threshold("judge", LADDER, wanted=wanted)
    assert (found.threshold, found.certain, found.judged, found.right) == (threshold, certain, 100, 88)
    assert found.precision.value == pytest.approx(precision)
    assert found.kept.value == pytest.approx(kept)
    assert found.precision.low < precision <= found.precision.high
    assert bool(found.note) != certain


@pytest.mark.parametrize(
    ("pairs", "note"),
    [
        ([(0.9, True)] * 19, "too few: 19 judged, 20 needed"),
        ([(0.9, False)] * 30, "no score keeps 90% right ones"),
        ([(0.2, True)] * 15 + [(0.9, False)] * 15, "no score keeps 90% right ones"),
    ],
)
def test_where_no_score_is_enough_it_says_so(pairs: list[tuple[float, bool]], note: str) -> None:
    found = find_threshold("judge", pairs, wanted=0.9)
    assert (found.threshold, found.note) == (None, note)


SCORED = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=20, max_size=80)


@settings(max_examples=60)
@given(SCORED, st.sampled_from([0.5, 0.8, 0.95]))
def test_what_is_kept_is_right_as_often_as_said(scored: list[tuple[int, bool]], wanted: float) -> None:
    pairs = [(score / 10, is_right) for score, is_right in scored]
    found = find_threshold("judge", pairs, wanted=wanted)
    if found.threshold is None:
        tops = {score for score, _ in pairs}
        shares = [[right for score, right in pairs if score >= top] for top in tops]
        assert all(sum(share) < wanted * len(share) for share in shares)
        return
    kept = [right for score, right in pairs if score >= found.threshold]
    assert sum(kept) / len(kept) == pytest.approx(found.precision.value)
    assert sum(kept) >= wanted * len(kept)


def test_the_report_tells_the_threshold_where_a_judge_was_asked(people: types.ModuleType) -> None:
    scores = [0.1] * 6 + [0.95] * 34
    asked = [people.question(n, CheckResult("judge", Verdict.PASS, score=score)) for n, score in enumerate(scores)]
    judged = [people.judged(n, false="complete" if n < 6 else "") for n in range(40)]
    report = make_report(judged, [people.drawn(n) for n in range(40)], asked, Terms(limit=0.1))
    assert report.judge.threshold == 0.95
    assert report.to_json()["judge"]["precision"]["value"] == 1
    assert "generate.judge_threshold: 0.95" in render_page(report)
    silent = make_report(judged, [people.drawn(n) for n in range(40)], [people.question(n) for n in range(40)], Terms())
    assert silent.judge is None


def test_scores_without_a_settled_verdict_say_nothing(people: types.ModuleType) -> None:
    scored = people.question(1, CheckResult("judge", Verdict.PASS, score=0.9))
    assert judge_threshold([people.question(2)], {}, wanted=0.9) is None
    assert judge_threshold([scored], {}, wanted=0.9).note == "too few: 0 judged, 20 needed"
    broken = people.question(3, CheckResult("judge", Verdict.PASS, score=float("nan")))
    assert judge_threshold([broken], {"d/qa-3": False}, wanted=0.9) is None
