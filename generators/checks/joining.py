"""Whether a question over two tables names both, and whether their numbers measure the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import document_title, element_of
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, digit_words, fold, share_found, words
from generators.document_view import DocumentView
from generators.program_operands import computed_measure
from generators.table_grid import read_grid
from generators.table_text import is_period
from schemas.records import CheckResult, Element, Operand, Question

_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Read:
    """A number that a program reads: its table, what leads to that, and in what it is given."""

    element: Element
    leads: str
    header: str
    unit: str | None
    scale: float
    row: str


def check_join(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question does not lead to each of the tables that its program reads, or these do not agree.

    What counts are the words and figures of title and caption that tell the one table from the other. Measure, unit,
    scale and row must be the same.
    """
    program = question.program
    values = [item for item in program.operands if item.role == "value"] if program else []
    if len({item.evidence for item in values}) < 2:
        return skipped("join", "no second table")
    reads = [_read(item, question, views) for item in values]
    if any(read is None for read in reads):
        return rejected("join", CheckReason.PROGRAM_BROKEN, "a value stands in no table")
    fault = next(_faults([read for read in reads if read], question.question), None)
    return rejected("join", CheckReason.QUESTION_DIFFERS, fault) if fault else passed("join")


def _read(item: Operand, question: Question, views: Mapping[str, DocumentView]) -> _Read | None:
    element = element_of(question.evidence[item.evidence], views)
    view = views.get(question.evidence[item.evidence].doc_id)
    if element is None or view is None or not element.cells:
        return None
    caption = view.caption_of(element)
    grid = read_grid(element.cells, caption=caption.text if caption else "")
    row = next((row for row in grid.rows if row.index == item.row), None)
    quantity = grid.quantity(item.row, item.col) if item.col < grid.width else None
    if row is None or quantity is None:
        return None
    column = grid.columns[item.col]
    measure = computed_measure(column, quantity)
    quotes = [unit.quote for unit in question.evidence if unit.doc_id == element.doc_id and unit.quote]
    leads = " ".join(filter(None, [document_title(view), *([caption.text] if caption else quotes)]))
    header = " ".join(name for name in column.header if not is_period(name))
    return _Read(element, leads, fold(header), measure.unit, float(measure.scale), fold(row.label))


def _faults(reads: list[_Read], asked: str) -> Iterator[str]:
    one = reads[0]
    for other in reads[1:]:
        if one.row != other.row:
            yield f"rows “{one.row[:40]}” and “{other.row[:40]}” differ"
        if (one.unit, one.scale) != (other.unit, other.scale):
            yield "the numbers are given in different units"
        if not content_stems(one.header) & content_stems(other.header):
            yield f"the columns “{one.header[:40]}” and “{other.header[:40]}” measure different things"
        for own, rest in ((one, other), (other, one)):
            if not _is_led_to(own.leads, rest.leads, asked):
                yield f"the question does not lead to {own.element.element_id}"


def _is_led_to(leads: str, others: str, asked: str) -> bool:
    """Tell whether enough of what tells one table from the other is said: half of the words, or every figure."""
    telling = content_stems(leads) - content_stems(others)
    figures = set(digit_words(leads)) - set(digit_words(others))
    said = set(words(asked))
    if telling:
        return share_found(telling, content_stems(asked)) >= _ENOUGH * (0.5 if figures & said else 1)
    return bool(figures & said)
