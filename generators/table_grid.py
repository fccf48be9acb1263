"""A table understood: which rows are headers, what columns measure, what rows are called, where numbers stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from generators.measures import Measure, read_measure, with_default
from generators.quantities import (
    Quantity,
    has_share_beside,
    has_unclear_points,
    is_missing,
    parse_quantity,
    uses_decimal_comma,
)
from generators.table_layout import (
    count_header_rows,
    count_stubs,
    heads_section,
    indents,
    lay_out,
    spread_groups,
    starts_at,
    text_at,
    title_row,
)
from generators.table_text import clean, is_period, is_total, is_year
from generators.table_units import column_name, combined, has_several_numbers, shared_unit, unit_in_caption, unit_said
from schemas.records import Cell

_LEAST_NUMBERS: Final = 2
_RARE: Final = 20
_WHOLE: Final = Decimal(100)
_ROUNDING: Final = Decimal("1.1")


class ColumnKind(StrEnum):
    """What the body of a column holds."""

    STUB = "stub"
    NUMBERS = "numbers"
    TEXT = "text"
    MIXED = "mixed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `header` is its path from the top header down, without units; `cells` are the header cells."""

    index: int
    kind: ColumnKind
    header: tuple[str, ...]
    cells: tuple[Cell, ...]
    measure: Measure
    decimal_comma: bool = False
    total: bool = False
    blanks: int = 0
    missing: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A body row: `label` from its stub cells, `section` the group heading above; `unique` if no other is so named."""

    index: int
    label: str
    cells: tuple[Cell, ...]
    section: str | None = None
    section_cell: Cell | None = None
    total: bool = False
    unique: bool = True
    indent: int = 0


@dataclass(frozen=True)
class Grid:
    """A table by row and column; `stub_head` names what the row labels are ("Country"), None when it says nothing.

    `overlaps` counts places that two cells claim, `title` is a row over the whole width above the headers.
    """

    places: dict[tuple[int, int], Cell]
    height: int
    width: int
    header_rows: int
    stub_head: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str | None = None
    overlaps: int = 0
    stub_columns: int = 1
    _quantities: dict[tuple[int, int], Quantity | None] = field(default_factory=dict, repr=False, compare=False)

    def cell(self, row: int, col: int) -> Cell | None:
        """Return the cell that covers a place, None where the table has none."""
        return self.places.get((row, col))

    def quantity(self, row: int, col: int) -> Quantity | None:
        """Return the number in a body cell, read by the convention of its column."""
        if (row, col) not in self._quantities:
            cell = self.places.get((row, col))
            comma = self.columns[col].decimal_comma
            # With no sign of a decimal comma in the column, "12,5" stays readable; "1,234" is a thousand.
            read = parse_quantity(cell.text, decimal_comma=comma or None) if cell else None
            self._quantities[row, col] = read
        return self._quantities[row, col]

    @cached_property
    def number_columns(self) -> tuple[Column, ...]:
        """The columns of numbers that have a header."""
        return tuple(column for column in self.columns if column.kind is ColumnKind.NUMBERS and column.header)

    @cached_property
    def hierarchical(self) -> bool:
        """Whether labels are indented, so that rows are parts of other rows."""
        return len({row.indent for row in self.rows}) > 1

    @cached_property
    def parts_of_hundred(self) -> frozenset[int]:
        """The columns of bare numbers that sum up to 100, down a column or along rows: shares, whatever they say."""
        bare = [column for column in self.number_columns if not column.measure.stated]
        found = {column.index for column in bare if self._fills_hundred([column], self.rows)}
        groups = [bare, *([one for one in bare if name in one.header] for name in {n for c in bare for n in c.header})]
        for group in groups:
            agreeing = [row for row in self.rows if len(group) > 1 and self._fills_hundred(group, (row,))]
            if len(agreeing) > 2 and len(agreeing) * 10 >= len(self.rows) * 6:
                found |= {column.index for column in group}
        return frozenset(found)

    def _fills_hundred(self, columns: Sequence[Column], rows: Sequence[Row]) -> bool:
        read = [self.quantity(row.index, column.index) for column in columns for row in rows if not row.total]
        values = [quantity.value for quantity in read if quantity is not None]
        return len(values) > 1 and min(values) >= 0 and abs(sum(values) - _WHOLE) <= _ROUNDING

    @cached_property
    def aggregates(self) -> frozenset[int]:
        """The rows whose numbers are the sum of neighbouring rows, whatever their label says."""
        return frozenset(row.index for place, row in enumerate(self.rows) if _is_aggregate(self, place))


def read_grid(cells: Sequence[Cell], *, caption: str = "") -> Grid:
    """Understand a table's cells; `caption` may state the unit of all its numbers."""
    places, overlaps = lay_out(cells)
    height = max((row for row, _ in places), default=-1) + 1
    width = max((col for _, col in places), default=-1) + 1
    top, title = title_row(places, width)
    header_rows = count_header_rows(places, top, height, width)
    stubs = count_stubs(places, header_rows, height, width)
    places = spread_groups(places, top, header_rows, stubs, width)
    default = _default_measure(places, header_rows, stubs, caption)
    columns = tuple(
        _column(places, col, range(top, header_rows), range(header_rows, height), default=default, stub=col < stubs)
        for col in range(width)
    )
    columns = _stated_below(caption, columns)
    rows = _rows(places, header_rows, height, width, stubs=stubs)
    head = " ".join(columns[stubs - 1].header) if width and stubs else ""
    return Grid(
        places,
        height,
        width,
        header_rows,
        _stub_head(head),
        columns,
        rows,
        title=title,
        overlaps=overlaps,
        stub_columns=stubs,
    )


def _default_measure(places: dict[tuple[int, int], Cell], header_rows: int, stubs: int, caption: str) -> Measure:
    corner = " ".join(text_at(places, row, 0) for row in range(header_rows) if stubs)
    measure = read_measure(corner)
    if measure.stated and not measure.name:
        return measure
    stated = read_measure(caption.rstrip(". "))
    if not stated.stated:
        stated = unit_said(caption)
    return (
        Measure("", stated.unit, stated.scale, stated.scale_word)
        if stated.unit != "%" or "%)" in caption
        else Measure("")
    )


def _column(
    places: dict[tuple[int, int], Cell], col: int, head: range, body: range, *, default: Measure, stub: bool
) -> Column:
    cells = _header_cells(places, col, head)
    measures = [read_measure(clean(cell.text)) for cell in cells]
    texts = [text_at(places, row, col) for row in body if starts_at(places, row, col)]
    kind = ColumnKind.STUB if stub else _kind(texts)
    own = combined([measure for measure in measures if measure.stated]) or Measure("", unit=shared_unit(texts))
    if own.percent and any(map(has_share_beside, texts)):
        # "n (%)" over "45 (12%)": the sign is that of the brackets.
        own, measures = Measure(""), [Measure(one.name) for one in measures]
    path = tuple(name for measure in measures if (name := column_name(measure)))
    named = Measure(path[-1] if path else "", own.unit, own.scale, own.scale_word)
    return Column(
        index=col,
        kind=kind,
        header=path,
        cells=cells,
        measure=with_default(named, default) if kind is ColumnKind.NUMBERS else named,
        decimal_comma=uses_decimal_comma(texts) if kind is ColumnKind.NUMBERS else False,
        total=any(is_total(cell.text) for cell in cells),
        blanks=sum(not text for text in texts),
        missing=sum(is_missing(text) for text in texts),
        unread=sum(has_several_numbers(text) for text in texts),
    )


def _stated_below(caption: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns with the unit that a sentence of the caption gives to those that it names."""
    stated, names = unit_in_caption(caption)
    return tuple(
        replace(one, measure=with_default(one.measure, stated))
        if one.kind is ColumnKind.NUMBERS and any(name.casefold() in names for name in one.header)
        else one
        for one in columns
    )


def _header_cells(places: dict[tuple[int, int], Cell], col: int, head: range) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for row in head:
        cell = places.get((row, col))
        if cell is not None and cell.text.strip() and cell not in found:
            found.append(cell)
    return tuple(found)


def _kind(texts: list[str]) -> ColumnKind:
    filled = [text for text in texts if not is_missing(text)]
    if not filled:
        return ColumnKind.EMPTY
    numbers = sum(parse_quantity(text) is not None for text in filled)
    merged = sum(has_several_numbers(text) for text in filled)
    if (
        numbers + merged == len(filled)
        and merged * _RARE <= numbers
        and not all(is_year(text) for text in filled)
        and not has_unclear_points(filled)
    ):
        return ColumnKind.NUMBERS if numbers >= _LEAST_NUMBERS else ColumnKind.MIXED
    words = sum(any(character.isalpha() for character in text) and parse_quantity(text) is None for text in filled)
    return ColumnKind.TEXT if words == len(filled) else ColumnKind.MIXED


def _rows(places: dict[tuple[int, int], Cell], first: int, height: int, width: int, *, stubs: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    section: Cell | None = None
    lefts = indents(places, first, height)
    for row in range(first, height):
        labels = [cell for col in range(stubs) if (cell := places.get((row, col))) is not None and cell.text.strip()]
        if heads_section(places, row, width):
            if rows and _runs_on(labels[0].text, rows):
                rows[-1] = replace(rows[-1], label="")
            else:
                section = places.get((row, 0)) or labels[0]
            continue
        if stubs == 2 and labels and labels[0].col > 0:
            # A blank below a label may belong to it, or to one centred further down: such rows stay unnamed.
            labels.clear()
        name = ", ".join(reversed([clean(cell.text) for cell in labels]))
        rows.append(
            Row(
                row,
                name,
                tuple(labels),
                clean(section.text) if section else None,
                section,
                total=any(is_total(cell.text) for cell in labels),
                indent=lefts.get(row, 0),
            )
        )
    return _with_uniqueness(_without_split_labels(rows))


def _runs_on(text: str, rows: list[Row]) -> bool:
    """Tell whether a label alone in its row is the second line of the one above: in lower case, as no other is."""
    starts = [row.cells[0].text.strip()[:1] for row in rows if row.cells]
    return text.strip()[:1].islower() and any(starts) and sum(start.islower() for start in starts) * 5 <= len(starts)


def _without_split_labels(rows: list[Row]) -> list[Row]:
    """Take the names from rows whose label runs on in the next row, and from that one.

    A label in lower case among labels with a capital is the second half of the one above it.
    """
    starts = [row.cells[0].text.strip()[:1] if row.cells else "" for row in rows]
    if sum(start.isupper() for start in starts) * 10 < len(starts) * 6:
        return rows
    split = {at for at, start in enumerate(starts) if start.islower()}
    split |= {at - 1 for at in split}
    return [replace(row, label="") if at in split else row for at, row in enumerate(rows)]


def _with_uniqueness(rows: list[Row]) -> tuple[Row, ...]:
    names = Counter((row.section, row.label.casefold()) for row in rows)
    return tuple(replace(row, unique=names[row.section, row.label.casefold()] == 1) for row in rows)


def _stub_head(text: str) -> str | None:
    name = read_measure(clean(text)).name
    return name if name and any(character.isalpha() for character in name) and not is_period(name) else None


def _is_aggregate(grid: Grid, place: int) -> bool:
    agreeing = 0
    for column in grid.number_columns:
        if column.measure.percent:
            continue
        values = [grid.quantity(row.index, column.index) for row in grid.rows]
        own = values[place]
        if own is None or abs(own.value) < 10:
            continue
        agreeing += _is_run_sum(own.value, values[place + 1 :]) or _is_run_sum(own.value, values[:place][::-1])
    return agreeing >= 1


def _is_run_sum(value: Decimal, others: list[Quantity | None]) -> bool:
    """Tell whether `value` is the sum of the first two or more of `others`, within rounding."""
    total, tolerance = Decimal(0), Decimal("0.0005") * abs(value)
    for count, other in enumerate(others, start=1):
        if other is None:
            continue
        total += other.value
        if count >= 2 and abs(total - value) <= tolerance:
            return True
        if abs(total) > abs(value) * 2:
            return False
    return False
