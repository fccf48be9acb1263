"""Questions that a table cannot answer: a row or a period is asked for that a table like it has, and this one lacks."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Final

from generators.checks.wording import content_stems, distinctive_stems, fold, words
from generators.column_words import ColumnWords
from generators.program_evidence import quote_cells, subject_evidence
from generators.program_operands import Context, has_unclear_unit, named_rows, period_of, same_but_period
from generators.program_places import put_question, rows_are_periods
from generators.program_reading import TableReading
from generators.program_runs import ABSENCE
from generators.row_kinds import COUNTRIES
from generators.table_grid import Column, Row
from generators.table_text import clean, is_name, is_period, is_range, is_statistic, is_total
from schemas.kinds import ElementKind, EvidenceRole, Operation
from schemas.records import Cell, Element, Evidence, Operand, Program

ANSWER: Final = "The table does not say."
_LEAST_SHARED: Final = 3
_MOST_ROWS: Final = 60
_MOST_TRIED: Final = 12
_MOST_FOUND: Final = 500
_REACH: Final = 3
_LEAST_PREFIX: Final = 3
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_FIGURES: Final = re.compile(r"\d+|[^\W\d_]{3,}")
_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: (?:[A-Z][a-z]+))*\b")
_VAGUE: Final = re.compile(r"\b(?:other|others|rest|various|unknown|not|none|all|total|average)\b", re.IGNORECASE)
_INITIALS: Final = frozenset(["uk", "us", "usa", "uae", "eu"])


@dataclass(frozen=True, slots=True)
class AbsentDraft:
    """A question for what a table lacks, with the labels or headers among which it would stand."""

    question: str
    item: str
    cells: tuple[Cell, ...]
    named: tuple[Cell, ...]

    def program(self) -> Program:
        """Return the program that finds the item among none of the labels."""
        operands = tuple(Operand(0, cell.row, cell.col, "label", at) for at, cell in enumerate(self.cells))
        return Program(Operation.ABSENT, operands, ABSENCE, self.item)

    def evidence(self, reading: TableReading) -> tuple[Evidence, ...]:
        """Return the table with its labels and headers quoted, and its caption, all as context."""
        table = quote_cells(reading, (*self.cells, *self.named), EvidenceRole.CONTEXT)
        subject = subject_evidence(reading)
        return (table, subject) if subject else (table,)


def draft_absent(reading: TableReading, readings: Sequence[TableReading], rng: random.Random) -> Iterator[AbsentDraft]:
    """Yield questions that a table cannot answer, and no other table or paragraph of its document either.

    Args:
        reading: the table.
        readings: the tables of its document that can be asked about.
        rng: decides what is asked for, and how.
    """
    context = reading.context(rng)
    if context.partial or len(reading.grid.rows) > _MOST_ROWS:
        return
    others = [other for other in readings if other is not reading]
    tried = list(
        islice(chain(_missing_rows(context, reading), _missing_periods(context, others, reading)), _MOST_FOUND)
    )
    rng.shuffle(tried)
    for missing in tried[:_MOST_TRIED]:
        if _is_absent(missing.item, reading) and not _is_answered_elsewhere(missing, reading):
            draft = _row_draft(context, missing) if missing.row else _period_draft(context, missing)
            if draft:
                yield draft


@dataclass(frozen=True, slots=True)
class _Missing:
    """What might be asked for: a row or a period of another table, and a column of this one."""

    item: str
    name: str
    column: Column
    words: ColumnWords
    row: bool


def _missing_rows(context: Context, reading: TableReading) -> Iterator[_Missing]:
    periods = rows_are_periods(context.grid)
    labels = [row.label for row in context.grid.rows if row.label and not row.total]
    items = _years_elsewhere(reading, labels) if periods else _rows_elsewhere(reading, labels)
    for item, (column, words_of) in product(items, _columns(context)):
        name = context.name(Row(-1, item, ()))
        if name:
            yield _Missing(item, name, column, words_of, row=True)


def _rows_elsewhere(reading: TableReading, labels: Sequence[str]) -> list[str]:
    """Return what else stands where the document names some rows of a table: rows of a table, countries of a text."""
    own = {fold(label) for label in labels if is_name(label)}
    countries = any(label.casefold() in COUNTRIES for label in labels)
    found: set[str] = set()
    for element in reading.source.view.elements:
        if element.kind is ElementKind.TABLE:
            others = {clean(cell.text) for cell in element.cells if cell.col == 0 and cell.row > 0}
            named = {fold(other) for other in others}
        elif countries:
            others = {match.group() for match in _NAME.finditer(element.text) if match.group().casefold() in COUNTRIES}
            named = {fold(other) for other in others}
        else:
            continue
        if len(named & own) >= _LEAST_SHARED:
            found |= others
    return sorted(label for label in found if _is_row_name(label) and fold(label) not in own)


def _is_row_name(label: str) -> bool:
    return is_name(label) and not (is_total(label) or is_statistic(label) or is_period(label) or is_range(label))


def _years_elsewhere(reading: TableReading, labels: Sequence[str]) -> list[str]:
    """Return the years that the document names within some years of those of a table."""
    own = sorted(int(label) for label in labels if _YEAR.fullmatch(label))
    if len(own) < 2 or len(own) < len([label for label in labels if label]):
        return []
    texts = chain.from_iterable(_texts(element) for element in reading.source.view.elements)
    found = {year for text in texts for year in _YEAR.findall(text)}
    return sorted(year for year in found if own[0] - _REACH <= int(year) <= own[-1] + _REACH)


def _texts(element: Element) -> Iterator[str]:
    yield element.text
    yield from (cell.text for cell in element.cells)


def _missing_periods(context: Context, others: Sequence[TableReading], reading: TableReading) -> Iterator[_Missing]:
    columns = _columns(context)
    own = {period_of(column) for column, _ in columns}
    theirs = {period_of(column) for other in others for column in other.grid.number_columns}
    theirs |= set(_years_elsewhere(reading, sorted(own - {""})))
    for column, words_of in columns:
        if not any(same_but_period(column, other) for other, _ in columns) or words_of.group:
            continue
        for period in sorted(theirs - own):
            if _same_form(period, period_of(column)):
                yield _Missing(period, period, column, words_of, row=False)


def _columns(context: Context) -> list[tuple[Column, ColumnWords]]:
    """Return the columns that can be looked up in."""
    found = [(column, context.words(column)) for column in context.grid.number_columns]
    return [
        (column, words_of)
        for column, words_of in found
        if words_of and not column.total and not has_unclear_unit(context, column) and named_rows(context, column)
    ]


def _same_form(one: str, other: str) -> bool:
    """Tell whether two periods are of one length: years beside years, school years beside school years."""
    return [len(word) for word in words(one)] == [len(word) for word in words(other)]


def _is_absent(item: str, reading: TableReading) -> bool:
    texts = [cell.text for cell in reading.table.cells]
    texts += [reading.subject.source.text, reading.subject.text]
    return _VAGUE.search(item) is None and not any(may_hold(text, item) for text in texts)


def may_hold(text: str, item: str) -> bool:
    """Tell whether a text may name an item, be it in part, shortened or by its initials; a period must be the same.

    >>> may_hold("Belgium/Lux*", "Luxembourg"), may_hold("USA", "United States"), may_hold("Austria", "Australia")
    (True, True, False)
    """
    if is_period(item):
        return set(_FIGURES.findall(item)) <= set(_FIGURES.findall(text))
    wanted, found = content_stems(item), content_stems(text)
    initials = {"".join(word[0] for word in words(one) if len(word) > 2) for one in (item, text)}
    shortened = any(fold(one) in _INITIALS and fold(one)[:2] in initials for one in (item, text))
    return bool(wanted & found) or shortened or any(_begins(a, b) for a in wanted for b in found)


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LEAST_PREFIX and (one.startswith(other) or other.startswith(one))


def _is_answered_elsewhere(missing: _Missing, reading: TableReading) -> bool:
    """Tell whether another table has such a column and names the item, or a paragraph speaks of both."""
    said = missing.words.measure or " ".join(missing.column.header)
    measure = distinctive_stems(said) or content_stems(said)
    for element in reading.source.view.elements:
        if element.element_id == reading.table.element_id:
            continue
        if element.kind is ElementKind.TABLE:
            texts = [cell.text for cell in element.cells]
            if any(may_hold(text, missing.item) for text in texts) and any(measure <= content_stems(t) for t in texts):
                return True
        elif may_hold(element.text, missing.item) and measure <= content_stems(element.text):
            return True
    return False


def _row_draft(context: Context, missing: _Missing) -> AbsentDraft | None:
    question = put_question(context, Operation.LOOKUP, missing.words, item=missing.name)
    if question is None:
        return None
    labels = tuple(cell for row in context.grid.rows for cell in row.cells[-1:])
    return AbsentDraft(question, missing.item, labels, _named(context, missing.column, None))


def _period_draft(context: Context, missing: _Missing) -> AbsentDraft | None:
    row, name, _ = context.rng.choice(named_rows(context, missing.column))
    under = ColumnWords(missing.words.measure, f" in {missing.item}", missing.words.figure)
    question = put_question(context, Operation.LOOKUP, under, item=name)
    if question is None:
        return None
    headers = tuple(dict.fromkeys(cell for column in context.grid.number_columns for cell in column.cells))
    return AbsentDraft(question, missing.item, headers, _named(context, missing.column, row))


def _named(context: Context, column: Column, row: Row | None) -> tuple[Cell, ...]:
    corner = context.grid.columns[context.grid.stub_columns - 1].cells if context.grid.stub_head else ()
    return (*corner, *column.cells, *(row.cells if row else ()))
