"""Write docs/cli.md, docs/checks.md and docs/recipe.yaml anew, from the code: `python docs/regenerate.py`.

A test compares the files with what this gives, so they cannot go stale.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from annotation.adjudication import Doubt
from annotation.merging import MergeReason
from generators.checks.reasons import CheckReason
from pipelines.cli import app
from schemas.recipe_file import default_recipe_text

DOCS = Path(__file__).parent
_HEAD = """# The command line

What each command takes, as `corpusmill COMMAND --help` prints it. Written by `python docs/regenerate.py`.

People read stderr; with `--json` a program reads stdout. What follows `--` goes to Beam untouched. Exit codes: 0 done,
1 done with errors recorded (or a check failed), 2 bad usage or recipe, 3 failed.
"""


_CHECKS = """# Why a question is rejected

The reason codes of the checks, in `rejects` and in `corpusmill check --json`. Written by `python docs/regenerate.py`.

| reason_code | what was found |
|---|---|
"""


_JUDGED = """
## After people judged it

The reason codes of `corpusmill annotate merge`, in `rejects`. The question itself is kept whole in `originals`.

| reason_code | what it means |
|---|---|
"""
_DOUBTS = """
## Why an expert must look first

The reasons of `corpusmill annotate adjudicate --dry-run`. Until an expert has judged such a question it is not merged.

| reason | what it means |
|---|---|
"""


def check_reference() -> str:
    """Return docs/checks.md: every reason code with its line."""
    return "".join([_CHECKS, *_rows(CheckReason), _JUDGED, *_rows(MergeReason), _DOUBTS, *_rows(Doubt)])


def _rows(reasons: Iterable[CheckReason | MergeReason | Doubt]) -> Iterator[str]:
    for reason in reasons:
        text = reason.description[:1].upper() + reason.description[1:].rstrip(".")
        yield f"| `{reason.value}` | {text}. |\n"


def command_reference() -> str:
    """Return docs/cli.md: the help of every command that is not hidden."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    commands: Any = get_command(app)
    above = commands.make_context("corpusmill", ["recipe"], resilient_parsing=True)
    yield from _commands(commands, above, "corpusmill")


def _commands(group: Any, above: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        context = type(above)(command, info_name=name, parent=above, max_content_width=100, terminal_width=100)
        if command.hidden:
            continue
        yield f"## {path} {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
        if hasattr(command, "commands"):
            yield from _commands(command, context, f"{path} {name}")


if __name__ == "__main__":
    (DOCS / "cli.md").write_text(command_reference(), encoding="utf-8")
    (DOCS / "checks.md").write_text(check_reference(), encoding="utf-8")
    (DOCS / "recipe.yaml").write_text(default_recipe_text(), encoding="utf-8")
