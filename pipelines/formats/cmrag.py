"""CMRAG-style: page text and page picture side by side, the regions of every page, and graded questions.

Boxes are in pixels of the page's picture.
"""

import io
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Final

import PIL.Image
import pyarrow as pa

from generators.pools import PAGES
from pipelines.formats.asked import Asked, each, picture_path, pool
from pipelines.formats.shape import TEXT, TEXTS, Attachment, Config, Encoding, Format, Need, Yield, columns
from pipelines.formats.source import DatasetSource, Row
from schemas.kinds import ElementKind
from schemas.records import Element, Page

_FURNITURE: Final = (ElementKind.HEADER, ElementKind.FOOTER)
_REGION: Final = pa.struct({"id": TEXT, "kind": TEXT, "bbox": pa.list_(pa.float64()), "text": TEXT})
_GRADED: Final = pa.struct({"page_id": TEXT, "grade": pa.int64()})
_LOADING: Final = """\
from datasets import load_dataset

pages = load_dataset("json", data_files="PATH/pages.jsonl", split="train")
queries = load_dataset("json", data_files="PATH/queries_test.jsonl", split="train")
"""


def page_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's pages that have a picture, with their regions, and the pictures."""
    view = source.views[doc_id]
    on_page: dict[int, list[Element]] = defaultdict(list)
    for element in view.elements:
        if element.kind not in _FURNITURE:
            on_page[element.page_index].append(element)
    for item in pool(source, doc_id, PAGES):
        picture, path = source.picture(doc_id, item.image_id), picture_path(source, item)
        if picture is None or path is None:
            continue
        yield Attachment(path, [picture.data])
        with PIL.Image.open(io.BytesIO(picture.data)) as image:
            width, height = image.size
        page = view.pages[item.page_indices[0]]
        yield {
            "page_id": item.candidate_id,
            "doc_id": doc_id,
            "page_index": page.page_index,
            "text": item.text,
            "image": path,
            "width": width,
            "height": height,
            "regions": [_region(element, page, width, height=height) for element in on_page[page.page_index]],
        }


def query_rows(source: DatasetSource, doc_id: str) -> Iterator[Yield]:
    """Yield a document's questions, and what was left out."""
    yield from each(source, doc_id, PAGES, _query, pictures=True)


def _region(element: Element, page: Page, width: int, *, height: int) -> Row:
    across, down = width / page.width, height / page.height
    x0, y0, x1, y1 = element.bbox
    box = [round(x0 * across, 1), round(y0 * down, 1), round(x1 * across, 1), round(y1 * down, 1)]
    return {"id": element.element_id, "kind": element.kind.value, "bbox": box, "text": element.text}


def _query(_: DatasetSource, item: Asked) -> Iterator[Yield]:
    one = item.question
    yield {
        "query_id": one.qa_id,
        "query": one.question,
        "answer": one.answer,
        "pages": [{"page_id": found.item.candidate_id, "grade": found.grade} for found in item.relevant],
        "region_ids": list(dict.fromkeys(unit.element_id for unit in one.evidence)),
        "split": one.split,
    }


FORMAT: Final = Format(
    "cmrag",
    "CMRAG-style: page text beside page picture, regions with boxes, graded questions",
    (
        Config(
            "queries",
            "a question with its pages and regions",
            partial(columns, "query_id query answer pages region_ids", pages=pa.list_(_GRADED), region_ids=TEXTS),
            query_rows,
            "split",
            Encoding.JSON_LINES,
            "queries_{split}.jsonl",
            "test",
        ),
        Config(
            "pages",
            "a page: its text, its picture, its regions",
            partial(
                columns,
                "page_id doc_id page_index text image width height regions",
                page_index=pa.int64(),
                width=pa.int64(),
                height=pa.int64(),
                regions=pa.list_(_REGION),
            ),
            page_rows,
            encoding=Encoding.JSON_LINES,
            path="pages.jsonl",
        ),
    ),
    needs=frozenset({Need.QUESTIONS, Need.EVIDENCE, Need.PAGE_PICTURES}),
    loading=_LOADING,
)
