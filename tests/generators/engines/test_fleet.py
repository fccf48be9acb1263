"""Servers that come and go under a run: nothing is lost, nothing is asked twice, and somebody is told."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generators.engines import fleet, setbacks
from generators.engines.catalog import open_engine
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Message, Request, Sampling
from schemas.errors import EngineError, ReasonCode
from tests.generators.openai_server import Reply, Script, answer, free_port, serving


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setbacks, "backoff", lambda failed: 0.01)
    monkeypatch.setattr(fleet, "_FIRST_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(fleet, "_LONGEST_LOOK_SECONDS", 0.1)


def request(number: int) -> Request:
    return Request(f"r{number}", (Message("user", f"question {number}"),), Sampling(0.0, 1.0, 16))


def asked(bodies: list[dict[str, Any]]) -> list[str]:
    return sorted(body["messages"][0]["content"] for body in bodies)


def echo(body: dict[str, Any], number: int) -> Reply:
    return answer("to " + body["messages"][-1]["content"])


def named(model: str) -> Reply:
    return Reply(body=f'{{"data": [{{"id": "{model}"}}]}}')


BEFORE_DEATH = 6


class Restarted:
    """A server at one port that is killed after a number of answers, and started again when the test says so."""

    def __init__(self) -> None:
        self.port = free_port()
        self.killed = threading.Event()
        self.restart = threading.Event()
        self.bodies: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Restarted":
        self._up = threading.Event()
        self._done = threading.Event()
        self._last = threading.Event()
        self._thread.start()
        assert self._up.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.restart.set()
        self._done.set()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def _run(self) -> None:
        with serving(self._until_killed, port=self.port) as (_, log):
            self._up.set()
            assert self._last.wait(60)
            while log.sent < BEFORE_DEATH:
                time.sleep(0.01)
        self.bodies += log.bodies
        self.killed.set()
        assert self.restart.wait(60)
        if not self._done.is_set():
            with serving(echo, port=self.port) as (_, log):
                assert self._done.wait(60)
            self.bodies += log.bodies

    def _until_killed(self, body: dict[str, Any], number: int) -> Reply:
        if number < BEFORE_DEATH:
            return echo(body, number)
        self._last.set()
        assert self.killed.wait(60)
        return Reply(drop=True)


def test_a_run_pauses_while_its_server_is_away_and_goes_on_where_it_stood() -> None:
    said: list[str] = []
    with Restarted() as server:
        # One attempt a request: none may be counted while nobody is there.
        engine = open_engine(server.url, EngineOptions(concurrency=4, attempts=1, notice=said.append))
        results = engine.complete(map(request, range(40)))
        answered = [next(results) for _ in range(BEFORE_DEATH)]
        assert server.killed.wait(60)
        while not said:
            time.sleep(0.01)
        server.restart.set()
        answered += results
        engine.close()
    assert all(isinstance(result, Completion) for result in answered)
    assert sorted(result.request_id for result in answered) == sorted(f"r{number}" for number in range(40))
    assert "is away" in said[0]
    assert "the run pauses, for 600 s at most" in said[0]
    assert "is back after" in said[1]
    # Only what was in flight when the server died was sent twice.
    assert len(server.bodies) - len(set(asked(server.bodies))) <= 4


def test_what_is_left_fails_when_the_pause_was_too_long_and_a_late_return_is_noticed() -> None:
    said: list[str] = []
    with Restarted() as server:
        options = EngineOptions(concurrency=4, attempts=2, pause_seconds=0.3, notice=said.append)
        engine = open_engine(server.url, options)
        results = list(engine.complete(map(request, range(40))))
        failures = [result for result in results if isinstance(result, EngineFailure)]
        assert len(results) == 40
        assert len(failures) == 40 - BEFORE_DEATH
        assert {(item.reason_code, item.retryable) for item in failures} == {(ReasonCode.ENGINE_UNREACHABLE, True)}
        assert "no server was there to ask for more than 0.3 s" in failures[-1].message
        assert sum("did not come back" in line for line in said) == 1
        server.restart.set()
        while not any("is back" in line for line in said):
            time.sleep(0.01)
        [late] = engine.complete([request(99)])
        assert isinstance(late, Completion)
        engine.close()


def test_the_server_with_the_most_room_is_asked() -> None:
    stuck = threading.Event()

    def slow(body: dict[str, Any], number: int) -> Reply:
        assert stuck.wait(60)
        return answer("slow")

    with serving(slow, named("a")) as (first, slow_log), serving(echo, named("b")) as (second, quick_log):
        engine = open_engine(f"{first},{second}", EngineOptions(concurrency=2))
        assert (engine.capacity, engine.model) == (4, "a")
        results = engine.complete(map(request, range(30)))
        early = [next(results) for _ in range(28)]
        stuck.set()
        late = list(results)
        engine.close()
    assert {result.model for result in early if isinstance(result, Completion)} == {"b"}
    assert {result.model for result in late if isinstance(result, Completion)} == {"a"}
    assert (len(slow_log.bodies), len(quick_log.bodies)) == (2, 28)


def test_a_server_that_dies_hands_its_requests_to_the_others() -> None:
    said: list[str] = []
    with Restarted() as dying, serving(echo) as (url, log):
        options = EngineOptions(concurrency=2, attempts=1, pause_seconds=5.0, notice=said.append)
        engine = open_engine(f"{dying.url},{url}", options)
        results = list(engine.complete(map(request, range(60))))
        engine.close()
    assert len(results) == 60
    assert all(isinstance(result, Completion) for result in results)
    assert [("its requests go to the others" in line) for line in said] == [True]
    assert len(dying.bodies) + len(log.bodies) <= 62


def test_one_of_two_servers_may_be_away_at_the_start() -> None:
    port = free_port()
    said: list[str] = []
    with serving(echo, named("here")) as (url, log):
        engine = open_engine(f"http://127.0.0.1:{port}/v1,{url}", EngineOptions(concurrency=1, notice=said.append))
        assert engine.model == "here"
        assert len(list(engine.complete(map(request, range(3))))) == 3
        with serving(echo, named("late"), port=port) as (_, late_log):
            while not any("is back" in line for line in said):
                time.sleep(0.01)
            results = list(engine.complete(map(request, range(3, 43))))
        engine.close()
    assert {result.model for result in results if isinstance(result, Completion)} == {"here", "late"}
    assert len(log.bodies) + len(late_log.bodies) == 43


def test_no_server_at_all_is_an_error_that_names_each() -> None:
    ports = free_port(), free_port()
    with pytest.raises(EngineError) as caught:
        open_engine(",".join(f"http://127.0.0.1:{port}/v1" for port in ports), EngineOptions())
    assert all(str(port) in str(caught.value) for port in ports)


def always(reply: Reply) -> Callable[[dict[str, Any], int], Reply]:
    return lambda body, number: reply


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (always(Reply(401, body="the key was revoked")), "refuses us with status 401"),
        (always(Reply(429, body="quota")), "too many requests"),
        (always(Reply(500, body="boom")), "boom"),
        (always(Reply(body="<html>")), "no chat completion"),
    ],
    ids=["revoked", "quota", "broken", "html"],
)
def test_a_server_that_only_ever_fails_is_left_alone(script: Script, words: str) -> None:
    said: list[str] = []
    with serving(script) as (url, log):
        engine = open_engine(url, EngineOptions(concurrency=4, pause_seconds=0.3, notice=said.append))
        results = list(engine.complete(map(request, range(1500))))
        engine.close()
    assert len(results) == 1500
    assert all(isinstance(result, EngineFailure) and result.retryable for result in results)
    assert len(log.bodies) < 300
    assert words in said[0]


def test_a_request_that_kills_its_server_each_time_is_given_up() -> None:
    """The server comes back after every death, as one under a supervisor does."""
    port = free_port()
    died = threading.Event()
    over = threading.Event()
    deaths: list[int] = []

    def fatal(body: dict[str, Any], number: int) -> Reply:
        if body["messages"][0]["content"] != "question 3":
            return echo(body, number)
        died.set()
        time.sleep(0.5)
        return Reply(drop=True)

    def supervise() -> None:
        while not over.is_set():
            with serving(fatal, port=port):
                ready.set()
                died.wait(60)
            deaths.append(1)
            died.clear()
            time.sleep(0.1)

    ready = threading.Event()
    supervisor = threading.Thread(target=supervise, daemon=True)
    supervisor.start()
    assert ready.wait(30)
    engine = open_engine(f"http://127.0.0.1:{port}/v1", EngineOptions(concurrency=1, notice=str))
    results = {result.request_id: result for result in engine.complete(map(request, range(6)))}
    over.set()
    died.set()
    engine.close()
    supervisor.join(30)
    failures = {key: value for key, value in results.items() if isinstance(value, EngineFailure)}
    assert list(failures) == ["r3"]
    assert failures["r3"].retryable
    assert len(results) == 6
    assert len(deaths) >= setbacks.MOST_DEATHS


def test_requests_are_taken_in_no_more_than_twice_the_room_of_all_servers() -> None:
    read: list[int] = []

    def source() -> Iterator[Request]:
        for number in range(100):
            read.append(number)
            yield request(number)

    with serving(echo) as (first, _), serving(echo) as (second, _):
        engine = open_engine(f"{first},{second}", EngineOptions(concurrency=2))
        results = engine.complete(source())
        next(results)
        assert len(read) <= 8
        results.close()  # type: ignore[attr-defined]
        engine.close()
