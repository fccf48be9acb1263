"""What people's judgements make of a question: it stands, is changed, or leaves.

A proposal is a function of the question as it was judged and of the judgements alone, so that it comes out the same
however often it is made. Whether a changed question still stands its checks is for the caller to find out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from annotation.adjudication import Case, corrections, doubts, drawn_boxes, nothing_required, same_boxes
from schemas.geometry import Box, box, union
from schemas.kinds import EvidenceRole, Modality, Stage
from schemas.records import Evidence, Judgement, Question, Reject, Revision

CORRECTED: Final = "corrected"
"""The step of a revision that people's correction replaced."""


class MergeReason(StrEnum):
    """Why a question left after people judged it, or why a correction was not taken. Documented in docs/checks.md."""

    description: str

    def __new__(cls, code: str, description: str) -> "MergeReason":
        """Make a member that equals its code and carries its description."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    QUESTION_NOT_FACTUAL = "question_not_factual", "People judged that the question is not factual."
    ANSWER_NOT_FACTUAL = "answer_not_factual", "People judged that the answer is not factual."
    NOT_COMPLETE = "not_complete", "People judged that the answer is not complete."
    NOT_SELF_CONTAINED = "not_self_contained", "People judged that the question does not stand on its own."
    NOTHING_REQUIRED = "nothing_required", "People judged that no evidence which carries the answer is required."
    CORRECTION_FAILS = "correction_fails", "The question as people corrected it fails a check; both texts are kept."
    CORRECTION_REPEATS = "correction_repeats", "The question as people corrected it asks what another one asks."


_FAULTS: Final[Mapping[str, MergeReason]] = {
    "question_factual": MergeReason.QUESTION_NOT_FACTUAL,
    "answer_factual": MergeReason.ANSWER_NOT_FACTUAL,
    "complete": MergeReason.NOT_COMPLETE,
    "self_contained": MergeReason.NOT_SELF_CONTAINED,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to become of a judged question.

    `after` is the question with what people changed, or None when it leaves; the same as `before` when it stands.
    `reason` says why it leaves. `wrong` is whether it was judged wrong as it was. `authors` are who said so.
    """

    before: Question
    after: Question | None
    wrong: bool
    authors: tuple[str, ...]
    reason: MergeReason | None = None
    comments: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether merging does anything."""
        return self.after != self.before


def propose(case: Case) -> Proposal | None:
    """Return what a case comes to; None while it is not settled, or an expert must look first."""
    question, settled = case.question, case.settled
    if question is None or not settled.status.is_settled or doubts(case):
        return None
    voices = _voices(case)
    wordings = corrections(voices, question)
    authors = tuple(dict.fromkeys(one.annotator for one in voices))
    comments = tuple(text for one in case.counted if (text := (one.comment or "").strip()))
    wrong = bool(settled.wrong)
    reason = _reason(case, question, corrected=len(wordings) == 1)
    if reason is not None:
        return Proposal(question, None, wrong, authors, reason, comments)
    changed = _with_evidence(question, case)
    if len(wordings) == 1:
        changed = _reworded(changed, wordings[0], _correctors(voices, question))
    return Proposal(question, changed, wrong, authors, comments=comments)


def rejection(proposal: Proposal, reason: MergeReason, message: str, *, text: str | None = None) -> Reject:
    """Return the row of `rejects` for a question that leaves, or for a correction that is not taken."""
    question = proposal.before
    evidence = question.evidence[0] if question.evidence else None
    said = "; ".join((message, *(f"“{comment}”" for comment in proposal.comments)))
    return Reject(
        stage=Stage.ANNOTATE,
        subject=question.qa_id,
        reason_code=reason.value,
        message=said,
        page_index=evidence.page_index if evidence else None,
        text=text or f"{question.question} | {question.answer}",
    )


def both_texts(before: Question, after: Question) -> str:
    """Return a question and what people made of it, for people to read."""
    return f"as it was: {before.question} | {before.answer}\nas corrected: {after.question} | {after.answer}"


def _voices(case: Case) -> list[Judgement]:
    """Return whose corrections count: the expert's; the annotators' too where an expert confirms and adds none."""
    expert, question = case.expert, case.question
    if expert is None or question is None:
        return case.people
    if corrections([expert], question) or not case.settled.wrong:
        return [expert]
    return [expert, *(one for one in case.people if corrections([one], question))]


def _correctors(voices: Iterable[Judgement], question: Question) -> str:
    return ", ".join(dict.fromkeys(one.annotator for one in voices if corrections([one], question)))


def _reason(case: Case, question: Question, *, corrected: bool) -> MergeReason | None:
    faults = case.settled.faults
    if faults and not corrected:
        return _FAULTS[faults[0]]
    return MergeReason.NOTHING_REQUIRED if nothing_required(question, case.settled) else None


def _reworded(question: Question, wording: tuple[str, str], author: str) -> Question:
    earlier = Revision(CORRECTED, author, question.question, question.answer)
    return replace(question, question=wording[0], answer=wording[1], history=(*question.history, earlier))


def _with_evidence(question: Question, case: Case) -> Question:
    """Return the question with roles and boxes as people see them; modality and hops follow the roles."""
    required = {unit.element_id: unit.required for unit in case.settled.evidence}
    boxes = dict(_agreed_boxes(case))
    units = tuple(_unit(unit, required.get(unit.element_id), boxes.get(unit.element_id)) for unit in question.evidence)
    if [unit.role for unit in units] == [unit.role for unit in question.evidence]:
        return replace(question, evidence=units)
    answering = [unit for unit in units if unit.role == EvidenceRole.ANSWER]
    modalities = {unit.modality for unit in answering}
    return replace(
        question,
        evidence=units,
        answer_modality="+".join(kind.value for kind in Modality if kind in modalities),
        hops=max(1, len({unit.element_id for unit in answering})),
    )


def _unit(unit: Evidence, required: bool | None, drawn: tuple[int, Box] | None) -> Evidence:
    # What is required need not carry the answer: a caption that one must read stays context.
    role = EvidenceRole.CONTEXT if required is False and unit.role == EvidenceRole.ANSWER else unit.role
    corrected = drawn[1] if drawn and drawn[0] == unit.page_index else unit.corrected_bbox
    return replace(unit, role=role, corrected_bbox=corrected)


def _agreed_boxes(case: Case) -> Iterator[tuple[str, tuple[int, Box]]]:
    """Yield, by element, the page and the mean of the boxes that people drew alike; an expert's go before theirs."""
    theirs, experts = drawn_boxes(case.people), drawn_boxes([case.expert] if case.expert else [])
    for element, drawn in (theirs | experts).items():
        pages = {one.page_index for boxes in drawn for one in boxes}
        if len(pages) == 1 and all(same_boxes(drawn[0], other) for other in drawn[1:]):
            yield element, (pages.pop(), _mean([union(one.bbox for one in boxes) for boxes in drawn]))


def _mean(boxes: Sequence[Box]) -> Box:
    return box(*(sum(sides) / len(boxes) for sides in zip(*boxes, strict=True)))
