"""Contenders side by side: the same files, all cores, in turns, so that a noisy machine is noisy for all of them."""

import multiprocessing
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from contenders import Contender, Run


@dataclass(frozen=True)
class Lap:
    """All files read once by one contender: wall seconds on all cores, and the CPU seconds of all processes."""

    wall: float
    cpu: float


@dataclass
class Result:
    """The laps of a contender, and what it found (in the first lap)."""

    laps: list[Lap] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """How many pages were read."""
        return sum(run.pages for run in self.runs)


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one contender is as another: the median over laps, the least and the most."""

    median: float
    least: float
    most: float


def race(contenders: Sequence[Contender], files: Sequence[Path], *, repeats: int, workers: int) -> dict[str, Result]:
    """Let each contender read all files `repeats` times, one contender after the other in every lap."""
    results = {contender.name: Result() for contender in contenders}
    # The largest first: a long document at the end would leave the other processes idle.
    ordered = sorted(files, key=_size, reverse=True)
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pools = {
            contender.name: stack.enter_context(
                ProcessPoolExecutor(contender.processes(workers), context, contender.prepare)
            )
            for contender in contenders
        }
        for contender in contenders:  # nobody pays for imports
            with contender.environment():
                list(pools[contender.name].map(contender.run, [ordered[-1]] * 2 * workers))
        for number in range(repeats):
            turn = number % len(contenders)
            for contender in (*contenders[turn:], *contenders[:turn]):
                started = time.monotonic()
                runs = list(pools[contender.name].map(contender.run, ordered))
                result = results[contender.name]
                result.laps.append(Lap(time.monotonic() - started, sum(run.cpu for run in runs)))
                result.runs = result.runs or runs
    return results


def speedup(ours: Result, theirs: Result, measure: str) -> Ratio:
    """Return how many times as fast we are, lap by lap; `measure` is "wall" or "cpu"."""
    ratios = [getattr(b, measure) / max(getattr(a, measure), 1e-9) for a, b in zip(ours.laps, theirs.laps, strict=True)]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def _size(path: Path) -> int:
    return path.stat().st_size
