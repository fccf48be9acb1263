"""The engine that answers nothing, for corpora of table programs alone."""

from collections.abc import Iterable, Iterator

from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request


class IdleEngine:
    """Takes no request and gives no answer."""

    name = "none"
    model = "none"
    capacity = 0
    sees_images = False

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield nothing; `requests` is not even read."""
        yield from ()

    def close(self) -> None:
        """Do nothing: nothing is held."""


def open_idle(spec: str, options: EngineOptions) -> IdleEngine:
    """Open the engine for the spec "none"."""
    return IdleEngine()
