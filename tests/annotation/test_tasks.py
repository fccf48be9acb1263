import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.tasks import Material, box_of, box_result, build_task, task_key
from annotation.units import units_of
from schemas.geometry import Box
from schemas.identity import wording
from schemas.kinds import JudgeRole
from schemas.records import EvidenceJudgement, Judgement
from tests.annotation import task_material as example


def results(task: dict[str, Any]) -> dict[str, Any]:
    (prediction,) = task["predictions"]
    return {part["id"] if "id" in part else part["from_name"]: part["value"] for part in prediction["result"]}


def test_a_task_names_its_question_by_our_own_key() -> None:
    asked = example.question()
    data = build_task(asked, example.material())["data"]
    assert data["key"] == task_key(asked.qa_id, wording(asked.question, asked.answer))
    assert (data["qa_id"], data["question"], data["answer"]) == (asked.qa_id, asked.question, asked.answer)


def test_other_words_are_another_task() -> None:
    assert task_key("q", wording("a", "b")) != task_key("q", wording("a", "c"))


def test_a_task_holds_every_page_and_unit_once_in_order() -> None:
    data = build_task(example.question(), example.material())["data"]
    assert data["pages"] == ["data:doc1", "data:doc2"]
    assert [place["doc_id"] for place in data["places"]] == ["doc1", "doc2"]
    assert [unit["element_id"] for unit in data["units"]] == [example.TABLE, example.PASSAGE]
    assert [label["value"] for label in data["unit_labels"]] == ["Evidence 1", "Evidence 2"]


def test_one_prediction_says_what_our_checks_think() -> None:
    found = results(build_task(example.question(), example.material()))
    assert {name: value["choices"] for name, value in found.items() if "choices" in value} == {
        "question_factual": ["Yes"],
        "answer_factual": ["Yes"],
        "complete": ["No"],
        "self_contained": ["Yes"],
        "required_0": ["Needed"],
    }
    assert {name for name, value in found.items() if "rectanglelabels" in value} == {"box-1", "box-2"}


def test_without_prelabelling_the_page_begins_with_the_boxes_alone() -> None:
    found = results(build_task(example.question(), example.material(), prelabel=False))
    assert set(found) == {"box-1", "box-2"}


def test_boxes_are_percent_of_what_the_picture_shows() -> None:
    found = results(build_task(example.question(), example.material()))["box-1"]
    assert (found["x"], found["width"]) == (pytest.approx(10), pytest.approx(40))
    assert (found["y"], found["height"]) == (pytest.approx(100 * 160 / 700), pytest.approx(100 * 100 / 700))


def test_a_unit_whose_page_has_no_picture_is_judged_without_a_box() -> None:
    whole = example.material()
    pictures = {key: picture for key, picture in whole.pictures.items() if key[0] == "doc2"}
    task = build_task(example.question(), Material(pictures, whole.elements, whole.documents))
    assert set(results(task)) >= {"box-2", "required_0"}
    assert "box-1" not in results(task)
    assert "(no picture)" in task["data"]["units"][0]["html"]


def test_a_task_is_json_and_shows_text_as_text() -> None:
    task = build_task(example.question(), example.material())
    assert json.loads(json.dumps(task)) == task
    shown = "".join(unit["html"] for unit in task["data"]["units"])
    assert "<fast>" not in shown
    assert "report &amp; more.pdf" in shown
    assert "<mark>by 4 % &amp; more</mark>" in shown


def test_the_expert_starts_with_what_annotators_agree_on() -> None:
    words = wording(example.question().question, example.question().answer)
    opinions = [
        Judgement(
            name,
            "doc1/qa-1",
            name,
            "2026-01-01",
            question_factual=True,
            answer_factual=name == "a",
            evidence=(EvidenceJudgement(example.TABLE, False),),
            comment="<b>odd</b>" if name == "a" else None,
            role=JudgeRole.ANNOTATOR,
            wording=words,
        )
        for name in ("a", "b")
    ]
    task = build_task(example.question(), example.material(), opinions=opinions)
    found = results(task)
    assert found["question_factual"] == {"choices": ["Yes"]}
    assert found["required_0"] == {"choices": ["Not needed"]}
    assert "answer_factual" not in found
    table = task["data"]["verdicts"]
    assert '<tr class="cm-differs"><td>Answer is correct</td><td>yes</td><td>no</td></tr>' in table
    assert "&lt;b&gt;odd&lt;/b&gt;" in table


coordinate = st.floats(0, 600, allow_nan=False).map(lambda number: round(number, 2))


@settings(max_examples=60)
@given(coordinate, coordinate, coordinate, coordinate)
def test_boxes_survive_the_way_to_percents_and_back(x0: float, y0: float, x1: float, y1: float) -> None:
    unit, picture = units_of(example.question())[0], example.material().pictures["doc1", 3]
    drawn = Box(min(x0, x1), min(y0, y1), max(x0, x1) + 1, max(y0, y1) + 1)
    moved = type(unit)(**{name: getattr(unit, name) for name in unit.__slots__} | {"bbox": drawn})
    value = box_result(moved, picture, page_number=0)["value"]
    assert box_of(value, picture.shown) == pytest.approx(drawn, abs=0.02)
