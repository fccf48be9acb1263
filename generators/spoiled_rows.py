"""Parts of a question as mutations read and replace them."""

from dataclasses import replace

from generators.table_text import clean
from schemas.kinds import Modality
from schemas.records import Evidence, Operand, Question


def with_evidence(question: Question, at: int, evidence: Evidence) -> Question:
    """Return the question with one evidence replaced."""
    return replace(question, evidence=(*question.evidence[:at], evidence, *question.evidence[at + 1 :]))


def operand_labels(question: Question) -> list[str]:
    """Return the cleaned texts of the label cells that the program reads."""
    operands = question.program.operands if question.program else ()
    return [operand_text(question, item) for item in operands if item.role == "label"]


def operand_text(question: Question, item: Operand) -> str:
    """Return the cleaned text of an operand's cell, "" where it is not quoted."""
    return clean(text_at(question, item.row, item.col))


def text_at(question: Question, row: int, col: int) -> str:
    """Return the text of a quoted cell, of the first table that quotes one there."""
    for evidence in question.evidence:
        for cell in evidence.cells if evidence.modality == Modality.TABLE else ():
            if (cell.row, cell.col) == (row, col):
                return cell.text
    return ""
