"""What the trials come to: the question as it was measured, or why it goes, or that it has to be tried again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from generators.answer_matching import Agreement
from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected, skipped
from generators.engines.exchange import EngineFailure
from generators.trials.answers import Said, agreement_of, explained_by_chance, said_in, yes_score
from generators.trials.exhibits import carrying_units
from generators.trials.naming import Results, asked_question, trial_id
from generators.trials.necessity import measured, needed_units, standing
from generators.trials.plan import TrialPlan
from schemas.kinds import QuestionType, Stage, Verdict
from schemas.recipe import TrialName
from schemas.records import CheckResult, Failure, Question, Reject

_NOT_ASKED: Final = "not asked: its evidence cannot be shown whole to this engine, or the engine would not answer"
_SHOWN: Final = 100


def settle_trials(question: Question, results: Results, plan: TrialPlan) -> Question | Reject | Failure:
    """Return the question with a check a trial, or the first trial that it fails, or the failure to try again after.

    Args:
        question: as it was tried.
        results: what came of its requests, by their ids; those of other questions do no harm.
        plan: what was tried.
    """
    own = {name: result for name, result in results.items() if asked_question(name) == question.qa_id}
    broken = next((result for result in own.values() if isinstance(result, EngineFailure) and result.retryable), None)
    if broken is not None:
        return trial_failure(question, broken)
    checks = [_TRIALS[trial](question, own, plan) for trial in plan.trials if trial in _TRIALS]
    fault = next((check for check in checks if check.verdict == Verdict.FAIL), None)
    if fault is not None:
        return trial_reject(question, fault)
    measures = plan.has(TrialName.NECESSITY) and _was_shown(question, own, plan)
    tried = _measured(question, own) if measures else question
    return with_checks(tried, checks)


def with_checks(question: Question, checks: list[CheckResult]) -> Question:
    """Return the question with further checks; earlier results of the same name go."""
    names = {check.name for check in checks}
    return replace(question, checks=(*(check for check in question.checks if check.name not in names), *checks))


def trial_reject(question: Question, fault: CheckResult) -> Reject:
    """Return the row that says which trial a question failed."""
    return Reject(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=str(fault.reason_code),
        message=f"{fault.name}: {fault.message}",
        page_index=question.evidence[0].page_index if question.evidence else None,
        text=f"{question.question} | {question.answer}",
    )


def trial_failure(question: Question, broken: EngineFailure) -> Failure:
    """Return the row that says that a question could not be tried, and may be tried again."""
    return Failure(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=broken.reason_code.value,
        message=f"a trial has no answer: {broken.message}",
        page_index=question.evidence[0].page_index if question.evidence else None,
        retryable=True,
    )


def _answerable(question: Question, results: Results, plan: TrialPlan) -> CheckResult:
    """Check that an engine answers from the evidence alone and agrees; an unanswerable question it must decline."""
    name = TrialName.ANSWERABLE.value
    said = said_in(question, results, trial_id(question.qa_id, name))
    if said is None:
        return skipped(name, _NOT_ASKED)
    if question.question_type is QuestionType.UNANSWERABLE:
        if said.declined:
            return passed(name, 1.0)
        return rejected(name, CheckReason.YET_ANSWERED, f"the evidence alone gives {_quoted(said)}", 0.0)
    if said.declined:
        return rejected(name, CheckReason.NOT_ANSWERED, "the engine finds no answer in the evidence", 0.0)
    agreement = agreement_of(said, question, results, name)
    if agreement is Agreement.UNSURE:
        return replace(skipped(name, f"cannot tell whether {_quoted(said)} agrees"), score=said.match.score)
    if agreement is Agreement.DIFFERENT:
        message = f"the evidence alone gives {_quoted(said)}, not “{question.answer[:_SHOWN]}”"
        return rejected(name, CheckReason.ANSWERED_OTHERWISE, message, said.match.score)
    return passed(name, said.match.score)


def _closed_book(question: Question, results: Results, plan: TrialPlan) -> CheckResult:
    """Check that an engine does not know the answer; the score is how well it agrees."""
    name = TrialName.CLOSED_BOOK.value
    if question.question_type is QuestionType.UNANSWERABLE:
        return skipped(name, "unanswerable")
    said = said_in(question, results, trial_id(question.qa_id, name))
    if said is None:
        return skipped(name, _NOT_ASKED)
    if said.declined or agreement_of(said, question, results, name) is not Agreement.SAME:
        return passed(name, 0.0 if said.declined else said.match.score)
    if explained_by_chance(question):
        note = f"{_quoted(said)} agrees without the evidence, which chance explains"
        return replace(passed(name, said.match.score), message=note)
    message = f"without the evidence the engine answers {_quoted(said)}"
    return rejected(name, CheckReason.CLOSED_BOOK, message, said.match.score)


def _necessity(question: Question, results: Results, plan: TrialPlan) -> CheckResult:
    """Check that the answer falls with its evidence; the score is the share of the answer's units that are needed."""
    name, units = TrialName.NECESSITY.value, carrying_units(question)
    if question.question_type is QuestionType.UNANSWERABLE or not units:
        return skipped(name, "unanswerable, or nothing carries the answer")
    if explained_by_chance(question):
        return skipped(name, "chance explains an answer without the evidence")
    if not _was_shown(question, results, plan):
        return skipped(name, _NOT_ASKED)
    stands = standing(question, results)
    if not stands:
        return passed(name, 1.0) if _was_closed(question, results) and len(units) == 1 else skipped(name, _NOT_ASKED)
    needed = needed_units(units, stands)
    if needed:
        spared = [unit for unit in units if unit not in needed]
        note = f"not needed: {', '.join(spared)}" if spared else None
        return replace(passed(name, round(len(needed) / len(units), 3)), message=note)
    if any(unit.role == "context" for unit in question.evidence):
        return replace(passed(name, 0.0), message="the context alone gives the answer too")
    return rejected(name, CheckReason.CLOSED_BOOK, "the answer stands with all evidence taken away", 0.0)


def _judge(question: Question, results: Results, plan: TrialPlan) -> CheckResult:
    """Check that the judge's score, from 0 to 1, reaches the threshold."""
    name = TrialName.JUDGE.value
    request = trial_id(question.qa_id, name)
    score = yes_score(results, request)
    if score is None:
        return skipped(name, "the judge said neither yes nor no" if request in results else _NOT_ASKED)
    if score < plan.judge_threshold:
        message = f"scored {score:.2f}, under {plan.judge_threshold:g}"
        return rejected(name, CheckReason.JUDGED_UNFIT, message, round(score, 4))
    return passed(name, round(score, 4))


def _measured(question: Question, results: Results) -> Question:
    """Return the question with what taking evidence away has shown; as it was where nothing could be asked."""
    units = carrying_units(question)
    if question.question_type is QuestionType.UNANSWERABLE or not units:
        return question
    if explained_by_chance(question):
        return measured(question, units)
    stands = standing(question, results)
    is_known = bool(stands) or (len(units) == 1 and _was_closed(question, results))
    return measured(question, needed_units(units, stands)) if is_known else question


def _was_shown(question: Question, results: Results, plan: TrialPlan) -> bool:
    """Say whether the engine could read the evidence: else it tells nothing that the answer falls without it."""
    shown = said_in(question, results, trial_id(question.qa_id, TrialName.ANSWERABLE)) is not None
    return shown or not plan.has(TrialName.ANSWERABLE)


def _was_closed(question: Question, results: Results) -> bool:
    """Say whether the question was asked without evidence, which for a single unit is to take it away."""
    return said_in(question, results, trial_id(question.qa_id, TrialName.CLOSED_BOOK)) is not None


def _quoted(said: Said) -> str:
    return f"“{said.text[:_SHOWN]}”"


_TRIALS: Final[dict[TrialName, Callable[[Question, Results, TrialPlan], CheckResult]]] = {
    TrialName.ANSWERABLE: _answerable,
    TrialName.CLOSED_BOOK: _closed_book,
    TrialName.NECESSITY: _necessity,
    TrialName.JUDGE: _judge,
}
