"""Runs of rows whose chunks stand in the same columns, as the rows of a table do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.raw import RawWord
from extractors.tables_rows import Chunk, Row, left, right
from schemas.geometry import Box, union

_ALIGNED = 5.0
_REMEMBERED = 4
_MOST_LABEL_ROWS = 3
_STEP = 3.0
_FEW_SHARE = 0.2
FEWEST_ROWS = 4
_WIDE = 2.6
_REGULAR_SHARE = 0.75
_FULL = 0.7


@dataclass(slots=True)
class _Run:
    rows: list[Row] = field(default_factory=list)
    bottom: float = 0.0
    waiting: int = 0

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.bottom = row.bbox.y1
        self.waiting = 0


def column_runs(rows: Sequence[Row], fewest: int = FEWEST_ROWS) -> list[tuple[Row, ...]]:
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
    """Say whether a run of rows holds figures enough for a table, or words in three columns, and is no contents."""
    chunks = sum(len(row.chunks) for row in run)
    numbers = sum(row.numbers for row in run)
    wide = chunks >= _WIDE * len(run)
    enough = numbers >= (0.3 if wide else 0.45) * chunks or (wide and _is_regular(run))
    return enough and not is_contents(run)


def _is_regular(run: Sequence[Row]) -> bool:
    """Say whether nearly all chunks begin where those of other rows do, in three columns or more that are not full.

    Lines that fill their columns are prose in several columns.
    """
    starts = Counter(round(left(chunk)) for row in run for chunk in row.chunks)
    shared = [start for start in starts if starts[start - 1] + starts[start] + starts[start + 1] >= 0.6 * len(run)]
    aligned = sum(starts[start] for start in shared)
    columns = [start for start in sorted(shared) if start - 1 not in shared]
    if len(columns) < 3 or aligned < _REGULAR_SHARE * starts.total():
        return False
    filled = [(right(a) - left(a)) / (left(b) - left(a)) for row in run for a, b in pairwise(row.chunks)]
    return sum(filled) < _FULL * len(filled)


def is_contents(run: Sequence[Row]) -> bool:
    """Say whether rows are the lines of a table of contents: dot leaders, or growing page numbers at the end.

    Contents set in two columns have page numbers in each, growing down the one and then the other.
    """
    led = [row.led_pages for row in run if row.led_pages]
    if len(led) >= 0.4 * len(run) and _mostly_grow(led):
        return True
    pages = [int(row.chunks[-1][-1].text) for row in run if _is_whole(row.chunks[-1])]
    return _grows(pages, 0.8 * len(run)) or _is_folded(run)


def _mostly_grow(led: Sequence[Sequence[int]]) -> bool:
    """Say whether page numbers grow from row to row, in each column of a contents page."""
    steps = [above <= below for a, b in pairwise(led) for above, below in zip(a, b, strict=False)]
    return sum(steps) >= 0.8 * len(steps)


def has_line_numbers(rows: Sequence[Row], step: int = 1) -> bool:
    """Say whether rows begin with numbers that grow by one, or by at most `step`, as the lines of a listing do."""
    numbers = [int(row.chunks[0][0].text) for row in rows if _is_whole(row.chunks[0][:1])]
    steps = sum(1 for a, b in pairwise(numbers) if 0 < b - a <= step)
    return len(numbers) >= 0.7 * len(rows) and steps >= 0.7 * (len(numbers) - 1)


def is_numbered_text(rows: Sequence[Row]) -> bool:
    """Say whether hardly anything but one text stands beside the number of each row."""
    wide = sum(1 for row in rows if len(row.chunks) > 2)
    figures = sum(1 for row in rows if row.numbers > 1)
    return max(wide, figures) < 0.3 * len(rows)


def _is_folded(run: Sequence[Row]) -> bool:
    """Say whether rows hold entries and page numbers in turn, twice or more a row."""
    wide = [row for row in run if len(row.chunks) >= 4]
    if len(wide) < 0.6 * len(run):
        return False
    entries = max(len(row.chunks) for row in wide)
    columns = [[row.chunks[place] for row in run if place < len(row.chunks)] for place in range(entries)]
    numbers = [int(chunk[-1].text) for column in columns[1::2] for chunk in column if _is_whole(chunk)]
    words = [chunk for column in columns[::2] for chunk in column if not chunk[-1].text[-1:].isdigit()]
    return _grows(numbers, 0.8 * sum(map(len, columns[1::2]))) and len(words) >= 0.8 * sum(map(len, columns[::2]))


def _grows(numbers: Sequence[int], fewest: float) -> bool:
    return len(numbers) >= max(fewest, 2) and list(numbers) == sorted(numbers) and numbers[0] < numbers[-1]


def _is_whole(chunk: Sequence[RawWord]) -> bool:
    return chunk[-1].text.isascii() and chunk[-1].text.isdigit()


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
