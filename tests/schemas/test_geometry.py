"""Boxes: unions contain, intersections are contained, measures stay in their range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.geometry import Box, box, grow, intersection, iou, overlap, union

_X = st.floats(0, 1000, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, x1 = sorted((draw(_X), draw(_X)))
    y0, y1 = sorted((draw(_X), draw(_X)))
    return box(x0, y0, x1, y1)


@given(st.lists(boxes(), min_size=1, max_size=5))
def test_a_union_contains_its_parts(parts: list[Box]) -> None:
    whole = union(parts)
    assert all(overlap(part, whole) == pytest.approx(1) for part in parts if part.area)


@given(boxes(), boxes())
def test_iou_is_symmetric_and_at_most_one(a: Box, b: Box) -> None:
    assert iou(a, b) == iou(b, a)
    assert 0 <= iou(a, b) <= 1 + 1e-9


@given(boxes(), boxes())
def test_an_intersection_is_no_larger_than_either(a: Box, b: Box) -> None:
    assert intersection(a, b).area <= min(a.area, b.area) + 1e-6


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert overlap(Box(0, 0, 1, 1), Box(1, 0, 2, 1)) == 0
    assert iou(Box(0, 0, 1, 1), Box(5, 5, 6, 6)) == 0


def test_an_inverted_box_has_no_area() -> None:
    assert Box(5, 5, 1, 1).area == 0


def test_union_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no boxes"):
        union([])


def test_grow_and_shrink() -> None:
    assert grow(grow(Box(1, 1, 4, 4), 2), -2) == Box(1, 1, 4, 4)
