"""The generate stage: documents to checked questions; qa, rejects and errors are replaced in one commit.

Documents go through in chunks. Table programs write first; then the budget is shared out over all documents; then the
engine is asked, one long stream of requests a chunk, so that it is full whatever the documents' sizes. A run that was
killed finds the answers it had in the response store.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import pyarrow.compute as pc
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.transforms.combiners import ToListCombineFn

from generators.balancing import balance
from generators.deduplication import deduplicate
from generators.engines.catalog import EngineOptions
from generators.engines.exchange import Completion, Engine
from pipelines.answering import open_stored_engine
from pipelines.beam_options import count, new_pipeline, pipeline_options, run_pipeline
from pipelines.budgets import Budget, Offer, budget_of, share_out
from pipelines.commits import Draft
from pipelines.generate_keys import generate_key, is_settled
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.part_writing import TableRows, WriteParts, take_parts
from pipelines.parts import write_part
from pipelines.progress import TALLY, Goal, Reporter, Silent, showing
from pipelines.question_writing import Desk, Written, questions_from_tables
from pipelines.storage import Folder
from pipelines.workspace import DocumentPlace, Workspace, WritableWorkspace, open_workspace, writing
from schemas.arrow import from_table
from schemas.errors import EngineError, ReasonCode
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Failure, Question, Reject
from schemas.tables import TABLES

Chunk = tuple[DocumentPlace, ...]
Quotas = Mapping[str, int] | None
_REPLACED = ("qa", "rejects", "errors")


@dataclass(frozen=True, slots=True)
class GenerateJob:
    """What a worker needs to know; keys of servers stay in its environment."""

    folder: Folder
    recipe: Recipe

    @property
    def budget(self) -> Budget:
        """What may be asked."""
        return budget_of(self.recipe.generate)

    def open_engine(self) -> Engine:
        """Open the engine with the response store before it."""
        recipe = self.recipe.generate
        options = EngineOptions(
            model=recipe.model,
            api_key=os.environ.get(recipe.api_key_variable),
            concurrency=recipe.concurrency,
            timeout_seconds=recipe.timeout_seconds,
        )
        return open_stored_engine(self.folder, recipe.engine, options)


@dataclass(eq=False)
class WriteQuestions(beam.PTransform[PCollection[Chunk], PCollection[TableRows]]):
    """Chunks of documents to rows of qa, rejects and errors."""

    job: GenerateJob

    def expand(self, chunks: PCollection[Chunk]) -> PCollection[TableRows]:
        """Write from tables, share the budget out, ask the engine."""
        from_tables = chunks | "FromTables" >> beam.ParDo(WriteTableQuestions(self.job))
        if self.job.recipe.generate.engine == "none":
            return from_tables
        quotas = (
            chunks
            | "Offer" >> beam.ParDo(OfferRequests(self.job))
            | "GatherOffers" >> beam.CombineGlobally(ToListCombineFn())
            | "ShareOut" >> beam.Map(share_of_budget, self.job.budget, self.job.recipe.seed)
        )
        answered = chunks | "AskEngine" >> beam.ParDo(AskEngine(self.job), AsSingleton(quotas))
        return (from_tables, answered) | "Both" >> beam.Flatten()


class WriteTableQuestions(beam.DoFn):
    """Write the questions that table programs give."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job

    def process(self, places: Chunk) -> Iterator[TableRows]:
        """Write about one document after another."""
        for view in Workspace(self._job.folder).views(places):
            written = questions_from_tables(view, self._job.recipe)
            count("documents")
            yield from _counted(written)


class OfferRequests(beam.DoFn):
    """Say what each document would ask; with no limit there is nothing to share out."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job

    def process(self, places: Chunk) -> Iterator[Offer]:
        """Offer the requests of one document after another."""
        if self._job.budget.is_open:
            return
        desk = Desk(Workspace(self._job.folder), self._job.recipe, sees_images=True, engine="")
        for place in places:
            yield desk.offer(place, self._job.budget.requests)


class AskEngine(beam.DoFn):
    """Ask the engine about the documents of a chunk, and make questions of its answers."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job
        self._engine: Engine | None = None
        self._failure: Failure | None = None

    def setup(self) -> None:
        """Open the engine. A server that is away costs its own questions and not those of the table programs."""
        try:
            self._engine = self._job.open_engine()
        except EngineError as error:
            if not self._job.recipe.generate.engine.startswith("http"):
                raise
            self._failure = engine_failure(self._job.recipe.generate.engine, error)

    def process(self, places: Chunk, quotas: Quotas) -> Iterator[TableRows]:
        """Stream the requests of a chunk through the engine."""
        if self._engine is None:
            assert self._failure is not None  # setup leaves one of the two
            yield from _counted(Written(failures=(self._failure,)))
            return
        if quotas is not None:
            TALLY.aim(Goal("generate", "requests", sum(quotas.values())))
        engine = self._engine
        workspace = Workspace(self._job.folder)
        desk = Desk(workspace, self._job.recipe, sees_images=engine.sees_images, engine=engine.name)
        for result in engine.complete(desk.requests(places, quotas)):
            _count_result(result)
            yield from _counted(desk.settle(result))

    def teardown(self) -> None:
        """Close the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def share_of_budget(offers: list[Offer], budget: Budget, seed: int) -> dict[str, int] | None:
    """Return the quotas of all documents, or None when there is no limit."""
    return None if budget.is_open else share_out(offers, budget, seed)


def engine_failure(engine: str, error: EngineError) -> Failure:
    """Return the row that says that a server was away."""
    return Failure(Stage.GENERATE, engine, ReasonCode.ENGINE_UNREACHABLE.value, str(error), retryable=True)


def run_generate(
    workspace: str, recipe: Recipe, *, beam_args: Sequence[str] = (), reporter: Reporter | None = None
) -> RunOutcome:
    """Write the questions of a whole workspace anew; what an engine has answered before costs nothing.

    Raises:
        UsageError: there is no workspace, or `beam_args` cannot work.
        EngineError: the engine cannot be used.
        WorkspaceError: the workspace cannot be written; what was there stays.
    """
    started = time.monotonic()
    reporter = reporter or Silent()
    options = pipeline_options(beam_args, workspace)
    open_workspace(workspace)
    with writing(workspace) as opened:
        places = opened.places()
        key = generate_key(places, recipe)
        if is_settled(opened, key):
            return _outcome(opened, recipe, places, seconds=time.monotonic() - started, new=False)
        job = GenerateJob(opened.folder, recipe)
        draft = opened.begin(Stage.GENERATE)
        try:
            with showing(reporter, Goal("generate", "documents", len(places))):
                pipeline = new_pipeline(options)
                chunks = pipeline | "Chunks" >> beam.Create(list(_chunks(places, recipe.run.batch_documents)))
                _ = chunks | "WriteQuestions" >> WriteQuestions(job) | WriteParts(opened.folder, draft.staging)
                run_pipeline(pipeline)
            settle_set(opened, draft, recipe)
            publish(draft, recipe, key=key, seconds=time.monotonic() - started)
        finally:
            draft.abandon()
        return _outcome(opened, recipe, places, seconds=time.monotonic() - started, new=True)


def settle_set(workspace: WritableWorkspace, draft: Draft, recipe: Recipe) -> None:
    """Deduplicate and balance over all that a pipeline wrote, and stage what replaces the earlier tables."""
    staged: dict[str, list[str]] = {table: [] for table in _REPLACED}
    for part in take_parts(draft):
        staged[part.table].append(part.path)
    rows: dict[str, list[Any]] = {
        table: from_table(workspace.read_parts(table, staged[table]), TABLES[table]) for table in _REPLACED
    }
    questions: list[Question] = sorted(rows["qa"], key=_by_qa_id)
    unique, twins = deduplicate(questions)
    generate = recipe.generate
    kept, over = balance(unique, total=generate.questions, per_document=generate.per_document, seed=recipe.seed)
    rejects: list[Reject] = sorted([*rows["rejects"], *twins, *over], key=_by_subject)
    # Each worker says for itself that a server was away.
    failures: list[Failure] = sorted(set(rows["errors"]), key=_by_subject)
    for table, records in (("qa", kept), ("rejects", rejects), ("errors", failures)):
        target = f"{table}/{Stage.GENERATE.value}-000.parquet"
        if records:
            draft.stage(write_part(workspace.folder, draft.staging, table, records), target)
        elif workspace.folder.exists(target):
            draft.remove(target)


def _chunks(places: Sequence[DocumentPlace], size: int) -> Iterator[Chunk]:
    for start in range(0, len(places), size):
        yield tuple(places[start : start + size])


def _counted(written: Written) -> Iterator[TableRows]:
    count("accepted", len(written.questions))
    count("errors", len(written.failures))
    for reject in written.rejects:
        count(f"rejected as {reject.reason_code}")
    return written.rows()


def _count_result(result: object) -> None:
    count("requests")
    if isinstance(result, Completion):
        count("answers from the store" if result.cached else "tokens", _cost(result))


def _cost(completion: Completion) -> int:
    return 1 if completion.cached else completion.prompt_tokens + completion.completion_tokens


def _outcome(
    workspace: Workspace, recipe: Recipe, places: Sequence[DocumentPlace], *, seconds: float, new: bool
) -> RunOutcome:
    failures = [row for row in workspace.records("errors") if row.stage == Stage.GENERATE]
    counts = {
        "documents": len(places),
        "questions": workspace.count("qa"),
        "rejects": workspace.read("rejects", ["stage"], pc.field("stage") == Stage.GENERATE.value).num_rows,
        "failed": len(failures),
    }
    stands = f"{tell(counts['questions'], 'question')} about {tell(len(places), 'document')}"
    message = stands if new else f"nothing to do: {stands} stand already"
    if any(row.reason_code == ReasonCode.ENGINE_UNREACHABLE for row in failures):
        message += f"; the engine {recipe.generate.engine} could not be reached, run the same command again when it can"
    elif failures:
        message += f"; {tell(len(failures), 'request')} failed, see the table errors"
    return RunOutcome(int(bool(failures)), message, seconds, counts)


def _by_qa_id(question: Question) -> str:
    return question.qa_id


def _by_subject(row: Reject | Failure) -> tuple[str, str, str]:
    return row.subject, row.reason_code, row.message
