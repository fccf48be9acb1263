"""Find the figures of a page: drawings and pictures that belong together, guided by captions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from extractors.marks import Cluster, find_clusters
from extractors.prose import Prose
from extractors.raw import CaptionRegion, FigureRegion, RawPage, TableRegion
from schemas.geometry import Box, grow, overlap, union
from schemas.kinds import ElementKind

_LABEL_GAP = 12.0
_PICTURE_LABEL_GAP = 4.0
_CAPTION_REACH = 110.0
_PANEL_REACH = 48.0
_TWIN_REACH = 90.0
_BELOW_PENALTY = 24.0
_SMALLEST_PANEL = 24.0
_LONE_SIDE = 48.0
_LONE_AREA = 6000.0
_LONE_WEIGHT = 12
_HEAD_SHARE = 0.13
_TEXT_BOX_SHARE = 0.25
_BACKGROUND_SHARE = 0.5
_SENTENCES = 2


def find_figures(page: RawPage, captions: Sequence[CaptionRegion], tables: Sequence[TableRegion]) -> list[FigureRegion]:
    """Return the figures of a page, top to bottom, without captions and without drawings that belong to tables."""
    named = [caption for caption in captions if caption.kind is ElementKind.FIGURE]
    if not (page.paths or page.pictures or named):
        return []
    prose = Prose(page, captions)
    taken = [table.bbox for table in tables]
    marks = [part for part in find_clusters(page, prose, taken) if not part.is_line]
    clusters = [_labelled(part, prose, captions) for part in marks]
    owned, lone = _assign(clusters, named, prose)
    figures: list[FigureRegion | None] = [_captioned(parts, named[index].bbox, prose) for index, parts in owned.items()]
    for index, caption in enumerate(named):
        if index not in owned:
            figures.append(_code_figure(caption, prose) or _scattered(caption, lone, prose))
    figures += _uncaptioned(lone, page, prose)
    kept = _without_nested([figure for figure in figures if figure is not None])
    return sorted(kept, key=lambda figure: (figure.bbox.y0, figure.bbox.x0))


def _labelled(part: Cluster, prose: Prose, captions: Sequence[CaptionRegion]) -> Cluster:
    """Take in the labels around a drawing, and theirs, as far as no caption comes in; a picture holds its own."""
    bbox = part.bbox
    gap = _LABEL_GAP if part.weight > part.pictures else _PICTURE_LABEL_GAP
    for _ in range(3):
        wider = union([bbox, *prose.labels_near(bbox, gap)])
        if wider == bbox or any(overlap(caption.bbox, wider) > 0.3 for caption in captions):
            break
        bbox = wider
    return Cluster(bbox, part.weight, part.pictures, part.curves)


def _assign(
    clusters: Sequence[Cluster], captions: Sequence[CaptionRegion], prose: Prose
) -> tuple[dict[int, list[Cluster]], list[Cluster]]:
    """Give each cluster to the caption it is nearest to; first those next to one, then their neighbours."""
    owned: dict[int, list[Cluster]] = defaultdict(list)
    waiting = [part for part in clusters]
    while True:
        scored = [
            (distance, place, index)
            for place, part in enumerate(waiting)
            for index, caption in enumerate(captions)
            if (distance := _distance(part, caption, owned.get(index, ()), prose)) is not None
        ]
        if not scored:
            return dict(owned), waiting
        _, place, index = min(scored)
        owned[index].append(waiting.pop(place))


def _distance(part: Cluster, caption: CaptionRegion, owned: Sequence[Cluster], prose: Prose) -> float | None:
    """Return how far a cluster is from a caption or from what the caption has already, None when too far."""
    choices = [] if owned else [_to_caption(part.bbox, caption.bbox, prose)]
    choices += [_to_panel(part.bbox, other.bbox, caption.bbox, prose=prose) for other in owned]
    return min((choice for choice in choices if choice is not None), default=None)


def _to_caption(part: Box, caption: Box, prose: Prose) -> float | None:
    common = min(part.x1, caption.x1) - max(part.x0, caption.x0)
    if common < 0.3 * min(part.width, caption.width):
        return _beside(part, caption)
    above = part.center[1] < caption.center[1]
    upper, lower = (part, caption) if above else (caption, part)
    gap = max(lower.y0 - upper.y1, 0.0)
    if gap > _CAPTION_REACH or prose.is_between(upper, lower):
        return None
    return gap if above else gap + _BELOW_PENALTY


def _beside(part: Box, caption: Box) -> float | None:
    """A caption next to its figure: they overlap in height and nothing but a gutter is between them."""
    tall = min(part.y1, caption.y1) - max(part.y0, caption.y0) > 0.6 * min(part.height, caption.height)
    gap = max(caption.x0 - part.x1, part.x0 - caption.x1)
    return gap + 2 * _BELOW_PENALTY if tall and gap < _BELOW_PENALTY else None


def _to_panel(part: Box, other: Box, caption: Box, *, prose: Prose) -> float | None:
    across = max(part.x0 - other.x1, other.x0 - part.x1, 0.0)
    down = max(part.y0 - other.y1, other.y0 - part.y1, 0.0)
    same_side = (part.center[1] < caption.center[1]) == (other.center[1] < caption.center[1])
    reach = _TWIN_REACH if _are_twins(part, other) else _PANEL_REACH
    if not same_side or max(across, down) > reach or not _aligned(part, other):
        return None
    upper, lower = sorted((part, other), key=lambda box: box.y0)
    if down and prose.is_between(upper, lower):
        return None
    return across + down + _BELOW_PENALTY


def _are_twins(a: Box, b: Box) -> bool:
    """Say whether two boxes stand side by side at one height and are of one size, as panels in a row are."""
    level = max(abs(a.y0 - b.y0), abs(a.y1 - b.y1)) < 0.05 * max(a.height, b.height)
    return level and abs(a.width - b.width) < 0.1 * max(a.width, b.width)


def _aligned(a: Box, b: Box) -> bool:
    """Say whether two boxes stand in one row or column: they share a third of the smaller one's extent."""
    wide = min(a.x1, b.x1) - max(a.x0, b.x0) > min(a.width, b.width) / 3
    tall = min(a.y1, b.y1) - max(a.y0, b.y0) > min(a.height, b.height) / 3
    return wide or tall


def _captioned(parts: Sequence[Cluster], caption: Box, prose: Prose) -> FigureRegion:
    """Return the figure that a caption names, with the labels that stand between the two."""
    bbox = union(part.bbox for part in parts)
    between = prose.labels_between(bbox, caption) if bbox.center[1] < caption.center[1] else ()
    bbox = union([bbox, *between])
    for other in prose.captions:
        bbox = _cut(bbox, other)
    panels = [part.bbox for part in parts if min(part.bbox.width, part.bbox.height) >= _SMALLEST_PANEL]
    return FigureRegion(bbox, tuple(sorted(panels, key=lambda box: (box.y0, box.x0))) if len(panels) > 1 else ())


def _cut(bbox: Box, caption: Box) -> Box:
    """Take a caption that reaches into a figure's box out of it, at the edge that it is near."""
    if overlap(caption, bbox) == 0:
        return bbox
    if caption.center[1] > bbox.center[1]:
        return Box(bbox.x0, bbox.y0, bbox.x1, max(caption.y0, bbox.y0 + 1))
    return Box(bbox.x0, min(caption.y1, bbox.y1 - 1), bbox.x1, bbox.y1)


def _code_figure(caption: CaptionRegion, prose: Prose) -> FigureRegion | None:
    """Return the lines of code right above a caption that has nothing drawn: a listing set as a figure."""
    lines = sorted((line for line in prose.others if line.mono), key=lambda line: -line.bbox.y1)
    chosen: list[Box] = []
    edge = caption.bbox.y0
    for line in lines:
        reach = 3.0 * line.size if chosen else 5.0 * line.size
        if line.bbox.center[1] < edge and edge - line.bbox.y1 < reach:
            chosen.append(line.bbox)
            edge = line.bbox.y0
    return FigureRegion(union(chosen), confidence=0.5) if len(chosen) >= 2 else None


def _scattered(caption: CaptionRegion, parts: Sequence[Cluster], prose: Prose) -> FigureRegion | None:
    """Return all that is drawn above a caption up to the next running text: points far apart, without axes."""
    boxes = [
        part.bbox
        for part in parts
        if part.bbox.y1 <= caption.bbox.y0
        and not prose.is_between(part.bbox, caption.bbox)
        and not any(part.bbox.y1 < other.y0 and other.y1 < caption.bbox.y0 for other in prose.captions)
    ]
    if not boxes or union(boxes).area < _LONE_AREA:
        return None
    return FigureRegion(union(boxes), confidence=0.5)


def _uncaptioned(parts: Sequence[Cluster], page: RawPage, prose: Prose) -> list[FigureRegion]:
    """Return the figures among clusters without a caption; charts drawn in a row or a grid are panels of one."""
    parts = [piece for part in parts for piece in _without_background(part, page, prose)]
    alone = [part for part in parts if _stands_alone(part, page, prose)]
    figures = [FigureRegion(part.bbox, confidence=0.6) for part in alone if part.pictures]
    waiting = [part for part in parts if not part.pictures and part.weight >= _LONE_WEIGHT]
    for seed in (part for part in alone if not part.pictures):
        panels = _panels_around(seed, waiting, prose)
        waiting = [part for part in waiting if part not in panels]
        if panels:
            boxes = tuple(sorted((part.bbox for part in panels), key=lambda box: (box.y0, box.x0)))
            figures.append(FigureRegion(union(boxes), boxes if len(boxes) > 1 else (), confidence=0.6))
    return figures


def _without_background(part: Cluster, page: RawPage, prose: Prose) -> list[Cluster]:
    """Return a cluster, or only its pictures where it is what a slide is drawn on: most of a page, with sentences."""
    if part.bbox.area < _BACKGROUND_SHARE * page.width * page.height or prose.sentences_in(part.bbox) < _SENTENCES:
        return [part]
    inside = [picture for picture in page.pictures if overlap(picture, part.bbox) > 0.9]
    return [Cluster(box, 1, 1, 0) for box in inside if box.area < _BACKGROUND_SHARE * page.width * page.height]


def _panels_around(seed: Cluster, waiting: Sequence[Cluster], prose: Prose) -> list[Cluster]:
    """Return a chart and those of about its size that stand next to it, and next to them, without text between."""
    panels = [seed] if seed in waiting else []
    for panel in panels:
        for other in waiting:
            if other not in panels and _alike(seed.bbox, other.bbox) and _adjoins(panel.bbox, other.bbox, prose):
                panels.append(other)
    return panels


def _alike(a: Box, b: Box) -> bool:
    return max(abs(a.width - b.width) / max(a.width, b.width), abs(a.height - b.height) / max(a.height, b.height)) < 0.4


def _adjoins(a: Box, b: Box, prose: Prose) -> bool:
    across = max(a.x0 - b.x1, b.x0 - a.x1, 0.0)
    down = max(a.y0 - b.y1, b.y0 - a.y1, 0.0)
    upper, lower = sorted((a, b), key=lambda box: box.y0)
    return max(across, down) <= _PANEL_REACH and _aligned(a, b) and not (down and prose.is_between(upper, lower))


def _stands_alone(part: Cluster, page: RawPage, prose: Prose) -> bool:
    """Say whether a cluster without a caption is a figure: large and rich enough, no logo, no box around text."""
    bbox = part.bbox
    if min(bbox.width, bbox.height) < _LONE_SIDE or bbox.y1 < _HEAD_SHARE * page.height:
        return False
    rich = part.pictures > 0 or (part.weight >= _LONE_WEIGHT and (part.curves > 0 or part.weight > 40))
    return rich and bbox.area >= _LONE_AREA and prose.share_of(bbox) < _TEXT_BOX_SHARE


def _without_nested(figures: Iterable[FigureRegion]) -> list[FigureRegion]:
    """Drop figures that lie within a larger one."""
    kept: list[FigureRegion] = []
    for figure in sorted(figures, key=lambda figure: -figure.bbox.area):
        if not any(overlap(figure.bbox, grow(other.bbox, 2)) > 0.7 for other in kept):
            kept.append(figure)
    return kept
