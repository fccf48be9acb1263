"""Continuous batching by hand: a thread that owns a vLLM engine, feeds it, and lets it take one step after another."""

import importlib
import math
import queue
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

from jinja2 import TemplateError

from generators.engines.chat import (
    RIVALS,
    ChatAnswer,
    ChatChoice,
    ChatLogprobs,
    ChatMessage,
    ChatPlace,
    ChatToken,
    ChatUsage,
    chat_messages,
)
from generators.engines.exchange import Completion, EngineFailure, Request, failure
from generators.engines.replies import CUT_OFF, too_long
from schemas.errors import EngineError, ReasonCode

# A share more than it works on is given to the engine, so that it never waits for us between two steps.
_SPARE_SHARE: Final = 8
_TICK_SECONDS: Final = 0.1
_GRACE_SECONDS: Final = 60.0
_UNLOADABLE: Final = (
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    OSError,
    ImportError,
    LookupError,
    AssertionError,
)
_REFUSED: Final = (ValueError, TypeError, LookupError, OSError, NotImplementedError, TemplateError)


class Job:
    """A request on its way. Its first result counts, whoever brings it: the engine, the clock, or the engine's end."""

    def __init__(self, request: Request, seconds: float) -> None:
        self.request = request
        self.seconds = seconds
        self.future: Future[Completion | EngineFailure] = Future()
        self._deadline = math.inf
        self._lock = threading.Lock()

    def start_clock(self) -> None:
        """Let the time limit run."""
        self._deadline = time.monotonic() + self.seconds

    def check_clock(self) -> None:
        """Fail when time is up."""
        if time.monotonic() > self._deadline:
            self.fail(ReasonCode.ENGINE_TIMEOUT, f"no answer within {self.seconds:g} s", retryable=True)

    def land(self, result: Completion | EngineFailure) -> None:
        """Hand the result over, if somebody still waits for it."""
        with self._lock:
            if not self.future.done() and self.future.set_running_or_notify_cancel():
                self.future.set_result(result)

    def fail(self, code: ReasonCode, message: str, *, retryable: bool = False) -> None:
        """Hand a failure over."""
        self.land(failure(self.request.request_id, code, message, retryable=retryable))


class ContinuousBatch:
    """A vLLM engine and the one thread that touches it; any thread may submit.

    Args:
        library: the module `vllm`.
        model: a name or a folder.
        settings: more arguments of `vllm.LLM`.

    Raises:
        EngineError: the model cannot be loaded.
    """

    def __init__(self, library: Any, model: str, settings: dict[str, object]) -> None:
        self.model = model
        self._library = library
        self._errors = importlib.import_module("vllm.exceptions")
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._jobs: dict[str, Job] = {}
        self._death: str | None = None
        self._stepped = time.monotonic()
        self._longest = 0.0
        loaded: Future[Any] = Future()
        self._thread = threading.Thread(target=self._load_and_run, args=(settings, loaded), name="vllm", daemon=True)
        self._thread.start()
        self._clock = threading.Thread(target=self._watch, name="vllm clock", daemon=True)
        config = loaded.result().llm_engine.vllm_config
        self.capacity: int = config.scheduler_config.max_num_seqs
        self.sees_images: bool = config.model_config.is_multimodal_model
        self._clock.start()

    @property
    def is_dead(self) -> bool:
        """Whether the engine ended."""
        return self._death is not None

    def submit(self, request: Request, seconds: float) -> "Future[Completion | EngineFailure]":
        """Take a request; its time limit runs from when the engine has it."""
        job = Job(request, seconds)
        self._longest = max(self._longest, seconds)
        self._inbox.put(job)
        if self.is_dead:
            self._bury()
        return job.future

    def close(self) -> None:
        """Unload the model; what is in flight fails."""
        self._inbox.put(None)
        self._thread.join(_GRACE_SECONDS)

    def _load_and_run(self, settings: dict[str, object], loaded: "Future[Any]") -> None:
        try:
            self._run(settings, loaded)
        finally:
            # Whatever it was that the library raised, nobody may wait for ever.
            if not loaded.done():
                self._death = repr(sys.exc_info()[1])
                loaded.set_exception(EngineError(f"vLLM cannot load {self.model!r}: {self._death}"))

    def _run(self, settings: dict[str, object], loaded: "Future[Any]") -> None:
        try:
            self._llm = self._library.LLM(model=self.model, **settings)
        except (*_UNLOADABLE, self._errors.VLLMError) as error:
            self._death = str(error)
            loaded.set_exception(_cannot_load(self.model, error))
            return
        loaded.set_result(self._llm)
        most = self._llm.llm_engine.vllm_config.scheduler_config.max_num_seqs
        most += most // _SPARE_SHARE + 1
        try:
            while self._take_in(most):
                self._step()
            self._death = "it was closed"
        except (RuntimeError, OSError, self._errors.VLLMError) as error:
            self._death = f"{type(error).__name__} {error}".rstrip()
        finally:
            self._death = self._death or "a bug, which the log shows"
            self._bury()
            self._llm.llm_engine.engine_core.shutdown()

    def _take_in(self, most: int) -> bool:
        """Give the engine what waits, up to `most` requests at a time; wait when there is nothing at all to do."""
        while len(self._jobs) < most:
            try:
                job = self._inbox.get(block=not self._jobs)
            except queue.Empty:
                break
            if job is None:
                return False
            if not self._jobs:
                self._stepped = time.monotonic()
            self._begin(job)
        return True

    def _begin(self, job: Job) -> None:
        job.start_clock()
        try:
            [number] = self._llm.enqueue_chat(
                [chat_messages(job.request.messages)], self._parameters(job.request), use_tqdm=False
            )
        except (*_REFUSED, self._errors.VLLMClientError) as error:
            message = f"vLLM refused the request: {type(error).__name__} {error}"
            job.fail(ReasonCode.CONTEXT_TOO_LONG if too_long(message) else ReasonCode.ENGINE_REFUSED, message)
        else:
            # vLLM hands out "7-3f9a…" and answers as "7".
            self._jobs[number.partition("-")[0]] = job

    def _step(self) -> None:
        for output in self._llm.llm_engine.step():
            job = self._jobs.pop(output.request_id, None) if output.finished else None
            if job is not None:
                _land(job, output, self.model)
        self._stepped = time.monotonic()
        over = [number for number, job in self._jobs.items() if job.future.done()]
        if over:
            self._llm.llm_engine.abort_request(over)
        for number in over:
            del self._jobs[number]

    def _watch(self) -> None:
        """Keep the time limits, even while the engine is stuck in a step; one that stays stuck is given up."""
        while not self.is_dead:
            time.sleep(_TICK_SECONDS)
            for job in list(self._jobs.values()):
                job.check_clock()
            stuck = time.monotonic() - self._stepped
            if self._jobs and stuck > self._longest + _GRACE_SECONDS:
                self._death = f"it took no step for {stuck:.0f} s"
                self._bury()

    def _parameters(self, request: Request) -> Any:
        sampling = request.sampling
        held: dict[str, Any] = {}
        if request.schema:
            structured = importlib.import_module("vllm.sampling_params").StructuredOutputsParams
            held["structured_outputs"] = structured(json=request.schema)
        return self._library.SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_tokens=1 if request.weigh else sampling.max_tokens,
            seed=request.seed,
            logprobs=RIVALS if request.weigh else None,
            **held,
        )

    def _bury(self) -> None:
        """Fail all that is in flight or waits; a thread that is stuck in the engine may hold it for ever."""
        jobs: list[Job | None] = list(self._jobs.values())
        with suppress(queue.Empty):
            while True:
                jobs.append(self._inbox.get_nowait())
        for job in filter(None, jobs):
            job.fail(ReasonCode.ENGINE_UNREACHABLE, f"vLLM ended in this process: {self._death}", retryable=True)


def _land(job: Job, output: Any, model: str) -> None:
    said = output.outputs[0]
    if said.finish_reason in CUT_OFF:
        job.fail(ReasonCode.ENGINE_BAD_ANSWER, f"vLLM broke its answer off ({said.finish_reason})", retryable=True)
        return
    choice = ChatChoice(
        message=ChatMessage(content=said.text), finish_reason=said.finish_reason, logprobs=_logprobs(said.logprobs)
    )
    usage = ChatUsage(prompt_tokens=len(output.prompt_token_ids or ()), completion_tokens=len(said.token_ids))
    completion = ChatAnswer(choices=[choice], usage=usage).completion(job.request, model)
    assert completion is not None  # there is a choice
    job.land(completion)


def _logprobs(places: Any) -> ChatLogprobs | None:
    """Return the rivals at the first place of an answer, as the chat protocol writes them."""
    if not places:
        return None
    rivals = [ChatToken(token=rival.decoded_token or "", logprob=rival.logprob) for rival in places[0].values()]
    likeliest = max(rivals, key=_logprob)
    return ChatLogprobs(
        content=[ChatPlace(token=likeliest.token, logprob=likeliest.logprob, top_logprobs=rivals)],
    )


def _logprob(token: ChatToken) -> float:
    return token.logprob


def _cannot_load(model: str, error: Exception) -> EngineError:
    return EngineError(
        f"vLLM cannot load {model} ({type(error).__name__}: {str(error)[:400]}): it wants a GPU (or its CPU build), a "
        "model that it knows, and memory for both; settings of vllm.LLM go after a question mark, as in "
        "vllm:MODEL?max_model_len=8192&gpu_memory_utilization=0.8"
    )
