#!/usr/bin/env python3
"""What a page costs, by its class: how many pages there are of each, milliseconds, and times the bare read.

    python bench/page_classes.py PDFS [--sample PAGES --seed N] [--profile best|fast] [--repeats 3] [--json]

A page's class is read off cheap signals, the first that fits: scanned or empty, many drawings, asked (the layout
network was run on it), ruled tables, vector figures, raster pictures, text. The bare read is PyMuPDF's get_text("dict")
and get_drawings(). Both are measured on the same page, one after the other, as CPU seconds of one thread, the least of
the repeats; what the whole document takes after its last page (headings, links, passages) is shared out over its pages.
Nobody makes pictures or runs OCR.
"""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extraction import choose, table

from extractors.collecting import seldom_collecting
from extractors.hyphens import settle_hyphens
from extractors.layout import spare_threads
from extractors.opening import PDF_ERRORS, quiet_library
from extractors.options import ExtractOptions
from extractors.page_reading import Findings, understand_page
from extractors.page_records import page_record
from extractors.passages import make_passages
from extractors.structure import structure
from schemas.identity import doc_id
from schemas.kinds import TextSource
from schemas.recipe import Profile
from schemas.records import Document

_MANY_PATHS = 1000
_FIGURE_STROKES = 30
CLASSES = ("text", "raster pictures", "vector figures", "ruled tables", "asked", "many drawings", "scanned or empty")


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU for one page: ours, its share of the whole document's stages, and the bare read's."""

    kind: str
    page: float
    share: float
    bare: float


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--sample", type=int, metavar="PAGES", help="so many pages instead of all")
    parser.add_argument("--longest", type=int, default=60, metavar="PAGES", help="with --sample: no longer files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="prefixes of file names, separated by commas")
    parser.add_argument("--profile", default="best", choices=[profile.value for profile in Profile])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    options = ExtractOptions(Profile(arguments.profile), page_dpi=0, crop_dpi=0, ocr="off")
    quiet_library()
    spare_threads()
    files = choose(sorted(arguments.pdfs.glob("*.pdf")), arguments)
    with seldom_collecting():
        costs = [cost for path in files for cost in measure(path, options, arguments.repeats)]
    rows = summarise(costs)
    print(json.dumps(rows) if arguments.json else report(rows))
    return 0


def measure(path: Path, options: ExtractOptions, repeats: int) -> Iterator[Cost]:
    """Yield the cost of each page of a file that can be read."""
    try:
        with pymupdf.open(path) as document:
            if document.needs_pass:
                return
            pages = [measure_page(document, number, options, repeats) for number in range(document.page_count)]
    except PDF_ERRORS as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return
    share = measure_whole(path, [findings for findings, _, _ in pages], options) / max(len(pages), 1)
    for findings, ours, bare in pages:
        yield Cost(class_of(findings), ours, share, bare)


def measure_page(
    document: pymupdf.Document, number: int, options: ExtractOptions, repeats: int
) -> tuple[Findings, float, float]:
    """Return what is on a page, and the seconds that finding it and reading it bare took."""
    ours, bare = [], []
    for _ in range(repeats):
        started = time.process_time()
        page = document[number]
        page.get_text("dict")
        page.get_drawings()
        read = time.process_time()
        findings = understand_page(document[number], options)
        bare.append(read - started)
        ours.append(time.process_time() - read)
    return findings, min(ours), min(bare)


def measure_whole(path: Path, found: Sequence[Findings], options: ExtractOptions) -> float:
    """Return the seconds that the stages take which need the whole document."""
    record = Document(doc_id(path.stem), path.stem, str(path), 0, len(found), "bench", "1")
    pages = [page_record(record.doc_id, findings.raw, findings.blocks, picture=None) for findings in found]
    started = time.process_time()
    elements = structure(record, pages, settle_hyphens([block for part in found for block in part.blocks]))[0]
    make_passages(record, elements, options.passage_characters)
    return time.process_time() - started


def class_of(findings: Findings) -> str:
    """Return the class of a page."""
    raw = findings.raw
    if raw.text_source is not TextSource.TEXT_LAYER:
        return "scanned or empty"
    if len(raw.paths) > _MANY_PATHS:
        return "many drawings"
    if findings.reasons:
        return "asked"
    if any(block.table for block in findings.blocks):
        return "ruled tables"
    if sum(path.curves + (path.segments > 4) for path in raw.paths) > _FIGURE_STROKES:
        return "vector figures"
    return "raster pictures" if raw.pictures else "text"


def summarise(costs: Sequence[Cost]) -> list[dict[str, Any]]:
    """Return a row for each class, and one for all pages."""
    members: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        members[cost.kind].append(cost)
    known = [(kind, members[kind]) for kind in CLASSES if kind in members]
    total = sum(cost.page + cost.share for cost in costs)
    return [_row(kind, part, len(costs), total) for kind, part in [*known, ("all", list(costs))]]


def _row(kind: str, costs: Sequence[Cost], pages: int, total: float) -> dict[str, Any]:
    ours, bare = (sum(getattr(cost, name) for cost in costs) for name in ("page", "bare"))
    share = sum(cost.share for cost in costs)
    return {
        "class": kind,
        "pages": len(costs),
        "share_of_pages": len(costs) / pages,
        "share_of_time": (ours + share) / total,
        "page_ms": 1000 * ours / len(costs),
        "document_ms": 1000 * share / len(costs),
        "bare_ms": 1000 * bare / len(costs),
        "times_bare": (ours + share) / bare,
    }


def report(rows: Sequence[dict[str, Any]]) -> str:
    """Return the table for people."""
    head = ["class", "pages", "of all", "of the time", "ms a page", "+ whole document", "bare read, ms", "times bare"]
    return table(
        head,
        [
            [
                row["class"],
                str(row["pages"]),
                *(f"{row[key]:.0%}" for key in ("share_of_pages", "share_of_time")),
                *(f"{row[key]:.1f}" for key in ("page_ms", "document_ms", "bare_ms", "times_bare")),
            ]
            for row in rows
        ],
    )


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
