"""Whether a question over two tables names both, and whether their numbers measure the same."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import document_title, element_of, without_context
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, digit_words, fold, share_found, without_quoted, words
from generators.document_view import DocumentView
from generators.program_operands import computed_measure
from generators.stated_facts import quoted_texts
from generators.subject_measures import subject_measure
from generators.subjects import Voice, clean_caption, document_name, without_label
from generators.table_grid import read_grid
from generators.table_text import is_period
from schemas.kinds import Operation
from schemas.records import CheckResult, Element, Operand, Question

_ENOUGH: Final = 0.5
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Read:
    """A number that a program reads: its table, what leads to that, and in what it is given."""

    element: Element
    leads: tuple[str, ...]
    heads: str
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
    values = sorted((item for item in program.operands if item.role == "value"), key=_by_group) if program else []
    if len({item.evidence for item in values}) < 2:
        return skipped("join", "no second table")
    reads = [_read(item, question, views) for item in values]
    if any(read is None for read in reads):
        return rejected("join", CheckReason.PROGRAM_BROKEN, "a value stands in no table")
    found = [read for read in reads if read]
    faults = chain(_faults(found, question.question), _backwards(found, question))
    fault = next(faults, None)
    return rejected("join", CheckReason.QUESTION_DIFFERS, fault) if fault else passed("join")


def _by_group(item: Operand) -> int:
    return item.group


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
    named = document_name(view)
    found = (document_title(view), named[0] if named else None, *([without_label(caption.text)] if caption else quotes))
    leads = tuple(text for text in found if text)
    header = " ".join(name for name in column.header if not is_period(name))
    if not header and caption is not None:
        # Where columns are only periods, the caption says what they measure.
        header = subject_measure(clean_caption(caption.text) or "", Voice(())) or ""
    return _Read(
        element,
        leads,
        " ".join(cell.text for cell in column.cells),
        fold(header),
        measure.unit,
        float(measure.scale),
        fold(row.label),
    )


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
            if not _is_led_to(own, rest, asked):
                yield f"the question does not lead to {own.element.element_id}"


def _backwards(reads: list[_Read], question: Question) -> Iterator[str]:
    """Yield a fault when a change is reckoned from the period that the question names last."""
    if question.program is None or question.program.operation is not Operation.CHANGE:
        return
    asked = without_context(replace(question, question=without_quoted(question.question)))
    own, others = (set(_YEAR.findall(" ".join((read.heads, *read.leads)))) for read in reads[:2])
    places = [
        min((asked.find(year) for year in years if year in asked), default=-1) for years in (own - others, others - own)
    ]
    if -1 not in places and places[0] > places[1]:
        yield "the change is reckoned backwards"


def _is_led_to(own: _Read, other: _Read, asked: str) -> bool:
    """Tell whether the question says half of the words, or all figures, that only this table's name or caption has.

    A title that another goes on from ("Report", "Report: Update") has no words of its own; it may stand in marks.
    """
    others = " ".join(other.leads)
    in_marks = {words(name) for name in quoted_texts(asked)}
    if any(words(lead) in in_marks and words(lead) not in map(words, other.leads) for lead in own.leads):
        return True
    for lead in own.leads:
        telling = content_stems(lead) - content_stems(others)
        figures = set(digit_words(lead)) - set(digit_words(others))
        if telling and share_found(telling, content_stems(asked)) >= _ENOUGH and figures <= set(words(asked)):
            return True
        if figures and not telling and figures <= set(words(asked)):
            return True
    return False
