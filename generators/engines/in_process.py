"""vLLM in this process, for a worker with a GPU: `vllm:MODEL`, and what vLLM is to be told after a question mark.

The model is loaded once a process and stays until the process ends: every thread and every opening shares it.
"""

import atexit
import importlib
import json
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from generators.engines.continuous import ContinuousBatch
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request
from generators.engines.windows import stream
from schemas.errors import EngineError

LIBRARY: Final = "vllm"
WANTED: Final = "vllm>=0.32,<0.33"
_READ_AHEAD: Final = 2
# A weak model that may put blanks between the tokens of a JSON object may put nothing else there.
_DEFAULTS: Final[dict[str, object]] = {
    "structured_outputs_config": {"backend": "xgrammar", "disable_any_whitespace": True}
}


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model by name or folder, and the settings of `vllm.LLM` that were given for it."""

    model: str
    settings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, spec: str) -> "ModelSpec":
        """Read a spec.

        >>> ModelSpec.parse("vllm:Qwen/Qwen3-VL-8B-Instruct?max_model_len=16384&dtype=bfloat16").values()
        {'max_model_len': 16384, 'dtype': 'bfloat16'}

        Raises:
            EngineError: no model is named.
        """
        model, _, query = spec.partition(":")[2].partition("?")
        if not model:
            raise EngineError("vllm: names no model; give its name or its folder, as in vllm:Qwen/Qwen3-VL-8B-Instruct")
        return cls(model, tuple(parse_qsl(query)))

    def values(self) -> dict[str, object]:
        """Return the settings; what reads as JSON is meant as JSON."""
        return {name: _value(text) for name, text in self.settings}


class InProcessEngine:
    """Hands requests to the vLLM engine of this process, and keeps its batch full.

    Args:
        batch: the engine that all openings share.
        options: the time limit.
    """

    name = "vllm"

    def __init__(self, batch: ContinuousBatch, options: EngineOptions) -> None:
        self.model = batch.model
        self.capacity = batch.capacity
        self.sees_images = batch.sees_images
        self._batch = batch
        self._seconds = options.timeout_seconds

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield results as they come; `requests` is read ahead of them by twice the batch."""
        return stream(requests, self._submit, ahead=_READ_AHEAD * self.capacity)

    def close(self) -> None:
        """Do nothing: the model stays loaded until the process ends."""

    def _submit(self, request: Request) -> "Future[Completion | EngineFailure]":
        return self._batch.submit(request, self._seconds)


class LoadedModels:
    """The models of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batches: dict[ModelSpec, ContinuousBatch] = {}

    def batch(self, spec: ModelSpec) -> ContinuousBatch:
        """Return the engine of a model, loading it when it is wanted for the first time.

        Raises:
            EngineError: vLLM is not installed, or the model cannot be loaded; the message says what to do.
        """
        with self._lock:
            batch = self._batches.get(spec)
            if batch is None or batch.is_dead:
                batch = self._batches[spec] = ContinuousBatch(library(), spec.model, _DEFAULTS | spec.values())
                atexit.register(partial(ContinuousBatch.close, batch))
            return batch


LOADED: Final = LoadedModels()


def open_in_process(spec: str, options: EngineOptions) -> InProcessEngine:
    """Open the engine for "vllm:MODEL" or "vllm:MODEL?setting=value&…"; the settings are those of `vllm.LLM`.

    Raises:
        EngineError: vLLM is not installed, or the model cannot be loaded; the message says what to do.
    """
    return InProcessEngine(LOADED.batch(ModelSpec.parse(spec)), options)


def library() -> Any:
    """Import vLLM.

    Raises:
        EngineError: it is not installed, is broken, or is too old.
    """
    try:
        found = importlib.import_module(LIBRARY)
        # vLLM imports its parts when they are first asked for.
        is_new_enough = hasattr(found.LLM, "enqueue_chat")
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(
            f"vllm:MODEL needs vLLM in this environment ({error}): on a worker with a GPU, pip install corpusmill "
            f"'{WANTED}'; elsewhere, start a server and give its URL (http://host:port/v1), or use --engine local"
        ) from error
    if not is_new_enough:
        raise EngineError(f"vLLM {found.__version__} is too old for vllm:MODEL: pip install '{WANTED}'")
    return found


def _value(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value
