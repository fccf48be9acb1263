"""ViDoRe v2 and v3: page pictures, queries and graded qrels; v3 with answers, content types, boxes and documents.

Both number queries and pages from 0; our own ids stand in the column `id`. Boxes are those of the elements that the
evidence stands in, in pixels of the page picture; nobody drew them, which annotator 0 says.
"""

import hashlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import PIL.Image
import pyarrow as pa
from datasets import Features, Image, List, Value

from generators.pools import PAGES
from pipelines.formats.asked import Asked, Relevant, each, folder_of, judged, language_name, pool
from pipelines.formats.huggingface import public_engine
from pipelines.formats.numbering import numbering
from pipelines.formats.shape import Attachment, Config, Format, LeftOut, Need, Yield
from pipelines.formats.source import DatasetSource, Row
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType
from schemas.records import Evidence, Question

_NUMBER, _TEXT, _TEXTS = Value("int64"), Value("string"), List(Value("string"))
_CONTENT: Final = {Modality.TEXT: "Text", Modality.TABLE: "Table", Modality.FIGURE: "Image"}
_LOADING: Final = """\
from datasets import load_dataset

corpus, queries, qrels = (load_dataset("PATH", name, split="test") for name in ("corpus", "queries", "qrels"))
"""
_PIECE: Final = 1 << 20


@cache
def corpus_schema_v2() -> pa.Schema:
    """Return the columns of v2's corpus."""
    return Features({"corpus-id": _NUMBER, "image": Image(), "id": _TEXT}).arrow_schema


@cache
def queries_schema_v2() -> pa.Schema:
    """Return the columns of v2's queries."""
    return Features({"query-id": _NUMBER, "query": _TEXT, "language": _TEXT, "answer": _TEXT, "id": _TEXT}).arrow_schema


@cache
def qrels_schema_v2() -> pa.Schema:
    """Return the columns of v2's qrels."""
    return Features({"query-id": _NUMBER, "corpus-id": _NUMBER, "score": _NUMBER}).arrow_schema


@cache
def corpus_schema() -> pa.Schema:
    """Return the columns of v3's corpus."""
    return Features(
        {
            "corpus_id": _NUMBER,
            "image": Image(),
            "doc_id": _TEXT,
            "markdown": _TEXT,
            "page_number_in_doc": _NUMBER,
            "id": _TEXT,
        }
    ).arrow_schema


@cache
def queries_schema() -> pa.Schema:
    """Return the columns of v3's queries."""
    texts = ("query_generator", "query_generation_pipeline", "source_type", "query_type_for_generation", "answer", "id")
    return Features(
        {
            "query_id": _NUMBER,
            "query": _TEXT,
            "language": _TEXT,
            "query_types": _TEXTS,
            "query_format": _TEXT,
            "content_type": _TEXTS,
            "raw_answers": _TEXTS,
            **dict.fromkeys(texts, _TEXT),
        }
    ).arrow_schema


@cache
def qrels_schema() -> pa.Schema:
    """Return the columns of v3's qrels."""
    box = dict.fromkeys(("annotator", "x1", "y1", "x2", "y2"), _NUMBER)
    numbers = dict.fromkeys(("query_id", "corpus_id", "score"), _NUMBER)
    return Features({**numbers, "content_type": _TEXTS, "bounding_boxes": List(box)}).arrow_schema


@cache
def documents_schema() -> pa.Schema:
    """Return the columns of v3's documents."""
    texts = ("file_name", "doc_id", "url", "doc_type", "doc_language", "doc_year")
    return Features(
        {**dict.fromkeys(texts, _TEXT), "visual_types": _TEXTS, "page_number": _NUMBER, "license": _TEXT}
    ).arrow_schema


def corpus_rows_v2(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's pages that have a picture."""
    for row in corpus_rows(source, doc_id):
        yield {"corpus-id": row["corpus_id"], "image": row["image"], "id": row["id"]}


def query_rows_v2(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, PAGES, _query_v2, pictures=True)


def qrels_rows_v2(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield the grades of a document's questions."""
    for row in qrels_rows(source, doc_id):
        yield {
            "query-id": row["query_id"],
            "corpus-id": row["corpus_id"],
            "score": row["score"],
            "split": row["split"],
        }


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's pages that have a picture."""
    for item in pool(source, doc_id, PAGES):
        picture = source.picture(doc_id, item.image_id)
        if picture:
            yield {
                "corpus_id": numbering(source).candidate(item.candidate_id),
                "image": picture.row(),
                "doc_id": folder_of(source, doc_id),
                "markdown": item.text,
                "page_number_in_doc": item.page_indices[0],
                "id": item.candidate_id,
            }


def query_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, PAGES, _query, pictures=True)


def qrels_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield the grades of a document's questions, with the boxes of their evidence."""
    for item in judged(source, doc_id, PAGES, pictures=True):
        for found in item.relevant:
            units = [item.question.evidence[number] for number in found.units]
            yield {
                "query_id": numbering(source).question(item.question.qa_id),
                "corpus_id": numbering(source).candidate(found.item.candidate_id),
                "score": found.grade,
                "content_type": content_types(units),
                "bounding_boxes": list(_boxes(source, found, units)),
                "split": item.question.split,
            }


def document_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield what is known of a document, and its file where it still lies where it was read."""
    document = source.document(doc_id)
    modalities = [part for page in source.views[doc_id].pages.values() for part in page.modalities]
    name = f"{folder_of(source, doc_id)}.pdf"
    yield {
        "file_name": name,
        "doc_id": folder_of(source, doc_id),
        "url": None,
        "doc_type": document.domain,
        "doc_language": document.language,
        "doc_year": (document.created or "")[:4] or None,
        "visual_types": sorted({_CONTENT[part] for part in modalities if part is not Modality.TEXT}),
        "page_number": document.page_count,
        "license": document.licence,
    }
    path = Path(document.uri)
    if path.is_file() and _digest(path) == document.sha256:
        yield Attachment(f"pdfs/{name}", _pieces(path))
    else:
        yield LeftOut("documents whose file is not where it was read from any more")


def query_types(question: Question) -> list[str]:
    """Return the types of v3 that a question is of."""
    found = {
        "multi-hop": question.hops > 1,
        "compare-contrast": question.question_type is QuestionType.COMPARISON,
        "numerical": question.answer_kind is AnswerKind.NUMBER,
        "boolean": question.answer_kind is AnswerKind.BOOLEAN,
        "enumerative": question.answer_kind is AnswerKind.LIST,
        "open-ended": question.question_type is QuestionType.SUMMARIZATION,
        "extractive": question.question_type is QuestionType.FACTUAL_RETRIEVAL,
    }
    return [name for name, holds in found.items() if holds] or ["extractive"]


def content_types(evidence: list[Evidence]) -> list[str]:
    """Return v3's names of what carries some evidence: that of the answer, or else the context."""
    answer = [unit for unit in evidence if unit.role is EvidenceRole.ANSWER]
    return sorted({_CONTENT[unit.modality] for unit in answer or evidence})


def _query_v2(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    yield {
        "query-id": numbering(source).question(one.qa_id),
        "query": one.question,
        "language": language_name(one.language),
        "answer": one.answer,
        "id": one.qa_id,
        "split": one.split,
    }


def _query(source: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    yield {
        "query_id": numbering(source).question(one.qa_id),
        "query": one.question,
        "language": language_name(one.language),
        "query_types": query_types(one),
        "query_format": "question",
        "content_type": content_types(list(one.evidence)),
        "raw_answers": [one.answer],
        "query_generator": public_engine(one.provenance.engine),
        "query_generation_pipeline": "table program" if one.program else one.provenance.prompt,
        "source_type": "context",
        "query_type_for_generation": one.question_type.value,
        "answer": one.answer,
        "id": one.qa_id,
        "split": one.split,
    }


def _boxes(source: DatasetSource, found: Relevant, units: list[Evidence]) -> Iterator[dict[str, int]]:
    picture = source.picture(found.item.doc_id, found.item.image_id)
    page = source.views[found.item.doc_id].pages[found.item.page_indices[0]]
    if picture is None:
        return
    with PIL.Image.open(io.BytesIO(picture.data)) as image:
        scale = image.width / page.width, image.height / page.height
    for box in dict.fromkeys(unit.bbox for unit in units):
        yield {"annotator": 0, **pixels(box, scale)}


def pixels(box: Box, scale: tuple[float, float]) -> dict[str, int]:
    """Return a box in whole pixels.

    >>> pixels(Box(10.0, 20.0, 30.0, 40.0), (2.0, 2.0))
    {'x1': 20, 'y1': 40, 'x2': 60, 'y2': 80}
    """
    x0, y0, x1, y1 = box
    return {
        "x1": round(x0 * scale[0]),
        "y1": round(y0 * scale[1]),
        "x2": round(x1 * scale[0]),
        "y2": round(y1 * scale[1]),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


_PAGE: Final = "a page with its picture"
_QRELS: Final = "a question with a page that it needs: 2 holds the answer, 1 context"
_NEEDS: Final = frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.PAGE_PICTURES})

V2: Final = Format(
    "vidore-v2",
    "ViDoRe v2: page pictures, queries and graded qrels with integer ids",
    (
        Config("corpus", _PAGE, corpus_schema_v2, corpus_rows_v2, default_split="test", shared=True),
        Config("queries", "a question", queries_schema_v2, query_rows_v2, "split", default_split="test"),
        Config("qrels", _QRELS, qrels_schema_v2, qrels_rows_v2, "split", default_split="test"),
    ),
    needs=_NEEDS,
    loading=_LOADING,
)
V3: Final = Format(
    "vidore-v3",
    "ViDoRe v3: page pictures, queries with answers, qrels with boxes in pixels, documents with their files",
    (
        Config("corpus", f"{_PAGE} and its text", corpus_schema, corpus_rows, default_split="test", shared=True),
        Config("queries", "a question with its answer", queries_schema, query_rows, "split", default_split="test"),
        Config("qrels", _QRELS, qrels_schema, qrels_rows, "split", default_split="test"),
        Config("documents_metadata", "a document", documents_schema, document_rows, default_split="test", shared=True),
    ),
    needs=_NEEDS,
    loading=_LOADING,
)
