"""Cheap signs that a page may hold a table, taken from what was read anyway."""

from collections.abc import Sequence
from functools import partial

from extractors.grids import Grid, fill, words_inside
from extractors.raw import CaptionRegion, RawPage, RawWord
from extractors.tables_rows import Row, page_rows, part_rows
from extractors.tables_ruled import page_grids
from extractors.tables_rules import page_rules, ruled_boxes
from extractors.tables_runs import FEWEST_ROWS, column_runs, has_line_numbers, is_numbered_text, is_table
from schemas.kinds import ElementKind

# The square points of a table that each of its words has to itself; boxes of a drawing have more.
_POINTS_A_WORD = 8000
# Lines of one indent are a run of their own: others stand between them. Their numbers may be in another font.
_CODE_SHARE = 0.3
_LINES_BETWEEN = 4


def table_signals(page: RawPage, captions: Sequence[CaptionRegion]) -> tuple[str, ...]:
    """Return the signs found, by name; empty when the page looks free of tables."""
    signs = []
    if any(caption.kind is ElementKind.TABLE for caption in captions):
        signs.append("table caption")
    rows = page_rows(page)
    if ruled_boxes(page_rules(page), rows):
        signs.append("rules around rows")
    if any(holds_cells(grid, page.words) for grid in page_grids(page)):
        signs.append("ruled grid")
    if table_runs(page, rows):
        signs.append("aligned columns")
    return tuple(signs)


def table_runs(page: RawPage, rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Return the runs of rows in columns that look like tables: mostly figures, no contents, no code.

    `rows` are those of the page.
    """
    return page.once("runs", partial(_find_runs, page, rows))


def _find_runs(page: RawPage, rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    if sum(len(row.chunks) > 1 for row in rows) < FEWEST_ROWS:
        return []
    runs = (run for run in column_runs(part_rows(rows)) if is_table(run))
    return [run for run in runs if not is_listing(page, run)]


def is_listing(page: RawPage, rows: Sequence[Row]) -> bool:
    """Say whether rows are code: set in a font of one width on other pages, or with their lines numbered."""
    words = [word for row in rows for chunk in row.chunks for word in chunk]
    if is_code(page, words):
        return True
    if mono_share(page, words) > _CODE_SHARE:
        return has_line_numbers(rows, _LINES_BETWEEN)
    return has_line_numbers(rows) and is_numbered_text(rows)


def is_code(page: RawPage, words: Sequence[RawWord]) -> bool:
    """Say whether words are set in a font of one width on a page that mostly is not: code, or what a program prints."""
    return mono_share(page, words) > 0.5 and mono_share(page, page.words) < 0.8


def holds_cells(grid: Grid, words: Sequence[RawWord]) -> bool:
    """Say whether words fill enough cells of a ruled grid to make it a table rather than a drawing."""
    rows, columns = grid.shape
    if rows < 2 or columns < 2:
        return False
    inside = words_inside(words, grid.bbox)
    if grid.bbox.width * grid.bbox.height > _POINTS_A_WORD * len(inside):
        return False
    return len(fill(grid, inside)) >= max(4, len(grid.slots) // 4)


def mono_share(page: RawPage, words: Sequence[RawWord]) -> float:
    """Return the share of words that are set in a font of one width."""
    known = [page.lines[word.line] for word in words if word.line >= 0]
    return sum(line.spans[0].mono for line in known) / len(known) if known else 0.0
