"""BEIR: corpus, queries and graded qrels as lines, over passages, tables and figures as text."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa

from generators.pools import ELEMENT_CANDIDATES
from pipelines.formats.asked import Asked, each, judged, pool, title_of
from pipelines.formats.shape import TEXT, Config, Encoding, Format, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Row

_CANDIDATE_TOLD: Final = pa.struct({"kind": TEXT, "doc_id": TEXT, "page_indices": pa.list_(pa.int64())})
_QUESTION_TOLD: Final = pa.struct({"answer": TEXT, "question_type": TEXT, "answer_modality": TEXT})
_LOADING: Final = """\
from beir.datasets.data_loader import GenericDataLoader

corpus, queries, qrels = GenericDataLoader("PATH").load(split="test")
"""


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's passages, tables and figures."""
    title = title_of(source, doc_id)
    for item in pool(source, doc_id, ELEMENT_CANDIDATES):
        told = {"kind": item.kind.value, "doc_id": doc_id, "page_indices": list(item.page_indices)}
        yield {"_id": item.candidate_id, "title": title, "text": item.text, "metadata": told}


def query_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, ELEMENT_CANDIDATES, _query)


def qrels_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield the grades of a document's questions: 2 holds the answer, 1 context."""
    for item in judged(source, doc_id, ELEMENT_CANDIDATES):
        for found in item.relevant:
            yield {
                "query-id": item.question.qa_id,
                "corpus-id": found.item.candidate_id,
                "score": found.grade,
                "split": item.question.split,
            }


def _query(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    told = {"answer": one.answer, "question_type": one.question_type.value, "answer_modality": one.answer_modality}
    yield {"_id": one.qa_id, "text": one.question, "metadata": told}


FORMAT: Final = Format(
    "beir",
    "BEIR: corpus.jsonl, queries.jsonl and graded qrels, over passages, tables and figures as text",
    (
        Config(
            "corpus",
            "a passage, table or figure as text",
            partial(columns, "_id title text metadata", metadata=_CANDIDATE_TOLD),
            corpus_rows,
            encoding=Encoding.JSON_LINES,
            path="corpus.jsonl",
        ),
        Config(
            "queries",
            "a question",
            partial(columns, "_id text metadata", metadata=_QUESTION_TOLD),
            query_rows,
            encoding=Encoding.JSON_LINES,
            path="queries.jsonl",
        ),
        Config(
            "qrels",
            "a question with a candidate that it needs: 2 holds the answer, 1 context",
            partial(columns, "query-id corpus-id score"),
            qrels_rows,
            split_column="split",
            encoding=Encoding.TABBED,
            path="qrels/{split}.tsv",
            default_split="test",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
)
