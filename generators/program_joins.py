"""Questions over two tables that measure the same: one row's number in one table against that in the other."""

import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from generators.checks.wording import content_stems, fold
from generators.column_words import ColumnWords
from generators.document_view import DocumentView
from generators.measures import Measure, print_number, state
from generators.operation_types import TYPES
from generators.phrases import JOIN_TABLE, JOIN_TABLE_ALONE, JOIN_TABLE_BOTH, JOINS
from generators.program_arithmetic import LEAST_RATIO, PERCENT, can_grow, has_ratio, state_change
from generators.program_evidence import operands_of, provenance, quote_cells, quote_text, quoted_cells, subject_evidence
from generators.program_operands import (
    Context,
    can_compute,
    computed_measure,
    has_unclear_unit,
    is_exact,
    named_rows,
)
from generators.program_places import Place
from generators.program_reading import TableReading, read_table, refused, source_of
from generators.program_rounding import change, ratio
from generators.program_runs import WHOLE_QUOTE, ProgramError, run_program
from generators.quantities import Quantity
from generators.table_grid import Column, Row
from generators.table_text import period_order
from generators.wording import agree, name_table
from schemas.identity import qa_id
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, Modality, Operation, QuestionType
from schemas.records import Element, Evidence, Operand, Program, Question, Reject

_JOINED: Final = (Operation.COMPARE, Operation.DIFFERENCE, Operation.RATIO, Operation.CHANGE)
_MOST_KEYS: Final = 200
_MOST_WORDS: Final = 90
_NEVER: Final = (0, 0)
_BARE_TOTAL: Final = re.compile(r"(?:sub-?|grand )?totals?|all|overall|sum|.*\b(?:averages?|mean|median)\b.*", re.I)
_YEAR: Final = re.compile(r"\b(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?\b")
_SAYS_NOTHING: Final = content_stems(
    "total number percentage percent frequency count mean average value score amount rate share size"
)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two numbers, with all that names it. `title` is how a sentence names its table and document."""

    reading: TableReading
    row: Row
    name: str
    column: Column
    words: ColumnWords
    quantity: Quantity

    @property
    def place(self) -> Place:
        """Where the number stands."""
        return Place(self.row, self.column)

    @property
    def period(self) -> str:
        """The period that the column states, or the one that the caption does."""
        said = self.words.under.removeprefix(" in ")
        found = said or next(iter(_YEAR.findall(self.reading.subject.text)), "")
        return str(found)

    @property
    def measure(self) -> Measure:
        """The measure with the unit that the cell prints."""
        return computed_measure(self.column, self.quantity)

    @property
    def key(self) -> str:
        """What two numbers that can be compared have in common: measure, unit, scale and row."""
        measure = self.measure
        return f"{fold(self.words.measure or '')} | {measure.unit or ''} | {measure.scale:f} | {fold(self.row.label)}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its answer, the measure of the answer and the argument of its program."""

    text: str
    answer: str
    measure: Measure
    argument: str | None


def join_keys(view: DocumentView) -> list[tuple[str, str]]:
    """Return (key, id of a table) for every number that a number of another table with that key compares with.

    A key holds the measure, its unit and scale, and the row. Two tables that share one give a question, as a rule.
    """
    source = source_of(view)
    keys: list[tuple[str, str]] = []
    for table in view.of_kind(ElementKind.TABLE):
        read = read_table(source, table)
        if not isinstance(read, Reject):
            keys += [(side.key, table.element_id) for side in _sides(read)][:_MOST_KEYS]
    return list(dict.fromkeys(keys))


def write_join_questions(
    bundle_tables: Sequence[tuple[DocumentView, Element]],
    *,
    seed: int,
    question_types: Collection[QuestionType],
    language: str = "en",
    domain: str | None = None,
) -> tuple[list[Question], list[Reject]]:
    """Write questions that need a number of each of two tables, one an operation, and say why there is none.

    Both numbers are of one measure, unit, scale and row. The order of the tables does not matter.
    """
    ordered = sorted(bundle_tables, key=_by_id)
    reads = [read_table(source_of(view), table) for view, table in ordered]
    rejects = [read for read in reads if isinstance(read, Reject)]
    readings = [read for read in reads if not isinstance(read, Reject)]
    if len(readings) != 2:
        return [], rejects
    one, other = readings
    rng = random.Random(f"{seed}/{one.table.element_id}/{other.table.element_id}")
    pairs = _pairs(one, other)
    rng.shuffle(pairs)
    questions = []
    for operation, kind in ((one, TYPES[one]) for one in _JOINED):
        drafts = (_question(pair, operation, rng) for pair in pairs) if kind in question_types else iter(())
        found = next((draft for draft in drafts if draft), None)
        if found:
            pairs.append(pairs.pop(0))
            questions.append(
                replace(found, provenance=provenance(seed), language=language, domain=domain or found.domain)
            )
    if not questions:
        message = f"nothing in it can be compared with {other.table.element_id}"
        rejects.append(refused(one.source.view, one.table, "tables_without_common_number", message))
    return questions, rejects


def _by_id(pair: tuple[DocumentView, Element]) -> str:
    return pair[1].element_id


def _sides(reading: TableReading) -> Iterator[_Side]:
    context = reading.context(random.Random(0))
    for column in reading.grid.number_columns:
        words = context.words(column)
        if words is None or not words.measure or words.measure == "total" or not can_compute(reading.grid, column):
            continue
        if words.group or column.total or has_unclear_unit(context, column):
            continue
        for row, name, quantity in _rows(context, column):
            yield _Side(reading, row, name, column, words, quantity)


def _rows(context: Context, column: Column) -> list[tuple[Row, str, Quantity]]:
    """Return the rows that stand for the same in any table; a total must say of what ("World", "All schools")."""
    named = named_rows(context, column, totals=True)
    return [entry for entry in named if not entry[0].section and not _BARE_TOTAL.fullmatch(entry[0].label)]


def _pairs(one: TableReading, other: TableReading) -> list[tuple[_Side, _Side]]:
    """Return the numbers that compare, in two tables that a question can tell apart."""
    names = {fold(reading.source.name or "") for reading in (one, other)}
    if _same_subject(one, other) and (len(names) < 2 or "" in names):
        return []
    theirs: dict[str, list[_Side]] = {}
    for side in _sides(other):
        theirs.setdefault(side.key, []).append(side)
    found = [(side, match) for side in _sides(one) for match in theirs.get(side.key, ())]
    series = _same_series(one, other)
    return [
        (a, b) for a, b in found if (series or not _is_bare(a.words)) and bool(a.words.under) == bool(b.words.under)
    ]


def _is_bare(words: ColumnWords) -> bool:
    """Tell whether a measure says nothing without its table: "number", "percentage"."""
    return content_stems(words.measure or "") <= _SAYS_NOTHING


def _same_series(one: TableReading, other: TableReading) -> bool:
    """Tell whether two tables are captioned the same but for their years."""
    return _undated(one.subject.text) == _undated(other.subject.text)


def _undated(text: str) -> str:
    return fold(_YEAR.sub("", text)).strip(" ,.:")


def _title(reading: TableReading) -> str:
    """Return how a sentence names a table and its document."""
    setting = reading.context(random.Random(0)).setting
    return name_table(JOIN_TABLE if setting.document else JOIN_TABLE_ALONE, setting)


def _titles(one: TableReading, other: TableReading) -> tuple[str, str]:
    """Return how a sentence names two tables; two of one document share its name."""
    if one.table.doc_id != other.table.doc_id or not one.source.name:
        return _title(one), _title(other)
    first, second = (reading.context(random.Random(0)).setting for reading in (one, other))
    return name_table(JOIN_TABLE_ALONE, first), name_table(JOIN_TABLE_BOTH, second)


def _question(pair: tuple[_Side, _Side], operation: Operation, rng: random.Random) -> Question | None:
    one, other = _arranged(pair, operation)
    asked = _asked(one, other, operation, rng)
    if asked is None:
        return None
    text, answer, measure, argument = asked.text, asked.answer, asked.measure, asked.argument
    evidence = _evidence(one, other, operation)
    if operation is Operation.COMPARE and not _told_apart(one.reading, other.reading):
        return None
    operands = tuple(_operands(one, other, evidence, operation))
    blank = Program(operation, operands, "", argument, measure.unit, float(measure.scale))
    try:
        program = replace(blank, result=run_program(blank, evidence))
    except ProgramError:
        return None
    if operation is Operation.COMPARE:
        answer = program.result
    table, kinds = one.reading.table, {unit.modality for unit in evidence if unit.role is EvidenceRole.ANSWER}
    return Question(
        qa_id=qa_id(table.doc_id, table.element_id, other.reading.table.element_id, text, answer),
        question=text[:1].upper() + text[1:],
        answer=answer,
        answer_kind=AnswerKind.TEXT if operation is Operation.COMPARE else AnswerKind.NUMBER,
        question_type=TYPES[operation],
        answer_modality="+".join(kind.value for kind in Modality if kind in kinds),
        evidence=evidence,
        provenance=provenance(0),
        hops=2,
        domain=one.reading.source.view.document.domain,
        program=program,
    )


def _told_apart(one: TableReading, other: TableReading) -> bool:
    """Tell whether a quote can say which of two tables is meant: their captions differ, or titles that are printed."""
    if _same_subject(one, other):
        return _title_evidence(one) is not None and _title_evidence(other) is not None
    return all(subject_evidence(reading) is not None for reading in (one, other))


def _arranged(pair: tuple[_Side, _Side], operation: Operation) -> tuple[_Side, _Side]:
    """Return the later number last for a change, else the higher one first."""
    one, other = pair
    if operation is Operation.CHANGE:
        late = (period_order(one.period) or _NEVER) > (period_order(other.period) or _NEVER)
    else:
        late = one.quantity.value < other.quantity.value
    return (other, one) if late else (one, other)


def _asked(one: _Side, other: _Side, operation: Operation, rng: random.Random) -> _Asked | None:
    if one.quantity.value == other.quantity.value:
        return None
    slots = {"measure": one.words.measure or "", "item": one.name, "when": one.words.under, "then": other.words.under}
    slots["first"], slots["second"] = _titles(one.reading, other.reading)
    asked = _ASKED[operation](one, other, slots, rng)
    if asked is None:
        return None
    text = agree(rng.choice(JOINS[operation]).format(**slots), one.words)
    return replace(asked, text=text) if len(text.split()) <= _MOST_WORDS else None


def _change(one: _Side, other: _Side, slots: dict[str, str], rng: random.Random) -> _Asked | None:
    before, after = one.quantity, other.quantity
    early, late = period_order(one.period), period_order(other.period)
    if not can_grow(one.column) or not early or not late or early >= late or before.percent:
        return None
    if before.value <= 0 or after.value <= 0 or not (is_exact(before) and is_exact(after)):
        return None
    value = change(before.value, after.value)
    told = rng.random() < 0.5
    slots |= {"grow": ("increase" if value > 0 else "decrease") if told else "change"}
    slots |= {"early": one.period, "late": other.period}
    return _Asked("", state_change(value, told=told), PERCENT, None) if value else None


def _ratio(one: _Side, other: _Side, slots: dict[str, str], rng: random.Random) -> _Asked | None:
    high, low = one.quantity, other.quantity
    if not has_ratio(one.column) or high.percent or low.value <= 0 or not (is_exact(high) and is_exact(low)):
        return None
    times = ratio(high.value, low.value)
    return _Asked("", f"{times} times", Measure(""), None) if times >= LEAST_RATIO else None


def _compare(one: _Side, other: _Side, slots: dict[str, str], rng: random.Random) -> _Asked | None:
    higher = rng.choice(("higher", "lower"))
    slots |= {"higher": higher}
    if rng.random() < 0.5:
        slots["first"], slots["second"] = _titles(other.reading, one.reading)
        slots["when"], slots["then"] = slots["then"], slots["when"]
    return _Asked("", "", one.measure, higher)


def _difference(one: _Side, other: _Side, slots: dict[str, str], rng: random.Random) -> _Asked | None:
    measure = one.measure
    if measure.percent or one.quantity.percent:
        measure = Measure(measure.name, "percentage points")
    texts = [one.quantity.text, other.quantity.text]
    number = print_number(one.quantity.value - other.quantity.value, texts, decimal_comma=one.column.decimal_comma)
    return _Asked("", state(number, measure), measure, None)


_ASKED: Final[dict[Operation, Callable[[_Side, _Side, dict[str, str], random.Random], _Asked | None]]] = {
    Operation.CHANGE: _change,
    Operation.RATIO: _ratio,
    Operation.COMPARE: _compare,
    Operation.DIFFERENCE: _difference,
}


def _evidence(one: _Side, other: _Side, operation: Operation) -> tuple[Evidence, ...]:
    """Return the two tables, what says what they are about, and for a comparison what tells them apart."""
    readings = (one.reading, other.reading)
    tables = [
        quote_cells(side.reading, quoted_cells(side.reading.grid, [side.place]), EvidenceRole.ANSWER)
        for side in (one, other)
    ]
    contexts = [unit for reading in readings if (unit := subject_evidence(reading))]
    titles = [unit for reading in readings if (unit := _title_evidence(reading))] if _same_subject(*readings) else []
    return (*tables, *contexts, *(titles if operation is Operation.COMPARE else ()))


def _same_subject(one: TableReading, other: TableReading) -> bool:
    return fold(one.subject.text) == fold(other.subject.text)


def _title_evidence(reading: TableReading) -> Evidence | None:
    """Return the printed title of a document, where it is its name."""
    printed, name = reading.source.printed, reading.source.name or ""
    start = printed.text.find(name) if printed else -1
    return quote_text(reading.source.view, printed, (start, start + len(name))) if printed and start >= 0 else None


def _operands(one: _Side, other: _Side, evidence: tuple[Evidence, ...], operation: Operation) -> Iterator[Operand]:
    for group, side in enumerate((one, other)):
        for operand in operands_of([side.place], evidence=group):
            yield replace(operand, group=group)
        # The last quote of its document is the title if there is one, else what says what the table is about.
        quotes = [at for at, unit in enumerate(evidence) if unit.quote and unit.doc_id == evidence[group].doc_id]
        if operation is Operation.COMPARE and quotes:
            yield Operand(quotes[-1], WHOLE_QUOTE, WHOLE_QUOTE, "label", group)
