"""What is known of a corpus's quality, for the gate before it leaves and for its card."""

from dataclasses import dataclass
from enum import StrEnum

from annotation.adjudication import doubts
from annotation.gate import Standing, missing
from annotation.quality import measure_quality
from annotation.report import JudgementReport, Terms, make_report, settle_sample
from annotation.verdicts import Status
from pipelines.judging import Judging, read_judging
from pipelines.merging import MergePlan, plan_merge, stands
from pipelines.workspace import Workspace
from schemas.errors import ExportError
from schemas.recipe import Recipe

_WAITING = (Status.UNJUDGED, Status.INCOMPLETE)


class ValidationStatus(StrEnum):
    """What a dataset says of its validation."""

    PASSED = "passed"
    UNVALIDATED = "unvalidated"
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True)
class Validation:
    """The validation of a corpus: `missing` is empty when it has passed, `report` is None when nobody judged anything.

    `corrected`, `removed` and `aside` count what merging did.
    """

    standing: Standing
    missing: tuple[str, ...]
    required: bool
    report: JudgementReport | None = None
    corrected: int = 0
    removed: int = 0
    aside: int = 0

    @property
    def status(self) -> ValidationStatus:
        """What the dataset says."""
        if not self.missing:
            return ValidationStatus.PASSED
        return ValidationStatus.UNVALIDATED if self.required else ValidationStatus.NOT_REQUIRED


def hold_gate(validation: Validation, *, unvalidated: bool) -> None:
    """Let a corpus leave that has passed, that need not pass, or whose owner says that it may leave unvalidated.

    Raises:
        ExportError: the recipe requires validation, and something is missing.
    """
    if validation.status == ValidationStatus.UNVALIDATED and not unvalidated:
        wanting = "".join(f"\n  - {line}" for line in validation.missing)
        raise ExportError(
            f"the recipe requires validation (validation.required), and it has not passed:{wanting}\n"
            "export --unvalidated writes the dataset all the same, and marks it as unvalidated"
        )


def examine_validation(workspace: Workspace, recipe: Recipe) -> Validation:
    """Return how far the validation of a workspace has come; nothing is written."""
    required = recipe.validation.required
    if not workspace.count("samples") and not workspace.count("judgements"):
        standing = _untouched(workspace, recipe)
        return Validation(standing, missing(standing), required)
    judging = read_judging(workspace)
    plan = plan_merge(workspace, judging)
    standing = _standing(judging, plan, recipe, unmerged=not stands(workspace, plan))
    terms = Terms(recipe.annotate.confidence, recipe.seed, recipe.validation.max_error_rate)
    report = None
    if judging.judgements:
        report = make_report(judging.judgements, judging.sample, tuple(judging.judged.values()), terms)
    return Validation(
        standing, missing(standing), required, report, len(plan.corrected), len(plan.removed), len(plan.aside)
    )


def _untouched(workspace: Workspace, recipe: Recipe) -> Standing:
    questions = workspace.count("qa")
    return Standing(
        corpus=questions,
        drawn=0,
        spoken_for=0,
        strange=0,
        judged=0,
        for_expert=0,
        unmerged=False,
        leaving=questions,
        rate=None,
        confidence=recipe.annotate.confidence,
        limit=recipe.validation.max_error_rate,
    )


def _standing(judging: Judging, plan: MergePlan, recipe: Recipe, *, unmerged: bool) -> Standing:
    rows = [row for row in judging.sample if judging.is_standing(row)]
    drawn = {row.qa_id for row in judging.sample}
    open_ids = {case.qa_id for case in judging.cases if doubts(case)}
    waiting = [
        case.qa_id
        for case in judging.cases
        if case.sampled and case.settled.status in _WAITING and case.qa_id not in open_ids
    ]
    settled = list(settle_sample(judging.judgements, rows))
    return Standing(
        corpus=len(judging.judged),
        drawn=len(judging.sample),
        spoken_for=round(sum(row.weight for row in judging.sample)),
        strange=len(judging.sample) - len(rows),
        judged=len(judging.sample) - len(waiting),
        for_expert=len(open_ids & drawn),
        unmerged=unmerged,
        leaving=len(plan.questions),
        rate=measure_quality(settled, confidence=recipe.annotate.confidence).overall if rows else None,
        confidence=recipe.annotate.confidence,
        limit=recipe.validation.max_error_rate,
    )
