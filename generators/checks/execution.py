"""Whether a table program runs over the quoted cells and gives the result that the row states."""

from collections.abc import Iterator, Mapping
from typing import Final

from generators.checks.computation import same_result
from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected, skipped
from generators.document_view import DocumentView
from generators.programs import ProgramError, run_program
from schemas.records import CheckResult, Operand, Program, Question

_ROLES: Final = frozenset({"value", "label"})


def check_program(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the program reads cells that are not quoted, cannot run, or gives another result."""
    program = question.program
    if program is None:
        return skipped("program", "not computed by a program")
    fault = next(_operand_faults(question, program), None)
    if fault:
        return rejected("program", CheckReason.PROGRAM_BROKEN, fault)
    try:
        result = run_program(program, question.evidence)
    except ProgramError as error:
        return rejected("program", CheckReason.PROGRAM_BROKEN, str(error))
    if not same_result(result, program.result):
        return rejected("program", CheckReason.PROGRAM_DIFFERS, f"it gives {result}, the row says {program.result}")
    return passed("program")


def _operand_faults(question: Question, program: Program) -> Iterator[str]:
    if not any(item.role == "value" for item in program.operands):
        yield "no operand has a value"
    for item in program.operands:
        if item.role not in _ROLES:
            yield f"no operand has the role {item.role[:20]!r}"
        elif not 0 <= item.evidence < len(question.evidence):
            yield f"there is no evidence {item.evidence}"
        elif not _is_quoted(question, item):
            yield f"the cell at row {item.row}, column {item.col} is not quoted"


def _is_quoted(question: Question, item: Operand) -> bool:
    cells = question.evidence[item.evidence].cells
    return any((cell.row, cell.col) == (item.row, item.col) for cell in cells)
