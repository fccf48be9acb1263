"""The README's first command, as a user runs it: the embedded engine, the real PDFs, a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
PATIENCE = 300

pytestmark = pytest.mark.integration


def corpusmill(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("build") / "demo"
    done = corpusmill("build", "examples/pdfs", str(workspace), "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["documents"], summary["pages"], summary["failures"]) == (7, 71, [])
    return workspace


def test_the_demo_has_questions_about_text_and_tables(demo: Path) -> None:
    modalities = ds.dataset(demo / "qa").to_table(columns=["answer_modality"])["answer_modality"].to_pylist()
    assert modalities.count("table") >= 10
    assert modalities.count("text") >= 5


def test_every_question_passes_the_audit(demo: Path) -> None:
    audit = corpusmill("check", str(demo), "--json")
    assert audit.returncode == 0, audit.stderr
    report = json.loads(audit.stdout)
    assert report["checked"] == ds.dataset(demo / "qa").count_rows()
    assert report["failed"] == []


def test_the_dataset_loads_without_a_network(demo: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from datasets import load_dataset\n"
        "rows = load_dataset(sys.argv[1], split='train')\n"
        "tables = [row for row in rows if row['answer_modality'] == 'table']\n"
        "print(len(rows), all(row['evidence'] for row in rows), tables[0]['images'][0].size[0] > 50)"
    )
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(demo / "dataset")],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=offline,
        check=True,
    )
    assert done.stdout.split() == [str(ds.dataset(demo / "qa").count_rows()), "True", "True"]


def test_building_again_asks_nothing_twice(demo: Path) -> None:
    before = ds.dataset(demo / "qa").to_table()
    again = corpusmill("build", "examples/pdfs", str(demo))
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("nothing to do") == 3
    assert ds.dataset(demo / "qa").to_table().equals(before)


def test_a_killed_run_shows_whole_batches_and_goes_on(tmp_path: Path) -> None:
    workspace, recipe = tmp_path / "workspace", tmp_path / "recipe.yaml"
    recipe.write_text("run:\n  batch_documents: 1\nextract:\n  page_dpi: 0\n")
    arguments = ["extract", "examples/pdfs", str(workspace), "--recipe", str(recipe), "--profile", "fast"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        deadline = time.monotonic() + PATIENCE
        while not list((workspace / "manifests").glob("*.json")) and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    committed = len(list((workspace / "manifests").glob("*.json")))
    assert 1 <= committed < 7
    done = corpusmill(*arguments)
    assert done.returncode == 0, done.stderr
    assert ds.dataset(workspace / "documents").count_rows() == 7
    pages = ds.dataset(workspace / "pages").to_table(columns=["doc_id", "page_index"]).to_pylist()
    assert len({(row["doc_id"], row["page_index"]) for row in pages}) == len(pages) == 71
