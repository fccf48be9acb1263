"""Arabic, Hebrew and their kin in the order they are read, from the places of their characters.

A PDF may draw a right-to-left line in either direction, with words of other scripts and numbers in between, and the
library turns single runs around but not the line as a whole. Places tell the order for certain.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = frozenset({"L", "EN", "AN", "ES", "ET"})
_NEUTRAL = frozenset({"CS", "WS", "ON", "B", "S"})
_SPREAD_NUMBER = re.compile(r"(?<=\d) ?\. ?(?=\d)")
_NO_WIDTH = 0.01
# Beyond this share a font tells nothing of its characters' places.
_MOST_WITHOUT_WIDTH = 0.3
_GAP_OF_WORDS, _GAP_OF_SCRIPTS = 0.2, 0.05


class _Glyph(NamedTuple):
    """A character, its left and right edge, and the number of the span it stands in."""

    text: str
    left: float
    right: float
    span: int


def has_right_to_left(text: str) -> bool:
    """Tell whether a text has letters that are read from right to left."""
    return not text.isascii() and _LETTER.search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Tell whether most letters of a text are read from right to left."""
    return not text.isascii() and 2 * len(_LETTER.findall(text)) > sum(map(str.isalpha, text))


def in_reading_order(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the library's blocks, given with their characters, with the text of their spans in reading order."""
    return [{**block, "lines": [_line(line) for line in block.get("lines", ())]} for block in blocks]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    spans = [{**span, "text": "".join(char["c"] for char in span["chars"])} for span in line["spans"]]
    if line["dir"][0] < 0.9 or not is_right_to_left("".join(span["text"] for span in spans)):
        return {**line, "spans": spans}
    glyphs = [
        _Glyph(char["c"], char["bbox"][0], char["bbox"][2], number)
        for number, span in enumerate(spans)
        for char in span["chars"]
    ]
    if sum(glyph.right - glyph.left < _NO_WIDTH for glyph in glyphs) > _MOST_WITHOUT_WIDTH * len(glyphs):
        return {**line, "spans": spans}
    ordered = order_glyphs(glyphs)
    return {
        **line,
        "spans": [_span(spans[number], list(part)) for number, part in groupby(ordered, lambda glyph: glyph.span)],
    }


def _span(span: dict[str, Any], glyphs: Sequence[_Glyph]) -> dict[str, Any]:
    edges = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
    text = glyphs[0].text + "".join(f"{_blank(a, b, span['size'])}{b.text}" for a, b in pairwise(glyphs))
    text = _SPREAD_NUMBER.sub(".", text)
    return {**span, "text": text, "bbox": (edges[0], span["bbox"][1], edges[1], span["bbox"][3])}


def _blank(a: _Glyph, b: _Glyph, size: float) -> str:
    """Return a blank where two characters stand apart without one; scripts that meet need less of a gap."""
    gap = max(a.left - b.right, b.left - a.right)
    meet = (_direction(a) == "L") is not (_direction(b) == "L")
    wide = gap > (_GAP_OF_SCRIPTS if meet else _GAP_OF_WORDS) * size
    parts = a.right - a.left < _NO_WIDTH or b.right - b.left < _NO_WIDTH
    return " " if wide and not parts and not a.text.isspace() and not b.text.isspace() else ""


def _direction(glyph: _Glyph) -> str:
    return unicodedata.bidirectional(glyph.text[:1] or " ")


def order_glyphs(glyphs: Sequence[_Glyph]) -> list[_Glyph]:
    """Return the characters of a right-to-left line as they are read: from the right, but Latin words and numbers."""
    clusters = sorted(_clusters(glyphs), key=lambda cluster: -(cluster[0].left + cluster[0].right))
    ordered: list[_Glyph] = []
    run: list[list[_Glyph]] = []
    between: list[list[_Glyph]] = []
    for cluster in clusters:
        direction = _direction(cluster[0])
        if run and direction in _NEUTRAL:
            between.append(cluster)
            continue
        if direction in _LEFT_TO_RIGHT and run and _joins(run[-1][0], between, direction):
            run += [*between, cluster]
        else:
            ordered += [glyph for part in (*reversed(run), *between) for glyph in part]
            run = [cluster] if direction in _LEFT_TO_RIGHT else []
            ordered += [] if run else cluster
        between = []
    return ordered + [glyph for part in (*reversed(run), *between) for glyph in part]


def _joins(right: _Glyph, between: Sequence[Sequence[_Glyph]], direction: str) -> bool:
    """Tell whether what stands left of a left-to-right run belongs to it.

    Letters and what follows them do; numbers are held together by one sign at most ("2.5", but not "2 . 5").
    """
    if not between or direction == "L":
        return True
    return len(between) == 1 and _direction(between[0][0]) in ("CS", "ON") and _direction(right) != "L"


def _clusters(glyphs: Sequence[_Glyph]) -> Iterator[list[_Glyph]]:
    """Yield letters with what has no width of its own: accents, and the other parts of a ligature.

    The library gives the second letter of a ligature before the first, at its right edge.
    """
    waiting: list[_Glyph] = []
    cluster: list[_Glyph] = []
    for glyph in glyphs:
        if glyph.right - glyph.left > _NO_WIDTH:
            if cluster:
                yield cluster
            cluster, waiting = [glyph, *waiting], []
        elif unicodedata.combining(glyph.text[:1] or " ") and cluster:
            cluster.append(glyph)
        else:
            waiting.append(glyph)
    if cluster or waiting:
        yield [*cluster, *waiting]
