"""Cheap signs that a page may hold a table, taken from what was read anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.grids import Grid, fill, text_lines_of, words_inside
from extractors.raw import CaptionRegion, RawPage, RawWord
from extractors.tables_ruled import page_grids
from schemas.geometry import Box, union
from schemas.kinds import ElementKind

_COLUMN_GAP = 1.1
_ALIGNED = 5.0
_SHORTEST_RULE = 40.0
_LONG_CHUNK_WORDS = 7
_LEVEL_SHAPE = 2.5


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words cut at wide gaps into chunks."""

    bbox: Box
    chunks: tuple[tuple[RawWord, ...], ...]

    @property
    def is_tabular(self) -> bool:
        """Whether it has several chunks, and none reads like a line of a paragraph."""
        return len(self.chunks) >= 2 and all(len(chunk) <= _LONG_CHUNK_WORDS for chunk in self.chunks)

    @property
    def has_leaders(self) -> bool:
        """Whether dots lead from one chunk to the next."""
        return any(set(word.text) <= {".", "…", "·"} or "...." in word.text for chunk in self.chunks for word in chunk)

    @property
    def numbers(self) -> int:
        """How many chunks begin with a digit or a sign."""
        return sum(1 for chunk in self.chunks if chunk[0].text.lstrip("-–−+($€£<>≤≥~*.")[:1].isdigit())


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Level rules of the same extent, one below the other, as they stand above, within and below a table."""

    x0: float
    x1: float
    heights: tuple[float, ...]

    @property
    def bbox(self) -> Box:
        """The box between the first and the last rule."""
        return Box(self.x0, self.heights[0], self.x1, self.heights[-1])


def table_signals(page: RawPage, captions: Sequence[CaptionRegion]) -> tuple[str, ...]:
    """Return the signs found, by name; empty when the page looks free of tables."""
    signs = []
    if any(caption.kind is ElementKind.TABLE for caption in captions):
        signs.append("table caption")
    rows = page_rows(page)
    if any(rules_hold_rows(group, rows) for group in rule_groups(page.rules)):
        signs.append("rules around rows")
    if any(holds_cells(grid, page.words) for grid in page_grids(page)):
        signs.append("ruled grid")
    if any(
        not is_code(page, [word for row in run for chunk in row.chunks for word in chunk]) for run in column_runs(rows)
    ):
        signs.append("aligned columns")
    return tuple(signs)


def rules_hold_rows(group: RuleGroup, rows: Sequence[Row]) -> bool:
    """Say whether at least two rows of several chunks stand between the rules."""
    bbox = group.bbox
    tabular = 0
    for row in rows:
        if bbox.y0 < row.bbox.center[1] < bbox.y1:
            chunks = [part for part in row.chunks if bbox.x0 - 4 <= part[0].bbox.x0 and part[-1].bbox.x1 <= bbox.x1 + 4]
            tabular += len(chunks) >= 2 and all(len(chunk) <= 2 * _LONG_CHUNK_WORDS for chunk in chunks)
    return tabular >= 2


def is_code(page: RawPage, words: Sequence[RawWord]) -> bool:
    """Say whether words are set in a font of one width on a page that mostly is not: code, or what a program prints."""
    return _mono_share(page, words) > 0.5 and _mono_share(page, page.words) < 0.8


def page_rows(page: RawPage) -> list[Row]:
    """Return the rows of words on a page, top to bottom; words of upright lines are left out."""
    level = [word for word in page.words if _is_level(word, page)]
    return [_row(line) for line in text_lines_of(level)]


def rule_groups(rules: Iterable[Box]) -> list[RuleGroup]:
    """Return the level rules that begin and end alike, at least two at different heights."""
    groups: list[list[Box]] = []
    level = sorted(rule for rule in rules if rule.width >= _SHORTEST_RULE and rule.width > 4 * rule.height)
    for rule in level:
        home = next((g for g in reversed(groups) if _alike(g[0], rule)), None)
        if home is None:
            groups.append([rule])
        else:
            home.append(rule)
    found = (_rule_group(group) for group in groups)
    return [group for group in found if len(group.heights) >= 2]


def column_runs(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Return the runs of at least four tabular rows whose chunks stand in the same columns, mostly numbers."""
    runs: list[list[Row]] = []
    for row in rows:
        last = runs[-1][-1] if runs else None
        if not row.is_tabular:
            continue
        if last is not None and _follows(last, row):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [tuple(run) for run in runs if len(run) >= 4 and _is_table(run)]


def _mono_share(page: RawPage, words: Sequence[RawWord]) -> float:
    known = [page.lines[word.line] for word in words if word.line >= 0]
    return sum(line.spans[0].mono for line in known) / len(known) if known else 0.0


def holds_cells(grid: Grid, words: Sequence[RawWord]) -> bool:
    """Say whether words fill enough cells of a ruled grid to make it a table rather than a drawing."""
    rows, columns = grid.shape
    return (
        rows >= 2 and columns >= 2 and len(fill(grid, words_inside(words, grid.bbox))) >= max(4, len(grid.slots) // 4)
    )


def _is_level(word: RawWord, page: RawPage) -> bool:
    if word.line >= 0:
        return page.lines[word.line].direction[0] > 0.9
    return word.bbox.height < _LEVEL_SHAPE * word.bbox.width or len(word.text) < 3


def _row(line: Sequence[RawWord]) -> Row:
    chunks: list[list[RawWord]] = [[line[0]]]
    for left, right in pairwise(line):
        if right.bbox.x0 - left.bbox.x1 > _COLUMN_GAP * min(left.bbox.height, right.bbox.height):
            chunks.append([right])
        else:
            chunks[-1].append(right)
    return Row(union(word.bbox for word in line), tuple(tuple(chunk) for chunk in chunks))


def _alike(a: Box, b: Box) -> bool:
    return abs(a.x0 - b.x0) <= _ALIGNED and abs(a.x1 - b.x1) <= _ALIGNED


def _rule_group(rules: Sequence[Box]) -> RuleGroup:
    heights: list[float] = []
    for at in sorted(rule.center[1] for rule in rules):
        if not heights or at - heights[-1] > 4.0:
            heights.append(at)
    return RuleGroup(min(rule.x0 for rule in rules), max(rule.x1 for rule in rules), tuple(heights))


def _follows(above: Row, below: Row) -> bool:
    """Say whether a row stands right below another and shares columns with it."""
    step = below.bbox.center[1] - above.bbox.center[1]
    if step > 3.0 * max(above.bbox.height, below.bbox.height):
        return False
    matched = sum(1 for chunk in below.chunks if any(_same_column(chunk, other) for other in above.chunks))
    return matched >= 2


def _same_column(a: Sequence[RawWord], b: Sequence[RawWord]) -> bool:
    return abs(a[0].bbox.x0 - b[0].bbox.x0) < _ALIGNED or abs(a[-1].bbox.x1 - b[-1].bbox.x1) < _ALIGNED


def _is_table(run: Sequence[Row]) -> bool:
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
