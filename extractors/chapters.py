"""Chapter openings: "Chapter 3" on a line of its own, and the title below it, are one heading."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.raw import Block, TextAnchor
from schemas.geometry import Span, union
from schemas.kinds import ElementKind

_ALONE = re.compile(
    r"^(?:(?:chapter|appendix|part|kapitel|anhang|teil|chapitre|annexe|partie|capítulo|capitolo|apéndice|apêndice|anexo|"
    r"appendice|глава|приложение|часть|الفصل|الباب|الملحق)\s+(?:\d{1,3}|[A-Z]|[IVXLC]+)[.:]?|"
    r"第\s*[\d〇一二三四五六七八九十]{1,4}\s*[章部篇编編]|제\s*\d{1,3}\s*[장부]|(?:附录|附錄|付録|부록)\s*[A-Z\d])$",
    re.IGNORECASE,
)
_MAX_LINES = 4
_MAX_LENGTH = 160


def join_openings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the number of each chapter and its title as one block."""
    joined: list[Block] = []
    for block in blocks:
        if joined and _opens(joined[-1], block):
            joined[-1] = _together(joined[-1], block)
        else:
            joined.append(block)
    return joined


def _opens(first: Block, second: Block) -> bool:
    textual = first.kind is second.kind is ElementKind.PARAGRAPH and first.page_index == second.page_index
    if not textual or not _ALONE.match(first.text) or _ALONE.match(second.text):
        return False
    near = -0.5 * first.size < second.bbox.y0 - first.bbox.y1 < 5 * max(first.size, second.size)
    alike = second.size >= first.size - 0.5 and (second.bold or not first.bold or second.size > first.size + 2)
    short = second.line_count <= _MAX_LINES and len(second.text) <= _MAX_LENGTH and not second.text.endswith((".", ","))
    return near and alike and short and any(map(str.isalpha, second.text))


def _together(first: Block, second: Block) -> Block:
    by = len(first.text) + 1
    return replace(
        second,
        bbox=union([first.bbox, second.bbox]),
        text=f"{first.text} {second.text}",
        line_count=first.line_count + second.line_count,
        marks=(*first.marks, *(Span(mark.start + by, mark.end + by) for mark in second.marks)),
        anchors=(*first.anchors, *(_moved(anchor, by) for anchor in second.anchors)),
        doubts=(*first.doubts, *(place + by for place in second.doubts)),
    )


def _moved(anchor: TextAnchor, by: int) -> TextAnchor:
    return replace(anchor, start=anchor.start + by, end=anchor.end + by)
