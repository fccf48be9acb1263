import pytest

from generators.engines.catalog import ENGINES, open_engine
from generators.engines.exchange import EngineOptions, Request
from schemas.errors import EngineError


def test_none_answers_nothing() -> None:
    engine = open_engine("none", EngineOptions())
    assert engine.capacity == 0
    assert list(engine.complete([Request("r", ())])) == []


@pytest.mark.parametrize(("spec", "words"), [("locla", "did you mean 'local'"), ("", "http://host:port/v1")])
def test_unknown_engines_name_the_known(spec: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        open_engine(spec, EngineOptions())


def test_schemes_are_unique() -> None:
    assert len({kind.scheme for kind in ENGINES}) == len(ENGINES)
