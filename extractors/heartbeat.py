"""Signs of life: an extractor says after each page that it goes on, so that a hang is told from a long document."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("heartbeat_listener", default=None)


def beat() -> None:
    """Say that one more page is done; nothing happens when nobody listens."""
    listener = _listener.get()
    if listener is not None:
        listener()


@contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Call `listener` at every beat inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
