"""What could be a table or part of a figure: the caption says which, and what is drawn around it."""

from collections.abc import Iterable, Sequence

from extractors.raw import CaptionRegion, FigureRegion, RawPage, TableRegion
from schemas.geometry import Box, overlap
from schemas.kinds import ElementKind

_CAPTION_GAP = 64.0
_PART_SHARE = 0.8
_LARGER = 1.2
# Words cover a fifth of a table or more; in a chart that looks like a grid, its labels cover little.
_CHART_WORDS = 0.12


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
