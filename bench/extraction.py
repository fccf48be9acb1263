#!/usr/bin/env python3
"""Measure extraction: quality against truth, and pages per second next to a bare read of the same pages.

    python bench/extraction.py PDFS --out DIR [--truth DIR --scorer score.py] [--profile best|fast] [--limit N]

PDFS is a folder. One prediction (pdfpred/1 JSON) a document goes to DIR/predictions, the measurements to
DIR/summary.json; with --truth and --scorer the scorer is run on the predictions and its tables are printed. The bare
read is PyMuPDF's get_text("dict") and get_drawings() on every page, in the same process and run, so that their ratio
holds on any machine. Pictures are not made unless --pictures is given: the peers make none.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.errors import ExtractionError
from schemas.kinds import ElementKind, LinkKind
from schemas.recipe import Profile
from schemas.records import Element, Extraction

_OBJECTS = {ElementKind.TABLE: "tables", ElementKind.FIGURE: "figures"}
_NO_TEXT = {ElementKind.TABLE, ElementKind.FIGURE, ElementKind.HEADER, ElementKind.FOOTER}


def main() -> int:
    """Run the bench from the command line."""
    arguments = parse()
    options = ExtractOptions(profile=Profile(arguments.profile), page_dpi=96 if arguments.pictures else 0)
    predictions = arguments.out / "predictions"
    predictions.mkdir(parents=True, exist_ok=True)
    rows = []
    for path in sorted(arguments.pdfs.glob("*.pdf"))[: arguments.limit]:
        if arguments.only and not any(path.stem.startswith(prefix) for prefix in arguments.only.split(",")):
            continue
        row, prediction = measure(path, options)
        rows.append(row)
        (predictions / f"{path.stem}.json").write_text(json.dumps(prediction, ensure_ascii=False), encoding="utf-8")
        print(f"{path.stem}: {row}", file=sys.stderr)
    (arguments.out / "summary.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    report(rows)
    if arguments.truth and arguments.scorer:
        command = [sys.executable, arguments.scorer, "--truth", arguments.truth, "--pred", str(predictions)]
        return subprocess.run([*command, "--json", str(arguments.out / "scores.json")], check=False).returncode
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth")
    parser.add_argument("--scorer")
    parser.add_argument("--profile", default="best", choices=[profile.value for profile in Profile])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--only", help="prefixes of file names, separated by commas")
    parser.add_argument("--pictures", action="store_true")
    return parser.parse_args()


def measure(path: Path, options: ExtractOptions) -> tuple[dict[str, Any], dict[str, Any]]:
    """Extract one file; return what it took, and the prediction."""
    pdf = path.read_bytes()
    bare, pages = read_bare(pdf)
    started = time.process_time()
    row: dict[str, Any] = {"doc": path.stem, "pages": pages, "bare": round(bare, 3), "error": None}
    try:
        extraction = extract(pdf, options, uri=str(path))
    except ExtractionError as error:
        row.update(seconds=round(time.process_time() - started, 3), error=error.reason_code.value)
        return row, {"schema": "pdfpred/1", "doc": path.stem, "error": error.reason_code.value}
    row["seconds"] = round(time.process_time() - started, 3)
    prediction = predict(extraction, path.stem)
    prediction["seconds"] = {"cpu": row["seconds"], "wall": row["seconds"]}
    return row, prediction


def read_bare(pdf: bytes) -> tuple[float, int]:
    """Return the CPU seconds of the cheapest useful read of a file, and its pages."""
    started = time.process_time()
    try:
        with pymupdf.open(stream=pdf, filetype="pdf") as document:
            if document.needs_pass:
                return 0.0, 0
            for page in document:
                page.get_text("dict")
                page.get_drawings()
            return time.process_time() - started, document.page_count
    except (RuntimeError, ValueError):
        return time.process_time() - started, 0


def predict(extraction: Extraction, stem: str) -> dict[str, Any]:
    """Return an extraction in the scorer's format."""
    elements = {element.element_id: element for element in extraction.elements}
    captions = {
        link.target_id: elements[link.source_id]
        for link in reversed(extraction.links)
        if link.kind is LinkKind.CAPTION_OF
    }
    prediction: dict[str, Any] = {"schema": "pdfpred/1", "doc": stem, "pages": len(extraction.pages), "error": None}
    prediction.update(tables=[], figures=[], captions=[], headings=[], text=[])
    for element in sorted(extraction.elements, key=lambda element: (element.page_index, element.order)):
        place = {"page": element.page_index + 1, "bbox": list(element.bbox)}
        if element.kind in _OBJECTS:
            prediction[_OBJECTS[element.kind]].append(place | _object(element, captions.get(element.element_id)))
        if element.kind is ElementKind.CAPTION:
            prediction["captions"].append(place | {"label": element.label, "text": element.text})
        if element.kind in (ElementKind.TITLE, ElementKind.HEADING):
            level = 0 if element.kind is ElementKind.TITLE else len(element.section_path)
            prediction["headings"].append(place | {"level": level, "title": element.text})
        if element.kind not in _NO_TEXT and element.text:
            prediction["text"].append(place | {"order": element.order, "text": element.text})
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


def report(rows: Iterable[dict[str, Any]]) -> None:
    """Print pages per CPU second, by group of files and in all."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["doc"].split("-")[0]].append(row)
        groups["ALL"].append(row)
    print(f"{'group':12} {'files':>6} {'pages':>6} {'pages/s':>8} {'bare':>8} {'cost':>6} {'errors':>7}")
    for name, members in groups.items():
        pages, seconds, bare = (sum(row[key] for row in members) for key in ("pages", "seconds", "bare"))
        errors = sum(row["error"] is not None for row in members)
        speeds = (pages / max(part, 1e-9) for part in (seconds, bare))
        ours, theirs = (f"{speed:8.1f}" for speed in speeds)
        print(f"{name:12} {len(members):6} {pages:6} {ours} {theirs} {seconds / max(bare, 1e-9):5.1f}x {errors:7}")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
