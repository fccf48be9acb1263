"""Text with ink that no reader sees all the same: in the colour of its ground, or under what is drawn over it later.

Few pages hold any, so only those are looked at closer that have a reason: light text, text within a picture or a filled
box that the order of drawing puts on top, or text that cuts out what is painted after it (a gradient, a pattern, or
nothing at all). Whether such text shows, the pixels tell.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pymupdf

_LIGHT: Final = 0xF0
_LIGHTS: Final = 0xF0F0F0
_ALIKE: Final = 12
_LEAST_CONTRAST: Final = 20
_COVERED: Final = 0.95
_SMALLEST_COVER: Final = 40.0
_MOST_COVERS: Final = 400
_MOST_PIXELS_A_SIDE: Final = 2000.0
_CLIPS: Final = 64
_TEXT: Final = frozenset({"fill-text", "stroke-text"})

Place = tuple[float, float, float, float]
_Boxes = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


class _Cover(NamedTuple):
    """A filled box: where it is, its colour, and the number of its drawing in the page's order."""

    bbox: Place
    colour: tuple[int, int, int]
    number: int


def find_unseen(
    page: pymupdf.Page,
    blocks: Iterable[dict[str, Any]],
    *,
    drawings: Sequence[dict[str, Any]],
    images: Iterable[dict[str, Any]],
) -> frozenset[Place]:
    """Return the boxes of the spans that do not show, as they stand in `blocks`.

    Args:
        page: the page, straightened.
        blocks: the library's blocks of text.
        drawings: the library's drawings of the page.
        images: what the library tells of the pictures on the page.
    """
    spans = [span for block in blocks for line in block.get("lines", ()) for span in line["spans"]]
    covers = _largest(cover for drawing in drawings if (cover := _cover(drawing)) is not None)
    pictures = [info["bbox"] for info in images if not info.get("has-mask")]
    if not covers and not pictures and not any(_is_light(span["color"]) or cuts_out(span) for span in spans):
        return frozenset()
    spans = [span for span in spans if _has_ink(span)]
    if not spans:
        return frozenset()
    boxes = _stacked(span["bbox"] for span in spans)
    ground = _ground(drawings)
    later = [cover for cover in covers if cover.number >= ground]
    under_boxes, under_pictures = _drawn_over(page, boxes, later, pictures=pictures)
    doubtful = _faint(spans, boxes, covers) | under_boxes
    unseen = _without_contrast(page, boxes, doubtful) if doubtful.any() else doubtful
    cut_out = np.array([cuts_out(span) for span in spans], dtype=np.bool_)
    if (traced := (under_pictures | cut_out) & ~unseen).any():
        unseen = unseen | _without_trace(page, boxes, traced)
    return frozenset(tuple(spans[index]["bbox"]) for index in np.flatnonzero(unseen))


def _is_light(colour: int) -> bool:
    return colour & _LIGHTS == _LIGHTS


def cuts_out(span: dict[str, Any]) -> bool:
    """Say whether a span has no ink of its own and is a stencil for what is painted next, as text in a gradient is."""
    return not span["alpha"] and bool(span["char_flags"] & _CLIPS)


def _has_ink(span: dict[str, Any]) -> bool:
    return (bool(span["alpha"]) or cuts_out(span)) and bool(span["text"].strip())


def _stacked(boxes: Iterable[Place]) -> _Boxes:
    return np.array(list(boxes), dtype=np.float64).reshape(-1, 4)


def _cover(drawing: dict[str, Any]) -> _Cover | None:
    """Return a drawing as a box that hides what is under it, if it is one."""
    fill = drawing.get("fill")
    if not fill:
        return None
    x0, y0, x1, y1 = drawing["rect"]
    if (x1 - x0) * (y1 - y0) < _SMALLEST_COVER or drawing.get("fill_opacity", 1.0) != 1.0:
        return None
    if len(drawing["items"]) != 1 or drawing["items"][0][0] not in ("re", "qu"):
        return None
    red, green, blue = (round(255 * part) for part in fill)
    return _Cover((x0, y0, x1, y1), (red, green, blue), drawing["seqno"])


def _ground(drawings: Iterable[dict[str, Any]]) -> int:
    """Return how many things are drawn before the first that is no path: they are under all text."""
    count = 0
    for drawing in drawings:
        if drawing["type"] in ("clip", "group"):
            continue
        if drawing["seqno"] != count:
            break
        count += len(drawing["type"])  # filled and stroked at once ("fs") counts twice
    return count


def _largest(covers: Iterable[_Cover]) -> list[_Cover]:
    """Keep a chart of ten thousand boxes cheap: the small ones hide no text."""
    return sorted(covers, key=lambda cover: _area(cover.bbox), reverse=True)[:_MOST_COVERS]


def _area(bbox: Place) -> float:
    return (bbox[2] - bbox[0]) * (bbox[3] - bbox[1])


def _inside(boxes: _Boxes, outers: Iterable[Place]) -> _Mask:
    """Say, a row for each outer box, which of the boxes lie in it."""
    around = _stacked(outers)[:, None, :]
    wide = np.minimum(boxes[:, 2], around[..., 2]) - np.maximum(boxes[:, 0], around[..., 0])
    tall = np.minimum(boxes[:, 3], around[..., 3]) - np.maximum(boxes[:, 1], around[..., 1])
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    shared = np.clip(wide, 0, None) * np.clip(tall, 0, None)
    return np.asarray((shared > _COVERED * area) & (area > 0), dtype=np.bool_)


def _faint(spans: Sequence[dict[str, Any]], boxes: _Boxes, covers: Sequence[_Cover]) -> _Mask:
    """Say which spans are light, or have nearly the colour of a box that they lie in."""
    colours = np.array([span["color"] for span in spans])
    channels = np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1)
    faint = channels.min(axis=1) >= _LIGHT
    if covers:
        grounds = np.array([cover.colour for cover in covers])[:, None, :]
        alike = np.abs(channels - grounds).max(axis=2) <= _ALIKE
        faint |= (alike & _inside(boxes, [cover.bbox for cover in covers])).any(axis=0)
    return np.asarray(faint, dtype=np.bool_)


def _without_contrast(page: pymupdf.Page, boxes: _Boxes, doubtful: _Mask) -> _Mask:
    """Say which of the doubtful spans leave no trace in a picture of the page: one colour is all there is."""
    zoom = _zoom(page)
    pixels, left, top = _pixels_around(page, boxes[doubtful])
    unseen = np.zeros(len(boxes), dtype=np.bool_)
    for index in np.flatnonzero(doubtful):
        x0, y0, x1, y1 = np.clip(boxes[index] * zoom, 0, None)
        rim = 0.2 * (y1 - y0)  # a rule above or below is no trace of the text
        rows = slice(max(int(y0 + rim) - top, 0), max(int(y1 - rim) + 1 - top, 0))
        columns = slice(max(int(x0) - left, 0), max(int(x1) + 1 - left, 0))
        part = pixels[rows, columns].reshape(-1, 3).astype(np.int16)
        unseen[index] = len(part) > 0 and int((part.max(axis=0) - part.min(axis=0)).max()) < _LEAST_CONTRAST
    return unseen


def _pixels_around(page: pymupdf.Page, boxes: _Boxes) -> tuple[npt.NDArray[np.uint8], int, int]:
    """Return a picture of the part of a page that holds all boxes, and where in the whole picture it begins."""
    zoom = _zoom(page)
    corners = (*boxes[:, :2].min(axis=0) - 2, *boxes[:, 2:].max(axis=0) + 2)
    part = pymupdf.Rect(*map(float, corners)) & page.rect
    if part.is_empty:
        return np.zeros((0, 0, 3), dtype=np.uint8), 0, 0
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False, clip=part)
    pixels = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return pixels, pixmap.x, pixmap.y


def _without_trace(page: pymupdf.Page, boxes: _Boxes, doubtful: _Mask) -> _Mask:
    """Say which spans can be taken off the page without a change to its picture; tried on a copy of the page."""
    with pymupdf.open() as copy:
        copy.insert_pdf(page.parent, from_page=page.number, to_page=page.number, links=False, annots=False)
        sheet = copy[0]
        before = _pixels(sheet)
        for x0, y0, x1, y1 in boxes[doubtful]:
            rim = 0.3 * (y1 - y0)  # the lines above and below stay
            sheet.add_redact_annot(pymupdf.Rect(x0, y0 + rim, x1, y1 - rim), fill=False, cross_out=False)
        sheet.apply_redactions(images=pymupdf.PDF_REDACT_IMAGE_NONE, graphics=pymupdf.PDF_REDACT_LINE_ART_NONE)
        changed = np.abs(_pixels(sheet).astype(np.int16) - before).max(axis=2) > 1
    zoom = _zoom(page)
    unseen = doubtful.copy()
    for index in np.flatnonzero(doubtful):
        x0, y0, x1, y1 = np.clip(boxes[index] * zoom, 0, None)
        unseen[index] = not changed[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1].any()
    return unseen


def _zoom(page: pymupdf.Page) -> float:
    longest = float(max(page.rect.width, page.rect.height, 1.0))
    return min(1.0, _MOST_PIXELS_A_SIDE / longest)


def _pixels(page: pymupdf.Page) -> npt.NDArray[np.uint8]:
    zoom = _zoom(page)
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _drawn_over(
    page: pymupdf.Page, boxes: _Boxes, covers: Sequence[_Cover], *, pictures: Sequence[Place]
) -> tuple[_Mask, _Mask]:
    """Say which spans lie where a filled box, and which where an opaque picture, was drawn after them."""
    in_boxes, in_pictures = _inside(boxes, [cover.bbox for cover in covers]), _inside(boxes, pictures)
    inside = _any(np.concatenate([in_boxes, in_pictures]))
    if not inside.any():
        return inside, inside
    log = page.get_bboxlog()
    last = _last_drawn(boxes, inside, log)
    shown = _stacked(box for kind, box in log if kind == "fill-image")
    numbers = [number for number, (kind, _) in enumerate(log) if kind == "fill-image"]
    placed = [_number_of(picture, shown, numbers) for picture in pictures]
    later_boxes = np.array([cover.number for cover in covers], dtype=np.int64)[:, None] > last
    later_pictures = np.array(placed, dtype=np.int64)[:, None] > last
    return _any(in_boxes & later_boxes), _any(in_pictures & later_pictures)


def _any(rows: _Mask) -> _Mask:
    return np.asarray(rows.any(axis=0), dtype=np.bool_)


def _last_drawn(boxes: _Boxes, doubtful: _Mask, log: Sequence[tuple[str, Place]]) -> npt.NDArray[np.int64]:
    """Return the number of the last text drawn where each doubtful span stands; for others, the end of the page."""
    last = np.full(len(boxes), len(log), dtype=np.int64)
    numbers = np.array([number for number, (kind, _) in enumerate(log) if kind in _TEXT], dtype=np.int64)
    places = _stacked(box for kind, box in log if kind in _TEXT)
    for index in np.flatnonzero(doubtful):
        x0, y0, x1, y1 = boxes[index]
        wide = np.minimum(places[:, 2], x1) - np.maximum(places[:, 0], x0)
        tall = np.minimum(places[:, 3], y1) - np.maximum(places[:, 1], y0)
        here = numbers[(wide > 0) & (tall > 0.3 * (y1 - y0))]
        last[index] = int(here[-1]) if len(here) else len(log)
    return last


def _number_of(picture: Place, shown: _Boxes, numbers: Sequence[int]) -> int:
    """Return when a picture was drawn, -1 when the log does not tell."""
    alike = np.flatnonzero((np.abs(shown - np.array(picture)) < 1.0).all(axis=1))
    return numbers[int(alike[-1])] if len(alike) else -1
