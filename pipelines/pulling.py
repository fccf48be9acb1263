"""Judgements from the Label Studio servers of a workspace, by one export a project.

What was pulled before stays, whatever became of its project; what was edited since replaces what it said before. A
project that cannot be read costs only itself.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from annotation.pseudonyms import pseudonym, unknown
from annotation.pulling import Origin, judgements_of, merge_judgements
from annotation.server import LabelServer
from pipelines.label_projects import page_trouble
from pipelines.label_server import connected
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.parts import write_part
from pipelines.progress import TALLY, Goal, Reporter, Silent, showing
from pipelines.pseudonym_keys import pseudonym_key
from pipelines.workspace import WritableWorkspace, open_workspace, writing
from schemas.errors import AnnotationError, UsageError
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Judgement, LabelProject

PART: Final = f"judgements/{Stage.ANNOTATE.value}-000.parquet"


@dataclass(slots=True)
class Haul:
    """What came from the servers so far: `failures` say which project could not be read, and why."""

    judgements: list[Judgement] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    read: list[LabelProject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class People:
    """Names the accounts of a server by pseudonyms."""

    url: str
    addresses: dict[int, str]
    key: str

    def name(self, account: int | None) -> str:
        """Return the pseudonym of an account."""
        address = None if account is None else self.addresses.get(account)
        return pseudonym(address, self.key) if address else unknown(self.url, account or 0, self.key)


def pull_judgements(workspace: str, recipe: Recipe, *, reporter: Reporter | None = None) -> RunOutcome:
    """Bring the judgements of all projects of a workspace into its table `judgements`.

    Raises:
        UsageError: there is no workspace, no project, or no token.
        AnnotationError: no project could be read; the judgements that are there stay.
    """
    started = time.monotonic()
    reporter = reporter or Silent()
    open_workspace(workspace)
    with writing(workspace) as opened:
        projects: list[LabelProject] = opened.records("label_projects")
        if not projects:
            raise UsageError(f"{workspace}: nothing was pushed yet; push with: corpusmill annotate push {workspace}")
        with showing(reporter, Goal("pull", "projects", len(projects))):
            haul = _haul(projects, recipe, pseudonym_key(opened.folder))
        for line in (*haul.remarks, *haul.failures):
            reporter.say(line)
        if not haul.read:
            raise AnnotationError("; ".join(haul.failures))
        known: list[Judgement] = opened.records("judgements")
        merged = merge_judgements(known, haul.judgements)
        changed = sum(judgement not in set(known) for judgement in merged)
        if changed:
            _commit(opened, recipe, merged, seconds=time.monotonic() - started)
    counts = {"judgements": len(merged), "changed": changed, "projects": len(haul.read), "failed": len(haul.failures)}
    return RunOutcome(int(bool(haul.failures)), _message(counts, haul), time.monotonic() - started, counts)


def _haul(projects: Sequence[LabelProject], recipe: Recipe, key: str) -> Haul:
    haul = Haul()
    missed: list[tuple[LabelProject, str]] = []
    for url in sorted({row.url for row in projects}):
        there = [row for row in projects if row.url == url]
        try:
            with connected(url, recipe.annotate) as server:
                people = People(url, server.addresses(), key)
                for row in there:
                    _pull(server, row, people, haul)
                    TALLY.add("projects")
        except AnnotationError as error:
            missed += [(row, str(error)) for row in there if row not in haul.read]
    read = {(row.role, row.title) for row in haul.read}
    for row, message in missed:
        # After a move the same project stands at another address.
        (haul.remarks if (row.role, row.title) in read else haul.failures).append(message)
    haul.remarks, haul.failures = (list(dict.fromkeys(lines)) for lines in (haul.remarks, haul.failures))
    return haul


def _pull(server: LabelServer, row: LabelProject, people: People, haul: Haul) -> None:
    place = f"{row.url}/projects/{row.project_id}"
    standing = server.project(row.project_id)
    if standing is None:
        haul.remarks.append(f"{place}: “{row.title}” was deleted on the server; what was pulled from it before stays")
        haul.read.append(row)
        return
    trouble = page_trouble(row, standing)
    if trouble:
        haul.remarks.append(trouble)
    pulled = judgements_of(server.export(row.project_id), Origin(place, row.role, people.name))
    haul.judgements += pulled.judgements
    haul.remarks += [f"{place}: {line}; it is left out" for line in pulled.strange]
    haul.read.append(row)
    TALLY.add("judgements", len(pulled.judgements))


def _commit(workspace: WritableWorkspace, recipe: Recipe, rows: Sequence[Judgement], *, seconds: float) -> None:
    draft = workspace.begin(Stage.ANNOTATE)
    try:
        draft.stage(write_part(workspace.folder, draft.staging, "judgements", rows), PART)
        publish(draft, recipe, key="judgements", seconds=seconds)
    finally:
        draft.abandon()


def _message(counts: dict[str, int], haul: Haul) -> str:
    head = f"{tell(counts['judgements'], 'judgement')} from {tell(_people(haul.judgements), 'person')}"
    parts = [head.replace("persons", "people"), f"{counts['changed']} of them new or changed"]
    if haul.failures:
        parts.append(f"{tell(len(haul.failures), 'server')} could not be read")
    return "; ".join(parts)


def _people(judgements: Iterable[Judgement]) -> int:
    return len({judgement.annotator for judgement in judgements})
