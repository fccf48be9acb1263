"""Where geometry is certain of a page's tables, so that the layout network has nothing to add."""

from collections.abc import Iterator, Sequence

from extractors.grids import Grid
from extractors.raw import CaptionRegion, RawPage, TableRegion
from extractors.signals import holds_cells, table_runs
from extractors.tables import find_tables, geometric_tables
from extractors.tables_captioned import adjoins
from extractors.tables_rows import page_rows
from extractors.tables_ruled import page_grids
from extractors.tables_rules import page_rules, ruled_boxes
from schemas.geometry import Box, grow, overlap, union
from schemas.kinds import ElementKind

_SURE = 0.9
_EDGE = 6.0
_HELD = 0.6
_WITHIN = 0.95
_FULL = 0.8


def is_certain(page: RawPage, captions: Sequence[CaptionRegion]) -> bool:
    """Say whether rules and aligned text settle alone which tables a page has.

    They do where they show none and no caption speaks of one, and where every sign of a table lies in a ruled grid
    whose cells are closed and almost all filled, and no caption calls it a figure.
    """
    tables = geometric_tables(page, captions)
    named = [caption.bbox for caption in captions if caption.kind is ElementKind.TABLE]
    if not tables:
        return not named
    if len(find_tables(page, captions)) < len(tables):
        return False
    boxes = [grow(table.bbox, _EDGE) for table in tables]
    if not all(any(adjoins(caption, table.bbox) for table in tables) for caption in named):
        return False
    if not all(any(overlap(sign, box) > _HELD for box in boxes) for sign in _signs(page)):
        return False
    return all(_is_closed(page, table) for table in tables)


def _signs(page: RawPage) -> Iterator[Box]:
    """Yield the boxes where rules or aligned text look like a table."""
    rows = page_rows(page)
    yield from ruled_boxes(page_rules(page), rows)
    for run in table_runs(page, rows):
        yield union(row.bbox for row in run)


def _is_closed(page: RawPage, table: TableRegion) -> bool:
    if table.confidence < _SURE:
        return False
    grids = (grid for grid in page_grids(page) if overlap(table.bbox, grow(grid.bbox, _EDGE / 2)) > _WITHIN)
    grid = next((grid for grid in grids if holds_cells(grid, page.words)), None)
    return grid is not None and _fills(grid, table)


def _fills(grid: Grid, table: TableRegion) -> bool:
    """Say whether each row and column of a grid has a cell of its own, and few cells are blank.

    Shading within the cells, or a frame drawn twice, gives slivers that hold none.
    """
    rows, columns = grid.shape
    own_rows = {cell.row for cell in table.cells if cell.row_span == 1}
    own_columns = {cell.col for cell in table.cells if cell.col_span == 1}
    if len(own_rows) < rows or len(own_columns) < columns:
        return False
    return sum(cell.row_span * cell.col_span for cell in table.cells) >= _FULL * rows * columns
