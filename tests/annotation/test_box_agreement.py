"""Boxes are matched one to one; who redraws nothing accepts the box that was found."""

import types

import pytest

from annotation.box_agreement import BoxAgreement, compare, measure_boxes
from annotation.ratings import counted_verdicts
from schemas.geometry import box
from schemas.records import BoxCorrection


def test_a_match_by_hand() -> None:
    a = [_at(0, 0, 100, 100), _at(200, 0, 300, 100)]
    # Half of the first (IoU 0.5), nine tenths of the second (IoU 0.9), and one that nobody else drew.
    b = [_at(200, 0, 290, 100), _at(0, 0, 50, 100), _at(0, 500, 10, 510)]
    loose, tight, boxes, overlap, places, pairs = compare(a, b)
    assert (loose, tight, boxes, places, pairs) == (2, 1, 5, 3, 1)
    assert overlap == pytest.approx(1.4)


def test_boxes_on_other_pages_or_of_other_documents_do_not_match() -> None:
    here = [_at(0, 0, 10, 10)]
    assert compare(here, [BoxCorrection("d", 1, box(0, 0, 10, 10))])[3] == 0
    assert compare(here, [BoxCorrection("e", 0, box(0, 0, 10, 10))])[3] == 0
    assert compare(here, here)[3] == 1


def test_redrawn_boxes_are_compared_with_the_one_that_others_accepted(people: types.ModuleType) -> None:
    given = [
        people.judged(1, "a", evidence=people.looked(True, box(0, 0, 80, 100))),
        people.judged(1, "b", evidence=people.looked(True)),
        people.judged(2, "a", evidence=people.looked(True)),
        people.judged(2, "b", evidence=people.looked(True)),
    ]
    found = _measure(people, given)
    assert (found.units, found.redrawn, found.people.pairs, found.found.pairs) == (2, 1, 1, 1)
    assert found.people.mean_iou.value == found.found.mean_iou.value == pytest.approx(0.8)
    assert (found.people.loose.value, found.people.tight.value) == (1, 1)


def test_two_who_redraw_alike_agree_with_each_other_and_not_with_the_code(people: types.ModuleType) -> None:
    drawn = people.looked(True, box(0, 0, 100, 40))
    found = _measure(people, [people.judged(n, who, evidence=drawn) for n in range(3) for who in "ab"])
    assert found.people.mean_iou.value == 1
    assert found.found.mean_iou.value == pytest.approx(0.4)
    assert found.found.loose.value == 0
    assert found.found.pairs == 6


def test_without_the_question_only_drawn_boxes_are_compared(people: types.ModuleType) -> None:
    drawn = people.looked(True, box(0, 0, 10, 10))
    given = [people.judged(1, "a", evidence=drawn), people.judged(1, "b", evidence=people.looked(True))]
    found = measure_boxes(counted_verdicts(given), {})
    assert (found.redrawn, found.people.pairs, found.people.loose.value) == (1, 0, None)
    assert found.people.loose.note == "no boxes to compare"


def _measure(people: types.ModuleType, given: list) -> BoxAgreement:
    questions = {(f"d/qa-{number}", people.words(number)): people.question(number) for number in range(4)}
    return measure_boxes(counted_verdicts(given), questions)


def _at(*edges: float) -> BoxCorrection:
    return BoxCorrection("d", 0, box(*edges))
