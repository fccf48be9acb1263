"""Rows of words: cut into chunks at wide gaps, and parted from the lines of paragraphs beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from extractors.grids import text_lines_of
from extractors.lazily import lazy
from extractors.raw import RawPage, RawWord
from schemas.geometry import Box, union

_COLUMN_GAP = 1.1
_LEVEL_SHAPE = 2.5
_LONG_WORDS = 7
_LONG_LETTERS = 45
_EDGE = 3.0
_LEADING = 1.9
_INDENT = 25.0
_NUMBERED = re.compile(r"^\(\d+(?:\.\d+)*[a-z]?\)$")
_MARK = re.compile(r"^(?:[\[(]?\w{1,3}[.)\]]|[•◦▪■–—*-])$")
_LEADERS = re.compile(r"(?:[.·]\s?){5,}|…(?:\s?…)+")
_LED = re.compile(r"(?:(?:[.·]\s?){5}|…\s?…)\s*(\d{1,4})(?=\s|$)")
_DIGITS_AFTER = re.compile(r"[.·…]\s*\d{1,4}\s+(?:\S*\d\S*\s*)+$")

Chunk = tuple[RawWord, ...]


@dataclass(frozen=True)
class Row:
    """A line of words cut at wide gaps into chunks."""

    chunks: tuple[Chunk, ...]

    @lazy
    def bbox(self) -> Box:
        """The box around its words."""
        return union(word.bbox for chunk in self.chunks for word in chunk)

    @property
    def is_tabular(self) -> bool:
        """Whether it has several chunks, and none but its first reads like a line of a paragraph."""
        return len(self.chunks) >= 2 and not any(is_long(chunk) for chunk in self.chunks[1:])

    @lazy
    def led_pages(self) -> tuple[int, ...]:
        """The page numbers that dots lead to; empty when dots lead to other figures, or to several."""
        text = " ".join(word.text for chunk in self.chunks for word in chunk)
        if not _LEADERS.search(text):
            return ()
        numbers = _LED.findall(text)
        alone = len(numbers) == len(_LEADERS.findall(text)) and not _DIGITS_AFTER.search(text)
        return tuple(map(int, numbers)) if alone else ()

    @property
    def numbers(self) -> int:
        """How many chunks begin with a digit or a sign; the number of a formula is none."""
        return sum(map(_is_number, self.chunks))


def page_rows(page: RawPage) -> list[Row]:
    """Return the rows of words on a page, top to bottom; words of upright lines are left out."""
    return page.once("rows", partial(_find_rows, page))


def _find_rows(page: RawPage) -> list[Row]:
    levels = [line.direction[0] > 0.9 for line in page.lines]
    level = [word for word in page.words if (levels[word.line] if word.line >= 0 else _is_broad(word))]
    return [Row(tuple(_chunks(line))) for line in text_lines_of(level)]


def part_rows(rows: Sequence[Row]) -> list[Row]:
    """Return what stands beside and between the lines of paragraphs, the parts of a row each on its own."""
    marked = [_long_lines(rows, place) for place in range(len(rows))]
    return [part for place, row in enumerate(rows) for part in _parts(row, _prose(rows, marked, place))]


def rows_inside(rows: Sequence[Row], bbox: Box) -> list[Row]:
    """Return the rows that stand mostly in a box, without their parts that stand beside it."""
    found = []
    for row in rows:
        top, bottom = row.bbox.y0, row.bbox.y1
        if min(bottom, bbox.y1) - max(top, bbox.y0) > 0.5 * (bottom - top) and row.bbox.x0 < bbox.x1:
            chunks = tuple(chunk for chunk in row.chunks if left(chunk) < bbox.x1 and right(chunk) > bbox.x0)
            found += [Row(chunks)] if chunks else []
    return found


def is_long(chunk: Chunk) -> bool:
    """Say whether a chunk has as many words as the line of a paragraph."""
    if len(chunk) <= _LONG_WORDS and sum(len(word.text) for word in chunk) <= _LONG_LETTERS:
        return False
    worded = sum(1 for word in chunk if any(map(str.isalpha, word.text)))
    return worded > _LONG_WORDS or sum(sum(map(str.isalpha, word.text)) for word in chunk) > _LONG_LETTERS


def is_formula_number(chunk: Chunk) -> bool:
    """Say whether a chunk is the number of a formula, such as (2.3)."""
    return len(chunk) == 1 and _NUMBERED.match(chunk[0].text) is not None


def left(chunk: Chunk) -> float:
    """Return where a chunk begins."""
    return chunk[0].bbox.x0


def right(chunk: Chunk) -> float:
    """Return where a chunk ends."""
    return chunk[-1].bbox.x1


def _is_number(chunk: Chunk) -> bool:
    text = "".join(word.text for word in chunk[:2])
    return text.lstrip("-–−+($€£<>≤≥~*.")[:1].isdigit() and not is_formula_number(chunk)


def _is_broad(word: RawWord) -> bool:
    return word.bbox.height < _LEVEL_SHAPE * word.bbox.width or len(word.text) < 3


def _chunks(line: Sequence[RawWord]) -> Iterator[Chunk]:
    chunk: list[RawWord] = []
    end, size = float("inf"), 0.0
    for word in line:
        x0, y0, x1, y1 = word.bbox
        height = y1 - y0
        if x0 - end > _COLUMN_GAP * min(size, height):
            yield tuple(chunk)
            chunk = []
        chunk.append(word)
        end, size = x1, height
    yield tuple(chunk)


def _long_lines(rows: Sequence[Row], place: int) -> list[Chunk]:
    """Return the chunks of a row that are lines of a paragraph: long, and no label of the figures to their right."""
    chunks = rows[place].chunks
    found = []
    for number, chunk in enumerate(chunks):
        labels = number + 1 < len(chunks) and _is_number(chunks[number + 1])
        if is_long(chunk) and not (labels and not _is_justified(rows, place, chunk)):
            found.append(chunk)
    return found


def _is_justified(rows: Sequence[Row], place: int, chunk: Chunk) -> bool:
    """Say whether a long chunk right above or below ends where this one does."""
    return any(
        is_long(other) and abs(left(other) - left(chunk)) < _EDGE and abs(right(other) - right(chunk)) < _EDGE
        for near in (place - 1, place + 1)
        if _is_near(rows, place, near)
        for other in rows[near].chunks
    )


def _is_near(rows: Sequence[Row], place: int, near: int) -> bool:
    if not 0 <= near < len(rows):
        return False
    step = abs(rows[near].bbox.center[1] - rows[place].bbox.center[1])
    return step < _LEADING * min(rows[place].bbox.height, rows[near].bbox.height)


def _prose(rows: Sequence[Row], marked: Sequence[Sequence[Chunk]], place: int) -> frozenset[int]:
    """Return which chunks of a row belong to paragraphs: long lines, their marks, and short lines that end them."""
    chunks = rows[place].chunks
    prose = {number for number, chunk in enumerate(chunks) if any(chunk is line for line in marked[place])}
    above = marked[place - 1] if _is_near(rows, place, place - 1) else ()
    below = marked[place + 1] if _is_near(rows, place, place + 1) else ()
    for line in above:
        prose |= _ending(line, chunks, between=any(abs(left(other) - left(line)) < _INDENT for other in below))
    marks = {
        number
        for number in prose
        if number and len(chunks[number - 1]) == 1 and _MARK.match(chunks[number - 1][0].text)
    }
    return frozenset(prose | {number - 1 for number in marks})


def _ending(line: Chunk, chunks: Sequence[Chunk], *, between: bool) -> set[int]:
    """Return the chunks below a long line that go on its paragraph: alone there, or between it and the next line."""
    within = [
        number
        for number, chunk in enumerate(chunks)
        if left(line) - _INDENT < left(chunk) and right(chunk) < right(line) + _EDGE
    ]
    alone = len(within) == 1 and abs(left(chunks[within[0]]) - left(line)) < _INDENT
    return set(within) if within and (between or alone) else set()


def _parts(row: Row, prose: frozenset[int]) -> Iterator[Row]:
    part: list[Chunk] = []
    for number, chunk in enumerate(row.chunks):
        if number not in prose:
            part.append(chunk)
        elif part:
            yield Row(tuple(part))
            part = []
    if part:
        yield Row(tuple(part))
