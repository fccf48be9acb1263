"""Lines put together into running text, without losing where a raised sign or a link annotation stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.raw import RawAnchor, RawPage, RawSpan, TextAnchor
from extractors.repair import collapse, join_with_starts
from extractors.rows import TextLine
from schemas.geometry import Span, intersection

_MARKS = frozenset("*∗†‡§¶‖#")


@dataclass(frozen=True, slots=True)
class Assembled:
    """Running text, the places of signs that may call a footnote, of link annotations, and of doubtful joints."""

    text: str
    marks: tuple[Span, ...] = ()
    anchors: tuple[TextAnchor, ...] = ()
    doubts: tuple[int, ...] = ()


def assemble(page: RawPage, lines: Sequence[TextLine], known: frozenset[str] = frozenset()) -> Assembled:
    """Return the lines as running text; lines in a typewriter font keep their line ends."""
    if lines and all(line.mono for line in lines):
        return Assembled(_typewritten(lines))
    text, starts, doubts = join_with_starts([line.text for line in lines], known)
    marks, anchors = _marks(lines, starts, text), _anchors(page.anchors, lines, starts)
    return Assembled(text, tuple(marks), tuple(anchors), tuple(doubts))


def _typewritten(lines: Sequence[TextLine]) -> str:
    """Return code line by line; pieces on one baseline stay on one line."""
    rows: list[str] = []
    bottom = float("-inf")
    for line in lines:
        if rows and abs(line.bbox.y1 - bottom) < 0.4 * line.size:
            rows[-1] = f"{rows[-1]}  {line.text.strip()}"
        else:
            rows.append(line.text.rstrip())
            bottom = line.bbox.y1
    return "\n".join(rows).strip("\n")


def _marks(lines: Sequence[TextLine], starts: Sequence[int], text: str) -> Iterator[Span]:
    for line, offset in zip(lines, starts, strict=True):
        small = 0.8 * line.size
        for span, start in zip(line.spans, line.starts, strict=True):
            if not (span.raised or span.size < small) or not is_mark(sign := span.text.strip()):
                continue
            begin = offset + _collapsed(line.text, start)
            if text[begin : begin + len(sign)] == sign:
                yield Span(begin, begin + len(sign))


def is_mark(sign: str) -> bool:
    """Tell whether a raised sign can call a footnote: a small number, one letter or a few typographic marks."""
    if sign.isdigit():
        return len(sign) <= 3
    return (len(sign) == 1 and sign.isalpha()) or (0 < len(sign) <= 3 and _MARKS.issuperset(sign))


def _collapsed(text: str, place: int) -> int:
    """Return where `text[place]` stands once runs of blanks are one blank."""
    before = collapse(text[:place])
    return len(before) + (1 if before and text[place - 1].isspace() else 0)


def _anchors(anchors: Sequence[RawAnchor], lines: Sequence[TextLine], starts: Sequence[int]) -> Iterator[TextAnchor]:
    if not anchors or not lines:
        return
    top, bottom = min(line.bbox.y0 for line in lines), max(line.bbox.y1 for line in lines)
    anchors = [anchor for anchor in anchors if anchor.bbox.y0 <= bottom and anchor.bbox.y1 >= top]
    for line, offset in zip(lines, starts, strict=True):
        for anchor in anchors:
            common = intersection(anchor.bbox, line.bbox)
            if common.width <= 1 or common.height < 0.5 * min(anchor.bbox.height, line.bbox.height):
                continue
            begin, end = _covered(line, anchor)
            if end > begin:
                begin, end = _collapsed(line.text, begin), _collapsed(line.text, end)
                yield TextAnchor(offset + begin, offset + end, anchor.target_page, anchor.target_y, anchor.name)


def _covered(line: TextLine, anchor: RawAnchor) -> tuple[int, int]:
    """Return the characters of a line under a link annotation, as far as even spacing within a span tells."""
    places: list[int] = []
    for span, start in zip(line.spans, line.starts, strict=True):
        if span.bbox.x1 > anchor.bbox.x0 + 0.5 and span.bbox.x0 < anchor.bbox.x1 - 0.5:
            places += _inside(span, start, anchor)
    return (min(places), max(places)) if places else (0, 0)


def _inside(span: RawSpan, start: int, anchor: RawAnchor) -> tuple[int, int]:
    length, width = len(span.text), max(span.bbox.width, 0.1)
    begin = (anchor.bbox.x0 - span.bbox.x0) / width * length
    end = (anchor.bbox.x1 - span.bbox.x0) / width * length
    return start + max(0, round(begin)), start + min(length, round(end))
