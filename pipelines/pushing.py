"""Questions to a Label Studio server: the sample to annotators, what they disagree on to the expert.

A task is known by its question and its words. What the server holds already is left alone, so that an interrupted push
goes on where it stopped and a second one adds nothing.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from annotation.server import LabelServer, ServerProject
from annotation.tasks import KEY, Json, Material, build_task, pages_of, task_key
from annotation.units import units_of
from annotation.verdicts import latest_verdicts, words_of
from pipelines.formats.source import DatasetSource, file_name
from pipelines.judging import Judging, read_judging
from pipelines.label_pictures import PictureShelf
from pipelines.label_projects import Audience, ensure_project
from pipelines.label_server import connected, server_address
from pipelines.outcomes import RunOutcome, tell
from pipelines.progress import TALLY, Goal, Reporter, Silent, showing
from pipelines.pushed_keys import PushedKeys
from pipelines.workspace import Workspace, WritableWorkspace, open_workspace, writing
from schemas.errors import AnnotationError, UsageError
from schemas.identity import wording
from schemas.kinds import JudgeRole
from schemas.recipe import Recipe
from schemas.records import Assignment, Document, Element, Judgement, Page, Question

_BATCH: Final = 200
_BATCH_BYTES: Final = 12_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """Questions for one audience, in the order in which people see them."""

    audience: Audience
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a push works with: where questions and pictures come from, and where tasks go."""

    workspace: WritableWorkspace
    server: LabelServer
    recipe: Recipe
    source: DatasetSource
    shelf: PictureShelf


def push_tasks(
    workspace: str,
    recipe: Recipe,
    *,
    role: JudgeRole,
    qa_ids: Sequence[str] | None = None,
    reporter: Reporter | None = None,
) -> RunOutcome:
    """Put questions onto the recipe's Label Studio server: the sample for annotators, `qa_ids` for the expert.

    Raises:
        UsageError: there is no workspace, no sample, no address or no token.
        AnnotationError: the server cannot be used, or refuses; what it took before stays there.
    """
    started = time.monotonic()
    address = server_address(recipe.annotate)
    open_workspace(workspace)
    with writing(workspace) as opened, connected(address, recipe.annotate) as server:
        orders, gone = _orders(opened, role, qa_ids)
        source = DatasetSource(opened)
        desk = Desk(opened, server, recipe, source, PictureShelf(recipe.annotate, source))
        total = sum(len(order.questions) for order in orders)
        with showing(reporter or Silent(), Goal("push", "tasks", total)):
            added = sum(_push(desk, order) for order in orders)
    counts = {"tasks": total, "added": added, "gone": gone}
    return RunOutcome(0, _message(address, counts), time.monotonic() - started, counts)


def _orders(workspace: Workspace, role: JudgeRole, qa_ids: Sequence[str] | None) -> tuple[list[Order], int]:
    """Return what goes to whom, and how many questions of it are gone, or worded anew, since they were drawn.

    Questions go in the words in which they were judged first, so that a push after a merge adds nothing.
    """
    judging = read_judging(workspace)
    wanted = {qa_id: 1 for qa_id in qa_ids or ()} if role == JudgeRole.EXPERT else _drawn(judging, workspace, qa_ids)
    standing = {row.qa_id: judging.is_standing(row) for row in judging.sample}
    groups: dict[int, list[Question]] = defaultdict(list)
    for qa_id, annotators in wanted.items():
        if qa_id in judging.judged and standing.get(qa_id, True):
            groups[annotators].append(judging.judged[qa_id])
    orders = [Order(Audience(role, number), tuple(groups[number])) for number in sorted(groups, reverse=True)]
    return orders, len(wanted) - sum(len(order.questions) for order in orders)


def _drawn(judging: Judging, workspace: Workspace, qa_ids: Sequence[str] | None) -> dict[str, int]:
    if not judging.sample:
        raise UsageError(
            f"{workspace.url}: no sample is drawn yet; draw one with: corpusmill annotate sample {workspace.url}"
        )
    chosen = None if qa_ids is None else set(qa_ids)
    rows = sorted(judging.sample, key=_by_place)
    return {row.qa_id: max(row.annotators, 1) for row in rows if chosen is None or row.qa_id in chosen}


def _push(desk: Desk, order: Order) -> int:
    project = ensure_project(desk.workspace, desk.server, desk.recipe, audience=order.audience)
    there = PushedKeys(desk.workspace.folder, desk.server, project)
    missing = [question for question in order.questions if _key(question) not in there]
    TALLY.add("tasks", len(order.questions) - len(missing))
    added = 0
    try:
        for batch in _batches(desk, project, order.audience.role, missing):
            desk.server.import_tasks(project.project_id, batch)
            there.add({task["data"][KEY] for task in batch})
            added += len(batch)
            TALLY.add("tasks", len(batch))
    except AnnotationError as error:
        raise AnnotationError(
            f"{error}. {added} of {len(missing)} tasks went up to “{project.title}”; run the same command again and it "
            "goes on from there"
        ) from error
    return added


def _batches(
    desk: Desk, project: ServerProject, role: JudgeRole, questions: Sequence[Question]
) -> Iterator[list[Json]]:
    opinions = _opinions(desk.workspace) if role == JudgeRole.EXPERT else None
    for start in range(0, len(questions), _BATCH):
        chunk = questions[start : start + _BATCH]
        material = _material(desk, chunk)
        if start == 0:
            desk.shelf.connect(desk.server, project.project_id, material.pictures)
        batch: list[Json] = []
        size = 0
        for question in chunk:
            said = None if opinions is None else latest_verdicts(opinions.get(question.qa_id, ()), words_of(question))
            task = build_task(question, material, opinions=said, prelabel=desk.recipe.annotate.prelabel)
            weight = len(json.dumps(task))
            if batch and size + weight > _BATCH_BYTES:
                yield batch
                batch, size = [], 0
            batch.append(task)
            size += weight
        yield batch


def _opinions(workspace: Workspace) -> Mapping[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = defaultdict(list)
    rows: list[Judgement] = workspace.records("judgements")
    for judgement in rows:
        if judgement.role == JudgeRole.ANNOTATOR:
            found[judgement.qa_id].append(judgement)
    return found


def _material(desk: Desk, questions: Sequence[Question]) -> Material:
    """Return what the tasks of some questions show; rows and pictures are read once for all of them."""
    units = [unit for question in questions for unit in units_of(question)]
    keys = {key for question in questions for key in pages_of(question)}
    doc_ids = pa.array(sorted({key[0] for key in keys}), pa.string())
    element_ids = pa.array(sorted({unit.element_id for unit in units}), pa.string())
    of_documents = pc.field("doc_id").isin(doc_ids)
    elements: list[Element] = desk.workspace.records(
        "elements", filter=of_documents & pc.field("element_id").isin(element_ids)
    )
    pages: list[Page] = desk.workspace.records("pages", filter=of_documents)
    documents: list[Document] = desk.workspace.records("documents", filter=of_documents)
    shown = sorted((page for page in pages if (page.doc_id, page.page_index) in keys), key=_by_page)
    return Material(
        pictures=desk.shelf.pictures(shown),
        elements={element.element_id: element for element in elements},
        documents={document.doc_id: file_name(document) for document in documents},
        crops=desk.shelf.crops(elements),
    )


def _key(question: Question) -> str:
    return task_key(question.qa_id, wording(question.question, question.answer))


def _message(address: str, counts: Mapping[str, int]) -> str:
    standing = counts["tasks"] - counts["added"]
    head = f"{tell(counts['added'], 'task')} added on {address}" if counts["added"] else "nothing to do"
    parts = [head] + ([f"{tell(standing, 'task')} stood there already"] if standing else [])
    if counts["gone"]:
        parts.append(f"{tell(counts['gone'], 'question')} went or changed since they were drawn: draw the sample again")
    return "; ".join(parts)


def _by_place(row: Assignment) -> tuple[int, str]:
    return row.place, row.qa_id


def _by_page(page: Page) -> tuple[str, int]:
    return page.doc_id, page.page_index
