"""Neighbouring spans of one look put together: the library begins a new one at every blank that it adds itself."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from schemas.geometry import Box, box

_look = itemgetter("font", "size", "flags", "color", "alpha")
# How the library marks the characters that it adds.
_ADDED = 4 | 512
_RAISED = 1

Run = Sequence[dict[str, Any]]


def runs_of(spans: Run) -> Iterator[Run]:
    """Yield the spans of a line as runs of one look.

    Raised signs stay apart, each of which may call a footnote, and so do the blanks at either end of a run.
    """
    for _, group in groupby(spans, _look):
        yield from _parted(list(group))


def _parted(run: Run) -> Iterator[Run]:
    if len(run) < 3 or run[0]["flags"] & _RAISED or len({span["char_flags"] | _ADDED for span in run}) > 1:
        yield from ([span] for span in run)
        return
    start, end = int(run[0]["text"].isspace()), len(run) - run[-1]["text"].isspace()
    if start:
        yield run[:1]
    yield run[start:end]
    if end < len(run):
        yield run[end:]


def run_text(run: Run) -> str:
    """Return the characters of a run."""
    return str(run[0]["text"]) if len(run) == 1 else "".join([span["text"] for span in run])


def run_box(run: Run) -> Box:
    """Return the box around a run."""
    if len(run) == 1:
        return box(*run[0]["bbox"])
    x0, y0, x1, y1 = zip(*[span["bbox"] for span in run], strict=True)
    return box(min(x0), min(y0), max(x1), max(y1))
