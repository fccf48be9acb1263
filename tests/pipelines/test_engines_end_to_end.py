"""The command line against a real HTTP server: what arrives is kept, what fails is a row, nothing is paid twice."""

import base64
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.extracting import run_extract
from pipelines.workspace import open_workspace
from schemas.recipe import Recipe
from tests.generators.openai_server import Reply, answer, serving

ROOT = Path(__file__).parents[2]
PDFS = ("tests/data/jose-00265.pdf", "examples/pdfs/jose-00206.pdf", "examples/pdfs/multcomp-chfls1.pdf")
REQUESTS = 12
RECIPE = """
generate: {max_requests: 12, trials: [], rewrites: [], concurrency: 1, timeout_seconds: 20, pause_seconds: 2}
run: {workers: 1}
"""


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("engines") / "workspace"
    recipe = Recipe.model_validate({"extract": {"profile": "fast", "page_dpi": 0}, "run": {"workers": 1}})
    run_extract([str(ROOT / pdf) for pdf in PDFS], str(workspace), recipe)
    return workspace


@pytest.fixture
def workspace(extracted: Path, tmp_path: Path) -> Path:
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    return shutil.copytree(extracted, tmp_path / "workspace")


def generate(workspace: Path, engine: str) -> tuple[int, dict[str, Any], str]:
    """Run the command as a user does; return its exit code, its JSON and what it said."""
    recipe = workspace.parent / "recipe.yaml"
    program = "import sys; from pipelines.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, "generate", str(workspace)]
    command += ["--recipe", str(recipe), "--engine", engine, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def rows(workspace: Path, table: str) -> list[Any]:
    return open_workspace(str(workspace)).records(table)


def engines_of(workspace: Path) -> list[str]:
    return sorted({row.provenance.engine for row in rows(workspace, "qa")})


def quoting(body: dict[str, Any], number: int) -> Reply:
    """Answer with a question about the first source, proven by its first words; with a caption for a picture."""
    content = body["messages"][-1]["content"]
    text = content if isinstance(content, str) else content[-1]["text"]
    source = text.partition("[1]")[2].partition("\n")[2].strip()
    quote = " ".join(source.split()[:14])
    draft = {
        "question": f"Which topic number {number} do the authors of the survey of regression describe?",
        "answer": " ".join(quote.split()[2:9]),
        "quotes": [{"source": 1, "text": quote}],
    }
    return answer(json.dumps(draft))


def chatty(body: dict[str, Any], number: int) -> Reply:
    return answer(("Sure!", '{"question": "What is', "", "{}", "[[[[")[number % 5])


def html(body: dict[str, Any], number: int) -> Reply:
    return Reply(200, body="<html>It works!</html>")


def dying_after(count: int) -> Callable[[dict[str, Any], int], Reply]:
    """Return a script that hangs up on everything after `count` answers, as a killed server does."""

    def script(body: dict[str, Any], number: int) -> Reply:
        return quoting(body, number) if number < count else Reply(drop=True)

    return script


@pytest.mark.integration
def test_a_server_that_dies_costs_what_was_in_flight_and_a_rerun_asks_the_rest(workspace: Path, tmp_path: Path) -> None:
    with serving(dying_after(5)) as (url, log):
        code, _, _ = generate(workspace, url)
        assert code == 1
        failures = rows(workspace, "errors")
        assert {(row.reason_code, row.retryable) for row in failures} == {("engine_unreachable", True)}
        assert len(failures) == REQUESTS - 5
    tables = [row for row in rows(workspace, "qa") if row.provenance.engine != "http"]
    assert tables
    asked_before = [json.dumps(body, sort_keys=True) for body in log.bodies[:5]]
    with serving(quoting) as (url, log):
        code, _, _ = generate(workspace, url)
        asked = [json.dumps(body, sort_keys=True) for body in log.bodies]
        assert code == 0
        assert len(asked) == REQUESTS - 5
        assert not set(asked) & set(asked_before)
        again, _, said = generate(workspace, url)
        assert (again, len(log.bodies)) == (0, REQUESTS - 5)
        assert "nothing to do" in said
    questions, rejects = rows(workspace, "qa"), rows(workspace, "rejects")
    code, _, _ = generate(workspace, f"replay:{shutil.copytree(workspace / 'responses', tmp_path / 'recorded')}")
    assert code == 0
    assert [row.qa_id for row in rows(workspace, "qa")] == [row.qa_id for row in questions]
    assert [row.reason_code for row in rows(workspace, "rejects")] == [row.reason_code for row in rejects]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("script", "code", "table", "reasons"),
    [
        (chatty, 0, "rejects", {"unparsable_draft", "empty_draft"}),
        (html, 1, "errors", {"engine_bad_answer"}),
        (lambda body, number: Reply(400, body="tiny is not a multimodal model"), 1, "errors", {"engine_refused"}),
        (lambda body, number: Reply(400, body="maximum context length is 9"), 1, "errors", {"context_too_long"}),
    ],
    ids=["nonsense", "no chat", "refusal", "too long"],
)
def test_nonsense_is_counted_and_costs_no_table_question(
    workspace: Path, script: Callable[[dict[str, Any], int], Reply], code: int, table: str, reasons: set[str]
) -> None:
    shutil.rmtree(workspace / "responses", ignore_errors=True)
    (workspace.parent / "recipe.yaml").write_text(RECIPE.replace("max_requests: 12", "max_requests: 5"))
    with serving(script) as (url, _):
        done, summary, said = generate(workspace, url)
    assert done == code, said
    assert summary["questions"]
    found = {row.reason_code for row in rows(workspace, table)}
    assert reasons <= found
    assert "http" not in engines_of(workspace)


@pytest.mark.integration
def test_nobody_at_the_url_is_one_row_and_one_clear_message(workspace: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    code, summary, said = generate(workspace, url)
    assert (code, len(rows(workspace, "errors"))) == (1, 1)
    assert "could not be reached" in said
    assert "Traceback" not in said
    assert summary["questions"]


@pytest.mark.integration
def test_a_figure_goes_with_its_picture_and_its_caption(workspace: Path) -> None:
    with serving(quoting) as (url, log):
        generate(workspace, url)
    pictures = [body for body in log.bodies if isinstance(body["messages"][-1]["content"], list)]
    assert pictures
    for body in pictures:
        *images, text = body["messages"][-1]["content"]
        assert [image["type"] for image in images] == ["image_url"]
        head, _, data = images[0]["image_url"]["url"].partition(",")
        assert head in {"data:image/png;base64", "data:image/jpeg;base64"}
        assert base64.b64decode(data, validate=True)[:4] in {b"\x89PNG", b"\xff\xd8\xff\xe0"}
        assert "(the picture)" in text["text"]
        assert body["response_format"]["json_schema"]["schema"]["required"][:2] == ["question", "answer"]
