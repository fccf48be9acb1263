"""Runs of rows whose chunks stand in the same columns, as the rows of a table do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.tables_rows import Chunk, Row, left, right
from schemas.geometry import Box, union

_ALIGNED = 5.0
_REMEMBERED = 4
_MOST_LABEL_ROWS = 3
_STEP = 3.0
_FEW_SHARE = 0.2
_FEWEST_ROWS = 4


@dataclass(slots=True)
class _Run:
    rows: list[Row] = field(default_factory=list)
    bottom: float = 0.0
    waiting: int = 0

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.bottom = row.bbox.y1
        self.waiting = 0


def column_runs(rows: Sequence[Row], fewest: int = _FEWEST_ROWS) -> list[tuple[Row, ...]]:
    """Return the runs of at least so many tabular rows whose chunks stand in the same columns.

    A row of one chunk, such as a label over a group of rows, may stand inside a run.
    """
    runs: list[_Run] = []
    for row in rows:
        under = [run for run in runs[-_REMEMBERED:] if _is_under(run, row)]
        if not row.is_tabular:
            for run in under:
                run.waiting += 1
                run.bottom = row.bbox.y1
            continue
        home = max(under, key=lambda run: _shared(run, row), default=None)
        if home is None or _shared(home, row) < 2:
            home = _Run()
            runs.append(home)
        home.add(row)
    return [_trimmed(run.rows) for run in runs if len(run.rows) >= fewest]


def is_table(run: Sequence[Row]) -> bool:
    """Say whether a run of rows holds figures enough for a table, and is no table of contents."""
    chunks = sum(len(row.chunks) for row in run)
    numbers = sum(row.numbers for row in run)
    needed = 0.3 if chunks >= 2.6 * len(run) else 0.45
    return numbers >= needed * chunks and not is_contents(run)


def is_contents(run: Sequence[Row]) -> bool:
    """Say whether rows are the lines of a table of contents: dot leaders, or growing page numbers at the end."""
    if sum(row.has_leaders for row in run) >= 0.4 * len(run):
        return True
    ends = [row.chunks[-1][-1].text for row in run]
    pages = [int(end) for end in ends if end.isascii() and end.isdigit()]
    return len(pages) >= 0.8 * len(run) and pages == sorted(pages) and pages[0] < pages[-1]


def run_box(run: Sequence[Row]) -> Box:
    """Return the box around a run."""
    return union(row.bbox for row in run)


def _trimmed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Leave out what stands beside the run in a few of its rows only, such as short lines of another column."""
    few = int(_FEW_SHARE * len(rows))
    start = sorted(row.bbox.x0 for row in rows)[few] - _ALIGNED
    end = sorted((row.bbox.x1 for row in rows), reverse=True)[few] + _ALIGNED
    kept = (tuple(chunk for chunk in row.chunks if right(chunk) > start and left(chunk) < end) for row in rows)
    return tuple(Row(chunks) for chunks in kept if chunks)


def _is_under(run: _Run, row: Row) -> bool:
    """Say whether a row stands right below a run and within its width."""
    last = run.rows[-1].bbox
    height = max(last.height, row.bbox.height)
    if run.waiting >= _MOST_LABEL_ROWS or not -0.5 * height < row.bbox.y0 - run.bottom < (_STEP - 1) * height:
        return False
    common = min(last.x1, row.bbox.x1) - max(last.x0, row.bbox.x0)
    return common > 0.5 * min(last.width, row.bbox.width)


def _shared(run: _Run, row: Row) -> int:
    """Count the chunks of a row that stand in columns of the last rows of a run."""
    above = [chunk for earlier in run.rows[-_REMEMBERED:] for chunk in earlier.chunks]
    return sum(1 for chunk in row.chunks if any(_same_column(chunk, other) for other in above))


def _same_column(a: Chunk, b: Chunk) -> bool:
    return abs(left(a) - left(b)) < _ALIGNED or abs(right(a) - right(b)) < _ALIGNED
