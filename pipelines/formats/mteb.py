"""MTEB retrieval: corpus, queries and qrels for each pool, and a module with the tasks that run on them.

The pools are `text` (passages, tables and figures as text) and `pages` (page pictures with their text), each once a
domain where the documents have several.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Final

import pyarrow as pa
from datasets import Features, Image, Value

from generators.pools import ELEMENT_CANDIDATES, PAGES
from pipelines.formats.asked import Asked, each, judged, pool, slug, title_of
from pipelines.formats.shape import Attachment, Config, Format, LeftOut, Need, Yield
from pipelines.formats.source import DatasetSource, Row
from schemas.identity import document_of
from schemas.kinds import CandidateKind

_TEMPLATE: Final = "mteb_tasks.py.txt"
_LOADING: Final = """\
import mteb, sys

sys.path.insert(0, "PATH")
from mteb_tasks import tasks

results = mteb.evaluate(mteb.get_model("mteb/baseline-bm25s"), tasks())
"""

Kinds = tuple[CandidateKind, ...]


@cache
def text_corpus_schema() -> pa.Schema:
    """Return the columns of the corpus as text."""
    return Features({name: Value("string") for name in ("id", "title", "text")}).arrow_schema


@cache
def page_corpus_schema() -> pa.Schema:
    """Return the columns of the corpus of pages."""
    return Features({"id": Value("string"), "text": Value("string"), "image": Image()}).arrow_schema


@cache
def queries_schema() -> pa.Schema:
    """Return the columns of the queries."""
    return Features({"id": Value("string"), "text": Value("string")}).arrow_schema


@cache
def qrels_schema() -> pa.Schema:
    """Return the columns of the qrels."""
    kinds = {"query-id": Value("string"), "corpus-id": Value("string"), "score": Value("int32")}
    return Features(kinds).arrow_schema


def text_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's passages, tables and figures."""
    title, subset = title_of(source, doc_id), subset_of(source, doc_id)
    for item in pool(source, doc_id, ELEMENT_CANDIDATES):
        yield {"id": item.candidate_id, "title": title, "text": item.text, "subset": subset}


def page_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's pages that have a picture."""
    subset = subset_of(source, doc_id)
    for item in pool(source, doc_id, PAGES):
        picture = source.picture(doc_id, item.image_id)
        if picture:
            yield {"id": item.candidate_id, "text": item.text, "image": picture.row(), "subset": subset}


def query_rows(source: DatasetSource, doc_id: str, *, kinds: Kinds) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, kinds, _query, pictures=kinds == PAGES)


def qrels_rows(source: DatasetSource, doc_id: str, *, kinds: Kinds) -> Iterator[Yield]:
    """Yield the grades of a document's questions, those in its own domain's pool."""
    subset = subset_of(source, doc_id)
    for item in judged(source, doc_id, kinds, pictures=kinds == PAGES):
        for found in item.relevant:
            if subset_of(source, found.item.doc_id) != subset:
                yield LeftOut("relevant candidates in the pool of another domain")
            else:
                yield {
                    "query-id": item.question.qa_id,
                    "corpus-id": found.item.candidate_id,
                    "score": found.grade,
                    "split": item.question.split,
                    "subset": subset,
                }


def subset_of(source: DatasetSource, doc_id: str) -> str | None:
    """Return the subset of a document: its domain, where the corpus has several."""
    if len(_domains(source)) < 2:
        return None
    return slug(source.document(doc_id).domain or "other").lower()


def task_files(source: DatasetSource) -> Iterator[Attachment]:
    """Yield the module with the tasks, which finds the data beside itself."""
    domains = sorted({subset for doc_id in source.places if (subset := subset_of(source, doc_id))})
    text = files("pipelines").joinpath("templates", _TEMPLATE).read_text(encoding="utf-8")
    yield Attachment("mteb_tasks.py", [text.replace("SUBSETS = ()", f"SUBSETS = {tuple(domains)!r}").encode()])


def _query(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    subset = subset_of(source, document_of(one.qa_id))
    yield {"id": one.qa_id, "text": one.question, "split": one.split, "subset": subset}


@cache
def _domains(source: DatasetSource) -> tuple[str, ...]:
    return tuple(source.domains())


def _configs(
    start: str, corpus: tuple[Callable[[], pa.Schema], Callable[[DatasetSource, str], Iterator[Row]]], kinds: Kinds
) -> tuple[Config, ...]:
    what = "a page with its picture and text" if kinds == PAGES else "a passage, table or figure as text"
    return (
        Config(f"{start}corpus", what, *corpus, default_split="corpus", subset_column="subset"),
        Config(
            f"{start}queries",
            "a question",
            queries_schema,
            partial(query_rows, kinds=kinds),
            split_column="split",
            default_split="test",
            subset_column="subset",
        ),
        Config(
            f"{start}qrels",
            "a question with a candidate that it needs: 2 holds the answer, 1 context",
            qrels_schema,
            partial(qrels_rows, kinds=kinds),
            split_column="split",
            default_split="test",
            subset_column="subset",
        ),
    )


FORMAT: Final = Format(
    "mteb",
    "MTEB retrieval tasks over text and over page pictures, with a module that runs them",
    (
        *_configs("text-", (text_corpus_schema, text_rows), ELEMENT_CANDIDATES),
        *_configs("pages-", (page_corpus_schema, page_rows), PAGES),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
    files=task_files,
)
