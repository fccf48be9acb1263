import multiprocessing
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.engines.catalog import open_engine
from generators.engines.exchange import (
    Completion,
    EngineFailure,
    EngineOptions,
    Message,
    Picture,
    Request,
    Sampling,
)
from generators.response_store import ResponseStore, StoredEngine, request_key
from schemas.errors import EngineError, ReasonCode, WorkspaceError
from tests.generators.openai_server import Log, Reply, answer, serving


def request(number: int = 0, request_id: str | None = None) -> Request:
    return Request(request_id or f"r{number}", (Message("user", f"frage {number} \u2028 \ud800"),))


def completion(asked: Request, text: str = 'an "answer"\nof two lines', model: str = "m") -> Completion:
    return Completion(asked.request_id, text, 5, 2, "stop", model)


@pytest.fixture(params=["local", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "answers") if request.param == "local" else f"memory://store-{uuid.uuid4().hex}"


def test_what_was_put_is_got_now_and_after_reopening(folder: str) -> None:
    store = ResponseStore(folder)
    for number in range(100):
        store.put(request(number), completion(request(number), f"answer {number}"))
    assert store.get(request(99, "again"), "m") == Completion("again", "answer 99", 5, 2, "stop", "m", cached=True)
    store.close()
    opened = ResponseStore(folder)
    assert len(opened) == 100
    assert [opened.get(request(number), "m").text for number in (0, 63, 64, 99)] == [  # type: ignore[union-attr]
        "answer 0",
        "answer 63",
        "answer 64",
        "answer 99",
    ]
    assert opened.get(request(0), "other") is None
    assert opened.get(request(100), "m") is None
    assert opened.models() == ("m",)


@pytest.mark.parametrize(
    "other",
    [
        replace(request(), seed=1),
        replace(request(), schema="{}"),
        replace(request(), sampling=Sampling(max_tokens=17)),
        replace(request(), messages=(Message("system", request().messages[0].text),)),
        replace(request(), messages=(replace(request().messages[0], images=(Picture(b"x", "png"),)),)),
    ],
)
def test_the_key_covers_all_that_shapes_an_answer(other: Request) -> None:
    assert request_key(other, "m") != request_key(request(), "m")
    assert request_key(request(0, "other id"), "m") == request_key(request(), "m")


def test_a_line_cut_short_costs_only_itself(tmp_path: Path) -> None:
    store = ResponseStore(str(tmp_path))
    for number in range(3):
        store.put(request(number), completion(request(number)))
    store.close()
    [segment] = tmp_path.iterdir()
    whole = segment.read_bytes()
    for cut in (1, 2, 30, 100):
        segment.write_bytes(whole[:-cut])
        opened = ResponseStore(str(tmp_path))
        assert [opened.get(request(number), "m") is not None for number in range(3)] == [True, True, False]
    segment.write_bytes(whole[:60] + b"\0\0\0" + whole[63:])
    assert len([1 for number in range(3) if ResponseStore(str(tmp_path)).get(request(number), "m")]) == 2


def test_refresh_sees_what_others_added(tmp_path: Path) -> None:
    ours, theirs = ResponseStore(str(tmp_path)), ResponseStore(str(tmp_path))
    theirs.put(request(1), completion(request(1)))
    assert ours.get(request(1), "m") is None
    ours.refresh()
    assert ours.get(request(1), "m") is not None
    theirs.put(request(2), completion(request(2)))
    theirs.close()
    ours.refresh()
    assert ours.get(request(2), "m") is not None


def _write(folder: str, start: int) -> None:
    store = ResponseStore(folder)
    for number in range(start, start + 200):
        store.put(request(number), completion(request(number), f"answer {number}"))
    store.close()


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(str(tmp_path), start)) for start in (0, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store = ResponseStore(str(tmp_path))
    assert [store.get(request(number), "m").text for number in range(300)] == [  # type: ignore[union-attr]
        f"answer {number}" for number in range(300)
    ]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    store = ResponseStore(str(blocked))
    with pytest.raises(WorkspaceError, match="cannot keep an answer"):
        store.put(request(), completion(request()))


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[StoredEngine, Log]]:
    with serving(_script) as (url, log):
        engine = StoredEngine(open_engine(url, EngineOptions(attempts=1)), ResponseStore(str(tmp_path)))
        yield engine, log
        engine.close()


def _script(body: dict[str, Any], number: int) -> Reply:
    return Reply(500) if "frage 9" in body["messages"][0]["content"] else answer(f"answer {number}")


def plain(number: int, request_id: str | None = None) -> Request:
    return Request(request_id or f"r{number}", (Message("user", f"frage {number}"),))


def test_hits_cost_nothing_and_failures_are_asked_again(stored: tuple[StoredEngine, Log]) -> None:
    engine, log = stored
    first = {result.request_id: result for result in engine.complete([plain(1), plain(9), plain(2)])}
    assert [type(first[key]) for key in ("r1", "r9", "r2")] == [Completion, EngineFailure, Completion]
    assert len(log.bodies) == 3
    second = {result.request_id: result for result in engine.complete([plain(1), plain(9), plain(3), plain(2)])}
    assert len(log.bodies) == 5
    assert second["r1"] == replace(first["r1"], cached=True)  # type: ignore[type-var]
    assert len(second) == 4
    assert [result.request_id for result in engine.complete([plain(1), plain(2)])] == ["r1", "r2"]


def test_equal_requests_in_one_call_are_asked_once(stored: tuple[StoredEngine, Log]) -> None:
    engine, log = stored
    results = list(engine.complete([plain(1, "a"), plain(2, "b"), plain(1, "c"), plain(9, "d"), plain(9, "e")]))
    assert sorted(result.request_id for result in results) == ["a", "b", "c", "d", "e"]
    assert len(log.bodies) == 3


def test_replay_answers_what_was_recorded_and_only_that(tmp_path: Path) -> None:
    store = ResponseStore(str(tmp_path))
    store.put(request(1), completion(request(1), "recorded"))
    store.close()
    engine = open_engine(f"replay:{tmp_path}", EngineOptions())
    hit, miss = engine.complete([request(1), request(2)])
    assert hit == Completion("r1", "recorded", 5, 2, "stop", "m", cached=True)
    assert isinstance(miss, EngineFailure)
    assert miss.reason_code is ReasonCode.NOT_RECORDED
    assert engine.model == "m"


def test_replay_of_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no recorded answers"):
        open_engine(f"replay:{tmp_path}", EngineOptions())
    with pytest.raises(EngineError, match="no folder"):
        open_engine(f"replay:{tmp_path / 'missing'}", EngineOptions())


def test_a_store_that_nothing_installed_can_open_is_an_error_with_a_remedy() -> None:
    with pytest.raises(WorkspaceError, match="pip install"):
        ResponseStore("nowhere://bucket/responses")
