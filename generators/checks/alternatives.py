"""Whether the other places that a question names prove its answer each by itself."""

from collections.abc import Mapping
from dataclasses import replace

from generators.checks.grounding import check_answer_numbers, check_answer_words
from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import fold
from generators.document_view import DocumentView
from generators.quantities import same_number
from schemas.kinds import EvidenceRole, Verdict
from schemas.records import CheckResult, Evidence, Question


def check_alternatives(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a place that is said to carry the answer as well lacks its numbers or words, or a cell of its program.

    Whether it stands where it says, the checks of quotes, cells and places have told.
    """
    others = [unit for unit in question.evidence if unit.role is EvidenceRole.ALTERNATIVE]
    if not others:
        return skipped("alternatives", "no other place is named")
    for unit in others:
        fault = _fault(question, unit, views)
        if fault:
            message = f"{unit.element_id[:80]}: {fault}"
            return rejected("alternatives", CheckReason.UNPROVEN_ALTERNATIVE, message)
    return passed("alternatives")


def _fault(question: Question, unit: Evidence, views: Mapping[str, DocumentView]) -> str | None:
    missing = next((text for text in _computed_from(question) if not _is_quoted(text, unit)), None)
    if missing is not None:
        return f"it does not quote “{missing[:60]}”"
    program = None if question.program is None else replace(question.program, operands=())
    alone = replace(question, evidence=(replace(unit, role=EvidenceRole.ANSWER),), program=program)
    results = (check(alone, views) for check in (check_answer_numbers, check_answer_words))
    return next((result.message for result in results if result.verdict == Verdict.FAIL), None)


def _computed_from(question: Question) -> list[str]:
    """Return the texts of the cells that the program computes with; a broken program names none."""
    operands = question.program.operands if question.program else ()
    wanted = {(item.evidence, item.row, item.col) for item in operands if item.role == "value"}
    return [
        cell.text
        for number, unit in enumerate(question.evidence)
        for cell in unit.cells
        if (number, cell.row, cell.col) in wanted
    ]


def _is_quoted(text: str, unit: Evidence) -> bool:
    said = [cell.text for cell in unit.cells]
    return any(fold(text) == fold(cell) or same_number(text, cell) for cell in said) or (
        unit.quote is not None and fold(text) in fold(unit.quote)
    )
