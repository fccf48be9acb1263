"""The export stage: a dataset from committed rows, written aside and put in place when it is whole.

Each element of the pipeline is a few documents; a worker reads each of them once, and writes the rows that it gives to
shards of every config. Numbering the shards, the card and the checksums come after, so that nothing depends on how the
work was cut.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipelines.beam_options import count, new_pipeline, pipeline_options, run_pipeline
from pipelines.card import CARD, write_card
from pipelines.card_facts import CardFacts, gather_facts, marks
from pipelines.destination import DatasetMark, Destination, workspace_mark
from pipelines.formats.catalog import Format, find_format
from pipelines.formats.needs import check_needs
from pipelines.formats.shape import Attachment, Config, LeftOut, Yield
from pipelines.formats.source import DatasetSource
from pipelines.lines import FRAGMENTS
from pipelines.outcomes import RunOutcome, software, tell
from pipelines.progress import Goal, Reporter, Silent, showing
from pipelines.row_files import RowFiles, finish_files, put_aside
from pipelines.sealing import canary, check_sealable, find_recipients, seal
from pipelines.shards import ShardFile, ShardLimits
from pipelines.splitting import check_splits
from pipelines.stats import measure
from pipelines.storage import Folder
from pipelines.validation import Validation, ValidationStatus, examine_validation, hold_gate
from pipelines.workspace import Workspace, open_workspace
from schemas.errors import ExportError, WorkspaceError
from schemas.identity import digest
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.tables import SCHEMA_VERSION

_REPORTS = ".reports"
_UNIT_PAGES = 1000
_NOUNS = {"qa": "question", "queries": "question", "corpus": "candidate", "pages": "page"}


@dataclass(frozen=True, slots=True)
class ShardUnit:
    """The documents whose rows one worker writes."""

    number: int
    doc_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What a worker needs to know."""

    workspace: str
    folder: Folder
    format: str
    limits: ShardLimits
    splits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a corpus leaves, and for whom: the questions of `splits` (none: all), sealed to age recipients if any."""

    splits: tuple[str, ...] = ()
    seal_to: tuple[str, ...] = ()


@dataclass
class UnitReport:
    """What a unit wrote: its files, and its rows counted by what the card shows."""

    number: int
    files: list[ShardFile] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class WriteShards(beam.PTransform[PCollection[ShardUnit], PCollection[int]]):
    """Units to the shards they give; each leaves a report beside them."""

    job: ExportJob

    def expand(self, units: PCollection[ShardUnit]) -> PCollection[int]:
        """Write every unit."""
        return units | "Spread" >> beam.Reshuffle() | "WriteUnit" >> beam.ParDo(WriteUnit(self.job))


class WriteUnit(beam.DoFn):
    """Write the shards of a unit."""

    def __init__(self, job: ExportJob) -> None:
        self._job = job
        self._source: DatasetSource | None = None

    def setup(self) -> None:
        """Open the workspace for reading."""
        self._source = DatasetSource(open_workspace(self._job.workspace), self._job.splits)

    def process(self, unit: ShardUnit) -> Iterator[int]:
        """Write one unit and give its number."""
        assert self._source is not None  # setup came first
        report = write_unit(self._source, unit, self._job)
        text = json.dumps({"number": unit.number, "files": [asdict(f) for f in report.files], "tally": report.tally})
        put_aside(self._job.folder, Attachment(f"{_REPORTS}/{unit.number:06d}.json", [text.encode()]))
        for file in report.files:
            count(f"{file.config}_rows", file.rows)
        yield unit.number


def write_unit(source: DatasetSource, unit: ShardUnit, job: ExportJob) -> UnitReport:
    """Write the shards of a unit and say what was written."""
    configs = find_format(job.format).configs
    opened = [(config, RowFiles(job.folder, config, unit.number, limits=job.limits)) for config in configs]
    report = UnitReport(unit.number)
    for doc_id in unit.doc_ids:
        # All configs of a document before the next document: what is read of it is held only so long.
        for config, files in opened:
            for item in config.rows(source, doc_id):
                _put(item, config, files, folder=job.folder, tally=report.tally)
        count("documents")
    report.files = [file for _, files in opened for file in files.close()]
    return report


def _put(item: Yield, config: Config, files: RowFiles, *, folder: Folder, tally: Counter[str]) -> None:
    if isinstance(item, Attachment):
        put_aside(folder, item)
    elif isinstance(item, LeftOut):
        tally[f"left_out:{item.what}"] += 1
    else:
        files.write(item)
        tally.update(marks(config.name, item))


def export_dataset(
    workspace: str,
    destination: str,
    recipe: Recipe,
    *,
    format: str = "huggingface",
    overwrite: bool = False,
    choice: Choice | None = None,
    unvalidated: bool = False,
    beam_args: Sequence[str] = (),
    reporter: Reporter | None = None,
) -> RunOutcome:
    """Write the dataset of a workspace to a folder, in place of an earlier export of the same workspace.

    Raises:
        UsageError: there is no such format, workspace or split, or Beam does not take its options.
        ExportError: something else stands at `destination`, or it cannot be written; nothing of it was changed. Or the
            recipe requires validation, it has not passed, and the dataset is not to leave `unvalidated`.
    """
    started = time.monotonic()
    chosen, choice = find_format(format), choice or Choice()
    recipients = find_recipients(choice.seal_to)
    if recipients:
        check_sealable(chosen)
    opened = open_workspace(workspace)
    check_splits(opened, choice.splits)
    validation = examine_validation(opened, recipe)
    hold_gate(validation, unvalidated=unvalidated)
    mark = _mark(opened, recipe, chosen, validation, choice)
    place = Destination(destination, source=mark.source)
    try:
        place.check(opened.folder, overwrite=overwrite)
        standing = place.standing(mark.key)
        if standing:
            return _marked(_outcome(destination, standing.rows, time.monotonic() - started), validation)
        source = DatasetSource(opened, choice.splits)
        check_needs(opened, chosen)
        units = plan_units(source)
        with place.aside() as folder:
            limits = ShardLimits(recipe.export.row_group_rows, recipe.export.shard_megabytes * 1_000_000)
            job = ExportJob(workspace, folder, chosen.name, limits, choice.splits)
            with showing(reporter or Silent(), Goal(Stage.EXPORT.value, "documents", len(source.places))):
                _run(job, units, beam_args)
            facts = _finish(opened, source, job, recipe, validation=validation)
            if recipients:
                paths = [*(file.path for file in facts.files), CARD]
                seal(folder, paths, recipients, token=canary(mark.source))
            place.publish(folder, mark.model_copy(update={"rows": facts.rows}))
    except WorkspaceError as error:
        raise ExportError(str(error)) from error
    outcome = _outcome(destination, facts.rows, time.monotonic() - started, left_out=facts.counts["left_out"])
    return _marked(outcome, validation)


def plan_units(source: DatasetSource) -> list[ShardUnit]:
    """Cut the documents, ordered by file name, into units of about a thousand pages."""
    sizes = source.counts("pages", "doc_id")
    groups: list[list[str]] = []
    pages = _UNIT_PAGES
    for doc_id in source.ordered():
        if pages >= _UNIT_PAGES:
            groups.append([])
            pages = 0
        groups[-1].append(doc_id)
        pages += sizes[doc_id]
    return [ShardUnit(number, tuple(group)) for number, group in enumerate(groups)]


def _run(job: ExportJob, units: Sequence[ShardUnit], beam_args: Sequence[str]) -> None:
    pipeline = new_pipeline(pipeline_options(beam_args, job.workspace))
    _ = pipeline | "Units" >> beam.Create(units) | "WriteShards" >> WriteShards(job)
    run_pipeline(pipeline)


def _finish(
    workspace: Workspace, source: DatasetSource, job: ExportJob, recipe: Recipe, *, validation: Validation
) -> CardFacts:
    reports = sorted(_reports(job.folder), key=lambda report: report.number)
    job.folder.remove_tree(_REPORTS)
    format = find_format(job.format)
    final = finish_files(job.folder, format, [file for report in reports for file in report.files], limits=job.limits)
    job.folder.remove_tree(FRAGMENTS)
    for attachment in format.files(source) if format.files else ():
        put_aside(job.folder, attachment)
    tally: Counter[str] = Counter()
    for report in reports:
        tally.update(report.tally)
    facts = gather_facts(workspace, source, recipe, files=final, tally=tally)
    facts = replace(facts, validation=validation, stats=measure(workspace, source, recipe, validation))
    write_card(job.folder, facts, format)
    return facts


def _reports(folder: Folder) -> Iterator[UnitReport]:
    for name in folder.names(_REPORTS):
        data = json.loads(folder.read_bytes(f"{_REPORTS}/{name}"))
        yield UnitReport(data["number"], [ShardFile(**file) for file in data["files"]], Counter(data["tally"]))


def _mark(workspace: Workspace, recipe: Recipe, format: Format, validation: Validation, choice: Choice) -> DatasetMark:
    commits = [f"{manifest.commit_id} {manifest.created.isoformat()}" for manifest in workspace.manifests()]
    settings = [section.model_dump_json() for section in (recipe.corpus, recipe.export, recipe.validation)]
    versions = software()
    return DatasetMark(
        source="/".join([workspace_mark(workspace), format.name, *choice.splits]),
        key=digest(*commits, *settings, *choice.seal_to, str(recipe.annotate.confidence), json.dumps(versions)),
        format=format.name,
        schema_version=SCHEMA_VERSION,
        software=versions,
        rows={},
        validation=validation.status.value,
    )


def _outcome(
    destination: str, rows: dict[str, int], seconds: float, *, left_out: Mapping[str, int] | None = None
) -> RunOutcome:
    held = [tell(rows[name], noun) for name, noun in _NOUNS.items() if name in rows] or [
        tell(number, f"{name} row") for name, number in rows.items()
    ]
    none = (
        "" if rows.get("qa", 1) else "; the workspace holds no accepted question yet (corpusmill generate writes them)"
    )
    head = "nothing to do: " if left_out is None else ""
    gone = "".join(f"; left out: {what} ({number})" for what, number in (left_out or {}).items())
    return RunOutcome(0, f"{head}dataset in {destination}: {', '.join(held)}{none}{gone}", seconds, rows)


def _marked(outcome: RunOutcome, validation: Validation) -> RunOutcome:
    if validation.status is not ValidationStatus.UNVALIDATED:
        return outcome
    return replace(outcome, message=f"{outcome.message}; marked as unvalidated")
