"""What the layout network is given, made with less work than the library takes for it.

The library asks for the text of a page once more and with all that it can tell of it, reads a hundred numbers of every
line one by one, and scales pictures pixel by pixel; that costs more than the network itself. These functions stand in
for its own. Where a release of the library has no such function the library's way stays: slower, and as right.
"""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf
import pymupdf.features
from pymupdf.layout import pymupdf_util_base, pymupdf_util_ext
from pymupdf.layout.onnx import ImageFeatureExtractorV1, TableGridExtractorV2

# More than half of what a page's text costs then, and without it the network sees the same tables (decision 3).
_DISPENSABLE = pymupdf.TEXT_SEGMENT
# What the library's object holds besides numbers.
_NO_NUMBERS = frozenset({"this", "thisown", "last_char_rect"})

_Pixels = npt.NDArray[np.uint8]


@cache
def ease_inputs() -> None:
    """Let the library use the functions of this module, from now on and in the whole process."""
    _put(pymupdf_util_base, "create_stext_page", read_text_page)
    _put(pymupdf_util_ext, "extract_rf_features", add_line_numbers)
    _put(ImageFeatureExtractorV1, "resize_image", scaled)
    _put(TableGridExtractorV2, "resize_image", scaled)


def _put(module: Any, name: str, function: Any) -> None:
    if hasattr(module, name):
        setattr(module, name, function)


def read_text_page(page: pymupdf.Page, flags: int) -> Any:
    """Return the text of a page, not cut into segments."""
    return page.get_textpage(flags=flags & ~_DISPENSABLE)


def add_line_numbers(found: dict[str, Any], textpage: Any) -> None:
    """Add to each line of `found` the numbers that the library has of its place; invisible lines leave visible ones.

    `found` has a list of boxes, one of texts and one of what is known of each, all of one length.
    """
    records = found["custom_features"]
    for (x0, y0, x1, y1), record in zip(found["bboxes"], records, strict=True):
        numbers = pymupdf.features.fz_features_for_region(textpage, pymupdf.mupdf.FzRect(x0, y0, x1, y1), 0)
        kind: Any = type(numbers)
        names, read = _reader_of(kind)
        record.update(zip(names, read(numbers), strict=True))
    if any(not record["invisible"] and record["num_numerals"] + record["num_non_numerals"] > 0 for record in records):
        seen = [place for place, record in enumerate(records) if record["invisible"] != 1]
        for name in ("custom_features", "bboxes", "text"):
            found[name][:] = [found[name][place] for place in seen]


@cache
def _reader_of(kind: type) -> tuple[tuple[str, ...], Any]:
    names = tuple(name for name in dir(kind) if not name.startswith("_") and name not in _NO_NUMBERS)
    return names, attrgetter(*names)


def scaled(image: _Pixels, size: tuple[int, int]) -> _Pixels:
    """Return an image of the given width and height, each of its pixels mixed of the four nearest."""
    width, height = size
    return _along(_along(image.astype(np.float32), height, 0), width, 1).astype(np.uint8)


def _along(image: npt.NDArray[np.float32], count: int, axis: int) -> npt.NDArray[np.float32]:
    size = image.shape[axis]
    places = np.clip((np.arange(count) + 0.5) * (size / count) - 0.5, 0, size - 1)
    first = places.astype(np.intp)
    share = (places - first).astype(np.float32).reshape(_upright(image.ndim, axis))
    mixed = image.take(first, axis)
    mixed += share * (image.take(np.minimum(first + 1, size - 1), axis) - mixed)
    return mixed


def _upright(dimensions: int, axis: int) -> Sequence[int]:
    """Return the shape of a row of numbers that stands along one axis."""
    return [-1 if place == axis else 1 for place in range(dimensions)]
