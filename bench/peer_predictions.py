"""What `pymupdf4llm.to_json` gives, in the scorer's format (pdfpred/1), as favourably as its output allows.

Its boxes have a class and lines of text; it ties no caption to an object and resolves no mention. What is added for it:

- a caption goes with the nearest table or picture above, below or beside it on its page, its label is what it begins
  with; text that begins like a caption ("Figure 3:") counts as one;
- the texts of cells are the words of the page whose middle lies in the cell's box, because its own cell texts break
  some numbers; a grid without boxes keeps its own texts;
- the levels of headings are its own; the first heading of level 1 on the first page counts as the title.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

_OBJECTS = {"table": "tables", "picture": "figures"}
_FURNITURE = {"page-header", "page-footer"}
_HEADINGS = {"title", "section-header"}
_LABEL = re.compile(r"\s*((?:fig(?:ure|\.)?|table|tab\.?)\s*\.?\s*[A-Z]?\d+(?:[.-]\d+)*)", re.IGNORECASE)
_CAPTION = re.compile(_LABEL.pattern + r"\s*[:.|–—]", re.IGNORECASE)
_REACH = 120.0
_GAP = 0.1

Words = Sequence[tuple[float, float, float, float, str]]


def predict_peer(parsed: dict[str, Any], words: Sequence[Words], stem: str) -> dict[str, Any]:
    """Return the peer's output as a prediction.

    Args:
        parsed: its JSON.
        words: the words of each page (box and text), for the cells of its tables.
        stem: the document's name.
    """
    prediction: dict[str, Any] = {"schema": "pdfpred/1", "doc": stem, "pages": len(parsed["pages"]), "error": None}
    prediction.update(tables=[], figures=[], captions=[], headings=[], references=[], text=[])
    for page, on_page in zip(parsed["pages"], words, strict=True):
        _add_page(prediction, page, on_page)
    first = next((heading for heading in prediction["headings"] if heading["page"] == 1), None)
    if first is not None and first["level"] == 1:
        first["level"] = 0
    return prediction


def _add_page(prediction: dict[str, Any], page: dict[str, Any], words: Words) -> None:
    number = page["page_number"]
    captions = [box for box in page["boxes"] if _is_caption(box)]
    objects = [box for box in page["boxes"] if box["boxclass"] in _OBJECTS]
    owners = _tie(captions, objects)
    for order, box in enumerate(page["boxes"]):
        kind, text = box["boxclass"], _text(box)
        place = {"page": number, "bbox": _bbox(box)}
        if kind in _OBJECTS:
            caption = next((_text(c) for c, o in owners if o is box), None)
            row = {"label": _label(caption), "caption": caption, "cells": _cells(box, words)}
            prediction[_OBJECTS[kind]].append(place | row)
            continue
        if kind in _HEADINGS:
            prediction["headings"].append(place | {"level": box["header_level"] or 1, "title": text})
        if _is_caption(box):
            prediction["captions"].append(place | {"label": _label(text), "text": text})
        if kind not in _FURNITURE and text:
            prediction["text"].append(place | {"order": order, "text": text})


def _is_caption(box: dict[str, Any]) -> bool:
    return box["boxclass"] == "caption" or (box["boxclass"] == "text" and _CAPTION.match(_text(box)) is not None)


def _tie(captions: Iterable[dict[str, Any]], objects: Sequence[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """Return (caption, object) pairs, the nearest first, each used once."""
    pairs = sorted(
        ((_distance(_bbox(c), _bbox(o)), n, m, c, o) for n, c in enumerate(captions) for m, o in enumerate(objects)),
        key=lambda pair: pair[:3],
    )
    taken: set[int] = set()
    ties = []
    for distance, _, _, caption, target in pairs:
        if distance <= _REACH and not taken & {id(caption), id(target)}:
            taken |= {id(caption), id(target)}
            ties.append((caption, target))
    return ties


def _distance(a: Sequence[float], b: Sequence[float]) -> float:
    across = max(b[0] - a[2], a[0] - b[2], 0.0)
    down = max(b[1] - a[3], a[1] - b[3], 0.0)
    return across + down


def _cells(box: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    table = box.get("table") or {}
    texts = table.get("extract") or []
    grid = table.get("cells") or []
    rows = []
    for row in range(max(len(texts), len(grid))):
        for col in range(max(len(part[row]) if row < len(part) else 0 for part in (texts, grid))):
            area = grid[row][col] if row < len(grid) and col < len(grid[row]) else None
            own = texts[row][col] if row < len(texts) and col < len(texts[row]) else None
            text = _words_in(area, words) if area else own
            if text is not None:
                rows.append({"row": row, "col": col, "text": text})
    return rows


def _words_in(area: Sequence[float], words: Words) -> str:
    inside = [
        word[4]
        for word in words
        if area[0] <= (word[0] + word[2]) / 2 < area[2] and area[1] <= (word[1] + word[3]) / 2 < area[3]
    ]
    return " ".join(inside)


def _bbox(box: dict[str, Any]) -> list[float]:
    return [box["x0"], box["y0"], box["x1"], box["y1"]]


def _text(box: dict[str, Any]) -> str:
    lines = (_joined(line["spans"]) for line in box["textlines"] or ())
    return "\n".join(line.strip() for line in lines if line.strip())


def _joined(spans: Sequence[dict[str, Any]]) -> str:
    """Return the text of a line; its spans carry no blanks between them, so a gap makes one."""
    parts = [span["text"] for span in spans[:1]]
    for left, right in pairwise(spans):
        gap = right["bbox"][0] - left["bbox"][2]
        parts.append(f" {right['text']}" if gap > _GAP * right["size"] else right["text"])
    return "".join(parts)


def _label(text: str | None) -> str | None:
    match = _LABEL.match(text or "")
    return match[1] if match else None
