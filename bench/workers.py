#!/usr/bin/env python3
"""Measure what a second reading process brings: the extract stage with run.workers 1 and 2 in turns.

    python bench/workers.py PDFS [--sample PAGES --seed N] [--workers 1,2] [--profile best|fast] [--repeats 3]

Every run is the whole stage, commit and all, into a fresh workspace. The first run of each number is not counted: it
starts the processes. Wall seconds are compared lap by lap; CPU seconds tell what the stage costs besides, on a machine
with other work. What the stage itself uses, apart from its reading processes, is all that more of them cannot share:
the last column is what they could bring at most if it never ran beside them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extraction import choose, table

from extractors.isolation import close_workers
from pipelines.extracting import run_extract
from schemas.recipe import Profile, Recipe


class Lap(NamedTuple):
    """Seconds of one run: on the wall, and of CPU, for the stage itself and for its reading processes."""

    wall: float
    stage: float
    readers: float


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--sample", type=int, metavar="PAGES", help="so many pages instead of all")
    parser.add_argument("--longest", type=int, default=20, metavar="PAGES", help="with --sample: no longer files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="prefixes of file names, separated by commas")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--profile", default="fast", choices=[profile.value for profile in Profile])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(*measure(arguments), flush=True)
        return 0
    numbers = [int(number) for number in arguments.workers.split(",")]
    laps: dict[int, list[Lap]] = {number: [] for number in numbers}
    for _ in range(arguments.repeats):
        for number in numbers:
            laps[number].append(measure_apart(number))
    print(report(laps))
    return 0


def measure_apart(number: int) -> Lap:
    """Measure one run in a process of its own."""
    command = [sys.executable, *sys.argv, "--one", str(number)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-3:]
    return Lap(*map(float, printed))


def measure(arguments: argparse.Namespace) -> Lap:
    """Return what one run took, started processes and imports aside."""
    files = [str(path) for path in choose(sorted(arguments.pdfs.glob("*.pdf")), arguments)]
    recipe = Recipe.model_validate({"run": {"workers": arguments.one}, "extract": {"profile": arguments.profile}})
    with tempfile.TemporaryDirectory() as folder:
        run_extract(files[: 2 * arguments.one], f"{folder}/first", recipe)
        started, stage, readers = time.monotonic(), time.process_time(), reader_seconds()
        run_extract(files, f"{folder}/second", recipe)
        wall, stage, readers = time.monotonic() - started, time.process_time() - stage, reader_seconds() - readers
        close_workers()
    return Lap(wall, stage, readers)


def reader_seconds() -> float:
    """Return the CPU seconds of the reading processes so far."""
    used = [process.cpu_times() for process in psutil.Process().children()]
    return sum(part.user + part.system for part in used)


def report(laps: dict[int, list[Lap]]) -> str:
    """Return the table for people."""
    first = next(iter(laps.values()))
    rows = []
    for number, measured in laps.items():
        ratios = [a.wall / b.wall for a, b in zip(first, measured, strict=True)]
        bounds = [(lap.stage + lap.readers) / (lap.stage + lap.readers / number) for lap in measured]
        rows.append(
            [
                str(number),
                *(f"{statistics.median(part):.1f}" for part in zip(*measured, strict=True)),
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})",
                f"{statistics.median(bounds):.2f}",
            ]
        )
    head = ["workers", "wall, s", "stage, CPU s", "readers, CPU s", "times as fast", "at most, by CPU"]
    return table(head, rows)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
