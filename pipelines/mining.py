"""The mine stage: questions to triplets of query, positives and hard negatives; the table is replaced in one commit."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PCollection

from generators.embedders.exchange import Embedder
from generators.engines.catalog import EngineOptions
from generators.engines.exchange import Engine, EngineFailure, Picture, Request
from generators.mining.judging import judge_requests, judged, judged_pair, relevance
from generators.mining.miners import BM25
from generators.mining.mining import Mine, Mined, MineOptions, margins_of
from generators.mining.pool_file import Pool, PoolEntry
from generators.mining.selection import Quotas
from generators.pools import gold
from pipelines.answering import open_stored_engine
from pipelines.beam_options import count, new_pipeline, pipeline_options, run_pipeline
from pipelines.checking import Views
from pipelines.formats.source import DatasetSource
from pipelines.mining_index import (
    IndexPlace,
    build_pool,
    build_vectors,
    index_place,
    open_miners,
    remove_stale,
    shown_picture,
)
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.part_writing import TableRows, WriteParts, take_parts
from pipelines.progress import Goal, Reporter, Silent, showing
from pipelines.storage import Folder
from pipelines.workspace import Workspace, WritableWorkspace, commit_of, open_workspace, writing
from schemas.arrow import from_table
from schemas.errors import UsageError
from schemas.identity import digest
from schemas.kinds import CandidateKind, QuestionType, Stage
from schemas.recipe import MineSection, Recipe
from schemas.records import Question, Reject
from schemas.triplets import Triplet

NO_POSITIVE = "no_positive"
UNANSWERABLE = "unanswerable"
NO_NEGATIVE = "no_negative"
_UNIT_QUESTIONS = 64


@dataclass(frozen=True, slots=True)
class MineJob:
    """What a worker needs to know; keys of servers stay in its environment."""

    folder: Folder
    place: IndexPlace
    section: MineSection
    key_variable: str

    def open_judge(self) -> Engine | None:
        """Open the judge with the response store before it; None when the recipe names none."""
        if self.section.judge is None:
            return None
        options = EngineOptions(model=self.section.judge_model, api_key=os.environ.get(self.key_variable))
        return open_stored_engine(self.folder, self.section.judge, options)

    @property
    def quotas(self) -> Quotas:
        """How many negatives of which kind."""
        section = self.section
        return Quotas(
            total=section.negatives,
            wrong_modality=section.wrong_modality,
            low_ranked=section.low_ranked,
            structure=section.structural,
            contradiction=section.contradictions,
            first_rank=section.first_rank,
            last_rank=section.last_rank,
            low_rank=section.low_rank,
            kinds=_limits(section),
        )


@dataclass(eq=False)
class MineTriplets(beam.PTransform[PCollection[tuple[str, ...]], PCollection[TableRows]]):
    """Units of question ids to rows of triplets and rejects."""

    job: MineJob

    def expand(self, units: PCollection[tuple[str, ...]]) -> PCollection[TableRows]:
        """Mine every unit."""
        return units | "Spread" >> beam.Reshuffle() | "MineUnit" >> beam.ParDo(MineUnit(self.job))


class MineUnit(beam.DoFn):
    """Mine the questions of a unit together."""

    def __init__(self, job: MineJob) -> None:
        self._job = job
        self._mine: Mine | None = None
        self._views: Views | None = None
        self._workspace: Workspace | None = None
        self._embedders: list[Embedder] = []
        self._judge: Judge | None = None

    def setup(self) -> None:
        """Map the indexes, open the embedders and the judge."""
        section = self._job.section
        miners, self._embedders = open_miners(self._job.place, section, os.environ.get(self._job.key_variable))
        # Only a cosine means the same for every query; BM25's scores do not.
        names = [miner.name for miner in miners if miner.name != BM25]
        margins = margins_of(names, relative=section.relative_margin, absolute=section.absolute_margin)
        pool = Pool(self._job.place.pool)
        self._mine = Mine(pool, miners, MineOptions(section.depth, self._job.quotas, margins, section.structure))
        engine = self._job.open_judge()
        self._judge = Judge(engine, pool, self._job) if engine else None
        self._workspace = Workspace(self._job.folder)
        self._views = Views(self._workspace)

    def process(self, unit: tuple[str, ...]) -> Iterator[TableRows]:
        """Yield the triplets of a unit, and the questions that give none."""
        assert self._mine is not None  # setup came first
        assert self._workspace is not None
        assert self._views is not None
        questions = questions_of(self._workspace, unit)
        answerable = [item for item in questions if item.question_type is not QuestionType.UNANSWERABLE]
        golds = {item.qa_id: gold(item, self._views, self._job.section.candidates) for item in answerable}
        mined = list(self._mine.mine(answerable, golds))
        if self._judge is not None:
            mined = self._judge.judge(mined)
        triplets, rejects = choose(questions, mined, self._job.quotas)
        count("questions", len(unit))
        count("triplets", len(triplets))
        if triplets:
            yield "triplets", triplets
        if rejects:
            yield "rejects", rejects

    def teardown(self) -> None:
        """Close the embedders and the judge."""
        for embedder in self._embedders:
            embedder.close()
        if self._judge is not None:
            self._judge.close()


class Judge:
    """An engine that judges candidates.

    Args:
        engine: answers; closed by `close`.
        pool: the candidates.
        job: what is judged, and how.
    """

    def __init__(self, engine: Engine, pool: Pool, job: MineJob) -> None:
        self._engine = engine
        self._pool = pool
        self._section = job.section
        shows = job.section.pictures and engine.sees_images
        self._source = DatasetSource(Workspace(job.folder)) if shows else None

    def judge(self, mined: Sequence[Mined]) -> list[Mined]:
        """Return what was mined without the candidates that the judge takes for answers; failures judge nothing."""
        scores: dict[str, dict[str, float]] = defaultdict(dict)
        for result in self._engine.complete(self._requests(mined)):
            count("judged")
            if isinstance(result, EngineFailure):
                count(f"not judged: {result.reason_code}")
                continue
            score = relevance(result)
            if score is not None:
                qa_id, candidate_id = judged_pair(result.request_id)
                scores[qa_id][candidate_id] = score
        margin = self._section.judge_margin
        return [judged(item, scores[item.query.known.question.qa_id], margin=margin) for item in mined]

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _requests(self, mined: Sequence[Mined]) -> Iterator[Request]:
        for item in mined:
            yield from judge_requests(item, self._entry, self._picture, most=2 * self._section.negatives)

    def _entry(self, candidate_id: str) -> PoolEntry:
        return self._pool.entry(self._pool.rows[candidate_id])

    def _picture(self, entry: PoolEntry) -> Picture | None:
        return shown_picture(self._source, entry.item, self._section.picture_pixels) if self._source else None


def choose(questions: Sequence[Question], mined: Sequence[Mined], quotas: Quotas) -> tuple[list[Triplet], list[Reject]]:
    """Return the triplets of some questions, and why the others give none."""
    triplets = {item.query.known.question.qa_id: item.triplet(quotas) for item in mined}
    rejects = [_reject(item, triplets.get(item.qa_id)) for item in questions]
    return [item for item in triplets.values() if item.negatives], [item for item in rejects if item]


def questions_of(workspace: Workspace, unit: Sequence[str]) -> list[Question]:
    """Return questions by id, in that order."""
    rows = from_table(workspace.read("qa", filter=pc.field("qa_id").isin(pa.array(unit, pa.string()))), Question)
    found = {row.qa_id: row for row in rows}
    return [found[qa_id] for qa_id in unit]


def run_mine(
    workspace: str, recipe: Recipe, *, beam_args: Sequence[str] = (), reporter: Reporter | None = None
) -> RunOutcome:
    """Mine triplets for every question of a workspace; indexes that are there are used again.

    Raises:
        UsageError: there is no workspace, no question or no candidate in it, or `beam_args` cannot work.
        EngineError: an embedder cannot be used; the vectors that it gave are kept.
        WorkspaceError: the workspace cannot be written; what was there stays.
    """
    started = time.monotonic()
    reporter = reporter or Silent()
    options = pipeline_options(beam_args, workspace)
    open_workspace(workspace)
    with writing(workspace) as opened:
        ids = sorted(opened.read("qa", ["qa_id"])["qa_id"].to_pylist())
        if not ids:
            raise UsageError(f"{workspace}: no questions to mine for; write some with: corpusmill generate {workspace}")
        section = recipe.mine
        place = index_place(opened, section)
        with showing(reporter, Goal("index", "documents", len(opened.places()))):
            pool = build_pool(opened, place, section.candidates)
        build_vectors(opened, place, section, os.environ.get(recipe.generate.api_key_variable), reporter)
        remove_stale(opened, section, place)
        job = MineJob(opened.folder, place, section, recipe.generate.api_key_variable)
        draft = opened.begin(Stage.MINE)
        try:
            with showing(reporter, Goal(Stage.MINE.value, "questions", len(ids))):
                pipeline = new_pipeline(options)
                units = pipeline | "Units" >> beam.Create(_units(ids))
                _ = units | "MineTriplets" >> MineTriplets(job) | WriteParts(opened.folder, draft.staging)
                run_pipeline(pipeline)
            for path in _superseded(opened):
                draft.remove(path)
            for part in take_parts(draft):
                draft.stage(part)
            key = digest(place.folder.name, section.model_dump_json())
            publish(draft, recipe, key=key, seconds=time.monotonic() - started)
        finally:
            draft.abandon()
        return _outcome(opened, pool, len(ids), section.judge, seconds=time.monotonic() - started)


def _limits(section: MineSection) -> dict[CandidateKind, int]:
    told = {
        CandidateKind.PASSAGE: section.most_passages,
        CandidateKind.TABLE: section.most_tables,
        CandidateKind.FIGURE: section.most_figures,
        CandidateKind.PAGE: section.most_pages,
    }
    return {kind: most for kind, most in told.items() if most is not None}


def _units(ids: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(ids[start : start + _UNIT_QUESTIONS]) for start in range(0, len(ids), _UNIT_QUESTIONS)]


def _superseded(workspace: WritableWorkspace) -> list[str]:
    mined = [path for path in workspace.parts("rejects") if commit_of(path).endswith(f"-{Stage.MINE.value}")]
    return [*workspace.parts("triplets"), *mined]


def _reject(question: Question, triplet: Triplet | None) -> Reject | None:
    if triplet is not None and triplet.negatives:
        return None
    if question.question_type is QuestionType.UNANSWERABLE:
        code, message = UNANSWERABLE, "an unanswerable question has no positive"
    elif triplet is None:
        code, message = NO_POSITIVE, "no candidate of the pool holds its evidence"
    else:
        code, message = NO_NEGATIVE, f"whatever was found may answer it: {tell(len(triplet.rejected), 'candidate')}"
    return Reject(Stage.MINE, question.qa_id, code, message, text=question.question)


def _outcome(workspace: Workspace, pool: int, questions: int, judge: str | None, *, seconds: float) -> RunOutcome:
    rows = workspace.read("triplets", ["positives", "negatives", "rejected"])
    lists = [rows[name].combine_chunks().flatten() for name in rows.column_names]
    negatives, rejected = len(lists[1]), len(lists[2])
    counts = {
        "questions": questions,
        "candidates": pool,
        "triplets": rows.num_rows,
        "negatives": negatives,
        "rejected": rejected,
        "judged": sum(len(found) - found.field("judge").null_count for found in lists),
    }
    message = (
        f"{tell(rows.num_rows, 'triplet')} for {tell(questions, 'question')} among {tell(pool, 'candidate')}: "
        f"{tell(negatives, 'negative')}, {rejected} candidates rejected as possible answers"
    )
    if judge is not None:
        message += f"; {judge} judged {counts['judged']}, the rest stayed as they were"
    return RunOutcome(0, message, seconds, counts)
