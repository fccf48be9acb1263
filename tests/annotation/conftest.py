"""What the tests of the report share."""

import importlib.util
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def people() -> types.ModuleType:
    """Questions, a sample and judgements made by hand."""
    return _load(Path(__file__).with_name("people.py"))


@pytest.fixture(scope="session")
def crowd() -> types.ModuleType:
    """The bench that makes up a corpus and the people who judge it."""
    return _load(ROOT / "bench" / "simulated_people.py")


def _load(path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
