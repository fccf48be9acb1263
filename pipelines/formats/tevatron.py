"""Tevatron (multimodal): training rows of document ids, the corpus with pictures inside, scores for distillation.

Its data set for distillation reads the score inside each positive and negative passage; other readers take a list of
passages beside a list of scores. A row has both.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import pyarrow as pa
from datasets import Features, Image, List, Value

from generators.pools import PoolItem
from pipelines.formats.asked import Asked, each, pool
from pipelines.formats.shape import Config, Format, LeftOut, Need, Yield
from pipelines.formats.source import DatasetSource, Row
from schemas.kinds import CandidateKind

_EVERY: Final = tuple(CandidateKind)
_TEXT, _SCORE = Value("string"), Value("float64")
_LOADING: Final = """\
from tevatron.retriever.arguments import DataArguments
from tevatron.retriever.dataset import TrainDataset

data = TrainDataset(
    DataArguments(
        dataset_name="PATH",
        dataset_config="train",
        dataset_split="train",
        corpus_name="PATH",
        corpus_config="corpus",
        corpus_split="train",
        train_group_size=4,
        encode_text=True,
        encode_image=True,
    )
)
"""


@cache
def train_schema() -> pa.Schema:
    """Return the columns of the training rows."""
    ids = {"positive_document_ids": List(_TEXT), "negative_document_ids": List(_TEXT)}
    return Features({"query_id": _TEXT, "query_text": _TEXT, "query_image": Image(), **ids}).arrow_schema


@cache
def corpus_schema() -> pa.Schema:
    """Return the columns of the corpus."""
    return Features({"docid": _TEXT, "text": _TEXT, "image": Image()}).arrow_schema


@cache
def scored_schema() -> pa.Schema:
    """Return the columns of the rows for distillation."""
    passage = {"docid": _TEXT, "text": _TEXT}
    scored = List({**passage, "score": _SCORE})
    scores = {"passages": List(passage), "scores": List(_SCORE)}
    split = {"positive_passages": scored, "negative_passages": scored}
    return Features({"query_id": _TEXT, "query": _TEXT, **scores, **split}).arrow_schema


def train_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions that have mined negatives, and what was left out."""
    yield from each(source, doc_id, _EVERY, _row)


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's candidates of every kind."""
    for item in pool(source, doc_id, _EVERY):
        picture = source.picture(doc_id, item.image_id)
        yield {"docid": item.candidate_id, "text": item.text, "image": picture.row() if picture else None}


def scored_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions with the scores of the judge, or else of the fused miners."""
    for row in each(source, doc_id, _EVERY, _scored):
        if isinstance(row, dict):
            yield row


def _row(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    if not item.negatives:
        yield LeftOut("questions without mined negatives")
    else:
        yield {
            "query_id": item.question.qa_id,
            "query_text": item.question.question,
            "query_image": None,
            "positive_document_ids": _positives(item),
            "negative_document_ids": [other.candidate_id for other, _ in item.negatives],
            "split": item.question.split,
        }


def _positives(item: Asked) -> list[str]:
    # A page is as good an answer as the table on it only where pages were mined too.
    mined = {candidate.kind for _, candidate in item.negatives}
    found = [one.item for one in item.relevant]
    return [one.candidate_id for one in found if one.kind is not CandidateKind.PAGE or CandidateKind.PAGE in mined]


def _scored(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    positives = _with_scores(item, (one.item for one in item.relevant))
    negatives = _with_scores(item, (other for other, _ in item.negatives))
    # The loader draws one of either; without a score for both there is nothing to learn from.
    if positives and negatives:
        scored = positives + negatives
        yield {
            "query_id": item.question.qa_id,
            "query": item.question.question,
            "passages": [{"docid": one["docid"], "text": one["text"]} for one in scored],
            "scores": [one["score"] for one in scored],
            "positive_passages": positives,
            "negative_passages": negatives,
            "split": item.question.split,
        }


def _with_scores(item: Asked, held: Iterable[PoolItem]) -> list[Row]:
    scored = ((one, item.score(one.candidate_id)) for one in held)
    return [{"docid": one.candidate_id, "text": one.text, "score": score} for one, score in scored if score is not None]


FORMAT: Final = Format(
    "tevatron",
    "Tevatron: training rows of document ids, a corpus with pictures inside, scores for distillation",
    (
        Config(
            "train",
            "a question with the ids of what answers it and what only seems to",
            train_schema,
            train_rows,
            "split",
        ),
        Config("corpus", "a passage, table, figure or page", corpus_schema, corpus_rows),
        Config("distillation", "a question with candidates and their scores", scored_schema, scored_rows, "split"),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.TRIPLETS}),
    loading=_LOADING,
)
