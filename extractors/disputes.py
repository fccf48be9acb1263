"""What could be a table or part of a figure: the caption says which, and what is drawn around it."""

from collections.abc import Iterable, Sequence

from extractors.grids import words_inside
from extractors.raw import CaptionRegion, FigureRegion, RawPage, TableRegion
from schemas.geometry import Box, overlap
from schemas.kinds import ElementKind

_CAPTION_GAP = 64.0
_PART_SHARE = 0.8
_LARGER = 1.2
# Words cover a fifth of a table or more; in a chart that looks like a grid, its labels cover little.
_CHART_WORDS = 0.12
# A frame around tables holds little beside them; a chart's table of data is a small part of it.
_MADE_OF_TABLES = 0.4
_WORDS_IN_TABLES = 0.7
_FILLED = 0.5
_SURE = 0.8


def without_charts(
    page: RawPage, tables: Iterable[TableRegion], captions: Sequence[CaptionRegion]
) -> list[TableRegion]:
    """Drop tables that a caption names a figure and that hold hardly a word: mosaics, maps of tiles, bars in boxes."""
    return [
        table for table in tables if _nearest(table.bbox, captions) is not ElementKind.FIGURE or _has_words(table, page)
    ]


def without_parts(
    tables: Iterable[TableRegion], figures: Sequence[FigureRegion], captions: Sequence[CaptionRegion]
) -> list[TableRegion]:
    """Drop tables that lie within a larger figure: labels that happen to stand in rows; not those with a caption."""
    return [
        table
        for table in tables
        if _nearest(table.bbox, captions) is ElementKind.TABLE
        or not any(_is_part(table.bbox, figure.bbox) for figure in figures)
    ]


def without_frames(
    page: RawPage, figures: Iterable[FigureRegion], tables: Sequence[TableRegion], captions: Sequence[CaptionRegion]
) -> list[FigureRegion]:
    """Drop figures that are but frames and rules around tables; not those with a caption."""
    return [
        figure
        for figure in figures
        if _nearest(figure.bbox, captions) is ElementKind.FIGURE or not _is_made_of(page, figure.bbox, tables)
    ]


def _is_made_of(page: RawPage, figure: Box, tables: Iterable[TableRegion]) -> bool:
    """Say whether tables take up much of a figure, and hold most of its words."""
    inside = [table.bbox for table in tables if _is_filled(table) and overlap(table.bbox, figure) > _PART_SHARE]
    if sum(bbox.area for bbox in inside) < _MADE_OF_TABLES * figure.area:
        return False
    held = sum(len(words_inside(page.words, bbox)) for bbox in inside)
    return held > _WORDS_IN_TABLES * len(words_inside(page.words, figure))


def _is_filled(table: TableRegion) -> bool:
    """Say whether a table is ruled, or seen by the network, and has words in most of its cells."""
    rows = max((cell.row + cell.row_span for cell in table.cells), default=0)
    columns = max((cell.col + cell.col_span for cell in table.cells), default=0)
    filled = sum(cell.row_span * cell.col_span for cell in table.cells)
    return table.confidence > _SURE and filled > _FILLED * rows * columns


def _is_part(table: Box, figure: Box) -> bool:
    return overlap(table, figure) > _PART_SHARE and figure.area > _LARGER * table.area


def _nearest(bbox: Box, captions: Sequence[CaptionRegion]) -> ElementKind | None:
    """Return what the caption next to a box names, None when there is none above or below it."""
    gaps = [(gap, caption.kind) for caption in captions if (gap := _gap(bbox, caption.bbox)) < _CAPTION_GAP]
    return min(gaps, default=(0.0, None))[1]


def _gap(bbox: Box, caption: Box) -> float:
    beside = min(bbox.x1, caption.x1) <= max(bbox.x0, caption.x0)
    return float("inf") if beside else max(caption.y0 - bbox.y1, bbox.y0 - caption.y1, 0.0)


def _has_words(table: TableRegion, page: RawPage) -> bool:
    inside = (word.bbox for word in page.words if overlap(word.bbox, table.bbox) > _PART_SHARE)
    return sum(box.area for box in inside) > _CHART_WORDS * table.bbox.area
