"""The adjudicate stage: the judged questions that an expert must look at become tasks of a second project."""

import time
from dataclasses import dataclass

from annotation.adjudication import Case, differing, doubts
from annotation.verdicts import LABELS
from pipelines.judging import read_judging
from pipelines.outcomes import RunOutcome, tell
from pipelines.progress import Reporter
from pipelines.pushing import push_tasks
from pipelines.workspace import open_workspace
from schemas.kinds import JudgeRole
from schemas.recipe import Recipe
from schemas.records import Judgement


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's verdict as it is shown: the labels that are False, and the correction, if any."""

    annotator: str
    rejects: tuple[str, ...]
    correction: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A question that an expert must look at, why, and what people said of it."""

    qa_id: str
    question: str
    answer: str
    reasons: tuple[str, ...]
    explanation: str
    voices: tuple[Voice, ...]


def open_cases(workspace: str) -> list[OpenCase]:
    """Return the questions that an expert must look at, in the order of the sample.

    Raises:
        UsageError: there is no workspace.
    """
    return [found for case in read_judging(open_workspace(workspace)).cases if (found := _open_case(case)) is not None]


def run_adjudicate(workspace: str, recipe: Recipe, *, reporter: Reporter | None = None) -> RunOutcome:
    """Push the open cases into the expert's project; a case that is there already is not pushed again.

    Raises:
        UsageError: there is no workspace, or no server is named.
        AnnotationError: the server cannot be used.
    """
    started = time.monotonic()
    cases = open_cases(workspace)
    if not cases:
        message = "nothing to do: no judged question waits for an expert"
        return RunOutcome(0, message, time.monotonic() - started, {"open": 0})
    ids = [case.qa_id for case in cases]
    outcome = push_tasks(workspace, recipe, role=JudgeRole.EXPERT, qa_ids=ids, reporter=reporter)
    message = f"{tell(len(cases), 'question')} for an expert; {outcome.message}"
    counts = {"open": len(cases), **outcome.counts}
    return RunOutcome(outcome.exit_code, message, time.monotonic() - started, counts)


def _open_case(case: Case) -> OpenCase | None:
    reasons = doubts(case)
    if not reasons or case.question is None:
        return None
    labels = differing(case)
    explained = [reason.description for reason in reasons]
    if labels:
        explained[0] += f" ({', '.join(labels)})"
    return OpenCase(
        qa_id=case.qa_id,
        question=case.question.question,
        answer=case.question.answer,
        reasons=tuple(reason.value for reason in reasons),
        explanation="; ".join(explained),
        voices=tuple(_voice(one) for one in case.people),
    )


def _voice(judgement: Judgement) -> Voice:
    texts = [text for text in (judgement.corrected_question, judgement.corrected_answer) if text]
    return Voice(
        judgement.annotator,
        tuple(name for name in LABELS if getattr(judgement, name) is False),
        " | ".join(texts) or None,
        judgement.comment,
    )
