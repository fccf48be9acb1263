#!/usr/bin/env python3
"""Measure how often the report's intervals hold the truth, on corpora and people made up by dice.

    python bench/intervals.py [--draws N] [--seed N]

Prints, for each setting, the coverage of a nominal 95 % interval: of the corpus's error rate (stratified draws without
putting back, as `annotation.sampling` makes them) and of kappa, alpha and AC1 (people who err at a given rate).
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotation.agreement import Coefficients, Rated, Scale
from annotation.intervals import bootstrap
from annotation.quality import Cell, estimate_rate

_MANY: Final = 200_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Strata with their sizes and error rates, and how they are drawn from."""

    name: str
    sizes: tuple[int, ...]
    wrong: tuple[float, ...]
    share: float
    least: int = 5


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many questions so many people judge, how often "yes" is true, and how often they see the truth."""

    questions: int
    raters: int
    yes: float
    sees: float


CORPORA: Final = (
    Corpus("a fifth of eight strata", (2000, 1500, 800, 500, 300, 200, 100, 100), (0.05,) * 6 + (0.1, 0.3), 0.2),
    Corpus("a fiftieth of eight strata", (2000, 1500, 800, 500, 300, 200, 100, 100), (0.05,) * 6 + (0.1, 0.3), 0.02),
    Corpus("a small corpus", (60, 40, 25, 20, 10, 5), (0.1, 0.1, 0.1, 0.2, 0.2, 0.4), 0.2),
    Corpus("the large stratum is the bad one", (5000, 50, 50, 50, 50, 50), (0.15,) + (0.02,) * 5, 0.01, 30),
    Corpus("the large stratum is the good one", (5000, 50, 50, 50, 50, 50), (0.02,) + (0.2,) * 5, 0.01, 30),
    Corpus("few faults", (2000, 1000, 500, 500), (0.01, 0.01, 0.01, 0.02), 0.1),
    Corpus("one stratum", (500,), (0.08,), 0.2),
    Corpus("forty strata of forty", (40,) * 40, (0.1,) * 40, 0.05, 3),
    Corpus("strata as unlike as can be", (1000,) * 4, (0.02, 0.05, 0.5, 0.9), 0.05),
)
CROWDS: Final = (
    Crowd(50, 2, 0.9, 0.95),
    Crowd(100, 2, 0.9, 0.95),
    Crowd(200, 2, 0.95, 0.95),
    Crowd(100, 2, 0.7, 0.9),
    Crowd(100, 3, 0.85, 0.92),
)


def cover_rates(corpus: Corpus, draws: int, dice: np.random.Generator) -> tuple[int, float, float, float]:
    """Return the sample's size, the coverage, the share of truths under the upper bound, and the mean length."""
    sizes = np.array(corpus.sizes)
    bad = np.round(sizes * np.array(corpus.wrong)).astype(int)
    drawn = np.minimum(sizes, np.maximum(corpus.least, np.ceil(corpus.share * sizes))).astype(int)
    truth = bad.sum() / sizes.sum()
    found = []
    for sample in dice.hypergeometric(bad, sizes - bad, drawn, size=(draws, len(sizes))):
        cells = [Cell(*cell) for cell in zip(corpus.sizes, drawn.tolist(), sample.tolist(), strict=True)]
        estimate = estimate_rate(cells)
        low, high = estimate.low or 0.0, estimate.high or 0.0
        found.append((low <= truth <= high, truth <= high, high - low))
    within, under, length = (float(column) for column in np.mean(found, axis=0))
    return int(drawn.sum()), within, under, length


def cover_agreement(crowd: Crowd, draws: int, dice: np.random.Generator) -> Iterator[tuple[str, float, float]]:
    """Yield each coefficient with its true value and its coverage."""
    coefficients = Coefficients(2, Scale.NOMINAL)
    names = ("Cohen" if crowd.raters == 2 else "Fleiss", "alpha", "AC1")
    statistics: list[Any] = [
        coefficients.cohen if crowd.raters == 2 else coefficients.fleiss,
        coefficients.alpha,
        coefficients.gwet,
    ]
    raters = [str(number) for number in range(crowd.raters)]
    truth = [float(statistic(_sums(_MANY, crowd, raters, dice).sum(axis=0))) for statistic in statistics]
    hits = np.zeros(len(names))
    for number in range(draws):
        found = bootstrap(_sums(crowd.questions, crowd, raters, dice), statistics, seed=number)
        hits += [
            one.low is None or one.high is None or one.low <= true <= one.high
            for one, true in zip(found, truth, strict=True)
        ]
    yield from zip(names, truth, (hits / draws).tolist(), strict=True)


def _sums(number: int, crowd: Crowd, raters: list[str], dice: np.random.Generator) -> Any:
    """Return the sums of made-up questions: few patterns of answers, each laid out once."""
    truth = dice.random(number) < crowd.yes
    seen = dice.random((number, crowd.raters)) < crowd.sees
    answers = np.where(seen, truth[:, None], ~truth[:, None]).astype(int)
    patterns, places = np.unique(answers, axis=0, return_inverse=True)
    units = [Rated(f"{n:04d}", tuple(zip(raters, row, strict=True))) for n, row in enumerate(patterns.tolist())]
    return Coefficients(2, Scale.NOMINAL).sums(units, raters)[places.ravel()]


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000, help="samples a setting; a fifth of it for coefficients")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = np.random.default_rng(arguments.seed)
    print("error rate of the corpus         drawn  coverage  under the upper bound  mean length")
    for corpus in CORPORA:
        drawn, within, under, length = cover_rates(corpus, arguments.draws, dice)
        print(f"{corpus.name:34} {drawn:4}     {within:.3f}                  {under:.3f}        {length:.3f}")
    print("\nagreement: questions, people, yes, sees    coefficient   true   coverage")
    for crowd in CROWDS:
        for name, true, within in cover_agreement(crowd, arguments.draws // 5, dice):
            setting = f"{crowd.questions:4} {crowd.raters} {crowd.yes:.2f} {crowd.sees:.2f}"
            print(f"{setting:42} {name:10} {true:8.3f}     {within:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
