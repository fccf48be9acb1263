"""Pictures given away as soon as they are made, so that a reader of a long document never holds them all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from schemas.records import Image

Taker = Callable[[Sequence[Image]], None]

_taker: ContextVar[Taker | None] = ContextVar("picture_taker", default=None)


def hand_over(images: Sequence[Image]) -> Sequence[Image]:
    """Give pictures to whoever takes them; return those that nobody took, which go into the extraction."""
    taker = _taker.get()
    if taker is None or not images:
        return images
    taker(images)
    return ()


@contextmanager
def taking(taker: Taker) -> Iterator[None]:
    """Call `taker` with the pictures that are handed over inside the block."""
    token = _taker.set(taker)
    try:
        yield
    finally:
        _taker.reset(token)
