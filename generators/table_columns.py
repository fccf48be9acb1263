"""Columns of words that a question can ask for: a noun in the header, names, phrases or settings below."""

import re
from typing import Final

from generators.table_grid import Column, ColumnKind, Grid, Row
from generators.table_text import balanced, clean, is_garbled, is_mathematical, is_name

_NOT_ASKED: Final = re.compile(
    r"note|source|comment|remark|detail|reference|link|url|example|text"
    r"|math|pseudocode|symbol|notation|formula|expression|equation",
    re.IGNORECASE,
)
# Columns of phrases, which are asked for whole, and columns of settings, some of them numbers.
_PHRASES: Final = re.compile(r"(?:\w+ )?(?:description|definition|meaning|purpose|explanation)", re.IGNORECASE)
_SETTINGS: Final = re.compile(r"(?:default )?(?:value|setting|default)s?", re.IGNORECASE)
_LONGEST_PHRASE: Final = 160
_LEAST_PHRASE: Final = 3
_CUT_OFF: Final = re.compile(
    r"(?:[-–,;:(]|\b(?:the|an?|of|and|or|to|in|for|with|from|by|at|than|is|are|which|that|as|its|their))$",
    re.IGNORECASE,
)
_VERDICTS: Final = frozenset({"yes", "no", "true", "false", "none", "all", "any", "other"})
_LONGEST_TEXT: Final = 50
_MOST_HEADER_WORDS: Final = 4
_LEAST_TEXTS: Final = 3


def is_text_asked(grid: Grid, column: Column) -> bool:
    """Tell whether a header can stand after "what": a short noun in the singular, over words and not verdicts."""
    if len(column.header) != 1:
        return False
    header = column.header[0]
    if _SETTINGS.fullmatch(header) and column.kind is ColumnKind.MIXED:
        return True
    if column.kind is not ColumnKind.TEXT:
        return False
    if _PHRASES.fullmatch(header):
        return _holds_phrases(grid, column)
    if _NOT_ASKED.search(header) or len(header.split()) > _MOST_HEADER_WORDS or header.endswith(("s", "ed", "able")):
        return False
    texts = [clean(cell.text).casefold() for row in grid.rows if (cell := grid.cell(row.index, column.index))]
    return re.fullmatch(r"[\w -]+", header) is not None and len(set(texts)) > 1 and _VERDICTS.isdisjoint(texts)


def holds_phrases(column: Column) -> bool:
    """Tell whether a column's header says that whole phrases stand below it."""
    return len(column.header) == 1 and _PHRASES.fullmatch(column.header[0]) is not None


def is_short_text(grid: Grid, row: Row, column: Column) -> bool:
    """Tell whether a cell holds a name, a phrase or a setting that belongs to its row and column alone."""
    cell = grid.cell(row.index, column.index)
    if cell is None or not cell.row_span == cell.col_span == 1:
        return False
    if holds_phrases(column):
        return _is_phrase(cell.text)
    if _SETTINGS.fullmatch(column.header[0]):
        return _is_value(cell.text)
    return is_name(cell.text) and len(cell.text) <= _LONGEST_TEXT


def _is_phrase(text: str) -> bool:
    text = clean(text)
    return _is_whole(text) and len(text.split()) >= _LEAST_PHRASE and len(text) <= _LONGEST_PHRASE


def _is_whole(text: str) -> bool:
    """Tell whether a text is neither cut nor broken, and no formula."""
    cut = _CUT_OFF.search(text) is not None or re.search(r"\w- \w|\.\.\.|…", text) is not None
    return not cut and balanced(text) and not _is_broken(text)


def _is_value(text: str) -> bool:
    text = clean(text)
    return 0 < len(text) <= _LONGEST_TEXT and re.search(r"\w", text) is not None and not _is_broken(text)


def _is_broken(text: str) -> bool:
    """Tell whether a text holds lost glyphs or is a formula."""
    return is_garbled(text) or is_mathematical(text)


def _holds_phrases(grid: Grid, column: Column) -> bool:
    """Tell whether all rows have a label and a phrase, all of which begin alike: none goes on from the row above."""
    texts = [
        clean(cell.text) for row in grid.rows if (cell := grid.cell(row.index, column.index)) and cell.text.strip()
    ]
    if len(texts) < len(grid.rows) or not all(row.label and row.unique for row in grid.rows):
        return False
    upper = sum(text[:1].isupper() for text in texts)
    return upper in (0, len(texts)) and sum(map(_is_whole, texts)) * 10 >= len(texts) * 8


def has_text_to_ask(grid: Grid) -> bool:
    """Tell whether a table without numbers can be asked for words: a flagged header, named rows, short texts."""
    flagged = all(cell.header for column in grid.columns for cell in column.cells)
    named = sum(row.unique and is_name(row.label) and len(row.label) <= _LONGEST_TEXT for row in grid.rows)
    if not flagged or grid.stub_head is None or len(grid.rows) < _LEAST_TEXTS or named * 10 < len(grid.rows) * 7:
        return False
    asked = [column for column in grid.columns if is_text_asked(grid, column)]
    return any(sum(is_short_text(grid, row, one) for row in grid.rows) * 10 >= len(grid.rows) * 6 for one in asked)
