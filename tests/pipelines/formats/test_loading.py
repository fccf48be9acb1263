"""The lines that the card and the runbook give for loading a format stand there as they are, and work."""

import importlib.util
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from pipelines.exporting import export_dataset
from pipelines.formats.catalog import FORMATS, find_format
from schemas.recipe import Recipe

PAGE = Path(__file__).parents[3] / "runbooks" / "formats.md"
# The others need libraries that live in an environment of their own: tests/readers.
HERE = {
    "vidore-v2": 3,
    "vidore-v3": 3,
    "mmeb": 2,
    "unime": 1,
    "cmrag": 2,
    "unidoc": 1,
    "mmlongbench": 2,
    "universalrag": 1,
}

_PATH = Path(__file__).with_name("pool_corpus.py")
_SPEC = importlib.util.spec_from_file_location("pool_corpus", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pool_corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pool_corpus)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("corpus") / "workspace")
    pool_corpus.commit_pools(folder)
    return folder


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_the_runbook_has_a_row_and_the_lines_of_every_format(format: Any) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"\n| {format.name} | " in page
    assert format.loading in page


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", HERE)
def test_the_lines_load_what_was_exported(
    workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    folder = tmp_path / "d"
    export_dataset(workspace, str(folder), Recipe(), format=name)
    made: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        exec(find_format(name).loading.replace("PATH", str(folder)), made)
    held = [value for key, value in made.items() if not key.startswith("__") and hasattr(value, "__len__")]
    assert len(held) == HERE[name]
    assert all(len(value) > 0 for value in held)
