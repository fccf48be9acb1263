"""What on a page can be part of a figure: pictures and drawings that are no frame, shading, ornament or table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.clusters import cluster, cluster_indices
from extractors.prose import Prose
from extractors.raw import RawPage, RawPath
from schemas.geometry import Box, grow, overlap, union

_GAP = 11.0
_NARROWER_GAPS = (4.0, 1.0, -1.0)
_LATTICE = 8.0
_BACKGROUND = 0.8
_HAIR = 3.0
_FRAME_SEGMENTS = 8
_MARGIN_SHARE = 0.08
_EDGE_SHARE = 0.12
_STRIP_WIDTH = 120.0
_STRIP_HEIGHT = 24.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Marks that lie close together. `weight` counts their strokes, `pictures` those that are raster images."""

    bbox: Box
    weight: int
    pictures: int
    curves: int

    @property
    def is_line(self) -> bool:
        """Whether it is but a line."""
        return min(self.bbox.width, self.bbox.height) < _HAIR


def find_clusters(page: RawPage, prose: Prose, taken: Sequence[Box]) -> list[Cluster]:
    """Return the groups of marks outside the boxes in `taken`.

    A group never reaches around a caption: two charts with a caption between them are two groups.
    """
    reserved = [grow(bbox, 4.0) for bbox in (*taken, *_shaded_text(page.paths, prose))]
    free = [
        mark
        for mark in _marks(page, prose)
        if not any(_belongs(mark.bbox, box) for box in reserved) and not _is_ornament(mark.bbox, page)
    ]
    clusters = [part for group in _grouped(_coarsened(free), _GAP) for part in _split(group, prose.captions)]
    return [part for part in clusters if not _in_margin(part.bbox, page)]


def _marks(page: RawPage, prose: Prose) -> Iterator[Cluster]:
    frame = page.width * page.height
    for picture in page.pictures:
        if picture.area < _BACKGROUND * frame:
            yield Cluster(picture, 1, 1, 0)
    for path in page.paths:
        if path.bbox.area < _BACKGROUND * frame and not _is_setting(path, prose):
            yield Cluster(path.bbox, path.segments + path.curves, 0, path.curves)


def _shaded_text(paths: Sequence[RawPath], prose: Prose) -> list[Box]:
    """Return the boxes of shading behind listings, which is often drawn strip by strip, a line of text each."""
    strips: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for path in paths:
        if path.filled and path.segments == 4 and not path.curves and _is_strip(path.bbox):
            strips[round(path.bbox.x0), round(path.bbox.x1)].append(path.bbox)
    stacks = (stack for same in strips.values() for stack in cluster(same, 1.0))
    return [stack for stack in stacks if prose.lines_at_left(stack) >= 2]


def _is_strip(bbox: Box) -> bool:
    return bbox.width > _STRIP_WIDTH and bbox.height < _STRIP_HEIGHT


def _grouped(marks: Sequence[Cluster], gap: float) -> list[list[Cluster]]:
    return [[marks[index] for index in group] for group in cluster_indices([mark.bbox for mark in marks], gap)]


def _split(group: Sequence[Cluster], captions: Sequence[Box]) -> list[Cluster]:
    whole = _merged(group)
    if not _swallows(whole, captions):
        return [whole]
    for gap in _NARROWER_GAPS:
        parts = [_merged(part) for part in _grouped(group, gap)]
        if len(parts) > 1 and not any(_swallows(part, captions) for part in parts):
            return parts
    return [whole]


def _swallows(part: Cluster, captions: Sequence[Box]) -> bool:
    return any(overlap(caption, part.bbox) > 0.5 for caption in captions)


def _is_ornament(bbox: Box, page: RawPage) -> bool:
    """Say whether a mark is a strip along the edge of the page, or a band from edge to edge."""
    if bbox.x0 <= 1 and bbox.x1 >= page.width - 1:
        return True
    left_or_right = bbox.width < _EDGE_SHARE * page.width and (bbox.x0 <= 1 or bbox.x1 >= page.width - 1)
    top_or_bottom = bbox.height < _EDGE_SHARE * page.height and (bbox.y0 <= 1 or bbox.y1 >= page.height - 1)
    return left_or_right or top_or_bottom


def _in_margin(bbox: Box, page: RawPage) -> bool:
    return bbox.y1 < _MARGIN_SHARE * page.height or bbox.y0 > (1 - _MARGIN_SHARE) * page.height


def _belongs(bbox: Box, around: Box) -> bool:
    x, y = bbox.center
    inside = around.x0 <= x <= around.x1 and around.y0 <= y <= around.y1
    return inside and (bbox.area == 0 or overlap(bbox, around) > 0.6)


def _is_setting(path: RawPath, prose: Prose) -> bool:
    """Say whether a path sets off text, as a frame or shading: a plain box around lines of prose or code."""
    if path.curves > 8 or path.segments > _FRAME_SEGMENTS or min(path.bbox.width, path.bbox.height) < _HAIR:
        return False
    return prose.is_around_text(path.bbox)


def _coarsened(marks: Iterable[Cluster]) -> list[Cluster]:
    """Put marks of nearly the same place together, so that a map of 50,000 strokes stays cheap."""
    cells: dict[tuple[int, int, int, int], list[Cluster]] = {}
    for mark in marks:
        x0, y0, x1, y1 = mark.bbox
        key = (int(x0 // _LATTICE), int(y0 // _LATTICE), int(x1 // _LATTICE), int(y1 // _LATTICE))
        cells.setdefault(key, []).append(mark)
    return [_merged(group) for group in cells.values()]


def _merged(marks: Iterable[Cluster]) -> Cluster:
    group = list(marks)
    return Cluster(
        union(mark.bbox for mark in group),
        sum(mark.weight for mark in group),
        sum(mark.pictures for mark in group),
        sum(mark.curves for mark in group),
    )
