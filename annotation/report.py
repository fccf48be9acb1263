"""The report on a validation sample: coverage, agreement, boxes, annotators, quality, and what the checks are worth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from annotation.agreement import Agreement
from annotation.annotators import Annotator, describe_annotators
from annotation.box_agreement import BoxAgreement, measure_boxes
from annotation.calibration import CheckPowers, rank_checks
from annotation.figures import percent
from annotation.intervals import difference
from annotation.quality import Quality, Rate, Sampled, measure_quality
from annotation.ratings import counted_verdicts, measure_all
from annotation.thresholds import JudgeThreshold, judge_threshold
from annotation.verdicts import Status, latest_verdicts, settle
from schemas.arrow import to_plain
from schemas.identity import wording
from schemas.kinds import JudgeRole
from schemas.records import Assignment, Judgement, Question

_LEAST_COMPARED: Final = 20


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the sample is judged, in questions unless it says otherwise.

    `corpus` is what the sample was drawn from, `standing` how many questions there are now (merging aside).
    `unjudged` nobody has judged, `incomplete` still want a person, `agreed` are settled by annotators, `disagreed`
    await an expert, `adjudicated` are settled by one. `skipped` were skipped by somebody, `skipped_only` by everybody
    who saw them. `outdated` judgements speak of other words than those that were drawn, `outside` ones of questions
    that were not drawn; neither counts for the rates. `revised` questions read differently now, `gone` ones have left
    (merging aside).
    """

    corpus: int
    standing: int
    sample: int
    strata: int
    unjudged: int
    incomplete: int
    agreed: int
    disagreed: int
    adjudicated: int
    skipped: int
    skipped_only: int
    judgements: int
    annotators: int
    experts: int
    outdated: int
    outside: int
    revised: int
    gone: int

    @property
    def settled(self) -> int:
        """How many questions are known to be wrong or not."""
        return self.agreed + self.adjudicated


@dataclass(frozen=True, slots=True)
class JudgementReport:
    """All that people's judgements say, at one `confidence`; the same judgements and seed give the same report.

    `limit` is the largest upper bound of the error rate that the recipe lets pass. `judge` is from which score of the
    judge on as few questions are wrong; None where no judge was asked. `remarks` say, in words, what to know before any
    figure is used.
    """

    confidence: float
    seed: int
    limit: float
    coverage: Coverage
    quality: Quality
    agreement: tuple[Agreement, ...]
    boxes: BoxAgreement
    annotators: tuple[Annotator, ...]
    checks: CheckPowers
    judge: JudgeThreshold | None
    remarks: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values for JSON; what is not known is null."""
        return to_plain(self)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a report is made for: the confidence of its intervals, the seed of its resamples, the limit on errors."""

    confidence: float = 0.95
    seed: int = 0
    limit: float = 0.1


def make_report(
    judgements: Sequence[Judgement],
    assignments: Sequence[Assignment],
    questions: Sequence[Question],
    terms: Terms,
    *,
    merged: bool = False,
) -> JudgementReport:
    """Return the report on judgements of a sample.

    Args:
        judgements: all that were brought back, by annotators and experts, of any wording.
        assignments: the sample.
        questions: as they were judged; one that has left the corpus may be missing.
        terms: what the report is made for.
        merged: whether what people said has been merged into the corpus since.
    """
    confidence, seed = terms.confidence, terms.seed
    known = {question.qa_id: question for question in questions}
    read = {(one.qa_id, wording(one.question, one.answer)): one for one in questions}
    verdicts = counted_verdicts(judgements)
    sample = list(settle_sample(judgements, assignments))
    wrong = {one.assignment.qa_id: one.settled.wrong for one in sample if one.settled.wrong is not None}
    drawn = [read[key] for one in sample if (key := (one.assignment.qa_id, one.assignment.wording)) in read]
    coverage = _cover(judgements, sample, known)
    quality = measure_quality(sample, confidence=confidence)
    return JudgementReport(
        confidence=confidence,
        seed=seed,
        limit=terms.limit,
        coverage=coverage,
        quality=quality,
        agreement=measure_all(verdicts, confidence=confidence, seed=seed),
        boxes=measure_boxes(verdicts, read, confidence=confidence, seed=seed),
        annotators=describe_annotators(verdicts, _skips(judgements), confidence=confidence),
        checks=rank_checks(drawn, wrong, confidence=confidence),
        judge=judge_threshold(drawn, wrong, wanted=1 - terms.limit, confidence=confidence),
        remarks=tuple(_remarks(coverage, quality, merged=merged)),
    )


def settle_sample(judgements: Iterable[Judgement], assignments: Iterable[Assignment]) -> Iterator[Sampled]:
    """Yield every drawn question with what the judgements of its drawn wording come to, in the order of the draw."""
    by_question: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_question[judgement.qa_id].append(judgement)
    for drawn in sorted(assignments, key=_place):
        yield Sampled(drawn, settle(by_question[drawn.qa_id], drawn.wording, annotators=drawn.annotators))


def _cover(judgements: Sequence[Judgement], sample: Sequence[Sampled], known: Mapping[str, Question]) -> Coverage:
    counts = Counter(one.settled.status for one in sample)
    drawn = {one.assignment.qa_id for one in sample}
    people = {role: {one.annotator for one in judgements if one.role == role} for role in JudgeRole}
    present = [one.assignment for one in sample if one.assignment.qa_id in known]
    return Coverage(
        corpus=round(sum(one.assignment.weight for one in sample)),
        standing=len(known),
        sample=len(sample),
        strata=len({one.stratum for one in sample}),
        unjudged=counts[Status.UNJUDGED],
        incomplete=counts[Status.INCOMPLETE],
        agreed=counts[Status.AGREED],
        disagreed=counts[Status.DISAGREED],
        adjudicated=counts[Status.ADJUDICATED],
        skipped=sum(bool(one.settled.skippers) for one in sample),
        skipped_only=sum(bool(one.settled.skippers) and one.settled.status == Status.UNJUDGED for one in sample),
        judgements=len(judgements),
        annotators=len(people[JudgeRole.ANNOTATOR]),
        experts=len(people[JudgeRole.EXPERT]),
        outdated=sum(one.settled.outdated for one in sample),
        outside=sum(judgement.qa_id not in drawn for judgement in judgements),
        revised=sum(wording(known[one.qa_id].question, known[one.qa_id].answer) != one.wording for one in present),
        gone=len(sample) - len(present),
    )


def _skips(judgements: Iterable[Judgement]) -> Counter[str]:
    groups: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        groups[judgement.qa_id, judgement.wording].append(judgement)
    latest = (one for (_, words), group in groups.items() for one in latest_verdicts(group, words))
    return Counter(one.annotator for one in latest if one.skipped and one.role == JudgeRole.ANNOTATOR)


def _remarks(coverage: Coverage, quality: Quality, *, merged: bool) -> Iterator[str]:
    yield from _gaps(coverage, quality)
    if quality.overall.census:
        yield "Every question of the corpus is settled: its error rate carries no sampling error."
    if coverage.annotators == 1:
        yield "One annotator only: agreement cannot be measured, and that person's mistakes go into the error rate."
    if not coverage.disagreed and _differ(quality.alone, quality.together):
        yield (
            f"Questions that one person judges are called wrong at {percent(quality.alone.rate.value)}, those that "
            f"several judge at {percent(quality.together.rate.value)}: people's mistakes are part of the error rate. "
            "Let more people judge the same questions (annotate.overlap)."
        )
    if coverage.revised or coverage.gone:
        yield (
            f"Since the draw {coverage.revised} questions were reworded and {coverage.gone} have left the corpus: draw "
            "the sample again (annotate sample), for these rates are those of an earlier corpus."
        )
    elif coverage.sample and coverage.standing != coverage.corpus:
        yield (
            f"The sample was drawn from {coverage.corpus} questions, and there are {coverage.standing} now: let it "
            "grow (annotate sample), for the rates are those of the earlier corpus."
        )
    if merged:
        yield "What people said has been merged: the rates are those of the corpus before that."


def _gaps(coverage: Coverage, quality: Quality) -> Iterator[str]:
    if not coverage.sample:
        yield "No sample has been drawn: nothing here speaks for the corpus."
    elif not coverage.settled:
        yield "No question of the sample is settled: there is no error rate yet."
    elif coverage.settled < coverage.sample:
        yield (
            f"{coverage.sample - coverage.settled} of {coverage.sample} drawn questions are not settled. The rates "
            "rest on the others, as if those were alike."
        )
    if coverage.disagreed:
        yield f"People disagree on {coverage.disagreed} questions that no expert has settled: run annotate adjudicate."
    if coverage.settled and quality.overall.covered < 1:
        yield f"The error rate speaks for {quality.overall.covered:.0%} of the corpus: elsewhere nothing is settled."


def _differ(alone: Rate, together: Rate) -> bool:
    if min(alone.settled, together.settled) < _LEAST_COMPARED:
        return False
    gap = difference((alone.bad, alone.settled), (together.bad, together.settled))
    return gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0)


def _place(assignment: Assignment) -> tuple[int, str]:
    return assignment.place, assignment.qa_id
