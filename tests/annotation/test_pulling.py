from collections.abc import Callable
from typing import Any

import pytest

from annotation.pulling import Origin, judgements_of, merge_judgements
from annotation.tasks import Json, build_task
from annotation.verdicts import latest_verdicts
from schemas.identity import wording
from schemas.kinds import JudgeRole
from schemas.records import EvidenceJudgement, Judgement
from tests.annotation import task_material as example

URL = "http://host/projects/1"
WORDS = wording(example.question().question, example.question().answer)


def named(account: int | None) -> str:
    return f"account-{account}"


ORIGIN = Origin(URL, JudgeRole.ANNOTATOR, named)


def exported(*annotations: Json, **data: Any) -> Json:
    """Return a task as an export has it, with some of its data changed."""
    task = build_task(example.question(), example.material())
    return {"id": 5, "data": {**task["data"], **data}, "annotations": list(annotations), "predictions": []}


def annotation(number: int = 1, **changes: Any) -> Json:
    given = build_task(example.question(), example.material())["predictions"][0]["result"]
    return {
        "id": number,
        "unique_id": f"uuid-{number}",
        "completed_by": 7,
        "created_at": f"2026-01-0{number}T10:00:00Z",
        "updated_at": f"2026-01-0{number}T10:00:00Z",
        "lead_time": 12.5,
        "was_cancelled": False,
        "result": [*given, choice("human_like", "No"), choice("required_1", "Not needed")],
    } | changes


def choice(name: str, *values: str) -> Json:
    return {"from_name": name, "to_name": "asked", "type": "choices", "value": {"choices": list(values)}}


def text(name: str, *values: str) -> Json:
    return {"from_name": name, "to_name": "asked", "type": "textarea", "value": {"text": list(values)}}


def region(label: str, **value: float) -> Json:
    whole = {"x": 0.0, "y": 0.0, "width": 50.0, "height": 50.0} | value
    return {"from_name": "boxes", "item_index": 0, "value": whole | {"rectanglelabels": [label]}}


def only(task: Json) -> Judgement:
    pulled = judgements_of([task], ORIGIN)
    assert pulled.strange == ()
    (judgement,) = pulled.judgements
    return judgement


def test_what_a_person_said_comes_back() -> None:
    said = only(exported(annotation()))
    assert (said.question_factual, said.answer_factual, said.complete, said.self_contained, said.human_like) == (
        True,
        True,
        False,
        True,
        False,
    )
    assert said.evidence == (EvidenceJudgement(example.TABLE, True), EvidenceJudgement(example.PASSAGE, False))
    assert (said.annotator, said.seconds, said.role, said.wording) == ("account-7", 12.5, JudgeRole.ANNOTATOR, WORDS)
    assert said.source == f"{URL}/annotations/1"


def test_boxes_that_were_left_alone_are_no_correction() -> None:
    assert [unit.boxes for unit in only(exported(annotation())).evidence] == [(), ()]


def test_a_redrawn_box_comes_back_in_points_of_its_page() -> None:
    said = only(exported(annotation(result=[region("Evidence 1")])))
    (drawn,) = said.evidence[0].boxes
    shown = example.SHOWN
    assert (drawn.doc_id, drawn.page_index) == ("doc1", 3)
    assert drawn.bbox == (shown.x0, shown.y0, shown.x0 + shown.width / 2, shown.y0 + shown.height / 2)


def test_a_unit_that_takes_two_boxes_has_both() -> None:
    said = only(exported(annotation(result=[region("Evidence 2", x=1), region("Evidence 2", y=30)])))
    assert len(said.evidence[1].boxes) == 2


@pytest.mark.parametrize(
    "odd",
    [
        choice("complete", "Perhaps"),
        choice("complete", "Yes", "No"),
        choice("required_99", "Needed"),
        choice("added by hand", "Yes"),
        region("Evidence 77"),
        region("Evidence 1") | {"item_index": 9},
        region("Evidence 1", width=0.0),
        {"from_name": "boxes", "value": {"rectanglelabels": ["Evidence 1"]}},
        {"from_name": "complete", "value": None},
        {"from_name": None, "value": {}},
        text("comment"),
        text("corrected_answer", "  "),
        {"type": "relation"},
    ],
)
def test_results_that_mean_nothing_are_no_verdict(odd: Json) -> None:
    said = only(exported(annotation(result=[odd])))
    assert (said.complete, said.comment, said.corrected_answer) == (None, None, None)
    assert [(unit.required, unit.boxes) for unit in said.evidence] == [(None, ()), (None, ())]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("the south ", "the south"), ("the north", None), (" the north ", None), ("", None)],
)
def test_a_correction_that_changes_nothing_is_none(typed: str, kept: str | None) -> None:
    assert only(exported(annotation(result=[text("corrected_answer", typed)]))).corrected_answer == kept


def test_a_skipped_task_says_nothing_but_that() -> None:
    said = only(exported(annotation(was_cancelled=True)))
    assert said.skipped
    assert (said.question_factual, said.evidence) == (None, ())


def test_an_edited_task_is_judged_in_the_words_it_shows() -> None:
    said = only(exported(annotation(), answer="the south"))
    assert said.wording == wording(example.question().question, "the south")
    assert latest_verdicts([said], WORDS) == []


@pytest.mark.parametrize("completed_by", [7, {"id": 7, "email": "x@example.org"}])
def test_an_account_is_known_by_its_number(completed_by: Any) -> None:
    assert only(exported(annotation(completed_by=completed_by))).annotator == "account-7"


@pytest.mark.parametrize("completed_by", [None, {}, "x@example.org"])
def test_somebody_unknown_is_kept(completed_by: Any) -> None:
    assert only(exported(annotation(completed_by=completed_by))).annotator == "account-None"


def test_two_annotations_by_one_person_are_kept_and_the_later_counts() -> None:
    pulled = judgements_of([exported(annotation(2, result=[choice("complete", "Yes")]), annotation(1))], ORIGIN)
    assert len(pulled.judgements) == 2
    (counted,) = latest_verdicts(pulled.judgements, WORDS)
    assert counted.complete is True


def test_tasks_of_somebody_else_and_broken_annotations_are_told() -> None:
    tasks = [
        {"id": 1, "data": {"text": "not ours"}, "annotations": [annotation()]},
        {"id": 2, "data": {"text": "not ours, nobody judged it"}, "annotations": []},
        {"id": 3, "data": None, "annotations": [annotation()]},
        exported({"id": "x"}, annotation(3)),
    ]
    pulled = judgements_of(tasks, ORIGIN)
    assert [one.source for one in pulled.judgements] == [f"{URL}/annotations/3"]
    assert [line.partition(" has")[0].partition(" cannot")[0] for line in pulled.strange] == [
        "task 1",
        "task 3",
        "an annotation of task 5",
    ]


def test_the_same_annotation_from_another_server_is_the_same_judgement() -> None:
    (here,) = judgements_of([exported(annotation())], ORIGIN).judgements
    moved = Origin("http://new/projects/9", JudgeRole.ANNOTATOR, named)
    (there,) = judgements_of([exported(annotation(8, unique_id="uuid-1"))], moved).judgements
    assert here.judgement_id == there.judgement_id


def later(judgement: Judgement) -> Judgement:
    return only(exported(annotation(updated_at="2026-02-01T00:00:00Z", result=[choice("complete", "Yes")])))


def same(judgement: Judgement) -> Judgement:
    return judgement


def earlier(judgement: Judgement) -> Judgement:
    return only(exported(annotation(updated_at="2025-02-01T00:00:00Z", result=[choice("complete", "Yes")])))


@pytest.mark.parametrize(("change", "complete"), [(later, True), (same, False), (earlier, False)])
def test_an_annotation_that_was_edited_replaces_itself(
    change: Callable[[Judgement], Judgement], complete: bool
) -> None:
    first = only(exported(annotation()))
    (kept,) = merge_judgements([first], [change(first)])
    assert kept.complete is complete


def test_what_is_gone_from_the_server_stays() -> None:
    first, second = only(exported(annotation(1))), only(exported(annotation(2)))
    assert merge_judgements([first], [second]) == [first, second]
    assert merge_judgements([first, second], []) == [first, second]
