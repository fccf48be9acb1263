"""The generate stage: documents to checked questions; qa, rejects and errors are replaced in one commit.

Documents go through in chunks. Table programs write first, and documents are tied to each other. Then an engine is
asked in rounds: each asks for what is still missing, one long stream of requests a chunk, so that the engine is full
whatever the documents' sizes. A run that was killed finds the answers it had in the response store.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow.compute as pc

from generators.balancing import balance
from generators.benchmark_files import check_benchmarks
from generators.contamination import find_contamination
from generators.deduplication import deduplicate
from generators.embedders.catalog import open_embedder
from generators.embedders.exchange import Embedder
from generators.engines.addresses import shown
from pipelines.beam_options import pipeline_options
from pipelines.budgets import budget_of
from pipelines.commits import Draft
from pipelines.generate_keys import generate_key, is_settled
from pipelines.generation import Generation, Harvest
from pipelines.mining_index import embedder_options
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.parts import write_part
from pipelines.progress import Reporter, Silent
from pipelines.rounds import wanted_of
from pipelines.workspace import DocumentPlace, Workspace, WritableWorkspace, open_workspace, writing
from schemas.errors import EngineError, ReasonCode
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Failure, Question, Reject


def run_generate(
    workspace: str, recipe: Recipe, *, beam_args: Sequence[str] = (), reporter: Reporter | None = None
) -> RunOutcome:
    """Write the questions of a whole workspace anew; what an engine has answered before costs nothing.

    Raises:
        UsageError: there is no workspace, `beam_args` cannot work, or a benchmark cannot be read.
        RecipeError: the recipe's file of prompts is none.
        EngineError: the engine or the embedder cannot be used, or went away so early that committing would take away
            questions that an earlier run got; what was there stays.
        WorkspaceError: the workspace cannot be written; what was there stays.
    """
    started = time.monotonic()
    pipeline_options(beam_args, workspace)
    open_workspace(workspace)
    with writing(workspace) as opened:
        places = opened.places()
        key = generate_key(places, recipe)
        if is_settled(opened, key):
            return _outcome(opened, recipe, places, seconds=time.monotonic() - started, new=False)
        _check_inputs(recipe)
        draft = opened.begin(Stage.GENERATE)
        try:
            generation = Generation(opened, draft, recipe, beam_args=beam_args, reporter=reporter or Silent())
            harvest = generation.run()
            kept = settle_set(opened, draft, recipe, harvest)
            _keep_earlier(opened, recipe, harvest, kept)
            account = harvest.account(kept, budget_of(recipe.generate).tariff)
            publish(draft, recipe, key=key, seconds=time.monotonic() - started, account=account)
        finally:
            draft.abandon()
        return _outcome(opened, recipe, places, seconds=time.monotonic() - started, new=True)


def settle_set(workspace: WritableWorkspace, draft: Draft, recipe: Recipe, harvest: Harvest) -> list[Question]:
    """Deduplicate and balance all that was written, stage what replaces the earlier tables; return what is kept."""
    with _embedder(recipe) as embedder:
        unique, twins = deduplicate(sorted(harvest.questions, key=_by_qa_id), embedder=embedder)
        leaked = find_contamination(unique, recipe.generate.benchmarks, embedder=embedder)
    known = {row.subject for row in leaked}
    clean = [question for question in unique if question.qa_id not in known]
    kept, over = balance(clean, wanted_of(recipe), seed=recipe.seed)
    rejects: list[Reject] = sorted([*harvest.rejects, *twins, *leaked, *over], key=_by_subject)
    # Each worker says for itself that a server was away.
    failures: list[Failure] = sorted(set(harvest.failures), key=_by_subject)
    for table, records in (("qa", kept), ("rejects", rejects), ("errors", failures)):
        target = f"{table}/{Stage.GENERATE.value}-000.parquet"
        if records:
            draft.stage(write_part(workspace.folder, draft.staging, table, records), target)
        elif workspace.folder.exists(target):
            draft.remove(target)
    return kept


def _keep_earlier(workspace: Workspace, recipe: Recipe, harvest: Harvest, kept: Sequence[Question]) -> None:
    """Refuse to replace questions that engines wrote by fewer of them only because the engine was away.

    Raises:
        EngineError: that is so.
    """
    if not harvest.is_stranded:
        return
    standing, new = _written_by_engines(workspace.records("qa")), _written_by_engines(kept)
    if new < standing:
        away = next(row.message for row in harvest.failures if row.reason_code == ReasonCode.ENGINE_UNREACHABLE)
        raise EngineError(
            f"{away}. The {tell(standing, 'question')} that engines wrote before stand as they were (this run got "
            f"{new}); what {shown(recipe.generate.engine)} answered is kept, and the same command goes on from there"
        )


def _written_by_engines(questions: Sequence[Question]) -> int:
    return sum(question.provenance.engine != "none" for question in questions)


def _check_inputs(recipe: Recipe) -> None:
    """Find out what is missing for the end of the run before anything is paid."""
    check_benchmarks(recipe.generate.benchmarks)
    with _embedder(recipe):
        pass


@contextmanager
def _embedder(recipe: Recipe) -> Iterator[Embedder | None]:
    """Open the embedder of the recipe for as long as it is needed, or give None."""
    spec = recipe.generate.dedupe_embedder
    if spec is None:
        yield None
        return
    embedder = open_embedder(spec, embedder_options(recipe.mine, os.environ.get(recipe.generate.api_key_variable)))
    try:
        yield embedder
    finally:
        embedder.close()


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
