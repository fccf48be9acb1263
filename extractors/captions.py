"""Captions: where one starts, and how far it goes."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.labels import CAPTION_KINDS, Label, match_label
from extractors.lazily import lazy
from extractors.raw import CaptionRegion, RawPage, RawPath
from extractors.repair import join_lines
from extractors.right_to_left import has_right_to_left
from extractors.rows import TextLine, share, text_lines
from schemas.geometry import Box, union

_SEPARATOR = re.compile(r"^\s*(?:[:：|│—–―．。]|\.(?!\d)|-\s|\)\s)\s*")
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}")
_PAGE_NUMBER = re.compile(r"\s\d{1,4}$")
_CONTINUED = re.compile(r"^\s*[,(\[–-]?\s*(?i:continued|cont\.?|cont'd|fortsetzung|suite|continuación|续|続き)\b")
_UNCASED = re.compile(r"^[^\W\d_A-Za-zÀ-ɏͰ-ӿ]")
# "図 1 は", "图 3 所示", "그림 1이": a sentence goes on after the label.
_SENTENCE = re.compile(
    r"^(?:[가-힣]|\s*(?:は|に|を|が|で|も|の|と|から|より|へ|および|及び|所示|给出|給出|显示|是|为|列出|展示|说明|表示|和|与|中[的，,给所])|中)"
)
_IDEOGRAPHIC_LABEL = re.compile(r"^\s*[\u3040-\u9fff가-힣]")
_MAX_LINES = 40


@dataclass(frozen=True)
class _Layout:
    """The lines of a page with what is asked of them often."""

    lines: Sequence[TextLine]
    rules: Sequence[RawPath]

    @lazy
    def tops(self) -> list[float]:
        return [line.bbox.y0 for line in self.by_top]

    @lazy
    def by_top(self) -> list[TextLine]:
        return sorted(self.lines, key=lambda line: (line.bbox.y0, line.bbox.x0))

    @lazy
    def body(self) -> tuple[str, float]:
        """Font and size of most characters of the page."""
        weights: Counter[tuple[str, float]] = Counter()
        for line in self.lines:
            weights[line.main.font, round(line.size, 1)] += len(line.text)
        return max(weights, key=lambda style: weights[style], default=("", 0.0))

    def between(self, top: float, bottom: float) -> list[TextLine]:
        """Return the lines that begin in [top, bottom)."""
        return self.by_top[bisect_left(self.tops, top) : bisect_left(self.tops, bottom)]


def find_captions(page: RawPage) -> list[CaptionRegion]:
    """Return the captions of numbered tables and figures, top to bottom.

    A sentence that begins with a label ("Table 3 shows ...") is none, nor is an entry of a list of figures.
    """
    lines = text_lines(page)
    layout = _Layout(lines, _rules(page.paths))
    starts = [(line, found) for line in lines if (found := _start(line, layout)) is not None]
    if _is_listing([line for line, _ in starts]):
        return []
    opening = {line.pieces for line, _ in starts}
    regions = [_region(_gather(line, layout, opening), label) for line, label in starts]
    return sorted(regions, key=lambda region: (region.bbox.y0, region.bbox.x0))


def _rules(paths: Sequence[RawPath]) -> list[RawPath]:
    """Return the level rules: thin, and at least a word wide."""
    return [path for path in paths if path.bbox.height <= 2.5 and path.bbox.width >= 20]


def _is_listing(entries: Sequence[TextLine]) -> bool:
    numbered = sum(1 for line in entries if _PAGE_NUMBER.search(line.text.rstrip()))
    return len(entries) >= 4 and numbered >= 0.7 * len(entries)


def _start(line: TextLine, layout: _Layout) -> Label | None:
    """Return the label if `line` opens a caption."""
    found = match_label(line.text)
    if found is None or found[0].noun not in CAPTION_KINDS or _LEADERS.search(line.text):
        return None
    label, end = found
    word = line.text.lstrip()
    if word[:1].islower() and not word[1:4].isupper():  # some fonts of small capitals say "tABLE"
        return None
    strength = _strength(line, end)
    if strength == 0 or (strength < 3 and _runs_on(line, layout)):
        return None
    return label


def _strength(line: TextLine, end: int) -> int:
    """Return how surely what follows the label makes a caption: 0 not at all, 3 whatever stands above."""
    rest = line.text[end:]
    if _styled(line, end):
        return 3 if _SEPARATOR.match(rest) or not rest.strip() else 2
    if _CONTINUED.match(rest):
        return 2
    if not rest.strip():
        return 1
    if _SEPARATOR.match(rest):
        return 2
    if _IDEOGRAPHIC_LABEL.match(line.text):
        return 0 if _SENTENCE.match(rest) or "。" in rest[:40] else 1
    if has_right_to_left(line.text) and line.text.rstrip().endswith("."):
        return 0
    if rest.startswith(("  ", "\u2003")) or _UNCASED.match(rest.strip()):
        return 1 if not rest.strip()[:1].islower() else 0
    return 1 if re.match(r"^\s+[A-ZÀ-ÝА-Я][\w-]*\s+(?!and\b|et\b|und\b)", rest) else 0


def _styled(line: TextLine, end: int) -> bool:
    """Tell whether the label is set off from what follows by weight or slant, or all of it is bold."""
    label = [span for span, start in zip(line.spans, line.starts, strict=True) if start < end - 1]
    rest = [span for span, start in zip(line.spans, line.starts, strict=True) if start >= end - 1]
    if share(label, "bold") < 0.9 and share(label, "italic") < 0.9:
        return False
    attribute = "bold" if share(label, "bold") >= 0.9 else "italic"
    return attribute == "bold" or share(rest, attribute) < 0.5


def _runs_on(line: TextLine, layout: _Layout) -> bool:
    """Tell whether `line` goes on a paragraph: the line above is close, alike and full."""
    box, size = line.bbox, line.size
    for above in reversed(layout.between(box.y0 - 2.2 * size, box.y0 - 0.5 * size)):
        if not _overlaps(above.bbox, box) or above.pieces == line.pieces:
            continue
        close = box.y1 - above.bbox.y1 < 1.5 * size
        alike = abs(above.size - size) < 0.3 and above.main.font == line.main.font
        full = above.bbox.x1 > box.x1 - 3 * size and above.bbox.x0 < box.x0 + 2.5 * size
        return close and alike and full and not above.text.rstrip().endswith((".", ":"))
    return False


def _overlaps(a: Box, b: Box) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 0


def _gather(start: TextLine, layout: _Layout, opening: set[tuple[int, ...]]) -> list[TextLine]:
    lines = [start, *_beside(start, layout)]
    box = union(line.bbox for line in lines)
    leading: float | None = None
    while len(lines) < _MAX_LINES:
        following = _next(lines[-1], box, layout, opening)
        if following is None:
            break
        step = following.bbox.y1 - lines[-1].bbox.y1
        if (leading is not None and step > leading + 0.25 * start.size) or _ended(lines, following):
            break
        leading = step if leading is None and not _bare(lines) else leading
        lines.append(following)
        box = union([box, following.bbox])
    return lines


def _beside(start: TextLine, layout: _Layout) -> list[TextLine]:
    """Return the text right of a bare label on its baseline."""
    if not _bare([start]):
        return []
    row = [
        line
        for line in layout.between(start.bbox.y0 - 0.4 * start.size, start.bbox.y0 + 0.4 * start.size)
        if 0 < line.bbox.x0 - start.bbox.x1 < 4 * start.size and abs(line.bbox.y1 - start.bbox.y1) < 0.4 * start.size
    ]
    return row[:1]


def _bare(lines: Sequence[TextLine]) -> bool:
    """Tell whether nothing but the label has been read."""
    found = match_label(lines[0].text)
    return len(lines) == 1 and found is not None and len(lines[0].text[found[1] :].strip()) < 3


def _next(last: TextLine, box: Box, layout: _Layout, opening: set[tuple[int, ...]]) -> TextLine | None:
    """Return the line that can go on the caption, or None."""
    size = last.size
    reach = 1.6 if len(last.text.strip()) < 14 else 0.75
    for line in layout.between(last.bbox.y0 + 0.6 * size, last.bbox.y1 + reach * size):
        if not _overlaps(line.bbox, box) or line.bbox.y1 <= last.bbox.y1 + 0.3 * size:
            continue
        fits = line.pieces not in opening and _alike(line, last, layout) and _aligned(line, box, size)
        return line if fits and not _ruled_off(last, line, layout) and not _is_row(line, box, layout) else None
    return None


def _alike(line: TextLine, last: TextLine, layout: _Layout) -> bool:
    bare = len(last.text.strip()) < 14
    if abs(line.size - last.size) > (2.5 if bare else 0.6) or line.mono != last.mono:
        return False
    changed = line.bold != last.bold or line.italic != last.italic
    becomes_body = (line.main.font, round(line.size, 1)) == layout.body
    was_body = (last.main.font, round(last.size, 1)) == layout.body
    return bare or not ((changed and becomes_body) or (line.bold and not last.bold) or (becomes_body and not was_body))


def _aligned(line: TextLine, box: Box, size: float) -> bool:
    left = -1.0 * size <= line.bbox.x0 - box.x0 <= 6 * size
    centered = abs(sum(line.bbox.center[:1]) - box.center[0]) < 1.5 * size
    return left or centered


def _ruled_off(last: TextLine, line: TextLine, layout: _Layout) -> bool:
    top, bottom = last.bbox.y1 - 0.3 * last.size, line.bbox.y0 + 0.3 * line.size
    return any(top <= rule.bbox.y0 <= bottom and _overlaps(rule.bbox, line.bbox) for rule in layout.rules)


def _is_row(line: TextLine, box: Box, layout: _Layout) -> bool:
    """Tell whether `line` is a row of a table: another piece stands on its baseline below the caption."""
    for other in layout.between(line.bbox.y0 - 0.4 * line.size, line.bbox.y0 + 0.4 * line.size):
        inside = min(other.bbox.x1, box.x1) - max(other.bbox.x0, box.x0) > 0.5 * other.bbox.width
        if other.pieces != line.pieces and inside and abs(other.bbox.y1 - line.bbox.y1) < 0.5 * line.size:
            return True
    return False


def _ended(lines: Sequence[TextLine], following: TextLine) -> bool:
    """Tell whether the last line closes the caption: short, with a full stop."""
    last = lines[-1]
    if _bare(lines) or not last.text.rstrip().endswith((".", "。", ")")):
        return False
    right = max(line.bbox.x1 for line in (*lines, following))
    return last.bbox.x1 < right - 5 * last.size and last.bbox.x0 < right - 10 * last.size


def _region(lines: Sequence[TextLine], label: Label) -> CaptionRegion:
    return CaptionRegion(
        kind=CAPTION_KINDS[label.noun],
        label=str(label),
        bbox=union(line.bbox for line in lines),
        lines=tuple(index for line in lines for index in line.pieces),
        text=join_lines([line.text for line in lines]),
    )
