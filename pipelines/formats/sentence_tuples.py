"""sentence-transformers: triplets, tuples with several negatives, and scored lists, all as text.

The order of the columns matters there and their names do not; every column but `label` is an input, so nothing else
may stand in a row. A figure without a word gives no text and is passed over.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

import pyarrow as pa
from datasets import Features, List, Value

from generators.pools import ELEMENT_CANDIDATES, PoolItem
from pipelines.formats.asked import Asked, each
from pipelines.formats.shape import Config, Format, LeftOut, Need, Yield
from pipelines.formats.source import DatasetSource

NEGATIVES: Final = 5
_NAMES: Final = ("query", "positive", *(f"negative_{number}" for number in range(NEGATIVES)))
_TEXT: Final = Value("string")
_LOADING: Final = """\
from datasets import load_dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
from sentence_transformers.losses import MultipleNegativesRankingLoss

train = load_dataset("PATH", "triplets", split="train")
model = SentenceTransformer("MODEL")
SentenceTransformerTrainer(model=model, train_dataset=train, loss=MultipleNegativesRankingLoss(model)).train()
"""


@cache
def triplets_schema() -> pa.Schema:
    """Return the columns of the triplets."""
    return Features(dict.fromkeys(("query", "positive", "negative"), _TEXT)).arrow_schema


@cache
def tuples_schema() -> pa.Schema:
    """Return the columns of the tuples."""
    return Features(dict.fromkeys(_NAMES, _TEXT)).arrow_schema


@cache
def scored_schema() -> pa.Schema:
    """Return the columns of the scored lists: sim(query, positive), then sim(query, each negative)."""
    return Features(dict.fromkeys(_NAMES, _TEXT) | {"label": List(Value("float64"))}).arrow_schema


def triplet_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield one row a negative, with the best candidate as the positive, and what was left out."""
    yield from each(source, doc_id, ELEMENT_CANDIDATES, _triplets)


def tuple_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield the questions that have enough negatives."""
    yield from _rows_of(each(source, doc_id, ELEMENT_CANDIDATES, _tuple))


def scored_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield the questions that have enough negatives, all of them scored, with the scores."""
    yield from _rows_of(each(source, doc_id, ELEMENT_CANDIDATES, _scored))


def _rows_of(items: Iterator[Yield]) -> Iterator[Yield]:
    return (item for item in items if not isinstance(item, LeftOut) or "negatives" in item.what)


def _triplets(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    texts = _texts(item)
    if texts is None:
        yield LeftOut("questions whose answer stands in a picture without text")
        return
    query, positive, *negatives = texts
    if not negatives:
        yield LeftOut("questions without mined negatives")
    for negative in negatives:
        yield {"query": query, "positive": positive, "negative": negative, "split": item.question.split}


def _tuple(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    texts = _texts(item) or []
    if len(texts) < len(_NAMES):
        yield LeftOut(f"questions with fewer than {NEGATIVES} negatives (out of the tuples)")
    else:
        yield dict(zip(_NAMES, texts, strict=False)) | {"split": item.question.split}


def _scored(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    scores = [item.score(one.candidate_id) for one in _held(item)[: NEGATIVES + 1]]
    if len(scores) > NEGATIVES and None not in scores:
        for row in _tuple(source, item):
            yield row | {"label": scores} if isinstance(row, dict) else row


def _texts(item: Asked) -> list[str] | None:
    held = _held(item)
    return [item.question.question, *(one.text for one in held)] if held else None


def _held(item: Asked) -> list[PoolItem]:
    """Return what has text of the best positive and the negatives, in that order; nothing where no positive has any."""
    positive = next((one.item for one in item.relevant if one.item.text.strip()), None)
    return [positive, *(other for other, _ in item.negatives if other.text.strip())] if positive else []


FORMAT: Final = Format(
    "sentence-transformers",
    "sentence-transformers: triplets, tuples with five negatives, and scored lists, as text",
    (
        Config("triplets", "a question, what answers it, what does not", triplets_schema, triplet_rows, "split"),
        Config(
            "tuples",
            "a question, what answers it, and five candidates that do not",
            tuples_schema,
            tuple_rows,
            "split",
        ),
        Config("scored", "a tuple with the score of each candidate", scored_schema, scored_rows, "split"),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.TRIPLETS}),
    loading=_LOADING,
)
