"""Lines of text as a reader sees them: the library's pieces that stand on one baseline, put together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from extractors.formulas import is_formula
from extractors.lazily import lazy
from extractors.raw import RawLine, RawPage, RawSpan
from extractors.repair import accented, repair
from extractors.right_to_left import is_right_to_left
from schemas.geometry import Box, union

# A list mark or a heading's number may stand further from its text than words do.
_MARK = re.compile(r"^(?:[•◦▪■□●○–—*·‣➢►✓-]|\(?[\dA-Za-z]{1,3}[.)]|\d+(?:\.\d+)*\.?|[A-Z](?:\.\d+)+|[IVX]+\.)$")
_MONO = re.compile(r"CMTT|SFTT|ECTT|LMMono|Courier|Consol|Menlo|Mono|Typewriter|TT\d|Inconsolata|Andale|txtt")
# Some producers flag these as fixed pitch.
_PROPORTIONAL = re.compile(r"Rom|Times|Helvet|Arial|Sans$|Serif|Garamond|Palatino|Minion|CMR|CMBX|SFRM", re.IGNORECASE)
_WORD_GAP = 0.75
_BLOCK_GAP = 1.5
_MARK_GAP = 3.5


@dataclass(frozen=True)
class TextLine:
    """A line of text: `pieces` are indices into `RawPage.lines`, from left to right; `text` is repaired.

    `starts` are the places in `text` where the spans begin; `size`, `font` and the style are those of most characters.
    """

    pieces: tuple[int, ...]
    spans: tuple[RawSpan, ...]
    starts: tuple[int, ...]
    text: str
    bbox: Box
    block: int

    @lazy
    def main(self) -> RawSpan:
        """The span whose font and size are those of most characters."""
        first = self.spans[0]
        if len(self.spans) == 1 or all(span.font == first.font and span.size == first.size for span in self.spans):
            return first
        weights: Counter[tuple[str, float]] = Counter()
        for span in self.spans:
            weights[span.font, span.size] += len(span.text.strip())
        font, size = max(weights, key=lambda style: weights[style])
        return next(span for span in self.spans if span.font == font and span.size == size)

    @lazy
    def size(self) -> float:
        """Font size of most characters, in points."""
        return self.main.size

    @lazy
    def bold(self) -> bool:
        """Whether most letters are bold."""
        return share(self.spans, "bold") > 0.6

    @lazy
    def italic(self) -> bool:
        """Whether most letters are italic."""
        return share(self.spans, "italic") > 0.6

    @lazy
    def mono(self) -> bool:
        """Whether the line is set in a typewriter font: by its name, else by what the font says of itself."""
        printed = {span.font for span in self.spans if span.text.strip()}
        if all(_MONO.search(font) for font in printed):
            return True
        return share(self.spans, "mono") > 0.6 and not _PROPORTIONAL.search(self.main.font)

    @lazy
    def formula(self) -> bool:
        """Whether the line is (part of) a displayed formula."""
        return not self.mono and is_formula(self.text, self.spans)


def share(spans: Sequence[RawSpan], attribute: str) -> float:
    """Return the share of printed characters whose span has `attribute` set."""
    if len(spans) == 1:
        return float(getattr(spans[0], attribute) and not spans[0].text.isspace() and spans[0].text != "")
    if not any(getattr(span, attribute) for span in spans):
        return 0.0
    total = styled = 0
    for span in spans:
        count = len(span.text.strip())
        total += count
        styled += count if getattr(span, attribute) else 0
    return styled / total if total else 0.0


def split_line(line: TextLine, at: int) -> tuple[TextLine, TextLine]:
    """Return a line cut before its span number `at`."""
    place = line.starts[at]
    head, tail = line.spans[:at], line.spans[at:]
    return (
        replace(line, spans=head, starts=line.starts[:at], text=line.text[:place], bbox=_around(head, line.bbox)),
        replace(
            line,
            spans=tail,
            starts=tuple(start - place for start in line.starts[at:]),
            text=line.text[place:],
            bbox=_around(tail, line.bbox),
        ),
    )


def text_lines(page: RawPage, *, skip: frozenset[int] = frozenset()) -> tuple[TextLine, ...]:
    """Return the level lines of a page from top to bottom, without those in `skip` (indices into `page.lines`).

    Several steps ask for the same ones.
    """
    return page.once(f"lines but {sorted(skip)}", partial(_find_lines, page, skip))


def _find_lines(page: RawPage, skip: frozenset[int]) -> tuple[TextLine, ...]:
    level = [
        index
        for index, line in enumerate(page.lines)
        if index not in skip and line.direction[0] > 0.9 and line.text.strip()
    ]
    return tuple([_compose(page, group) for group in _groups(page.lines, level)])


def chosen_lines(page: RawPage, indices: Iterable[int]) -> list[TextLine]:
    """Return the lines made of just these pieces, level ones from top to bottom, then the others."""
    level: list[int] = []
    others: list[int] = []
    for index in indices:
        (level if page.lines[index].direction[0] > 0.9 else others).append(index)
    return [_compose(page, group) for group in (*_groups(page.lines, level), *([i] for i in others))]


def upright_lines(page: RawPage, *, skip: frozenset[int] = frozenset()) -> list[TextLine]:
    """Return the lines that do not run level, each as it was read."""
    return [
        _compose(page, [index])
        for index, line in enumerate(page.lines)
        if index not in skip and line.direction[0] <= 0.9 and line.text.strip()
    ]


def _groups(lines: Sequence[RawLine], indices: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for row in _rows(lines, indices):
        row.sort(key=lambda index: (lines[index].bbox.x0, index))
        start = len(groups)
        for index in row:
            home = next((g for g in reversed(groups[start:]) if _continues(lines[g[-1]], lines[index])), None)
            if home is None:
                groups.append([index])
            else:
                home.append(index)
    return groups


def _rows(lines: Sequence[RawLine], indices: list[int]) -> list[list[int]]:
    """Return the pieces that share a baseline, row by row."""
    rows: list[list[int]] = []
    middle = 0.0
    for index in sorted(indices, key=lambda index: (_baseline(lines[index]), lines[index].bbox.x0, index)):
        here = _baseline(lines[index])
        if rows and here - middle <= 0.35 * lines[rows[-1][0]].bbox.height:
            rows[-1].append(index)
        else:
            rows.append([index])
            middle = here
    return rows


def _baseline(line: RawLine) -> float:
    return line.bbox.y1 - 0.2 * line.bbox.height


def _continues(left: RawLine, right: RawLine) -> bool:
    size = max(left.spans[-1].size, right.spans[0].size)
    gap = right.bbox.x0 - left.bbox.x1
    if gap < -0.5 * size:
        return False
    together = left.block == right.block
    if _MARK.match(left.text.strip()):
        limit = _MARK_GAP if together else _BLOCK_GAP
    else:
        limit = _BLOCK_GAP if together else _WORD_GAP
    return gap <= limit * size


def _compose(page: RawPage, group: Sequence[int]) -> TextLine:
    """Return the line made of these pieces; several steps ask for the same ones."""
    pieces = tuple(group)
    line: TextLine | None = page.composed.get(pieces)
    if line is None:
        line = page.composed[pieces] = _put_together(page, pieces)
    return line


def _put_together(page: RawPage, group: Sequence[int]) -> TextLine:
    spans: list[RawSpan] = []
    starts: list[int] = []
    parts: list[str] = []
    length = 0
    backwards = is_right_to_left("".join(page.lines[index].text for index in group))
    for span in (span for index in (reversed(group) if backwards else group) for span in page.lines[index].spans):
        text = repair(span.text)
        if not text:
            continue
        if parts and (whole := accented(parts[-1][-1:], text[0])):
            # The accent, and the letter below it, were set in fonts of their own.
            parts[-1], text = parts[-1][:-1], whole + text[1:]
            length -= 1
        before = spans[-1] if spans else span
        left, right = (span, before) if backwards else (before, span)
        if _apart(left, right) and not text[0].isspace() and not parts[-1][-1:].isspace():
            parts.append(" ")
            length += 1
        starts.append(length)
        spans.append(span)
        parts.append(text)
        length += len(text)
    first = page.lines[group[0]]
    return TextLine(
        tuple(group), tuple(spans) or first.spans, tuple(starts) or (0,), "".join(parts),
        _tight([page.lines[index] for index in group]), first.block,
    )  # fmt: skip


def _apart(left: RawSpan, right: RawSpan) -> bool:
    return right.bbox.x0 - left.bbox.x1 > 0.15 * max(left.size, right.size)


def _tight(lines: Sequence[RawLine]) -> Box:
    inked = _inked([span for line in lines for span in line.spans])
    return inked or union(line.bbox for line in lines)


def _around(spans: Sequence[RawSpan], otherwise: Box) -> Box:
    return _inked(spans) or otherwise


def _inked(spans: Sequence[RawSpan]) -> Box | None:
    """Return the box around the spans that print anything."""
    boxes = [span.bbox for span in spans if span.text and not span.text.isspace()]
    if len(boxes) == 1:
        return boxes[0]
    return union(boxes) if boxes else None
