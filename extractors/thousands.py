"""Numbers that TeX sets with a thin space after the comma ("100, 000") are one number again."""

import re
from dataclasses import replace

from extractors.raw import Block, TextAnchor
from schemas.geometry import Span

# Only a last group of zeros is beyond doubt: "n = 100, 200" is a list.
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:, \d{3})*, 000(?![\d.]\d|\d)")


def close_thousands(block: Block) -> Block:
    """Return a block without the blanks inside its large numbers."""
    if ", 000" not in block.text or block.mono or block.table is not None:
        return block
    blanks = [
        match.start() + offset
        for match in _SPACED.finditer(block.text)
        for offset, character in enumerate(match[0])
        if character == " "
    ]
    text = "".join(character for place, character in enumerate(block.text) if place not in blanks)
    return replace(
        block,
        text=text,
        marks=tuple(Span(_moved(mark.start, blanks), _moved(mark.end, blanks)) for mark in block.marks),
        anchors=tuple(_moved_anchor(anchor, blanks) for anchor in block.anchors),
    )


def _moved_anchor(anchor: TextAnchor, blanks: list[int]) -> TextAnchor:
    return replace(anchor, start=_moved(anchor.start, blanks), end=_moved(anchor.end, blanks))


def _moved(position: int, blanks: list[int]) -> int:
    return position - sum(blank < position for blank in blanks)
