"""The reject row of a finished question that the whole set has no room for."""

from generators.checks.reasons import CheckReason
from schemas.kinds import Stage
from schemas.records import Question, Reject


def dropped(question: Question, reason: CheckReason, message: str) -> Reject:
    """Return the row that says why a question leaves, with its words for people to read."""
    evidence = question.evidence[0] if question.evidence else None
    return Reject(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=reason.value,
        message=message,
        page_index=evidence.page_index if evidence else None,
        text=question.question,
    )
