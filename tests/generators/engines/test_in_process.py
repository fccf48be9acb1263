"""Opening vLLM in this process where it cannot be; tests/vllm asks the real one."""

import importlib.util

import pytest

from generators.engines.catalog import open_engine
from generators.engines.exchange import EngineOptions
from generators.engines.in_process import LIBRARY, ModelSpec
from schemas.errors import EngineError


@pytest.mark.skipif(importlib.util.find_spec(LIBRARY) is not None, reason="vLLM is installed")
def test_without_vllm_the_message_says_what_to_do() -> None:
    with pytest.raises(EngineError, match=r"pip install corpusmill 'vllm>=.*or use --engine local"):
        open_engine("vllm:some/model", EngineOptions())


def test_a_model_has_to_be_named() -> None:
    with pytest.raises(EngineError, match="as in vllm:"):
        open_engine("vllm:", EngineOptions())


@pytest.mark.parametrize(
    ("spec", "model", "values"),
    [
        ("vllm:org/model", "org/model", {}),
        ("vllm:/models/one?max_model_len=4096", "/models/one", {"max_model_len": 4096}),
        (
            'vllm:m?dtype=bfloat16&enforce_eager=true&limit_mm_per_prompt={"image": 2}',
            "m",
            {"dtype": "bfloat16", "enforce_eager": True, "limit_mm_per_prompt": {"image": 2}},
        ),
    ],
)
def test_settings_follow_a_question_mark(spec: str, model: str, values: dict[str, object]) -> None:
    parsed = ModelSpec.parse(spec)
    assert (parsed.model, parsed.values()) == (model, values)
