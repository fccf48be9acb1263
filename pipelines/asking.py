"""The transforms of the generate stage: what table programs write, what engines could be asked, and asking them."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import apache_beam as beam
from apache_beam.pvalue import PCollection

from generators.bundles import Bundle, BundleKind
from generators.engines.addresses import shown
from generators.engines.catalog import EngineOptions
from generators.engines.exchange import Completion, Engine, EngineFailure, Request
from generators.engines.metered import Limits, Meter
from generators.trials.plan import trial_engine
from pipelines.answering import open_stored_engine
from pipelines.beam_options import count, count_apart
from pipelines.budgets import (
    ASKED,
    COMPLETION,
    PAID_COMPLETION,
    PAID_PROMPT,
    PAID_REQUESTS,
    PROMPT,
    Estimate,
    Offer,
    budget_of,
)
from pipelines.checking import Views
from pipelines.inquiries import Inquirer
from pipelines.joining import PairTables, TablePair
from pipelines.part_writing import TableRows
from pipelines.progress import TALLY
from pipelines.question_writing import Desk, Settled, Written, questions_across, questions_from_tables
from pipelines.refining import Refiner, follow_ups
from pipelines.rounds import Round, outcome_name
from pipelines.side_files import Gather, read_side_file, write_side_file
from pipelines.storage import Folder
from pipelines.tying import TieDocuments
from pipelines.workspace import DocumentPlace, Workspace
from schemas.cells import cell_of
from schemas.errors import EngineError, ReasonCode
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Failure, Question

Chunk = tuple[DocumentPlace, ...]

_BUNDLES: Final = "bundles.json"
_PAIRS: Final = "pairs.json"
_OFFERS: Final = "offers.json"
_ORDERS: Final = "orders.json"


@dataclass(frozen=True, slots=True)
class GenerateJob:
    """What a worker needs to know; keys of servers stay in its environment.

    Attributes:
        folder: the workspace's.
        staging: the folder inside it where a commit is prepared.
        recipe: what is wanted.
        attempts: how often a bundle may be asked about.
    """

    folder: Folder
    staging: str
    recipe: Recipe
    attempts: int = 1

    @property
    def asks(self) -> bool:
        """Whether there is an engine to ask."""
        return self.recipe.generate.engine != "none"

    def open_engines(self, limits: Limits) -> tuple[Engine, Engine]:
        """Open the engine that writes, and that of the trials: the same one unless the recipe names another.

        Both spend of one budget, and have the response store before them.
        """
        generate = self.recipe.generate
        meter = Meter(limits, budget_of(generate).tariff)
        writer = open_stored_engine(self.folder, generate.engine, self._options(generate.model), meter=meter)
        if generate.judge is None:
            return writer, writer
        options = self._options(generate.judge_model)
        return writer, open_stored_engine(self.folder, generate.judge, options, meter=meter)

    def open_reader(self, limits: Limits) -> Engine:
        """Open the engine of the trials alone."""
        generate = self.recipe.generate
        options = self._options(generate.judge_model if generate.judge else generate.model)
        meter = Meter(limits, budget_of(generate).tariff)
        return open_stored_engine(self.folder, trial_engine(generate), options, meter=meter)

    def inquirer(self) -> Inquirer:
        """Return what lists the inquiries; the bundles across documents have to be gathered."""
        return Inquirer(
            Workspace(self.folder),
            self.recipe,
            across=self.across(),
            attempts=self.attempts,
            follow_ups=follow_ups(self.recipe.generate),
        )

    def across(self) -> dict[str, list[Bundle]]:
        """Return the bundles across documents by the document that comes first in them."""
        found: dict[str, list[Bundle]] = {}
        for row in read_side_file(self.folder, self.path(_BUNDLES)):
            bundle = _bundle(row)
            found.setdefault(bundle.doc_id, []).append(bundle)
        return found

    def pairs(self) -> list[TablePair]:
        """Return the tables of two documents that programs ask about together."""
        return [(one, other) for one, other in read_side_file(self.folder, self.path(_PAIRS))]

    def offers(self) -> list[Offer]:
        """Return what was offered."""
        rows = read_side_file(self.folder, self.path(_OFFERS))
        return [Offer(doc_id, tuple(Estimate(*item) for item in items)) for doc_id, items in rows]

    def path(self, name: str) -> str:
        """Return the path of a side file."""
        return f"{self.staging}/{name}"

    def _options(self, model: str | None) -> EngineOptions:
        generate = self.recipe.generate
        return EngineOptions(
            model=model,
            api_key=os.environ.get(generate.api_key_variable),
            concurrency=generate.concurrency,
            timeout_seconds=generate.timeout_seconds,
            pause_seconds=generate.pause_seconds,
            notice=TALLY.tell,
        )


@dataclass(eq=False)
class SurveyCorpus(beam.PTransform[PCollection[Chunk], PCollection[TableRows]]):
    """Chunks of documents to the rows that table programs give; bundles across documents go into a side file."""

    job: GenerateJob

    def expand(self, chunks: PCollection[Chunk]) -> PCollection[TableRows]:
        """Write about single tables, tie documents, and write about tables that are tied."""
        within = chunks | "FromTables" >> beam.ParDo(WriteTableQuestions(self.job))
        bundles = self._bundles(chunks)
        pairs = self._pairs(chunks)
        _ = bundles | "GatherBundles" >> Gather(self.job.folder, self.job.path(_BUNDLES), asdict)
        _ = pairs | "GatherPairs" >> Gather(self.job.folder, self.job.path(_PAIRS), list)
        joined = pairs | "FromPairs" >> beam.ParDo(WriteJoins(self.job))
        return (within, joined) | "AllTables" >> beam.Flatten()

    def _bundles(self, chunks: PCollection[Chunk]) -> PCollection[Bundle]:
        if self.job.recipe.generate.across_documents:
            return chunks | "Tie" >> TieDocuments(self.job.folder, self.job.recipe.seed)
        return chunks | "TieNothing" >> beam.FlatMap(_nothing)

    def _pairs(self, chunks: PCollection[Chunk]) -> PCollection[TablePair]:
        if self.job.recipe.generate.across_documents:
            return chunks | "PairTables" >> PairTables(self.job.folder, self.job.recipe.seed)
        return chunks | "PairNothing" >> beam.FlatMap(_nothing)


@dataclass(eq=False)
class OfferInquiries(beam.PTransform[PCollection[Chunk], PCollection[None]]):
    """Gather what could be asked about every document, and at what cost."""

    job: GenerateJob

    def expand(self, chunks: PCollection[Chunk]) -> PCollection[None]:
        """Offer, and gather into a side file."""
        return (
            chunks
            | "Offer" >> beam.ParDo(ListOffers(self.job))
            | "GatherOffers" >> Gather(self.job.folder, self.job.path(_OFFERS), _offer_row)
        )


class WriteTableQuestions(beam.DoFn):
    """Write the questions that table programs give."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job

    def process(self, places: Chunk) -> Iterator[TableRows]:
        """Write about one document after another."""
        for view in Workspace(self._job.folder).views(places):
            written = questions_from_tables(view, self._job.recipe)
            count("documents")
            yield from counted_rows(written)


class WriteJoins(beam.DoFn):
    """Write the questions that table programs give over tables of two documents."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job

    def setup(self) -> None:
        """Find the documents."""
        self._views = Views(Workspace(self._job.folder))

    def process(self, pair: TablePair) -> Iterator[TableRows]:
        """Write about one pair."""
        yield from counted_rows(questions_across(pair, self._views, self._job.recipe))


class ListOffers(beam.DoFn):
    """Say what could be asked about each document."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job

    def setup(self) -> None:
        """Open the prompt pack and the bundles."""
        self._inquirer = self._job.inquirer()

    def process(self, places: Chunk) -> Iterator[Offer]:
        """Offer the inquiries of one document after another."""
        for place in places:
            count("documents")
            yield self._inquirer.offer(place)


class AskEngine(beam.DoFn):
    """Make a round's inquiries about the documents of a chunk, and have engines try and reword what stands."""

    def __init__(self, job: GenerateJob) -> None:
        self._job = job
        self._desk: Desk | None = None
        self._refiner: Refiner | None = None
        self._engine: Engine | None = None
        self._judge: Engine | None = None
        self._failure: Failure | None = None

    def setup(self) -> None:
        """Open the engines. A server that is away costs its own questions and not those of the table programs."""
        self._orders = read_orders(self._job)
        try:
            self._engine, self._judge = self._job.open_engines(self._orders.limits)
        except EngineError as error:
            if not self._job.recipe.generate.engine.startswith("http"):
                raise
            self._failure = engine_failure(self._job.recipe.generate.engine, error)
            return
        inquirer = self._job.inquirer()
        self._desk = Desk(inquirer, self._job.recipe, engine=self._engine.name, pairs=self._job.pairs())
        self._refiner = Refiner(self._engine, self._judge, inquirer, self._job.recipe, observe=tell_result)

    def process(self, places: Chunk) -> Iterator[TableRows]:
        """Stream the requests of a chunk through the engine."""
        if self._desk is None or self._engine is None or self._refiner is None:
            assert self._failure is not None  # setup leaves one of the two
            yield from counted_rows(Written(failures=(self._failure,)))
            return
        stands: list[Question] = []
        for place in places:
            stands += self._desk.from_tables(place, self._orders.round.tries.get(place.doc_id, ()))
        expected = [cell_of(question) for question in stands]
        for result in self._engine.complete(self._requests(places)):
            tell_result(result)
            settled = self._desk.settle(result)
            stands += settled.written.questions
            expected += [settled.cell] * len(settled.written.questions)
            if not settled.written.questions:
                yield from self._put_down(settled)
        for settled in self._refiner.refine(stands, expected):
            yield from self._put_down(settled)

    def teardown(self) -> None:
        """Close the engines."""
        for engine in (self._engine, self._judge):
            if engine is not None:
                engine.close()
        self._engine = self._judge = None

    def _requests(self, places: Chunk) -> Iterator[Request]:
        assert self._desk is not None  # process saw to it
        for place in places:
            places_of = self._orders.round.places
            chosen = None if places_of is None else places_of.get(place.doc_id, ())
            for request in self._desk.requests(place, chosen):
                if self._orders.deadline is not None and time.time() > self._orders.deadline:
                    return
                yield request

    def _put_down(self, settled: Settled) -> Iterator[TableRows]:
        count_apart(outcome_name(settled.cell, settled.outcome))
        yield from counted_rows(settled.written)


def _bundle(row: Mapping[str, Any]) -> Bundle:
    evidence, context, ties = (tuple(row[name]) for name in ("evidence", "context", "ties"))
    return Bundle(row["bundle_id"], row["doc_id"], BundleKind(row["kind"]), evidence, context, ties)


def _offer_row(offer: Offer) -> list[Any]:
    return [offer.doc_id, [[item.cell, item.requests, *_tokens(item)] for item in offer.inquiries]]


def _tokens(item: Estimate) -> tuple[int, int]:
    return item.prompt_tokens, item.completion_tokens


def _nothing(places: Chunk) -> Iterator[Any]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Orders:
    """What workers do in a round: `deadline` (seconds since the epoch) is when asking ends; `limits` are hard."""

    round: Round
    deadline: float | None
    limits: Limits


def write_orders(job: GenerateJob, orders: Orders) -> None:
    """Leave the orders for the workers."""
    write_side_file(job.folder, job.path(_ORDERS), asdict(orders))


def read_orders(job: GenerateJob) -> Orders:
    """Return the orders that were left."""
    row = read_side_file(job.folder, job.path(_ORDERS))
    return Orders(Round(**row["round"]), row["deadline"], Limits(**row["limits"]))


def counted_rows(written: Written) -> Iterator[TableRows]:
    """Count what was written, and yield its rows."""
    count("accepted", len(written.questions))
    count("errors", len(written.failures))
    for reject in written.rejects:
        count(f"rejected as {reject.reason_code}")
    return written.rows()


def tell_result(result: Completion | EngineFailure) -> None:
    """Count a result: for people what it cost now, for the plan what it cost whoever asked it first."""
    count("requests")
    if not isinstance(result, Completion):
        return
    tokens = result.prompt_tokens + result.completion_tokens
    count("answers from the store" if result.cached else "tokens", 1 if result.cached else tokens)
    count_apart(ASKED)
    count_apart(PROMPT, result.prompt_tokens)
    count_apart(COMPLETION, result.completion_tokens)
    if not result.cached:
        count_apart(PAID_REQUESTS)
        count_apart(PAID_PROMPT, result.prompt_tokens)
        count_apart(PAID_COMPLETION, result.completion_tokens)


def engine_failure(engine: str, error: EngineError) -> Failure:
    """Return the row that says that a server was away."""
    return Failure(Stage.GENERATE, shown(engine), ReasonCode.ENGINE_UNREACHABLE.value, str(error), retryable=True)
