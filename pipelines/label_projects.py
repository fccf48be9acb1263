"""The projects that a workspace has on Label Studio servers: made, found again, kept in step with the labelling page.

The Community edition has one number of annotators a project, so there is a project for every such number. Which tasks
several people judge is then the sample's choice and not the server's.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Final

from annotation.label_config import config_hash, label_config
from annotation.labels import LABELS
from annotation.server import LabelServer, NewProject, ServerProject
from pipelines.destination import workspace_mark
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.workspace import WritableWorkspace
from schemas.errors import AnnotationError
from schemas.kinds import JudgeRole, Stage
from schemas.recipe import Recipe
from schemas.records import LabelProject

PART: Final = f"label_projects/{Stage.ANNOTATE.value}-000.parquet"
_LONGEST_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class Audience:
    """Who judges: annotators or the expert, and how many of them each task."""

    role: JudgeRole
    annotators: int


def project_title(name: str, audience: Audience) -> str:
    """Return the title of a project; a server takes fifty characters.

    >>> project_title("reports", Audience(JudgeRole.ANNOTATOR, 2))
    'reports: 2 people each'
    """
    if audience.role == JudgeRole.EXPERT:
        return f"{name[:_LONGEST_NAME]}: for the expert"
    people = "one person each" if audience.annotators == 1 else f"{audience.annotators} people each"
    return f"{name[:_LONGEST_NAME]}: {people}"


def ensure_project(
    workspace: WritableWorkspace, server: LabelServer, recipe: Recipe, *, audience: Audience
) -> ServerProject:
    """Return the project for an audience, made or brought up to date where need be.

    Raises:
        AnnotationError: its labelling page was changed on the server, or the server fails.
    """
    title = project_title(recipe.export.name, audience)
    rows: list[LabelProject] = workspace.records("label_projects")
    known = next((row for row in rows if (row.url, row.role, row.title) == (server.url, audience.role, title)), None)
    standing = server.project(known.project_id) if known else None
    if known and standing:
        return _updated(workspace, server, recipe, known=known, standing=standing)
    # One that was made when a push was cut short is not in our table yet; a deleted one no longer counts.
    mark = f"workspace {workspace_mark(workspace)}"
    found = server.find_project(title, mark) or server.create_project(_new_project(title, mark, audience))
    row = LabelProject(
        server.url, found.project_id, audience.role, title, found.config_hash, datetime.now(UTC).isoformat()
    )
    _commit(workspace, recipe, [*rows, row])
    return found


def page_trouble(row: LabelProject, standing: ServerProject) -> str | None:
    """Say what is wrong with a project's labelling page, if it is not the one that was pushed."""
    if standing.config_hash == row.config_hash:
        return None
    return (
        f"{row.url}/projects/{row.project_id}: the labelling page of “{row.title}” was changed on the server, so that "
        "verdicts may not mean the same"
    )


def _updated(
    workspace: WritableWorkspace, server: LabelServer, recipe: Recipe, *, known: LabelProject, standing: ServerProject
) -> ServerProject:
    config = label_config(known.role)
    if standing.config_hash == config_hash(config):
        current = standing
    elif standing.config_hash == known.config_hash:
        current = server.update_config(known.project_id, config)
    else:
        raise AnnotationError(
            f"{page_trouble(known, standing)}; undo the change under Settings > Labeling Interface, or delete the "
            "project after a last pull (its judgements stay) and push again"
        )
    if current.config_hash != known.config_hash:
        rows: list[LabelProject] = workspace.records("label_projects")
        _commit(
            workspace,
            recipe,
            [replace(row, config_hash=current.config_hash) if row == known else row for row in rows],
        )
    return current


def _new_project(title: str, mark: str, audience: Audience) -> NewProject:
    return NewProject(
        title=title,
        description=f"Questions of a CorpusMill corpus, judged by people ({mark}).",
        config=label_config(audience.role),
        annotators=audience.annotators,
        instructions=_instructions(),
    )


def _instructions() -> str:
    lines = "".join(f"<li><b>{escape(label.title)}</b>: {escape(label.guidance)}</li>" for label in LABELS)
    return (
        "<p>Read the question as somebody who has never seen the document. Then look at the boxes on the page and "
        f"decide:</p><ul>{lines}<li><b>Needed</b>: without this piece of evidence the answer could not be given.</li>"
        "</ul><p>The page starts with what our automatic checks think. They err: judge for yourself. Drag a box that "
        "stands wrong; skip a question that you cannot judge.</p>"
    )


def _commit(workspace: WritableWorkspace, recipe: Recipe, rows: list[LabelProject]) -> None:
    draft = workspace.begin(Stage.ANNOTATE)
    try:
        draft.stage(write_part(workspace.folder, draft.staging, "label_projects", rows), PART)
        publish(draft, recipe, key="projects", seconds=0.0)
    finally:
        draft.abandon()
