"""Running text to sentences, with their places."""

import re
from collections.abc import Iterator
from typing import Final

from schemas.geometry import Span

_END: Final = re.compile(r"[.!?][)”\"']?\s+(?=[A-Z0-9“\"(])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|approx|resp|ca|[Ff]igs?|[Tt]abs?|[Ee]qs?|[Ss]ecs?|Nos?|Vol|pp?|Dr|Mr|Mrs|Ms|Prof|St|Inc|Ltd|Co|"
    r"U\.S|U\.K|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)


def sentence_spans(text: str) -> Iterator[Span]:
    """Yield the span of each sentence, without the blanks around it.

    >>> [tuple(span) for span in sentence_spans("See Fig. 2 first. Then go.")]
    [(0, 17), (18, 26)]
    """
    start = 0
    for match in _END.finditer(text):
        end = match.start() + len(match.group().rstrip())
        if not _ABBREVIATION.search(text[start : match.start() + 1]):
            yield Span(start, end)
            start = match.end()
    if text[start:].strip():
        yield Span(start, len(text.rstrip()))
