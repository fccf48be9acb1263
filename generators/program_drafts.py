"""Which questions a table can answer: drafts of programs over the rows and columns that make sense together."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from generators.column_words import ColumnWords
from generators.measures import Measure, print_number, print_threshold, state, state_quantity
from generators.phrases import ACROSS, PHRASE_LOOKUP, PLACES, TEXT_LOOKUP
from generators.program_arithmetic import draft_average, draft_change, draft_excess, draft_ratio, draft_share
from generators.program_lists import draft_filter, draft_top
from generators.program_operands import (
    LEAST_COMPARED,
    Context,
    can_compute,
    can_look_up,
    comparable,
    computed_measure,
    has_unclear_unit,
    is_additive,
    named_rows,
    period_of,
    pick_threshold,
    same_but_period,
    says_unit,
    whole_column,
)
from generators.program_places import Draft, Place, listed, pick_pair, put_question
from generators.quantities import Quantity, plain
from generators.row_kinds import UNKNOWN_KIND
from generators.table_columns import holds_phrases, is_short_text, is_text_asked
from generators.table_grid import Column, Row
from generators.table_text import clean
from generators.wording import ask
from schemas.kinds import Operation

# Operations whose question or answer states a number, which needs its unit.
_STATING: Final = frozenset(Operation) - {
    Operation.COMPARE,
    Operation.MAXIMUM,
    Operation.MINIMUM,
    Operation.RANK,
    Operation.TOP,
}


def draft_all(context: Context, operation: Operation) -> Iterator[Draft]:
    """Yield the drafts of an operation, the columns in an order that the seed decides."""
    columns = list(context.grid.number_columns)
    context.rng.shuffle(columns)
    for column in columns:
        words = context.words(column)
        if operation in _STATING and has_unclear_unit(context, column):
            continue
        able = can_look_up if operation is Operation.LOOKUP else can_compute
        if words is not None and able(context.grid, column):
            draft = _DRAFTERS[operation](context, column, words)
            if draft is not None:
                yield draft
    if operation is Operation.LOOKUP:
        yield from _text_lookups(context)


def _draft_lookup(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = named_rows(context, column)
    if not can_compute(context.grid, column):
        named = [entry for entry in named if says_unit(entry[0], entry[2])]
    if not named or column.total:
        return None
    row, name, quantity = context.rng.choice(named)
    question = put_question(context, Operation.LOOKUP, words, item=name)
    if question is None:
        return None
    return Draft(
        Operation.LOOKUP, question, state_quantity(quantity, column.measure), (Place(row, column),), column.measure
    )


def _draft_compare(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    pair = pick_pair(context, column)
    if pair is None:
        return None
    (row, name, _), (other, other_name, _) = pair if context.rng.random() < 0.5 else pair[::-1]
    higher = "higher" if context.rng.random() < 0.7 else "lower"
    question = put_question(context, Operation.COMPARE, words, item=name, other=other_name, higher=higher)
    winner = pair[0][0] if higher == "higher" else pair[1][0]
    if winner.label.casefold() in context.setting.subject.casefold():
        return None
    places = (Place(row, column), Place(other, column))
    return Draft(Operation.COMPARE, question, winner.label, places, column.measure, higher) if question else None


def _draft_extremum(context: Context, column: Column, words: ColumnWords, place: int) -> Draft | None:
    named = whole_column(context, column)
    ordered = sorted(named, key=_value_of, reverse=place > 0)
    if len(ordered) <= abs(place):
        return None
    winner = ordered[abs(place) - 1]
    upto = ordered[: abs(place) + 1]
    if len({entry[2].value for entry in upto}) < len(upto):
        return None
    operation = {1: Operation.MAXIMUM, -1: Operation.MINIMUM}.get(place, Operation.RANK)
    kind = context.kinds[0]
    question = put_question(context, operation, words, kind=kind, place=PLACES.get(place, ""))
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
    return _draft_extremum(context, column, words, place) if len(whole_column(context, column)) > 3 else None


def _draft_sum(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = named_rows(context, column)
    if not is_additive(column, words, named) or not comparable(context) or len(named) < LEAST_COMPARED:
        return None
    chosen = context.rng.sample(named, 2 if len(named) < 5 else context.rng.choice((2, 3)))
    names = [name for _, name, _ in chosen]
    question = put_question(context, Operation.SUM, words, items=listed(names))
    total = sum((quantity.value for _, _, quantity in chosen), Decimal(0))
    measure = computed_measure(column, chosen[0][2])
    number = print_number(total, [quantity.text for _, _, quantity in named], decimal_comma=column.decimal_comma)
    places = tuple(Place(row, column) for row, _, _ in chosen)
    return Draft(Operation.SUM, question, state(number, measure), places, measure) if question else None


def _draft_difference(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    across = _across(context, column)
    if across is not None and context.rng.random() < 0.6:
        return across
    pair = pick_pair(context, column)
    if pair is None:
        return None
    (row, name, high), (other, other_name, low) = pair
    question = put_question(context, Operation.DIFFERENCE, words, item=name, other=other_name)
    places = (Place(row, column), Place(other, column))
    return _difference(question, column, places, high, low)


def _across(context: Context, column: Column) -> Draft | None:
    """Return the difference between two periods of one row, when columns differ in nothing but the period."""
    others = [other for other in context.grid.number_columns if same_but_period(column, other)]
    words = context.words(column)
    rows = named_rows(context, column)
    if not others or not rows or words is None:
        return None
    other = context.rng.choice(others)
    row, name, one = context.rng.choice(rows)
    two = context.grid.quantity(row.index, other.index)
    if two is None or two.value == one.value:
        return None
    first, second = sorted((period_of(column), period_of(other)))
    bare = ColumnWords(words.measure, "", words.figure)
    question = ask(ACROSS, context.setting, bare, context.rng, item=name, first=first, second=second)
    if words.group or question is None:
        return None
    places = (
        (Place(row, column), Place(row, other)) if one.value > two.value else (Place(row, other), Place(row, column))
    )
    high, low = (one, two) if one.value > two.value else (two, one)
    return _difference(question, column, places, high, low, by_column=True)


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
    measure = computed_measure(column, high)
    if measure.percent or high.percent:
        measure = Measure(measure.name, "percentage points")
    number = print_number(high.value - low.value, [high.text, low.text], decimal_comma=column.decimal_comma)
    return Draft(Operation.DIFFERENCE, question, state(number, measure), places, measure, labelled_by_column=by_column)


def _draft_count(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    named = whole_column(context, column)
    threshold = pick_threshold([quantity.value for _, _, quantity in named], context.rng)
    if threshold is None or column.missing or context.kinds[0] == UNKNOWN_KIND:
        return None
    sign = context.rng.choice("><")
    count = sum(q.value > threshold if sign == ">" else q.value < threshold for _, _, q in named)
    kinds = context.kinds[1]
    above = {">": "above", "<": "below"}[sign]
    printed = print_threshold(threshold, [q.text for _, _, q in named], decimal_comma=column.decimal_comma)
    stated = state(printed, computed_measure(column, named[0][2]))
    question = put_question(context, Operation.COUNT, words, kinds=kinds, above=above, threshold=stated)
    if question is None:
        return None
    places = tuple(Place(row, column) for row, _, _ in named)
    return Draft(Operation.COUNT, question, str(count), places, Measure(""), f"{sign} {plain(threshold)}")


def _text_lookups(context: Context) -> Iterator[Draft]:
    for column in context.grid.columns:
        words = context.words(column) if is_text_asked(context.grid, column) else None
        if words is None:
            continue
        header = context.setting.voice.lowered_noun(column.header[0])
        rows = [row for row in context.grid.rows if is_short_text(context.grid, row, column) and context.name(row)]
        if len(rows) < LEAST_COMPARED - 1:
            continue
        row = context.rng.choice(rows)
        phrases = holds_phrases(column)
        item = _called(context, row) if phrases else context.name(row) or ""
        templates = PHRASE_LOOKUP if phrases else TEXT_LOOKUP
        question = ask(templates, context.setting, ColumnWords(header, ""), context.rng, item=item)
        cell = context.grid.cell(row.index, column.index)
        if question and cell and clean(cell.text).casefold() not in question.casefold():
            yield Draft(Operation.LOOKUP, question, clean(cell.text), (Place(row, column),), Measure(""), textual=True)


def _called(context: Context, row: Row) -> str:
    """Return a row's name with what it is, where it is no word of the language: "the function nmatch"."""
    name, kind = context.name(row) or "", context.kinds[0]
    return f"the {kind} {name}" if kind != UNKNOWN_KIND and " " not in name and name[:1].islower() else name


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
    Operation.AVERAGE: draft_average,
    Operation.EXCESS: draft_excess,
    Operation.RATIO: draft_ratio,
    Operation.CHANGE: draft_change,
    Operation.SHARE: draft_share,
    Operation.FILTER: draft_filter,
    Operation.TOP: draft_top,
}
