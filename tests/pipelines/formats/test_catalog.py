"""A format of another package is found by its entry point and makes datasets like ours."""

import importlib.util
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.exporting import export_dataset
from pipelines.formats.catalog import FORMATS, find_format
from schemas.errors import UsageError
from schemas.recipe import Recipe

MODULE = """
import pyarrow as pa
from pipelines.formats.catalog import Config, Format

def titles(source, doc_id):
    yield {"doc_id": doc_id, "title": source.document(doc_id).title}

def schema():
    return pa.schema([("doc_id", pa.string()), ("title", pa.string())])

FORMAT = Format("parchment", "Titles alone", (Config("titles", "a document", schema, titles),))
"""


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "parchment-1.dist-info").mkdir(parents=True)
    (site / "parchment_format.py").write_text(MODULE)
    (site / "parchment-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: parchment\nVersion: 1\n")
    (site / "parchment-1.dist-info" / "entry_points.txt").write_text(
        "[corpusmill.formats]\nparchment = parchment_format:FORMAT\n"
    )
    monkeypatch.syspath_prepend(str(site))


def commit_corpus(folder: Path) -> None:
    path = Path(__file__).parents[1] / "dataset_corpus.py"
    spec = importlib.util.spec_from_file_location("dataset_corpus", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.commit_corpus(str(folder))


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_has_configs_with_schemas(format):
    assert find_format(format.name) is format
    assert all(config.schema().names and config.holds for config in format.configs)


@pytest.mark.usefixtures("foreign")
def test_a_format_of_another_package_makes_a_dataset(tmp_path):
    commit_corpus(tmp_path / "workspace")
    outcome = export_dataset(str(tmp_path / "workspace"), str(tmp_path / "d"), Recipe(), format="parchment")
    assert outcome.counts == {"titles": 2}
    assert pq.read_table(tmp_path / "d" / "titles").column_names == ["doc_id", "title"]
    assert "| titles | 2 | a document |" in (tmp_path / "d" / "README.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "d" / "corpusmill.json").read_text())["format"] == "parchment"


@pytest.mark.usefixtures("foreign")
def test_an_unknown_format_is_answered_with_those_there_are():
    with pytest.raises(
        UsageError,
        match=r"--format clay: no such format; there is huggingface, beir, .*, universalrag, limit, parchment",
    ):
        find_format("clay")
