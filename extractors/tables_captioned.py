"""What a caption says of the table beside it: that there is one, where rules and figures alone would leave a doubt."""

from collections.abc import Iterator, Sequence

from extractors.raw import CaptionRegion, RawPage
from extractors.tables_rows import page_rows, part_rows
from extractors.tables_ruled import page_grids
from extractors.tables_rules import page_rules, ruled_boxes
from extractors.tables_runs import column_runs, run_box
from schemas.geometry import Box, overlap
from schemas.kinds import ElementKind

_REACH = 40.0
_FEWEST_ROWS = 2
_NEITHER_KIND = ("Exhibit", "Box")


def adjoins(caption: Box, bbox: Box) -> bool:
    """Say whether a caption stands right above or below a box."""
    return _gap(caption, bbox) < _REACH and min(caption.x1, bbox.x1) > max(caption.x0, bbox.x0)


def is_captioned(bbox: Box, captions: Sequence[CaptionRegion]) -> bool:
    """Say whether a caption that names a table adjoins a box."""
    return any(caption.kind is ElementKind.TABLE and adjoins(caption.bbox, bbox) for caption in captions)


def is_neutral(caption: CaptionRegion) -> bool:
    """Say whether a caption's noun names tables and pictures alike."""
    return (caption.label or "").startswith(_NEITHER_KIND)


def places_beside(page: RawPage, caption: CaptionRegion, captions: Sequence[CaptionRegion]) -> Iterator[Box]:
    """Yield where the table of a caption may be that nothing else has shown, the likeliest place first.

    These are ruled grids and boxes between rules, drawings in their cells or not, and a few rows in columns. What is
    nearer to another caption is left to it.
    """
    grids = [grid.bbox for grid in page_grids(page)]
    ruled = ruled_boxes(page_rules(page), page_rows(page), [other.bbox for other in captions])
    for places in (grids, ruled, _runs(page, captions)):
        beside = [place for place in places if adjoins(caption.bbox, place)]
        yield from sorted(
            (place for place in beside if _owner(place, captions) is caption),
            key=lambda place: _gap(caption.bbox, place),
        )


def _runs(page: RawPage, captions: Sequence[CaptionRegion]) -> list[Box]:
    """Return the boxes of two rows and more whose parts stand in columns."""
    rows = [row for row in page_rows(page) if not any(overlap(row.bbox, other.bbox) > 0.5 for other in captions)]
    return [run_box(run) for run in column_runs(part_rows(rows), _FEWEST_ROWS)]


def _owner(place: Box, captions: Sequence[CaptionRegion]) -> CaptionRegion | None:
    """Return the caption that stands nearest to a place, of those that adjoin it."""
    near = [other for other in captions if adjoins(other.bbox, place)]
    return min(near, key=lambda other: _gap(other.bbox, place), default=None)


def _gap(caption: Box, bbox: Box) -> float:
    return max(bbox.y0 - caption.y1, caption.y0 - bbox.y1)
