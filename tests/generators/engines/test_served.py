import base64
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from generators.engines import setbacks
from generators.engines.catalog import open_engine
from generators.engines.exchange import (
    Completion,
    Engine,
    EngineFailure,
    EngineOptions,
    Message,
    Picture,
    Request,
    Sampling,
)
from schemas.errors import EngineError, ReasonCode
from tests.generators.openai_server import Reply, answer, free_port, serving


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setbacks, "backoff", lambda failed: 0.01)


def request(number: int = 0, **extra: Any) -> Request:
    return Request(f"r{number}", (Message("user", f"question {number}"),), Sampling(0.0, 1.0, 16), **extra)


def ask(url: str, *requests: Request, **options: Any) -> dict[str, Completion | EngineFailure]:
    engine = open_engine(url, EngineOptions(**options))
    try:
        return {result.request_id: result for result in engine.complete(requests)}
    finally:
        engine.close()


def echo(body: dict[str, Any], number: int) -> Reply:
    return answer("to " + body["messages"][-1]["content"])


def test_answers_carry_text_tokens_and_the_first_model() -> None:
    with serving(echo) as (url, log):
        results = ask(url, request(1), request(2, seed=5))
    assert results["r1"] == Completion("r1", "to question 1", 7, 3, "stop", "tiny")
    assert {body["model"] for body in log.bodies} == {"tiny"}
    sent = next(body for body in log.bodies if body["messages"][0]["content"] == "question 2")
    assert (sent["seed"], sent["max_tokens"], sent["temperature"]) == (5, 16, 0.0)


def test_one_bad_request_never_fails_its_neighbours() -> None:
    replies = {
        "question 1": Reply(404, body="no such model"),
        "question 2": Reply(body='{"choices": [{"mess'),
        "question 3": Reply(400, body="maximum context length is 8 tokens"),
        "question 4": Reply(500, body="boom"),
        "question 5": Reply(drop=True),
        "question 6": Reply(body='{"choices": []}'),
    }

    def script(body: dict[str, Any], number: int) -> Reply:
        text = body["messages"][-1]["content"]
        return replies.get(text) or answer("fine")

    with serving(script) as (url, _):
        results = ask(url, *map(request, range(9)), attempts=2)
    failures = {key: value for key, value in results.items() if isinstance(value, EngineFailure)}
    assert {key: (value.reason_code, value.retryable) for key, value in failures.items()} == {
        "r1": (ReasonCode.ENGINE_REFUSED, False),
        "r2": (ReasonCode.ENGINE_BAD_ANSWER, True),
        "r3": (ReasonCode.CONTEXT_TOO_LONG, False),
        "r4": (ReasonCode.ENGINE_UNREACHABLE, True),
        "r5": (ReasonCode.ENGINE_UNREACHABLE, True),
        "r6": (ReasonCode.ENGINE_BAD_ANSWER, True),
    }
    assert len(results) == 9


@pytest.mark.parametrize(
    "trouble",
    [Reply(429, headers=(("retry-after", "0.05"),)), Reply(503), Reply(drop=True), Reply(body="<html>")],
    ids=["busy", "unavailable", "dropped", "no json"],
)
def test_passing_trouble_is_tried_again(trouble: Reply) -> None:
    with serving(lambda body, number: trouble if number < 2 else answer("at last")) as (url, log):
        results = ask(url, request())
    assert isinstance(results["r0"], Completion)
    assert results["r0"].text == "at last"
    assert len(log.bodies) == 3


def test_retry_after_is_honoured() -> None:
    busy = Reply(429, headers=(("retry-after", "0.4"),))
    with serving(lambda body, number: busy if number == 0 else answer("ok")) as (url, _):
        start = time.monotonic()
        ask(url, request())
    assert time.monotonic() - start >= 0.4


def test_a_stalled_request_is_a_timeout_and_the_others_go_on() -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        return Reply(delay=3.0) if body["messages"][0]["content"] == "question 0" else answer("quick")

    with serving(script) as (url, log):
        start = time.monotonic()
        results = ask(url, *map(request, range(4)), timeout_seconds=0.3, concurrency=2)
    assert time.monotonic() - start < 2.0
    assert isinstance(results["r0"], EngineFailure)
    assert (results["r0"].reason_code, results["r0"].retryable) == (ReasonCode.ENGINE_TIMEOUT, True)
    assert all(isinstance(results[f"r{number}"], Completion) for number in (1, 2, 3))
    assert len(log.bodies) == 4


def test_a_slot_that_falls_free_is_filled_while_a_slow_request_goes_on() -> None:
    """Seven quick slots have to work through everything else before the slow one answers; a batch never would."""
    others, slow_may_end = threading.Semaphore(0), threading.Event()

    def script(body: dict[str, Any], number: int) -> Reply:
        if body["messages"][0]["content"] == "question 0":
            assert slow_may_end.wait(60)
        else:
            others.release()
        return answer("ok")

    with serving(script) as (url, log):
        engine = open_engine(url, EngineOptions(concurrency=8))
        results = engine.complete(map(request, range(32)))
        early = [next(results).request_id for _ in range(31)]
        assert "r0" not in early
        assert all(others.acquire(timeout=60) for _ in range(31))
        slow_may_end.set()
        assert [result.request_id for result in results] == ["r0"]
        engine.close()
    assert log.most <= 8


def test_as_many_requests_are_in_flight_as_the_server_takes() -> None:
    together = threading.Barrier(8)

    def script(body: dict[str, Any], number: int) -> Reply:
        together.wait(60)
        return answer("ok")

    with serving(script) as (url, log):
        results = ask(url, *map(request, range(32)), concurrency=8, timeout_seconds=60.0)
    assert all(isinstance(result, Completion) for result in results.values())
    assert log.most == 8


def test_requests_are_read_lazily() -> None:
    read: list[int] = []

    def source() -> Iterator[Request]:
        for number in range(100):
            read.append(number)
            yield request(number)

    with serving(echo) as (url, _):
        engine = open_engine(url, EngineOptions(concurrency=2))
        results = engine.complete(source())
        next(results)
        assert len(read) <= 4
        results.close()  # type: ignore[attr-defined]
        engine.close()
        engine.close()


def test_schema_goes_as_response_format_and_images_as_data_uris() -> None:
    picture = Request("r0", (Message("user", "look", (Picture(b"\x89PNG", "png"),)),), schema='{"type":"object"}')
    with serving(lambda body, number: answer("{}")) as (url, log):
        ask(url, picture, model="other")
    body = log.bodies[0]
    assert body["model"] == "other"
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    image, text = body["messages"][0]["content"]
    assert image["image_url"]["url"] == "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()
    assert text == {"type": "text", "text": "look"}


def test_a_server_without_schemas_is_asked_in_words_and_remembered() -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        return Reply(400, body="response_format is not supported") if "response_format" in body else answer("{}")

    with serving(script) as (url, log):
        results = ask(url, *(request(n, schema='{"type":"object"}') for n in range(3)), concurrency=1)
    assert all(isinstance(result, Completion) for result in results.values())
    assert ["response_format" in body for body in log.bodies] == [True, False, False, False]
    assert log.bodies[-1]["messages"][-1]["content"].endswith('{"type":"object"}')


def test_a_server_that_took_a_schema_is_not_asked_twice_about_another_refusal() -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        return answer("{}") if number == 0 else Reply(400, body="tiny is not a multimodal model")

    picture = Request("r1", (Message("user", "look", (Picture(b"\x89PNG", "png"),)),), schema='{"type":"object"}')
    with serving(script) as (url, log):
        results = ask(url, request(0, schema='{"type":"object"}'), picture, concurrency=1)
    assert len(log.bodies) == 2
    refused = results["r1"]
    assert isinstance(refused, EngineFailure)
    assert (refused.reason_code, refused.retryable) == (ReasonCode.ENGINE_REFUSED, False)
    assert "generate.pictures" in refused.message


def test_refusals_and_empty_answers_are_completions() -> None:
    replies = {"question 0": answer(None, refusal="I cannot"), "question 1": answer(None)}
    with serving(lambda body, number: replies[body["messages"][0]["content"]]) as (url, _):
        results = ask(url, request(0), request(1))
    found = [results["r0"], results["r1"]]
    assert [(r.text, r.finish_reason) for r in found if isinstance(r, Completion)] == [
        ("I cannot", "refusal"),
        ("", "stop"),
    ]


def test_keys_are_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda body, number: Reply(401, body="bad key sk-secret")) as (url, log):
        results = ask(url, request(), api_key="sk-secret")
    assert log.headers[0]["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in repr(results) + repr(EngineOptions(api_key="sk-secret")) + caplog.text


@pytest.mark.parametrize(
    ("models", "options", "words"),
    [
        (Reply(401), {}, "key"),
        (Reply(404), {}, "/v1"),
        (Reply(body="nonsense"), {}, "/v1"),
        (Reply(body='{"data": [{"id": "tiny"}]}'), {"model": "big"}, "tiny"),
    ],
)
def test_servers_that_cannot_be_used_say_why(models: Reply, options: dict[str, str], words: str) -> None:
    with serving(echo, models) as (url, _), pytest.raises(EngineError, match=words):
        open_engine(url, EngineOptions(**options))  # type: ignore[arg-type]


def test_a_model_by_name_needs_no_list() -> None:
    with serving(echo, Reply(404)) as (url, _):
        assert ask(url, request(), model="named")["r0"].model == "named"  # type: ignore[union-attr]


def test_a_dead_url_is_an_error_at_once() -> None:
    with pytest.raises(EngineError, match=r"no server answers at http://127\.0\.0\.1"):
        open_engine(f"http://127.0.0.1:{free_port()}/v1", EngineOptions())


def test_a_url_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(EngineError, match="carries a user name or password") as caught:
        open_engine("http://user:hunter2@127.0.0.1:1/v1", EngineOptions())
    assert "hunter2" not in str(caught.value)
    assert "user:" not in str(caught.value).replace("user:password", "")


@pytest.mark.parametrize("url", ["http://", "http://[::1/v1", "http://no host/v1"])
def test_a_senseless_url_is_an_error(url: str) -> None:
    with pytest.raises(EngineError):
        open_engine(url, EngineOptions())


def test_a_server_that_fails_at_everything_is_left_alone_and_given_up() -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        return echo(body, number) if number < 2 else Reply(drop=True)

    said: list[str] = []
    with serving(script) as (url, log):
        options = EngineOptions(concurrency=4, attempts=3, pause_seconds=0.5, notice=said.append)
        engine = open_engine(url, options)
        assert _texts(engine, 2) == ["to question 0", "to question 1"]
        results = [result for result in engine.complete(map(request, range(200))) if isinstance(result, EngineFailure)]
        engine.close()
    assert len(results) == 200
    assert {(result.reason_code, result.retryable) for result in results} == {(ReasonCode.ENGINE_UNREACHABLE, True)}
    assert any("no server was there" in result.message for result in results)
    assert len(log.bodies) < 60
    assert ["sick" in said[0], "did not come back within 0.5 s" in said[1]] == [True, True]


def _texts(engine: Engine, count: int) -> list[str]:
    results = engine.complete(map(request, range(count)))
    return sorted(result.text for result in results if isinstance(result, Completion))
