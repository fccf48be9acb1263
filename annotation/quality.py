"""What share of the corpus is wrong, from the sample that people judged.

What makes a question wrong is defined in `annotation.verdicts`. The settled verdict of a question counts once, however
many people judged it; a question that is not settled says nothing, and how many there are is told.

Strata are weighed by their size in the corpus (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, chapter 5, with the
correction for a finite population). The interval over strata is Wilson's with the effective number of questions in
place of the number judged (E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201; N. Dean and M. Pagano,
J. Survey Statistics and Methodology 3 (2015) 484-503). The effective number is the smaller of two: Kish's, which takes
all strata to be equally wrong, and the one of the strata's own rates, each drawn towards the common rate so that a
small stratum without a fault does not count as known. The ends are moved out to whole questions, which matters in
strata of a few dozen, where Wilson's interval alone is too sure of a single fault. `bench/intervals.py` simulates how
often the intervals hold the truth.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotation.intervals import Estimate, wilson
from annotation.sampling import Stratum
from annotation.verdicts import LABELS, Settled, Status
from schemas.records import Assignment

# As many questions of the common rate are reckoned into every stratum when its spread is estimated.
_BORROWED: Final = 2
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Cell:
    """A stratum as it was judged: its size in the corpus, how many are settled, and how many of these are bad."""

    size: int
    settled: int
    bad: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of bad questions in a part of the corpus.

    `size` is the part's size, `drawn` how many of it were drawn, `settled` and `bad` what came of them; the estimate
    weighs strata, so it need not be `bad / settled`. `pessimistic` takes every question on which people still disagree
    for bad. `census` says that all of it is settled: the rate is then known. `covered` is the share of the part that
    lies in strata with a settled question; the estimate speaks of these alone.
    """

    name: str
    size: int
    drawn: int
    settled: int
    bad: int
    rate: Estimate
    pessimistic: Estimate
    covered: float
    census: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """Rates of wrong questions, of the corpus and its parts, and of labels that do not hold over the whole corpus.

    `alone` rests on the questions that one person judges, `together` on those that several do. Who judges alone is
    drawn at random, so that a difference between the two is people's mistakes, which nobody corrects in the former.
    """

    overall: Rate
    alone: Rate
    together: Rate
    types: tuple[Rate, ...]
    modalities: tuple[Rate, ...]
    domains: tuple[Rate, ...]
    strata: tuple[Rate, ...]
    labels: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """A drawn question and what the judgements of it come to."""

    assignment: Assignment
    settled: Settled

    @property
    def stratum(self) -> Stratum:
        """The cell of the corpus that it was drawn from."""
        drawn = self.assignment
        return Stratum(drawn.question_type, drawn.answer_modality, drawn.domain)


def measure_quality(sample: Sequence[Sampled], *, confidence: float = 0.95) -> Quality:
    """Return the rates of wrong questions and of labels that do not hold."""
    wrong = [(one, one.settled.wrong, one.settled.status == Status.DISAGREED) for one in sample]
    return Quality(
        overall=_rate("corpus", wrong, confidence),
        alone=_of_those("judged by one", wrong, several=False, confidence=confidence),
        together=_of_those("judged by several", wrong, several=True, confidence=confidence),
        types=_parts(wrong, "question_type", confidence),
        modalities=_parts(wrong, "answer_modality", confidence),
        domains=_parts(wrong, "domain", confidence),
        strata=_parts(wrong, None, confidence),
        labels=(
            *(_rate(label, _of_label(sample, label), confidence) for label in LABELS),
            _rate("evidence", _of_evidence(sample), confidence),
        ),
    )


def estimate_rate(cells: Iterable[Cell], confidence: float = 0.95) -> Estimate:
    """Return the share of bad questions over strata, of those that have a settled question.

    >>> round(estimate_rate([Cell(900, 90, 9), Cell(100, 10, 5)]).value, 3)
    0.14
    """
    known = [cell for cell in cells if cell.settled]
    total = sum(cell.size for cell in known)
    if not known:
        return Estimate(None, note="nothing settled")
    rate = sum(cell.size / total * cell.bad / cell.settled for cell in known)
    effective = _effective(known, total, rate)
    if effective is None:
        return Estimate(rate, rate, rate, note="all of it is judged: no sampling error")
    found = wilson(rate * effective, effective, confidence)
    # A corpus holds a whole number of bad questions: those that were seen at least, all but the good ones at most.
    bad, good = sum(cell.bad for cell in known), sum(cell.settled - cell.bad for cell in known)
    low = max(math.floor((found.low or 0.0) * total + _ROUNDING), bad) / total
    high = min(math.ceil((1.0 if found.high is None else found.high) * total - _ROUNDING), total - good) / total
    return Estimate(rate, min(low, rate), max(high, rate))


Outcome = tuple[Sampled, bool | None, bool]
"""A drawn question, whether it is bad (None: not settled), and whether people disagree on it."""


def _effective(cells: Sequence[Cell], total: int, rate: float) -> float | None:
    parts = [(cell.size / total) ** 2 * _left(cell) / cell.settled for cell in cells]
    if sum(parts) <= 0:
        return None
    drawn = ((cell.bad + _BORROWED * rate) / (cell.settled + _BORROWED) for cell in cells)
    variance = sum(part * share * (1 - share) for part, share in zip(parts, drawn, strict=True))
    equal = 1 / sum(parts)
    return min(equal, rate * (1 - rate) / variance) if variance > 0 and 0 < rate < 1 else equal


def _left(cell: Cell) -> float:
    return max(cell.size - cell.settled, 0) / max(cell.size - 1, 1)


def _rate(name: str, outcomes: Sequence[Outcome], confidence: float) -> Rate:
    strata: dict[Stratum, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        strata[outcome[0].stratum].append(outcome)
    cells = [_cell(members, disputed=False) for _, members in sorted(strata.items())]
    doubted = [_cell(members, disputed=True) for _, members in sorted(strata.items())]
    size = sum(cell.size for cell in cells)
    covered = sum(cell.size for cell in cells if cell.settled)
    return Rate(
        name=name,
        size=size,
        drawn=len(outcomes),
        settled=sum(cell.settled for cell in cells),
        bad=sum(cell.bad for cell in cells),
        rate=estimate_rate(cells, confidence),
        pessimistic=estimate_rate(doubted, confidence),
        covered=covered / size if size else 0.0,
        census=bool(cells) and all(cell.settled >= cell.size for cell in cells),
    )


def _cell(members: Sequence[Outcome], *, disputed: bool) -> Cell:
    weight = sum(sampled.assignment.weight for sampled, _, _ in members)
    values = [
        bad if bad is not None else True for _, bad, differ in members if bad is not None or (disputed and differ)
    ]
    return Cell(size=max(round(weight), len(members)), settled=len(values), bad=sum(values))


def _parts(outcomes: Sequence[Outcome], field: str | None, confidence: float) -> tuple[Rate, ...]:
    parts: Mapping[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        parts[_part(outcome[0].stratum, field)].append(outcome)
    return tuple(_rate(name, members, confidence) for name, members in sorted(parts.items()))


def _part(stratum: Stratum, field: str | None) -> str:
    if field is not None:
        return str(getattr(stratum, field)) or "no domain"
    named = (stratum.question_type, stratum.answer_modality, stratum.domain)
    return ", ".join(part for part in named if part)


def _of_those(name: str, outcomes: Sequence[Outcome], *, several: bool, confidence: float) -> Rate:
    own = [(outcome[0].assignment.annotators > 1) == several for outcome in outcomes]
    # The others stay, as if nobody had judged them, so that strata keep their size.
    kept = [outcome if mine else (outcome[0], None, False) for outcome, mine in zip(outcomes, own, strict=True)]
    return replace(_rate(name, kept, confidence), drawn=sum(own))


def _of_label(sample: Sequence[Sampled], label: str) -> list[Outcome]:
    return [(one, _negated(one.settled.label(label)), label in _open(one.settled)) for one in sample]


def _of_evidence(sample: Sequence[Sampled]) -> list[Outcome]:
    found: list[Outcome] = []
    for one in sample:
        units = one.settled.evidence
        needless = any(unit.required is False for unit in units)
        known = bool(units) and (needless or all(unit.required is not None for unit in units))
        found.append((one, needless if known else None, any(unit.disputed for unit in units)))
    return found


def _open(settled: Settled) -> tuple[str, ...]:
    return tuple(label for label in settled.disputed if settled.label(label) is None)


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value
