"""The extractors by name, and the runbook page that adds one: its example is installed and its test is run."""

import re
from pathlib import Path

import pytest

from extractors import pymupdf_extractor, unstructured_extractor
from extractors.catalog import EXTRACTORS, find_extractor
from extractors.isolation import close_workers
from schemas.errors import UsageError

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "runbooks" / "extractors.md"
PAPER = ROOT / "tests" / "data" / "jose-00265.pdf"


def _snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda extractor: extractor.name)
def test_ours_can_be_loaded_and_stand_in_the_runbook(extractor) -> None:
    assert callable(extractor.load())
    assert f"| `{extractor.name}` |" in RUNBOOK.read_text(encoding="utf-8")


def test_an_unknown_name_is_told_which_there_are() -> None:
    with pytest.raises(UsageError, match="pymupdf, unstructured"):
        find_extractor("nobody")


def test_the_example_of_the_runbook_is_found_by_entry_point_and_passes_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, test = _snippets("python")
    (entry,) = _snippets("toml")
    (tmp_path / "paragraph_extractor.py").write_text(code, encoding="utf-8")
    package = tmp_path / "paragraph_extractor-1.5.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: paragraph-extractor\nVersion: 1.5\n")
    name, target = re.findall(r'^(\w+) = "(.*)"$', entry, re.MULTILINE)[0]
    (package / "entry_points.txt").write_text(f"[corpusmill.extractors]\n{name} = {target}\n")
    close_workers()  # an idle child would not know the new folder
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_extractor(name).version == "1.5"
    written: dict[str, object] = {}
    exec(compile(test, str(RUNBOOK), "exec"), written)
    check = written["test_a_paper_is_read"]
    assert callable(check)
    check(PAPER)
    close_workers()


def test_the_catalog_names_the_versions_that_the_extractors_write() -> None:
    stated = {entry.name: entry.version for entry in EXTRACTORS}
    assert stated == {"pymupdf": pymupdf_extractor.VERSION, "unstructured": unstructured_extractor.VERSION}
