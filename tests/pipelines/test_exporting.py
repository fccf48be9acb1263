import importlib.util
import json
import os
import subprocess
import sys
import types
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from pipelines.checking import check_questions
from pipelines.destination import CHECKSUMS, MARK
from pipelines.exporting import export_dataset
from pipelines.shards import ShardLimits, ShardWriter
from pipelines.storage import Folder
from schemas.errors import ExportError, UsageError
from schemas.recipe import Recipe
from schemas.recipe_file import override

CORPUS = Path(__file__).with_name("dataset_corpus.py")
CONFIGS = ("qa", "corpus", "pages")


def _load_corpus_module() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("dataset_corpus", CORPUS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


corpus = _load_corpus_module()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("corpus") / "workspace")
    corpus.commit_corpus(folder)
    return folder


@pytest.fixture(scope="module")
def dataset(workspace: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "dataset"
    outcome = export_dataset(workspace, str(folder), Recipe())
    assert (outcome.exit_code, outcome.counts) == (0, {"qa": 4, "corpus": 4, "pages": 6})
    return folder


@pytest.fixture(scope="module")
def loaded(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    cache = str(tmp_path_factory.mktemp("cache"))
    return {name: list(load_dataset(str(dataset), name, cache_dir=cache)["train"]) for name in CONFIGS}


def test_questions_are_the_default_and_bring_their_pictures(dataset: Path, tmp_path: Path) -> None:
    rows = load_dataset(str(dataset), cache_dir=str(tmp_path))["train"]
    first = rows[0]
    assert (rows.num_rows, first["answer"], first["evidence"][0]["cells"][0]["text"]) == (4, "7", "7")
    assert [picture.size for picture in first["images"] + first["page_images"]] == [(20, 10), (20, 10)]
    # Both evidence units show the same table: one picture, two references.
    assert [(part["image_index"], part["page_image_index"]) for part in first["evidence"]] == [(0, 0), (0, 0)]
    assert (first["evidence"][0]["page_width"], first["evidence"][0]["bbox"]) == (612.0, [10.0, 20.0, 110.0, 220.0])


def test_documents_come_in_the_order_of_their_file_names(loaded: dict[str, list[dict[str, Any]]]) -> None:
    names = [row["file_name"] for row in loaded["pages"]]
    assert names == ["a | report.pdf"] * 3 + ["b | report.pdf"] * 3
    assert [row["page_index"] for row in loaded["pages"]] == [0, 1, 2] * 2


def test_candidates_cover_the_evidence(loaded: dict[str, list[dict[str, Any]]]) -> None:
    held = {element for row in loaded["corpus"] for element in row["element_ids"]}
    assert {part["element_id"] for row in loaded["qa"] for part in row["evidence"]} <= held
    table = next(row for row in loaded["corpus"] if row["kind"] == "table")
    assert (table["caption"], table["label"], table["image"].size) == ("Table 1: profit", "Table 1", (20, 10))


def test_odd_line_ends_and_huge_tables_survive(loaded: dict[str, list[dict[str, Any]]]) -> None:
    texts = {row["text"] for row in loaded["corpus"] if row["kind"] == "passage"}
    assert texts == {corpus.ODD_TEXT}
    assert loaded["pages"][1]["text"] == corpus.ODD_TEXT  # and no running head
    assert max(row["html"].count("<tr>") for row in loaded["corpus"] if row["html"]) == corpus.HUGE_CELLS


def test_nothing_tells_where_or_by_whom_it_was_made(dataset: Path, workspace: str) -> None:
    kept = [path for path in dataset.rglob("*") if path.is_file()]
    tables = [json.dumps(pq.read_table(path).to_pylist(), default=repr) for path in dataset.rglob("*.parquet")]
    texts = tables + [path.read_bytes().decode("latin-1") for path in kept]
    for private in (corpus.SECRET, workspace, str(dataset), "/home/"):
        assert [text for text in texts if private in text] == []
    provenance = pq.read_table(dataset / "qa").to_pylist()[0]["provenance"]
    assert (provenance["engine"], provenance["model"]) == ("replay", "Tiny")


def test_the_card_counts_what_the_tables_hold(dataset: Path, loaded: dict[str, list[dict[str, Any]]]) -> None:
    card = (dataset / "README.md").read_text(encoding="utf-8")
    for value, number in Counter(row["question_type"] for row in loaded["qa"]).items():
        assert f"| {value} | {number} |" in card
    for name in CONFIGS:
        assert f"| {name} | {len(loaded[name])} |" in card
    for line in ("| too_long | 2 |", "| no_quote | 1 |", "| grounding | 4 | 0 | 0 |", "| a \\| report.pdf | 3 |"):
        assert line in card


def test_the_exported_questions_can_be_audited_like_those_of_the_workspace(dataset: Path, workspace: str) -> None:
    report = check_questions(workspace, str(dataset / "qa"))
    assert report.checked == 4
    assert report.failed == check_questions(workspace, None).failed


def test_an_unchanged_workspace_is_not_exported_again(workspace: str, tmp_path: Path) -> None:
    target = tmp_path / "d"
    first = export_dataset(workspace, str(target), Recipe())
    written = (target / "README.md").stat().st_mtime_ns
    again = export_dataset(workspace, str(target), Recipe(), overwrite=True)
    assert (again.message, again.counts) == (f"nothing to do: {first.message}", first.counts)
    assert (target / "README.md").stat().st_mtime_ns == written
    renamed = export_dataset(workspace, str(target), override(Recipe(), {"export.name": "other"}))
    assert (renamed.message, renamed.counts) == (first.message, first.counts)
    assert "# other" in (target / "README.md").read_text(encoding="utf-8")


def test_the_workspace_survives_its_own_name_as_destination(workspace: str) -> None:
    with pytest.raises(ExportError, match="the workspace keeps its tables here"):
        export_dataset(workspace, workspace, Recipe(), overwrite=True)
    assert (Path(workspace) / "manifests").is_dir()


def test_checksums_cover_every_file(dataset: Path) -> None:
    listed = {line.split("  ")[1] for line in (dataset / CHECKSUMS).read_text().splitlines()}
    there = {str(path.relative_to(dataset)) for path in dataset.rglob("*") if path.is_file()}
    assert there - listed == {CHECKSUMS}
    done = subprocess.run(["sha256sum", "-c", CHECKSUMS], cwd=dataset, capture_output=True, check=False)
    assert done.returncode == 0


def test_row_groups_and_shards_keep_their_limits(workspace: str, tmp_path: Path) -> None:
    recipe = override(Recipe(), {"export.row_group_rows": 2})
    export_dataset(workspace, str(tmp_path / "d"), recipe)
    (file,) = (tmp_path / "d" / "pages").iterdir()
    metadata = pq.read_metadata(file)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [2, 2, 2]


def test_a_file_ends_before_it_grows_too_large(tmp_path: Path) -> None:
    schema = pq.ParquetFile(_one_column(tmp_path)).schema_arrow
    writer = ShardWriter(
        Folder(str(tmp_path)), "x", stem="train-0", schema=schema, limits=ShardLimits(rows=3, file_bytes=300_000)
    )
    for number in range(20):
        writer.write({"text": os.urandom(15_000).hex() + str(number)})
    files = writer.close()
    assert len(files) == 3
    assert sum(file.rows for file in files) == 20
    assert max(file.byte_size for file in files) < 300_000


def test_the_same_workspace_gives_the_same_bytes(workspace: str, dataset: Path, tmp_path: Path) -> None:
    export_dataset(workspace, str(tmp_path / "again"), Recipe())
    assert (tmp_path / "again" / CHECKSUMS).read_text() == (dataset / CHECKSUMS).read_text()


def test_without_questions_the_rest_is_exported_and_said(tmp_path: Path) -> None:
    corpus.commit_corpus(str(tmp_path / "w"), documents=1, questions=0)
    outcome = export_dataset(str(tmp_path / "w"), str(tmp_path / "d"), Recipe())
    assert outcome.counts == {"qa": 0, "corpus": 2, "pages": 3}
    assert "no accepted question" in outcome.message
    assert load_dataset(str(tmp_path / "d"), cache_dir=str(tmp_path / "c"))["train"].num_rows == 2
    assert list(load_dataset(str(tmp_path / "d"), "qa", streaming=True)["train"]) == []


def test_an_earlier_export_is_replaced_and_nothing_else(workspace: str, tmp_path: Path) -> None:
    target = tmp_path / "d"
    target.mkdir()
    export_dataset(workspace, str(target), Recipe())
    (target / "pages" / "stale.parquet").touch()
    with pytest.raises(ExportError, match=r"did not write \(pages/stale.parquet\)"):
        export_dataset(workspace, str(target), Recipe())
    (target / "pages" / "stale.parquet").unlink()
    export_dataset(workspace, str(target), Recipe())
    (target / "README.md").write_text("mine")
    with pytest.raises(ExportError, match=r"changed by hand"):
        export_dataset(workspace, str(target), Recipe())
    export_dataset(workspace, str(target), Recipe(), overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("x"), "a file stands here"),
        (lambda path: (path / "notes").mkdir(parents=True), "no earlier export"),
    ],
)
def test_what_is_not_ours_is_left_alone(workspace: str, tmp_path: Path, make: Any, message: str) -> None:
    make(tmp_path / "d")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportError, match=message):
        export_dataset(workspace, str(tmp_path / "d"), Recipe())
    assert sorted(tmp_path.rglob("*")) == before


def test_the_export_of_another_workspace_is_refused(dataset: Path, tmp_path: Path) -> None:
    corpus.commit_corpus(str(tmp_path / "other"), documents=1)
    assert (dataset / MARK).exists()
    with pytest.raises(ExportError, match="another workspace"):
        export_dataset(str(tmp_path / "other"), str(dataset), Recipe())


def test_what_a_killed_export_left_behind_goes(workspace: str, tmp_path: Path) -> None:
    above_all_processes = 2**22 + 7
    (tmp_path / f".d.partial-{above_all_processes}-0a/qa").mkdir(parents=True)
    (tmp_path / f".d.partial-{os.getpid()}-0b").mkdir()
    export_dataset(workspace, str(tmp_path / "d"), Recipe())
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".d.partial-{os.getpid()}-0b", "d"]


def test_a_full_disk_leaves_nothing_behind(workspace: str, tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from pipelines.exporting import export_dataset\n"
        "from schemas.errors import ExportError\n"
        "from schemas.recipe import Recipe\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "try:\n"
        "    export_dataset(sys.argv[1], sys.argv[2], Recipe())\n"
        "except ExportError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", program, workspace, str(tmp_path / "d")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CORPUS.parents[2])
    assert "free some space" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_named(workspace: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--format parchment: no such format; there is huggingface"):
        export_dataset(workspace, str(tmp_path / "d"), Recipe(), format="parchment")


def _one_column(folder: Path) -> Path:
    import pyarrow as pa

    path = folder / "one.parquet"
    pq.write_table(pa.table({"text": pa.array(["x"])}), path)
    return path
