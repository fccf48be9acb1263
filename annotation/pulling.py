"""Judgements out of a Label Studio export. Every annotation becomes one; what cannot be read is told, never guessed.

A judgement's id comes from the annotation's own, so that pulling again, or from a server that the project was moved to,
brings the same one and not another. Somebody who annotated a task twice has two, of which whoever settles them counts
the later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annotation.label_config import (
    BOXES,
    COMMENT,
    CORRECTED_ANSWER,
    CORRECTED_QUESTION,
    NEEDED,
    NO,
    NOT_NEEDED,
    YES,
    unit_of,
)
from annotation.labels import LABELS
from annotation.tasks import Json, box_of
from schemas.geometry import Box
from schemas.identity import digest, wording
from schemas.kinds import JudgeRole
from schemas.records import BoxCorrection, EvidenceJudgement, Judgement

_SAME_POINTS: Final = 1.0
_VERDICTS: Final = {YES: True, NO: False}
_REQUIRED: Final = {NEEDED: True, NOT_NEEDED: False}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an export comes from: `person` names an account by its number, or by None where it is gone."""

    url: str
    role: JudgeRole
    person: Callable[[int | None], str]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What an export holds. `drafts` were begun and not submitted; `strange` says what could not be read, and where."""

    judgements: tuple[Judgement, ...]
    tasks: int = 0
    drafts: int = 0
    strange: tuple[str, ...] = ()


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Place(_Lenient):
    doc_id: str
    page_index: int
    shown: tuple[float, float, float, float]


class _UnitData(_Lenient):
    element_id: str
    label: str
    box: tuple[float, float, float, float]


class _TaskData(_Lenient):
    """What we put into a task; a task that lacks it is not one of ours."""

    qa_id: str
    question: str
    answer: str
    places: tuple[_Place, ...] = ()
    units: tuple[_UnitData, ...] = ()


class _Annotation(_Lenient):
    id: int
    created_at: str
    updated_at: str | None = None
    completed_by: Any = None
    lead_time: float | None = None
    was_cancelled: bool = False
    unique_id: str | None = None
    result: list[dict[str, Any]] = Field(default_factory=list)


@dataclass(slots=True)
class _Given:
    """What an annotation's results say."""

    labels: dict[str, bool] = field(default_factory=dict)
    required: dict[int, bool] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, list[BoxCorrection]] = field(default_factory=dict)


def judgements_of(tasks: Iterable[Json], origin: Origin) -> Pulled:
    """Return the judgements of an export's tasks, oldest first."""
    found: list[Judgement] = []
    strange: list[str] = []
    seen = drafts = 0
    for task in tasks:
        seen += 1
        drafts += len(task.get("drafts") or ())
        annotations = task.get("annotations") or ()
        if not annotations:
            continue
        try:
            data = _TaskData.model_validate(task.get("data"))
        except ValidationError as error:
            strange.append(f"task {task.get('id')} has lost what makes it ours ({_what(error)})")
            continue
        for annotation in annotations:
            try:
                found.append(_judgement(_Annotation.model_validate(annotation), data, origin))
            except ValidationError as error:
                strange.append(f"an annotation of task {task.get('id')} cannot be read ({_what(error)})")
    return Pulled(tuple(sorted(found, key=_by_time)), seen, drafts, tuple(strange))


def merge_judgements(known: Iterable[Judgement], pulled: Iterable[Judgement]) -> list[Judgement]:
    """Return all judgements, each once: an annotation that was edited since takes the place of what it said before.

    What was pulled earlier and is gone from its server stays.
    """
    kept = {judgement.judgement_id: judgement for judgement in known}
    for judgement in pulled:
        before = kept.get(judgement.judgement_id)
        if before is None or _when(before) <= _when(judgement):
            kept[judgement.judgement_id] = judgement
    return sorted(kept.values(), key=_by_time)


def _judgement(annotation: _Annotation, data: _TaskData, origin: Origin) -> Judgement:
    words = wording(data.question, data.answer)
    mark = annotation.unique_id or f"{origin.url}/annotations/{annotation.id}"
    judgement = Judgement(
        judgement_id=digest(mark),
        qa_id=data.qa_id,
        annotator=origin.person(_account(annotation.completed_by)),
        created=annotation.created_at,
        seconds=annotation.lead_time,
        role=origin.role,
        wording=words,
        skipped=annotation.was_cancelled,
        updated=annotation.updated_at,
        source=f"{origin.url}/annotations/{annotation.id}",
    )
    # Who skips a task leaves what the page had started with, which is nobody's verdict.
    return judgement if annotation.was_cancelled else _with_verdict(judgement, annotation.result, data)


def _with_verdict(judgement: Judgement, results: Iterable[Json], data: _TaskData) -> Judgement:
    given = _Given()
    for result in results:
        _take(result, data, given)
    return replace(
        judgement,
        question_factual=given.labels.get("question_factual"),
        answer_factual=given.labels.get("answer_factual"),
        complete=given.labels.get("complete"),
        self_contained=given.labels.get("self_contained"),
        human_like=given.labels.get("human_like"),
        evidence=tuple(_evidence(given, data.units)),
        corrected_question=_changed(given.texts.get(CORRECTED_QUESTION), data.question),
        corrected_answer=_changed(given.texts.get(CORRECTED_ANSWER), data.answer),
        comment=given.texts.get(COMMENT),
    )


def _take(result: Json, data: _TaskData, given: _Given) -> None:
    name, value = result.get("from_name"), result.get("value")
    if not isinstance(name, str) or not isinstance(value, Mapping):
        return
    unit = unit_of(name)
    if name == BOXES:
        _take_box(result, value, data, given)
    elif unit is not None and (verdict := _chosen(value, _REQUIRED)) is not None:
        given.required[unit] = verdict
    elif name in _LABEL_NAMES and (verdict := _chosen(value, _VERDICTS)) is not None:
        given.labels[name] = verdict
    elif name in (CORRECTED_QUESTION, CORRECTED_ANSWER, COMMENT):
        text = _text(value)
        if text:
            given.texts[name] = text


_LABEL_NAMES: Final = frozenset(label.name for label in LABELS)


def _chosen(value: Mapping[str, Any], meanings: Mapping[str, bool]) -> bool | None:
    choices = value.get("choices")
    return meanings.get(choices[0]) if isinstance(choices, list) and len(choices) == 1 else None


def _text(value: Mapping[str, Any]) -> str:
    given = value.get("text")
    parts = given if isinstance(given, list) else [given]
    return "\n".join(part.strip() for part in parts if isinstance(part, str)).strip()


def _take_box(result: Json, value: Mapping[str, Any], data: _TaskData, given: _Given) -> None:
    number, labels = result.get("item_index") or 0, value.get("rectanglelabels")
    if not isinstance(labels, list) or len(labels) != 1 or not 0 <= number < len(data.places):
        return
    try:
        place = data.places[number]
        bbox = box_of(value, Box(*place.shown))
    except (KeyError, TypeError):
        return
    if bbox.area:
        given.boxes.setdefault(labels[0], []).append(BoxCorrection(place.doc_id, place.page_index, bbox))


def _evidence(given: _Given, units: Sequence[_UnitData]) -> Iterator[EvidenceJudgement]:
    for number, unit in enumerate(units):
        boxes = tuple(given.boxes.get(unit.label, ()))
        redrawn = not (len(boxes) == 1 and _is_same(boxes[0].bbox, Box(*unit.box)))
        yield EvidenceJudgement(unit.element_id, given.required.get(number), boxes if redrawn else ())


def _is_same(a: Box, b: Box) -> bool:
    return all(abs(one - other) <= _SAME_POINTS for one, other in zip(a, b, strict=True))


def _changed(text: str | None, before: str) -> str | None:
    return text if text and text != before.strip() else None


def _account(completed_by: Any) -> int | None:
    # An export names an account by its number, or, on some versions, by a dict with it.
    found = completed_by.get("id") if isinstance(completed_by, Mapping) else completed_by
    return found if isinstance(found, int) else None


def _what(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'data'}: {first['msg']}"


def _when(judgement: Judgement) -> str:
    return judgement.updated or judgement.created


def _by_time(judgement: Judgement) -> tuple[str, str]:
    return judgement.created, judgement.judgement_id
