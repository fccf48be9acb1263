"""Each annotator: agreement with the others, early and late, how often a question is called wrong, and speed.

Early and late are the halves of a person's own judgements in the order of time. A change is flagged where the interval
of the difference (Newcombe 1998) leaves out zero. It need not be the person: later questions may be other questions.

A judgement is an outlier where the logarithm of its seconds has a modified z-score beyond 3.5 (B. Iglewicz and
D. C. Hoaglin, How to detect and handle outliers, 1993).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import Final

from annotation.intervals import Estimate, difference, wilson
from annotation.ratings import Verdicts, is_sound
from annotation.verdicts import LABELS
from schemas.records import Judgement

_BEYOND: Final = 3.5
# The median absolute deviation of a normal distribution, in standard deviations.
_NORMAL_DEVIATION: Final = 0.6745
# A spread below a tenth of the median would make outliers of everybody who works evenly.
_LEAST_SPREAD: Final = 0.1
_WINDOW: Final = 10
_MOST_WINDOWS: Final = 8
_LEAST_HALF: Final = 10


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds a judgement. `quick` and `slow` are the ids of the judgements far from the person's own median."""

    timed: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    hours: float
    quick: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a person's judgements, in the order of time; shares are None where nothing can be said."""

    first: str
    last: str
    judged: int
    shared: int
    agreement: float | None
    wrong: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Annotator:
    """One person, over time; the changes are late minus early.

    `shared` counts the questions that others judged too, `agreement` is the mean share of labels on which those agree;
    `wrong` is how often the person calls a question wrong.
    """

    name: str
    judged: int
    skipped: int
    shared: int
    agreement: Estimate
    wrong: Estimate
    agreement_change: Estimate
    wrong_change: Estimate
    speed: Speed
    windows: tuple[Window, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Act:
    """A judgement with the share of labels on which the others agree (None: nobody else judged)."""

    judgement: Judgement
    agreement: float | None
    wrong: bool | None


def describe_annotators(
    verdicts: Verdicts, skipped: Mapping[str, int], *, confidence: float = 0.95
) -> tuple[Annotator, ...]:
    """Return everybody who judged or skipped a question, by name.

    Args:
        verdicts: the judgements that count, by question and wording.
        skipped: how many questions each person skipped.
        confidence: of the intervals.
    """
    acts: dict[str, list[_Act]] = defaultdict(list)
    for judgements in verdicts.values():
        for one in judgements:
            acts[one.annotator].append(_Act(one, _agreement(one, judgements), _negated(is_sound(one))))
    names = sorted({*acts, *skipped})
    return tuple(_describe(name, sorted(acts[name], key=_when), skipped.get(name, 0), confidence) for name in names)


def measure_speed(judgements: Sequence[Judgement]) -> Speed:
    """Return how long judgements took, and which took far longer or shorter than the others."""
    timed = [(one.judgement_id, one.seconds) for one in judgements if one.seconds is not None and one.seconds > 0]
    seconds = [time for _, time in timed]
    if not seconds:
        return Speed(0, None, None, None, 0.0)
    lower, _, upper = quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else seconds * 3
    scores = _scores([math.log(time) for time in seconds])
    return Speed(
        timed=len(seconds),
        median=median(seconds),
        lower_quartile=lower,
        upper_quartile=upper,
        hours=sum(seconds) / 3600,
        quick=tuple(name for (name, _), score in zip(timed, scores, strict=True) if score < -_BEYOND),
        slow=tuple(name for (name, _), score in zip(timed, scores, strict=True) if score > _BEYOND),
    )


def _describe(name: str, acts: Sequence[_Act], skipped: int, confidence: float) -> Annotator:
    early, late = acts[: len(acts) // 2], acts[len(acts) // 2 :]
    agreement_change = _change(_agreed(late), _agreed(early), confidence)
    wrong_change = _change(_wrong(late), _wrong(early), confidence)
    speed = measure_speed([act.judgement for act in acts])
    return Annotator(
        name=name,
        judged=len(acts),
        skipped=skipped,
        shared=len(_agreed(acts)),
        agreement=_share(_agreed(acts), "nobody else judged the same questions", confidence),
        wrong=_share(_wrong(acts), "nothing judged", confidence),
        agreement_change=agreement_change,
        wrong_change=wrong_change,
        speed=speed,
        windows=tuple(_window(acts[start:end]) for start, end in _stretches(len(acts))),
        remarks=_remarks(agreement_change, wrong_change, speed),
    )


def _agreement(one: Judgement, judgements: Sequence[Judgement]) -> float | None:
    same = [
        getattr(one, label) == getattr(other, label)
        for other in judgements
        if other.annotator != one.annotator
        for label in LABELS
        if getattr(one, label) is not None and getattr(other, label) is not None
    ]
    return mean(same) if same else None


def _agreed(acts: Sequence[_Act]) -> list[float]:
    return [act.agreement for act in acts if act.agreement is not None]


def _wrong(acts: Sequence[_Act]) -> list[float]:
    return [float(act.wrong) for act in acts if act.wrong is not None]


def _share(values: Sequence[float], missing: str, confidence: float) -> Estimate:
    return wilson(sum(values), len(values), confidence) if values else Estimate(None, note=missing)


def _change(late: Sequence[float], early: Sequence[float], confidence: float) -> Estimate:
    if min(len(late), len(early)) < _LEAST_HALF:
        return Estimate(None, note=f"too few: {_LEAST_HALF} needed in each half")
    return difference((sum(late), len(late)), (sum(early), len(early)), confidence)


def _scores(values: Sequence[float]) -> list[float]:
    middle = median(values)
    spread = max(median(abs(value - middle) for value in values), _LEAST_SPREAD)
    return [_NORMAL_DEVIATION * (value - middle) / spread for value in values]


def _stretches(count: int) -> list[tuple[int, int]]:
    number = min(max(count // _WINDOW, 1), _MOST_WINDOWS) if count else 0
    return [(count * place // number, count * (place + 1) // number) for place in range(number)]


def _window(acts: Sequence[_Act]) -> Window:
    agreed, wrong = _agreed(acts), _wrong(acts)
    return Window(
        first=acts[0].judgement.created,
        last=acts[-1].judgement.created,
        judged=len(acts),
        shared=len(agreed),
        agreement=mean(agreed) if agreed else None,
        wrong=mean(wrong) if wrong else None,
        seconds=measure_speed([act.judgement for act in acts]).median,
    )


def _remarks(agreement: Estimate, wrong: Estimate, speed: Speed) -> tuple[str, ...]:
    found = []
    if _leaves_out_zero(agreement):
        found.append(f"agrees {_more(agreement)} often with the others than at the beginning")
    if _leaves_out_zero(wrong):
        found.append(f"calls questions wrong {_more(wrong)} often than at the beginning")
    if speed.quick:
        found.append(f"{len(speed.quick)} of {speed.timed} judgements far quicker than usual")
    return tuple(found)


def _leaves_out_zero(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0 or estimate.high < 0)


def _more(change: Estimate) -> str:
    return "more" if (change.value or 0) > 0 else "less"


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _when(act: _Act) -> tuple[str, str]:
    return act.judgement.created, act.judgement.judgement_id
