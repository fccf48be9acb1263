"""What a build would give and cost, before anything is spent: a sample is really extracted, no engine is asked."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from statistics import fmean

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.catalog import find_extractor
from generators.bundles import build_bundles
from generators.document_view import DocumentView
from generators.drafting import requests_for
from generators.engines.estimates import estimate_of
from pipelines.budgets import budget_of
from pipelines.extracting import Extracted, extract_job, extract_source
from pipelines.inputs import Source, find_pdfs, fingerprint
from pipelines.progress import duration
from pipelines.question_writing import questions_from_tables
from pipelines.refining import follow_ups
from schemas.recipe import Recipe
from schemas.records import Extraction

_COUNTER = "extractors.page_counting:count_only"


@dataclass(frozen=True, slots=True)
class Tallied:
    """How often something was found in the sample."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An estimate. What begins with `sample_` was counted; times, requests and tokens are scaled up by pages."""

    documents: int
    copies: int
    unreadable: int
    megabytes: float
    pages: int
    seconds: float
    sample_documents: int
    sample_pages: int
    sample_failed: int
    sample_seconds: float
    workers: int
    elements: tuple[Tallied, ...]
    links: tuple[Tallied, ...]
    table_questions: tuple[Tallied, ...]
    engine: str
    requests: int
    tokens: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Sample:
    read: tuple[Extracted, ...]
    seconds: float

    @property
    def extractions(self) -> list[Extraction]:
        return [item.extraction for item in self.read if item.extraction is not None]

    @property
    def pages(self) -> int:
        return sum(len(extraction.pages) for extraction in self.extractions)


def plan_build(pdfs: Sequence[str], recipe: Recipe, *, sample_pages: int = 40) -> Plan:
    """Estimate a build from whole documents, drawn with the recipe's seed until they have `sample_pages` pages.

    Raises:
        UsageError: `pdfs` names nothing.
    """
    sources, unreadable = fingerprint(find_pdfs(pdfs))
    sample = _draw(sources, recipe, sample_pages)
    pages = _count_pages(sources, recipe)
    factor = pages / sample.pages if sample.pages else 0.0
    views = [_view(extraction) for extraction in sample.extractions]
    costs = [cost for view in views for cost in _request_costs(view, recipe)]
    budget = budget_of(recipe.generate)
    requests = _within(budget.requests, round(len(costs) * factor * (1 + follow_ups(recipe.generate))))
    prompt, answer = (round(requests * fmean(side)) for side in zip(*costs, strict=True)) if costs else (0, 0)
    workers = recipe.run.workers or extract_job(recipe, find_extractor(recipe.extract.extractor).target).threads
    return Plan(
        documents=len(sources),
        copies=sum(len(source.copies) for source in sources),
        unreadable=len(unreadable),
        megabytes=round(sum(source.byte_size for source in sources) / 1e6, 1),
        pages=pages,
        seconds=round(sample.seconds * factor / workers, 1),
        sample_documents=len(sample.read),
        sample_pages=sample.pages,
        sample_failed=len(sample.read) - len(sample.extractions),
        sample_seconds=round(sample.seconds, 1),
        workers=workers,
        elements=_tally([item.kind.value for extraction in sample.extractions for item in extraction.elements]),
        links=_tally([item.kind.value for extraction in sample.extractions for item in extraction.links]),
        table_questions=_tally([kind for view in views for kind in _question_types(view, recipe)]),
        engine=recipe.generate.engine,
        requests=requests,
        tokens=_within(budget.tokens, prompt + answer),
        cost=round(budget.tariff.cost(prompt, answer), 2),
    )


def show_plan(plan: Plan, console: Console | None = None) -> None:
    """Print a plan to stderr."""
    out = console or Console(stderr=True, highlight=False)
    table = Table(title="Plan", title_justify="left", show_header=False, show_edge=False, pad_edge=False)
    table.add_column("what")
    table.add_column("how much", justify="right")
    for name, value in _rows(plan):
        table.add_row(name, value)
    out.print(table)
    for title, tallies in (("elements", plan.elements), ("links", plan.links), ("questions", plan.table_questions)):
        found = ", ".join(f"{tally.count} {tally.name}" for tally in tallies) or "none"
        out.print(Text(f"{title} in the sample: {found}"), soft_wrap=True)


def _rows(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "documents", str(plan.documents)
    yield "files with the same bytes as another", str(plan.copies)
    yield "files that cannot be read", str(plan.unreadable)
    yield "megabytes", f"{plan.megabytes:g}"
    yield "pages", str(plan.pages)
    yield f"extraction, {plan.workers} processes (estimate)", duration(plan.seconds)
    yield "sample", f"{plan.sample_documents} documents, {plan.sample_pages} pages, {plan.sample_failed} failed"
    yield f"requests to {plan.engine} (estimate)", str(plan.requests)
    yield "tokens, at most (estimate)", str(plan.tokens)
    if plan.cost:
        yield "cost, at most (estimate)", f"{plan.cost:.2f}"


def _draw(sources: Sequence[Source], recipe: Recipe, sample_pages: int) -> _Sample:
    job = extract_job(recipe, find_extractor(recipe.extract.extractor).target)
    order = sorted(sources, key=_sha256)
    random.Random(recipe.seed).shuffle(order)
    started, read, pages = time.monotonic(), [], 0
    for source in order:
        if pages >= sample_pages:
            break
        extracted = extract_source(source, job.target, job.resolved())
        read.append(extracted)
        pages += len(extracted.extraction.pages) if extracted.extraction else 0
    return _Sample(tuple(read), time.monotonic() - started)


def _count_pages(sources: Sequence[Source], recipe: Recipe) -> int:
    job = extract_job(recipe, _COUNTER)
    with ThreadPoolExecutor(job.threads) as threads:
        counted = threads.map(extract_source, sources, repeat(job.target), repeat(job.resolved()))
        return sum(item.extraction.document.page_count for item in counted if item.extraction is not None)


def _view(extraction: Extraction) -> DocumentView:
    return DocumentView(
        extraction.document, extraction.pages, extraction.elements, extraction.links, passages=extraction.passages
    )


def _request_costs(view: DocumentView, recipe: Recipe) -> list[tuple[int, int]]:
    if recipe.generate.engine == "none":
        return []
    bundles = build_bundles(view, seed=recipe.seed)
    views = {view.document.doc_id: view}
    found = [requests_for(bundle, views, recipe.generate, seed=recipe.seed) for bundle in bundles]
    estimates = [estimate_of(request) for requests in found for request in requests]
    return [(most.prompt_tokens, most.completion_tokens) for most in estimates]


def _question_types(view: DocumentView, recipe: Recipe) -> list[str]:
    return [question.question_type.value for question in questions_from_tables(view, recipe).questions]


def _tally(names: Sequence[str]) -> tuple[Tallied, ...]:
    return tuple(Tallied(name, number) for name, number in Counter(names).most_common())


def _within(limit: int | None, number: int) -> int:
    return number if limit is None else min(limit, number)


def _sha256(source: Source) -> str:
    return source.sha256
