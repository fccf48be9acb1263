"""Which automatic check tells the questions that people find wrong, how well, and from which value on.

How well is the area under the ROC curve: the chance that a wrong question looks worse to the check than a sound one.
The threshold is Youden's (W. J. Youden, Index for rating diagnostic tests, Cancer 3 (1950) 32-35): it makes the sum of
sensitivity and specificity largest. It is chosen and measured on the same questions, which flatters it a little.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import mannwhitneyu

from annotation.intervals import Estimate, area_under_curve, wilson
from schemas.kinds import Verdict
from schemas.records import CheckResult, Question

_LEAST_OF_EACH: Final = 10
_CHANCE: Final = 0.5


class Basis(StrEnum):
    """What of a check is looked at."""

    SCORE = "score"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class CheckPower:
    """How well one check tells wrong questions.

    `judged` questions have a settled verdict and a value of the check, `wrong` of them are wrong. `low_is_wrong` says
    which way it points; a question is held for wrong from `threshold` on in that direction. `curve` is the ROC curve as
    (false positive rate, true positive rate). Without an area, `note` says why there is none.
    """

    check: str
    basis: Basis
    judged: int
    wrong: int
    area: Estimate
    low_is_wrong: bool = False
    threshold: float | None = None
    sensitivity: Estimate | None = None
    specificity: Estimate | None = None
    curve: tuple[tuple[float, float], ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CheckPowers:
    """All checks, the best first, and which one is best for certain: `best` is None where `verdict` says why not."""

    checks: tuple[CheckPower, ...]
    best: str | None
    verdict: str


def rank_checks(questions: Iterable[Question], wrong: Mapping[str, bool], *, confidence: float = 0.95) -> CheckPowers:
    """Return how well every check tells the questions that are wrong.

    A check counts as telling only where its interval, widened for the number of checks that were tried (Bonferroni),
    lies above one half.

    Args:
        questions: with their checks.
        wrong: the settled verdicts by question; questions that are not in it say nothing.
        confidence: of the intervals.
    """
    values: dict[tuple[str, Basis], list[tuple[float, bool]]] = {}
    for question in questions:
        if question.qa_id in wrong:
            for key, value in _values(question.checks):
                values.setdefault(key, []).append((value, wrong[question.qa_id]))
    powers = [measure_check(name, basis, pairs, confidence) for (name, basis), pairs in sorted(values.items())]
    ranked = tuple(sorted(powers, key=_by_area))
    tried = [power for power in ranked if power.area.value is not None]
    return CheckPowers(ranked, *_best(tried, wrong, confidence))


def measure_check(
    check: str, basis: Basis, pairs: Sequence[tuple[float, bool]], confidence: float = 0.95
) -> CheckPower:
    """Return how well the values of one check tell wrong questions.

    Args:
        check: its name.
        basis: what the values are; of verdicts, 1 is a failure.
        pairs: each question's value, and whether it is wrong.
        confidence: of the intervals.
    """
    truth = np.array([bad for _, bad in pairs], dtype=bool)
    values = np.array([value for value, _ in pairs], dtype=float)
    wrong = int(truth.sum())
    missing = _why_not(values.tolist(), wrong, len(pairs) - wrong)
    if missing:
        return CheckPower(check, basis, len(pairs), wrong, Estimate(None, note=missing), note=missing)
    area = _area(values, truth)
    low_is_wrong = area < _CHANCE
    curve = roc_curve(-values if low_is_wrong else values, truth)
    best = max(curve[1:], key=_youden)
    return CheckPower(
        check=check,
        basis=basis,
        judged=len(pairs),
        wrong=wrong,
        area=area_under_curve(max(area, 1 - area), wrong, len(pairs) - wrong, confidence),
        low_is_wrong=low_is_wrong,
        threshold=-best.value if low_is_wrong else best.value,
        sensitivity=wilson(best.hits, wrong, confidence),
        specificity=wilson(len(pairs) - wrong - best.alarms, len(pairs) - wrong, confidence),
        curve=tuple((point.false_rate, point.true_rate) for point in curve),
    )


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What comes of flagging every question from `value` on: wrong ones found (`hits`), sound ones flagged."""

    value: float
    hits: int
    alarms: int
    true_rate: float
    false_rate: float


def roc_curve(values: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> list[CurvePoint]:
    """Return the ROC curve from the point that flags nothing to the one that flags all, a point a distinct value."""
    steps = np.unique(values)[::-1]
    hits = [0, *(int((truth & (values >= step)).sum()) for step in steps)]
    alarms = [0, *(int((~truth & (values >= step)).sum()) for step in steps)]
    wrong, sound = hits[-1], alarms[-1]
    return [
        CurvePoint(float(value), hit, alarm, hit / wrong, alarm / sound)
        for value, hit, alarm in zip([math.inf, *steps], hits, alarms, strict=True)
    ]


def _area(values: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> float:
    ranked = mannwhitneyu(values[truth], values[~truth], method="asymptotic")
    return float(ranked.statistic) / (int(truth.sum()) * int((~truth).sum()))


def _youden(point: CurvePoint) -> float:
    return point.true_rate - point.false_rate


def _values(checks: Iterable[CheckResult]) -> Iterable[tuple[tuple[str, Basis], float]]:
    for check in checks:
        if check.score is not None and math.isfinite(check.score):
            yield (check.name, Basis.SCORE), check.score
        if check.verdict != Verdict.SKIP:
            yield (check.name, Basis.VERDICT), float(check.verdict == Verdict.FAIL)


def _why_not(values: Sequence[float], wrong: int, sound: int) -> str | None:
    if min(wrong, sound) < _LEAST_OF_EACH:
        return f"too few: {wrong} wrong and {sound} sound, {_LEAST_OF_EACH} of each needed"
    return "the same for every question that was judged" if len(set(values)) == 1 else None


def _best(tried: Sequence[CheckPower], wrong: Mapping[str, bool], confidence: float) -> tuple[str | None, str]:
    if not tried:
        bad = sum(wrong.values())
        if min(bad, len(wrong) - bad) < _LEAST_OF_EACH:
            return None, (
                f"too few to say: {bad} wrong and {len(wrong) - bad} sound questions are settled, "
                f"{_LEAST_OF_EACH} of each are needed"
            )
        return None, "no check differs among the questions that were judged"
    strict = 1 - (1 - confidence) / len(tried)
    for power in tried:
        area = area_under_curve(power.area.value or _CHANCE, power.wrong, power.judged - power.wrong, strict)
        if area.low is not None and area.low > _CHANCE:
            return f"{power.check} ({power.basis.value})", f"the best of {len(tried)} that differ among the questions"
    return None, f"none of the {len(tried)} that differ among the questions tells wrong ones better than chance"


def _by_area(power: CheckPower) -> tuple[float, str, str]:
    return -(power.area.value or 0.0), power.check, power.basis.value
