"""The rows of a Hugging Face dataset: questions, retrieval candidates, pages, with their pictures inside.

Nothing here names a folder, a host or a user of the machine that made the corpus: documents go by their file name, an
engine by its kind and its model.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from datasets import Features, Image, List, Value

from pipelines.formats.shape import Config, Format
from pipelines.formats.source import DatasetSource, Row, file_name
from schemas.arrow import arrow_schema, to_plain
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Evidence, Question

_OBJECTS = (ElementKind.TABLE, ElementKind.FIGURE)
_FURNITURE = (ElementKind.HEADER, ElementKind.FOOTER)
_DOCUMENT = {"doc_id": Value("string"), "file_name": Value("string"), "title": Value("string")}
_STRINGS = List(Value("string"))
_BOX = List(Value("float64"))
_ENGINE_ADDRESS = re.compile(r"^(?:https?|replay)\b.*", re.DOTALL)


@cache
def qa_schema() -> pa.Schema:
    """Return the schema of the qa config: the qa table, with its evidence easier to show."""
    features = Features.from_arrow_schema(arrow_schema(Question))
    evidence = dict(Features.from_arrow_schema(arrow_schema(Evidence)))
    evidence |= {
        "file_name": Value("string"),
        "title": Value("string"),
        "page_width": Value("float64"),
        "page_height": Value("float64"),
        "image_index": Value("int64"),
        "page_image_index": Value("int64"),
    }
    return Features(
        dict(features) | {"evidence": List(evidence), "images": List(Image()), "page_images": List(Image())}
    ).arrow_schema


@cache
def corpus_schema() -> pa.Schema:
    """Return the schema of the corpus config: what a retriever chooses among."""
    return Features(
        {
            "id": Value("string"),
            "kind": Value("string"),
            **_DOCUMENT,
            "page_index": Value("int64"),
            "page_indices": List(Value("int64")),
            "page_label": Value("string"),
            "element_ids": _STRINGS,
            "section_path": _STRINGS,
            "label": Value("string"),
            "caption": Value("string"),
            "text": Value("string"),
            "html": Value("string"),
            "bbox": _BOX,
            "image": Image(),
        }
    ).arrow_schema


@cache
def pages_schema() -> pa.Schema:
    """Return the schema of the pages config."""
    return Features(
        {
            "id": Value("string"),
            **_DOCUMENT,
            "page_index": Value("int64"),
            "page_label": Value("string"),
            "width": Value("float64"),
            "height": Value("float64"),
            "rotation": Value("int64"),
            "text_source": Value("string"),
            "modalities": _STRINGS,
            "text": Value("string"),
            "image": Image(),
        }
    ).arrow_schema


def qa_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's questions. `images` are the crops of evidence, `page_images` the pages it stands on."""
    for question in source.questions(doc_id):
        row = to_plain(question)
        row["provenance"] = public_provenance(row["provenance"])
        row["history"] = [part | {"author": public_engine(part["author"])} for part in row["history"]]
        crops, pages = _Gallery(source), _Gallery(source)
        row["evidence"] = [_evidence_row(source, part, crops, pages) for part in row["evidence"]]
        yield row | {"images": crops.pictures, "page_images": pages.pictures}


def corpus_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's passages, then its tables and figures."""
    document = _document_row(source, doc_id)
    labels = {
        row["page_index"]: row["page_label"] for row in source.rows("pages", doc_id, ["page_index", "page_label"])
    }
    columns = ["passage_id", "element_ids", "text", "page_indices", "section_path"]
    for passage in source.rows("passages", doc_id, columns):
        pages = passage["page_indices"]
        yield document | {
            "id": passage.pop("passage_id"),
            "kind": "passage",
            "page_index": pages[0] if pages else None,
            "page_label": labels.get(pages[0]) if pages else None,
            **passage,
        }
    captions = _captions(source, doc_id)
    columns = ["element_id", "page_index", "order", "kind", "bbox", "text", "label", "section_path", "html", "image_id"]
    for element in _in_order(source.rows("elements", doc_id, columns, filter=_kinds(*_OBJECTS))):
        picture = source.picture(doc_id, element.pop("image_id"))
        del element["order"]
        element_id, page = element.pop("element_id"), element["page_index"]
        yield document | {
            "id": element_id,
            "element_ids": [element_id],
            "page_indices": [page],
            "page_label": labels.get(page),
            "caption": captions.get(element_id),
            "image": picture.row() if picture else None,
            **element,
        }


def pages_rows(source: DatasetSource, doc_id: str) -> Iterator[Row]:
    """Yield a document's pages with their picture and their text in reading order, without headers and footers."""
    document = _document_row(source, doc_id)
    texts: dict[int, list[str]] = defaultdict(list)
    for element in _in_order(
        source.rows("elements", doc_id, ["page_index", "order", "text"], filter=~_kinds(*_FURNITURE))
    ):
        if element["text"]:
            texts[element["page_index"]].append(element["text"])
    columns = ["page_index", "page_label", "width", "height", "rotation", "text_source", "modalities", "image_id"]
    for page in sorted(source.rows("pages", doc_id, columns), key=_page_index):
        picture = source.picture(doc_id, page.pop("image_id"))
        number = page["page_index"]
        yield document | {
            "id": f"{doc_id}/p{number:04d}",
            "text": "\n\n".join(texts[number]),
            "image": picture.row() if picture else None,
            **page,
        }


def public_engine(name: str) -> str:
    """Return an engine's name without the address or folder of the one who ran it.

    >>> public_engine("http://10.0.0.7:8000/v1"), public_engine("replay:/home/me/answers"), public_engine("none")
    ('http', 'replay', 'none')
    """
    return re.split(r"s?:", name, maxsplit=1)[0] if _ENGINE_ADDRESS.match(name) else _last_part(name)


class _Gallery:
    """The pictures of one question, each once, in the order in which they are first needed."""

    def __init__(self, source: DatasetSource) -> None:
        self._source = source
        self._numbers: dict[str, int] = {}
        self.pictures: list[Row] = []

    def place(self, doc_id: str, image_id: str | None) -> int | None:
        """Return the index of a picture in `pictures`, adding it when it is new."""
        if image_id is None or image_id in self._numbers:
            return self._numbers.get(image_id or "")
        picture = self._source.picture(doc_id, image_id)
        if picture is None:
            return None
        self._numbers[image_id] = len(self.pictures)
        self.pictures.append(picture.row())
        return self._numbers[image_id]


def _evidence_row(source: DatasetSource, evidence: Row, crops: _Gallery, pages: _Gallery) -> Row:
    doc_id = evidence["doc_id"]
    page = source.page_facts(doc_id).get(evidence["page_index"], {})
    return evidence | {
        **_document_row(source, doc_id),
        "page_width": page.get("width"),
        "page_height": page.get("height"),
        "image_index": crops.place(doc_id, source.crop(evidence["element_id"])),
        "page_image_index": pages.place(doc_id, page.get("image_id")),
    }


def _document_row(source: DatasetSource, doc_id: str) -> Row:
    if doc_id not in source.places:
        return {"doc_id": doc_id, "file_name": None, "title": None}
    document = source.document(doc_id)
    return {"doc_id": doc_id, "file_name": file_name(document), "title": document.title}


def _captions(source: DatasetSource, doc_id: str) -> dict[str, str]:
    texts = {
        row["element_id"]: row["text"]
        for row in source.rows("elements", doc_id, ["element_id", "text"], filter=_kinds(ElementKind.CAPTION))
    }
    of_caption = pc.field("kind") == LinkKind.CAPTION_OF.value
    links = source.rows("links", doc_id, ["source_id", "target_id"], filter=of_caption)
    return {link["target_id"]: texts[link["source_id"]] for link in links if link["source_id"] in texts}


def public_provenance(provenance: Row) -> Row:
    """Return a provenance without addresses and folders of the one who made it."""
    model = provenance["model"]
    return provenance | {"engine": public_engine(provenance["engine"]), "model": model and _last_part(model)}


def _last_part(name: str) -> str:
    # A model may go by the folder it was loaded from; "organisation/model" stays.
    return name.rstrip("/").rpartition("/")[2] if re.search(r"(^|:)[/~.]", name) or name.count("/") > 1 else name


def _kinds(*kinds: ElementKind) -> Any:
    return pc.field("kind").isin([kind.value for kind in kinds])


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=_reading_place)


def _reading_place(row: Row) -> tuple[int, int]:
    return row["page_index"], row["order"]


def _page_index(row: Row) -> int:
    return int(row["page_index"])


FORMAT: Final = Format(
    "huggingface",
    "Parquet with pictures inside and a dataset card, for datasets.load_dataset",
    (
        Config("qa", "a question with its answer, evidence, proof and pictures", qa_schema, qa_rows, "split"),
        Config("corpus", "a passage, table or figure: what a retriever chooses among", corpus_schema, corpus_rows),
        Config("pages", "a page with its picture and its text", pages_schema, pages_rows),
    ),
)
