"""Columns of words that a question can ask for: a noun in the header, short and different texts below."""

import re
from typing import Final

from generators.table_grid import Column, ColumnKind, Grid, Row
from generators.table_text import clean, is_name

_NOT_ASKED: Final = re.compile(
    r"description|note|source|comment|remark|detail|definition|explanation|reference|link|url|example|text|meaning"
    r"|math|pseudocode|symbol|notation|formula|expression|equation",
    re.IGNORECASE,
)
_VERDICTS: Final = frozenset({"yes", "no", "true", "false", "none", "all", "any", "other"})
_LONGEST_TEXT: Final = 50
_MOST_HEADER_WORDS: Final = 4
_LEAST_TEXTS: Final = 3


def is_text_asked(grid: Grid, column: Column) -> bool:
    """Tell whether a header can stand after "what": a short noun in the singular, over words and not verdicts."""
    if column.kind is not ColumnKind.TEXT or len(column.header) != 1:
        return False
    header = column.header[0]
    if _NOT_ASKED.search(header) or len(header.split()) > _MOST_HEADER_WORDS or header.endswith(("s", "ed", "able")):
        return False
    texts = [clean(cell.text).casefold() for row in grid.rows if (cell := grid.cell(row.index, column.index))]
    return re.fullmatch(r"[\w -]+", header) is not None and len(set(texts)) > 1 and _VERDICTS.isdisjoint(texts)


def is_short_text(grid: Grid, row: Row, column: Column) -> bool:
    """Tell whether a cell holds a short name that belongs to its row and column alone."""
    cell = grid.cell(row.index, column.index)
    if cell is None or not is_name(cell.text) or len(cell.text) > _LONGEST_TEXT:
        return False
    return cell.row_span == cell.col_span == 1


def has_text_to_ask(grid: Grid) -> bool:
    """Tell whether a table without numbers can be asked for words: a flagged header, named rows, short texts."""
    flagged = all(cell.header for column in grid.columns for cell in column.cells)
    named = sum(row.unique and is_name(row.label) and len(row.label) <= _LONGEST_TEXT for row in grid.rows)
    if not flagged or grid.stub_head is None or len(grid.rows) < _LEAST_TEXTS or named * 10 < len(grid.rows) * 8:
        return False
    asked = [column for column in grid.columns if is_text_asked(grid, column)]
    return any(sum(is_short_text(grid, row, one) for row in grid.rows) * 10 >= len(grid.rows) * 8 for one in asked)
