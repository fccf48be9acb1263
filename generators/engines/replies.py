"""What a server's reply means: an answer, a refusal, or a reason to try again."""

from http import HTTPStatus
from typing import Final

import httpx
from pydantic import ValidationError

from generators.engines.chat import ChatAnswer
from generators.engines.exchange import Completion, EngineFailure, Request, failure
from generators.engines.masking import Mask
from generators.engines.setbacks import Cause, Setback
from schemas.errors import ReasonCode

_OVERLOADED: Final = 529
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, _OVERLOADED})
_PASSING: Final = frozenset({408, 409, 425, 500, 502, 503, 504})
_DENIED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN})
CUT_OFF: Final = frozenset({"abort", "error"})
_LONGEST_WISH_SECONDS: Final = 60.0
_PICTURES_HINT: Final = " a request with a picture; for a model that sees none, set generate.pictures: false"
_TOO_LONG: Final = (
    "context length",
    "context size",
    "context_length",
    "maximum context",
    "max_model_len",
    "too many tokens",
    "too long",
)


def read_reply(
    request: Request, response: httpx.Response, *, model: str, mask: Mask
) -> Completion | EngineFailure | Setback:
    """Return what a reply to a chat request means; no secret that `mask` knows is in it."""
    status = response.status_code
    if status in _BUSY or status in _PASSING:
        return _passing(request, response, mask)
    if not response.is_success:
        return _refusal(request, response, mask)
    try:
        completion = ChatAnswer.model_validate_json(response.content).completion(request, model)
    except ValidationError:
        completion = None
    if completion is None:
        message = f"the server's answer is no chat completion: {mask(response.text[:200])!r}"
        return _again(request, ReasonCode.ENGINE_BAD_ANSWER, message)
    if completion.finish_reason in CUT_OFF:
        message = f"the server broke its answer off ({completion.finish_reason})"
        return _again(request, ReasonCode.ENGINE_BAD_ANSWER, message)
    return completion


def says_too_long(response: httpx.Response) -> bool:
    """Say whether a server refuses a prompt for its length."""
    return too_long(response.text)


def denies(response: httpx.Response) -> bool:
    """Say whether a server refuses whoever asks, and not what is asked: the key is wrong, or the account is empty."""
    return response.status_code in _DENIED


def too_long(message: str) -> bool:
    """Say whether an error is about a prompt's length."""
    lowered = message.lower()
    return any(words in lowered for words in _TOO_LONG)


def _passing(request: Request, response: httpx.Response, mask: Mask) -> Setback:
    wait = _retry_after(response)
    message = f"the server answered {response.status_code}: {mask(response.text)}"
    setback = _again(request, ReasonCode.ENGINE_UNREACHABLE, message)
    return Setback(setback.failure, Cause.BUSY if response.status_code in _BUSY else Cause.TROUBLE, wait)


def _refusal(request: Request, response: httpx.Response, mask: Mask) -> EngineFailure:
    code = ReasonCode.CONTEXT_TOO_LONG if says_too_long(response) else ReasonCode.ENGINE_REFUSED
    hint = _PICTURES_HINT if any(message.images for message in request.messages) else ""
    message = f"the server refused ({response.status_code}){hint}: {mask(response.text)}"
    return failure(request.request_id, code, message, retryable=denies(response))


def _again(request: Request, code: ReasonCode, message: str) -> Setback:
    return Setback(failure(request.request_id, code, message, retryable=True))


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds of a Retry-After header; a date there counts as none."""
    try:
        seconds = float(response.headers.get("retry-after", "0"))
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_WISH_SECONDS)
