"""What goes to an engine and what comes back: plain values, so that one bad request never fails its neighbours."""

import builtins
import dataclasses
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from schemas.errors import ReasonCode


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `format` is its file format, such as "png" or "jpeg"."""

    bytes: builtins.bytes = field(repr=False)
    format: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat; `role` is system, user or assistant. Pictures go before the text."""

    role: str
    text: str
    images: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the engine draws its answer; `max_tokens` bounds the answer, not the prompt."""

    temperature: float = 0.7
    top_p: float = 1.0
    max_tokens: int = 256


@dataclass(frozen=True, slots=True)
class Request:
    """A question to an engine. `schema` is canonical JSON of the JSON schema that the answer has to follow, if any.

    `weigh` are words of which the answer shall be one ("yes", "no"): the engine then says one word, and the completion
    tells how probable each of them was.
    """

    request_id: str
    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    seed: int = 0
    schema: str | None = None
    weigh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer. `finish_reason` is the engine's own word: stop, length, refusal, content_filter.

    `cached` is true when it came out of a response store and cost nothing. `weights` are the probabilities of the words
    that the request wanted weighed, in their order; empty when it wanted none, or the engine tells none.
    """

    request_id: str
    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str
    model: str
    cached: bool = False
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Why one request has no answer; `retryable` says that the same request may succeed later."""

    request_id: str
    reason_code: ReasonCode
    message: str
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine may be told when it opens; each takes what concerns it.

    Args:
        model: the model to ask a server for, or whose recorded answers to replay; None means the first.
        api_key: the server's key; it is never printed.
        concurrency: requests in flight at one server.
        timeout_seconds: time limit of one attempt at one request.
        attempts: how often a request is tried when it fails at a server that is there.
        pause_seconds: how long a run waits for servers that went away before what is left fails.
        notice: is told, in a sentence, that servers went away or are back; by default the log is.
        threads: threads of the embedded engine; None means one, or two where cores are idle.
        context_tokens: prompt and answer tokens that the embedded engine has room for.
        model_path: the embedded engine's GGUF file; None means the one that is installed.
    """

    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    concurrency: int = 16
    timeout_seconds: float = 120.0
    attempts: int = 5
    pause_seconds: float = 600.0
    notice: Callable[[str], None] = logging.getLogger(__name__).warning
    threads: int | None = None
    context_tokens: int = 4096
    model_path: str | None = None


class Engine(Protocol):
    """Answers requests. Opened by `catalog.open_engine`, closed by whoever opened it.

    `capacity` is how many requests it works on at a time, 0 for an engine that answers none; `sees_images` says
    whether pictures may be sent to it.
    """

    @property
    def name(self) -> str:
        """The kind of engine, for provenance."""
        ...

    @property
    def model(self) -> str:
        """The model that answers."""
        ...

    @property
    def capacity(self) -> int:
        """Requests that it works on at a time."""
        ...

    @property
    def sees_images(self) -> bool:
        """Whether pictures may be sent."""
        ...

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield one result a request, in any order, each with its request's id."""
        ...

    def close(self) -> None:
        """Give back what the engine holds; calling it again does nothing."""
        ...


def failure(request_id: str, reason_code: ReasonCode, message: str, *, retryable: bool = False) -> EngineFailure:
    """Return a failure with a message short enough for a table."""
    return EngineFailure(request_id, reason_code, message[:500], retryable)


def for_request(result: Completion | EngineFailure, request_id: str) -> Completion | EngineFailure:
    """Return the same result as the answer to another, identical request; a completion then cost nothing."""
    if isinstance(result, Completion):
        return dataclasses.replace(result, request_id=request_id, cached=True)
    return dataclasses.replace(result, request_id=request_id)
