"""Whether a computed answer is what its table program gives, and whether the question asks for just that."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Final

from generators.checks.operation_words import operation_fault
from generators.checks.reasons import CheckReason
from generators.checks.surroundings import element_of, label_texts, value_texts, without_context
from generators.checks.units import states_scale, states_unit
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, fold, share_found, without_quoted, words
from generators.document_view import DocumentView
from generators.measures import read_measure
from generators.program_runs import LIST_MARK
from generators.quantities import find_quantities, parse_quantity, uses_decimal_comma
from generators.table_grid import Grid, read_grid
from generators.table_text import period_order
from generators.wording import split_year
from schemas.kinds import ElementKind, Operation
from schemas.records import CheckResult, Element, Program, Question

_NO_PROGRAM: Final = "not computed by a program"
# Operations over whole columns, whose rows no question names.
_OVER_ALL: Final = frozenset(
    {Operation.MAXIMUM, Operation.MINIMUM, Operation.RANK, Operation.COUNT, Operation.FILTER, Operation.TOP}
)
_COVERING: Final = _OVER_ALL | {Operation.SUM}
# Operations over a few rows, all of which the question names, and no others.
_NAMING: Final = frozenset(
    {Operation.AVERAGE, Operation.SUM, Operation.EXCESS, Operation.DIFFERENCE, Operation.RATIO, Operation.LOOKUP}
)
# Operations whose result is in the unit of what they read.
_KEEPING: Final = frozenset({Operation.LOOKUP, Operation.SUM, Operation.AVERAGE, Operation.EXCESS})
_OF_ALL: Final = frozenset({Operation.SUM, Operation.AVERAGE})
_ALL: Final = re.compile(r"\ball (?:the )?(?P<number>\d+) ")
_FOREIGN_SIGNS: Final = re.compile(r"\d,(?:\d{1,2}|\d{4,})(?![\d,])|\d(?:\.\d{3}){2,}(?!\d)")
_LISTS: Final = frozenset({Operation.FILTER, Operation.TOP})
_NAMED_SHARE: Final = 0.5


def check_program_answer(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the answer does not state the program's result, its unit or its scale."""
    program = question.program
    if program is None:
        return skipped("program_answer", _NO_PROGRAM)
    if program.operation is Operation.ABSENT:
        return skipped("program_answer", "there is no answer")
    if program.operation in _LISTS:
        return _check_list(question.answer, program)
    comma = question.language.split("-")[0] != "en" or uses_decimal_comma(value_texts(question))
    signs = _FOREIGN_SIGNS.search(question.answer)
    if not comma and signs and not any(signs.group() in text for text in value_texts(question)):
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, "points and commas mean the reverse in the table")
    if not _states_result(question.answer, program, decimal_comma=comma):
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, f"the answer does not state {program.result}")
    if parse_quantity(program.result) is None and not find_quantities(question.answer.replace(program.result, " ")):
        return passed("program_answer")
    said = f"{question.answer}\n{question.question}"
    foreign = _foreign_unit(question, program, views)
    if foreign:
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, foreign)
    unit = program.unit or _printed_unit(question, program)
    if unit and not states_unit(said, unit):
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, f"the unit {unit} is not stated")
    if program.scale != 1 and not states_scale(said, program.scale):
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, f"the scale {program.scale:g} is not stated")
    return passed("program_answer")


def check_program_question(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question's words ask for another operation, or name other rows than those that are read."""
    program = question.program
    if program is None:
        return skipped("program_question", _NO_PROGRAM)
    faults = chain(_unnamed(question, program), _unread(question, program, views), _backwards(question, program))
    fault = operation_fault(question, program) or next(faults, None)
    if fault:
        return rejected("program_question", CheckReason.QUESTION_DIFFERS, fault)
    return passed("program_question")


def check_coverage(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an extremum, rank, count or sum leaves out cells of its row or column.

    Totals, and rows under another group heading, may be left out; so may everything that the question does not name
    when it names each row that it is about.
    """
    program = question.program
    if program is None or not (program.operation in _COVERING or covers_all(question, program)):
        return skipped("coverage", _NO_PROGRAM if program is None else "the operation covers no row or column")
    places = {(item.row, item.col) for item in program.operands if item.role == "value"}
    sources = {item.evidence for item in program.operands if item.role == "value"}
    if len(sources) != 1 or not all(0 <= source < len(question.evidence) for source in sources):
        return skipped("coverage", "the operands come from several tables")
    element = element_of(question.evidence[sources.pop()], views)
    if element is None or element.kind != ElementKind.TABLE or not places:
        return skipped("coverage", "no table to compare with")
    if program.operation == Operation.SUM and not any(True for _ in _unnamed(question, program)):
        return passed("coverage")
    missed = _left_out(element, places)
    if missed:
        return rejected("coverage", CheckReason.INCOMPLETE_OPERANDS, f"left out: {', '.join(missed[:5])}")
    return passed("coverage")


def covers_all(question: Question, program: Program) -> bool:
    """Tell whether a question asks for a sum or a mean over all rows, and says how many: "across all 7 countries"."""
    number = sum(item.role == "value" for item in program.operands)
    said = _ALL.search(without_context(question))
    return program.operation in _OF_ALL and said is not None and said["number"] == str(number)


def same_result(one: str, other: str) -> bool:
    """Say whether two results are the same number, or the same words."""
    a, b = parse_quantity(one), parse_quantity(other)
    if a is None or b is None:
        return fold(one) == fold(other)
    return a.total == b.total


def _states_result(answer: str, program: Program, *, decimal_comma: bool) -> bool:
    result = program.result
    number = parse_quantity(result)
    if number is None:
        return share_found(content_stems(result), content_stems(answer)) == 1 and _words_in(result, answer)
    readings = [*find_quantities(answer), *(find_quantities(answer, decimal_comma=True) if decimal_comma else ())]
    # A result "in thousands" may be written out; a point moved by three places is no way to write it.
    total = number.total * Decimal(str(program.scale))
    return any(abs(found.value) == abs(number.value) or found.total == total for found in readings)


def _check_list(answer: str, program: Program) -> CheckResult:
    """Fail unless the answer lists the program's items and nothing else; where they are ranked, in their order."""
    items, rest = program.result.split(LIST_MARK), f" {' '.join(words(answer))} "
    for item in sorted(items, key=lambda item: -len(item)):
        said = f" {' '.join(words(item))} "
        at = rest.find(said)
        if at < 0:
            return rejected("program_answer", CheckReason.ANSWER_DIFFERS, f"the answer does not list “{item[:60]}”")
        rest = f"{rest[: at + 1]}{'#' * (len(said) - 2)}{rest[at + len(said) - 1 :]}"
    extra = [word for word in rest.split() if word != "and" and not word.startswith("#")]
    if extra:
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, f"the answer lists “{' '.join(extra)[:60]}” too")
    if program.operation is Operation.TOP and not _in_order(items, answer):
        return rejected("program_answer", CheckReason.ANSWER_DIFFERS, "the answer lists the items in another order")
    return passed("program_answer")


def _in_order(items: list[str], answer: str) -> bool:
    said = [word for word in words(answer) if word != "and"]
    return said == [word for item in items for word in words(item) if word != "and"]


def _printed_unit(question: Question, program: Program) -> str | None:
    """Return the unit that stands in the cell of a lookup."""
    values = [item for item in program.operands if item.role == "value" and 0 <= item.evidence < len(question.evidence)]
    if program.operation != Operation.LOOKUP or len(values) != 1:
        return None
    cells = question.evidence[values[0].evidence].cells
    text = next((cell.text for cell in cells if (cell.row, cell.col) == (values[0].row, values[0].col)), "")
    quantity = parse_quantity(text)
    return quantity.unit if quantity else None


def _foreign_unit(question: Question, program: Program, views: Mapping[str, DocumentView]) -> str | None:
    """Return why the program's unit is none of the columns that it reads, where it should be."""
    values = [item for item in program.operands if item.role == "value" and 0 <= item.evidence < len(question.evidence)]
    if program.operation not in _KEEPING or program.unit is None:
        return None
    for item in values:
        unit = question.evidence[item.evidence]
        element = element_of(unit, views)
        caption = views[unit.doc_id].caption_of(element) if element else None
        grid = read_grid(element.cells, caption=caption.text if caption else "") if element else None
        if grid is None or item.col >= grid.width:
            continue
        column, quantity = grid.columns[item.col], grid.quantity(item.row, item.col)
        given = {
            column.measure.unit,
            quantity.unit if quantity else None,
            "%" if quantity and quantity.percent else None,
        }
        if program.unit not in given:
            return f"column {item.col} is not given in {program.unit}"
    return None


def _words_in(part: str, whole: str) -> bool:
    return f" {' '.join(words(part))} " in f" {' '.join(words(whole))} "


def _unnamed(question: Question, program: Program) -> Iterator[str]:
    """Yield the labels of operands that neither question nor answer names, for operations on named rows."""
    if program.operation in _OVER_ALL or program.operation is Operation.ABSENT or covers_all(question, program):
        return
    asked = without_context(question)
    # Of a share, the first row is asked for; the others only prove the total.
    for label in label_texts(question, group=0 if program.operation is Operation.SHARE else None):
        name = read_measure(label).name or label
        stems = content_stems(name) or frozenset(words(name))
        text = f"{asked} {question.answer}" if _is_result(label, program) else asked
        known = set(content_stems(text)) | set(words(text))
        if stems and share_found(stems, known) <= _NAMED_SHARE:
            yield f"the question does not name “{label[:60]}”"


def _unread(question: Question, program: Program, views: Mapping[str, DocumentView]) -> Iterator[str]:
    """Yield the rows that the question names in full and the program does not read, of the tables that it reads."""
    if program.operation not in _NAMING:
        return
    plain = without_context(replace(question, question=without_quoted(question.question)))
    asked = f" {' '.join(words(plain))} "
    known = {word for label in label_texts(question) for word in words(label)}
    for number in sorted({item.evidence for item in program.operands if 0 <= item.evidence < len(question.evidence)}):
        element = element_of(question.evidence[number], views)
        grid = read_grid(element.cells) if element and element.cells else None
        read = {item.row for item in program.operands if item.evidence == number}
        heads = {word for column in grid.columns for name in column.header for word in words(name)} if grid else set()
        for row in grid.rows if grid else ():
            name = words(row.label)
            if row.index in read or row.total or not row.unique or not set(name) - known - heads:
                continue
            if f" {' '.join(name)} " in asked:
                yield f"the question names “{row.label[:60]}”, which the program does not read"


def _backwards(question: Question, program: Program) -> Iterator[str]:
    """Yield a fault when a change is reckoned from the later period to the earlier."""
    if program.operation is not Operation.CHANGE:
        return
    labels = [read_measure(" ".join(label_texts(question, group=group)[:1])).name for group in (0, 1)]
    periods = [period_order(label) or period_order(split_year(label)[1]) for label in labels]
    if periods[0] and periods[1] and periods[0] >= periods[1]:
        yield "the change is reckoned backwards"


def _is_result(label: str, program: Program) -> bool:
    """Say whether a label is what the answer gives; a comparison must name both sides all the same."""
    return program.operation != Operation.COMPARE and same_result(label, program.result)


def _left_out(element: Element, places: set[tuple[int, int]]) -> list[str]:
    """Return the labels of rows, or columns, that hold a number and are neither an operand nor a total."""
    grid = read_grid(element.cells)
    rows, cols = {row for row, _ in places}, {col for _, col in places}
    if len(cols) == 1 or len(places) == len(rows) * len(cols) > len(cols):
        return [label for col in sorted(cols) for label in _rows_left_out(grid, rows, col)]
    if len(rows) == 1:
        return _columns_left_out(grid, rows.pop(), cols)
    return []


def _rows_left_out(grid: Grid, rows: set[int], col: int) -> list[str]:
    sections = {row.section for row in grid.rows if row.index in rows}
    indents = {row.indent for row in grid.rows if row.index in rows}
    return [
        row.label or f"row {row.index}"
        for row in grid.rows
        if row.index not in rows
        and row.section in sections
        and row.indent in indents
        and not row.total
        and row.index not in grid.aggregates
        and col < grid.width
        and grid.quantity(row.index, col) is not None
    ]


def _columns_left_out(grid: Grid, row: int, cols: set[int]) -> list[str]:
    units = {column.measure.unit for column in grid.number_columns if column.index in cols}
    tops = {column.header[:-1] for column in grid.number_columns if column.index in cols}
    return [
        " ".join(column.header)
        for column in grid.number_columns
        if column.index not in cols
        and not column.total
        and column.measure.unit in units
        and column.header[:-1] in tops
        and grid.quantity(row, column.index) is not None
    ]
