"""A question with its evidence as a Label Studio task: what its page shows, and one prediction with what we think.

A task's key is made of the question's id and its words, so that it says which words a person judged. Boxes are percent
of the page picture there and points of the page as displayed here; `box_result` and `box_of` are the two directions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from annotation.label_config import ASKED, BOXES, NEEDED, NO, NOT_NEEDED, PAGES, YES, required_name, unit_name
from annotation.labels import LABELS, verdict_of_checks
from annotation.opinions import agreed, agreed_required, verdicts_html
from annotation.units import Crop, Unit, unit_html, units_of
from schemas.geometry import Box, box
from schemas.identity import digest, wording
from schemas.kinds import EvidenceRole
from schemas.records import Element, Judgement, Page, Question

Json = dict[str, Any]
PageKey = tuple[str, int]

KEY: Final = "key"
MODEL_VERSION: Final = "CorpusMill checks"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page, or of the part of it that is printed on.

    `source` is its address (a data URI, a path on the server or in a bucket), `shown` what it shows in points of the
    page; width and height are in pixels.
    """

    page: Page
    source: str
    shown: Box
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Material:
    """What tasks are made of besides the questions; a document goes by its file name.

    `crops` are figures' own pictures, by element; where there is none the page alone shows it.
    """

    pictures: Mapping[PageKey, PagePicture]
    elements: Mapping[str, Element]
    documents: Mapping[str, str]
    crops: Mapping[str, Crop] = field(default_factory=dict)


def task_key(qa_id: str, words: str) -> str:
    """Return the key of a task: the question and its wording (`schemas.identity.wording`)."""
    return digest(qa_id, words)


def pages_of(question: Question) -> tuple[PageKey, ...]:
    """Return the pages that the evidence of a question stands on, in the order of its units."""
    return tuple(dict.fromkeys((unit.doc_id, unit.page_index) for unit in units_of(question)))


def build_task(
    question: Question, material: Material, *, opinions: Sequence[Judgement] | None = None, prelabel: bool = True
) -> Json:
    """Return a task as the server takes it.

    Args:
        question: the question.
        material: pictures of its pages, its elements, names of its documents.
        opinions: for an expert, the annotators' judgements, which stand side by side on the page; the expert's page
            starts with what they agree on instead of with our checks' verdict.
        prelabel: whether the page begins with verdicts; without them it begins with the boxes alone.
    """
    units = units_of(question)
    pages = [key for key in pages_of(question) if key in material.pictures]
    data: Json = {
        KEY: task_key(question.qa_id, wording(question.question, question.answer)),
        "qa_id": question.qa_id,
        "question": question.question,
        "answer": question.answer,
        ASKED: _asked_html(question),
        PAGES: [material.pictures[key].source for key in pages],
        "places": [_place(material.pictures[key]) for key in pages],
        "unit_labels": [{"value": unit.label, "background": unit.colour} for unit in units],
        "units": [_unit_data(unit, material, pages) for unit in units],
    }
    if opinions is not None:
        data["verdicts"] = verdicts_html(opinions, [unit.element_id for unit in units])
    results = list(_results(question, units, pages=pages, pictures=material.pictures, opinions=opinions))
    if not prelabel:
        results = [result for result in results if result["from_name"] == BOXES]
    return {"data": data, "predictions": [{"model_version": MODEL_VERSION, "result": results}]}


def box_result(unit: Unit, picture: PagePicture, *, page_number: int) -> Json:
    """Return the region of a unit's box, as percent of the page picture."""
    shown, bbox = picture.shown, unit.bbox
    return {
        "id": f"box-{unit.number}",
        "from_name": BOXES,
        "to_name": PAGES,
        "type": "rectanglelabels",
        "item_index": page_number,
        "original_width": picture.width,
        "original_height": picture.height,
        "image_rotation": 0,
        "value": {
            "x": 100 * (bbox.x0 - shown.x0) / shown.width,
            "y": 100 * (bbox.y0 - shown.y0) / shown.height,
            "width": 100 * bbox.width / shown.width,
            "height": 100 * bbox.height / shown.height,
            "rotation": 0,
            "rectanglelabels": [unit.label],
        },
    }


def box_of(value: Mapping[str, float], shown: Box) -> Box:
    """Return the box in points of the page that a region of percents means, on a picture that shows `shown` of it."""
    x0, y0 = shown.x0 + value["x"] / 100 * shown.width, shown.y0 + value["y"] / 100 * shown.height
    return box(x0, y0, x0 + value["width"] / 100 * shown.width, y0 + value["height"] / 100 * shown.height)


def _asked_html(question: Question) -> str:
    kind = question.question_type.value.replace("_", " ")
    return (
        f'<div class="cm-head"><b>Question</b> <span>{escape(kind)} · {escape(question.answer_modality)}</span></div>'
        f'<p class="cm-question">{escape(question.question)}</p>'
        f'<div class="cm-head"><b>Answer</b></div><p class="cm-answer">{escape(question.answer)}</p>'
    )


def _place(picture: PagePicture) -> Json:
    page = picture.page
    return {"doc_id": page.doc_id, "page_index": page.page_index, "shown": list(picture.shown)}


def _unit_data(unit: Unit, material: Material, pages: Sequence[PageKey]) -> Json:
    where = f"page {unit.page_label} of {material.documents.get(unit.doc_id, unit.doc_id)}"
    key = (unit.doc_id, unit.page_index)
    if key not in pages:
        where += " (no picture)"
    elif len(pages) > 1:
        where += f" · picture {pages.index(key) + 1} of {len(pages)}"
    element, crop = material.elements.get(unit.element_id), material.crops.get(unit.element_id)
    html = unit_html(unit, element, where=where, crop=crop)
    return {"html": html, "element_id": unit.element_id, "label": unit.label, "box": list(unit.bbox)}


def _results(
    question: Question,
    units: Sequence[Unit],
    *,
    pages: Sequence[PageKey],
    pictures: Mapping[PageKey, PagePicture],
    opinions: Sequence[Judgement] | None,
) -> Iterator[Json]:
    for label in LABELS:
        verdict = verdict_of_checks(label, question) if opinions is None else agreed(opinions, label.name)
        if verdict is not None:
            yield _choice(label.name, ASKED, YES if verdict else NO)
    for place, unit in enumerate(units):
        key = (unit.doc_id, unit.page_index)
        if key in pictures and unit.bbox.area:
            yield box_result(unit, pictures[key], page_number=pages.index(key))
        needed = _opening(unit) if opinions is None else agreed_required(opinions, unit.element_id)
        if needed is not None:
            yield _choice(required_name(place), unit_name(place), NEEDED if needed else NOT_NEEDED)


def _opening(unit: Unit) -> bool | None:
    # What carries the answer is needed; whether its context is, no check has shown.
    return True if unit.role == EvidenceRole.ANSWER else None


def _choice(name: str, target: str, value: str) -> Json:
    return {"from_name": name, "to_name": target, "type": "choices", "value": {"choices": [value]}}
