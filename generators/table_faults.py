"""Why a table is refused: doubt about its structure. Precision comes before yield, for a wrong question costs more."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from generators.quantities import is_missing
from generators.table_columns import has_text_to_ask
from generators.table_grid import ColumnKind, Grid
from generators.table_text import is_garbled, is_mathematical, is_name
from generators.table_units import has_several_numbers

_LONGEST_LABEL: Final = 90


class TableFault(StrEnum):
    """Reason codes of refused tables."""

    TOO_SMALL = "table_too_small"
    OVERLAPPING = "table_cells_overlap"
    RAGGED = "table_rows_ragged"
    NO_HEADER = "table_without_header"
    HEADER_MISSING = "table_header_missing"
    HEADER_REPEATED = "table_header_repeated"
    NO_NUMBERS = "table_without_numbers"
    MERGED_NUMBERS = "table_numbers_merged"
    CUT_SHORT = "table_cells_cut"
    LONG_LABELS = "table_labels_long"
    UNNAMED_ROWS = "table_rows_unnamed"
    BROKEN_TEXT = "table_text_broken"
    MATHEMATICAL = "table_is_formula_or_code"
    CONTENTS = "table_of_contents"
    NO_SUBJECT = "table_without_subject"
    NO_DOCUMENT_NAME = "document_without_name"


MESSAGES: Final[dict[TableFault, str]] = {
    TableFault.TOO_SMALL: "fewer than two rows or columns below the header",
    TableFault.OVERLAPPING: "cells overlap",
    TableFault.RAGGED: "many places of the grid have no cell",
    TableFault.NO_HEADER: "no header row was found",
    TableFault.HEADER_MISSING: "a third or more of the columns have no header",
    TableFault.HEADER_REPEATED: "two columns have the same header",
    TableFault.NO_NUMBERS: "no column holds numbers, or short words that can be asked for",
    TableFault.MERGED_NUMBERS: "several numbers stand in one cell",
    TableFault.CUT_SHORT: "cells are cut short with dots",
    TableFault.LONG_LABELS: "row labels are running text",
    TableFault.UNNAMED_ROWS: "rows have no names, or most names repeat",
    TableFault.BROKEN_TEXT: "glyphs are lost or words run together",
    TableFault.MATHEMATICAL: "labels are formulas or code",
    TableFault.CONTENTS: "it lists sections and pages",
    TableFault.NO_SUBJECT: "no caption or heading says what it is about",
    TableFault.NO_DOCUMENT_NAME: "the document has no usable title",
}


def suitability(grid: Grid) -> tuple[TableFault, ...]:
    """Return every reason not to ask about a table; empty when its structure can be trusted."""
    return tuple(fault for fault, applies in _RULES if applies(grid))


def _too_small(grid: Grid) -> bool:
    return len(grid.rows) < 2 or grid.width < 2


def _ragged(grid: Grid) -> bool:
    body = (grid.height - grid.header_rows) * (grid.width - grid.stub_columns)
    found = sum(row >= grid.header_rows and col >= grid.stub_columns for row, col in grid.places)
    headed = sum(bool(row.section) for row in grid.rows) > 0
    return found < (0.6 if headed else 0.75) * body


def _no_header(grid: Grid) -> bool:
    return grid.header_rows == 0 or not any(column.header for column in grid.columns[grid.stub_columns :])


def _header_missing(grid: Grid) -> bool:
    bodies = [column for column in grid.columns[grid.stub_columns :] if column.kind is not ColumnKind.EMPTY]
    return sum(not column.cells for column in bodies) * 3 >= len(bodies)


def _header_repeated(grid: Grid) -> bool:
    headers = [" / ".join(cell.text for cell in column.cells).casefold() for column in grid.columns if column.cells]
    return len(set(headers)) < len(headers)


def _no_numbers(grid: Grid) -> bool:
    return not grid.number_columns and not has_text_to_ask(grid)


def _merged_numbers(grid: Grid) -> bool:
    bodies = [cell.text for (row, col), cell in grid.places.items() if row >= grid.header_rows and col > 0]
    merged = sum(has_several_numbers(text) for text in bodies)
    return merged * 12 > len(bodies)


def _cut_short(grid: Grid) -> bool:
    bodies = [cell.text.strip() for (row, col), cell in grid.places.items() if row >= grid.header_rows and col > 0]
    return sum(len(text) > 3 and text.endswith(("…", "...")) for text in bodies) > 0


def _long_labels(grid: Grid) -> bool:
    return sum(len(row.label) > _LONGEST_LABEL for row in grid.rows) * 4 > len(grid.rows)


def _unnamed_rows(grid: Grid) -> bool:
    return sum(row.unique and is_name(row.label) for row in grid.rows) * 2 < len(grid.rows)


def _broken_text(grid: Grid) -> bool:
    texts = {cell.text for cell in grid.places.values()}
    return sum(is_garbled(text) for text in texts) * 20 > len(texts)


def _mathematical(grid: Grid) -> bool:
    labels = [row.label for row in grid.rows] + [name for column in grid.columns for name in column.header]
    return sum(is_mathematical(label) for label in labels) * 4 > len(labels)


def _contents(grid: Grid) -> bool:
    last = grid.columns[-1]
    head = " ".join(last.header).casefold()
    pages = [quantity.value for row in grid.rows if (quantity := grid.quantity(row.index, last.index))]
    rising = len(pages) > 3 and pages == sorted(pages) and len(pages) == len(grid.rows)
    return head in {"page", "pages", "page no.", "page number"} or (rising and grid.width == 2 and not last.header)


def _overlapping(grid: Grid) -> bool:
    return grid.overlaps > 0


def _mostly_missing(grid: Grid) -> bool:
    bodies = [cell.text for (row, col), cell in grid.places.items() if row >= grid.header_rows and col > 0]
    return sum(is_missing(text) for text in bodies) * 10 > len(bodies) * 7


_RULES: Final[tuple[tuple[TableFault, Callable[[Grid], bool]], ...]] = (
    (TableFault.TOO_SMALL, _too_small),
    (TableFault.OVERLAPPING, _overlapping),
    (TableFault.RAGGED, _ragged),
    (TableFault.NO_HEADER, _no_header),
    (TableFault.HEADER_MISSING, _header_missing),
    (TableFault.HEADER_REPEATED, _header_repeated),
    (TableFault.CUT_SHORT, _cut_short),
    (TableFault.NO_NUMBERS, _no_numbers),
    (TableFault.MERGED_NUMBERS, _merged_numbers),
    (TableFault.LONG_LABELS, _long_labels),
    (TableFault.UNNAMED_ROWS, _unnamed_rows),
    (TableFault.BROKEN_TEXT, _broken_text),
    (TableFault.MATHEMATICAL, _mathematical),
    (TableFault.CONTENTS, _contents),
    (TableFault.RAGGED, _mostly_missing),
)
