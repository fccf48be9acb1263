"""Which questions a table can answer: drafts of programs over the rows and columns that make sense together."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from generators.measures import Measure, print_number, read_measure, state, state_quantity
from generators.phrases import ACROSS, ACROSS_MEASURE, FIGURES, PLACES, QUESTIONS, TEXT_LOOKUP
from generators.quantities import Quantity, plain
from generators.table_grid import Column, ColumnKind, Grid, Row
from generators.table_text import clean, is_name, is_period, is_statistic
from generators.wording import ColumnWords, Setting, ask, column_words, kind_words, row_words
from schemas.kinds import Operation

_LEAST_COMPARED: Final = 3
_LEAST_COUNTED: Final = 5
_MOST_OPERANDS: Final = 60
_VARIABLE_HEADS: Final = re.compile(
    r"variable|parameter|statistic|metric|measure|propert|characteristic|indicator|item|quantity|symbol|option|argument|field",
    re.I,
)
_ADDITIVE: Final = re.compile(
    r"\b(?:number|count|no\.|n|enrol?lment|population|students|stores|outlets|deaths|births|cases|items|participants|respondents"
    r"|patients|households|employees|visits|downloads|enquiries|votes|seats|schools|teachers|sales|revenues?|expenditures?|budget"
    r"|costs?|production|exports?|imports?|turnover|frequency|pages|documents|files|samples|observations)\b",
    re.I,
)
_NOT_ADDITIVE: Final = re.compile(
    r"\b(?:rate|per|average|mean|median|index|score|change|growth|ratio|share|percent(?:age)?|min(?:imum)?|max(?:imum)?|std|error|cum(?:ulative)?"
    r"|level|age|coefficient|probability|difference|rank|of correct|capita|density|unit)\b|[%/]|cum\.",
    re.I,
)
_TEXT_NOT_ASKED: Final = re.compile(
    r"description|note|source|comment|remark|detail|definition|explanation|reference|link|url|example", re.I
)


@dataclass(frozen=True, slots=True)
class Place:
    """One value and the row that names it; across columns the header cell of `column` names it."""

    row: Row
    column: Column


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with its answer and what its program reads; `labelled_by_column` when columns are compared."""

    operation: Operation
    question: str
    answer: str
    places: tuple[Place, ...]
    measure: Measure
    argument: str | None = None
    textual: bool = False
    labelled_by_column: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """A table and how to speak of it; `partial` when other pages carry more of its rows."""

    grid: Grid
    setting: Setting
    partial: bool
    rng: random.Random

    def words(self, column: Column) -> ColumnWords | None:
        """Return how a sentence names a column."""
        return column_words(column, self.setting.voice)

    def name(self, row: Row) -> str | None:
        """Return how a sentence names a row."""
        return row_words(row, self.grid, self.setting.voice)


def draft_all(context: Context, operation: Operation) -> Iterator[Draft]:
    """Yield the drafts of an operation, the columns in an order that the seed decides."""
    columns = list(context.grid.number_columns)
    context.rng.shuffle(columns)
    for column in columns:
        words = context.words(column)
        if words is not None and _can_compute(context.grid, column):
            draft = _DRAFTERS[operation](context, column, words)
            if draft is not None:
                yield draft
    if operation is Operation.LOOKUP:
        yield from _text_lookups(context)


def _can_compute(grid: Grid, column: Column) -> bool:
    if any(is_statistic(name) for name in column.header):
        return False
    read = [grid.quantity(row.index, column.index) for row in grid.rows]
    quantities = [quantity for quantity in read if quantity is not None]
    if any(quantity.bracketed for quantity in quantities):
        return False
    # Units that differ from cell to cell make the numbers of a column no numbers of one kind.
    units = {quantity.unit for quantity in quantities if quantity.unit is not None}
    return len(units) <= 1 and len({quantity.scale for quantity in quantities}) == 1


def _named(context: Context, column: Column, *, totals: bool = False) -> list[tuple[Row, str, Quantity]]:
    found = []
    for row in context.grid.rows:
        quantity = context.grid.quantity(row.index, column.index)
        name = context.name(row)
        if quantity is not None and name is not None and (totals or not row.total):
            found.append((row, name, quantity))
    return found


def _comparable(context: Context) -> bool:
    """Tell whether the rows are things of one kind, each named, none a part of another."""
    grid = context.grid
    if grid.hierarchical or any(row.section for row in grid.rows) or _VARIABLE_HEADS.search(grid.stub_head or ""):
        return False
    totals = {row.index for row in grid.rows if row.total}
    if not grid.aggregates <= totals:
        return False
    return not any(is_statistic(row.label) or read_measure(row.label).stated for row in grid.rows)


def _whole_column(context: Context, column: Column) -> list[tuple[Row, str, Quantity]]:
    """Return all rows that an extremum is taken over, or nothing when one cannot be trusted."""
    if context.partial or not _comparable(context):
        return []
    rows = [row for row in context.grid.rows if not row.total]
    named = _named(context, column)
    if column.blanks or len(named) < _LEAST_COMPARED or len(named) > _MOST_OPERANDS:
        return []
    numbers = sum(context.grid.quantity(row.index, column.index) is not None for row in rows)
    return named if numbers == len(named) and column.missing * 4 <= len(rows) else []


def _draft(
    context: Context, operation: Operation, words: ColumnWords, chosen: list[tuple[Row, str, Quantity]], **rest: str
) -> str | None:
    templates = QUESTIONS if words.measure else FIGURES
    return ask(templates[operation], context.setting, words, context.rng, **rest) if operation in templates else None


def _draft_lookup(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = _named(context, column)
    if not named or column.total:
        return None
    row, name, quantity = context.rng.choice(named)
    question = _draft(context, Operation.LOOKUP, words, [], item=name)
    if question is None:
        return None
    return Draft(
        Operation.LOOKUP, question, state_quantity(quantity, column.measure), (Place(row, column),), column.measure
    )


def _draft_compare(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    pair = _pair(context, column)
    if pair is None:
        return None
    (row, name, _), (other, other_name, _) = pair if context.rng.random() < 0.5 else pair[::-1]
    higher = "higher" if context.rng.random() < 0.7 else "lower"
    question = _draft(context, Operation.COMPARE, words, [], item=name, other=other_name, higher=higher)
    winner = pair[0][0] if higher == "higher" else pair[1][0]
    places = (Place(row, column), Place(other, column))
    return Draft(Operation.COMPARE, question, winner.label, places, column.measure, higher) if question else None


def _pair(context: Context, column: Column) -> tuple[tuple[Row, str, Quantity], tuple[Row, str, Quantity]] | None:
    """Return two rows of different values, the higher first."""
    named = _named(context, column)
    if len(named) < 2 or not _comparable(context):
        return None
    one, other = context.rng.sample(named, 2)
    if one[2].value == other[2].value:
        return None
    return (one, other) if one[2].value > other[2].value else (other, one)


def _draft_extremum(context: Context, column: Column, words: ColumnWords, place: int) -> Draft | None:
    named = _whole_column(context, column)
    ordered = sorted(named, key=_value_of, reverse=place > 0)
    if len(ordered) <= abs(place):
        return None
    winner = ordered[abs(place) - 1]
    if sum(entry[2].value == winner[2].value for entry in ordered) > 1:
        return None
    operation = {1: Operation.MAXIMUM, -1: Operation.MINIMUM}.get(place, Operation.RANK)
    kind = kind_words(context.grid, context.setting.voice)[0]
    question = _draft(context, operation, words, named, kind=kind, place=PLACES.get(place, ""))
    if question is None or clean(winner[0].label).casefold() in question.casefold():
        return None
    argument = str(place) if operation is Operation.RANK else None
    places = tuple(Place(row, column) for row, _, _ in named)
    return Draft(operation, question, winner[0].label, places, column.measure, argument)


def _draft_maximum(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    return _draft_extremum(context, column, words, 1)


def _draft_minimum(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    return _draft_extremum(context, column, words, -1)


def _draft_rank(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    place = context.rng.choice(list(PLACES))
    return _draft_extremum(context, column, words, place) if len(_whole_column(context, column)) > 3 else None


def _draft_sum(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = _named(context, column)
    if not _is_additive(column, words, named) or not _comparable(context) or len(named) < _LEAST_COMPARED:
        return None
    chosen = context.rng.sample(named, 2 if len(named) < 5 else context.rng.choice((2, 3)))
    names = [name for _, name, _ in chosen]
    question = _draft(context, Operation.SUM, words, chosen, items=", ".join(names[:-1]) + f" and {names[-1]}")
    total = sum((quantity.value for _, _, quantity in chosen), Decimal(0))
    measure = _measure_of(column, chosen[0][2])
    number = print_number(total, [quantity.text for _, _, quantity in named], decimal_comma=column.decimal_comma)
    places = tuple(Place(row, column) for row, _, _ in chosen)
    return Draft(Operation.SUM, question, state(number, measure), places, measure) if question else None


def _is_additive(column: Column, words: ColumnWords, named: list[tuple[Row, str, Quantity]]) -> bool:
    header = " ".join(cell.text for cell in column.cells)
    if words.measure is None or column.measure.percent or column.total or any(q.percent for _, _, q in named):
        return False
    if any(is_period(row.label) or quantity.value < 0 for row, _, quantity in named):
        return False
    return _ADDITIVE.search(words.measure) is not None and _NOT_ADDITIVE.search(header) is None


def _draft_difference(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    across = _across(context, column)
    if across is not None and context.rng.random() < 0.6:
        return across
    pair = _pair(context, column)
    if pair is None:
        return None
    (row, name, high), (other, other_name, low) = pair
    question = _draft(context, Operation.DIFFERENCE, words, [], item=name, other=other_name)
    places = (Place(row, column), Place(other, column))
    return _difference(question, column, places, high, low)


def _across(context: Context, column: Column) -> Draft | None:
    """Return the difference between two periods of one row, when columns differ in nothing but the period."""
    others = [other for other in context.grid.number_columns if _same_but_period(column, other)]
    words = context.words(column)
    rows = _named(context, column)
    if not others or not rows or words is None:
        return None
    other = context.rng.choice(others)
    row, name, one = context.rng.choice(rows)
    two = context.grid.quantity(row.index, other.index)
    if two is None or two.value == one.value:
        return None
    first, second = (_period(column), _period(other))
    templates = ACROSS_MEASURE if words.measure else ACROSS
    bare = ColumnWords(words.measure, "")
    question = ask(templates, context.setting, bare, context.rng, item=name, first=first, second=second)
    if " under " in words.under or question is None:
        return None
    places = (
        (Place(row, column), Place(row, other)) if one.value > two.value else (Place(row, other), Place(row, column))
    )
    high, low = (one, two) if one.value > two.value else (two, one)
    return _difference(question, column, places, high, low, by_column=True)


def _same_but_period(one: Column, other: Column) -> bool:
    if one.index == other.index or not _period(one) or not _period(other) or one.measure.unit != other.measure.unit:
        return False
    return [name for name in one.header if not is_period(name)] == [n for n in other.header if not is_period(n)]


def _period(column: Column) -> str:
    return next((name for name in column.header if is_period(name)), "")


def _difference(
    question: str | None,
    column: Column,
    places: tuple[Place, ...],
    high: Quantity,
    low: Quantity,
    *,
    by_column: bool = False,
) -> Draft | None:
    if question is None:
        return None
    measure = _measure_of(column, high)
    if measure.percent or high.percent:
        measure = Measure(measure.name, "percentage points")
    number = print_number(high.value - low.value, [high.text, low.text], decimal_comma=column.decimal_comma)
    return Draft(Operation.DIFFERENCE, question, state(number, measure), places, measure, labelled_by_column=by_column)


def _draft_count(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = _whole_column(context, column)
    threshold = _threshold([quantity.value for _, _, quantity in named], context.rng)
    if threshold is None or column.missing:
        return None
    sign = context.rng.choice("><")
    count = sum(q.value > threshold if sign == ">" else q.value < threshold for _, _, q in named)
    kinds = kind_words(context.grid, context.setting.voice)[1]
    above = {">": "above", "<": "below"}[sign]
    printed = print_number(threshold, [plain(threshold)], decimal_comma=column.decimal_comma)
    stated = state(printed, _measure_of(column, named[0][2]))
    question = _draft(context, Operation.COUNT, words, named, kinds=kinds, above=above, threshold=stated)
    if question is None:
        return None
    places = tuple(Place(row, column) for row, _, _ in named)
    return Draft(Operation.COUNT, question, str(count), places, Measure(""), f"{sign} {plain(threshold)}")


def _threshold(values: list[Decimal], rng: random.Random) -> Decimal | None:
    """Return a round number well between two of the values, so that no one asks whether it counts itself."""
    ordered = sorted(set(values))
    if len(values) < _LEAST_COUNTED or len(ordered) < 4:
        return None
    gaps = list(pairwise(ordered[1:-1]))
    rng.shuffle(gaps)
    for low, high in gaps:
        for digits in range(3, -4, -1):
            middle = ((low + high) / 2).quantize(Decimal(1).scaleb(digits))
            if low < middle < high:
                return middle or None
    return None


def _measure_of(column: Column, quantity: Quantity) -> Measure:
    """Return the measure of computed numbers: units and scale words printed in the cells count as the column's."""
    names = {Decimal(1000): "thousand", Decimal(10**6): "million", Decimal(10**9): "billion"}
    own = column.measure
    word = names.get(quantity.scale, own.scale_word)
    scale = quantity.scale if quantity.scale != 1 else own.scale
    unit = "%" if quantity.percent else quantity.unit or own.unit
    return Measure(own.name, unit, scale, word)


def _text_lookups(context: Context) -> Iterator[Draft]:
    for column in context.grid.columns:
        words = context.words(column) if column.kind is ColumnKind.TEXT and len(column.header) == 1 else None
        if words is None or _TEXT_NOT_ASKED.search(column.header[0]) or len(column.header[0].split()) > 4:
            continue
        header = context.setting.voice.lowered(column.header[0])
        rows = [row for row in context.grid.rows if _is_short_text(context.grid, row, column) and context.name(row)]
        if len(rows) < 2 or header.endswith("s") or not re.fullmatch(r"[\w -]+", header):
            continue
        row = context.rng.choice(rows)
        name = context.name(row)
        bare = ColumnWords(header, "")
        question = ask(TEXT_LOOKUP, context.setting, bare, context.rng, item=name or "")
        cell = context.grid.cell(row.index, column.index)
        if question and cell and clean(cell.text).casefold() not in question.casefold():
            yield Draft(Operation.LOOKUP, question, clean(cell.text), (Place(row, column),), Measure(""), textual=True)


def _is_short_text(grid: Grid, row: Row, column: Column) -> bool:
    cell = grid.cell(row.index, column.index)
    return cell is not None and is_name(cell.text) and len(cell.text) <= 50 and cell.row_span == cell.col_span == 1


def _value_of(entry: tuple[Row, str, Quantity]) -> Decimal:
    return entry[2].value


_DRAFTERS: Final[dict[Operation, Callable[[Context, Column, ColumnWords], Draft | None]]] = {
    Operation.LOOKUP: _draft_lookup,
    Operation.COMPARE: _draft_compare,
    Operation.MAXIMUM: _draft_maximum,
    Operation.MINIMUM: _draft_minimum,
    Operation.RANK: _draft_rank,
    Operation.SUM: _draft_sum,
    Operation.DIFFERENCE: _draft_difference,
    Operation.COUNT: _draft_count,
}
