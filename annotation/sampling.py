"""Which questions people look at: a stratified, seeded sample, and how large it must be for the interval wanted."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from schemas.identity import digest
from schemas.records import Question


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """The cell of the corpus that a question belongs to."""

    question_type: str
    answer_modality: str
    domain: str


def stratum_of(question: Question) -> Stratum:
    """Return the stratum of a question; no domain counts as one."""
    return Stratum(question.question_type.value, question.answer_modality, question.domain or "")


def draw_sample(questions: Sequence[Question], *, share: float, least: int, seed: int) -> list[Question]:
    """Draw `share` of every stratum, but at least `least` questions of it (all of a smaller one).

    The draw depends on the seed and the questions' ids alone, not on their order; a larger share contains the smaller
    one, so that a sample can be extended without wasting what was judged already.

    Returns:
        The sample, by stratum and then in the order of the draw.

    Raises:
        ValueError: `share` is not between 0 and 1, or `least` is negative.
    """
    if not 0 <= share <= 1 or least < 0:
        raise ValueError(f"share must be from 0 to 1 and least from 0 up, not {share} and {least}")
    strata: dict[Stratum, list[Question]] = defaultdict(list)
    for question in questions:
        strata[stratum_of(question)].append(question)
    sample: list[Question] = []
    for _, members in sorted(strata.items()):
        drawn = sorted(members, key=lambda question: digest(str(seed), question.qa_id))
        sample.extend(drawn[: max(least, math.ceil(share * len(members)))])
    return sample


def sample_size(margin: float, *, population: int, confidence: float = 0.95, expected: float = 0.5) -> int:
    """Return how many questions to judge so that an error rate is known to within `margin`.

    Cochran's formula for a proportion with the correction for a finite population (W. G. Cochran, Sampling Techniques,
    3rd ed. 1977, section 4.4). `expected` is the rate reckoned with; 0.5 asks for the most.

    >>> sample_size(0.05, population=100_000)
    383

    Raises:
        ValueError: `margin` or `confidence` is not between 0 and 1.
    """
    if not 0 < margin < 1 or not 0 < confidence < 1:
        raise ValueError(f"margin and confidence lie between 0 and 1, not {margin} and {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    endless = z * z * expected * (1 - expected) / (margin * margin)
    return min(population, math.ceil(endless / (1 + (endless - 1) / max(population, 1))))
