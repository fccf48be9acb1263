"""A server shaped like one with continuous batching, and as unreliable as servers are; it thinks nothing.

All streams share its tokens/s, each has a most, and what is over the batch waits its turn. How long an answer is, and
what goes wrong, depends on the request's text alone, and goes wrong the first time only.
"""

import asyncio
import json
import random
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

TICK_SECONDS: Final = 0.01
STALL_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Shape:
    """Tokens/s of the whole server and of one stream, streams at a time, lengths, and the share of each trouble."""

    tokens_per_second: float = 4000.0
    stream_per_second: float = 100.0
    batch: int = 64
    median_tokens: float = 60.0
    sigma: float = 0.8
    most_tokens: int = 512
    errors: float = 0.01
    busy: float = 0.01
    dropped: float = 0.0025
    stalled: float = 0.0025
    retry_after: float = 1.0


@dataclass
class Batch:
    """The streams that are being answered, with the tokens each still needs, and those that wait."""

    shape: Shape
    streams: dict[asyncio.Event, float] = field(default_factory=dict)
    waiting: deque[tuple[asyncio.Event, float]] = field(default_factory=deque)

    async def generate(self, tokens: float) -> None:
        """Wait as long as so many tokens take."""
        done = asyncio.Event()
        self.waiting.append((done, tokens))
        try:
            await done.wait()
        finally:
            self.streams.pop(done, None)

    async def run(self) -> None:
        """Hand out tokens, tick by tick, by the time that really passed."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = loop.time()
            self._tick(now - last)
            last = now

    def _tick(self, seconds: float) -> None:
        while self.waiting and len(self.streams) < self.shape.batch:
            done, tokens = self.waiting.popleft()
            self.streams[done] = tokens
        if not self.streams:
            return
        share = seconds * min(self.shape.stream_per_second, self.shape.tokens_per_second / len(self.streams))
        for done in list(self.streams):
            self.streams[done] -= share
            if self.streams[done] <= 0:
                del self.streams[done]
                done.set()


@dataclass
class ChatServer:
    """Speaks just enough HTTP: `GET /v1/models` and `POST /v1/chat/completions`, over connections that stay."""

    shape: Shape
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin with an empty batch."""
        self.batch = Batch(self.shape)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after another on a connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(_length(head))
                if head.startswith(b"GET"):
                    status, answer, extra = 200, {"data": [{"id": "shaped"}]}, ""
                else:
                    status, answer, extra = await self._chat(json.loads(body))
                if status == 0:
                    break
                writer.write(_response(status, answer, extra))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _chat(self, body: dict[str, object]) -> tuple[int, dict[str, object], str]:
        text = json.dumps(body["messages"])
        # What stands before the bar tells laps apart; lengths and troubles are the same in each.
        draw = random.Random(text.rpartition("|")[2])
        tokens = min(draw.lognormvariate(0.0, self.shape.sigma) * self.shape.median_tokens, self.shape.most_tokens)
        trouble = None if text in self.seen else self._trouble(draw.random())
        self.seen.add(text)
        if trouble == "stalled":
            await asyncio.sleep(STALL_SECONDS)
        if trouble in ("dropped", "stalled"):
            return 0, {}, ""
        if trouble == "busy":
            return 429, {"error": "busy"}, f"retry-after: {self.shape.retry_after:g}\r\n"
        if trouble == "errors":
            return 500, {"error": "boom"}, ""
        await self.batch.generate(tokens)
        count = max(1, round(tokens))
        message = {"role": "assistant", "content": json.dumps({"question": "x " * count, "answer": "y"})}
        usage = {"prompt_tokens": len(text) // 4, "completion_tokens": count}
        return 200, {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], "usage": usage}, ""

    def _trouble(self, draw: float) -> str | None:
        for name in ("errors", "busy", "dropped", "stalled"):
            draw -= getattr(self.shape, name)
            if draw < 0:
                return name
        return None


def run_server(shape: Shape, pipe: Connection) -> None:
    """Serve on a free port, which goes into the pipe, until the process is ended."""
    asyncio.run(_run(shape, pipe))


async def _run(shape: Shape, pipe: Connection) -> None:
    chat = ChatServer(shape)
    server = await asyncio.start_server(chat.serve, "127.0.0.1", 0, backlog=512)
    pipe.send(server.sockets[0].getsockname()[1])
    await chat.batch.run()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _response(status: int, answer: dict[str, object], extra: str) -> bytes:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n{extra}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body
