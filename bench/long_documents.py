#!/usr/bin/env python3
"""Measure memory and cost a page on long documents of different illustrated pages.

    python bench/long_documents.py [--pages 100,500,2000] [--profile fast|best] [--json]

Every page is generated anew: its heading, running head, text with mentions, a ruled table with a caption, a photograph
and a chart, all different from every other page's. Each document is read as the pipeline reads it: in a child process,
its rows spooled. Printed are milliseconds of CPU a page, and the most memory that the child and the parent ever held;
if cost and memory do not depend on the length, the columns are flat.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
import pymupdf
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extractors.isolation import close_workers, extract_into
from extractors.messages import Task
from extractors.options import ExtractOptions
from extractors.spool import Spool
from schemas.recipe import Profile

_WORDS = (Path(__file__).parents[1] / "generators/words/common.txt").read_text(encoding="utf-8").split()
_WIDTH, _HEIGHT = 595, 842
_PHOTO = (200, 150)


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default="100,500,2000")
    parser.add_argument("--profile", default="fast", choices=[profile.value for profile in Profile])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        arguments.read.write_bytes(make_document(arguments.make))
    elif arguments.read:
        print(json.dumps(measure(arguments.read, Profile(arguments.profile))))
    else:
        rows = []
        for pages in arguments.pages.split(","):
            rows.append(measure_apart(int(pages), arguments.profile))
            # A long run that is cut short has told what it found.
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        print(json.dumps(rows) if arguments.json else report(rows))
    return 0


def measure_apart(pages: int, profile: str) -> dict[str, Any]:
    """Make and measure one length in processes of their own, so that their memory is their own too."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--read", f"{folder}/long.pdf", "--profile", profile]
        subprocess.run([*command, "--make", str(pages)], check=True)
        return {"pages": pages, **json.loads(subprocess.run(command, check=True, capture_output=True).stdout)}


def measure(path: Path, profile: Profile) -> dict[str, Any]:
    """Read one document; return what it took."""
    pdf = path.read_bytes()
    options = ExtractOptions(profile=profile, ocr="off")
    before = peak_megabytes("self")
    started = time.monotonic()
    rows: dict[str, int] = {}
    with Spool() as spool:
        extract_into(spool, Task("extractors.pymupdf_extractor:extract", pdf, options, "long.pdf"))
        for part in spool:
            rows[part.part] = rows.get(part.part, 0) + len(part.rows)
    wall = time.monotonic() - started
    (worker,) = psutil.Process().children()
    peak = peak_megabytes(worker.pid)
    close_workers()
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    pages = rows["pages"]
    return {
        "file_megabytes": round(len(pdf) / 1e6, 1),
        "cpu_ms_per_page": round(1000 * (child.ru_utime + child.ru_stime) / pages, 1),
        "wall_ms_per_page": round(1000 * wall / pages, 1),
        "child_megabytes": peak,
        "parent_megabytes_before": before,
        "parent_megabytes": peak_megabytes("self"),
        "rows": rows,
    }


def peak_megabytes(process: int | str) -> int:
    """Return the most memory that a process has held since it started."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def make_document(pages: int, seed: int = 1) -> bytes:
    """Return a PDF of that many different pages."""
    chance = random.Random(seed)
    document = pymupdf.open()
    for number in range(1, pages + 1):
        _fill(document.new_page(width=_WIDTH, height=_HEIGHT), number, pages, chance)
    return bytes(document.tobytes(garbage=0, deflate=True))


def _fill(page: pymupdf.Page, number: int, pages: int, chance: random.Random) -> None:
    """Draw a page; all of it but the picture at once, which takes a quarter of the time that piece by piece does."""
    shape = page.new_shape()
    shape.insert_text((72, 40), "A very long report", fontsize=8)
    shape.insert_text((290, 810), str(number), fontsize=8)
    shape.insert_text((72, 80), f"{number} {_sentence(chance, 3)}", fontsize=14, fontname="hebo")
    mention = chance.randint(1, pages)
    for line in range(8):
        words = _sentence(chance, 9) + (f" See Table {mention} and Figure {number}." if line == 3 else "")
        shape.insert_text((72, 110 + 13 * line), words, fontsize=10)
    _draw_table(shape, number, chance)
    shape.insert_text((72, 545), f"Figure {number}: {_sentence(chance, 5)}.", fontsize=9)
    _draw_chart(shape, chance)
    for line in range(5):
        shape.insert_text((72, 730 + 13 * line), _sentence(chance, 9), fontsize=10)
    shape.commit()
    page.insert_image(pymupdf.Rect(72, 380, 272, 530), stream=_photograph(chance))


def _draw_table(shape: pymupdf.Shape, number: int, chance: random.Random) -> None:
    shape.insert_text((72, 235), f"Table {number}: {_sentence(chance, 5)}.", fontsize=9)
    for row in range(7):
        _draw_rule(shape, (72, 245 + 16 * row), (432, 245 + 16 * row))
        for column in range(5 if row < 6 else 0):
            text = _sentence(chance, 1) if row == 0 or column == 0 else str(chance.randint(1, 9999))
            shape.insert_text((76 + 72 * column, 257 + 16 * row), text, fontsize=9)
    for column in range(6):
        _draw_rule(shape, (72 + 72 * column, 245), (72 + 72 * column, 341))


def _draw_rule(shape: pymupdf.Shape, start: tuple[int, int], end: tuple[int, int]) -> None:
    shape.draw_line(start, end)
    shape.finish(width=0.5)


def _draw_chart(shape: pymupdf.Shape, chance: random.Random) -> None:
    shape.draw_line((80, 690), (400, 690))
    shape.draw_line((80, 690), (80, 570))
    points = [pymupdf.Point(80 + 4 * step, 690 - chance.random() * 110) for step in range(80)]
    shape.draw_polyline(points)
    shape.finish(width=0.7)


def _photograph(chance: random.Random) -> bytes:
    """Return a picture that no other page has and that does not compress away."""
    buffer = BytesIO()
    Image.frombytes("RGB", _PHOTO, chance.randbytes(3 * _PHOTO[0] * _PHOTO[1])).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def report(rows: list[dict[str, Any]]) -> str:
    """Return the table for people."""
    lines = ["| pages | file, MB | CPU ms a page | child, MB | parent, MB (before) |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['pages']} | {row['file_megabytes']} | {row['cpu_ms_per_page']} | {row['child_megabytes']} "
        f"| {row['parent_megabytes']} ({row['parent_megabytes_before']}) |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
