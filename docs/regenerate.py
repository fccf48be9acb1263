"""Write docs/cli.md, docs/checks.md and docs/recipe.yaml anew, from the code: `python docs/regenerate.py`.

A test compares the files with what this gives, so they cannot go stale.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

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


def check_reference() -> str:
    """Return docs/checks.md: every reason code with its line."""
    return _CHECKS + "".join(f"| `{reason.value}` | {reason.description} |\n" for reason in CheckReason)


def command_reference() -> str:
    """Return docs/cli.md: the help of every command that is not hidden."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    commands: Any = get_command(app)
    above = commands.make_context("corpusmill", ["recipe"], resilient_parsing=True)
    for name, command in commands.commands.items():
        if not command.hidden:
            context = type(above)(command, info_name=name, parent=above, max_content_width=100, terminal_width=100)
            yield f"## corpusmill {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    (DOCS / "cli.md").write_text(command_reference(), encoding="utf-8")
    (DOCS / "checks.md").write_text(check_reference(), encoding="utf-8")
    (DOCS / "recipe.yaml").write_text(default_recipe_text(), encoding="utf-8")
