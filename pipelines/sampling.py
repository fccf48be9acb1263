"""The sample stage: which questions people judge, written to the table `samples` in one commit."""

import time
from dataclasses import dataclass

from annotation.sampling import Sample, SampleTerms, draw_sample, sample_margin, sample_size, stratum_of
from pipelines.judging import Judging, read_judging
from pipelines.outcomes import publish, tell
from pipelines.parts import write_part
from pipelines.workspace import WritableWorkspace, open_workspace, writing
from schemas.errors import UsageError
from schemas.identity import digest
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Assignment

SAMPLES = f"samples/{Stage.ANNOTATE.value}-000.parquet"


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What a sample is: of `questions` in `strata` so many are `drawn`, `several` of them for `annotators` people.

    `judgements` is how many verdicts it asks for, `hours` the work of all people together; judged, it tells the error
    rate to within `margin` at `confidence`. `added`, `gone`, `reworded` and `passed_over` compare it with the sample
    before.
    `wanted_seed` is the recipe's, where a sample of another seed stands and grew.
    """

    questions: int
    strata: int
    drawn: int
    several: int
    annotators: int
    judgements: int
    hours: float
    margin: float
    confidence: float
    seed: int
    added: int
    gone: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    changed: bool = True
    wanted_seed: int | None = None


def run_sample(
    workspace: str, recipe: Recipe, *, margin: float | None = None, share: float | None = None, anew: bool = False
) -> SampleReport:
    """Draw the sample that people judge, or let the one that stands grow.

    Args:
        workspace: where the questions are.
        recipe: how to draw; the seed of a sample that stands goes before the recipe's.
        margin: how closely the error rate is to be known (0.02 is ±2 %); it decides the share.
        share: how much of every stratum to draw, instead of the recipe's share.
        anew: forget the sample that stands. Judgements are kept, and count where their questions are drawn again.

    Raises:
        UsageError: there is no workspace, it holds no question, or the options cannot be.
    """
    if margin is not None and share is not None:
        raise UsageError("--margin and --share: give one of them; the margin decides how much is drawn")
    started = time.monotonic()
    open_workspace(workspace)
    with writing(workspace) as opened:
        judging = read_judging(opened)
        if not judging.judged:
            raise UsageError(
                f"{workspace}: there is no question to draw; write some with: corpusmill generate {workspace}"
            )
        earlier = () if anew else judging.sample
        terms = _terms(recipe, judging, margin=margin, share=share, anew=anew)
        sample = draw_sample(judging.judged.values(), terms, earlier=earlier)
        changed = sample.assignments != _by_place(judging.sample)
        if changed:
            _commit(opened, sample, recipe, started=started)
        return _report(judging, sample, recipe, changed=changed)


def describe_sample(report: SampleReport, workspace: str) -> list[str]:
    """Return what people want to know of a sample, a line each."""
    head = "" if report.changed else "nothing to do, the sample stands: "
    people = f", {report.several} of them for {report.annotators} people each" if report.several else ""
    lines = [
        f"{head}{report.drawn} of {tell(report.questions, 'question')} drawn from "
        f"{_strata(report.strata)}{people} (seed {report.seed})",
        f"that is {tell(report.judgements, 'judgement')}, about {report.hours:.1f} hours of work in all; "
        + _precision(report),
    ]
    for ids, what in ((report.gone, "gone from the corpus"), (report.reworded, "worded anew since")):
        if ids:
            named = ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
            lines.append(f"{tell(len(ids), 'question')} of the earlier sample {_were(len(ids))} {what} ({named})")
    if report.wanted_seed is not None:
        lines.append(
            f"it goes on with the seed that it began with, {report.seed}; --anew draws with seed {report.wanted_seed}"
        )
    if report.gone or report.reworded:
        lines.append(
            "their judgements are kept but speak of nothing that stands; the sample was drawn again without them"
        )
    if report.passed_over:
        lines.append(
            f"{tell(len(report.passed_over), 'question')} of the earlier sample left out: so many were written since "
            "that keeping them would cost more judgements than it saves; what people said of them is still merged"
        )
    return [*lines, f"next: corpusmill annotate push {workspace} --url http://HOST:8080"]


def _terms(recipe: Recipe, judging: Judging, *, margin: float | None, share: float | None, anew: bool) -> SampleTerms:
    section = recipe.annotate
    population = len(judging.judged)
    wanted = section.share if share is None else share
    if margin is not None:
        if not 0 < margin < 1:
            raise UsageError(f"--margin is {margin:g}, expected a share between 0 and 1: 0.02 is ±2 %")
        wanted = sample_size(margin, population=population, confidence=section.confidence) / population
    if not 0 < wanted <= 1:
        raise UsageError(f"--share is {wanted:g}, expected a share above 0 and up to 1: 0.2 is 20 %")
    seed = recipe.seed if anew or not judging.sample else judging.sample[0].seed
    return SampleTerms(wanted, section.least, section.annotators, section.overlap, seed)


def _commit(workspace: WritableWorkspace, sample: Sample, recipe: Recipe, *, started: float) -> None:
    draft = workspace.begin(Stage.ANNOTATE)
    try:
        for path in workspace.parts("samples"):
            draft.remove(path)
        draft.stage(write_part(workspace.folder, draft.staging, "samples", sample.assignments), SAMPLES)
        key = digest("sample", *(f"{row.qa_id} {row.wording} {row.annotators}" for row in sample.assignments))
        publish(draft, recipe, key=key, seconds=time.monotonic() - started)
    finally:
        draft.abandon()


def _report(judging: Judging, sample: Sample, recipe: Recipe, *, changed: bool) -> SampleReport:
    section, rows = recipe.annotate, sample.assignments
    stood = {row.qa_id for row in sample.kept}
    return SampleReport(
        questions=len(judging.judged),
        strata=len({stratum_of(question) for question in judging.judged.values()}),
        drawn=len(rows),
        several=sum(row.annotators > 1 for row in rows),
        annotators=max(row.annotators for row in rows),
        judgements=sample.judgements,
        hours=round(sample.judgements * section.minutes_per_question / 60, 2),
        margin=round(sample_margin(rows, confidence=section.confidence), 4),
        confidence=section.confidence,
        seed=rows[0].seed,
        added=sum(row.qa_id not in stood for row in rows),
        gone=tuple(row.qa_id for row in sample.gone),
        reworded=tuple(row.qa_id for row in sample.reworded),
        passed_over=tuple(row.qa_id for row in sample.passed_over),
        changed=changed,
        wanted_seed=None if rows[0].seed == recipe.seed else recipe.seed,
    )


def _precision(report: SampleReport) -> str:
    if not report.margin:
        return "every question is in it, so the error rate will be known exactly"
    margin, confidence = report.margin * 100, report.confidence * 100
    return f"it will tell the error rate to within ±{margin:.1f} % at {confidence:.0f} %, or better"


def _strata(number: int) -> str:
    return "1 stratum" if number == 1 else f"{number} strata"


def _were(number: int) -> str:
    return "is" if number == 1 else "are"


def _by_place(sample: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    return tuple(sorted(sample, key=_place))


def _place(row: Assignment) -> int:
    return row.place
