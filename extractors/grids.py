"""A table's grid of lines, and the cells that words fill in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from extractors.raw import RawWord
from extractors.repair import without_controls
from schemas.geometry import Box, box, union
from schemas.records import Cell

# Two words of one cell stand at most this many line heights apart; a wider gap may part two columns.
_SPACE = 0.45


class Slot(NamedTuple):
    """A cell's place in a grid, before it has text."""

    row: int
    col: int
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Boundaries of rows (y) and columns (x), the outer ones included.

    `slots` are cells that rules enclose, with their spans; empty when only the boundaries are known.
    """

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    slots: tuple[Slot, ...] = ()

    @property
    def bbox(self) -> Box:
        """The box between the outer boundaries."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.rows) - 1, len(self.columns) - 1


def words_inside(words: Iterable[RawWord], region: Box) -> list[RawWord]:
    """Return the words whose middle lies in `region`."""
    left, top, right, bottom = region
    found = []
    for word in words:
        x0, y0, x1, y1 = word.bbox
        if left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom:
            found.append(word)
    return found


def fill(grid: Grid, words: Sequence[RawWord]) -> tuple[Cell, ...]:
    """Return the cells of a table with the text of `words`, those that stay blank left out, in row order."""
    return _fill_slots(grid, words) if grid.slots else _fill_open(grid, words)


def closed_up(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Number rows and columns anew, those left out in which no cell begins."""
    rows = {row: place for place, row in enumerate(sorted({cell.row for cell in cells}))}
    columns = {col: place for place, col in enumerate(sorted({cell.col for cell in cells}))}
    if len(rows) == max(rows, default=-1) + 1 and len(columns) == max(columns, default=-1) + 1:
        return cells
    return tuple(
        replace(
            cell,
            row=rows[cell.row],
            col=columns[cell.col],
            row_span=sum(cell.row <= row < cell.row + cell.row_span for row in rows),
            col_span=sum(cell.col <= col < cell.col + cell.col_span for col in columns),
        )
        for cell in cells
    )


def text_lines_of(words: Sequence[RawWord]) -> list[list[RawWord]]:
    """Return words as lines: grouped by height on the page, each from left to right."""
    lines: list[list[RawWord]] = []
    bottom = middle = 0.0
    for word in sorted(words, key=_by_height):
        _, top, _, foot = word.bbox
        here, height = (top + foot) / 2, foot - top
        if lines and (here - middle < 0.35 * height or here < bottom - 0.6 * height):
            lines[-1].append(word)
        else:
            lines.append([word])
            middle, bottom = here, foot
    for line in lines:
        line.sort(key=_start)
    return lines


def _by_height(word: RawWord) -> tuple[float, float]:
    x0, y0, _, y1 = word.bbox
    return y0 + y1, x0


def _start(word: RawWord) -> float:
    return word.bbox[0]


def joined_text(words: Sequence[RawWord]) -> str:
    """Return the words as one line of text, in reading order."""
    return without_controls(" ".join(word.text for line in text_lines_of(words) for word in line))


def _fill_slots(grid: Grid, words: Sequence[RawWord]) -> tuple[Cell, ...]:
    owner = {
        (row, col): slot
        for slot in grid.slots
        for row in range(slot.row, slot.row + slot.row_span)
        for col in range(slot.col, slot.col + slot.col_span)
    }
    content: dict[Slot, list[RawWord]] = defaultdict(list)
    for word in words:
        x, y = word.bbox.center
        slot = owner.get((_place(grid.rows, y), _place(grid.columns, x)))
        if slot is not None:
            content[slot].append(word)
    return tuple(_cell(grid, slot, content[slot]) for slot in sorted(content))


def _fill_open(grid: Grid, words: Sequence[RawWord]) -> tuple[Cell, ...]:
    """Fill a grid without known spans: a run of words that crosses column boundaries makes a cell that spans them."""
    by_row: dict[int, list[RawWord]] = defaultdict(list)
    for word in words:
        by_row[_place(grid.rows, word.bbox.center[1])].append(word)
    cells: list[Cell] = []
    for row in sorted(by_row):
        runs = [run for line in text_lines_of(by_row[row]) for run in _runs(line, grid.columns)]
        cells.extend(_merge_row(grid, row, runs))
    return tuple(cells)


class _Run(NamedTuple):
    first: int
    last: int
    words: tuple[RawWord, ...]


def _runs(line: Sequence[RawWord], columns: Sequence[float]) -> list[_Run]:
    """Cut a line at column boundaries, except where words stand on one or close about it."""
    runs: list[_Run] = []
    for word in line:
        first, last = _columns_under(word.bbox, columns)
        previous = runs[-1] if runs else None
        if previous is not None and (first <= previous.last or _close(previous.words[-1], word, first - previous.last)):
            runs[-1] = _Run(previous.first, max(last, previous.last), (*previous.words, word))
        else:
            runs.append(_Run(first, last, (word,)))
    return runs


def _columns_under(bbox: Box, columns: Sequence[float]) -> tuple[int, int]:
    """Return the first and last column that a word really stands in, a fifth of it at least."""
    slack = min(0.2 * bbox.width, 3.0)
    first = _place(columns, bbox.x0 + slack)
    return first, max(first, _place(columns, bbox.x1 - slack))


def _close(left: RawWord, right: RawWord, steps: int) -> bool:
    gap = right.bbox.x0 - left.bbox.x1
    letters = any(char.isalpha() for char in left.text) and any(char.isalpha() for char in right.text)
    return steps == 1 and letters and gap < _SPACE * min(left.bbox.height, right.bbox.height)


def _merge_row(grid: Grid, row: int, runs: Iterable[_Run]) -> list[Cell]:
    """Put the runs of a row that share columns into one cell."""
    merged: list[_Run] = []
    for run in sorted(runs, key=lambda run: (run.first, -run.last)):
        if merged and run.first <= merged[-1].last:
            before = merged[-1]
            merged[-1] = _Run(before.first, max(before.last, run.last), before.words + run.words)
        else:
            merged.append(run)
    return [_cell(grid, Slot(row, run.first, 1, run.last - run.first + 1), run.words) for run in merged]


def _place(boundaries: Sequence[float], position: float) -> int:
    return min(max(bisect_right(boundaries, position) - 1, 0), len(boundaries) - 2)


def _cell(grid: Grid, slot: Slot, words: Sequence[RawWord]) -> Cell:
    if grid.slots:
        bbox = box(
            grid.columns[slot.col], grid.rows[slot.row],
            grid.columns[slot.col + slot.col_span], grid.rows[slot.row + slot.row_span],
        )  # fmt: skip
    else:
        bbox = union(word.bbox for word in words)
    return Cell(slot.row, slot.col, joined_text(words), slot.row_span, slot.col_span, bbox=bbox)
