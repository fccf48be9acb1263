"""What a corpus is like in figures: its questions, their evidence and answers, its candidates, sources and quality.

Documents are read one by one, and of each only what its questions rest on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Final

import pyarrow.compute as pc

from annotation.quality import Rate
from generators.checks.surroundings import own_evidence
from pipelines.formats.source import DatasetSource
from pipelines.validation import Validation, examine_validation
from pipelines.workspace import Workspace, open_workspace
from schemas.identity import document_of
from schemas.kinds import CandidateKind, ElementKind
from schemas.recipe import Recipe
from schemas.records import Question

NOT_STATED: Final = "not stated"
# Shorter words tie a question to any text.
_WORD: Final = re.compile(r"\w{4,}")
_SHORT_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """How figures are spread; all None where there are none."""

    number: int
    least: float | None = None
    mean: float | None = None
    median: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The documents under one licence."""

    licence: str
    documents: int
    pages: int


@dataclass(frozen=True, slots=True)
class MeasuredQuality:
    """What people found: the share of wrong questions with its interval, and on how many questions it rests."""

    judged: int
    wrong: int
    error_rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures. `cells` counts the questions by type, and within a type by the modality of the answer.

    `evidence`, `evidence_pages` and `evidence_documents` count the questions by how many units, pages and documents
    they rest on. `overlap` is the share of a question's words, of four letters or more, and figures that its
    evidence has too.
    `answer_words` goes by the kind of answer. `rejected` are mined candidates that a guard took for possible answers.
    """

    questions: int
    documents: int
    pages: int
    candidates: Counts
    cells: dict[str, Counts]
    evidence: Counts
    evidence_pages: Counts
    evidence_documents: Counts
    evidence_modalities: Counts
    evidence_roles: Counts
    hops: Counts
    domains: Counts
    splits: Counts
    overlap: Spread
    question_words: Spread
    answer_words: dict[str, Spread]
    sources: tuple[Source, ...]
    triplets: int
    negatives: Counts
    rejected: int
    quality: MeasuredQuality | None = None


@dataclass
class _Tally:
    """What is counted while the questions go by."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    cells: dict[str, Counter[str]] = field(default_factory=dict)
    overlap: list[float] = field(default_factory=list)
    question_words: list[float] = field(default_factory=list)
    answer_words: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, *values: object) -> None:
        """Count values under a name."""
        self.counts.setdefault(name, Counter()).update(str(value) for value in values)

    def of(self, name: str) -> Counts:
        """Return the counts under a name, numbers in order and words by how often they come."""
        found = self.counts.get(name, Counter())
        if all(value.isdigit() for value in found):
            return dict(sorted(found.items(), key=_as_number))
        return dict(found.most_common())


def gather_stats(workspace: str, recipe: Recipe) -> Stats:
    """Return the figures of a workspace.

    Raises:
        UsageError: there is no workspace.
    """
    opened = open_workspace(workspace)
    return measure(opened, DatasetSource(opened), recipe, examine_validation(opened, recipe))


def measure(workspace: Workspace, source: DatasetSource, recipe: Recipe, validation: Validation) -> Stats:
    """Return the figures of an open workspace."""
    tally = _Tally()
    asked = source.counts("qa", "qa_id")
    for doc_id in sorted(asked):
        questions = list(source.questions(doc_id))
        texts = _evidence_texts(source, questions)
        for question in questions:
            _count(tally, question, texts)
    _count_triplets(tally, workspace)
    documents = [source.document(doc_id) for doc_id in source.ordered()]
    quality = validation.report.quality.overall if validation.report else None
    return Stats(
        questions=sum(numbers.total() for numbers in tally.cells.values()),
        documents=len(documents),
        pages=workspace.count("pages"),
        candidates=_candidates(workspace),
        cells={kind: dict(numbers.most_common()) for kind, numbers in sorted(tally.cells.items())},
        evidence=tally.of("evidence"),
        evidence_pages=tally.of("evidence_pages"),
        evidence_documents=tally.of("evidence_documents"),
        evidence_modalities=tally.of("evidence_modalities"),
        evidence_roles=tally.of("evidence_roles"),
        hops=tally.of("hops"),
        domains=tally.of("domains"),
        splits=tally.of("splits"),
        overlap=spread(tally.overlap),
        question_words=spread(tally.question_words),
        answer_words={kind: spread(numbers) for kind, numbers in sorted(tally.answer_words.items())},
        sources=_sources([(one.licence or recipe.corpus.licence, one.page_count) for one in documents]),
        triplets=workspace.count("triplets"),
        negatives=tally.of("negatives"),
        rejected=sum(tally.of("rejected").values()),
        quality=_quality(quality) if quality else None,
    )


def overlap(question: str, evidence: Iterable[str]) -> float | None:
    """Return the share of a question's words that its evidence has too; None when it has no word to compare.

    >>> overlap("What was the profit in 2020?", ["The profit of 2020 fell."])
    0.6666666666666666
    """
    asked = _words(question)
    held = frozenset().union(*map(_words, evidence))
    return len(asked & held) / len(asked) if asked else None


def spread(figures: Sequence[float]) -> Spread:
    """Return how figures are spread.

    >>> spread([1.0, 2.0, 6.0])
    Spread(number=3, least=1.0, mean=3.0, median=2.0, most=6.0)
    """
    if not figures:
        return Spread(0)
    return Spread(len(figures), min(figures), fmean(figures), median(figures), max(figures))


def _count(tally: _Tally, question: Question, texts: Mapping[str, str]) -> None:
    evidence = own_evidence(question)
    cells = tally.cells.setdefault(question.question_type.value, Counter())
    cells[question.answer_modality] += 1
    tally.add("evidence", len(evidence))
    tally.add("evidence_pages", len({(unit.doc_id, unit.page_index) for unit in evidence}))
    tally.add("evidence_documents", len({unit.doc_id for unit in evidence}))
    tally.add("evidence_modalities", *(unit.modality.value for unit in evidence))
    tally.add("evidence_roles", *(unit.role.value for unit in question.evidence))
    tally.add("hops", question.hops)
    tally.add("domains", question.domain or NOT_STATED)
    tally.add("splits", question.split or NOT_STATED)
    shared = overlap(question.question, [texts.get(unit.element_id, "") for unit in evidence])
    if shared is not None and evidence:
        tally.overlap.append(shared)
    tally.question_words.append(float(len(question.question.split())))
    tally.answer_words.setdefault(question.answer_kind.value, []).append(float(len(question.answer.split())))


def _count_triplets(tally: _Tally, workspace: Workspace) -> None:
    for rows in workspace.stream("triplets", ["negatives", "rejected"]):
        for row in rows.to_pylist():
            tally.add("negatives", *(one["negative"] or NOT_STATED for one in row["negatives"]))
            tally.add("rejected", *(one["reason"] or NOT_STATED for one in row["rejected"] or ()))


def _evidence_texts(source: DatasetSource, questions: Iterable[Question]) -> dict[str, str]:
    wanted: dict[str, set[str]] = {}
    for question in questions:
        for unit in question.evidence:
            wanted.setdefault(document_of(unit.element_id), set()).add(unit.element_id)
    found: dict[str, str] = {}
    for doc_id in wanted.keys() & source.places.keys():
        chosen = pc.field("element_id").isin(sorted(wanted[doc_id]))
        rows = source.rows("elements", doc_id, ["element_id", "text"], filter=chosen)
        found.update((row["element_id"], row["text"]) for row in rows)
    return found


def _candidates(workspace: Workspace) -> Counts:
    kinds = Counter(
        kind
        for rows in workspace.stream("elements", ["kind"])
        for kind in rows["kind"].to_pylist()
        if kind in (ElementKind.TABLE, ElementKind.FIGURE)
    )
    return {
        CandidateKind.PASSAGE.value: workspace.count("passages"),
        CandidateKind.TABLE.value: kinds[ElementKind.TABLE],
        CandidateKind.FIGURE.value: kinds[ElementKind.FIGURE],
        CandidateKind.PAGE.value: workspace.count("pages"),
    }


def _sources(documents: Iterable[tuple[str | None, int]]) -> tuple[Source, ...]:
    held: dict[str, list[int]] = {}
    for licence, pages in documents:
        held.setdefault(licence or NOT_STATED, []).append(pages)
    return tuple(Source(licence, len(pages), sum(pages)) for licence, pages in sorted(held.items()))


def _quality(overall: Rate) -> MeasuredQuality:
    rate = overall.rate
    return MeasuredQuality(overall.settled, overall.bad, rate.value, rate.low, rate.high)


def _words(text: str) -> frozenset[str]:
    lower = text.lower()
    return frozenset(_WORD.findall(lower)) | frozenset(_SHORT_FIGURE.findall(lower))


def _as_number(pair: tuple[str, int]) -> int:
    return int(pair[0])
