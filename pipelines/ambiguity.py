"""Questions against the whole corpus: other places that answer them become evidence, or make them ambiguous.

The pool and its lexical index are those of mining, so that neither stage builds what the other one has built. Code
finds the places; an engine, where the recipe lets one try, reads the likeliest candidates and may overrule it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PCollection

from generators.ambiguity.aims import Aim, aim_of
from generators.ambiguity.asking import heard_places, place_requests, speaks_against
from generators.ambiguity.searching import find_places, is_sought, worth_reading
from generators.ambiguity.settling import settle_places, unfit
from generators.checks.surroundings import own_evidence
from generators.engines.exchange import Completion, Engine, EngineFailure, Request
from generators.mining.guards import guarded
from generators.mining.lexical import LexicalIndex
from generators.mining.pool_file import Pool, PoolEntry
from generators.mining.ranking import fuse, top
from generators.mining.structure import structural_neighbours
from generators.pools import gold
from generators.trials.naming import asked_question
from generators.trials.plan import TrialPlan, trial_plan
from generators.trials.settling import trial_failure
from pipelines.beam_options import count
from pipelines.checking import Views
from pipelines.mining_index import IndexPlace, build_pool, index_place
from pipelines.part_writing import TableRows
from pipelines.storage import Folder
from pipelines.workspace import Workspace
from schemas.kinds import CandidateKind, ElementKind
from schemas.recipe import Recipe, TrialName
from schemas.records import Failure, Question, Reject

_DEPTH: Final = 60
_MOST_READ: Final = 24
_ENTRIES_HELD: Final = 5_000
_UNIT_QUESTIONS: Final = 64

Result = Completion | EngineFailure
Observer = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A question with the candidates that may answer it too, the likeliest first."""

    aim: Aim
    entries: tuple[PoolEntry, ...]


class Corpus:
    """The pool of a workspace as this stage reads it.

    Args:
        workspace: where the documents are.
        place: where pool and index are; `open_corpus` builds what is missing.
    """

    def __init__(self, workspace: Workspace, place: IndexPlace) -> None:
        self.views = Views(workspace)
        self.titles = _titles(workspace)
        self._pool = Pool(place.pool)
        self._index = LexicalIndex(place.lexical)
        self._kinds = [list(CandidateKind)[number] for number in np.unique(self._pool.kinds)]
        # Bound here, not by a decorator, so that the cache goes with this object.
        self._entry = lru_cache(_ENTRIES_HELD)(self._pool.entry)
        self._members = _members(workspace)

    def suspect(self, question: Question) -> Suspect:
        """Return what may answer a question besides its evidence; places that an earlier search found are forgotten."""
        question = replace(question, evidence=own_evidence(question))
        views = {unit.doc_id: self.views[unit.doc_id] for unit in question.evidence if unit.doc_id in self.views}
        found = gold(question, views, self._kinds)
        own = [self._pool.rows[item.candidate_id] for item in found if item.candidate_id in self._pool.rows]
        positives = [self._entry(row) for row in own]
        aim = aim_of(question, guarded(question, positives), views)
        entries = (self._entry(row) for row in self._ranked(aim, positives) if row not in set(own))
        worth = [entry for entry in entries if worth_reading(aim, entry, self.titles.get(entry.item.doc_id))]
        return Suspect(aim, tuple(worth[:_MOST_READ]))

    def _ranked(self, aim: Aim, positives: Sequence[PoolEntry]) -> list[int]:
        """Return the rows that share words with question or answer, or stand like the evidence, the likeliest first."""
        question = aim.question
        scores = self._index.scores(question.question), self._index.scores(f"{question.question} {question.answer}")
        if aim.families:
            # Only the documents that it names may answer: a word that all of them share must not hide them.
            named = np.zeros(len(self._pool), dtype=bool)
            named[self._rows_of([*self._named(aim.families), *aim.documents])] = True
            scores = np.where(named, scores[0], 0.0), np.where(named, scores[1], 0.0)
        rankings = {name: top(found, _DEPTH, least=0.0) for name, found in zip(("asked", "told"), scores, strict=True)}
        rankings["near"] = structural_neighbours(self._pool, positives, _DEPTH, self._entry)
        return [item.row for item in fuse(rankings)]

    def _named(self, families: Iterable[str]) -> Iterator[str]:
        for family in families:
            yield from self._members.get(family, (family,))

    def _rows_of(self, documents: Iterable[str]) -> list[int]:
        return [row for doc_id in documents for row in self._pool.by_document.get(doc_id, ())]


class Seeker:
    """Settles questions against a corpus.

    Args:
        corpus: where other places are looked for.
        plan: whether an engine reads them, and how much it is shown.
        engine: reads; None leaves it to code. It is closed by whoever opened it.
        observe: is told every result of the engine.
    """

    def __init__(
        self, corpus: Corpus, plan: TrialPlan, engine: Engine | None = None, *, observe: Observer | None = None
    ) -> None:
        self._corpus = corpus
        self._plan = plan
        self._engine = engine if plan.has(TrialName.AMBIGUITY) else None
        self._observe = observe

    def settle(self, questions: Sequence[Question]) -> Iterator[Question | Reject | Failure]:
        """Yield what comes of each question, in the order given; their requests go out together."""
        suspects = {item.qa_id: self._corpus.suspect(item) for item in questions if is_sought(item)}
        results = self._ask(suspects)
        for question in questions:
            suspect = suspects.get(question.qa_id)
            yield self._settled(suspect, results[question.qa_id]) if suspect else question

    def _ask(self, suspects: Mapping[str, Suspect]) -> dict[str, dict[str, Result]]:
        results: dict[str, dict[str, Result]] = defaultdict(dict)
        if self._engine is None:
            return results
        for result in self._engine.complete(self._requests(suspects.values())):
            if self._observe is not None:
                self._observe(result)
            results[asked_question(result.request_id)][result.request_id] = result
        return results

    def _requests(self, suspects: Iterable[Suspect]) -> Iterator[Request]:
        for suspect in suspects:
            yield from place_requests(suspect.aim, suspect.entries, self._corpus.views, self._plan, self._corpus.titles)

    def _settled(self, suspect: Suspect, results: Mapping[str, Result]) -> Question | Reject | Failure:
        aim, entries, corpus = suspect.aim, suspect.entries, self._corpus
        broken = [item for item in results.values() if isinstance(item, EngineFailure) and item.retryable]
        if broken:
            return trial_failure(aim.question, broken[0])
        places = find_places(aim, entries, corpus.views, corpus.titles)
        against = speaks_against(aim, entries, results, corpus.titles)
        if against is not None:
            return unfit(aim.question, against)
        return settle_places(aim.question, heard_places(aim, places, entries, results))


@dataclass(frozen=True, slots=True)
class AmbiguityJob:
    """What a worker needs to know.

    Attributes:
        folder: the workspace's.
        place: where its pool is.
        recipe: whether an engine reads, and which.
        open_engine: opens it on the worker; None leaves it to code.
        observe: is told every result of the engine, on the worker.
    """

    folder: Folder
    place: IndexPlace
    recipe: Recipe
    open_engine: Callable[[], Engine] | None = None
    observe: Observer | None = None


@dataclass(eq=False)
class SettleAmbiguity(beam.PTransform[PCollection[tuple[Question, ...]], PCollection[TableRows]]):
    """Units of questions to rows of qa, rejects and errors."""

    job: AmbiguityJob

    def expand(self, units: PCollection[tuple[Question, ...]]) -> PCollection[TableRows]:
        """Settle every unit."""
        return units | "Spread" >> beam.Reshuffle() | "SettleUnit" >> beam.ParDo(SettleUnit(self.job))


class SettleUnit(beam.DoFn):
    """Settle the questions of a unit together."""

    def __init__(self, job: AmbiguityJob) -> None:
        self._job = job
        self._engine: Engine | None = None
        self._seeker: Seeker | None = None

    def setup(self) -> None:
        """Map the pool, open the engine."""
        job = self._job
        self._engine = job.open_engine() if job.open_engine else None
        plan = trial_plan(job.recipe.generate)
        self._seeker = Seeker(Corpus(Workspace(job.folder), job.place), plan, self._engine, observe=job.observe)

    def process(self, unit: tuple[Question, ...]) -> Iterator[TableRows]:
        """Yield the rows of a unit."""
        assert self._seeker is not None  # setup came first
        settled = list(self._seeker.settle(unit))
        count("questions", len(unit))
        for table, kind in (("qa", Question), ("rejects", Reject), ("errors", Failure)):
            rows = [row for row in settled if isinstance(row, kind)]
            if rows:
                yield table, rows

    def teardown(self) -> None:
        """Close the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def open_corpus(workspace: Workspace, recipe: Recipe) -> Corpus:
    """Open the corpus of a workspace; its pool is built where it is missing.

    Raises:
        UsageError: there is no place for the pool, or no candidate for it.
    """
    return Corpus(workspace, pool_place(workspace, recipe))


def pool_place(workspace: Workspace, recipe: Recipe) -> IndexPlace:
    """Return where the pool of a workspace is, built where it is missing.

    Raises:
        UsageError: there is no place for the pool, or no candidate for it.
    """
    place = index_place(workspace, recipe.mine)
    build_pool(workspace, place, recipe.mine.candidates)
    return place


def units_of_questions(questions: Sequence[Question]) -> list[tuple[Question, ...]]:
    """Return questions in units of which each is settled at once; those about one document stand together."""
    ordered = sorted(questions, key=_by_document)
    return [tuple(ordered[start : start + _UNIT_QUESTIONS]) for start in range(0, len(ordered), _UNIT_QUESTIONS)]


def _titles(workspace: Workspace) -> dict[str, str]:
    """Return the titles of documents: the recorded ones, else the first that is printed."""
    rows = workspace.read("documents", ["doc_id", "title"]).to_pylist()
    found = {row["doc_id"]: row["title"] for row in rows if row["title"]}
    missing = [row["doc_id"] for row in rows if not row["title"]]
    wanted = pc.field("doc_id").isin(pa.array(missing, pa.string())) & (pc.field("kind") == ElementKind.TITLE.value)
    columns = ["doc_id", "page_index", "order", "text"]
    printed = workspace.read("elements", columns, wanted).to_pylist() if missing else []
    for row in sorted(printed, key=_by_place):
        found.setdefault(row["doc_id"], row["text"])
    return found


def _members(workspace: Workspace) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in workspace.read("documents", ["doc_id", "family_id"]).to_pylist():
        found[row["family_id"] or row["doc_id"]].append(row["doc_id"])
    return dict(found)


def _by_place(row: Mapping[str, int]) -> tuple[int, int]:
    return row["page_index"], row["order"]


def _by_document(question: Question) -> tuple[str, str]:
    return (question.evidence[0].doc_id if question.evidence else ""), question.qa_id
