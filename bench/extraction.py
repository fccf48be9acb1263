#!/usr/bin/env python3
"""Measure extraction next to its peers, in one run, on the same files and on all cores: quality and speed.

    python bench/extraction.py PDFS --out DIR [--truth DIR --scorer score.py] [--sample PAGES --seed N] [--json]

Who takes part: ours in the profiles best and fast, other extractors of the catalog (--extractors), PyMuPDF's own layout
extraction (`pymupdf4llm.to_json`; --no-peer leaves it out), and the bare read, PyMuPDF's get_text("dict") and
get_drawings() on every page. Each reads every file in turn, --repeats times, in one process a core with one thread
each; the peer does so too, and runs besides as it comes, in one process with its own threads. Speeds are ratios with
their spread over the repeats, so they hold on any machine. Nobody makes pictures (--pictures: ours do) or runs OCR
(--ocr: both do).

One prediction (pdfpred/1 JSON) a document goes to DIR/NAME, all figures to DIR/summary.json. --sample takes files at
random, group by group in turn, until they have that many pages together.
"""

import argparse
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contenders import BARE, OURS, PEER, PEER_ONE_THREAD, PEERS, Contender, find_peer
from quality import score, side_by_side, write_predictions
from racing import Result, race, speedup

from extractors.opening import PDF_ERRORS, quiet_library

_MEASURES = ("wall", "cpu")


def main() -> int:
    """Run the bench from the command line."""
    arguments = parse()
    files = choose(sorted(arguments.pdfs.glob("*.pdf")), arguments)
    names = [*arguments.profiles.split(","), *arguments.extractors, *([] if arguments.no_peer else PEERS), BARE]
    contenders = [Contender(name, pictures=arguments.pictures, ocr=arguments.ocr) for name in names]
    results = race(contenders, files, repeats=arguments.repeats, workers=arguments.workers)
    judged = [name for name in names if name not in (PEER_ONE_THREAD, BARE)]
    for name in judged:
        write_predictions(results[name].runs, arguments.out / name)
    scores = {}
    if arguments.truth and arguments.scorer:
        scores = {name: score(arguments.scorer, arguments.truth, arguments.out / name) for name in judged}
    summary = summarise(results, scores, arguments.workers)
    (arguments.out / "summary.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    print(json.dumps(summary) if arguments.json else report(summary, scores))
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth")
    parser.add_argument("--scorer")
    parser.add_argument("--profiles", default=",".join(OURS), help="which of ours, separated by commas")
    parser.add_argument(
        "--extractors",
        type=lambda names: names.split(","),
        default=[],
        help="others of the catalog, such as unstructured",
    )
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--sample", type=int, metavar="PAGES", help="so many pages instead of all")
    parser.add_argument("--longest", type=int, default=60, metavar="PAGES", help="with --sample: no longer files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="prefixes of file names, separated by commas")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pictures", action="store_true", help="ours makes page pictures and crops")
    parser.add_argument("--ocr", action="store_true", help="scans are read by Tesseract, by ours and by the peer")
    parser.add_argument("--json", action="store_true", help="print the summary for programs")
    arguments = parser.parse_args()
    if not arguments.no_peer:
        find_peer()
    unknown = set(arguments.profiles.split(",")) - set(OURS)
    if unknown:
        parser.error(f"there is no profile {', '.join(sorted(unknown))}; there are: {', '.join(OURS)}")
    return arguments


def choose(paths: Iterable[Path], arguments: argparse.Namespace) -> list[Path]:
    """Return the files to read."""
    if arguments.only:
        paths = [path for path in paths if path.stem.startswith(tuple(arguments.only.split(",")))]
    if arguments.sample is None:
        return list(paths)
    quiet_library()
    groups: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for path in paths:
        if 0 < (pages := count_pages(path)) <= arguments.longest:
            groups[path.stem.split("-")[0]].append((path, pages))
    return draw(groups, arguments.sample, random.Random(arguments.seed))


def draw(groups: Mapping[str, list[tuple[Path, int]]], wanted: int, chance: random.Random) -> list[Path]:
    """Draw files from the groups in turn until they have the wanted pages together."""
    left = {name: chance.sample(members, len(members)) for name, members in sorted(groups.items())}
    drawn: list[Path] = []
    pages = 0
    while pages < wanted and any(left.values()):
        for members in left.values():
            if members and pages < wanted:
                path, count = members.pop()
                drawn.append(path)
                pages += count
    return sorted(drawn)


def count_pages(path: Path) -> int:
    """Return the pages of a file, 0 when it cannot be read without a password or at all."""
    try:
        with pymupdf.open(path) as document:
            return 0 if document.needs_pass else int(document.page_count)
    except PDF_ERRORS:
        return 0


def summarise(results: Mapping[str, Result], scores: Mapping[str, Any], workers: int) -> dict[str, Any]:
    """Return all figures as plain data."""
    summary: dict[str, Any] = {"workers": workers, "contenders": {}, "scores": scores}
    for name, result in results.items():
        row: dict[str, Any] = {
            "files": len(result.runs),
            "pages": result.pages,
            "errors": sum(run.error is not None for run in result.runs),
            "laps": [vars(lap) for lap in result.laps],
        }
        for other in (*PEERS, BARE):
            if other in results and other != name:
                row[f"times as fast as {other}"] = {
                    measure: vars(speedup(result, results[other], measure)) for measure in _MEASURES
                }
        summary["contenders"][name] = row
    return summary


def report(summary: Mapping[str, Any], scores: Mapping[str, Any]) -> str:
    """Return the tables for people."""
    contenders = summary["contenders"]
    head = [
        "",
        "files",
        "pages",
        "errors",
        "pages/s",
        "pages/CPU s",
        *(f"x {peer} ({measure})" for peer in PEERS for measure in ("wall", "CPU")),
        "cost x bare (CPU)",
    ]
    rows = [[name, *_speed(row)] for name, row in contenders.items()]
    text = f"{summary['workers']} processes, one thread each; {PEER}: one process, its own threads; "
    text += "speeds: median (least-most) of the repeats\n"
    text += table(head, rows)
    if scores:
        text += "\n\nF1 where precision can be told, else recall\n"
        text += table(["group", "measure", "n", *scores], side_by_side(scores))
    return text


def _speed(row: Mapping[str, Any]) -> list[str]:
    pages = row["pages"]
    best = {measure: min(lap[measure] for lap in row["laps"]) for measure in _MEASURES}
    peers, bare = [row.get(f"times as fast as {peer}") for peer in PEERS], row.get(f"times as fast as {BARE}")
    return [
        *(str(row[key]) for key in ("files", "pages", "errors")),
        *(f"{pages / max(best[measure], 1e-9):.1f}" for measure in _MEASURES),
        *(_spread(peer[measure]) if peer else "-" for peer in peers for measure in _MEASURES),
        f"{1 / bare['cpu']['median']:.1f}" if bare else "-",
    ]


def _spread(ratio: Mapping[str, float]) -> str:
    return f"{ratio['median']:.1f} ({ratio['least']:.1f}-{ratio['most']:.1f})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in columns, as Markdown."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in ruled)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
