"""How far people agree on a label: percent agreement, kappa, alpha and AC, with bootstrap intervals over questions.

All coefficients are corrections for chance, `(observed - chance) / (1 - chance)`, and differ in what they take chance
to be. Each is written as a function of sums over questions, which is what makes thousands of resamples cheap.

Sources: J. Cohen, A coefficient of agreement for nominal scales, Educ. Psychol. Meas. 20 (1960) 37-46; J. L. Fleiss,
Measuring nominal scale agreement among many raters, Psychol. Bull. 76 (1971) 378-382; K. Krippendorff, Content
Analysis, 3rd ed. 2013, chapter 12; K. L. Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014, chapters 2-5, whose
extension to missing judgements Fleiss's kappa and AC follow here: who judged alone counts for how common a value is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from annotation.intervals import Array, Estimate, bootstrap, wilson

_PAIR: Final = 2


class Scale(StrEnum):
    """Whether the values of a label are in an order."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Rated:
    """One thing that people gave a value: the question that it belongs to, and who gave which value (from 0)."""

    question: str
    ratings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on one label.

    `units` are the things that got a value (questions, or evidence units), `shared` those that got two or more;
    `annotators` are the people who gave any. `kappa` is Cohen's where two people judged, else Fleiss's (`kappa_name`);
    `gwet` is AC1, or AC2 with ordinal weights (`gwet_name`). `share` is how common the value "yes" is among all given,
    None for an ordinal label.
    """

    label: str
    scale: Scale
    units: int
    shared: int
    questions: int
    annotators: int
    share: float | None
    percent: Estimate
    kappa_name: str
    kappa: Estimate
    alpha: Estimate
    gwet_name: str
    gwet: Estimate
    note: str | None = None


def measure_agreement(
    label: str,
    rated: Iterable[Rated],
    *,
    categories: int = 2,
    scale: Scale = Scale.NOMINAL,
    resampling: tuple[float, int] = (0.95, 0),
) -> Agreement:
    """Return how far people agree on a label.

    Args:
        label: its name.
        rated: what got values; things that nobody rated may be among them.
        categories: how many values there are; ratings are below it.
        scale: whether their order counts: then near misses weigh less.
        resampling: the confidence of the intervals and the seed of the resamples.
    """
    units = [unit for unit in rated if unit.ratings]
    raters = sorted({name for unit in units for name, _ in unit.ratings})
    shared = [unit for unit in units if len(unit.ratings) >= _PAIR]
    coefficients = Coefficients(categories, scale)
    sums = coefficients.sums(units, raters)
    confidence, seed = resampling
    kappa, alpha, gwet = bootstrap(
        sums,
        [coefficients.cohen if len(raters) == _PAIR else coefficients.fleiss, coefficients.alpha, coefficients.gwet],
        confidence=confidence,
        seed=seed,
    )
    given = [value for unit in units for _, value in unit.ratings]
    unanimous = len({value for unit in shared for _, value in unit.ratings}) == 1
    return Agreement(
        label=label,
        scale=scale,
        units=len(units),
        shared=len(shared),
        questions=len({unit.question for unit in shared}),
        annotators=len(raters),
        share=sum(given) / len(given) if given and categories == _PAIR else None,
        percent=_percent(coefficients, sums, shared, confidence),
        kappa_name=_kappa_name(len(raters), scale),
        kappa=_explained(kappa, unanimous),
        alpha=_explained(alpha, unanimous),
        gwet_name="AC1" if scale == Scale.NOMINAL else "AC2",
        gwet=_explained(gwet, unanimous=False),
        note=_note(len(raters), len(shared), unanimous=unanimous),
    )


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The coefficients for a number of values; each takes sums over questions, in the last axis, as `sums` lays them.

    The columns: agreement of the things with two values or more, their number, the number of all things, the share of
    every value in them, the coincidences of Krippendorff and the joint table of the first two people.
    """

    categories: int
    scale: Scale

    def sums(self, units: Sequence[Rated], raters: Sequence[str]) -> Array:
        """Return one row a question, what its things add to the sums."""
        rows: dict[str, Array] = {}
        near = weights(self.categories, self.scale)
        for unit in units:
            row = self._row(dict(unit.ratings), raters, near)
            rows[unit.question] = rows[unit.question] + row if unit.question in rows else row
        return np.array([rows[question] for question in sorted(rows)])

    def percent(self, sums: Array) -> Array:
        """Return the share of pairs that agree, near misses weighed."""
        return np.asarray(sums[..., 0] / sums[..., 1])

    def gwet(self, sums: Array) -> Array:
        """Return AC1, with ordinal weights AC2."""
        shares, near = self._shares(sums), weights(self.categories, self.scale)
        spread = near.sum() / (self.categories * (self.categories - 1))
        return _beyond(self.percent(sums), spread * (shares * (1 - shares)).sum(axis=-1))

    def fleiss(self, sums: Array) -> Array:
        """Return Fleiss's kappa, with ordinal weights where the values are in order."""
        shares = self._shares(sums)
        return _beyond(self.percent(sums), _expected(shares, shares, weights(self.categories, self.scale)))

    def cohen(self, sums: Array) -> Array:
        """Return Cohen's kappa of the first two people, with ordinal weights where the values are in order."""
        joint = self._square(sums, -(self.categories**2))
        joint = joint / joint.sum(axis=(-2, -1), keepdims=True)
        near = weights(self.categories, self.scale)
        return _beyond((joint * near).sum(axis=(-2, -1)), _expected(joint.sum(axis=-1), joint.sum(axis=-2), near))

    def alpha(self, sums: Array) -> Array:
        """Return Krippendorff's alpha, with his ordinal distances where the values are in order."""
        pairs = self._square(sums, 3 + self.categories)
        counts = pairs.sum(axis=-1)
        far = self._distances(counts)
        observed = (pairs * far).sum(axis=(-2, -1))
        chance = (counts[..., :, None] * counts[..., None, :] * far).sum(axis=(-2, -1))
        return np.asarray(1 - (counts.sum(axis=-1) - 1) * observed / chance)

    def _row(self, values: Mapping[str, int], raters: Sequence[str], near: Array) -> Array:
        counts = np.bincount(list(values.values()), minlength=self.categories).astype(float)
        number = counts.sum()
        pairs = np.outer(counts, counts) - np.diag(counts)
        joint = np.zeros((self.categories, self.categories))
        if len(raters) == _PAIR and len(values) == _PAIR:
            joint[values[raters[0]], values[raters[1]]] = 1
        coincidences = pairs / (number - 1) if number >= _PAIR else np.zeros_like(pairs)
        agreed = (coincidences * near).sum() / number
        return np.concatenate(
            [[agreed, float(number >= _PAIR), 1.0], counts / number, coincidences.ravel(), joint.ravel()]
        )

    def _shares(self, sums: Array) -> Array:
        return sums[..., 3 : 3 + self.categories] / sums[..., 2:3]

    def _square(self, sums: Array, start: int) -> Array:
        end = start + self.categories**2 or None
        square = (*sums.shape[:-1], self.categories, self.categories)
        return np.asarray(sums[..., start:end].reshape(square))

    def _distances(self, counts: Array) -> Array:
        if self.scale == Scale.NOMINAL:
            return 1 - np.eye(self.categories)
        ranks = counts.cumsum(axis=-1) - counts / 2
        return np.asarray((ranks[..., :, None] - ranks[..., None, :]) ** 2)


def weights(categories: int, scale: Scale) -> Array:
    """Return how much two values agree: 1 on the diagonal; beside it 0, or Gwet's ordinal weights.

    >>> weights(3, Scale.ORDINAL).round(2).tolist()
    [[1.0, 0.67, 0.0], [0.67, 1.0, 0.67], [0.0, 0.67, 1.0]]
    """
    if scale == Scale.NOMINAL:
        return np.eye(categories)
    places = np.arange(categories)
    steps = np.abs(places[:, None] - places[None, :])
    return np.asarray(1 - steps * (steps + 1) / (categories * (categories - 1)))


def _beyond(observed: Array, chance: Array) -> Array:
    return (observed - chance) / (1 - chance)


def _expected(first: Array, second: Array, near: Array) -> Array:
    return np.asarray((first[..., :, None] * second[..., None, :] * near).sum(axis=(-2, -1)))


def _percent(coefficients: Coefficients, sums: Array, shared: Sequence[Rated], confidence: float) -> Estimate:
    # Things of one question are not independent: the interval counts questions.
    if not shared:
        return Estimate(None, note="nothing judged by two people")
    questions = len({unit.question for unit in shared})
    return wilson(float(coefficients.percent(sums.sum(axis=0))) * questions, questions, confidence)


def _kappa_name(raters: int, scale: Scale) -> str:
    name = "Cohen" if raters == _PAIR else "Fleiss"
    return name if scale == Scale.NOMINAL else f"{name}, weighted"


def _explained(estimate: Estimate, unanimous: bool) -> Estimate:
    if estimate.value is None and unanimous:
        return Estimate(None, note="not defined: all who shared a question gave one same value")
    return estimate


def _note(raters: int, shared: int, *, unanimous: bool) -> str | None:
    if raters == 0:
        return "nobody judged this label"
    if raters == 1:
        return "one annotator only: agreement cannot be measured"
    if shared == 0:
        return "nothing was judged by two people: agreement cannot be measured"
    if unanimous:
        return "all who shared a question gave one same value: kappa and alpha are not defined, read percentage and AC"
    return None
