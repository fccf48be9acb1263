"""Which check tells wrong questions, and what is said where none can be named."""

import types
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as sklearn_curve

from annotation.calibration import Basis, CheckPowers, measure_check, rank_checks, roc_curve
from schemas.kinds import Verdict
from schemas.records import CheckResult

_PAIRS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=20, max_size=60).map(
    lambda pairs: [(float(value), bad) for value, bad in [*pairs, *[(0, True), (6, False)] * 10]]
)


@settings(max_examples=40)
@given(_PAIRS)
def test_areas_and_curves_agree_with_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    values, truth = np.array([value for value, _ in pairs]), np.array([bad for _, bad in pairs])
    found = measure_check("x", Basis.SCORE, pairs)
    area = roc_auc_score(truth, values)
    assert found.area.value == pytest.approx(max(area, 1 - area))
    false_rates, true_rates, _ = sklearn_curve(truth, values, drop_intermediate=False)
    points = [rate for point in roc_curve(values, truth) for rate in (point.false_rate, point.true_rate)]
    assert points == pytest.approx([rate for pair in zip(false_rates, true_rates, strict=True) for rate in pair])
    gap = max((false_rates - true_rates) if found.low_is_wrong else (true_rates - false_rates))
    if area != 0.5:
        assert found.sensitivity.value + found.specificity.value - 1 >= gap - 1e-9


def test_a_threshold_by_hand() -> None:
    # Of twelve wrong ones ten score at most 0.4, of twelve sound ones two do.
    pairs = [(0.2, True)] * 6 + [(0.4, True)] * 4 + [(0.9, True)] * 2 + [(0.3, False)] * 2 + [(0.8, False)] * 10
    found = measure_check("x", Basis.SCORE, pairs)
    assert (found.low_is_wrong, found.threshold) == (True, 0.4)
    assert (found.sensitivity.value, found.specificity.value) == (pytest.approx(10 / 12), pytest.approx(10 / 12))
    assert found.curve[0] == (0, 0)
    assert found.curve[-1] == (1, 1)


def test_the_check_that_sees_faults_is_named(people: types.ModuleType) -> None:
    found = _rank(people, sees=[0.1] * 15 + [0.9] * 45, blind=[0.5, 0.6] * 30)
    assert found.best == "sees (score)"
    assert found.checks[0].check == "sees"
    assert found.checks[0].area.value == 1
    assert found.checks[0].area.low > 0.8


def test_a_check_no_better_than_chance_is_not_named(people: types.ModuleType) -> None:
    found = _rank(people, blind=[0.5, 0.6] * 30)
    assert found.best is None
    assert "better than chance" in found.verdict


def test_too_few_wrong_ones_are_said_instead_of_a_number(people: types.ModuleType) -> None:
    found = _rank(people, wrong=3, sees=[0.1] * 15 + [0.9] * 45)
    assert found.best is None
    assert found.verdict.startswith("too few to say: 3 wrong and 57 sound")
    assert found.checks[0].area.value is None
    assert "too few: 3 wrong" in found.checks[0].note


def test_a_check_that_all_pass_says_nothing(people: types.ModuleType) -> None:
    found = _rank(people, same=[1.0] * 60)
    assert found.verdict == "no check differs among the questions that were judged"
    assert {check.note for check in found.checks} == {"the same for every question that was judged"}


def test_verdicts_are_measured_where_there_is_no_score(people: types.ModuleType) -> None:
    verdicts = [Verdict.FAIL] * 12 + [Verdict.PASS] * 40 + [Verdict.SKIP] * 8
    questions = [people.question(n, CheckResult("form", verdict)) for n, verdict in enumerate(verdicts)]
    found = rank_checks(questions, {question.qa_id: n < 15 for n, question in enumerate(questions)})
    (check,) = found.checks
    assert (check.basis, check.judged, check.wrong) == (Basis.VERDICT, 52, 15)
    assert (check.sensitivity.value, check.specificity.value) == (0.8, 1)


def test_questions_without_a_settled_verdict_and_broken_scores_say_nothing(people: types.ModuleType) -> None:
    questions = [people.question(1, CheckResult("x", Verdict.SKIP, score=float("nan"))), people.question(2)]
    assert rank_checks(questions, {"d/qa-1": True}).checks == ()
    assert rank_checks([], {}).best is None


def _rank(people: types.ModuleType, wrong: int = 15, **scores: Sequence[float]) -> CheckPowers:
    rows = zip(*scores.values(), strict=True)
    questions = [
        people.question(
            n, *(CheckResult(name, Verdict.PASS, score=score) for name, score in zip(scores, row, strict=True))
        )
        for n, row in enumerate(rows)
    ]
    return rank_checks(questions, {question.qa_id: n < wrong for n, question in enumerate(questions)})
