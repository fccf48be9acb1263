"""UniDoc-Bench's own columns: questions with the pictures of their pages and of their whole documents."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import pyarrow as pa
from datasets import Features, List, Value

from generators.pools import PAGES, PoolItem
from pipelines.formats.asked import Asked, each, folder_of, pool, slug
from pipelines.formats.shape import Attachment, Config, Format, Need, Yield
from pipelines.formats.source import DatasetSource

NO_DOMAIN: Final = "general"
_ANSWER_TYPES: Final = {"text": "text_only", "figure": "image_only", "table": "table_required"}
_TEXT, _TEXTS = Value("string"), List(Value("string"))
_LOADING: Final = """\
from datasets import load_dataset

questions = load_dataset("PATH", split="test")  # paths of pictures are relative to "PATH"
"""


@cache
def schema() -> pa.Schema:
    """Return the columns; ours come last."""
    return Features(
        {
            "question": _TEXT,
            "answer": _TEXT,
            "gt_image_paths": _TEXTS,
            "question_type": _TEXT,
            "answer_type": _TEXT,
            "domain": _TEXT,
            "longdoc_image_paths": _TEXTS,
            "id": _TEXT,
        }
    ).arrow_schema


def rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, the pictures of its pages, and what was left out."""
    for page in pool(source, doc_id, PAGES):
        picture, path = source.picture(doc_id, page.image_id), page_path(source, page)
        if picture and path:
            yield Attachment(path, [picture.data])
    yield from each(source, doc_id, PAGES, _row, pictures=True)


def page_path(source: DatasetSource, page: PoolItem) -> str | None:
    """Return where a page's picture goes, `images/DOMAIN/DOC/DOC_page_0001.png`, pages counted from 1."""
    kind = source.picture_kind(page.doc_id, page.image_id)
    if kind is None:
        return None
    name = folder_of(source, page.doc_id)
    domain = slug(source.document(page.doc_id).domain or NO_DOMAIN).lower()
    return f"images/{domain}/{name}/{name}_page_{page.page_indices[0] + 1:04d}.{kind}"


def answer_type(modality: str) -> str:
    """Return the benchmark's word for what an answer lies in.

    >>> answer_type("table"), answer_type("text+figure"), answer_type("text+table")
    ('table_required', 'image_plus_text_as_answer', 'table_required')
    """
    single = _ANSWER_TYPES.get(modality)
    return single or ("image_plus_text_as_answer" if "figure" in modality else "table_required")


def _row(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    documents = dict.fromkeys(found.item.doc_id for found in item.relevant)
    pages = [page for doc_id in documents for page in pool(source, doc_id, PAGES)]
    first = source.document(next(iter(documents)))
    yield {
        "question": one.question,
        "answer": one.answer,
        "gt_image_paths": [page_path(source, found.item) for found in item.relevant],
        "question_type": one.question_type.value,
        "answer_type": answer_type(one.answer_modality),
        "domain": one.domain or first.domain or NO_DOMAIN,
        "longdoc_image_paths": [path for page in pages if (path := page_path(source, page))],
        "id": one.qa_id,
        "split": one.split,
    }


FORMAT: Final = Format(
    "unidoc",
    "UniDoc-Bench's columns, with the pictures of all pages as files",
    (Config("questions", "a question with the pictures of its pages", schema, rows, "split", default_split="test"),),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.PAGE_PICTURES}),
    loading=_LOADING,
)
