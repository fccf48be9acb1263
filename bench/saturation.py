"""How full an engine is kept: tokens/s through our engine against a bare asyncio client, at the same server.

    python bench/saturation.py --requests 400 --repeats 5

The server (batching_server.py) runs in a process of its own: continuous batching, uneven lengths, one request in a
hundred an error, one a 429 with Retry-After, one in two hundred a dropped connection or a stall. The contenders send
the same requests with the same number in flight, the same time limit and the same number of attempts, in turns; ratios
are of one lap's contenders.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from batching_server import Shape, run_server

from generators.engines.catalog import open_engine
from generators.engines.chat import ChatAnswer, chat_body
from generators.engines.exchange import Completion, Engine, EngineOptions, Message, Request, Sampling
from generators.response_store import ResponseStore, StoredEngine

TIMEOUT_SECONDS: Final = 8.0
ATTEMPTS: Final = 5
WORDS: Final = 400
JUDGING_SECONDS: Final = 0.005
# checked: stored, with five milliseconds of work over every answer, as the generate stage has.
CONTENDERS: Final = ("bare", "engine", "stored", "checked")


def requests(lap: str, count: int) -> list[Request]:
    """Return the same requests for every lap, but for a mark that keeps answers of one out of the other."""
    prompt = "Write a question about the table. " * (WORDS // 6)
    sampling = Sampling(0.7, 1.0, 512)
    texts = [f"{lap}|{number} {prompt}" for number in range(count)]
    return [Request(text.partition(" ")[0], (Message("user", text),), sampling) for text in texts]


async def bare(url: str, asked: list[Request], concurrency: int) -> int:
    """Ask with nothing but httpx and a semaphore; return the tokens that came back."""
    slots = asyncio.Semaphore(concurrency)
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(base_url=url + "/", limits=limits, timeout=None) as client:
        return sum(await asyncio.gather(*(_ask(client, slots, request) for request in asked)))


async def _ask(client: httpx.AsyncClient, slots: asyncio.Semaphore, request: Request) -> int:
    body = {"model": "shaped"} | chat_body(request)
    for attempt in range(ATTEMPTS):
        wait = 0.5 * 2**attempt
        async with slots:
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    response = await client.post("chat/completions", json=body)
            except TimeoutError:
                return 0
            except httpx.HTTPError:
                response = None
        if response is not None and response.is_success:
            usage = ChatAnswer.model_validate_json(response.content).usage
            return (usage.completion_tokens or 0) if usage else 0
        if response is not None:
            wait = max(wait, float(response.headers.get("retry-after", "0")))
        await asyncio.sleep(wait)
    return 0


def tokens_of(engine: Engine, asked: Iterable[Request], work: Callable[[], None]) -> int:
    """Ask through an engine, doing `work` over every answer; return the tokens that came back."""
    total = 0
    for result in engine.complete(asked):
        work()
        total += result.completion_tokens if isinstance(result, Completion) else 0
    return total


def idle() -> None:
    """Do nothing over an answer."""


def judge() -> None:
    """Keep a core busy for as long as parsing and checking a draft takes."""
    end = time.thread_time() + JUDGING_SECONDS
    while time.thread_time() < end:
        pass


@contextmanager
def server(shape: Shape) -> Iterator[str]:
    """Run the server in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run_server, args=(shape, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def lap(url: str, name: str, number: int, options: argparse.Namespace) -> float:
    """Let one contender ask everything once; return its tokens/s."""
    asked = requests(f"{name}-{number}", options.requests)
    started = time.monotonic()
    if name == "bare":
        tokens = asyncio.run(bare(url, asked, options.concurrency))
        return tokens / (time.monotonic() - started)
    settings = EngineOptions(
        concurrency=options.concurrency, timeout_seconds=TIMEOUT_SECONDS, attempts=ATTEMPTS, pause_seconds=60.0
    )
    with tempfile.TemporaryDirectory() as folder:
        engine: Engine = open_engine(url, settings)
        if name != "engine":
            engine = StoredEngine(engine, ResponseStore(str(Path(folder) / "responses")))
        started = time.monotonic()
        tokens = tokens_of(engine, iter(asked), judge if name == "checked" else idle)
        seconds = time.monotonic() - started
        engine.close()
    return tokens / seconds


def main() -> None:
    """Let all contenders ask in turns, and print tokens/s and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--concurrency", type=int, default=64)
    options = parser.parse_args()
    speeds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    with server(Shape()) as url:
        for number in range(options.repeats):
            # Who begins changes from lap to lap.
            order = CONTENDERS[number % len(CONTENDERS) :] + CONTENDERS[: number % len(CONTENDERS)]
            for name in order:
                speeds[name].append(lap(url, name, number, options))
            print(f"lap {number + 1}:", ", ".join(f"{name} {speeds[name][-1]:.0f}" for name in CONTENDERS), flush=True)
    for name in CONTENDERS:
        ratios = [ours / theirs for ours, theirs in zip(speeds[name], speeds["bare"], strict=True)]
        print(
            f"{name:8} {statistics.median(speeds[name]):6.0f} tokens/s, of the bare client's: "
            f"median {statistics.median(ratios):.1%} ({min(ratios):.1%} to {max(ratios):.1%})"
        )


if __name__ == "__main__":
    main()
