"""Questions, a sample and judgements made by hand, for the tests of the report."""

from typing import Any

from schemas.geometry import Box, box
from schemas.identity import wording
from schemas.kinds import AnswerKind, EvidenceRole, JudgeRole, Modality, QuestionType
from schemas.records import (
    Assignment,
    BoxCorrection,
    CheckResult,
    Evidence,
    EvidenceJudgement,
    Judgement,
    Provenance,
    Question,
)

LABELS = ("question_factual", "answer_factual", "complete", "self_contained", "human_like")
UNIT = "d/p0000/table1"
FOUND = box(0, 0, 100, 100)


def question(number: int, *checks: CheckResult) -> Question:
    """Return a question with one evidence unit."""
    evidence = Evidence(UNIT, "d", 0, "1", FOUND, Modality.TABLE, EvidenceRole.ANSWER)
    return Question(
        qa_id=f"d/qa-{number}",
        question=f"How many are {number}?",
        answer=str(number),
        answer_kind=AnswerKind.NUMBER,
        question_type=QuestionType.COMPARISON,
        answer_modality="table",
        evidence=(evidence,),
        provenance=Provenance(engine="none", software_version="0"),
        checks=checks,
    )


def words(number: int) -> str:
    """Return the wording of a question."""
    made = question(number)
    return wording(made.question, made.answer)


def drawn(number: int, *, kind: str = "comparison", weight: float = 1.0, annotators: int = 1) -> Assignment:
    """Return the assignment of a question."""
    return Assignment(f"d/qa-{number}", words(number), kind, "table", "", annotators, weight, number, 0)


def judged(number: int, who: str = "a", false: str = "", **given: Any) -> Judgement:
    """Return a whole verdict: every label holds but those named in `false`."""
    values: dict[str, Any] = {label: label not in false.split() for label in LABELS}
    values |= {"wording": words(number), "created": f"2026-01-01T{number // 60:02d}:{number % 60:02d}:00+00:00"} | given
    return Judgement(f"{number}-{who}-{values.get('role', '')}", f"d/qa-{number}", who, **values)


def settled_by_expert(number: int, false: str = "") -> Judgement:
    """Return an expert's verdict."""
    return judged(number, "expert", false, role=JudgeRole.EXPERT)


def looked(required: bool | None, *boxes: Box) -> tuple[EvidenceJudgement, ...]:
    """Return what somebody says of the evidence unit, with the boxes as redrawn."""
    return (EvidenceJudgement(UNIT, required, tuple(BoxCorrection("d", 0, one) for one in boxes)),)
