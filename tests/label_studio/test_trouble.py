"""What goes wrong with a real server: cut-short pushes, edits by hand, deletions, people who judge twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio

from annotation.tasks import task_key
from annotation.verdicts import latest_verdicts
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.pulling import pull_judgements
from pipelines.pushing import push_tasks
from pipelines.workspace import open_workspace, writing
from schemas.errors import AnnotationError
from schemas.identity import wording
from schemas.kinds import JudgeRole, Stage
from schemas.recipe import AnnotateSection, ExportSection, Recipe
from schemas.records import Assignment, Judgement, LabelProject, Question
from tests.label_studio.running import PASSWORD, PEOPLE, TOKEN, RunningServer
from tests.pipelines.dataset_corpus import commit_corpus

pytestmark = [pytest.mark.label_studio, pytest.mark.timeout(900)]


class Bench:
    """A small workspace with a sample, and the ways to act on it and on the server."""

    def __init__(self, folder: Path, server: RunningServer, **annotate: Any) -> None:
        """Commit four questions: the first two for two people each, the others for one."""
        self.workspace = str(folder / "workspace")
        section = AnnotateSection(url=server.url, **annotate)
        self.recipe = Recipe(annotate=section, export=ExportSection(name=folder.name[-20:]))
        self.server = server
        self.http = httpx.Client(timeout=60)
        self.admin = LabelStudio(base_url=server.url, api_key=TOKEN, httpx_client=self.http)
        commit_corpus(self.workspace)
        self.questions: list[Question] = open_workspace(self.workspace).records("qa")
        with writing(self.workspace) as opened:
            draft = opened.begin(Stage.ANNOTATE)
            rows = [
                Assignment(
                    q.qa_id, words(q), q.question_type.value, q.answer_modality, "", 2 - place // 2, 1.0, place, 0
                )
                for place, q in enumerate(self.questions)
            ]
            draft.stage(write_part(opened.folder, draft.staging, "samples", rows))
            publish(draft, self.recipe, key="sample", seconds=0.0)

    def push(self, **options: Any) -> dict[str, int]:
        return push_tasks(self.workspace, self.recipe, role=JudgeRole.ANNOTATOR, **options).counts

    def pull(self) -> list[Judgement]:
        pull_judgements(self.workspace, self.recipe)
        found: list[Judgement] = open_workspace(self.workspace).records("judgements")
        return found

    @property
    def projects(self) -> list[LabelProject]:
        found: list[LabelProject] = open_workspace(self.workspace).records("label_projects")
        return found

    def tasks(self) -> dict[str, Any]:
        """Return the tasks on the server by key."""
        return {
            task.data["key"]: task
            for project in self.projects
            for task in self.admin.tasks.list(project=project.project_id)
        }

    def task(self, place: int) -> Any:
        return self.tasks()[task_key(self.questions[place].qa_id, words(self.questions[place]))]


def words(question: Question) -> str:
    return wording(question.question, question.answer)


def annotate(server: RunningServer, name: str, task: Any, **verdicts: str) -> int:
    """Annotate a task through the server's API in somebody's name."""
    result = [
        {"from_name": label, "to_name": "asked", "type": "choices", "value": {"choices": [value]}}
        for label, value in verdicts.items()
    ]
    with httpx.Client(base_url=server.url, timeout=60, follow_redirects=True) as person:
        person.get("/user/login/")
        form = {"email": PEOPLE[name], "password": PASSWORD, "csrfmiddlewaretoken": person.cookies["csrftoken"]}
        person.post("/user/login/", data=form, headers={"Referer": f"{server.url}/user/login/"})
        headers = {"X-CSRFToken": person.cookies["csrftoken"], "Referer": server.url}
        made = person.post(f"/api/tasks/{task.id}/annotations/", json={"result": result}, headers=headers)
        return int(made.raise_for_status().json()["id"])


class Benches:
    """Makes benches for a test, and closes their connections."""

    def __init__(self, folder: Path, server: RunningServer) -> None:
        self._folder, self._server = folder, server
        self._made: list[Bench] = []

    def __call__(self, **annotate: Any) -> Bench:
        self._made.append(Bench(self._folder, self._server, **annotate))
        return self._made[-1]

    def close(self) -> None:
        for one in self._made:
            one.http.close()


@pytest.fixture
def make_bench(tmp_path: Path, server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Benches]:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    made = Benches(tmp_path, server)
    yield made
    made.close()


@pytest.fixture
def bench(make_bench: Benches) -> Bench:
    return make_bench()


def test_an_interrupted_push_goes_on_and_a_second_adds_nothing(bench: Bench) -> None:
    first = [question.qa_id for question in bench.questions[:1]]
    assert bench.push(qa_ids=first)["added"] == 1
    for remembered in Path(bench.workspace, "private").glob("pushed-*"):
        remembered.unlink()
    assert bench.push() == {"tasks": 4, "added": 3, "gone": 0}
    assert bench.push()["added"] == 0
    assert len(bench.tasks()) == 4


def test_a_pull_in_the_middle_of_labelling_loses_and_doubles_nothing(bench: Bench) -> None:
    bench.push()
    tasks = [bench.task(place) for place in range(4)]
    work = [(name, task) for task in tasks for name in list(PEOPLE)[:2]]
    seen: list[set[str | None]] = []
    with ThreadPoolExecutor(1) as people:
        done = people.submit(lambda: [annotate(bench.server, name, task, complete="Yes") for name, task in work])
        while not done.done():
            seen.append({row.source for row in bench.pull()})
        made = done.result()
    rows = bench.pull()
    assert len(rows) == len(made) == len({row.judgement_id for row in rows})
    assert all(one <= {row.source for row in rows} for one in seen)
    assert all(row.complete for row in rows)


def test_a_project_whose_making_was_cut_short_is_found_again(bench: Bench) -> None:
    bench.push()
    with writing(bench.workspace) as opened:
        draft = opened.begin(Stage.ANNOTATE)
        for path in opened.parts("label_projects"):
            draft.remove(path)
        publish(draft, bench.recipe, key="lost", seconds=0.0)
    assert bench.push()["added"] == 0
    assert len(bench.projects) == 2


def test_tasks_that_several_judge_are_a_project_of_their_own(bench: Bench) -> None:
    bench.push()
    wanted = {
        bench.admin.projects.get(id=row.project_id).maximum_annotations: row.title.partition(": ")[2]
        for row in bench.projects
    }
    assert wanted == {1: "one person each", 2: "2 people each"}


def test_judgements_come_back_whatever_people_do(bench: Bench) -> None:
    bench.push()
    assert bench.pull() == []
    first, second, third = bench.task(0), bench.task(1), bench.task(2)
    kept = annotate(bench.server, "anna", first, complete="Yes")
    annotate(bench.server, "anna", first, complete="No")
    annotate(bench.server, "ben", first, complete="Yes")
    annotate(bench.server, "anna", second, complete="No")
    annotate(bench.server, "ben", third, complete="Yes")
    assert len(bench.pull()) == 5
    bench.admin.tasks.delete(id=str(second.id))
    bench.admin.annotations.update(
        id=kept,
        result=[{"from_name": "complete", "to_name": "asked", "type": "choices", "value": {"choices": ["No"]}}],
    )
    again = bench.pull()
    assert len(again) == len({one.judgement_id for one in again}) == 5
    assert len({one.annotator for one in again}) == 2
    of_first = [one for one in again if one.qa_id == bench.questions[0].qa_id]
    assert sorted(str(one.complete) for one in of_first) == ["False", "False", "True"]
    assert len(latest_verdicts(of_first, words(bench.questions[0]))) == 2
    assert bench.pull() == again


def test_a_page_edited_by_hand_is_told_and_its_judgements_are_read(bench: Bench) -> None:
    bench.push()
    row = bench.projects[0]
    annotate(bench.server, "ben", bench.task(2), complete="Yes")
    page = bench.admin.projects.get(id=row.project_id).label_config
    bench.admin.projects.update(id=row.project_id, label_config=page.replace("Answer is correct", "Looks fine"))
    with pytest.raises(AnnotationError, match=r"was changed on the server.+undo the change under Settings"):
        bench.push()
    assert len(bench.pull()) == 1


def test_a_deleted_project_keeps_its_judgements_and_is_made_again(bench: Bench) -> None:
    bench.push()
    annotate(bench.server, "ben", bench.task(2), complete="Yes")
    before = bench.pull()
    for row in bench.projects:
        bench.admin.projects.delete(id=row.project_id)
    assert bench.pull() == before
    assert bench.push()["added"] == 4
    assert bench.pull() == before


def test_a_wrong_token_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.push()
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    with pytest.raises(AnnotationError, match="refuses the token"):
        bench.push()
    with pytest.raises(AnnotationError, match="refuses the token"):
        bench.pull()


def test_pictures_can_lie_in_a_folder_that_the_server_shows(server: RunningServer, make_bench: Benches) -> None:
    bench = make_bench(pictures="local", picture_folder=str(server.files / "pages"))
    assert bench.push()["added"] == 4
    assert all(page.startswith("/data/local-files/?d=pages/") for page in bench.task(0).data["pages"])


def test_pictures_that_the_server_does_not_show_stop_the_push(tmp_path: Path, make_bench: Benches) -> None:
    bench = make_bench(pictures="local", picture_folder=str(tmp_path / "elsewhere"))
    with pytest.raises(AnnotationError):
        bench.push()
    assert bench.tasks() == {}
