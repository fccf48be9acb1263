"""Whether a table program runs over the quoted cells, gives the result that the row states, and reads named cells."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from generators.checks.computation import same_result
from generators.checks.reasons import CheckReason
from generators.checks.surroundings import element_of, without_context
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import stem, without_quoted, words
from generators.document_view import DocumentView
from generators.program_runs import WHOLE_QUOTE, ProgramError, run_program
from generators.table_grid import Grid, read_grid
from generators.table_text import is_period
from generators.wording import heads_periods
from schemas.kinds import Operation
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


def check_naming(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the row or column that names a value is not quoted, or the question does not name a column it reads."""
    program = question.program
    if program is None:
        return skipped("naming", "not computed by a program")
    for number, evidence in enumerate(question.evidence):
        element = element_of(evidence, views)
        places = [(item.row, item.col) for item in program.operands if item.role == "value" and item.evidence == number]
        if element is None or not places:
            continue
        quoted = {(cell.row, cell.col) for cell in evidence.cells}
        fault = next(_naming_faults(read_grid(element.cells), places, quoted, question), None)
        if fault:
            return rejected("naming", CheckReason.QUESTION_DIFFERS, fault)
    return passed("naming")


def _naming_faults(
    grid: Grid, places: list[tuple[int, int]], quoted: set[tuple[int, int]], question: Question
) -> Iterator[str]:
    rows = {row.index: row for row in grid.rows}
    said = set(words(f"{question.question} {question.answer}"))
    # A caption that spans some years names none of its columns.
    plain = set(words(without_context(replace(question, question=without_quoted(question.question)))))
    stems = {stem(word) for word in said}
    columns = {col for _, col in places}
    for row, col in places:
        stubs = rows[row].cells if row in rows else ()
        if stubs and not any((cell.row, cell.col) in quoted for cell in stubs):
            yield f"nothing quoted names row {row}"
        heads = grid.columns[col].cells if 0 <= col < grid.width else ()
        if heads and not any((cell.row, cell.col) in quoted for cell in heads):
            yield f"nothing quoted names column {col}"
        names = _telling(grid.columns[col].header) if heads else ()
        unnamed = next((name for name in names if not _is_named(words(name), said, stems)), None)
        unnamed = unnamed or next((name for name in names if is_period(name) and not set(words(name)) <= plain), None)
        if unnamed:
            yield f"the question does not name the column “{unnamed[:60]}”"
        elif names and len(columns) == 1 and (other := _named_instead(grid, col, said, stems)):
            yield f"the question names the column “{other[:60]}”, and the program reads “{' '.join(names)[:60]}”"


def _telling(header: tuple[str, ...]) -> tuple[str, ...]:
    """Return a header without the "Year" that stands over years."""
    dated = any(is_period(name) for name in header)
    return tuple(name for name in header if not (dated and heads_periods(name)))


def _named_instead(grid: Grid, col: int, said: set[str], stems: set[str]) -> str | None:
    """Return another column of which the question says all that tells it from this one, and nothing of the reverse."""
    own = {word for name in grid.columns[col].header for word in words(name)}
    for column in grid.columns:
        others = {word for name in column.header for word in words(name)}
        if column.index == col or not others - own or not own - others:
            continue
        if not _any_said(own - others, said, stems) and _is_said(others - own, said, stems):
            return " ".join(column.header)
    return None


def _any_said(found: set[str], said: set[str], stems: set[str]) -> bool:
    return any(word in said or stem(word) in stems for word in found)


def _is_said(found: set[str], said: set[str], stems: set[str]) -> bool:
    return all(word in said or stem(word) in stems for word in found)


def _is_named(name: tuple[str, ...], said: set[str], stems: set[str]) -> bool:
    """Say whether enough of a column's name is said: every year, and half of the words."""
    if {"how", "many"} <= said and name[:2] == ("number", "of"):
        name = name[2:]
    found = [word for word in name if word in said or stem(word) in stems]
    years = [word for word in name if len(word) == 4 and word.isdigit()]
    return len(found) >= len(name) / 2 and set(years) <= said


def _operand_faults(question: Question, program: Program) -> Iterator[str]:
    if program.operation is not Operation.ABSENT and not any(item.role == "value" for item in program.operands):
        yield "no operand has a value"
    for item in program.operands:
        if item.role not in _ROLES:
            yield f"no operand has the role {item.role[:20]!r}"
        elif not 0 <= item.evidence < len(question.evidence):
            yield f"there is no evidence {item.evidence}"
        elif not _is_quoted(question, item):
            yield f"the cell at row {item.row}, column {item.col} is not quoted"


def _is_quoted(question: Question, item: Operand) -> bool:
    unit = question.evidence[item.evidence]
    if item.row == item.col == WHOLE_QUOTE:
        return item.role == "label" and bool(unit.quote)
    cells = unit.cells
    return any((cell.row, cell.col) == (item.row, item.col) for cell in cells)
