"""UniversalRAG: questions with the kind of retrieval that each needs, and the texts or pictures that it should find."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from generators.pools import ANSWERS, ELEMENT_CANDIDATES
from pipelines.formats.asked import Asked, each, picture_files, picture_path, pool
from pipelines.formats.shape import TEXTS, Config, Encoding, Format, Need, Yield, columns
from pipelines.formats.source import DatasetSource
from schemas.kinds import CandidateKind

_PICTURES: Final = (CandidateKind.TABLE, CandidateKind.FIGURE)
_LOADING: Final = """\
import json

questions = json.load(open("PATH/test.json"))  # gt_retrieval routes: paragraph, document or image
"""


def question_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, the pictures of its tables and figures, and what was left out."""
    yield from picture_files(source, doc_id, _PICTURES)
    yield from each(source, doc_id, ELEMENT_CANDIDATES, _row)


def candidate_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's candidates: what is to be found."""
    for item in pool(source, doc_id, ELEMENT_CANDIDATES):
        path = picture_path(source, item)
        yield {"id": item.candidate_id, "kind": item.kind.value, "text": item.text, "image": path}


def _row(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    found = [one.item for one in item.relevant if one.grade == ANSWERS] or [one.item for one in item.relevant]
    paths = [path for one in found if (path := picture_path(source, one))]
    texts = [one.text for one in found]
    one = item.question
    retrieval = "image" if paths else "paragraph" if len(texts) == 1 else "document"
    yield {
        "index": one.qa_id,
        "question": one.question,
        "answer": one.answer,
        "source": "corpusmill",
        "gt_texts": [] if paths else texts,
        "gt_images": paths,
        "gt_retrieval": retrieval,
        "gt_ids": [candidate.candidate_id for candidate in found],
        "split": one.split,
    }


FORMAT: Final = Format(
    "universalrag",
    "UniversalRAG: questions with the kind of retrieval that each needs, and what it should find",
    (
        Config(
            "questions",
            "a question with what should be found for it",
            partial(
                columns,
                "index question answer source gt_texts gt_images gt_retrieval gt_ids",
                gt_texts=TEXTS,
                gt_images=TEXTS,
                gt_ids=TEXTS,
            ),
            question_rows,
            "split",
            Encoding.JSON,
            "{split}.json",
            "test",
        ),
        Config(
            "candidates",
            "a passage, table or figure",
            partial(columns, "id kind text image"),
            candidate_rows,
            encoding=Encoding.JSON_LINES,
            path="candidates.jsonl",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
)
