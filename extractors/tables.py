"""Find the tables of a page: where they are, and the grid that fits each best."""

from collections.abc import Sequence

from extractors.grids import Grid, fill, words_inside
from extractors.raw import CaptionRegion, LayoutRegion, RawPage, TableRegion
from extractors.tables_headers import mark_headers
from extractors.tables_ruled import find_grids
from schemas.geometry import grow, union

_TABLE = "table"


def find_tables(page: RawPage, captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    """Return the tables of a page, top to bottom."""
    grids = find_grids(page.rules)
    seen = [region for region in page.regions if region.kind == _TABLE]
    found = [_from_network(page, region, grids) for region in seen]
    tables = [table for table in found if table is not None]
    return sorted(tables, key=lambda table: (table.bbox.y0, table.bbox.x0))


def _from_network(page: RawPage, region: LayoutRegion, grids: Sequence[Grid]) -> TableRegion | None:
    words = words_inside(page.words, grow(region.bbox, 1.0))
    if not words:
        return None
    grid = Grid((region.bbox.y0, *region.rows, region.bbox.y1), (region.bbox.x0, *region.columns, region.bbox.x1))
    cells = fill(grid, words)
    return TableRegion(union(word.bbox for word in words), mark_headers(cells))
