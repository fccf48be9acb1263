"""Find the figures of a page: drawings and pictures that belong together, guided by captions."""

from collections.abc import Sequence

from extractors.clusters import cluster
from extractors.raw import CaptionRegion, FigureRegion, RawPage, TableRegion
from schemas.geometry import Box, grow, overlap

_GAP = 14.0
_SMALLEST_SIDE = 18.0
_SMALLEST_AREA = 2200.0
_BACKGROUND = 0.85


def find_figures(page: RawPage, captions: Sequence[CaptionRegion], tables: Sequence[TableRegion]) -> list[FigureRegion]:
    """Return the figures of a page, top to bottom, without captions and without drawings that belong to tables."""
    taken = [table.bbox for table in tables]
    marks = [bbox for bbox in _marks(page) if not any(overlap(bbox, grow(box, 3)) > 0.6 for box in taken)]
    groups = cluster(marks, _GAP)
    figures = [FigureRegion(box) for box in groups if _is_figure(box)]
    return sorted(figures, key=lambda figure: (figure.bbox.y0, figure.bbox.x0))


def _marks(page: RawPage) -> list[Box]:
    frame = page.width * page.height
    boxes = [picture for picture in page.pictures if picture.area < _BACKGROUND * frame]
    boxes += [path.bbox for path in page.paths if path.bbox.area < _BACKGROUND * frame]
    return boxes


def _is_figure(box: Box) -> bool:
    return min(box.width, box.height) >= _SMALLEST_SIDE and box.area >= _SMALLEST_AREA
