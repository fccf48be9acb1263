"""Drafts whose answer is a list of rows: those that meet a condition or two, and the first few of an order."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generators.column_words import ColumnWords, narrowed
from generators.measures import Measure, print_threshold, state
from generators.phrases import AND_FILTER
from generators.program_operands import (
    Context,
    can_compute,
    computed_measure,
    has_unclear_unit,
    pick_threshold,
    whole_column,
)
from generators.program_places import Draft, NamedRow, Place, put_question, rows_are_periods
from generators.program_runs import LIST_MARK
from generators.quantities import Quantity, plain
from generators.table_grid import Column
from generators.table_text import clean
from generators.wording import is_superlative, with_article
from schemas.kinds import Operation

_LEAST_ROWS: Final = 5
_MANY_ROWS: Final = 12
_FEWEST, _MOST = 2, 6
_WORDS: Final = {2: "two", 3: "three", 4: "four", 5: "five"}


def list_answer(result: str) -> str:
    """Return a list as an answer prints it; items that have commas are parted by semicolons.

    >>> list_answer("Austria; Belgium")
    'Austria, Belgium'
    """
    return result if "," in result else result.replace(LIST_MARK, ", ")


def draft_top(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return the two to five rows with the highest or lowest numbers, in order."""
    named = whole_column(context, column)
    if len(named) < _LEAST_ROWS:
        return None
    size = context.rng.randint(2, 5 if len(named) >= _MANY_ROWS else 3)
    highest = context.rng.random() < 0.7
    ordered = sorted(named, key=_value_of, reverse=highest)
    if len({entry[2].value for entry in ordered[: size + 1]}) <= size:
        return None
    kinds = context.kinds[1]
    slots = {"kinds": kinds, "size": _WORDS[size], "highest": "highest" if highest else "lowest"}
    question = put_question(context, Operation.TOP, words, **slots, order="highest" if highest else "lowest")
    if question is None:
        return None
    labels = [clean(row.label) for row, _, _ in ordered[:size]]
    places = tuple(Place(row, column) for row, _, _ in named)
    answer = list_answer(LIST_MARK.join(labels))
    return Draft(Operation.TOP, question, answer, places, column.measure, str(size if highest else -size))


def draft_filter(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return the rows above or below a threshold in one column, or in each of two."""
    first = _condition(context, column, words)
    if first is None or rows_are_periods(context.grid):
        return None
    second = _other_condition(context, column) if context.rng.random() < 0.7 else None
    conditions = [first, second] if second else [first]
    labels = _meeting(context, conditions)
    if not _FEWEST <= len(labels) <= _MOST or (second and len(labels) == len(_meeting(context, [first]))):
        return None
    kinds = context.kinds[1]
    also = AND_FILTER.format(condition=second.said) if second else ""
    question = put_question(context, Operation.FILTER, words, kinds=kinds, condition=first.said + also)
    if question is None:
        return None
    rows = [row for row, _, _ in whole_column(context, column)]
    places = tuple(Place(row, one.column) for row in rows for one in conditions)
    argument = " & ".join(f"{one.sign} {plain(one.threshold)}" for one in conditions)
    answer = list_answer(LIST_MARK.join(labels))
    return Draft(Operation.FILTER, question, answer, places, Measure(""), argument, per_group=len(conditions))


@dataclass(frozen=True, slots=True)
class _Condition:
    """A column that rows are filtered by; `said` is the condition as a sentence says it."""

    column: Column
    sign: str
    threshold: Decimal
    said: str


def _condition(context: Context, column: Column, words: ColumnWords) -> _Condition | None:
    named = whole_column(context, column)
    threshold = pick_threshold([quantity.value for _, _, quantity in named], context.rng)
    if threshold is None or column.missing or column.total or is_superlative(words.measure or ""):
        return None
    sign = context.rng.choice("><")
    printed = print_threshold(threshold, [q.text for _, _, q in named], decimal_comma=column.decimal_comma)
    stated = state(printed, computed_measure(column, named[0][2]))
    words = narrowed(words, context.setting.voice, context.rng)
    said = f"{with_article(words)}{words.under} {'above' if sign == '>' else 'below'} {stated}"
    return _Condition(column, sign, threshold, said)


def _other_condition(context: Context, column: Column) -> _Condition | None:
    others = [one for one in context.grid.number_columns if one is not column and can_compute(context.grid, one)]
    context.rng.shuffle(others)
    for other in others:
        words = context.words(other)
        found = _condition(context, other, words) if words and not has_unclear_unit(context, other) else None
        if found:
            return found
    return None


def _meeting(context: Context, conditions: list[_Condition]) -> list[str]:
    """Return the labels of the rows that meet every condition, in the order of the table."""
    return [
        clean(row.label)
        for row, _, _ in whole_column(context, conditions[0].column)
        if all(_meets(context.grid.quantity(row.index, one.column.index), one) for one in conditions)
    ]


def _meets(quantity: Quantity | None, condition: _Condition) -> bool:
    if quantity is None:
        return False
    return quantity.value > condition.threshold if condition.sign == ">" else quantity.value < condition.threshold


def _value_of(entry: NamedRow) -> Decimal:
    return entry[2].value
