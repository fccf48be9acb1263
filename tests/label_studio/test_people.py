"""The whole way with people in it: real PDFs, a real server, a browser in which two annotators and an expert click.

The case, worked by hand. Five questions, each for two people. Both say yes to all of questions 1, 2 and 4, except that
Ben says that the answer of question 2 is not correct. Both say that question 3 does not stand alone. Anna says yes to
question 5, which Ben skips.

- "answer is correct": four questions have two verdicts, three pairs agree: 3/4. Anna never says no, so Cohen's chance
  is 1 x 3/4 + 0 x 1/4 = 3/4 and kappa (3/4 - 3/4) / (1 - 3/4) = 0.
- Krippendorff: eight paired verdicts, seven yes and one no; observed disagreement 2/8, expected 2 x 7 x 1 / (8 x 7) =
  2/8; alpha = 1 - 1 = 0.
- Gwet: yes has the mean share (1 + 1/2 + 1 + 1 + 1) / 5 = 9/10, chance is 2 x 9/10 x 1/10 = 0.18, AC1 = (0.75 - 0.18) /
  0.82 = 57/82.
- The expert finds the answer of question 2 correct. Of the four questions that are settled then, one is wrong.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from annotation.labels import LABELS
from annotation.report import JudgementReport
from annotation.units import units_of
from pipelines.adjudicating import run_adjudicate
from pipelines.merging import MergeReport, run_merge
from pipelines.outcomes import RunOutcome
from pipelines.pulling import pull_judgements
from pipelines.pushing import push_tasks
from pipelines.reporting import report_judgements
from pipelines.sampling import run_sample
from pipelines.workspace import open_workspace
from schemas.kinds import JudgeRole
from schemas.recipe import Recipe
from schemas.recipe_file import read_recipe
from schemas.records import Judgement, LabelProject, Question
from tests.label_studio.running import PASSWORD, PEOPLE, ROOT, TOKEN, RunningServer

pytestmark = [pytest.mark.label_studio, pytest.mark.timeout(1500)]

PATIENCE = 600
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
RECIPE = """
extract: {{profile: fast}}
generate: {{engine: none, questions: 5}}
annotate: {{share: 1.0, annotators: 2, overlap: 1.0, url: "{url}"}}
export: {{name: people}}
"""
TITLES = {label.name: label.title for label in LABELS}
ALL_YES = dict.fromkeys(TITLES.values(), True)
MOVED = {"dx": 6.0, "dy": 3.0}


@dataclass
class Course:
    """What happened, step by step."""

    questions: list[Question]
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: dict[str, RunOutcome] = field(default_factory=dict)
    pulled: list[Judgement] = field(default_factory=list)
    report: JudgementReport | None = None
    last_report: JudgementReport | None = None
    merge: MergeReport | None = None
    left: list[Question] = field(default_factory=list)


@pytest.fixture(scope="module")
def course(
    server: RunningServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch
) -> Course:
    folder = tmp_path_factory.mktemp("people")
    workspace, recipe = _corpus(folder, server.url)
    monkeypatch_module.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    run_sample(workspace, recipe)
    course = Course(_in_order(workspace))
    course.said["push"] = push_tasks(workspace, recipe, role=JudgeRole.ANNOTATOR)
    course.said["push again"] = push_tasks(workspace, recipe, role=JudgeRole.ANNOTATOR)
    for name in ("anna", "ben"):
        verdicts = {question.question: _verdict(name, place) for place, question in enumerate(course.questions)}
        course.seen[name] = _click(
            server, folder, name, project=_project(workspace, JudgeRole.ANNOTATOR), verdicts=verdicts
        )
    course.said["pull"] = pull_judgements(workspace, recipe)
    course.pulled = open_workspace(workspace).records("judgements")
    course.report = report_judgements(workspace, recipe)
    course.said["adjudicate"] = run_adjudicate(workspace, recipe)
    disputed = course.questions[1].question
    expert = {
        disputed: {"labels": ALL_YES, "required": [True, False], "texts": {"comment": "Read off the table again."}}
    }
    course.seen["expert"] = _click(
        server, folder, "expert", project=_project(workspace, JudgeRole.EXPERT), verdicts=expert
    )
    course.said["pull again"] = pull_judgements(workspace, recipe)
    course.said["pull once more"] = pull_judgements(workspace, recipe)
    course.last_report = report_judgements(workspace, recipe)
    course.merge = run_merge(workspace, recipe)
    course.left = open_workspace(workspace).records("qa")
    course.said["push after merge"] = push_tasks(workspace, recipe, role=JudgeRole.ANNOTATOR)
    return course


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_pushing_twice_adds_nothing(course: Course) -> None:
    assert course.said["push"].counts == {"tasks": 5, "added": 5, "gone": 0}
    assert course.said["push again"].counts == {"tasks": 5, "added": 0, "gone": 0}
    assert course.said["push after merge"].counts["added"] == 0


def test_people_see_question_answer_evidence_and_our_verdict(course: Course) -> None:
    for name in ("anna", "ben"):
        shown = {task["question"]: task for task in course.seen[name]}
        for question in course.questions:
            task, units = shown[question.question], units_of(question)
            assert task["answer"] == question.answer
            assert len(task["units"]) == len(units) == 2
            assert {cell.text for part in question.evidence for cell in part.cells} <= set(task["marked"])
            assert [text.split("\n")[0] for text in task["regions"]] == [unit.label for unit in units]
            assert task["checked"][len(units) :][:4] == ["Yes"] * 4
            assert task["checked"][-1] == ""


def test_all_of_a_task_is_in_view(course: Course) -> None:
    assert {task["overflow"] for tasks in course.seen.values() for task in tasks} == {0}


def test_every_judgement_comes_back_under_two_pseudonyms(course: Course) -> None:
    assert len(course.pulled) == 10
    assert sum(one.skipped for one in course.pulled) == 1
    assert len({one.annotator for one in course.pulled}) == 2
    assert not any("@" in one.annotator for one in course.pulled)
    assert all(one.seconds is not None and one.seconds > 0 for one in course.pulled)


def test_texts_and_evidence_come_back(course: Course) -> None:
    disputed = [one for one in course.pulled if one.qa_id == course.questions[1].qa_id]
    assert sorted(str(one.corrected_answer) for one in disputed) == ["17.5", "None"]
    assert sorted(str(one.comment) for one in disputed) == ["None", "The row below."]
    for one in course.pulled:
        if not one.skipped:
            assert [unit.required for unit in one.evidence] == [True, False]


def test_a_dragged_box_comes_back_in_points(course: Course) -> None:
    dragged = [unit for one in course.pulled for unit in one.evidence if unit.boxes]
    assert len(dragged) == 1
    before = next(part for part in course.questions[0].evidence if part.element_id == dragged[0].element_id)
    (box,) = dragged[0].boxes
    assert (box.doc_id, box.page_index) == (before.doc_id, before.page_index)
    # The picture shows the printed part of the page, so the move is some share of it.
    assert box.bbox.width == pytest.approx(before.bbox.width, abs=1.5)
    assert 10 < box.bbox.x0 - before.bbox.x0 < 45
    assert 5 < box.bbox.y0 - before.bbox.y0 < 30


def test_agreement_is_the_hand_worked_one(course: Course) -> None:
    assert course.report is not None
    found = {row.label: row for row in course.report.agreement}
    answer = found["answer_factual"]
    assert (answer.units, answer.shared) == (5, 4)
    assert answer.percent.value == pytest.approx(3 / 4)
    assert answer.kappa.value == pytest.approx(0)
    assert answer.alpha.value == pytest.approx(0)
    assert answer.gwet.value == pytest.approx(57 / 82)
    assert found["self_contained"].percent.value == pytest.approx(1)
    assert found["self_contained"].kappa.value == pytest.approx(1)


def test_the_expert_sees_both_verdicts_and_closes_the_case(course: Course) -> None:
    assert course.said["adjudicate"].counts["open"] == 1
    (task,) = course.seen["expert"]
    assert task["question"] == course.questions[1].question
    assert re.search(r"Answer is correct (yes no|no yes)", " ".join(task["verdicts"].split()))
    assert course.said["pull again"].counts["changed"] == 1
    assert course.said["pull once more"].counts["changed"] == 0


def test_one_of_four_settled_questions_is_wrong(course: Course) -> None:
    assert course.last_report is not None
    overall = course.last_report.quality.overall
    assert (overall.settled, overall.bad) == (4, 1)


def test_merging_takes_the_wrong_question_out_and_keeps_the_rest(course: Course) -> None:
    assert course.merge is not None
    assert course.merge.plan.removed == (course.questions[2].qa_id,)
    assert {question.qa_id for question in course.left} == {
        question.qa_id for place, question in enumerate(course.questions) if place != 2
    }


def _verdict(name: str, place: int) -> dict[str, Any]:
    verdict: dict[str, Any] = {"labels": dict(ALL_YES), "required": [True, False]}
    if place == 2:
        verdict["labels"][TITLES["self_contained"]] = False
    if name == "anna" and place == 0:
        verdict["drag"] = MOVED
    if name == "ben" and place == 1:
        verdict["labels"][TITLES["answer_factual"]] = False
        verdict["texts"] = {"corrected_answer": "17.5", "comment": "The row below."}
    if name == "ben" and place == 4:
        return {"skip": True}
    return verdict


def _corpus(folder: Path, url: str) -> tuple[str, Recipe]:
    """Read two real PDFs and write questions from their tables, as a user would."""
    workspace, file = folder / "workspace", folder / "recipe.yaml"
    file.write_text(RECIPE.format(url=url))
    listed = folder / "pdfs.txt"
    names = ("multcomp-chfls1.pdf", "HSAUR3-missing-values.pdf", "RcppEigen-Introduction.pdf")
    listed.write_text("\n".join(str(ROOT / "examples" / "pdfs" / name) for name in names))
    for arguments in (["extract", str(listed), str(workspace)], ["generate", str(workspace)]):
        subprocess.run([*COMMAND, *arguments, "--recipe", str(file)], cwd=ROOT, check=True, timeout=PATIENCE)
    return str(workspace), read_recipe(file)


def _in_order(workspace: str) -> list[Question]:
    opened = open_workspace(workspace)
    questions = {question.qa_id: question for question in opened.records("qa")}
    return [questions[row.qa_id] for row in sorted(opened.records("samples"), key=lambda row: row.place)]


def _project(workspace: str, role: JudgeRole) -> int:
    rows: list[LabelProject] = open_workspace(workspace).records("label_projects")
    (found,) = [row.project_id for row in rows if row.role == role]
    return found


def _click(
    server: RunningServer, folder: Path, name: str, *, project: int, verdicts: dict[str, Any]
) -> list[dict[str, Any]]:
    """Let a person label a project in a browser, and return what they saw."""
    plan = folder / f"{name}.json"
    facts = {"url": server.url, "chromium": server.chromium, "failure": str(folder / f"{name}.png")}
    account = {"email": PEOPLE[name], "password": PASSWORD, "project": project, "verdicts": verdicts}
    account["by_key"] = name == "ben"
    plan.write_text(json.dumps(facts | account))
    script = Path(__file__).with_name("clicking.py")
    done = subprocess.run(
        [server.python, str(script), str(plan)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{done.stderr[-3000:]} (see {facts['failure']})"
    seen: list[dict[str, Any]] = json.loads(done.stdout)["seen"]
    return seen
