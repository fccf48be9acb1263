"""MMEB as VLM2Vec reads it: training pairs, with and without negatives, and evaluation rows whose first target is gold.

It has a parser for each: `mmeb` takes one text and one picture for a negative, so `train` has none, and `mmeb_neg`
takes lists, and trips on any column besides its own, so the ids of a row stand in `ids`, in the same order. Training
goes over all candidates, evaluation over the pictures of pages: the gold page, then the other pages of its document. A
picture stands in a text as the token that VLM2Vec replaces by its own.
"""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Final

from generators.pools import PAGES, PoolItem
from pipelines.formats.asked import Asked, each, judged, picture_files, picture_path, pool
from pipelines.formats.shape import TEXTS, Config, Encoding, Format, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Row
from schemas.kinds import CandidateKind

IMAGE_TOKEN: Final = "<|image_1|>"
QUERY_INSTRUCTION: Final = "Find the page that answers the question:"
MOST_TARGETS: Final = 1000
_EVERY: Final = tuple(CandidateKind)
_ELEMENTS: Final = (CandidateKind.PASSAGE, CandidateKind.TABLE, CandidateKind.FIGURE)
_LOADING: Final = """\
from datasets import load_dataset

train = load_dataset("PATH", "train", split="train")  # parser mmeb; hard_negatives: mmeb_neg; image_dir="PATH"
test = load_dataset("PATH", "eval", split="test")  # parser image_t2i; image_root="PATH"
"""


def train_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a row for each relevant candidate of a document's questions, and what was left out."""
    yield from _paired(source, doc_id)


def negative_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield the rows of `train` whose question has mined negatives, with all of them."""
    for row in _rows(source, doc_id):
        if row["neg_text"]:
            yield row


def id_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield what the rows of `train` are of, in their order."""
    yield from _rows(source, doc_id)


def eval_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions with the gold page and its neighbours, and the pictures of all candidates."""
    yield from picture_files(source, doc_id, _EVERY)
    for item in judged(source, doc_id, PAGES, pictures=True):
        yield _targets(source, item)


def text_and_picture(source: DatasetSource, item: PoolItem) -> tuple[str, str]:
    """Return a candidate's text, with the token of its picture, and the path of that; both may be empty."""
    path = picture_path(source, item) or ""
    return "\n".join(part for part in (IMAGE_TOKEN if path else "", item.text) if part), path


def _pairs(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    negatives = [text_and_picture(source, other) for other, _ in item.negatives]
    for found in item.relevant:
        text, path = text_and_picture(source, found.item)
        yield {
            "qry": item.question.question,
            "qry_image_path": "",
            "pos_text": text,
            "pos_image_path": path,
            "neg_text": [other for other, _ in negatives],
            "neg_image_path": [other for _, other in negatives],
            "query_id": item.question.qa_id,
            "pos_id": found.item.candidate_id,
            "neg_ids": [other.candidate_id for other, _ in item.negatives],
            "split": item.question.split,
        }


@lru_cache(1)
def _paired(source: DatasetSource, doc_id: str) -> tuple[Yield, ...]:
    """Return what `train` holds of a document; three configs are made of it, one after the other."""
    return tuple(each(source, doc_id, _ELEMENTS, _pairs))


def _rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    return (row for row in _paired(source, doc_id) if isinstance(row, dict))


def _targets(source: DatasetSource, item: Asked) -> Row:
    gold = item.relevant[0].item
    others = {found.item.candidate_id for found in item.relevant}
    pages = [page for page in pool(source, gold.doc_id, PAGES) if page.image_id and page.candidate_id not in others]
    targets = [gold, *pages][:MOST_TARGETS]
    return {
        "qry_inst": QUERY_INSTRUCTION,
        "qry_text": item.question.question,
        "qry_img_path": "",
        "tgt_inst": f"{IMAGE_TOKEN} Represent the given page.",
        "tgt_text": [""] * len(targets),
        "tgt_img_path": [picture_path(source, target) or "" for target in targets],
        "query_id": item.question.qa_id,
        "tgt_ids": [target.candidate_id for target in targets],
        "split": item.question.split,
    }


FORMAT: Final = Format(
    "mmeb",
    "MMEB, for VLM2Vec: training pairs with hard negatives, evaluation rows over page pictures",
    (
        Config(
            "train",
            "a question with one candidate that it needs",
            partial(columns, "qry qry_image_path pos_text pos_image_path"),
            train_rows,
            "split",
            Encoding.JSON_LINES,
            "train/{split}.jsonl",
        ),
        Config(
            "hard_negatives",
            "a question with one candidate that it needs and the mined negatives",
            partial(
                columns,
                "qry qry_image_path pos_text pos_image_path neg_text neg_image_path",
                neg_text=TEXTS,
                neg_image_path=TEXTS,
            ),
            negative_rows,
            "split",
            Encoding.JSON_LINES,
            "hard_negatives/{split}.jsonl",
        ),
        Config(
            "ids",
            "the ids of a row of train, in its order",
            partial(columns, "query_id pos_id neg_ids", neg_ids=TEXTS),
            id_rows,
            "split",
            Encoding.JSON_LINES,
            "ids/{split}.jsonl",
        ),
        Config(
            "eval",
            "a question with page pictures, the gold one first",
            partial(
                columns,
                "qry_inst qry_text qry_img_path tgt_inst tgt_text tgt_img_path query_id tgt_ids",
                tgt_text=TEXTS,
                tgt_img_path=TEXTS,
                tgt_ids=TEXTS,
            ),
            eval_rows,
            "split",
            Encoding.JSON_LINES,
            "eval/{split}.jsonl",
            "test",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.PAGE_PICTURES}),
    loading=_LOADING,
)
