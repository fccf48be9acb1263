"""UniME-V2: questions with ten hard negatives and the judge's scores, one JSON list, pictures as files.

Its reader takes the number of negatives from the first row, so every row has ten; where fewer were mined they come
again from the hardest on. A query without a picture has an empty path. Its loss takes the scores for probabilities: a
question that no judge has seen gets 1 for what answers it and 0 for the rest, as the miners' scores are no such thing.
"""

from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from typing import Final

import pyarrow as pa

from generators.pools import PoolItem
from pipelines.formats.asked import Asked, each, picture_files
from pipelines.formats.mmeb import text_and_picture
from pipelines.formats.shape import TEXTS, Config, Encoding, Format, LeftOut, Need, Yield, columns
from pipelines.formats.source import DatasetSource
from schemas.kinds import CandidateKind

NEGATIVES: Final = 10
_EVERY: Final = tuple(CandidateKind)
_LOADING: Final = """\
import json

rows = json.load(open("PATH/train.json"))  # hard_negaitve_data_path of UniME-V2; image_dir is "PATH"
"""


def train_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions that have scored negatives, all pictures, and what was left out."""
    yield from picture_files(source, doc_id, _EVERY)
    yield from each(source, doc_id, _EVERY, _row)


def _row(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    positive = _positive(item)
    if not item.negatives or positive is None:
        yield LeftOut("questions without mined negatives")
        return
    others = [other for other, _ in item.negatives]
    score, scores = _labels(item, positive, others)
    text, path = text_and_picture(source, positive)
    kept = list(islice(cycle(zip(others, scores, strict=True)), NEGATIVES))
    yield {
        "query_text": item.question.question,
        "query_image": "",
        "pos_text": text,
        "pos_image": path,
        "query_pos_scores": score,
        "hard_negatives": [list(text_and_picture(source, other)) for other, _ in kept],
        "hard_negatives_scores": [score for _, score in kept],
        "query_id": item.question.qa_id,
        "pos_id": positive.candidate_id,
        "hard_negative_ids": [other.candidate_id for other, _ in kept],
        "split": item.question.split,
    }


def _labels(item: Asked, positive: PoolItem, others: list[PoolItem]) -> tuple[float, list[float]]:
    found = item.judged()
    if not any(other.candidate_id in found for other in others):
        return 1.0, [0.0] * len(others)
    return found.get(positive.candidate_id, 1.0), [found.get(other.candidate_id, 0.0) for other in others]


def _positive(item: Asked) -> PoolItem | None:
    found = [one.item for one in item.relevant]
    return next((one for one in found if one.kind is not CandidateKind.PAGE), found[0] if found else None)


FORMAT: Final = Format(
    "unime",
    "UniME-V2: questions with ten hard negatives and the judge's scores, pictures as files",
    (
        Config(
            "train",
            "a question, what answers it, ten hard negatives, and scores",
            partial(
                columns,
                "query_text query_image pos_text pos_image query_pos_scores hard_negatives hard_negatives_scores"
                " query_id pos_id hard_negative_ids",
                query_pos_scores=pa.float64(),
                hard_negatives=pa.list_(TEXTS),
                hard_negatives_scores=pa.list_(pa.float64()),
                hard_negative_ids=TEXTS,
            ),
            train_rows,
            "split",
            Encoding.JSON,
            "{split}.json",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.TRIPLETS}),
    loading=_LOADING,
)
