"""Boxes and spans, and the conventions that every record follows.

Boxes are `(x0, y0, x1, y1)` in PDF points (1/72 inch) of the page as displayed, that is with its rotation applied;
the origin is the top left corner and y grows downwards. `page_index` counts from 0; `page_label` is what is printed on
the page. Spans are half-open: `text[start:end]`.
"""

from collections.abc import Iterable
from math import floor
from typing import NamedTuple

_STEPS = 100.0


class Box(NamedTuple):
    """A rectangle in PDF points, origin top left, rounded to a hundredth of a point by `box`."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent in points."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area in square points; 0 for an empty or inverted box."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def center(self) -> tuple[float, float]:
        """The middle point."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


def box(x0: float, y0: float, x1: float, y1: float) -> Box:
    """Make a box rounded to a hundredth of a point, so that stored boxes compare equal after a round trip."""
    # A page makes thousands: this rounds three times as fast as round(), and the class itself is half as fast to call.
    try:
        corners = (
            floor(x0 * _STEPS + 0.5) / _STEPS,
            floor(y0 * _STEPS + 0.5) / _STEPS,
            floor(x1 * _STEPS + 0.5) / _STEPS,
            floor(y1 * _STEPS + 0.5) / _STEPS,
        )
    except (OverflowError, ValueError):  # a damaged page may give what is no finite number
        corners = (x0, y0, x1, y1)
    return tuple.__new__(Box, corners)


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around `boxes`.

    Raises:
        ValueError: `boxes` is empty.
    """
    columns = tuple(zip(*boxes, strict=True))
    if not columns:
        raise ValueError("union of no boxes")
    return Box(min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3]))


def intersection(a: Box, b: Box) -> Box:
    """Return the common part of two boxes; its area is 0 when they do not meet."""
    ax0, ay0, ax1, ay1 = a
    bx0, by0, bx1, by1 = b
    corners = (
        ax0 if ax0 > bx0 else bx0,
        ay0 if ay0 > by0 else by0,
        ax1 if ax1 < bx1 else bx1,
        ay1 if ay1 < by1 else by1,
    )
    return tuple.__new__(Box, corners)  # asked for each pair of things on a page; min and max take twice as long


def overlap(a: Box, b: Box) -> float:
    """Return the share of `a` that lies inside `b`, from 0 to 1.

    >>> overlap(Box(0, 0, 10, 10), Box(5, 0, 20, 10))
    0.5
    """
    ax0, ay0, ax1, ay1 = a
    bx0, by0, bx1, by1 = b
    # Asked for each pair of things on a page, most of which lie apart.
    if ax1 <= bx0 or bx1 <= ax0 or ay1 <= by0 or by1 <= ay0 or ax1 <= ax0 or ay1 <= ay0:
        return 0.0
    return intersection(a, b).area / a.area


def iou(a: Box, b: Box) -> float:
    """Return intersection over union of two boxes, from 0 to 1."""
    common = intersection(a, b).area
    whole = a.area + b.area - common
    return common / whole if whole else 0.0


def grow(a: Box, margin: float) -> Box:
    """Return `a` with `margin` points added on every side (taken off when negative)."""
    return Box(a.x0 - margin, a.y0 - margin, a.x1 + margin, a.y1 + margin)
