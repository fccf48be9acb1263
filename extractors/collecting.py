"""Python's garbage collector, told to look seldom while a document is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A page makes about so many objects; hardly any is in a cycle, and looking for them took an eighth of the time.
_OBJECTS = 20_000


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the collector look once a page or so inside the block, instead of after every 700 objects."""
    before = gc.get_threshold()
    gc.set_threshold(max(_OBJECTS, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
