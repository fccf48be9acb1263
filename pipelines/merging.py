"""The merge stage: what people judged enters the questions; qa, originals and its rejects are replaced in one commit.

The outcome is a function of the questions as they were judged and of all judgements. So merging again changes nothing,
a judgement that came later is merged as if it had come in time, and a merge after `generate` ran again applies whatever
still speaks of the words that stand.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotation.adjudication import Case, doubts
from annotation.merging import MergeReason, Proposal, both_texts, propose, rejection
from annotation.verdicts import Status, words_of
from generators.checks.catalog import check_question, failed
from generators.deduplication import deduplicate
from generators.document_view import DocumentView
from pipelines.checking import Views
from pipelines.judging import Judging, read_judging
from pipelines.outcomes import publish, tell
from pipelines.parts import write_part
from pipelines.workspace import Workspace, WritableWorkspace, open_workspace, writing
from schemas.arrow import from_table
from schemas.identity import digest
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import CheckResult, Judgement, Question, Reject

_TARGETS = {
    "qa": f"qa/{Stage.GENERATE.value}-000.parquet",  # the part that `generate` replaces
    "originals": f"originals/{Stage.ANNOTATE.value}-000.parquet",
    "rejects": f"rejects/{Stage.ANNOTATE.value}-000.parquet",
}


@dataclass(frozen=True, slots=True)
class PutAside:
    """A correction that was not taken: why, both texts, and whether the question stays as it was."""

    qa_id: str
    reason_code: str
    message: str
    before: str
    after: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """A judgement that speaks of words that do not stand any more."""

    qa_id: str
    annotator: str
    why: str
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging gives: the new tables, and what to tell of them."""

    questions: tuple[Question, ...]
    originals: tuple[Question, ...]
    rejects: tuple[Reject, ...]
    judged: int
    corrected: tuple[str, ...]
    evidence: tuple[str, ...]
    removed: tuple[str, ...]
    aside: tuple[PutAside, ...]
    unfit: tuple[Unfit, ...]
    open_cases: tuple[tuple[str, str], ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, or would do; `changed` is whether there was anything to do."""

    plan: MergePlan
    changed: bool
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """1 when a correction could not be taken."""
        return int(bool(self.plan.aside))


def run_merge(workspace: str, recipe: Recipe, *, dry_run: bool = False) -> MergeReport:
    """Merge what people judged into the questions.

    Raises:
        UsageError: there is no workspace.
        WorkspaceError: it cannot be written; what was there stays.
    """
    opened = open_workspace(workspace)
    if dry_run:
        plan = plan_merge(opened)
        return MergeReport(plan, not stands(opened, plan), dry_run=True)
    with writing(workspace) as writable:
        return merge_judgements(writable, recipe)


def merge_judgements(workspace: WritableWorkspace, recipe: Recipe) -> MergeReport:
    """Merge what people judged into the questions of a workspace whose lock we hold."""
    started = time.monotonic()
    plan = plan_merge(workspace)
    changed = not stands(workspace, plan)
    if changed:
        _commit(workspace, plan, recipe, started=started)
    return MergeReport(plan, changed)


def describe_merge(report: MergeReport) -> list[str]:
    """Return what people want to know of a merge, a line each."""
    plan = report.plan
    if not plan.judged and not plan.open_cases and not plan.unfit:
        return ["nothing to do: no question is judged yet (corpusmill annotate pull brings what people judged)"]
    head = "merged already, nothing to do" if not report.changed else "would be merged" if report.dry_run else "merged"
    lines = [
        f"{tell(plan.judged, 'judged question')} {head}: {len(plan.corrected)} corrected, {len(plan.removed)} removed, "
        f"{len(plan.evidence)} with other evidence, the rest stand; {tell(len(plan.questions), 'question')} in all"
    ]
    if plan.aside:
        lines.append(f"{tell(len(plan.aside), 'correction')} not taken; both texts are in the table rejects")
    if plan.unfit:
        lines.append(f"{tell(len(plan.unfit), 'judgement')} of words that do not stand any more, kept but not merged")
    if plan.open_cases:
        number = len({qa_id for qa_id, _ in plan.open_cases})
        lines.append(
            f"{tell(number, 'question')} for an expert first: corpusmill annotate adjudicate --dry-run lists them"
        )
    if plan.waiting:
        lines.append(f"{tell(plan.waiting, 'question')} of the sample not judged by all who should yet")
    return lines


def plan_merge(workspace: Workspace, judging: Judging | None = None) -> MergePlan:
    """Return what merging all judgements into the questions gives; nothing is written."""
    found = read_judging(workspace) if judging is None else judging
    proposals = [proposal for case in found.cases if (proposal := propose(case)) is not None]
    merged = _merge(found.judged, proposals, Views(workspace))
    changed = {proposal.before.qa_id for proposal in proposals if proposal.changes}
    after = {question.qa_id: question for question in merged.questions}
    originals = [found.judged[name] for name in sorted(changed) if after.get(name) != found.judged[name]]
    touched = [(question, after[question.qa_id]) for question in originals if question.qa_id in after]
    return MergePlan(
        questions=tuple(merged.questions),
        originals=tuple(originals),
        rejects=tuple(sorted(merged.rejects, key=_by_subject)),
        judged=len(proposals),
        corrected=tuple(new.qa_id for old, new in touched if (old.question, old.answer) != (new.question, new.answer)),
        evidence=tuple(new.qa_id for old, new in touched if old.evidence != new.evidence),
        removed=tuple(question.qa_id for question in originals if question.qa_id not in after),
        aside=tuple(merged.aside),
        unfit=tuple(_unfit(found, after)),
        open_cases=tuple((case.qa_id, doubt.value) for case in found.cases for doubt in doubts(case)),
        waiting=sum(_is_waiting(case) for case in found.cases),
    )


def stands(workspace: Workspace, plan: MergePlan) -> bool:
    """Say whether the tables hold already what merging gives."""
    rows = {"qa": plan.questions, "originals": plan.originals}
    return all(
        sorted(workspace.records(table), key=_by_qa_id) == sorted(wanted, key=_by_qa_id)
        for table, wanted in rows.items()
    ) and sorted(_merge_rejects(workspace), key=_by_subject) == list(plan.rejects)


@dataclass(frozen=True, slots=True)
class _Merged:
    questions: list[Question]
    rejects: list[Reject]
    aside: list[PutAside]


def _merge(judged: Mapping[str, Question], proposals: Sequence[Proposal], views: Mapping[str, DocumentView]) -> _Merged:
    merged = _Merged([], [], [])
    after = dict(judged)
    for proposal in sorted(proposals, key=_by_document):
        if not proposal.changes:
            continue
        settled = _settle(proposal, views, merged)
        if settled is None:
            del after[proposal.before.qa_id]
        else:
            after[proposal.before.qa_id] = settled
    merged.questions.extend(_without_repeats(after, proposals, merged))
    return merged


def _settle(proposal: Proposal, views: Mapping[str, DocumentView], merged: _Merged) -> Question | None:
    """Return what becomes of a question that people changed, and write down what is not taken."""
    before, after = proposal.before, proposal.after
    if after is None:
        assert proposal.reason is not None  # a question leaves for a reason
        merged.rejects.append(rejection(proposal, proposal.reason, _said(proposal, proposal.reason.description)))
        return None
    checked = check_question(after, views)
    fault = failed(checked)
    if fault is None:
        return checked
    return _put_aside(proposal, MergeReason.CORRECTION_FAILS, explain(fault, before), merged)


def _put_aside(proposal: Proposal, reason: MergeReason, message: str, merged: _Merged) -> Question | None:
    before, after = proposal.before, proposal.after
    assert after is not None  # only what was corrected is put aside
    stays = None if proposal.wrong else before
    fate = "it was judged right and stays as it was" if stays else "it was judged wrong and left"
    row = rejection(proposal, reason, f"{message}; {fate}", text=both_texts(before, after))
    merged.rejects.append(row)
    texts = f"{before.question} | {before.answer}", f"{after.question} | {after.answer}"
    merged.aside.append(PutAside(before.qa_id, reason.value, message, *texts, stays=stays is not None))
    return stays


def _without_repeats(after: Mapping[str, Question], proposals: Iterable[Proposal], merged: _Merged) -> list[Question]:
    """Return the questions by id; one that a correction made the same as another goes back, or leaves."""
    changed = {one.before.qa_id: one for one in proposals if one.after is not None and one.changes}
    changed = {name: one for name, one in changed.items() if name in after and after[name] != one.before}
    result = dict(sorted(after.items()))
    _, twins = deduplicate(result.values()) if changed else ((), ())
    for twin in twins:
        name = twin.subject if twin.subject in changed else _culprit(after[twin.subject], changed, after)
        if name is None or result.get(name) != after[name]:
            continue
        stays = _put_aside(changed[name], MergeReason.CORRECTION_REPEATS, _twin_message(name, twin), merged)
        result.pop(name)
        if stays is not None:
            result[name] = stays
    return [result[name] for name in sorted(result)]


def _culprit(loser: Question, changed: Iterable[str], after: Mapping[str, Question]) -> str | None:
    """Return the corrected question for which one that nobody touched would have to go."""
    return next((name for name in changed if len(deduplicate([loser, after[name]])[0]) == 1), None)


def _twin_message(name: str, twin: Reject) -> str:
    return twin.message if twin.subject == name else f"asks the same as {twin.subject}"


def explain(fault: CheckResult, question: Question) -> str:
    """Return why a corrected question fails, with what to do where its answer is computed."""
    message = f"{fault.name}: {fault.message}"
    if question.program is None or not fault.name.startswith("program"):
        return message
    return (
        f"{message}; a table program computes {question.program.result} from the quoted cells: either the correction "
        "is mistaken, or the cells were read wrongly and the document must be extracted again"
    )


def _said(proposal: Proposal, description: str) -> str:
    return f"{description.rstrip('.')} ({', '.join(proposal.authors)})"


def _unfit(judging: Judging, merged: Mapping[str, Question]) -> Iterator[Unfit]:
    """Yield the verdicts on words that neither stand nor came of a merge."""
    for case in judging.cases:
        standing = [words_of(one) for one in (case.question, merged.get(case.qa_id)) if one is not None]
        for one in case.judgements:
            if not one.skipped and one.wording not in standing:
                yield Unfit(case.qa_id, one.annotator, "reworded" if case.question else "gone", _correction(one))


def _correction(judgement: Judgement) -> str | None:
    texts = [text for text in (judgement.corrected_question, judgement.corrected_answer) if text]
    return " | ".join(texts) or None


def _is_waiting(case: Case) -> bool:
    unsettled = case.settled.status in (Status.UNJUDGED, Status.INCOMPLETE)
    return case.sampled and case.question is not None and unsettled and not doubts(case)


def _commit(workspace: WritableWorkspace, plan: MergePlan, recipe: Recipe, *, started: float) -> None:
    draft = workspace.begin(Stage.ANNOTATE)
    rows: dict[str, Sequence[object]] = {
        "qa": plan.questions,
        "originals": plan.originals,
        "rejects": plan.rejects,
    }
    try:
        for table, target in _TARGETS.items():
            for path in workspace.parts(table):
                if path == target or table != "rejects":
                    draft.remove(path)
            if rows[table]:
                draft.stage(write_part(workspace.folder, draft.staging, table, rows[table]), target)
        key = digest("merge", *(words_of(question) for question in plan.questions))
        publish(draft, recipe, key=key, seconds=time.monotonic() - started)
    finally:
        draft.abandon()


def _merge_rejects(workspace: Workspace) -> list[Reject]:
    path = _TARGETS["rejects"]
    return from_table(workspace.read_parts("rejects", [path]), Reject) if path in workspace.parts("rejects") else []


def _by_qa_id(question: Question) -> str:
    return question.qa_id


def _by_subject(row: Reject) -> tuple[str, str, str]:
    return row.subject, row.reason_code, row.message


def _by_document(proposal: Proposal) -> str:
    return proposal.before.qa_id
