"""Drafts that calculate with two numbers or more: averages, sums compared, ratios, growth, shares of a total."""

import re
from decimal import Decimal
from typing import Final

from generators.column_words import ColumnWords
from generators.measures import Measure, print_number, state
from generators.phrases import AVERAGES, CHANGES, GROWTH
from generators.program_operands import (
    LEAST_COMPARED,
    Context,
    comparable,
    computed_measure,
    is_additive,
    is_exact,
    named_rows,
    period_of,
    same_but_period,
    whole_column,
)
from generators.program_places import Draft, NamedRow, Place, listed, pick_pair, put_question, rows_are_periods
from generators.program_rounding import adds_up, average, change, decimals_of, percentage, ratio
from generators.quantities import Quantity, plain
from generators.row_kinds import UNKNOWN_KIND
from generators.table_grid import Column, Row
from generators.table_text import period_order
from generators.wording import ask
from schemas.kinds import Operation

PERCENT: Final = Measure("", unit="%")
_AVERAGED: Final = re.compile(r"\b(?:average|mean|median|total|max|min|rank|year|change|growth)", re.I)
_NO_RATIO: Final = re.compile(
    r"\b(?:years?|dates?|temperatures?|index|scores?|ranks?|levels?|change|growth|difference|balance|ratio|rates?|error|loss"
    r"|coefficient|probability|points?|net|profits?|deficits?)\b|°",
    re.I,
)
_NO_GROWTH: Final = re.compile(
    r"\b(?:change|growth|difference|rank|balance|net|ratio|share|percent\w*|deficits?)\b|%", re.I
)
_NOT_FINAL: Final = re.compile(r"provisional|prelim|estimate|forecast|project|revised|\d\s?[pefr]\b", re.I)
_AVERAGES: Final = re.compile(r"average|mean|median", re.I)
_WHOLE_AVERAGES: Final = 0.8
LEAST_RATIO: Final = Decimal("1.2")
_MOST_RATIO: Final = Decimal(200)
_LEAST_SHARE: Final = Decimal(1)
_LEAST_CHANGE: Final = Decimal("0.5")
_MOST_CHANGE: Final = Decimal(500)


def draft_average(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return the mean of two or three rows."""
    named = named_rows(context, column)
    header = " ".join(column.header)
    if len(named) < LEAST_COMPARED or _AVERAGED.search(header) or column.total or not comparable(context):
        return None
    periods = rows_are_periods(context.grid)
    if not periods and not is_additive(column, words, named):
        return None
    every = [] if periods or context.kinds[0] == UNKNOWN_KIND else whole_column(context, column)
    if every and not column.missing and context.rng.random() < _WHOLE_AVERAGES:
        return _average_of_all(context, column, words, every)
    size = context.rng.choice((2, 3)) if len(named) > LEAST_COMPARED else 2
    start = context.rng.randrange(len(named) - size + 1)
    chosen = named[start : start + size] if periods else context.rng.sample(named, size)
    value = average([quantity.value for _, _, quantity in chosen])
    question = put_question(context, Operation.AVERAGE, words, items=listed([name for _, name, _ in chosen]))
    return _stated(Operation.AVERAGE, question, value, column, chosen)


def _average_of_all(context: Context, column: Column, words: ColumnWords, every: list[NamedRow]) -> Draft | None:
    slots = {"size": str(len(every)), "kinds": context.kinds[1]}
    question = ask(AVERAGES, context.setting, words, context.rng, **slots)
    value = average([quantity.value for _, _, quantity in every])
    return _stated(Operation.AVERAGE, question, value, column, every)


def draft_excess(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return by how much two rows together exceed a third."""
    named = named_rows(context, column)
    if not is_additive(column, words, named) or not comparable(context) or len(named) < LEAST_COMPARED:
        return None
    *parts, last = context.rng.sample(named, LEAST_COMPARED)
    value = sum((quantity.value for _, _, quantity in parts), Decimal(0)) - last[2].value
    if value <= 0:
        return None
    names = listed([name for _, name, _ in parts])
    question = put_question(context, Operation.EXCESS, words, items=names, other=last[1])
    return _stated(Operation.EXCESS, question, value, column, [*parts, last])


def draft_ratio(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return how many times the number of another row a row has."""
    pair = pick_pair(context, column)
    if pair is None or words.measure is None or not has_ratio(column):
        return None
    (row, name, high), (other, other_name, low) = pair
    if low.value <= 0 or high.percent or not (is_exact(high) and is_exact(low)):
        return None
    times = ratio(high.value, low.value)
    if not LEAST_RATIO <= times <= _MOST_RATIO:
        return None
    question = put_question(context, Operation.RATIO, words, item=name, other=other_name)
    places = (Place(row, column), Place(other, column))
    return Draft(Operation.RATIO, question, state_ratio(times, question), places, Measure("")) if question else None


def has_ratio(column: Column) -> bool:
    """Tell whether a number of a column may be so many times another: it counts from zero, and is no rate."""
    return not column.measure.percent and _NO_RATIO.search(" ".join(column.header)) is None


def can_grow(column: Column) -> bool:
    """Tell whether the numbers of a column may grow by so many percent."""
    return not column.measure.percent and _NO_GROWTH.search(" ".join(column.header)) is None


def state_ratio(times: Decimal, question: str) -> str:
    """Return a ratio as its question asks for it: "2.4 times", or "2.4"."""
    return f"{times} times" if "how many times" in question.casefold() else str(times)


def draft_change(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return by how many percent a number grew or shrank between two periods: two columns, or two rows."""
    if not can_grow(column) or not words.measure:
        return None
    return _change_in_row(context, column, words) or _change_in_column(context, column, words)


def _change_in_row(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    earlier = period_order(period_of(column))
    others = [
        other
        for other in context.grid.number_columns
        if same_but_period(column, other) and earlier and (later := period_order(period_of(other))) and later > earlier
    ]
    rows = named_rows(context, column)
    if not others or not rows or words.group:
        return None
    other = context.rng.choice(others)
    row, name, before = context.rng.choice(rows)
    after = context.grid.quantity(row.index, other.index)
    if after is None or is_marked_by(other) or is_marked_by(column):
        return None
    slots = {"item": name, "first": period_of(column), "second": period_of(other)}
    places = (Place(row, column), Place(row, other))
    return _changed(context, (before, after), ColumnWords(words.measure, "", words.figure), places, slots)


def _change_in_column(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    if not rows_are_periods(context.grid):
        return None
    dated = [entry for entry in named_rows(context, column) if period_order(entry[0].label)]
    if len(dated) < 2:
        return None
    (row, name, before), (later, later_name, after) = sorted(context.rng.sample(dated, 2), key=_order)
    slots = {"first": name, "second": later_name}
    return _changed(context, (before, after), words, (Place(row, column), Place(later, column)), slots)


def _changed(
    context: Context,
    numbers: tuple[Quantity, Quantity],
    words: ColumnWords,
    places: tuple[Place, ...],
    slots: dict[str, str],
) -> Draft | None:
    before, after = numbers
    if before.value <= 0 or after.value <= 0 or before.percent or not (is_exact(before) and is_exact(after)):
        return None
    value = change(before.value, after.value)
    if not _LEAST_CHANGE <= abs(value) <= _MOST_CHANGE:
        return None
    templates = CHANGES if "item" in slots else GROWTH
    told = context.rng.random() < 0.6
    grow = ("increase" if value > 0 else "decrease") if told else "change"
    question = ask(templates, context.setting, words, context.rng, grow=grow, **slots)
    answer = state_change(value, told=told)
    across = places[0].column != places[1].column
    return Draft(Operation.CHANGE, question, answer, places, PERCENT, labelled_by_column=across) if question else None


def state_change(value: Decimal, *, told: bool) -> str:
    """Return a change in percent in words; `told` when the question says which way it went.

    >>> state_change(Decimal("-4.5"), told=False)
    'a decrease of 4.5%'
    """
    number = f"{abs(value)}%"
    return number if told else f"{'an increase' if value > 0 else 'a decrease'} of {number}"


def is_marked_by(column: Column) -> bool:
    """Tell whether a header says that its numbers are not final."""
    return any(
        re.search(r"provisional|prelim|estimate|forecast|project|revised|\d\s?[pefr]\b", c.text, re.I)
        for c in column.cells
    )


def draft_share(context: Context, column: Column, words: ColumnWords) -> Draft | None:
    """Return a row's percentage of a printed total that the rows add up to."""
    if column.measure.percent or column.blanks or column.unread or context.partial or not comparable(context):
        return None
    total = _total(context, column)
    named = named_rows(context, column)
    parts = [row for row in context.grid.rows if not row.total]
    if total is None or words.measure is None or not named or rows_are_periods(context.grid):
        return None
    row, name, quantity = context.rng.choice(named)
    others = [part for part in parts if part is not row]
    numbers = [context.grid.quantity(part.index, column.index) for part in (row, *others)]
    values = [number.value for number in numbers if number is not None]
    sum_of_all = context.grid.quantity(total.index, column.index)
    if len(values) < len(numbers) or sum_of_all is None or min(values) < 0 or not adds_up(values, sum_of_all.value):
        return None
    share = percentage(quantity.value, sum_of_all.value)
    question = put_question(context, Operation.SHARE, words, item=name)
    if question is None or not is_exact(quantity) or not _LEAST_SHARE <= share < 100:
        return None
    places = tuple(Place(one, column) for one in (row, total, *others))
    return Draft(Operation.SHARE, question, f"{share}%", places, PERCENT)


def _total(context: Context, column: Column) -> Row | None:
    """Return the one row that is the total of the others."""
    totals = [row for row in context.grid.rows if row.total and not _AVERAGES.search(row.label)]
    filled = [row for row in totals if context.grid.quantity(row.index, column.index) is not None]
    return filled[0] if len(filled) == 1 else None


def _stated(
    operation: Operation, question: str | None, value: Decimal, column: Column, chosen: list[NamedRow]
) -> Draft | None:
    if question is None:
        return None
    measure = computed_measure(column, chosen[0][2])
    point = "," if column.decimal_comma else "."
    decimals = decimals_of(Decimal(plain(value)))
    like = [quantity.text for _, _, quantity in chosen] + [f"0{point}{'0' * decimals}"]
    number = print_number(value, like, decimal_comma=column.decimal_comma)
    places = tuple(Place(row, column) for row, _, _ in chosen)
    return Draft(operation, question, state(number, measure), places, measure)


def _order(entry: NamedRow) -> tuple[int, int]:
    return period_order(entry[0].label) or (0, 0)
