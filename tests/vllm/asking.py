"""Ask an engine what a test wants to know, and print the results as JSON: `asking.py SPEC`. Run beside vLLM."""

import json
import struct
import sys
import time
import zlib
from dataclasses import asdict

from generators.engines.catalog import open_engine
from generators.engines.exchange import EngineOptions, Message, Picture, Request, Sampling

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "question": {"type": "string", "minLength": 5, "maxLength": 40},
            "answer": {"type": "string", "maxLength": 20},
        },
        "required": ["question", "answer"],
        "additionalProperties": False,
    }
)
CROWD = 60


def picture(red: int, blue: int) -> Picture:
    """Return a small picture of one colour."""
    width, height = 80, 60
    rows = b"".join(b"\0" + bytes((red, 0, blue)) * width for _ in range(height))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*parts, (b"IEND", b""))
    )
    return Picture(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), "png")


def asked() -> list[Request]:
    """Return one request of each kind."""
    exact, wild = Sampling(0.0, 1.0, 16), Sampling(0.9, 1.0, 12)
    look = (Message("user", "What is in the picture?", (picture(255, 0),)),)
    draft = Sampling(0.0, 1.0, 120)
    return [
        Request("text", (Message("system", "Be short."), Message("user", "Name a river.")), exact),
        Request("schema", (Message("user", "Write a question and its answer as JSON."),), draft, schema=SCHEMA),
        Request("picture", look, exact),
        Request("picture and schema", look, draft, schema=SCHEMA),
        Request("seeded", (Message("user", "Name an animal."),), wild, seed=3),
        Request("seeded again", (Message("user", "Name an animal."),), wild, seed=3),
        Request("weighed", (Message("user", "Is the Nile a river?"),), exact, weigh=("yes", "no")),
        Request("too long", (Message("user", "long " * 6000),), exact),
    ]


def main() -> None:
    """Ask one of each kind, then a crowd, then one that has no time."""
    spec = sys.argv[1]
    engine = open_engine(spec, EngineOptions(concurrency=8, timeout_seconds=200))
    bad = Request("bad schema", (Message("user", "x"),), Sampling(0.0, 1.0, 16), schema='{"type": "nonsense"}')
    # A server that refuses its very first schema is taken for one that knows none: the good ones go first.
    results = {result.request_id: asdict(result) for each in (asked(), [bad]) for result in engine.complete(each)}
    crowd = (
        Request(str(number), (Message("user", f"Tell number {number}."),), Sampling(0.0, 1.0, 4 + number % 20))
        for number in range(CROWD)
    )
    started = time.monotonic()
    tokens = [getattr(result, "completion_tokens", 0) for result in engine.complete(crowd)]
    seconds = time.monotonic() - started
    hurried = open_engine(spec, EngineOptions(concurrency=1, timeout_seconds=0.05))
    endless = Request("hurried", (Message("user", "Tell a long story."),), Sampling(0.0, 1.0, 900))
    results |= {result.request_id: asdict(result) for result in hurried.complete([endless])}
    hurried.close()
    facts = {"name": engine.name, "model": engine.model, "capacity": engine.capacity, "pictures": engine.sees_images}
    engine.close()
    report = {"engine": facts, "results": results, "crowd": tokens, "tokens_per_second": sum(tokens) / seconds}
    print("REPORT " + json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
