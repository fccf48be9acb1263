import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generators.engines.catalog import open_engine
from generators.engines.embedded import MODEL_VARIABLE, model_file
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

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"answer": {"enum": ["6650 km", "the Nile"]}},
        "required": ["answer"],
        "additionalProperties": False,
    }
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine("local", EngineOptions(threads=1, context_tokens=512))
    yield opened
    opened.close()


def request(text: str, *, tokens: int = 12, schema: str | None = None, temperature: float = 0.0) -> Request:
    return Request("r", (Message("user", text),), Sampling(temperature, 1.0, tokens), seed=3, schema=schema)


def test_answers_follow_the_schema_and_count_tokens(engine: Engine) -> None:
    [result] = engine.complete([request("The Nile is 6650 km long. How long is the Nile?", tokens=30, schema=SCHEMA)])
    assert isinstance(result, Completion)
    assert json.loads(result.text)["answer"] in {"6650 km", "the Nile"}
    assert result.prompt_tokens > 10
    assert 0 < result.completion_tokens <= 30
    assert result.model == engine.model == "SmolLM2-135M-Instruct.Q4_1"


def test_the_same_seed_gives_the_same_answer(engine: Engine) -> None:
    asked = request("Name an animal.", tokens=6, temperature=0.9)
    list(engine.complete([asked]))
    first, second = engine.complete([asked, asked])
    assert first == second


def test_a_prompt_too_long_is_a_failure_and_the_next_is_answered(engine: Engine) -> None:
    first, second = engine.complete([request("long " * 600), request("Say yes.", tokens=3)])
    assert isinstance(first, EngineFailure)
    assert first.reason_code is ReasonCode.CONTEXT_TOO_LONG
    assert isinstance(second, Completion)


def test_a_bad_schema_is_a_failure(engine: Engine) -> None:
    [result] = engine.complete([request("Say yes.", schema='{"type": "no such type"}')])
    assert isinstance(result, EngineFailure)
    assert result.reason_code is ReasonCode.ENGINE_BAD_ANSWER


def test_pictures_are_refused(engine: Engine) -> None:
    [result] = engine.complete([Request("r", (Message("user", "look", (Picture(b"x", "png"),)),))])
    assert isinstance(result, EngineFailure)
    assert result.reason_code is ReasonCode.ENGINE_REFUSED


def test_the_model_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"not a model")
    monkeypatch.setenv(MODEL_VARIABLE, str(path))
    assert model_file() == path
    with pytest.raises(EngineError, match=r"own\.gguf"):
        open_engine("local", EngineOptions())
    path.unlink()
    with pytest.raises(EngineError, match=MODEL_VARIABLE):
        open_engine("local", EngineOptions())
