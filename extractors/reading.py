"""Read one page into plain data: lines, spans, words, paths, rules, pictures and links, as the page is displayed.

Text that no reader can see (outside the page, without size, painted with no ink or in the colour of its ground, drawn
over) is left out and counted, except where it is the text layer that OCR software has laid under a scan.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

import pymupdf

from extractors.drawings import read_drawings
from extractors.pitch import Pitches
from extractors.raw import RawAnchor, RawLine, RawPage, RawSpan, RawWord
from extractors.repair import writable
from extractors.right_to_left import has_right_to_left, in_reading_order
from extractors.runs import Run, run_box, run_text, runs_of
from extractors.turning import level
from extractors.visibility import Place, cuts_out, find_unseen
from schemas.geometry import Box, box, intersection, overlap, union
from schemas.kinds import TextSource

# Ligatures come apart and hidden text stays in until it is counted, so neither PRESERVE_LIGATURES nor a clip.
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE
_BOLD, _ITALIC, _MONO, _RAISED = 16, 2, 8, 1
_INKED = 16 | 32  # filled or stroked
_SMALLEST_SIZE = 1.0
_SCAN_SHARE = 0.5
_WHOLE = 0.98


_LEVEL = (1.0, 0.0)

_Look = Callable[[Iterable[dict[str, Any]]], frozenset[Place]]
# Says of a line, given by its box, whether its spans are to stay as they are.
_Apart = Callable[[Sequence[float]], bool]


class _Text(NamedTuple):
    lines: tuple[RawLine, ...]
    words: tuple[RawWord, ...]
    hidden: int
    source: TextSource


def straighten(page: pymupdf.Page) -> int:
    """Apply the page's rotation to its content (in memory), so that all coordinates are those of the display.

    Return the rotation that was applied, in degrees clockwise.
    """
    rotation = int(page.rotation)
    level(page)
    return rotation


def read_page(page: pymupdf.Page, rotation: int = 0) -> RawPage:
    """Return a straightened page as data; nothing on it is interpreted yet.

    Args:
        page: the page, with no rotation left.
        rotation: what `straighten` applied to it.
    """
    frame = box(*page.rect)
    textpage = page.get_textpage(flags=_FLAGS | pymupdf.TEXT_PRESERVE_IMAGES, clip=pymupdf.INFINITE_RECT())
    images, drawings = textpage.extractIMGINFO(), page.get_cdrawings(extended=True)
    pictures = _read_pictures(images, frame)
    textpage, clipped = _text_alone(page, textpage, pictured=bool(pictures), clipped=_has_clips(drawings, frame))
    anchors, look = _read_anchors(page), partial(find_unseen, page, drawings=drawings, images=images)
    text = read_text(textpage, frame, pictures, anchors=anchors, look=look)
    paths, rules = read_drawings(drawings, frame)
    return RawPage(
        page_index=page.number,
        page_label=_label_of(page) or str(page.number + 1),
        width=frame.width,
        height=frame.height,
        rotation=rotation,
        text_source=text.source,
        lines=text.lines,
        words=text.words,
        paths=paths,
        pictures=pictures,
        anchors=anchors,
        hidden_characters=text.hidden + clipped,
        rules=rules,
    )


def _text_alone(page: pymupdf.Page, textpage: Any, *, pictured: bool, clipped: bool) -> tuple[Any, int]:
    """Return the text page without pictures, which would stand among its blocks, and without what a clip cuts away.

    A clip does, as around a part of a page that is shown as a figure. Return with it how many characters that takes
    away. Most pages have neither and are not parsed again, the others once.
    """
    if not pictured and not clipped:
        return textpage, 0
    alone = page.get_textpage(flags=_FLAGS | (pymupdf.TEXT_CLIP if clipped else 0), clip=pymupdf.INFINITE_RECT())
    hidden = _count(textpage) - _count(alone) if clipped else 0
    return (alone, hidden) if pictured or hidden > 0 else (textpage, 0)


def _has_clips(drawings: Iterable[dict[str, Any]], frame: Box) -> bool:
    clips = (drawing["scissor"] for drawing in drawings if drawing["type"] == "clip")
    return any(overlap(frame, box(*clip)) < _WHOLE for clip in clips)


def _count(textpage: Any) -> int:
    return len("".join(textpage.extractText().split()))


def _label_of(page: pymupdf.Page) -> str:
    document = page.parent
    labelled = document.is_pdf and document.xref_get_key(document.pdf_catalog(), "PageLabels")[0] != "null"
    return (writable(page.get_label()) or "") if labelled else ""


def with_ocr(raw: RawPage, page: pymupdf.Page, textpage: Any) -> RawPage:
    """Return `raw` with the text that OCR found on the page, given as the library's text page."""
    text = read_text(textpage, box(*page.rect), raw.pictures, anchors=raw.anchors)
    source = TextSource.OCR if text.words else TextSource.NONE
    return replace(raw, lines=text.lines, words=text.words, text_source=source, composed={})


def with_lines(raw: RawPage, lines: Sequence[RawLine]) -> RawPage:
    """Return `raw` with lines that OCR found on the page; a word gets the share of its line that its letters take."""
    words = tuple(word for index, line in enumerate(lines) for word in _words_of(line, index))
    source = TextSource.OCR if words else TextSource.NONE
    return replace(raw, lines=tuple(lines), words=words, text_source=source, composed={})


def _words_of(line: RawLine, index: int) -> Iterator[RawWord]:
    bbox, text = line.bbox, line.text
    step = bbox.width / max(len(text), 1)
    for match in re.finditer(r"\S+", text):
        place = Box(bbox.x0 + match.start() * step, bbox.y0, bbox.x0 + match.end() * step, bbox.y1)
        yield RawWord(match[0], place, index)


def read_text(
    textpage: Any, frame: Box, pictures: Sequence[Box], *, anchors: Sequence[RawAnchor] = (), look: _Look | None = None
) -> _Text:
    """Return the lines and words that show on the page; a text page is parsed once for both.

    `look` tells which spans that have ink cannot be seen; without it, all of them can. Where a span ends tells what a
    link annotation lies on, so the spans under `anchors` stay as they are.
    """
    blocks = textpage.extractDICT()["blocks"]
    is_apart: _Apart = partial(_meets, _bands(anchors))
    if has_right_to_left("".join([span["text"] for span in _spans(blocks)])):
        blocks, is_apart = _turned(textpage, blocks), _always
    shown = _Reader(frame, ink_needed=True, unseen=look(blocks) if look else frozenset())
    shown.add(blocks, is_apart)
    shown.mark_fixed_width()
    words = textpage.extractWORDS()
    if not shown.lines and shown.hidden and _is_scan(pictures, frame):
        # Nothing but invisible text over a picture of the page: the text layer of a scan.
        under = _Reader(frame, ink_needed=False)
        under.add(blocks, is_apart)
        under.mark_fixed_width()
        return _Text(tuple(under.lines), under.words(words), under.hidden, TextSource.OCR)
    source = TextSource.TEXT_LAYER if shown.lines else TextSource.NONE
    return _Text(tuple(shown.lines), shown.words(words), shown.hidden, source)


def _always(_: Sequence[float]) -> bool:
    return True


def _bands(anchors: Iterable[RawAnchor]) -> tuple[list[float], list[float]]:
    """Return the heights of the page that link annotations take up: where each stretch begins, and where it ends."""
    starts: list[float] = []
    ends: list[float] = []
    for y0, y1 in sorted((anchor.bbox.y0, anchor.bbox.y1) for anchor in anchors):
        if ends and y0 <= ends[-1]:
            ends[-1] = max(ends[-1], y1)
        else:
            starts.append(y0)
            ends.append(y1)
    return starts, ends


def _meets(bands: tuple[list[float], list[float]], bbox: Sequence[float]) -> bool:
    starts, ends = bands
    last = bisect_right(starts, bbox[3]) - 1
    return last >= 0 and ends[last] >= bbox[1]


def _turned(textpage: Any, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    try:
        return in_reading_order(textpage.extractRAWDICT()["blocks"])
    except SystemError:
        # The library fails to hand over the characters of some fonts one by one; their lines stay as they are.
        return blocks


def _spans(blocks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (span for block in blocks for line in block.get("lines", ()) for span in line["spans"])


class _Reader:
    """Collects the visible lines of a text page and remembers what was hidden, so that words follow suit."""

    def __init__(self, frame: Box, *, ink_needed: bool, unseen: frozenset[Place] = frozenset()) -> None:
        self.lines: list[RawLine] = []
        self.hidden = 0
        self._frame = frame
        self._ink_needed = ink_needed
        self._unseen = unseen
        self._index: dict[tuple[int, int], int] = {}
        self._hidden_boxes: dict[tuple[int, int], list[Box]] = {}
        self._pitches = Pitches()

    def add(self, blocks: Iterable[dict[str, Any]], is_apart: _Apart) -> None:
        """Take the lines of the library's blocks in their order."""
        for block in blocks:
            for number, line in enumerate(block.get("lines", ())):
                self._add_line((block["number"], number), line, apart=is_apart(line["bbox"]))

    def mark_fixed_width(self) -> None:
        """Mark the spans of fonts whose characters are all of one width, whatever the font says of itself."""
        fixed = self._pitches.fixed()
        if fixed:
            self.lines = [_with_mono(line, fixed) for line in self.lines]

    def words(self, rows: Iterable[Sequence[Any]]) -> tuple[RawWord, ...]:
        """Return the words of visible lines."""
        index, hidden = self._index, self._hidden_boxes
        if not hidden:
            return tuple(
                [
                    RawWord(text, box(x0, y0, x1, y1), index[block, line])
                    for x0, y0, x1, y1, text, block, line, _ in rows
                    if (block, line) in index
                ]
            )
        keyed = (((row[5], row[6]), row) for row in rows)
        found = ((key, RawWord(row[4], box(*row[:4]), index[key])) for key, row in keyed if key in index)
        return tuple(
            word for key, word in found if not any(_center_inside(word.bbox, other) for other in hidden.get(key, ()))
        )

    def _add_line(self, key: tuple[int, int], line: dict[str, Any], *, apart: bool) -> None:
        whole = box(*line["bbox"])
        left, top, right, bottom = self._frame
        seen, spans = line["spans"], []
        if self._unseen or whole.x0 < left or whole.y0 < top or whole.x1 > right or whole.y1 > bottom:
            seen = [span for span in seen if self._is_in_sight(key, span)]
        for run in ([span] for span in seen) if apart else runs_of(seen):
            if self._has_ink(run[0]):
                spans.append(self._make_span(run))
            else:
                self._hide(key, run)
        if any(span.text.strip() for span in spans):
            self._index[key] = len(self.lines)
            bbox = union(span.bbox for span in spans) if key in self._hidden_boxes else whole
            self.lines.append(RawLine(tuple(spans), bbox, key[0], _direction(line["dir"])))

    def _is_in_sight(self, key: tuple[int, int], span: dict[str, Any]) -> bool:
        if tuple(span["bbox"]) not in self._unseen and _center_inside(box(*span["bbox"]), self._frame):
            return True
        self._hide(key, [span])
        return False

    def _has_ink(self, span: dict[str, Any]) -> bool:
        if span["size"] < _SMALLEST_SIZE:
            return False
        if not self._ink_needed or cuts_out(span):
            return True
        return span["alpha"] > 0 and bool(span["char_flags"] & _INKED)

    def _hide(self, key: tuple[int, int], run: Run) -> None:
        self.hidden += sum(len(span["text"].strip()) for span in run)
        self._hidden_boxes.setdefault(key, []).extend(box(*span["bbox"]) for span in run)

    def _make_span(self, run: Run) -> RawSpan:
        first = run[0]
        font, size = first["font"], round(first["size"], 2)
        style = _style(first["flags"], font)
        if not style.mono and self._pitches.is_open(font):
            for span in run:
                self._pitches.add(font, span["text"], box(*span["bbox"]), size=size)
        return RawSpan(run_text(run), run_box(run), font, size, *style)


def _with_mono(line: RawLine, fixed: frozenset[str]) -> RawLine:
    if not any(span.font in fixed for span in line.spans):
        return line
    return line._replace(spans=tuple(span._replace(mono=True) if span.font in fixed else span for span in line.spans))


class _Style(NamedTuple):
    bold: bool
    italic: bool
    mono: bool
    raised: bool


@lru_cache(maxsize=1024)
def _style(flags: int, font: str) -> _Style:
    bold = bool(flags & _BOLD) or "bold" in font.lower()
    return _Style(bold, bool(flags & _ITALIC), bool(flags & _MONO), bool(flags & _RAISED))


def _direction(direction: Sequence[float]) -> tuple[float, float]:
    x, y = direction
    if x == 1.0:
        return _LEVEL
    return round(x, 4) + 0.0, round(y, 4) + 0.0


def _center_inside(inner: Box, outer: Box) -> bool:
    left, top, right, bottom = inner
    x0, y0, x1, y1 = outer
    return x0 <= (left + right) / 2 <= x1 and y0 <= (top + bottom) / 2 <= y1


def _is_scan(pictures: Sequence[Box], frame: Box) -> bool:
    return any(overlap(frame, picture) >= _SCAN_SHARE for picture in pictures)


def _read_pictures(images: Iterable[dict[str, Any]], frame: Box) -> tuple[Box, ...]:
    boxes = (intersection(box(*info["bbox"]), frame) for info in images)
    return tuple(dict.fromkeys(picture for picture in boxes if picture.width > 0 and picture.height > 0))


def _read_anchors(page: pymupdf.Page) -> tuple[RawAnchor, ...]:
    """Return links that lead inside the document; others are neither followed nor kept."""
    anchors = []
    for link in page.get_links():
        if link["kind"] not in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED) or not isinstance(link.get("page"), int):
            continue
        if link["page"] < 0:
            continue
        point = link.get("to")
        name = link.get("nameddest") or link.get("name")
        bbox = box(*link["from"])
        anchors.append(RawAnchor(bbox, link["page"], None if point is None else round(point.y, 2), name))
    return tuple(anchors)
