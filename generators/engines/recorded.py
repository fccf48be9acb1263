"""The engine that answers from a folder of recorded answers: exact and free, for tests and audits."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request, failure
from generators.response_store import ResponseStore
from schemas.errors import EngineError, ReasonCode


class RecordedEngine:
    """Answers what a response store holds, and nothing else.

    Args:
        store: the recorded answers.
        models: the models whose answers may be used, tried in this order.
    """

    name = "replay"
    capacity = 1
    sees_images = True

    def __init__(self, store: ResponseStore, models: tuple[str, ...]) -> None:
        self._store = store
        self._models = models

    @property
    def model(self) -> str:
        """The first model whose answers are replayed."""
        return self._models[0]

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield each recorded answer, or a failure that says it was not recorded."""
        for request in requests:
            yield self._answer(request)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _answer(self, request: Request) -> Completion | EngineFailure:
        for model in self._models:
            found = self._store.get(request, model)
            if found:
                return found
        message = f"no answer recorded for this request of {' or '.join(self._models)}; record it with the engine first"
        return failure(request.request_id, ReasonCode.NOT_RECORDED, message)


def open_recorded(spec: str, options: EngineOptions) -> RecordedEngine:
    """Open the engine for "replay:DIR".

    Raises:
        EngineError: DIR is no folder, or holds no answers.
    """
    folder = spec.partition(":")[2]
    if "://" not in folder and not Path(folder).is_dir():
        raise EngineError(f"replay: {folder!r} is no folder; give the folder of a response store, as in replay:DIR")
    store = ResponseStore(folder)
    models = (options.model,) if options.model else store.models()
    if not models:
        raise EngineError(f"replay: no recorded answers in {folder!r}; run once with the real engine to record them")
    return RecordedEngine(store, models)
