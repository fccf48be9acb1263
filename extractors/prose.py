"""Which lines of a page are running text, and which may be labels inside a figure."""

import re
from collections.abc import Iterable, Sequence

from extractors.raw import CaptionRegion, RawPage
from extractors.rows import TextLine, text_lines, upright_lines
from schemas.geometry import Box, overlap

_PROSE_WORDS = 6
_NEIGHBOUR_WORDS = 4
_SENTENCE_WORDS = 5
_INDENT = 30.0
_HELD = 0.8
_TYPED_RULE = re.compile(r"[_\-=*–—―─]{8,}")


class Prose:
    """The lines of a page, sorted into running text and others. Lines of captions are neither."""

    def __init__(self, page: RawPage, captions: Sequence[CaptionRegion]) -> None:
        """Sort the lines of `page`."""
        self.captions = [caption.bbox for caption in captions]
        skip = frozenset(index for caption in captions for index in caption.lines)
        level = text_lines(page, skip=skip)
        runs = _is_running(level)
        self.prose = [line for line, running in zip(level, runs, strict=True) if running]
        self.others = [line for line, running in zip(level, runs, strict=True) if not running]
        self.others += upright_lines(page, skip=skip)
        self._narrowest = min((line.bbox.width for line in self.prose), default=float("inf"))
        # A rule that was typed, as under a running head, would lead from a figure to what is above it.
        self._labels = [line.bbox for line in self.others if not _TYPED_RULE.fullmatch(line.text.strip())]
        self._code = [line.bbox for line in self.others if line.mono]

    def is_between(self, upper: Box, lower: Box) -> bool:
        """Say whether running text stands between two boxes, one above the other."""
        left, right = max(upper.x0, lower.x0), min(upper.x1, lower.x1)
        if right <= left:
            left, right = min(upper.x0, lower.x0), max(upper.x1, lower.x1)
        return any(
            upper.y1 - 2 < line.bbox.center[1] < lower.y0 + 2 and line.bbox.x0 < right and line.bbox.x1 > left
            for line in self.prose
        )

    def is_around_text(self, bbox: Box) -> bool:
        """Say whether a box encloses running text or code rather than labels."""
        # Plots have thousands of shapes, each too narrow for a line.
        if bbox.width > _HELD * self._narrowest:
            inside = [line for line in self.prose if overlap(line.bbox, bbox) > _HELD]
            if len(inside) >= 2 or any(line.bbox.width > 0.6 * bbox.width for line in inside):
                return True
        return bbox.width > 150 and any(overlap(line, bbox) > _HELD for line in self._code)

    def lines_at_left(self, bbox: Box) -> int:
        """Return how many lines in a box begin near its left edge, as the lines of a listing do."""
        inside = (line.bbox for line in (*self.prose, *self.others) if overlap(line.bbox, bbox) > 0.7)
        return sum(1 for box in inside if box.x0 - bbox.x0 < _INDENT)

    def sentences_in(self, bbox: Box) -> int:
        """Return how many lines in a box have as many words as labels seldom have."""
        inside = (line for line in (*self.prose, *self.others) if overlap(line.bbox, bbox) > _HELD and not line.mono)
        counts = (sum(any(map(str.isalpha, word)) for word in line.text.split()) for line in inside)
        return sum(count >= _SENTENCE_WORDS for count in counts)

    def share_of(self, bbox: Box) -> float:
        """Return how much of a box lines of text cover, from 0 to 1."""
        inside = (line.bbox for line in (*self.prose, *self.others) if overlap(line.bbox, bbox) > 0.5)
        return sum(box.area for box in inside) / bbox.area if bbox.area else 0.0

    def labels_near(self, bbox: Box, gap: float) -> list[Box]:
        """Return the lines that are no running text and lie in the box or at most `gap` points away."""
        return [label for label in self._labels if _near(label, bbox, gap)]

    def labels_between(self, upper: Box, lower: Box) -> list[Box]:
        """Return the lines that are no running text and stand between two boxes, within the width of either."""
        left, right = min(upper.x0, lower.x0), max(upper.x1, lower.x1)
        return [
            label
            for label in self._labels
            if upper.y1 - 2 < label.center[1] < lower.y0 and left <= label.center[0] <= right
        ]


def _near(line: Box, bbox: Box, gap: float) -> bool:
    apart = max(bbox.x0 - line.x1, line.x0 - bbox.x1, bbox.y0 - line.y1, line.y0 - bbox.y1)
    inside = min(bbox.x1, line.x1) - max(bbox.x0, line.x0) > 0.5 * line.width
    beside = min(bbox.y1, line.y1) - max(bbox.y0, line.y0) > 0.5 * line.height
    return apart <= gap and (inside or beside)


def _is_running(lines: Sequence[TextLine]) -> list[bool]:
    """A line runs when it has many words, and a like line close above or below it (or fills much of a column)."""
    words = [len([word for word in line.text.split() if any(map(str.isalpha, word))]) for line in lines]
    return [
        count >= _PROSE_WORDS and (count >= 2 * _PROSE_WORDS or _has_neighbour(index, lines, words))
        for index, count in enumerate(words)
    ]


def _has_neighbour(index: int, lines: Sequence[TextLine], words: Sequence[int]) -> bool:
    return any(
        words[other] >= _NEIGHBOUR_WORDS and _adjoin(lines[index], lines[other]) for other in _around(index, len(lines))
    )


def _around(index: int, count: int) -> Iterable[int]:
    return (other for other in range(max(index - 4, 0), min(index + 5, count)) if other != index)


def _adjoin(line: TextLine, other: TextLine) -> bool:
    common = min(line.bbox.x1, other.bbox.x1) - max(line.bbox.x0, other.bbox.x0)
    step = abs(line.bbox.y1 - other.bbox.y1)
    same = abs(line.size - other.size) < 0.6
    return same and 0.5 * line.size < step < 2.2 * line.size and common > 0.5 * min(line.bbox.width, other.bbox.width)
