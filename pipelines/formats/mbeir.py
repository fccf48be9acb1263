"""M-BEIR: queries, one candidate pool, qrels and instructions, with JPEG pictures whose short side is 256.

Its readers take one modality for all positives of a query, so a question whose evidence lies in several modalities
becomes one query a modality. Numbers are behind "100:", a data set id that its own do not use; our ids stand in
`src_content`.
"""

import io
import json
from collections.abc import Iterator
from functools import partial
from typing import Final

import PIL.Image

from generators.pools import ELEMENT_CANDIDATES, PoolItem
from pipelines.formats.asked import Asked, Relevant, each, picture_path, pool
from pipelines.formats.numbering import numbering
from pipelines.formats.shape import TEXTS, Attachment, Config, Encoding, Format, LeftOut, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Picture, Row

DATASET: Final = 100
SHORT_SIDE: Final = 256
LONGEST_SIDE: Final = 4096
_TASKS: Final = {"image": 0, "text": 1, "image,text": 2}
_PROMPTS: Final = {
    "text": "Find the passage or table that answers the question.",
    "image": "Find the picture that answers the question.",
    "image,text": "Find the table or figure, with its caption, that answers the question.",
}
_QUALITY: Final = 90
_LOADING: Final = """\
from data.mbeir_dataset import MBEIRMainDataset, Mode  # of UniIR

data = MBEIRMainDataset(
    "PATH",
    "query/test/mbeir_corpusmill_test.jsonl",
    "cand_pool/local/mbeir_corpusmill_cand_pool.jsonl",
    "instructions/query_instructions.tsv",
    img_preprocess_fn=None,
    mode=Mode.EVAL,
)
"""


def query_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, each once a modality of what answers it, and what was left out."""
    yield from each(source, doc_id, ELEMENT_CANDIDATES, _queries)


def qrels_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield the grades of a document's questions."""
    for row in each(source, doc_id, ELEMENT_CANDIDATES, _grades):
        if isinstance(row, dict):
            yield row


def candidate_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's candidates and their pictures."""
    for item in pool(source, doc_id, ELEMENT_CANDIDATES):
        kind = modality(source, item)
        if kind is None:
            yield LeftOut("candidates with neither text nor picture")
            continue
        picture = source.picture(doc_id, item.image_id) if "image" in kind else None
        path = _jpeg_path(source, item) if picture else None
        if picture and path:
            yield Attachment(path, [small_jpeg(picture)])
        yield {
            "did": _number(source, item),
            "txt": item.text or None,
            "img_path": path,
            "modality": kind,
            "src_content": json.dumps({"id": item.candidate_id}),
        }


def instruction_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield the instructions, once for the whole corpus."""
    if doc_id == source.ordered()[0]:
        for kind, prompt in _PROMPTS.items():
            row = {"query_modality": "text", "cand_modality": kind, "dataset_name": "CorpusMill"}
            yield row | {"dataset_id": DATASET, "prompt_1": prompt}


def modality(source: DatasetSource, item: PoolItem) -> str | None:
    """Return what a candidate consists of, in the format's words; None when it is of nothing."""
    held = ["image"] if source.picture_kind(item.doc_id, item.image_id) else []
    held += ["text"] if item.text.strip() else []
    return ",".join(held) or None


def small_jpeg(picture: Picture) -> bytes:
    """Return a picture as JPEG with a short side of 256 pixels; less where a very long side would be over 4096."""
    with PIL.Image.open(io.BytesIO(picture.data)) as image:
        scale = min(SHORT_SIDE / min(image.size), LONGEST_SIDE / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        target = io.BytesIO()
        image.convert("RGB").resize(size).save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _queries(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    for kind, found in _by_modality(source, item).items():
        yield {
            "qid": _query_number(source, item, kind),
            "query_txt": one.question,
            "query_img_path": None,
            "query_modality": "text",
            "query_src_content": json.dumps({"id": one.qa_id, "answer": one.answer}, ensure_ascii=False),
            "pos_cand_list": [_number(source, relevant.item) for relevant in found],
            "neg_cand_list": [_number(source, other) for other, _ in item.negatives if modality(source, other)],
            "split": one.split,
        }


def _grades(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    for kind, found in _by_modality(source, item).items():
        for relevant in found:
            yield {
                "qid": _query_number(source, item, kind),
                "zero": 0,
                "did": _number(source, relevant.item),
                "rel": relevant.grade,
                "task": _TASKS[kind],
                "split": item.question.split,
            }


def _by_modality(source: DatasetSource, item: Asked) -> dict[str, list[Relevant]]:
    found: dict[str, list[Relevant]] = {}
    for relevant in item.relevant:
        kind = modality(source, relevant.item)
        if kind:
            found.setdefault(kind, []).append(relevant)
    return found


def _query_number(source: DatasetSource, item: Asked, kind: str) -> str:
    return f"{DATASET}:{numbering(source).question(item.question.qa_id) * len(_TASKS) + _TASKS[kind]}"


def _number(source: DatasetSource, item: PoolItem) -> str:
    return f"{DATASET}:{numbering(source).candidate(item.candidate_id)}"


def _jpeg_path(source: DatasetSource, item: PoolItem) -> str | None:
    path = picture_path(source, item)
    return path and f"mbeir_{path.rpartition('.')[0]}.jpg"


FORMAT: Final = Format(
    "m-beir",
    "M-BEIR: queries, candidate pool, qrels and instructions, with small JPEG pictures",
    (
        Config(
            "queries",
            "a question, for one modality of what answers it",
            partial(
                columns,
                "qid query_txt query_img_path query_modality query_src_content pos_cand_list neg_cand_list",
                pos_cand_list=TEXTS,
                neg_cand_list=TEXTS,
            ),
            query_rows,
            "split",
            Encoding.JSON_LINES,
            "query/{split}/mbeir_corpusmill_{split}.jsonl",
            "test",
        ),
        Config(
            "cand_pool",
            "a passage, table or figure with its text and picture",
            partial(columns, "did txt img_path modality src_content"),
            candidate_rows,
            encoding=Encoding.JSON_LINES,
            path="cand_pool/local/mbeir_corpusmill_cand_pool.jsonl",
        ),
        Config(
            "qrels",
            "query, 0, candidate, grade (2 holds the answer, 1 context), task",
            partial(columns, "qid zero did rel task"),
            qrels_rows,
            "split",
            Encoding.SPACED,
            "qrels/{split}/mbeir_corpusmill_{split}_qrels.txt",
            "test",
        ),
        Config(
            "instructions",
            "an instruction for a pair of modalities",
            partial(columns, "query_modality cand_modality dataset_name dataset_id prompt_1"),
            instruction_rows,
            encoding=Encoding.TABBED,
            path="instructions/query_instructions.tsv",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
)
