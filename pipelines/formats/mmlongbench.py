"""MMLongBench-Doc: samples whose lists stand in texts, pages counted from 1, and the documents' elements with boxes.

The benchmark's scoring takes an answer that is a list from a text like "['Kiel', 'Ulm']"; without the brackets the
whole text would be one item, which no list of several items ever equals. The elements have the columns of BayesRAG:
page index from 0, page size and box in points. Questions that nobody can answer belong here: their answer is "Not
answerable".
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa

from generators.answer_matching import list_items
from generators.checks.surroundings import own_evidence
from generators.program_runs import LIST_MARK
from pipelines.formats.asked import folder_of, picture_path
from pipelines.formats.shape import Attachment, Config, Encoding, Format, LeftOut, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Row
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType
from schemas.records import Question

UNANSWERABLE: Final = "Not answerable"
_SOURCES: Final = {Modality.TEXT: "Pure-text (Plain-text)", Modality.TABLE: "Table", Modality.FIGURE: "Figure"}
_LOADING: Final = """\
import json

samples = json.load(open("PATH/samples_test.json"))
pages = [eval(sample["evidence_pages"]) for sample in samples]  # as the benchmark's eval/eval_score.py does
"""


def sample_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions; one that needs several documents has no place here."""
    for question in source.questions(doc_id):
        if len({unit.doc_id for unit in own_evidence(question)}) > 1:
            yield LeftOut("questions over several documents")
        else:
            yield _sample(source, question, doc_id)


def element_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's elements with their boxes, and their crops."""
    view, pool = source.views[doc_id], source.pool(doc_id)
    for element in view.elements:
        page, item = view.pages[element.page_index], pool.get(element.element_id)
        path = picture_path(source, item) if item else None
        picture = source.picture(doc_id, element.image_id) if path else None
        if path and picture:
            yield Attachment(path, [picture.data])
        yield {
            "doc_id": document_name(source, doc_id),
            "id": element.element_id,
            "type": element.kind.value,
            "text": element.text,
            "page_idx": element.page_index,
            "page_size": [page.width, page.height],
            "para_bbox": list(element.bbox),
            "img_path": path,
        }


def document_name(source: DatasetSource, doc_id: str) -> str:
    """Return the file name that a document goes by; the id keeps two of the same name apart."""
    return f"{folder_of(source, doc_id)}.pdf"


def answer_format(question: Question) -> str:
    """Return the benchmark's word for the form of an answer."""
    if question.question_type is QuestionType.UNANSWERABLE:
        return "None"
    if question.answer_kind is AnswerKind.LIST:
        return "List"
    if question.answer_kind is not AnswerKind.NUMBER:
        return "Str"
    try:
        float(question.answer)
    except ValueError:
        # A figure with a unit or a thousands separator is compared as text there.
        return "Str"
    return "Float" if "." in question.answer else "Int"


def answer_text(question: Question) -> str:
    """Return an answer as the benchmark's scoring reads it."""
    if question.question_type is QuestionType.UNANSWERABLE:
        return UNANSWERABLE
    if question.answer_kind is not AnswerKind.LIST:
        return question.answer
    return str(question.program.result.split(LIST_MARK) if question.program else list_items(question.answer))


def _sample(source: DatasetSource, question: Question, doc_id: str) -> Row:
    document = source.document(doc_id)
    answerable = question.question_type is not QuestionType.UNANSWERABLE
    evidence = own_evidence(question) if answerable else ()
    answer = [unit for unit in evidence if unit.role is EvidenceRole.ANSWER]
    return {
        "doc_id": document_name(source, doc_id),
        "doc_type": document.domain or "Document",
        "question": question.question,
        "answer": answer_text(question),
        "evidence_pages": str(sorted({unit.page_index + 1 for unit in evidence})),
        "evidence_sources": str(sorted({_SOURCES[unit.modality] for unit in answer or evidence})),
        "answer_format": answer_format(question),
        "id": question.qa_id,
        "split": question.split,
    }


FORMAT: Final = Format(
    "mmlongbench",
    "MMLongBench-Doc's samples, with the elements of the documents and their boxes",
    (
        Config(
            "samples",
            "a question with the pages and kinds of its evidence",
            partial(columns, "doc_id doc_type question answer evidence_pages evidence_sources answer_format id"),
            sample_rows,
            "split",
            Encoding.JSON,
            "samples_{split}.json",
            "test",
        ),
        Config(
            "elements",
            "an element of a document with its box in points",
            partial(
                columns,
                "doc_id id type text page_idx page_size para_bbox img_path",
                page_idx=pa.int64(),
                page_size=pa.list_(pa.float64()),
                para_bbox=pa.list_(pa.float64()),
            ),
            element_rows,
            encoding=Encoding.JSON_LINES,
            path="elements.jsonl",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE}),
    loading=_LOADING,
)
