#!/usr/bin/env python3
"""Measure what a second reading process brings: the extract stage with run.workers 1 and 2 in turns.

    python bench/workers.py PDFS [--sample PAGES --seed N] [--workers 1,2] [--profile best|fast] [--repeats 3]

Every run is the whole stage, commit and all, into a fresh workspace. The first run of each number is not counted: it
starts the processes. Wall seconds are compared lap by lap; CPU seconds tell what the stage costs besides, on a machine
with other work.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extraction import choose, table

from extractors.isolation import close_workers
from pipelines.extracting import run_extract
from schemas.recipe import Profile, Recipe


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
    laps: dict[int, list[tuple[float, float]]] = {number: [] for number in numbers}
    for _ in range(arguments.repeats):
        for number in numbers:
            laps[number].append(measure_apart(number))
    print(report(laps))
    return 0


def measure_apart(number: int) -> tuple[float, float]:
    """Measure one run in a process of its own."""
    command = [sys.executable, *sys.argv, "--one", str(number)]
    wall, cpu = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-2:]
    return float(wall), float(cpu)


def measure(arguments: argparse.Namespace) -> tuple[float, float]:
    """Return the wall and the CPU seconds of one run, started processes and imports aside."""
    files = [str(path) for path in choose(sorted(arguments.pdfs.glob("*.pdf")), arguments)]
    recipe = Recipe.model_validate({"run": {"workers": arguments.one}, "extract": {"profile": arguments.profile}})
    with tempfile.TemporaryDirectory() as folder:
        run_extract(files[: 2 * arguments.one], f"{folder}/first", recipe)
        started, before = time.monotonic(), cpu_seconds()
        run_extract(files, f"{folder}/second", recipe)
        wall = time.monotonic() - started
        close_workers()
    return wall, cpu_seconds() - before


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def report(laps: dict[int, list[tuple[float, float]]]) -> str:
    """Return the table for people."""
    first = next(iter(laps.values()))
    rows = []
    for number, measured in laps.items():
        ratios = [a[0] / b[0] for a, b in zip(first, measured, strict=True)]
        rows.append(
            [
                str(number),
                *(f"{statistics.median(part):.1f}" for part in zip(*measured, strict=True)),
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})",
            ]
        )
    return table(["workers", "wall, s", "CPU, s (first files included)", "times as fast"], rows)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
