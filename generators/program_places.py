"""What a program is drafted from: places in a table, and the question that they answer."""

from dataclasses import dataclass, replace
from typing import Final

from generators.column_words import ColumnWords
from generators.measures import Measure
from generators.phrases import FIGURES, PERIODS, QUESTIONS
from generators.program_operands import Context, comparable, named_rows
from generators.quantities import Quantity
from generators.table_grid import Column, Grid, Row
from generators.table_text import is_period
from generators.wording import ask, is_superlative
from schemas.kinds import Operation

# What can be asked of numbers that are extremes already.
_OF_EXTREMES: Final = frozenset({Operation.LOOKUP, Operation.DIFFERENCE})
NamedRow = tuple[Row, str, Quantity]


@dataclass(frozen=True, slots=True)
class Place:
    """One value and the row that names it; across columns the header cell of `column` names it."""

    row: Row
    column: Column


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with its answer and what its program reads.

    `labelled_by_column` when columns are compared. `per_group` values stand for one label, as when rows are filtered by
    two columns.
    """

    operation: Operation
    question: str
    answer: str
    places: tuple[Place, ...]
    measure: Measure
    argument: str | None = None
    textual: bool = False
    labelled_by_column: bool = False
    per_group: int = 1


def put_question(context: Context, operation: Operation, words: ColumnWords, **slots: str) -> str | None:
    """Return a question about a column, in the words that suit its rows; None where there are none."""
    if words.measure and is_superlative(words.measure) and operation not in _OF_EXTREMES:
        words = replace(words, measure=None)
    templates = PERIODS if rows_are_periods(context.grid) else QUESTIONS if words.measure else FIGURES
    return ask(templates[operation], context.setting, words, context.rng, **slots) if operation in templates else None


def rows_are_periods(grid: Grid) -> bool:
    """Tell whether every row that has a name is a year or another period."""
    return all(is_period(row.label) for row in grid.rows if row.label and not row.total)


def pick_pair(context: Context, column: Column) -> tuple[NamedRow, NamedRow] | None:
    """Return two rows of different values, the higher first."""
    named = named_rows(context, column)
    if len(named) < 2 or not comparable(context):
        return None
    one, other = context.rng.sample(named, 2)
    if one[2].value == other[2].value:
        return None
    return (one, other) if one[2].value > other[2].value else (other, one)


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["Austria", "Belgium", "Cyprus"])
    'Austria, Belgium and Cyprus'
    """
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
