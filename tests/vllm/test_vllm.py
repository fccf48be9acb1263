"""Real vLLM, over HTTP and in the process: text, pictures, schemas, seeds, and errors as values.

CORPUSMILL_VLLM names the folder that tests/vllm/setup.sh has filled.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.generators.openai_server import free_port

ROOT = Path(__file__).parents[2]
FOLDER = "CORPUSMILL_VLLM"
NO_SKIP = "CORPUSMILL_NO_SKIP"
START_SECONDS = 600
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": "1",
    "PYTHONPATH": str(ROOT),
}

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def folder() -> Path:
    path = Path(os.environ.get(FOLDER, "")).resolve()
    if not (path / "vision" / "config.json").is_file():
        if NO_SKIP in os.environ:
            pytest.fail(f"{FOLDER} has to name a folder that tests/vllm/setup.sh has filled")
        pytest.skip(f"{FOLDER} names no folder that tests/vllm/setup.sh has filled")
    return path


@contextmanager
def vllm_server(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [str(folder / "venv/bin/python"), "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(folder / "vision"), "--served-model-name", "tiny", "--load-format", "dummy"]
    command += ["--dtype", "float32", "--max-model-len", "1024", "--max-num-seqs", "8", "--enforce-eager"]
    command += ["--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}']
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | QUIET, stdout=log, stderr=log)
        try:
            _await(f"http://127.0.0.1:{port}/v1/models", server)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(60)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended; see server.log"
        try:
            if httpx.get(url).is_success:
                return
        except httpx.HTTPError:
            time.sleep(1)
    pytest.fail("the server did not start")


def report_of(folder: Path, spec: str, **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(folder / "venv/bin/python"), str(ROOT / "tests/vllm/asking.py"), spec],
        env=os.environ | QUIET | environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    [line] = [line for line in done.stdout.splitlines() if line.startswith("REPORT ")] or [done.stderr[-3000:]]
    report: dict[str, Any] = json.loads(line.removeprefix("REPORT "))
    return report


def holds(report: dict[str, Any]) -> None:
    """Assert what holds of either way."""
    results = report["results"]
    assert results["text"]["completion_tokens"] == 16
    assert results["text"]["text"]
    for kind in ("schema", "picture and schema"):
        answer = json.loads(results[kind]["text"])
        assert sorted(answer) == ["answer", "question"]
        assert results[kind]["finish_reason"] == "stop"
    # The same words; the picture alone makes the prompt longer.
    assert results["picture and schema"]["prompt_tokens"] > results["schema"]["prompt_tokens"]
    assert results["seeded"]["text"] == results["seeded again"]["text"]
    assert len(results["weighed"]["weights"]) == 2
    assert results["weighed"]["completion_tokens"] == 1
    assert results["too long"]["reason_code"] == "context_too_long"
    assert results["bad schema"]["reason_code"] == "engine_refused"
    assert (results["hurried"]["reason_code"], results["hurried"]["retryable"]) == ("engine_timeout", True)
    assert sum(count > 0 for count in report["crowd"]) == 60


def test_a_server_answers_text_pictures_and_schemas(folder: Path) -> None:
    with vllm_server(folder) as url:
        report = report_of(folder, url)
    assert report["engine"] == {"name": "http", "model": "tiny", "capacity": 8, "pictures": True}
    holds(report)


def test_vllm_in_this_process_answers_the_same(folder: Path) -> None:
    settings = "dtype=float32&max_model_len=1024&max_num_seqs=8&enforce_eager=true&load_format=dummy"
    report = report_of(folder, f"vllm:{folder / 'vision'}?{settings}", VLLM_ENABLE_V1_MULTIPROCESSING="0")
    model = str(folder / "vision")
    assert report["engine"] == {"name": "vllm", "model": model, "capacity": 8, "pictures": True}
    holds(report)


def test_the_generate_stage_runs_with_vllm_in_its_process(folder: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "generate: {max_requests: 6, timeout_seconds: 300, max_tokens: 64, trials: [], rewrites: []}\n"
        "extract: {profile: fast, page_dpi: 0}\nrun: {workers: 1}\n"
    )
    settings = "dtype=float32&max_model_len=2048&max_num_seqs=8&enforce_eager=true&load_format=dummy"
    program = "import sys; from pipelines.cli import main; main(sys.argv[1:])"
    command = [str(folder / "venv/bin/python"), "-c", program]
    common = [str(tmp_path / "workspace"), "--recipe", str(recipe)]
    for arguments in (
        ["extract", str(ROOT / "examples/pdfs/jose-00206.pdf"), *common],
        ["generate", *common, "--engine", f"vllm:{folder / 'vision'}?{settings}"],
    ):
        environment = os.environ | QUIET | {"VLLM_ENABLE_V1_MULTIPROCESSING": "0"}
        done = subprocess.run(
            [*command, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
    stored = list((tmp_path / "workspace" / "responses").glob("*.jsonl"))
    assert sum(len(path.read_text().splitlines()) for path in stored) == 6
