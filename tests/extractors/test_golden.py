"""The extraction of small real PDFs, whole: kinds, order, text, labels, sections, cells, links, places.

`pytest tests/extractors/test_golden.py --regold` writes the golden files anew; read the difference, then commit it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.records import Element, Extraction, Link

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
PDFS = [
    *sorted((ROOT / "tests" / "data").glob("*.pdf")),
    ROOT / "examples" / "pdfs" / "jose-00303.pdf",
    ROOT / "examples" / "pdfs" / "multcomp-chfls1.pdf",
]
POINTS = 0.5


@pytest.mark.parametrize("pdf", PDFS, ids=lambda path: path.stem)
def test_extraction_is_as_it_was_read_and_found_good(pdf: Path, request: pytest.FixtureRequest) -> None:
    golden = GOLDEN / f"{pdf.stem}.json"
    found = picture_of(extract(pdf.read_bytes(), ExtractOptions(page_dpi=0), uri=pdf.name))
    if request.config.getoption("--regold"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    expected = json.loads(golden.read_text())
    assert without_boxes(found) == without_boxes(expected)
    for new, old in zip(boxes(found), boxes(expected), strict=True):
        assert new == pytest.approx(old, abs=POINTS)


def picture_of(extraction: Extraction) -> dict[str, Any]:
    return {
        "title": extraction.document.title,
        "pages": [[page.page_label, page.width, page.height] for page in extraction.pages],
        "elements": [element_row(element) for element in extraction.elements],
        "links": sorted(link_row(link) for link in extraction.links if link.kind != "in_section"),
        "problems": [problem.reason_code for problem in extraction.problems],
    }


def element_row(element: Element) -> dict[str, Any]:
    return {
        "id": element.element_id.partition("/")[2],
        "kind": element.kind.value,
        "text": element.text,
        "label": element.label,
        "section": " / ".join(element.section_path),
        "cells": [[cell.row, cell.col, cell.row_span, cell.col_span, cell.header, cell.text] for cell in element.cells],
        "bbox": list(element.bbox),
    }


def link_row(link: Link) -> list[Any]:
    ends = (link.source_id.partition("/")[2], link.target_id.partition("/")[2])
    return [link.kind.value, *ends, link.anchor_text or "", link.anchor_start or 0]


def without_boxes(picture: dict[str, Any]) -> dict[str, Any]:
    elements = [{key: value for key, value in row.items() if key != "bbox"} for row in picture["elements"]]
    return picture | {"elements": elements}


def boxes(picture: dict[str, Any]) -> list[list[float]]:
    return [row["bbox"] for row in picture["elements"]]
