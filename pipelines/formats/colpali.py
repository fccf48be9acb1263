"""colpali-engine: questions with the ids of pages, and the corpus of page pictures that they lead into."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import pyarrow as pa
from datasets import Features, Image, List, Value

from generators.pools import PAGES
from pipelines.formats.asked import Asked, each, pool
from pipelines.formats.shape import Config, Format, Need, Yield
from pipelines.formats.source import DatasetSource, Row

_TEXT: Final = Value("string")
_LOADING: Final = """\
from colpali_engine.data.dataset import ColPaliEngineDataset, Corpus
from datasets import load_dataset

pages = load_dataset("PATH", "corpus", split="train")
corpus = Corpus(pages, {docid: place for place, docid in enumerate(pages["docid"])}, doc_column_name="image")
data = ColPaliEngineDataset(load_dataset("PATH", "train", split="train"), corpus, neg_target_column_name="neg_target")
"""


@cache
def train_schema() -> pa.Schema:
    """Return the columns of the training rows."""
    targets = {"pos_target": List(_TEXT), "neg_target": List(_TEXT)}
    return Features({"query": _TEXT, **targets, "query_id": _TEXT}).arrow_schema


@cache
def corpus_schema() -> pa.Schema:
    """Return the columns of the corpus."""
    return Features({"docid": _TEXT, "image": Image()}).arrow_schema


def train_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, PAGES, _row, pictures=True)


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's pages that have a picture."""
    for item in pool(source, doc_id, PAGES):
        picture = source.picture(doc_id, item.image_id)
        if picture:
            yield {"docid": item.candidate_id, "image": picture.row()}


def _row(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    yield {
        "query": item.question.question,
        "pos_target": [one.item.candidate_id for one in item.relevant],
        "neg_target": [other.candidate_id for other, _ in item.negatives],
        "query_id": item.question.qa_id,
        "split": item.question.split,
    }


FORMAT: Final = Format(
    "colpali",
    "colpali-engine: questions with ids of pages, and the corpus of page pictures",
    (
        Config("train", "a question with the pages that answer it, and mined ones", train_schema, train_rows, "split"),
        Config("corpus", "a page picture", corpus_schema, corpus_rows, shared=True),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.PAGE_PICTURES}),
    loading=_LOADING,
)
