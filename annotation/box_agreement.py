"""How far people's boxes agree, with each other and with the box that was found by code.

Somebody who redraws nothing accepts the box that the question came with. Boxes are matched one to one so that the
intersections over union add up to the most (H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research
Logistics Quarterly 2 (1955) 83-97); boxes on different pages never match.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from annotation.intervals import Array, Estimate, bootstrap
from annotation.ratings import Verdicts
from schemas.geometry import iou
from schemas.records import BoxCorrection, EvidenceJudgement, Judgement, Question

Boxes = Sequence[BoxCorrection]

_LOOSE: Final = 0.5
_TIGHT: Final = 0.75


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two sets of boxes agree, over `pairs` of them.

    `loose` and `tight` are the F1 of boxes that match with an intersection over union of at least 0.5 and 0.75;
    `mean_iou` is that of the matched boxes, a box without a partner counting as 0.
    """

    pairs: int
    loose: Estimate
    tight: Estimate
    mean_iou: Estimate


@dataclass(frozen=True, slots=True)
class BoxAgreement:
    """Boxes of evidence units: of `units` that people looked at, `redrawn` were redrawn by somebody.

    `people` compares the people who looked at a unit that one of them redrew at least; `found` compares every redrawn
    unit with the box that code had found.
    """

    units: int
    redrawn: int
    people: Overlap
    found: Overlap


def measure_boxes(
    verdicts: Verdicts, questions: Mapping[tuple[str, str], Question], *, confidence: float = 0.95, seed: int = 0
) -> BoxAgreement:
    """Return how far people's boxes agree.

    Args:
        verdicts: the judgements that count, by question and wording.
        questions: the questions as they were judged, by id and wording; without one, what somebody accepted by
            redrawing nothing is not known and is left out.
        confidence: of the intervals.
        seed: of the resamples.
    """
    between: dict[str, list[Array]] = defaultdict(list)
    against: dict[str, list[Array]] = defaultdict(list)
    units = redrawn = 0
    for key, judgements in verdicts.items():
        for element_id, drawn in _by_unit(judgements).items():
            units += 1
            accepted = _accepted(questions.get(key), element_id)
            if not any(drawn):
                continue
            redrawn += 1
            sets = [boxes or accepted for boxes in drawn if boxes or accepted]
            between[key[0]] += [compare(a, b) for a, b in combinations(sets, 2)]
            against[key[0]] += [compare(boxes, accepted) for boxes in drawn if boxes and accepted]
    given = (confidence, seed)
    return BoxAgreement(units, redrawn, people=_overlap(between, given), found=_overlap(against, given))


def compare(a: Boxes, b: Boxes) -> Array:
    """Return what two sets of boxes add to the sums: matches at 0.5 and 0.75, boxes, overlap, and places for it."""
    table = np.array([[iou(x.bbox, y.bbox) if _same_page(x, y) else 0.0 for y in b] for x in a])
    rows, columns = linear_sum_assignment(table, maximize=True)
    best = table[rows, columns]
    counted = [(best >= _LOOSE).sum(), (best >= _TIGHT).sum(), len(a) + len(b), best.sum(), max(len(a), len(b)), 1]
    return np.array(counted, dtype=float)


def _by_unit(judgements: Iterable[Judgement]) -> dict[str, list[tuple[BoxCorrection, ...]]]:
    found: dict[str, list[tuple[BoxCorrection, ...]]] = defaultdict(list)
    for judgement in judgements:
        for element_id, boxes in _merged(judgement.evidence):
            found[element_id].append(boxes)
    return found


def _merged(evidence: Iterable[EvidenceJudgement]) -> Iterator[tuple[str, tuple[BoxCorrection, ...]]]:
    # An element quoted twice is one place on the page.
    boxes: dict[str, tuple[BoxCorrection, ...]] = {}
    for unit in evidence:
        boxes[unit.element_id] = boxes.get(unit.element_id, ()) + unit.boxes
    yield from boxes.items()


def _accepted(question: Question | None, element_id: str) -> tuple[BoxCorrection, ...]:
    units = question.evidence if question is not None else ()
    same = (unit for unit in units if unit.element_id == element_id)
    return tuple(dict.fromkeys(BoxCorrection(unit.doc_id, unit.page_index, unit.bbox) for unit in same))


def _same_page(a: BoxCorrection, b: BoxCorrection) -> bool:
    return (a.doc_id, a.page_index) == (b.doc_id, b.page_index)


def _overlap(compared: Mapping[str, Sequence[Array]], given: tuple[float, int]) -> Overlap:
    sums = np.array([np.sum(rows, axis=0) for _, rows in sorted(compared.items()) if rows])
    if not len(sums):
        none = Estimate(None, note="no boxes to compare")
        return Overlap(0, none, none, none)
    confidence, seed = given
    loose, tight, mean = bootstrap(sums, [_loose, _tight, _mean], confidence=confidence, seed=seed)
    return Overlap(int(sums[:, 5].sum()), loose, tight, mean)


def _loose(sums: Array) -> Array:
    return np.asarray(2 * sums[..., 0] / sums[..., 2])


def _tight(sums: Array) -> Array:
    return np.asarray(2 * sums[..., 1] / sums[..., 2])


def _mean(sums: Array) -> Array:
    return np.asarray(sums[..., 3] / sums[..., 4])
