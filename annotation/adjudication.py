"""Which judged questions an expert must look at, and why.

A case is a question as people saw it, with all that they said of it. It is closed by an expert's whole verdict; until
then every doubt keeps it open, and what is open is neither merged nor counted as adjudicated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from annotation.verdicts import DECISIVE, Settled, Status, is_whole, latest_verdicts, settle, words_of
from schemas.geometry import Box, iou, union
from schemas.kinds import EvidenceRole, JudgeRole, Verdict
from schemas.recipe import TrialName
from schemas.records import Assignment, BoxCorrection, Judgement, Question

SAME_BOX: Final = 0.5
"""Two people drew the same box when intersection over union is at least this."""

WEAK_WHEN_LOW: Final = ("answer_words", TrialName.ANSWERABLE.value, TrialName.JUDGE.value)
"""The checks whose score runs from 0 to 1 and speaks for the answer.

Others count (words that lead to the evidence, other places that answer), or are at their best near 0 (what an engine
knows without the evidence).
"""

_LOW_SCORE: Final = 0.6


class Doubt(StrEnum):
    """Why an expert must look. `description` says it in one line."""

    description: str

    def __new__(cls, code: str, description: str) -> "Doubt":
        """Make a member that equals its code and carries its description."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.description = description
        return member

    LABELS_DIFFER = "labels_differ", "annotators differ on whether it is wrong"
    CORRECTIONS_DIFFER = "corrections_differ", "annotators correct it in different words"
    EVIDENCE_DIFFERS = "evidence_differs", "annotators differ on which evidence is required"
    BOXES_DIFFER = "boxes_differ", "annotators drew different boxes around the same evidence"
    LONE_REJECTION = "lone_rejection", "one person alone says that it is wrong"
    NOTHING_REQUIRED = "nothing_required", "it is right, yet none of its evidence is required"
    WEAK_CHECK = "weak_check", "one person alone says that it is right, and an automatic check failed or scored low"
    ALL_SKIPPED = "all_skipped", "everybody who was asked skipped it"


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it was judged, with everybody's judgements of it; `annotators` is how many are to judge it.

    `question` is None when the question is gone, so that the judgements speak of nothing.
    """

    qa_id: str
    question: Question | None
    judgements: tuple[Judgement, ...]
    annotators: int
    settled: Settled
    sampled: bool = True

    @property
    def counted(self) -> list[Judgement]:
        """The verdicts that count: each person's latest on the question as it stands, none that was skipped."""
        if self.question is None:
            return []
        return [one for one in latest_verdicts(self.judgements, words_of(self.question)) if not one.skipped]

    @property
    def expert(self) -> Judgement | None:
        """The expert's verdict, if there is a whole one."""
        whole = [one for one in self.counted if one.role == JudgeRole.EXPERT and one.annotator == self.settled.expert]
        return whole[-1] if whole and self.settled.status == Status.ADJUDICATED else None

    @property
    def people(self) -> list[Judgement]:
        """The annotators' verdicts."""
        return [one for one in self.counted if one.role == JudgeRole.ANNOTATOR]


def build_cases(
    questions: Mapping[str, Question], assignments: Iterable[Assignment], judgements: Iterable[Judgement]
) -> list[Case]:
    """Return a case for every question that was drawn or judged, by place and then by id.

    Args:
        questions: the corpus as it was judged, by id.
        assignments: the sample; a question outside it needs one judge.
        judgements: all that people said.
    """
    drawn = {row.qa_id: row for row in assignments}
    said: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        said.setdefault(judgement.qa_id, []).append(judgement)
    order = sorted({*drawn, *said}, key=lambda name: (drawn[name].place if name in drawn else len(drawn), name))
    return [_case(name, questions.get(name), said.get(name, ()), drawn.get(name)) for name in order]


def doubts(case: Case) -> tuple[Doubt, ...]:
    """Return why an expert must look at a case; nothing when it is closed, or people are still at it."""
    if case.question is None or case.expert is not None:
        return ()
    if not case.settled.judges and len(case.settled.skippers) >= case.annotators:
        return (Doubt.ALL_SKIPPED,)
    if case.settled.status not in (Status.AGREED, Status.DISAGREED):
        return ()
    return tuple(_doubts(case, case.question))


def corrections(judgements: Iterable[Judgement], question: Question) -> list[tuple[str, str]]:
    """Return the different wordings, as (question, answer), that people want instead of the one they saw."""
    found = []
    for one in judgements:
        asked = _text(one.corrected_question) or question.question
        answered = _text(one.corrected_answer) or question.answer
        if not _same_words((asked, answered), (question.question, question.answer)):
            found.append((asked, answered))
    return [pair for place, pair in enumerate(found) if not any(_same_words(pair, seen) for seen in found[:place])]


def drawn_boxes(judgements: Iterable[Judgement]) -> dict[str, list[tuple[BoxCorrection, ...]]]:
    """Return, by element, the boxes that each person drew who drew any."""
    found: dict[str, list[tuple[BoxCorrection, ...]]] = {}
    for one in judgements:
        for unit in one.evidence:
            if unit.boxes:
                found.setdefault(unit.element_id, []).append(unit.boxes)
    return found


def same_boxes(one: Sequence[BoxCorrection], other: Sequence[BoxCorrection]) -> bool:
    """Say whether two people drew the same, page by page."""
    a, b = _by_page(one), _by_page(other)
    return a.keys() == b.keys() and all(iou(a[page], b[page]) >= SAME_BOX for page in a)


def _case(
    qa_id: str, question: Question | None, judgements: Sequence[Judgement], assignment: Assignment | None
) -> Case:
    annotators = assignment.annotators if assignment else 1
    settled = Settled(Status.UNJUDGED)
    if question is not None:
        settled = settle(judgements, words_of(question), annotators=annotators)
    ordered = tuple(sorted(judgements, key=_by_id))
    return Case(qa_id, question, ordered, annotators, settled, sampled=assignment is not None)


def _doubts(case: Case, question: Question) -> Iterator[Doubt]:
    settled, people = case.settled, case.people
    if settled.status == Status.DISAGREED:
        yield Doubt.LABELS_DIFFER
    if len(corrections(people, question)) > 1:
        yield Doubt.CORRECTIONS_DIFFER
    answering = {unit.element_id for unit in question.evidence if unit.role == EvidenceRole.ANSWER}
    if any(unit.disputed and unit.required is None and unit.element_id in answering for unit in settled.evidence):
        yield Doubt.EVIDENCE_DIFFERS
    if any(not same_boxes(a, b) for drawn in drawn_boxes(people).values() for a, b in combinations(drawn, 2)):
        yield Doubt.BOXES_DIFFER
    lone = sum(is_whole(one) for one in people) == 1
    if lone and settled.wrong:
        yield Doubt.LONE_REJECTION
    if settled.wrong is False and nothing_required(question, settled):
        yield Doubt.NOTHING_REQUIRED
    if lone and settled.wrong is False and _is_weak(question):
        yield Doubt.WEAK_CHECK


def nothing_required(question: Question, settled: Settled) -> bool:
    """Say whether people judged that no evidence which carries the answer is required."""
    required = {unit.element_id: unit.required for unit in settled.evidence}
    answering = [unit.element_id for unit in question.evidence if unit.role == EvidenceRole.ANSWER]
    return bool(answering) and all(required.get(name) is False for name in answering)


def differing(case: Case) -> tuple[str, ...]:
    """Return the decisive labels that annotators differ on."""
    return tuple(name for name in case.settled.disputed if name in DECISIVE)


def _is_weak(question: Question) -> bool:
    return any(
        result.verdict == Verdict.FAIL
        or (result.name in WEAK_WHEN_LOW and result.score is not None and result.score < _LOW_SCORE)
        for result in question.checks
    )


def _by_page(boxes: Iterable[BoxCorrection]) -> dict[tuple[str, int], Box]:
    pages: dict[tuple[str, int], list[Box]] = {}
    for one in boxes:
        pages.setdefault((one.doc_id, one.page_index), []).append(one.bbox)
    return {page: union(found) for page, found in pages.items()}


def _same_words(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return [text.split() for text in one] == [text.split() for text in other]


def _text(text: str | None) -> str:
    return (text or "").strip()


def _by_id(judgement: Judgement) -> str:
    return judgement.judgement_id
