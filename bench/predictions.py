"""An extraction of ours in the scorer's format (pdfpred/1)."""

from typing import Any

from schemas.kinds import ElementKind, LinkKind
from schemas.records import Element, Extraction

_OBJECTS = {ElementKind.TABLE: "tables", ElementKind.FIGURE: "figures"}
_NO_TEXT = {ElementKind.TABLE, ElementKind.FIGURE, ElementKind.HEADER, ElementKind.FOOTER}


def failed(stem: str, reason: str) -> dict[str, Any]:
    """Return the prediction for a file that could not be read."""
    return {"schema": "pdfpred/1", "doc": stem, "error": reason}


def predict(extraction: Extraction, stem: str) -> dict[str, Any]:
    """Return an extraction as a prediction."""
    elements = {element.element_id: element for element in extraction.elements}
    captions = {
        link.target_id: elements[link.source_id]
        for link in reversed(extraction.links)
        if link.kind is LinkKind.CAPTION_OF
    }
    prediction: dict[str, Any] = {"schema": "pdfpred/1", "doc": stem, "pages": len(extraction.pages), "error": None}
    prediction.update(tables=[], figures=[], captions=[], headings=[], text=[])
    for element in sorted(extraction.elements, key=lambda element: (element.page_index, element.order)):
        _add(prediction, element, captions.get(element.element_id))
    prediction["references"] = [
        {
            "page": elements[link.source_id].page_index + 1,
            "bbox": None,
            "text": link.anchor_text or "",
            "target_label": _name(elements[link.target_id], captions.get(link.target_id)),
            "target_page": elements[link.target_id].page_index + 1,
        }
        for link in extraction.links
        if link.kind is LinkKind.MENTIONS
    ]
    return prediction


def _add(prediction: dict[str, Any], element: Element, caption: Element | None) -> None:
    place = {"page": element.page_index + 1, "bbox": list(element.bbox)}
    if element.kind in _OBJECTS:
        prediction[_OBJECTS[element.kind]].append(place | _object(element, caption))
    if element.kind is ElementKind.CAPTION:
        prediction["captions"].append(place | {"label": element.label, "text": element.text})
    if element.kind in (ElementKind.TITLE, ElementKind.HEADING):
        level = 0 if element.kind is ElementKind.TITLE else len(element.section_path)
        prediction["headings"].append(place | {"level": level, "title": element.text})
    if element.kind not in _NO_TEXT and element.text:
        prediction["text"].append(place | {"order": element.order, "text": element.text})


def _object(element: Element, caption: Element | None) -> dict[str, Any]:
    cells = [
        {
            "row": cell.row,
            "col": cell.col,
            "row_end": cell.row + cell.row_span - 1,
            "col_end": cell.col + cell.col_span - 1,
            "text": cell.text,
            "header": cell.header,
        }
        for cell in element.cells
    ]
    label = element.label or (caption.label if caption else None)
    return {"label": label, "caption": caption.text if caption else None, "cells": cells}


def _name(target: Element, caption: Element | None) -> str | None:
    if target.kind in (ElementKind.TITLE, ElementKind.HEADING):
        return target.label or target.text
    return target.label or (caption.label if caption else None)
