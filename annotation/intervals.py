"""Estimates with their intervals: Wilson's, Newcombe's and the bootstrap; what cannot be known is None with the reason.

No estimate ever holds NaN: a statistic that is not defined on the data has no value and says why.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import norm

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], Array]

REPLICATES: Final = 2000
_CHUNK_CELLS: Final = 4_000_000
# An interval from fewer defined replicates than this share would speak of a part of them only.
_LEAST_DEFINED: Final = 0.9
_SAME: Final = 1e-12
_APART: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval. `value` is None where it is not defined, `low` and `high` where none can be given.

    `note` says why something is missing, or what to know when reading it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    note: str | None = None

    @property
    def margin(self) -> float | None:
        """Half the length of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def quantile(confidence: float) -> float:
    """Return the normal quantile of a two-sided interval.

    >>> round(quantile(0.95), 3)
    1.96
    """
    return float(norm.ppf((1 + confidence) / 2))


def wilson(successes: float, trials: float, confidence: float = 0.95) -> Estimate:
    """Return a share with Wilson's score interval; counts may be effective ones, and then are not whole.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
    """
    if trials <= 0:
        return Estimate(None, note="nothing judged")
    z2 = quantile(confidence) ** 2
    share = successes / trials
    center = (successes + z2 / 2) / (trials + z2)
    half = quantile(confidence) * np.sqrt(share * (1 - share) * trials + z2 / 4) / (trials + z2)
    return Estimate(share, max(0.0, float(center - half)), min(1.0, float(center + half)))


def difference(first: tuple[float, float], second: tuple[float, float], confidence: float = 0.95) -> Estimate:
    """Return the difference of two shares, first minus second, each given as (successes, trials).

    Method 10 of R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in
    Medicine 17 (1998) 873-890.

    >>> found = difference((56, 70), (48, 80))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    a, b = wilson(*first, confidence), wilson(*second, confidence)
    if a.value is None or b.value is None or a.low is None or b.low is None or a.high is None or b.high is None:
        return Estimate(None, note="nothing judged")
    below = np.hypot(a.value - a.low, b.high - b.value)
    above = np.hypot(a.high - a.value, b.value - b.low)
    gap = a.value - b.value
    return Estimate(gap, float(gap - below), float(gap + above))


def area_under_curve(area: float, positives: int, negatives: int, confidence: float = 0.95) -> Estimate:
    """Return an area under a ROC curve with a score interval, which also holds for areas of 1.

    Method 5 of R. G. Newcombe, Confidence intervals for an effect size measure based on the Mann-Whitney statistic,
    part 2, Statistics in Medicine 25 (2006) 559-573: the variance is Hanley and McNeil's at the bound itself.
    """
    given = (area, positives, negatives, quantile(confidence) ** 2)
    # A bound of 0 or 1 solves the equation too, without meaning anything: the search stays off the area itself.
    low = 0.0 if area < _APART else float(brentq(_excess, 0.0, area - _APART, args=given))
    high = 1.0 if area > 1 - _APART else float(brentq(_excess, area + _APART, 1.0, args=given))
    return Estimate(area, low, high)


def bootstrap(
    features: Array, statistics: Sequence[Statistic], *, confidence: float = 0.95, seed: int = 0
) -> list[Estimate]:
    """Return statistics of a sample with bootstrap intervals (BCa), all from the same seeded resamples.

    B. Efron, Better bootstrap confidence intervals, JASA 82 (1987) 171-185. Resamples in which a statistic is not
    defined are left out of its interval; where there are too many of them it has none.

    Args:
        features: one row a thing that is drawn (a question), in columns whose sums are all that a statistic needs.
        statistics: each maps sums, in the last axis, to a value, NaN where it is not defined.
        confidence: of the intervals.
        seed: of the resamples.
    """
    count = len(features)
    if count == 0:
        return [Estimate(None, note="nothing judged") for _ in statistics]
    total = features.sum(axis=0)
    # Many questions are judged alike: the few kinds of rows, and how often each comes, are all that is drawn from.
    kinds, repeats = np.unique(features, axis=0, return_counts=True)
    counts = repeats.astype(float)
    resampled = _resample(kinds, counts, seed)
    found = []
    for statistic in statistics:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = float(statistic(total))
            found.append(_interval(value, statistic(resampled), (statistic(total - kinds), counts), confidence))
    return found


def _excess(bound: float, area: float, positives: int, negatives: int, z2: float) -> float:
    extra = (positives + negatives) / 2 - 1
    spread = 1 + extra * (1 - bound) / (2 - bound) + extra * bound / (1 + bound)
    return (area - bound) ** 2 - z2 * bound * (1 - bound) * spread / (positives * negatives)


def _resample(kinds: Array, counts: Array, seed: int) -> Array:
    number = int(counts.sum())
    generator = np.random.default_rng(seed)
    chunk = max(1, min(REPLICATES, _CHUNK_CELLS // len(kinds)))
    sums = [
        generator.multinomial(number, counts / number, size=min(chunk, REPLICATES - start)) @ kinds
        for start in range(0, REPLICATES, chunk)
    ]
    return np.concatenate(sums)


def _interval(value: float, resampled: Array, without_one: tuple[Array, Array], confidence: float) -> Estimate:
    if not math.isfinite(value):
        return Estimate(None, note="not defined on these judgements")
    defined = resampled[np.isfinite(resampled)]
    if len(defined) < _LEAST_DEFINED * len(resampled):
        return Estimate(value, note="no interval: too few of the resamples define it")
    if np.ptp(defined) < _SAME:
        return Estimate(value, note="no interval: every resample gives the same value")
    low, high = np.quantile(defined, _levels(value, defined, without_one, confidence))
    return Estimate(value, float(low), float(high))


def _levels(value: float, resampled: Array, without_one: tuple[Array, Array], confidence: float) -> tuple[float, float]:
    # Half of the ties count as below, so that a statistic with few values is not taken for a biased one.
    below = float(np.mean(resampled < value - _SAME) + np.mean(np.abs(resampled - value) <= _SAME) / 2)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    values, counts = without_one
    pulls = np.average(values, weights=counts) - values
    spread = float((counts * pulls**2).sum())
    if not 0 < below < 1 or not math.isfinite(spread) or spread < _SAME:
        return tails
    shift, skew = norm.ppf(below), float((counts * pulls**3).sum()) / (6 * spread**1.5)
    moved = [shift + norm.ppf(tail) for tail in tails]
    low, high = (float(norm.cdf(shift + one / max(1 - skew * one, _SAME))) for one in moved)
    return low, high
