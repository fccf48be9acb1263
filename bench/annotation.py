#!/usr/bin/env python3
"""What a large sample costs on a real Label Studio server: up, a second time, killed and resumed, back, reported.

    LABEL_STUDIO_API_KEY=... python bench/annotation.py WORKSPACE --url http://127.0.0.1:8080 --tasks 1000 5000

The questions of WORKSPACE are copied until there are as many as wanted, all on their real pages, into a workspace of
its own that is thrown away; WORKSPACE is only read. Half of the tasks are for two people. Verdicts are dice, written
through the server's API in the name of its accounts in turn, which is not counted. Another push is killed after its
first batch and resumed. The projects are deleted at the end. Seconds of the clock: server and client share the machine,
so a busy one shows.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotation.label_config import ASKED, NO, YES
from annotation.labels import LABELS
from pipelines.outcomes import RunOutcome, publish
from pipelines.parts import write_part
from pipelines.pulling import pull_judgements
from pipelines.pushing import push_tasks
from pipelines.reporting import report_judgements
from pipelines.sampling import run_sample
from pipelines.workspace import open_workspace, writing
from schemas.kinds import JudgeRole, Stage
from schemas.recipe import AnnotateSection, ExportSection, Recipe
from schemas.records import Judgement, LabelProject, Question

_PATIENCE: Final = 600.0
_WRITERS: Final = 3
_WRONG: Final = 0.05
_GLANCE: Final = 0.05
_PUSHED: Final = "pushed-*"
_PAGE: Final = 500


def main() -> None:
    """Measure every size and print a table, a row a size."""
    arguments = _arguments()
    table = Table(
        "tasks",
        "pages",
        "push s",
        "again s",
        "killed at",
        "rest s",
        "judgements",
        "pull s",
        "again s",
        "report s",
        box=None,
    )
    for tasks in arguments.tasks:
        with tempfile.TemporaryDirectory() as folder:
            row = _measure(arguments.workspace, Path(folder) / "workspace", arguments.url, tasks)
        table.add_row(*(f"{value:.1f}" if isinstance(value, float) else str(value) for value in row))
    Console().print(table)


def _measure(source: str, workspace: Path, url: str, tasks: int) -> tuple[float | int | str, ...]:
    pages = _copy(source, workspace, tasks)
    recipe = Recipe(
        annotate=AnnotateSection(url=url, share=1.0, overlap=0.5), export=ExportSection(name=f"bench {tasks}")
    )
    place = str(workspace)
    run_sample(place, recipe)
    with httpx.Client(
        base_url=url, timeout=_PATIENCE, headers={"Authorization": f"Token {os.environ['LABEL_STUDIO_API_KEY']}"}
    ) as server:
        try:
            push, first = _timed(lambda: push_tasks(place, recipe, role=JudgeRole.ANNOTATOR))
            again, second = _timed(lambda: push_tasks(place, recipe, role=JudgeRole.ANNOTATOR))
            _expect(first.counts["added"] == tasks and second.counts["added"] == 0, "a push added what was there")
            made = _judge(server, _projects(place))
            pull, _ = _timed(lambda: pull_judgements(place, recipe))
            pull_again, repeated = _timed(lambda: pull_judgements(place, recipe))
            kept: list[Judgement] = open_workspace(place).records("judgements")
            _expect(len(kept) == made and not repeated.counts["changed"], "a judgement was lost or counted twice")
            report, _ = _timed(lambda: report_judgements(place, recipe, out=str(workspace.parent / "report")))
        finally:
            _delete(server, _projects(place))
        killed, rest = _kill_and_resume(server, place, recipe, tasks)
    return tasks, pages, push, again, killed, rest, made, pull, pull_again, report


def _copy(source: str, workspace: Path, tasks: int) -> int:
    """Copy a workspace without what people did in it, with `tasks` questions; return how many pages they stand on."""
    shutil.copytree(source, workspace, ignore=shutil.ignore_patterns("private", "dataset", "samples", "judgements"))
    with writing(str(workspace)) as opened:
        questions: list[Question] = opened.records("qa")
        wanted = [
            replace(question, qa_id=f"{question.qa_id}-{number:06d}")
            for number, question in enumerate(islice(cycle(questions), tasks))
        ]
        draft = opened.begin(Stage.GENERATE)
        for table in ("qa", "samples", "judgements", "originals", "label_projects"):
            for path in opened.parts(table):
                draft.remove(path)
        draft.stage(write_part(opened.folder, draft.staging, "qa", wanted))
        publish(draft, Recipe(), key=f"bench {tasks}", seconds=0.0)
    return len({(part.doc_id, part.page_index) for question in questions for part in question.evidence})


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.monotonic()
    result = work()
    return time.monotonic() - started, result


def _kill_and_resume(server: httpx.Client, workspace: str, recipe: Recipe, tasks: int) -> tuple[str, float]:
    """Push into new projects, kill it after a batch, push again; return how far it had come and what the rest took."""
    code = (
        "import sys; from pipelines.pushing import push_tasks; from schemas.kinds import JudgeRole; "
        "from schemas.recipe import Recipe; "
        "push_tasks(sys.argv[1], Recipe.model_validate_json(sys.argv[2]), role=JudgeRole.ANNOTATOR)"
    )
    before = set(Path(workspace, "private").glob(_PUSHED))
    command = [sys.executable, "-c", code, workspace, recipe.model_dump_json()]
    pushing = subprocess.Popen(command, cwd=Path(__file__).resolve().parent.parent)
    while pushing.poll() is None and set(Path(workspace, "private").glob(_PUSHED)) <= before:
        time.sleep(_GLANCE)
    pushing.kill()
    pushing.wait()
    try:
        rest, outcome = _timed(lambda: push_tasks(workspace, recipe, role=JudgeRole.ANNOTATOR))
        keys = [task["data"]["key"] for project in _projects(workspace) for task in _tasks(server, project)]
        _expect(len(keys) == len(set(keys)) == tasks, "a push that was killed left a task out, or put it up twice")
    finally:
        _delete(server, _projects(workspace))
    return _share(outcome, tasks), rest


def _share(outcome: RunOutcome, tasks: int) -> str:
    return f"{1 - outcome.counts['added'] / tasks:.0%}"


def _judge(server: httpx.Client, projects: Sequence[LabelProject]) -> int:
    """Judge every task once, and those for two people twice; return how many verdicts that are."""
    people = [account["id"] for account in server.get("/api/users/").raise_for_status().json()]
    work = [
        (task["id"], people[number % len(people)])
        for project in projects
        for task in _tasks(server, project)
        for number in range(2 if "2 people" in project.title else 1)
    ]
    dice = random.Random(0)
    verdicts = [_verdict(dice) for _ in work]
    with ThreadPoolExecutor(_WRITERS) as writers:
        for answer in writers.map(
            lambda one: server.post(
                f"/api/tasks/{one[0][0]}/annotations/", json={"result": one[1], "completed_by": one[0][1]}
            ),
            zip(work, verdicts, strict=True),
        ):
            answer.raise_for_status()
    return len(work)


def _verdict(dice: random.Random) -> list[dict[str, object]]:
    return [
        {
            "from_name": label.name,
            "to_name": ASKED,
            "type": "choices",
            "value": {"choices": [NO if dice.random() < _WRONG else YES]},
        }
        for label in LABELS
    ]


def _tasks(server: httpx.Client, project: LabelProject) -> Iterator[dict[str, Any]]:
    page, seen = 1, 0
    while True:
        asked = {"project": project.project_id, "fields": "task_only", "page": page, "page_size": _PAGE}
        answer = server.get("/api/tasks", params=asked).raise_for_status().json()
        yield from answer["tasks"]
        seen += len(answer["tasks"])
        if not answer["tasks"] or seen >= answer["total"]:
            return
        page += 1


def _projects(workspace: str) -> list[LabelProject]:
    found: list[LabelProject] = open_workspace(workspace).records("label_projects")
    latest = {row.title: row for row in found}
    return list(latest.values())


def _delete(server: httpx.Client, projects: Sequence[LabelProject]) -> None:
    for project in projects:
        server.delete(f"/api/projects/{project.project_id}/")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"WRONG: {otherwise}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", help="a built workspace; it is only read")
    parser.add_argument("--url", required=True, help="a Label Studio server; LABEL_STUDIO_API_KEY holds its token")
    parser.add_argument("--tasks", type=int, nargs="+", default=[1000, 5000])
    return parser.parse_args()


if __name__ == "__main__":
    main()
