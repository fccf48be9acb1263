"""LIMIT: corpus, queries and qrels as lines, for our questions and for four patterns of pairs of candidates.

The questions are as everywhere. A pattern's queries ask for the two candidates that a word stands in: which of them go
together is the pattern's choice, and no third one has the word. Each pattern is a subset with the candidates that it is
about, as in LIMIT's small corpus; the ids are those of the whole corpus, so it can be searched instead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Final

import pyarrow as pa

from generators.limit_patterns import Pattern, SharedWord, arrange, shared_words
from generators.pools import ANSWERS, ELEMENT_CANDIDATES, PoolItem
from pipelines.formats.asked import Asked, each, judged, pool
from pipelines.formats.shape import Config, Encoding, Format, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Row
from schemas.identity import document_of

Rows = Callable[[DatasetSource, str], Iterator[Yield]]

_LOADING: Final = """\
import mteb

task = mteb.get_task("LIMITRetrieval")
task.metadata.dataset.update(path="PATH", revision="local")
results = mteb.evaluate(mteb.get_model("mteb/baseline-bm25s"), [task])
"""


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's passages, tables and figures."""
    for item in pool(source, doc_id, ELEMENT_CANDIDATES):
        yield _candidate(item)


def query_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, ELEMENT_CANDIDATES, _query)


def qrels_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield the grades of a document's questions: 2 holds the answer, 1 context."""
    for item in judged(source, doc_id, ELEMENT_CANDIDATES):
        for found in item.relevant:
            yield _grade(item.question.qa_id, found.item.candidate_id, found.grade)


def pattern_corpus_rows(source: DatasetSource, doc_id: str, *, pattern: Pattern) -> Iterator[Yield]:
    """Yield the candidates of a document that a pattern is about."""
    held = {name for one in _about(source, doc_id, pattern) for name in one.holders}
    for item in pool(source, doc_id, ELEMENT_CANDIDATES) if held else ():
        if item.candidate_id in held:
            yield _candidate(item)


def pattern_query_rows(source: DatasetSource, doc_id: str, *, pattern: Pattern) -> Iterator[Yield]:
    """Yield the queries of a pattern whose first candidate is of a document."""
    for one in _of_document(source, doc_id, pattern):
        yield {"_id": _query_id(one), "text": f"Which passages, tables or figures mention “{one.word}”?"}


def pattern_qrels_rows(source: DatasetSource, doc_id: str, *, pattern: Pattern) -> Iterator[Yield]:
    """Yield the grades of those queries: both candidates answer."""
    for one in _of_document(source, doc_id, pattern):
        for holder in one.holders:
            yield _grade(_query_id(one), holder, ANSWERS)


def _of_document(source: DatasetSource, doc_id: str, pattern: Pattern) -> list[SharedWord]:
    return [one for one in _about(source, doc_id, pattern) if document_of(one.holders[0]) == doc_id]


def _about(source: DatasetSource, doc_id: str, pattern: Pattern) -> Sequence[SharedWord]:
    return _arranged(source).get((pattern, doc_id), ())


@lru_cache(1)
def _arranged(source: DatasetSource) -> dict[tuple[Pattern, str], list[SharedWord]]:
    """Return the words of each pattern by the documents that have them; every document is read for it, one by one."""
    shared = shared_words(item for doc_id in source.ordered() for item in pool(source, doc_id, ELEMENT_CANDIDATES))
    found: dict[tuple[Pattern, str], list[SharedWord]] = defaultdict(list)
    for pattern in Pattern:
        for one in arrange(shared, pattern):
            for doc_id in dict.fromkeys(map(document_of, one.holders)):
                found[pattern, doc_id].append(one)
    return dict(found)


def _candidate(item: PoolItem) -> Row:
    return {"_id": item.candidate_id, "title": "", "text": item.text}


def _query(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    yield {"_id": item.question.qa_id, "text": item.question.question}


def _query_id(one: SharedWord) -> str:
    return f"{document_of(one.holders[0])}/word-{one.word.casefold()}"


def _grade(query_id: str, candidate_id: str, score: int) -> Row:
    return {"query-id": query_id, "corpus-id": candidate_id, "score": score}


def _lines(name: str, holds: str, names: str, rows: Rows, **kinds: pa.DataType) -> Config:
    path = f"{name.replace('-', '/')}.jsonl"
    schema = partial(columns, names, **kinds)
    return Config(name, holds, schema, rows, encoding=Encoding.JSON_LINES, path=path, default_split="test")


def _three(start: str, holds: tuple[str, str, str], corpus: Rows, queries: Rows, qrels: Rows) -> tuple[Config, ...]:
    return (
        _lines(f"{start}corpus", holds[0], "_id title text", corpus),
        _lines(f"{start}queries", holds[1], "_id text", queries),
        _lines(f"{start}qrels", holds[2], "query-id corpus-id score", qrels, score=pa.int64()),
    )


def _of_pattern(pattern: Pattern) -> tuple[Config, ...]:
    return _three(
        f"{pattern}-",
        ("a candidate that the pattern is about", "a word to look for", "a word with one of the two that have it"),
        partial(pattern_corpus_rows, pattern=pattern),
        partial(pattern_query_rows, pattern=pattern),
        partial(pattern_qrels_rows, pattern=pattern),
    )


FORMAT: Final = Format(
    "limit",
    "LIMIT: corpus, queries and qrels as lines, and four patterns of candidates that share a word",
    (
        *_three(
            "",
            (
                "a passage, table or figure as text",
                "a question",
                "a question with a candidate that it needs: 2 holds the answer, 1 context",
            ),
            corpus_rows,
            query_rows,
            qrels_rows,
        ),
        *(config for pattern in Pattern for config in _of_pattern(pattern)),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
)
