"""Which questions people look at: a stratified, seeded sample, and how large it must be for the interval wanted.

The questions of a stratum have one order, which seed and ids alone decide, and a sample is the beginning of it. So a
larger share contains the smaller, questions written since take their chance like all others, and a sample that grows
keeps what was judged already, without a bias towards it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from annotation.verdicts import words_of
from schemas.identity import digest
from schemas.records import Assignment, Question


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """The cell of the corpus that a question belongs to."""

    question_type: str
    answer_modality: str
    domain: str


@dataclass(frozen=True, slots=True)
class SampleTerms:
    """How to draw: `share` of every stratum but at least `least`, and of these the share `overlap` for `annotators`."""

    share: float
    least: int
    annotators: int = 1
    overlap: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, by place. `kept` stood in the earlier sample; `gone` and `reworded` did and cannot stay.

    `passed_over` did too, and could: but the corpus has grown so that keeping them would cost more than it saves.
    """

    assignments: tuple[Assignment, ...]
    kept: tuple[Assignment, ...] = ()
    gone: tuple[Assignment, ...] = ()
    reworded: tuple[Assignment, ...] = ()
    passed_over: tuple[Assignment, ...] = ()

    @property
    def judgements(self) -> int:
        """How many verdicts the sample asks for."""
        return sum(row.annotators for row in self.assignments)


def stratum_of(question: Question) -> Stratum:
    """Return the stratum of a question; no domain counts as one."""
    return Stratum(question.question_type.value, question.answer_modality, question.domain or "")


def draw_sample(questions: Iterable[Question], terms: SampleTerms, *, earlier: Sequence[Assignment] = ()) -> Sample:
    """Draw a sample, or let an earlier one grow.

    An earlier assignment stays while its question stands in the same words: a sample never shrinks, unless so many
    questions have come since that more than it holds would have to be judged to keep it. The weights of a sample sum up
    to the corpus. Places go round the strata, so that the first half of a sample is a fair half of it.

    Args:
        questions: the corpus, in any order.
        terms: how to draw; the seed must be that of the earlier sample.
        earlier: the sample that stands.

    Raises:
        ValueError: the terms cannot be, or the earlier sample was drawn with another seed.
    """
    _check(terms, earlier)
    known = {row.qa_id: row for row in earlier}
    corpus = {question.qa_id: question for question in questions}
    fit = {row.qa_id: row for row in earlier if row.qa_id in corpus and row.wording == words_of(corpus[row.qa_id])}
    drawn: list[tuple[float, Assignment]] = []
    for stratum, members in _strata(corpus.values(), terms.seed).items():
        size = _size(members, terms, fit)
        several = _several(members[:size], terms, fit)
        for rank, question in enumerate(members[:size]):
            row = _assign(question, stratum, weight=len(members) / size, terms=terms)
            people = terms.annotators if question.qa_id in several else 1
            drawn.append(((rank + 0.5) / size, replace(row, annotators=people)))
    drawn.sort(key=_round)
    chosen = {row.qa_id for _, row in drawn}
    return Sample(
        assignments=_placed([row for _, row in drawn], fit),
        kept=tuple(row for row in fit.values() if row.qa_id in chosen),
        gone=tuple(row for row in known.values() if row.qa_id not in corpus),
        reworded=tuple(row for row in known.values() if row.qa_id in corpus and row.qa_id not in fit),
        passed_over=tuple(row for row in fit.values() if row.qa_id not in chosen),
    )


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


def sample_margin(assignments: Sequence[Assignment], *, confidence: float = 0.95, expected: float = 0.5) -> float:
    """Return to within what a sample tells the error rate, once it is judged; 0 when everything was drawn.

    The variance of a stratified proportion (Cochran, section 5.11); `expected` 0.5 gives the widest margin.
    """
    drawn: dict[Stratum, int] = defaultdict(int)
    size: dict[Stratum, float] = {}
    for row in assignments:
        stratum = Stratum(row.question_type, row.answer_modality, row.domain)
        drawn[stratum] += 1
        size[stratum] = row.weight
    total = sum(size[stratum] * number for stratum, number in drawn.items())
    variance = 0.0
    for stratum, number in drawn.items():
        share = size[stratum] * number / total
        variance += share**2 * max(1 - 1 / size[stratum], 0.0) * expected * (1 - expected) / number
    return NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(variance)


def _check(terms: SampleTerms, earlier: Sequence[Assignment]) -> None:
    if not 0 <= terms.share <= 1 or terms.least < 0:
        raise ValueError(f"share must be from 0 to 1 and least from 0 up, not {terms.share} and {terms.least}")
    if not 0 <= terms.overlap <= 1 or terms.annotators < 1:
        raise ValueError(
            f"overlap must be from 0 to 1 and annotators from 1 up, not {terms.overlap}, {terms.annotators}"
        )
    other = next((row.seed for row in earlier if row.seed != terms.seed), None)
    if other is not None:
        raise ValueError(f"a sample drawn with seed {other} cannot grow with seed {terms.seed}")


def _strata(questions: Iterable[Question], seed: int) -> dict[Stratum, list[Question]]:
    found: dict[Stratum, list[Question]] = defaultdict(list)
    for question in sorted(questions, key=lambda question: digest(str(seed), question.qa_id)):
        found[stratum_of(question)].append(question)
    return dict(sorted(found.items()))


def _size(members: Sequence[Question], terms: SampleTerms, kept: Mapping[str, Assignment]) -> int:
    """Return how far down the order to draw: as the terms say, and as far as the earlier sample reached if it pays."""
    ranks = [rank for rank, question in enumerate(members, start=1) if question.qa_id in kept]
    # A share such as 0.1 of 30 is 3, not the 4 that its binary fraction rounds up to.
    wanted = math.ceil(round(terms.share * len(members), 6))
    size = max(terms.least, wanted)
    # To keep what was judged, all before it in the order must be drawn: no more of them than what is kept.
    if ranks and ranks[-1] - size <= len(ranks):
        size = max(size, ranks[-1])
    return min(len(members), size)


def _several(drawn: Sequence[Question], terms: SampleTerms, kept: Mapping[str, Assignment]) -> set[str]:
    """Return which questions several people judge: those that several were given before, then new ones, evenly spread.

    A question that one person was given before comes last, so that no second verdict is asked for without need.
    """
    order: list[tuple[int, bool, int]] = []
    for rank, question in enumerate(drawn):
        before = kept.get(question.qa_id)
        turn = math.ceil(round((rank + 1) * terms.overlap, 6)) > math.ceil(round(rank * terms.overlap, 6))
        order.append((1 if before is None else 0 if before.annotators > 1 else 2, not turn, rank))
    number = math.ceil(round(len(drawn) * terms.overlap, 6))
    return {drawn[rank].qa_id for _, _, rank in sorted(order)[:number]}


def _assign(question: Question, stratum: Stratum, *, weight: float, terms: SampleTerms) -> Assignment:
    return Assignment(
        qa_id=question.qa_id,
        wording=words_of(question),
        question_type=stratum.question_type,
        answer_modality=stratum.answer_modality,
        domain=stratum.domain,
        annotators=1,
        weight=weight,
        place=0,
        seed=terms.seed,
    )


def _placed(drawn: Sequence[Assignment], kept: Mapping[str, Assignment]) -> tuple[Assignment, ...]:
    """Number the newly drawn after those that stood, which keep their places and the people they were given."""
    following = 1 + max((row.place for row in kept.values()), default=-1)
    rows = []
    for row in drawn:
        before = kept.get(row.qa_id)
        place = before.place if before else following
        following += before is None
        rows.append(replace(row, place=place, annotators=max(row.annotators, before.annotators if before else 1)))
    return tuple(sorted(rows, key=_place))


def _round(item: tuple[float, Assignment]) -> tuple[float, str]:
    return item[0], item[1].qa_id


def _place(row: Assignment) -> int:
    return row.place
