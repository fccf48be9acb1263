"""A window of requests in flight: what keeps an engine full whatever its caller is doing."""

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future

from generators.engines.exchange import Completion, EngineFailure, Request

Result = Completion | EngineFailure
Landing = queue.SimpleQueue[Future[Result]]


def stream(requests: Iterable[Request], submit: Callable[[Request], Future[Result]], *, ahead: int) -> Iterator[Result]:
    """Yield results as they come; `requests` is read up to `ahead` requests before them.

    What is in flight when the caller stops listening is cancelled.
    """
    done: Landing = queue.SimpleQueue()
    flying: set[Future[Result]] = set()
    try:
        for request in requests:
            future = submit(request)
            flying.add(future)
            future.add_done_callback(done.put)
            while len(flying) >= ahead or not done.empty():
                yield _next(done, flying)
        while flying:
            yield _next(done, flying)
    finally:
        for future in flying:
            future.cancel()


def _next(done: Landing, flying: set[Future[Result]]) -> Result:
    future = done.get()
    flying.discard(future)
    return future.result()
