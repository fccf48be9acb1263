"""RapidOCR, the OCR engine of the extra `ocr`: a page's picture to its lines of text."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pymupdf

from extractors.raw import RawLine, RawSpan
from schemas.geometry import Box, box

_POINTS_PER_INCH = 72.0
_LONGEST_SIDE = 4096.0
_LEAST_SCORE = 0.5
# A line's box is about so many times as tall as its type.
_LEADING = 1.25
_FONT = "OCR"


def recognise(page: pymupdf.Page, dpi: int) -> list[RawLine]:
    """Return the lines that are printed on a page, top to bottom, leaving out what the engine doubts.

    Nothing is fetched: the models lie in the package.
    """
    zoom = min(dpi / _POINTS_PER_INCH, _LONGEST_SIDE / max(page.rect.width, page.rect.height, 1.0))
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    pixels = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.width, 3)
    found = _engine()(pixels[:, :, ::-1], use_cls=False)
    if found.boxes is None:
        return []
    return list(_lines(found.boxes / zoom, found.txts, found.scores))


def _lines(corners: Any, texts: Any, scores: Any) -> Iterator[RawLine]:
    """Yield the lines; their corners stand clockwise from the top left, in points."""
    places = [box(*map(float, (*quad.min(axis=0), *quad.max(axis=0)))) for quad in corners]
    order = sorted(range(len(places)), key=lambda index: (places[index].y0, places[index].x0))
    for number, index in enumerate(order):
        text, place = " ".join(texts[index].split()), places[index]
        if text and scores[index] >= _LEAST_SCORE:
            size = round(min(place.width, place.height) / _LEADING, 2)
            yield RawLine((RawSpan(text, place, _FONT, size),), place, number, _direction(place))


def _direction(place: Box) -> tuple[float, float]:
    """A line much taller than wide runs upwards, as most turned text does."""
    return (0.0, -1.0) if place.height > 2 * place.width else (1.0, 0.0)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # type: ignore[import-not-found,unused-ignore]

    # One thread: reading processes run side by side.
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "error", **threads})
