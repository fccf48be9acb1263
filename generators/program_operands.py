"""Which rows and columns of a table belong together, so that comparing, adding or counting them means something."""

import random
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from generators.column_words import ColumnWords
from generators.measures import Measure, read_measure
from generators.program_rounding import decimals_of
from generators.quantities import Quantity, without_beside
from generators.row_kinds import kind_words
from generators.subject_measures import subject_measure
from generators.table_grid import Column, Grid, Row
from generators.table_text import is_month, is_period, is_statistic
from generators.wording import Setting, column_words, row_words, split_year

LEAST_COMPARED: Final = 3
_LEAST_COUNTED: Final = 5
_MOST_OPERANDS: Final = 60
_EXACT: Final = 20
_MOST_GAPS: Final = 3
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

_SHARES: Final = re.compile(
    r"\b(?:shares?|percent\w*|proportions?|growth|prevalence|incidence|coverage|concentration ratios?|changes?"
    r"|distribution|(?<!exchange )rates?)\b",
    re.I,
)

_NO_TOTAL: Final = re.compile(
    r"\b(?:ratios?|rates?|averages?|mean|median|per|index|indices|shares?|percent\w*)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Context:
    """A table and how to speak of it; `partial` when other pages carry more of its rows."""

    grid: Grid
    setting: Setting
    partial: bool
    rng: random.Random

    def words(self, column: Column) -> ColumnWords | None:
        """Return how a sentence names a column; the "total" of ratios and rates is none."""
        if self._is_lone_month(column):
            return None
        words = column_words(column, self.setting.voice)
        if words and words.measure == "total" and _NO_TOTAL.search(self.setting.subject):
            return None
        if words and words.measure and _CORRELATIONS.match(self.setting.subject) and len(column.header) == 1:
            # "Production of materials" is what was correlated, and no measure.
            return ColumnWords("correlation", "", group=column.header[0])
        if words and words.measure is None and not self._measures_apart(column):
            said = subject_measure(self.setting.subject, self.setting.voice, percent=column.measure.percent)
            return replace(words, measure=said, figure="figure") if said else words
        return words

    def _is_lone_month(self, column: Column) -> bool:
        """Tell whether a header reads like a month among others that do not: "Dec" may be a distance."""
        months = [one.index for one in self.grid.columns if any(is_month(name) for name in one.header)]
        return months == [column.index]

    def _measures_apart(self, column: Column) -> bool:
        """Tell whether some columns have measures of their own, so that the caption's is not that of all."""
        if any(is_period(name) for name in column.header) or _CORRELATIONS.match(self.setting.subject):
            return False
        read = (column_words(one, self.setting.voice) for one in self.grid.number_columns)
        return any(words is None or words.measure not in (None, "total") for words in read)

    def words_measure(self, column: Column) -> str | None:
        """Return the measure that a column's header names, or None."""
        words = self.words(column)
        return words.measure if words else None

    @property
    def kinds(self) -> tuple[str, str]:
        """What the rows are, in the singular and the plural."""
        return kind_words(self.grid, self.setting.voice, self.setting.subject)

    def name(self, row: Row) -> str | None:
        """Return how a sentence names a row."""
        return row_words(row, self.grid, self.setting.voice)


_CORRELATIONS: Final = re.compile(r"(?:[\w’'-]+ ){0,2}correlations? (?:between|of|among|with|matrix)\b", re.I)
# Numbers below such a header point at a place; they measure nothing.
_POINTERS: Final = re.compile(
    r"\b(?:equations?|eqs?\.|sections?|chapters?|pages?|figures?|tables?|references?|refs?\.|ids?|codes?|zip)\b(?! of)",
    re.I,
)


def _points(column: Column) -> bool:
    return any(_POINTERS.search(name) and not name.casefold().startswith("number") for name in column.header)


def can_compute(grid: Grid, column: Column) -> bool:
    """Tell whether the numbers of a column are of one kind: no statistics, no brackets, one unit, one scale."""
    if any(is_statistic(name) for name in column.header) or _points(column):
        return False
    quantities = _quantities(grid, column)
    if any(quantity.bracketed for quantity in quantities):
        return False
    # Units that differ from cell to cell make the numbers of a column no numbers of one kind.
    units = {quantity.unit or column.measure.unit for quantity in quantities}
    return len(units) <= 1 and len({quantity.scale for quantity in quantities}) == 1


def can_look_up(grid: Grid, column: Column) -> bool:
    """Tell whether the numbers of a column can be asked for one by one, be they of several kinds."""
    if any(is_statistic(name) for name in column.header) or _points(column):
        return False
    return not any(one.bracketed for one in _quantities(grid, column))


def says_unit(row: Row, quantity: Quantity) -> bool:
    """Tell whether a number among others of other kinds says in what it is given: in its cell or in its row's label."""
    return quantity.unit is not None or read_measure(row.label).stated


def has_unclear_unit(context: Context, column: Column) -> bool:
    """Tell whether bare numbers are shares, rates or growth of which nothing says in what they are given."""
    if column.measure.stated or any(quantity.unit for quantity in _quantities(context.grid, column)):
        return False
    own = column_words(column, context.setting.voice)
    said = " ".join(column.header) if own and own.measure else f"{context.setting.subject} {column.header}"
    if column.index not in context.grid.parts_of_hundred and _SHARES.search(said) is None:
        return False
    # Fractions of one need no sign.
    return any(abs(quantity.value) > 1 for quantity in _quantities(context.grid, column))


def _quantities(grid: Grid, column: Column) -> list[Quantity]:
    read = [grid.quantity(row.index, column.index) for row in grid.rows]
    return [quantity for quantity in read if quantity is not None]


def named_rows(
    context: Context, column: Column, *, marked: bool = False, totals: bool = False
) -> list[tuple[Row, str, Quantity]]:
    """Return the rows with a number in a column and a name for a sentence: row, name, number.

    Unless `totals`, totals stay out, and unless `marked` numbers with a footnote, which may say that they count
    something else.
    """
    found = []
    for row in context.grid.rows:
        quantity = context.grid.quantity(row.index, column.index)
        name = context.name(row)
        if is_statistic(row.label):
            continue
        if quantity is None or name is None or (row.total and not totals):
            continue
        if not marked and _is_marked(context.grid, row, column):
            continue
        found.append((row, name, quantity))
    return found


def _is_marked(grid: Grid, row: Row, column: Column) -> bool:
    cell, quantity = grid.cell(row.index, column.index), grid.quantity(row.index, column.index)
    if cell is None or quantity is None:
        return False
    return len(without_beside(cell.text.strip())) > len(quantity.text.strip())


def comparable(context: Context) -> bool:
    """Tell whether the rows are things of one kind, each named, none a part of another."""
    grid = context.grid
    if grid.hierarchical or any(row.section for row in grid.rows) or _VARIABLE_HEADS.search(grid.stub_head or ""):
        return False
    if _repeats_in_groups(grid):
        return False
    totals = {row.index for row in grid.rows if row.total}
    if not grid.aggregates <= totals:
        return False
    return not any(is_statistic(row.label) or read_measure(row.label).stated for row in grid.rows)


def _repeats_in_groups(grid: Grid) -> bool:
    """Tell whether groups in the first column hold rows of the same names, as where each group is another measure."""
    inner = [row.cells[-1].text.casefold() for row in grid.rows if len(row.cells) > 1]
    return bool(inner) and len(set(inner)) * 2 <= len(inner)


def whole_column(context: Context, column: Column) -> list[tuple[Row, str, Quantity]]:
    """Return all rows that an extremum is taken over, or nothing when one cannot be trusted."""
    if context.partial or not comparable(context):
        return []
    rows = [row for row in context.grid.rows if not row.total]
    named = named_rows(context, column, marked=True)
    if column.blanks or column.unread or len(named) < LEAST_COMPARED or len(named) > _MOST_OPERANDS:
        return []
    numbers = sum(context.grid.quantity(row.index, column.index) is not None for row in rows)
    return named if numbers == len(named) and column.missing * 4 <= len(rows) else []


def is_additive(column: Column, words: ColumnWords, named: list[tuple[Row, str, Quantity]]) -> bool:
    """Tell whether a sum of the numbers means something: amounts and counts, no rates, no shares, no levels."""
    header = " ".join(cell.text for cell in column.cells)
    if words.measure is None or column.measure.percent or column.total or any(q.percent for _, _, q in named):
        return False
    if any(is_period(row.label) or quantity.value < 0 for row, _, quantity in named):
        return False
    if len({quantity.value for _, _, quantity in named}) < 2:
        return False
    return _ADDITIVE.search(words.measure) is not None and _NOT_ADDITIVE.search(header) is None


def same_but_period(one: Column, other: Column) -> bool:
    """Tell whether two columns differ in nothing but the period that they name."""
    if one.index == other.index or one.measure.unit != other.measure.unit or one.measure.scale != other.measure.scale:
        return False
    (names, period), (other_names, other_period) = _split_header(one), _split_header(other)
    return names == other_names and bool(period) and bool(other_period) and period != other_period


def period_of(column: Column) -> str:
    """Return the period in a column's header, or ""."""
    return _split_header(column)[1]


def _split_header(column: Column) -> tuple[list[str], str]:
    """Return the header without its period, and that; "Sales 1995" ends with one, "change since 1995" does not."""
    names = [name for name in column.header if not is_period(name)]
    periods = [name for name in column.header if is_period(name)]
    if periods or not names:
        return names, next(iter(periods), "")
    name, year = split_year(names[-1])
    return [*names[:-1], name], year


def pick_threshold(values: list[Decimal], rng: random.Random) -> Decimal | None:
    """Return a round number well between two of the values, so that no one asks whether it counts itself."""
    ordered = sorted(set(values))
    if len(values) < _LEAST_COUNTED or len(ordered) < 4:
        return None
    gaps = list(pairwise(ordered[1:-1]))
    found = [middle for low, high in rng.sample(gaps, min(len(gaps), _MOST_GAPS)) if (middle := _between(low, high))]
    return min(found, key=_digits, default=None)


def _between(low: Decimal, high: Decimal) -> Decimal | None:
    """Return the roundest number near the middle of two."""
    for digits in range(3, -4, -1):
        middle = ((low + high) / 2).quantize(Decimal(1).scaleb(digits))
        if low < middle < high:
            return middle or None
    return None


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def is_exact(quantity: Quantity) -> bool:
    """Tell whether rounding hardly matters where a number is divided by: it is far above its last digit."""
    return abs(quantity.value) >= _EXACT * Decimal(1).scaleb(-decimals_of(quantity.value))


def computed_measure(column: Column, quantity: Quantity) -> Measure:
    """Return the measure of computed numbers: units and scale words printed in the cells count as the column's."""
    names = {Decimal(1000): "thousand", Decimal(10**6): "million", Decimal(10**9): "billion"}
    own = column.measure
    word = names.get(quantity.scale, own.scale_word)
    scale = quantity.scale if quantity.scale != 1 else own.scale
    unit = "%" if quantity.percent else quantity.unit or own.unit
    return Measure(own.name, unit, scale, word)
