"""What we export is read by the libraries that it is meant for, and a metric or a training step comes out.

They live in an environment of their own, which `setup.sh` makes: in the folder that CORPUSMILL_READERS names, or in
the folder for temporary files.
"""

import ast
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PDFS = [str(ROOT / "examples" / "pdfs" / name) for name in ("multcomp-chfls1.pdf", "HSAUR3-missing-values.pdf")]
Answer = dict[str, Any]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]


@pytest.fixture(scope="session")
def python() -> Path:
    folder = Path(os.environ.get("CORPUSMILL_READERS") or Path(tempfile.gettempdir()) / "corpusmill-readers")
    subprocess.run([HERE / "setup.sh", folder], check=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "pdfs.txt").write_text("\n".join(PDFS))
    made = str(folder / "workspace")
    assert run(["extract", str(folder / "pdfs.txt"), made, "--profile", "fast"]) == 0
    assert run(["generate", made, "--engine", "none"]) == 0
    assert run(["mine", made]) == 0
    return made


@dataclass(frozen=True)
class Reader:
    """Exports a workspace in a format and runs a script on it."""

    python: Path
    workspace: str
    folders: pytest.TempPathFactory

    def __call__(self, format: str, script: str) -> Answer:
        target = self.folders.mktemp("exported") / format
        assert run(["export", self.workspace, str(target), "--format", format]) == 0
        cache = str(self.folders.mktemp("cache"))
        surroundings = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": cache, "HF_DATASETS_CACHE": cache}
        command = [self.python, HERE / script, target, format]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        found: Answer = json.loads(done.stdout.splitlines()[-1])
        return found


@pytest.fixture(scope="session")
def read(python: Path, workspace: str, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(python, workspace, tmp_path_factory)


def test_beir_measures_bm25(read: Reader) -> None:
    found = read("beir", "read_beir.py")
    assert found["queries"] > 2
    assert found["corpus"] > found["queries"]
    assert found["ndcg_at_10"] > 0.3


def test_mteb_runs_an_embedder_without_a_hub(read: Reader) -> None:
    assert read("mteb", "read_mteb_embedder.py")["ndcg_at_10"] > 0.3


def test_mteb_runs_bm25_and_sees_the_pages(read: Reader) -> None:
    found = read("mteb", "read_mteb.py")
    assert found["ndcg_at_10"] > 0.3
    assert found["pages"] > 10
    assert min(found["page_size"]) > 200
    assert found["page_queries"] > 2


def test_mteb_loads_it_as_vidore_v2(read: Reader) -> None:
    found = read("vidore-v2", "read_vidore.py")
    assert found["judged"] == found["queries"] > 2
    assert found["dangling"] == 0
    assert min(found["page_size"]) > 200


def test_sentence_transformers_learns(read: Reader) -> None:
    losses = read("sentence-transformers", "read_sentence_transformers.py")["losses"]
    assert set(losses) == {"triplets", "tuples", "scored"}
    for told in losses.values():
        assert told["rows"] > 0
        assert told["last"] < told["first"]


def test_colpali_engine_takes_a_step(read: Reader) -> None:
    found = read("colpali", "read_colpali.py")
    assert found["rows"] > 2
    assert found["corpus"] > 10
    assert found["moved"] > 0


def test_uniir_trains_on_m_beir(read: Reader) -> None:
    found = read("m-beir", "read_uniir.py")
    assert found["queries"] > 2
    assert found["corpus"] == found["hashed"] > found["pictures"] > 0
    assert found["dangling"] == found["other_tasks"] == 0
    assert found["loss"]["last"] < found["loss"]["first"]
    assert found["loss"]["pictures"] > 0


def test_mteb_runs_its_limit_task(read: Reader) -> None:
    found = read("limit", "read_limit.py")
    assert found["ndcg_at_10"] > 0.3
    assert 0 < found["recall_at_2"] <= 1
    assert found["patterns"]["random"]["queries"] > 5
    assert found["patterns"]["disjoint"]["corpus"] == 2 * found["patterns"]["disjoint"]["queries"]


@pytest.mark.parametrize("format", ["vidore-v3", "cmrag", "universalrag", "unidoc"])
def test_a_ranking_is_measured(read: Reader, format: str) -> None:
    found = read(format, "read_ranked.py")
    assert found["queries"] > 2
    assert found["recall_at_10"] > 0.3
    assert 0 < found["ndcg_at_10"] <= 1


@pytest.mark.parametrize("format", ["mmeb", "tevatron", "unime"])
def test_pairs_are_trained_on(read: Reader, format: str) -> None:
    found = read(format, "read_pairs.py")
    assert found["rows"] > 1
    assert found["loss"]["last"] < found["loss"]["first"]
    assert found["loss"]["pictures"] > 0


def test_mmlongbench_scoring_tells_right_from_wrong(workspace: str, tmp_path: Path) -> None:
    folder = tmp_path / "mmlongbench"
    assert run(["export", workspace, str(folder), "--format", "mmlongbench"]) == 0
    samples = json.loads((folder / "samples_test.json").read_text(encoding="utf-8"))
    assert len(samples) > 2
    for sample in samples:
        assert ast.literal_eval(sample["evidence_pages"])
        assert ast.literal_eval(sample["evidence_sources"])
        assert scored(sample["answer"], sample["answer"], sample["answer_format"]) == 1
        assert scored(sample["answer"], "Not answerable", sample["answer_format"]) < 0.5


def scored(answer: str, said: str, kind: str) -> float:
    """Score an answer by the benchmark's rules: numbers within 1 %, lists of one length, texts by their letters."""
    if kind == "Int":
        return float(str(int(answer)) == said)
    if kind == "Float":
        try:
            return float(isclose(float(answer), float(said), rel_tol=0.01))
        except ValueError:
            return 0.0
    if kind == "List":
        wanted = sorted(ast.literal_eval(answer))
        given = sorted(ast.literal_eval(said)) if said.startswith("[") else [said]
        pairs = zip(wanted, given, strict=False)
        return min(_alike(one, other) for one, other in pairs) if len(wanted) == len(given) else 0.0
    return _alike(answer, said)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower().strip(), other.lower().strip()).ratio()
