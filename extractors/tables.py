"""Find the tables of a page: where they are, and the grid that fits each best."""

from collections.abc import Sequence
from functools import partial

from extractors.grids import Grid, closed_up, fill, words_inside
from extractors.raw import CaptionRegion, LayoutRegion, RawPage, RawWord, TableRegion
from extractors.signals import holds_cells, is_code, is_listing, mono_share
from extractors.tables_captioned import adjoins, is_captioned, is_neutral, places_beside
from extractors.tables_headers import holds_figures, is_crammed, mark_headers
from extractors.tables_lines import with_rows_parted
from extractors.tables_rows import page_rows, rows_inside
from extractors.tables_ruled import page_grids
from extractors.tables_rules import page_rules, rule_groups
from extractors.tables_runs import is_contents
from extractors.tables_text import drawn_shapes, is_drawn, text_grid, text_tables
from schemas.geometry import Box, grow, overlap, union
from schemas.kinds import ElementKind

_TABLE, _PICTURE, _TEXT = "table", "picture", "text"
_LEAST_CELLS = 4
_HELD_SHARE = 0.9
_BACKGROUND = 0.8
_MARGIN = 0.12
_LETTERHEAD_ROWS = 3
_LEAST_RULES = 3
_EDGE = 8.0


def find_tables(page: RawPage, captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    """Return the tables of a page, top to bottom: those that the network saw, and those that geometry shows.

    Where the network was asked, geometry adds only what is beyond doubt.
    """
    shown = _named_so(geometric_tables(page, captions), captions)
    if page.regions:
        seen = _seen(page, _without_captions(page, captions), captions)
        shown = [*seen, *(table for table in shown if _was_overlooked(page, table, seen, captions))]
    tables = (table for table in shown if not _is_letterhead(page, table, captions))
    return sorted(tables, key=lambda table: (table.bbox.y0, table.bbox.x0))


def geometric_tables(page: RawPage, captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    """Return the tables that rules and aligned text show, whatever captions call them."""
    return page.once("tables", partial(_geometric, page, captions))


def _is_letterhead(page: RawPage, table: TableRegion, captions: Sequence[CaptionRegion]) -> bool:
    """Say whether a table of a few words stands in the margin, as titles and page numbers do in boxes."""
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    if len({cell.row for cell in table.cells}) > _LETTERHEAD_ROWS or (top < table.bbox.y1 and table.bbox.y0 < bottom):
        return False
    return not is_captioned(table.bbox, captions) and not holds_figures(table.cells)


def _was_overlooked(
    page: RawPage, table: TableRegion, seen: Sequence[TableRegion], captions: Sequence[CaptionRegion]
) -> bool:
    """Say whether the network surely missed a table: it is captioned, or full of figures where it saw another thing."""
    if any(overlap(table.bbox, other.bbox) > 0.1 or overlap(other.bbox, table.bbox) > 0.1 for other in seen):
        return False
    if any(_is_covered(page, table.bbox, picture) for picture in page.pictures):
        return False
    if is_drawn(page, table.bbox):
        return is_captioned(table.bbox, captions)
    kind = next((region.kind for region in page.regions if overlap(table.bbox, region.bbox) > 0.5), "")
    if kind == _TABLE or is_captioned(table.bbox, captions):
        return True
    if kind == _TEXT:
        return holds_figures(table.cells, 0.5) and mono_share(page, words_inside(page.words, table.bbox)) < 0.5
    return kind == _PICTURE and holds_figures(table.cells)


def _is_covered(page: RawPage, bbox: Box, picture: Box) -> bool:
    """Say whether a box lies in a picture that is not the background of the whole page."""
    whole = picture.width * picture.height > _BACKGROUND * page.width * page.height
    return overlap(bbox, picture) > 0.5 and not whole


def _without_captions(page: RawPage, captions: Sequence[CaptionRegion]) -> list[RawWord]:
    """Return the words of a page that no caption holds."""
    lines = {index for caption in captions for index in caption.lines}
    return [word for word in page.words if word.line not in lines]


def _seen(page: RawPage, words: Sequence[RawWord], captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    regions = [region for region in page.regions if region.kind == _TABLE and _is_likely(page, region.bbox, captions)]
    grids = [grid.bbox for grid in page_grids(page) if holds_cells(grid, page.words)] if regions else []
    tables = (_from_network(words, part) for region in regions for part in _parted(region, grids, words))
    return [table for table in tables if table is not None]


def _parted(region: LayoutRegion, grids: Sequence[Box], words: Sequence[RawWord]) -> list[LayoutRegion]:
    """Cut a region where the rules show two tables that the network took for one."""
    inside = [bbox for bbox in grids if overlap(bbox, grow(region.bbox, 4.0)) > 0.9]
    held = sum(len(words_inside(words, bbox)) for bbox in inside)
    apart = not any(overlap(a, b) for a in inside for b in inside if a is not b)
    if len(inside) < 2 or not apart or held < _HELD_SHARE * len(words_inside(words, region.bbox)):
        return [region]
    return [_part(region, bbox) for bbox in inside]


def _part(region: LayoutRegion, bbox: Box) -> LayoutRegion:
    rows = tuple(row for row in region.rows if bbox.y0 + 3 < row < bbox.y1 - 3)
    columns = tuple(column for column in region.columns if bbox.x0 + 3 < column < bbox.x1 - 3)
    return LayoutRegion(region.kind, bbox, region.confidence, rows, columns)


def _is_likely(page: RawPage, bbox: Box, captions: Sequence[CaptionRegion]) -> bool:
    """Say whether a region is a table and not code or a table of contents, which the network takes for tables."""
    if is_captioned(bbox, captions) or _is_booked(page, bbox):
        return True
    inside = words_inside(page.words, bbox)
    if is_code(page, inside) or len(drawn_shapes(page, bbox)) > len(inside):
        return False
    rows = rows_inside(page_rows(page), bbox)
    return not (rows and (is_listing(page, rows) or is_contents(rows)))


def _is_booked(page: RawPage, bbox: Box) -> bool:
    """Say whether three level rules of one extent stand above, in and below a box; listings have two at most."""
    groups = page.once("rule groups", lambda: rule_groups(page_rules(page)))
    near = grow(bbox, _EDGE)
    for group in groups:
        inside = [height for height in group.heights if near.y0 <= height <= near.y1]
        framed = len(inside) >= _LEAST_RULES and inside[0] < bbox.y0 + _EDGE and inside[-1] > bbox.y1 - _EDGE
        if framed and overlap(group.bbox, near) > 0.5 and overlap(bbox, grow(group.bbox, _EDGE)) > 0.9:
            return True
    return False


def _from_network(words: Sequence[RawWord], region: LayoutRegion) -> TableRegion | None:
    x0, y0, x1, y1 = region.bbox
    inside = words_inside(words, grow(region.bbox, 1.0))
    if not region.columns:
        grid = text_grid(inside, region.bbox) if inside else None
        return _table(grid, inside, confidence=0.8) if grid is not None else None
    grid = with_rows_parted(Grid((y0, *region.rows, y1), (x0, *region.columns, x1)), inside)
    return _table(grid, inside, confidence=0.95)


def _geometric(page: RawPage, captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    words = _without_captions(page, captions)
    tables: list[TableRegion] = []
    for grid in page_grids(page):
        if holds_cells(grid, words) and not is_drawn(page, grid.bbox):
            tables += _ruled(grid, words_inside(words, grid.bbox))
    for bbox in text_tables(page, captions):
        inside = words_inside(words, grow(bbox, 1.0))
        if any(overlap(bbox, table.bbox) > 0.3 or overlap(table.bbox, bbox) > 0.5 for table in tables):
            continue
        if (table := _open(inside, bbox)) is not None:
            tables.append(table)
    return tables + _beside_captions(page, words, captions, tables)


def _open(words: Sequence[RawWord], bbox: Box) -> TableRegion | None:
    """Return the table that the gaps between words make, or None."""
    grid = text_grid(words, bbox) if words else None
    return _table(grid, words, confidence=0.7) if grid is not None else None


def _beside_captions(
    page: RawPage, words: Sequence[RawWord], captions: Sequence[CaptionRegion], tables: Sequence[TableRegion]
) -> list[TableRegion]:
    """Return the tables that stand beside captions of tables which have none yet."""
    found: list[TableRegion] = []
    for caption in captions:
        known = [table.bbox for table in (*tables, *found)]
        if caption.kind is not ElementKind.TABLE or any(adjoins(caption.bbox, bbox) for bbox in known):
            continue
        free = (
            place
            for place in places_beside(page, caption, captions)
            if not any(overlap(place, bbox) > 0.1 or overlap(bbox, place) > 0.1 for bbox in known)
        )
        shown = (_at(page, words, place) for place in free)
        found += [table for table in shown if table is not None][:1]
    return found


def _at(page: RawPage, words: Sequence[RawWord], place: Box) -> TableRegion | None:
    """Return the table at a place: by its ruled grid where it has one, else by the gaps between its words."""
    grid = next((grid for grid in page_grids(page) if grid.bbox == place), None)
    if grid is not None:
        return next(iter(_ruled(grid, words_inside(words, place))), None) if holds_cells(grid, words) else None
    return _open(words_inside(words, grow(place, 1.0)), place)


def _ruled(grid: Grid, words: Sequence[RawWord]) -> list[TableRegion]:
    """Return the table of a ruled grid, cut by the gaps between its words where rules part only some of its cells."""
    table = _table(grid, words, confidence=0.9)
    if table is not None and is_crammed(table.cells):
        text = text_grid(words, grid.bbox)
        finer = _table(text, words, confidence=0.8) if text is not None else None
        table = finer if finer is not None and len(finer.cells) > len(table.cells) else table
    return [table] if table is not None else []


def _named_so(tables: Sequence[TableRegion], captions: Sequence[CaptionRegion]) -> list[TableRegion]:
    """Leave out what a caption calls a figure: the grid of a plot, the boxes of a diagram."""
    figures = [caption.bbox for caption in captions if caption.kind is ElementKind.FIGURE and not is_neutral(caption)]
    named = [caption.bbox for caption in captions if caption.kind is ElementKind.TABLE]
    return [
        table
        for table in tables
        if any(adjoins(caption, table.bbox) for caption in named)
        or not any(adjoins(caption, table.bbox) for caption in figures)
    ]


def _table(grid: Grid, words: Sequence[RawWord], *, confidence: float) -> TableRegion | None:
    cells = closed_up(fill(grid, words))
    if len(cells) < _LEAST_CELLS or len({cell.col for cell in cells}) < 2 or len({cell.row for cell in cells}) < 2:
        return None
    return TableRegion(union(word.bbox for word in words), mark_headers(cells), confidence)
