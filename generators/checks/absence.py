"""Whether what an unanswerable question asks for is really missing from the table that it names."""

import re
from collections.abc import Mapping

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import elements_of, lead_texts, near_texts
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import fold, words
from generators.document_view import DocumentView
from generators.subjects import document_name
from generators.table_grid import Grid, read_grid
from generators.unanswerable_tables import may_hold
from schemas.kinds import ElementKind, Operation
from schemas.records import CheckResult, Element, Program, Question


def check_absence(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the table or its caption names what is said to be absent, or the question asks for something else.

    The program must have looked at every row label, or at every header of the columns of numbers.
    """
    program = question.program
    if program is None or program.operation is not Operation.ABSENT:
        return skipped("absence", "nothing is said to be absent")
    item = program.argument or ""
    if f" {' '.join(words(item))} " not in f" {' '.join(words(question.question))} ":
        return rejected("absence", CheckReason.QUESTION_DIFFERS, f"the question does not ask for “{item[:60]}”")
    strange = set(_years(question.question)) - set(_years(" ".join(_around(question, views)))) - set(_years(item))
    if strange:
        return rejected("absence", CheckReason.UNSUPPORTED_QUESTION, f"{min(strange)} stands nowhere near")
    tables = [(at, element) for at, (_, element) in enumerate(elements_of(question, views)) if _is_table(element)]
    if not tables:
        return rejected("absence", CheckReason.NO_EVIDENCE, "no table is named")
    for at, table in tables:
        caption = views[table.doc_id].caption_of(table)
        texts = [*(cell.text for cell in table.cells), caption.text if caption else ""]
        found = next((text for text in texts if may_hold(text, item)), None)
        if found:
            return rejected("absence", CheckReason.UNANSWERABLE_MISMATCH, f"the table may hold “{fold(found)[:60]}”")
        if not _looked_everywhere(read_grid(table.cells), program, at):
            return rejected("absence", CheckReason.INCOMPLETE_OPERANDS, "labels are left out")
    return passed("absence")


def _years(text: str) -> list[str]:
    return re.findall(r"\b(?:1[5-9]|20)\d\d\b", text)


def _around(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what may be said of a table: its own words, what leads to it, the name of its document."""
    named = [document_name(views[unit.doc_id]) for unit, _ in elements_of(question, views)]
    names = [name for name, _ in filter(None, named)]
    return [*near_texts(question, views), *lead_texts(question, views), *names]


def _is_table(element: Element) -> bool:
    return element.kind is ElementKind.TABLE


def _looked_everywhere(grid: Grid, program: Program, evidence: int) -> bool:
    places = {(item.row, item.col) for item in program.operands if item.evidence == evidence}
    rows = {(row.cells[-1].row, row.cells[-1].col) for row in grid.rows if row.cells}
    heads = {(cell.row, cell.col) for column in grid.number_columns for cell in column.cells}
    return rows <= places or heads <= places
