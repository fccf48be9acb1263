"""From which score of a judge on questions are as often right as wanted, by people's verdicts.

Questions that a judge has rejected are never seen by people: calibrate on a corpus that was made with a low threshold
(`generate.judge_threshold: 0`). The threshold is chosen and measured on the same questions, which flatters it a little;
where the lower bound of the interval reaches what is wanted, it is safe to use.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotation.intervals import Estimate, wilson
from schemas.records import Question

JUDGE: Final = "judge"
_LEAST_JUDGED: Final = 20


@dataclass(frozen=True, slots=True)
class JudgeThreshold:
    """The lowest score of a check from which on questions are right as often as wanted.

    Attributes:
        check: the check's name.
        wanted: the share of right ones that is wanted.
        judged: how many questions have a score and a settled verdict.
        right: how many of them are right.
        threshold: the score, or None where there is none; `note` says why.
        precision: the share of right ones among those that score at least so much.
        kept: the share of all judged ones that do.
        found: the share of the right ones that do.
        certain: whether the lower bound of the precision reaches what is wanted too.
        note: why there is no threshold, or what to know of it.
    """

    check: str
    wanted: float
    judged: int
    right: int
    threshold: float | None = None
    precision: Estimate | None = None
    kept: Estimate | None = None
    found: Estimate | None = None
    certain: bool = False
    note: str | None = None


def judge_threshold(
    questions: Iterable[Question], wrong: Mapping[str, bool], *, wanted: float, confidence: float = 0.95
) -> JudgeThreshold | None:
    """Return the threshold of the judge's scores, or None where no judge has scored a question.

    Args:
        questions: with their checks.
        wrong: the settled verdicts by question; questions that are not in it say nothing.
        wanted: the share of right questions that is wanted among those kept.
        confidence: of the intervals.
    """
    scored = {question.qa_id: _score(question) for question in questions}
    pairs = [(score, not wrong[name]) for name, score in scored.items() if score is not None and name in wrong]
    if all(score is None for score in scored.values()):
        return None
    return find_threshold(JUDGE, pairs, wanted=wanted, confidence=confidence)


def find_threshold(
    check: str, pairs: Sequence[tuple[float, bool]], *, wanted: float, confidence: float = 0.95
) -> JudgeThreshold:
    """Return the lowest threshold that keeps the wanted share of right ones; a certain one is preferred.

    Args:
        check: the check's name.
        pairs: each question's score, high for right, and whether it is right.
        wanted: the share of right ones that is wanted among those kept.
        confidence: of the intervals.

    >>> found = find_threshold("judge", [(0.2, False)] * 10 + [(0.9, True)] * 90, wanted=0.95)
    >>> found.threshold, found.precision.value, found.certain
    (0.9, 1.0, True)
    """
    right = sum(is_right for _, is_right in pairs)
    plain = JudgeThreshold(check, wanted, len(pairs), right)
    if len(pairs) < _LEAST_JUDGED:
        return _without(plain, f"too few: {len(pairs)} judged, {_LEAST_JUDGED} needed")
    found = [_at(plain, pairs, value, confidence) for value in sorted({score for score, _ in pairs})]
    reaching = [one for one in found if one.precision and _reaches(one.precision.value or 0.0, wanted)]
    if not reaching:
        return _without(plain, f"no score keeps {wanted:.0%} right ones")
    return next((one for one in reaching if one.certain), reaching[0])


def _at(plain: JudgeThreshold, pairs: Sequence[tuple[float, bool]], value: float, confidence: float) -> JudgeThreshold:
    kept = [is_right for score, is_right in pairs if score >= value]
    precision = wilson(sum(kept), len(kept), confidence)
    certain = precision.low is not None and _reaches(precision.low, plain.wanted)
    return JudgeThreshold(
        plain.check,
        plain.wanted,
        plain.judged,
        plain.right,
        threshold=value,
        precision=precision,
        kept=wilson(len(kept), len(pairs), confidence),
        found=wilson(sum(kept), plain.right, confidence),
        certain=certain,
        note=None if certain else "judge more questions: the interval reaches below what is wanted",
    )


def _without(plain: JudgeThreshold, note: str) -> JudgeThreshold:
    return JudgeThreshold(plain.check, plain.wanted, plain.judged, plain.right, note=note)


def _reaches(value: float, wanted: float) -> bool:
    return value >= wanted or math.isclose(value, wanted)


def _score(question: Question) -> float | None:
    found = (check.score for check in question.checks if check.name == JUDGE and check.score is not None)
    return next((score for score in found if math.isfinite(score)), None)
