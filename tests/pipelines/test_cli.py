import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipelines.cli import app, run
from schemas.recipe import Recipe
from schemas.recipe_file import default_recipe_text, parse_recipe

ROOT = Path(__file__).parents[2]
HEAVY = ("apache_beam", "datasets", "pymupdf", "pyarrow", "unstructured", "numpy", "httpx")


def _commands() -> dict[str, Any]:
    return dict(_below(get_command(app), ""))


def _below(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield f"{path}{name}", command
        if hasattr(command, "commands"):
            yield from _below(command, f"{path}{name} ")


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom pipelines.cli import run\nassert run(['--help']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in _commands() if " " not in name)


@pytest.mark.parametrize("name", sorted(_commands()))
def test_every_command_and_option_is_explained(name: str) -> None:
    command = _commands()[name]
    assert command.help
    assert [option.name for option in command.params if not option.help] == []


def test_the_reference_is_what_the_commands_say() -> None:
    spec = importlib.util.spec_from_file_location("regenerate", ROOT / "docs" / "regenerate.py")
    assert spec is not None
    assert spec.loader is not None
    regenerate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(regenerate)
    advice = "run: python docs/regenerate.py"
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == regenerate.command_reference(), advice
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == regenerate.check_reference(), advice
    assert (ROOT / "docs" / "recipe.yaml").read_text(encoding="utf-8") == default_recipe_text(), advice


def test_recipe_prints_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe"]) == 0
    assert parse_recipe(capsys.readouterr().out) == Recipe()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["extarct", "a", "b"], 2, "No such command"),
        (["extract", "a"], 2, "WORKSPACE"),
        (["extract", "a", "b", "c"], 2, "unexpected"),
        (["extract", "nowhere", "{tmp}/w"], 2, "nowhere"),
        (["extract", "nowhere", "{tmp}/w", "--seed", "-1"], 2, "--seed is -1, expected a whole number"),
        (["extract", "nowhere", "{tmp}/w", "--recipe", "{tmp}/none.yaml"], 2, "no such recipe file"),
        (["extract", "nowhere", "{tmp}/w", "--profile", "slow"], 2, "slow"),
        (["export", "{tmp}/none", "{tmp}/d"], 2, "no workspace here"),
        (["export", "{tmp}/none", "{tmp}/d", "--format", "x"], 2, "no such format"),
        (["runs", "{tmp}/none"], 2, "no workspace here"),
        (["annotate", "smaple", "{tmp}/none"], 2, "No such command"),
        (["annotate", "sample", "{tmp}/none"], 2, "no workspace here"),
        (["annotate", "sample", "{tmp}/none", "--margin", "0.1", "--share", "0.2"], 2, "give one of them"),
        (["annotate", "push", "{tmp}/none"], 2, "annotate.url"),
        (["annotate", "push", "{tmp}/none", "--url", "nowhere"], 2, "nowhere"),
        (["annotate", "pull", "{tmp}/none"], 2, "no workspace here"),
        (["annotate", "report", "{tmp}/none"], 2, "no workspace here"),
        (["annotate", "adjudicate", "{tmp}/none", "--dry-run"], 2, "no workspace here"),
        (["annotate", "merge", "{tmp}/none"], 2, "no workspace here"),
    ],
)
def test_bad_usage_is_one_message_without_a_traceback(
    arguments: list[str], code: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == code
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_doctor_answers_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) in {0, 1}
    found = json.loads(capsys.readouterr().out)
    assert {"apache-beam", "pymupdf"} <= {row["name"].lower() for row in found}
