"""One run of the generate stage: its pipelines one after another, and what they gave."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

import apache_beam as beam

from generators.deduplication import deduplicate
from generators.engines.metered import Tariff
from generators.trials.plan import trial_plan
from pipelines.asking import (
    AskEngine,
    Chunk,
    GenerateJob,
    OfferInquiries,
    Orders,
    SurveyCorpus,
    tell_result,
    write_orders,
)
from pipelines.beam_options import new_pipeline, pipeline_options, run_pipeline
from pipelines.budgets import Usage, budget_of
from pipelines.commits import CellEntry, Draft, UsageEntry
from pipelines.outcomes import Account
from pipelines.part_writing import WriteParts, take_parts
from pipelines.progress import Goal, Reporter, showing
from pipelines.refining import is_refined, is_searched
from pipelines.rounds import Rounds, goals_of, outcomes_of
from pipelines.workspace import DocumentPlace, WritableWorkspace
from schemas.arrow import from_table
from schemas.errors import ReasonCode
from schemas.recipe import Recipe, TrialName
from schemas.records import Failure, Question, Reject
from schemas.tables import TABLES

REPLACED: Final = ("qa", "rejects", "errors")
_MINUTE: Final = 60


@dataclass
class Harvest:
    """What the pipelines of a run have given so far."""

    questions: list[Question] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    rounds: Rounds | None = None

    def take(self, workspace: WritableWorkspace, draft: Draft) -> list[Question]:
        """Take in what the last pipeline wrote, but for its questions, which are returned."""
        staged: dict[str, list[str]] = {table: [] for table in REPLACED}
        for part in take_parts(draft):
            staged[part.table].append(part.path)
        rows: dict[str, list[Any]] = {
            table: from_table(workspace.read_parts(table, staged[table]), TABLES[table]) for table in REPLACED
        }
        self.rejects += rows["rejects"]
        # What the budget had no room for did not fail: another run with another budget asks it.
        self.failures += [row for row in rows["errors"] if row.reason_code != ReasonCode.BUDGET_SPENT]
        return sorted(rows["qa"], key=_by_qa_id)

    @property
    def is_stranded(self) -> bool:
        """Whether an engine was away, so that another round would find it away too."""
        return any(row.reason_code == ReasonCode.ENGINE_UNREACHABLE for row in self.failures)

    def account(self, kept: Sequence[Question], tariff: Tariff) -> Account:
        """Say how the cells were filled, where they are short and why, and what engines were asked."""
        asked, paid = self.usage.asked, self.usage.paid
        reports = self.rounds.report(kept) if self.rounds else []
        usage = UsageEntry(
            requests=asked.requests,
            prompt_tokens=asked.prompt_tokens,
            completion_tokens=asked.completion_tokens,
            paid_requests=paid.requests,
            paid_prompt_tokens=paid.prompt_tokens,
            paid_completion_tokens=paid.completion_tokens,
            cost=round(tariff.cost(paid.prompt_tokens, paid.completion_tokens), 6),
        )
        return Account(tuple(CellEntry(**asdict(report)) for report in reports), usage if asked.requests else None)


class Generation:
    """Runs the pipelines.

    Args:
        workspace: where the documents are.
        draft: the commit that is being prepared.
        recipe: what is wanted.
        beam_args: what Beam is told.
        reporter: shows how far it is.
    """

    def __init__(
        self,
        workspace: WritableWorkspace,
        draft: Draft,
        recipe: Recipe,
        *,
        beam_args: Sequence[str] = (),
        reporter: Reporter,
    ) -> None:
        """Run nothing yet."""
        generate = recipe.generate
        self._started = time.time()
        self._workspace = workspace
        self._draft = draft
        self._recipe = recipe
        self._beam_args = beam_args
        self._reporter = reporter
        self._chunks = list(_chunks(workspace.places(), recipe.run.batch_documents))
        has_goals = bool(generate.goals) or generate.questions is not None
        # Without goals every bundle is asked about once; with them, again until the cells are full.
        self._job = GenerateJob(workspace.folder, draft.staging, recipe, generate.rounds if has_goals else 1)
        self._plans = self._job.asks and (has_goals or not budget_of(generate).is_open)

    def run(self) -> Harvest:
        """Write from tables and tie documents, then ask in rounds."""
        harvest = Harvest()
        self._run("documents", SurveyCorpus(self._job))
        written = self._seek(harvest, harvest.take(self._workspace, self._draft), asks=False)
        refined = self._job.asks and is_refined(self._recipe.generate)
        if not refined:
            harvest.questions += written
        harvest.rounds = self._rounds(written)
        if self._job.asks:
            self._ask(harvest, harvest.rounds, written if refined else ())
        return harvest

    def _rounds(self, written: Sequence[Question]) -> Rounds:
        if self._plans:
            pipeline = new_pipeline(pipeline_options(self._beam_args, self._workspace.url))
            with showing(self._reporter, Goal("plan", "documents", self._documents)):
                _ = pipeline | "Chunks" >> beam.Create(self._chunks) | "Plan" >> OfferInquiries(self._job)
                run_pipeline(pipeline)
        offers = self._job.offers() if self._plans else None
        goals = goals_of(self._recipe, offers or (), written)
        return Rounds(self._recipe, budget_of(self._recipe.generate), offers, goals)

    def _ask(self, harvest: Harvest, rounds: Rounds, spare: Sequence[Question]) -> None:
        """Ask round after round until all is there, or nothing is left to ask or to spend."""
        minutes = self._recipe.generate.max_minutes
        deadline = None if minutes is None else self._started + minutes * _MINUTE
        while not harvest.is_stranded and (deadline is None or time.time() < deadline):
            planned = rounds.plan(deduplicate(harvest.questions)[0], spare)
            if planned.is_empty:
                break
            limits = rounds.budget.left(harvest.usage.paid)
            write_orders(self._job, Orders(planned, deadline, limits))
            counts = self._run("requests", beam.ParDo(AskEngine(self._job)))
            harvest.usage = harvest.usage.plus(Usage.of(counts))
            harvest.questions += self._seek(harvest, harvest.take(self._workspace, self._draft))
            rounds.spent = harvest.usage.asked
            rounds.outcomes += outcomes_of(counts)
        # Code has proven them; that no engine got round to trying them is no reason to lose them.
        settled = {question.qa_id for question in harvest.questions} | {row.subject for row in harvest.rejects}
        harvest.questions += [question for question in spare if question.qa_id not in settled]

    def _seek(self, harvest: Harvest, questions: list[Question], *, asks: bool = True) -> list[Question]:
        """Return the questions that no other place of the corpus answers otherwise; `asks` lets an engine read places.

        The pool lies on this machine, so that this pipeline runs here, whatever runner the others have.
        """
        if not questions or not is_searched(self._workspace, self._recipe):
            return questions
        # Brings numba along: a second that only a search has to spend.
        from pipelines.ambiguity import AmbiguityJob, SettleAmbiguity, pool_place, units_of_questions

        generate, job = self._recipe.generate, self._job
        reads = asks and not harvest.is_stranded and trial_plan(generate).has(TrialName.AMBIGUITY)
        limits = budget_of(generate).left(harvest.usage.paid)
        work = AmbiguityJob(
            job.folder,
            pool_place(self._workspace, self._recipe),
            self._recipe,
            open_engine=partial(job.open_reader, limits) if reads else None,
            observe=tell_result,
        )
        pipeline = new_pipeline(pipeline_options((), self._workspace.url))
        with showing(self._reporter, Goal("search", "questions", len(questions))):
            rows = pipeline | beam.Create(units_of_questions(questions)) | SettleAmbiguity(work)
            _ = rows | WriteParts(job.folder, self._draft.staging)
            counts = run_pipeline(pipeline)
        harvest.usage = harvest.usage.plus(Usage.of(counts))
        found = harvest.take(self._workspace, self._draft)
        # An engine that could not read other places is no reason to lose what code has found in order.
        settled = {question.qa_id for question in found} | {row.subject for row in harvest.rejects}
        return [*found, *(question for question in questions if question.qa_id not in settled)]

    def _run(self, unit: str, transform: "beam.PTransform[Any, Any]") -> dict[str, int]:
        pipeline = new_pipeline(pipeline_options(self._beam_args, self._workspace.url))
        total = self._documents if unit == "documents" else None
        with showing(self._reporter, Goal("generate", unit, total)):
            rows = pipeline | "Chunks" >> beam.Create(self._chunks) | "Generate" >> transform
            _ = rows | WriteParts(self._workspace.folder, self._draft.staging)
            return run_pipeline(pipeline)

    @property
    def _documents(self) -> int:
        return sum(map(len, self._chunks))


def _chunks(places: Sequence[DocumentPlace], size: int) -> Iterator[Chunk]:
    for start in range(0, len(places), size):
        yield tuple(places[start : start + size])


def _by_qa_id(question: Question) -> str:
    return question.qa_id
