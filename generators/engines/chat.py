"""The chat protocol that OpenAI-compatible servers and llama.cpp speak: a request's body and the answer's shape."""

import base64
import dataclasses
import json
import math
from typing import Any, Final

from pydantic import BaseModel

from generators.engines.exchange import Completion, Message, Picture, Request

RIVALS: Final = 20
_SCHEMA_NOTE: Final = "Answer with one JSON object and nothing else. It has to follow this JSON schema:\n"


class ChatMessage(BaseModel):
    """What the model said; `refusal` is set by servers that tell a refusal from an answer."""

    content: str | None = None
    refusal: str | None = None


class ChatToken(BaseModel):
    """A token that might have stood there, with the logarithm of its probability."""

    token: str
    logprob: float


class ChatPlace(ChatToken):
    """The token that was said at one place, and its likeliest rivals (itself among them)."""

    top_logprobs: list[ChatToken] = []


class ChatLogprobs(BaseModel):
    """The probabilities of an answer, place by place."""

    content: list[ChatPlace] | None = None


class ChatChoice(BaseModel):
    """One answer of possibly several."""

    message: ChatMessage
    finish_reason: str | None = None
    logprobs: ChatLogprobs | None = None

    def weights(self, words: tuple[str, ...]) -> tuple[float, ...]:
        """Return how probable each word is as the answer's first token, in any case of letters."""
        places = self.logprobs.content if self.logprobs else None
        if not words or not places:
            return ()
        rivals = places[0].top_logprobs or [places[0]]
        return tuple(sum(math.exp(item.logprob) for item in rivals if _says(item.token, word)) for word in words)


class ChatUsage(BaseModel):
    """Tokens as the server counts them."""

    prompt_tokens: int = 0
    completion_tokens: int | None = 0


class ChatAnswer(BaseModel):
    """A chat completion; only what we read of it."""

    choices: list[ChatChoice]
    usage: ChatUsage | None = None

    def completion(self, request: Request, model: str) -> Completion | None:
        """Return the first choice as a completion, or None when there is no choice."""
        if not self.choices:
            return None
        first, usage = self.choices[0], self.usage or ChatUsage()
        refused = first.message.refusal is not None and not first.message.content
        return Completion(
            request_id=request.request_id,
            text=(first.message.refusal if refused else first.message.content) or "",
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens or 0,
            finish_reason="refusal" if refused else first.finish_reason or "stop",
            model=model,
            weights=first.weights(request.weigh),
        )


def chat_body(request: Request, *, native_schema: bool = True) -> dict[str, Any]:
    """Return the JSON body for a request, without the model's name.

    With `native_schema` the schema goes as `response_format`, else as words at the end of the last message.
    """
    messages = request.messages
    if request.schema and not native_schema:
        # Into the last message: many chat templates refuse two turns of one role in a row.
        last = messages[-1]
        messages = (*messages[:-1], dataclasses.replace(last, text=f"{last.text}\n\n{_SCHEMA_NOTE}{request.schema}"))
    body: dict[str, Any] = {
        "messages": chat_messages(messages),
        "temperature": request.sampling.temperature,
        "top_p": request.sampling.top_p,
        "max_tokens": request.sampling.max_tokens,
        "seed": request.seed,
    }
    if request.weigh:
        body |= {"max_tokens": 1, "logprobs": True, "top_logprobs": RIVALS}
    if request.schema and native_schema:
        schema = {"name": "answer", "schema": json.loads(request.schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def chat_messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Return the turns of a chat as the protocol writes them, pictures as data URIs."""
    return [_message(message) for message in messages]


def _says(token: str, word: str) -> bool:
    said = token.strip().casefold()
    return bool(said) and said == word.casefold()


def _message(message: Message) -> dict[str, Any]:
    if not message.images:
        return {"role": message.role, "content": message.text}
    pictures = [{"type": "image_url", "image_url": {"url": data_uri(image)}} for image in message.images]
    return {"role": message.role, "content": [*pictures, {"type": "text", "text": message.text}]}


def data_uri(image: Picture) -> str:
    """Return a picture as a data URI."""
    kind = "jpeg" if image.format.lower() == "jpg" else image.format.lower()
    return f"data:image/{kind};base64,{base64.b64encode(image.bytes).decode('ascii')}"
