"""What the documents tell people to type is what the program takes."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from pipelines.cli import app
from schemas.errors import ReasonCode

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "runbooks").glob("*.md"))]
_COMMAND = re.compile(r"uv run corpusmill ([a-z][^`\n|]*)")
LINES = [(page.name, line.strip()) for page in PAGES for line in _COMMAND.findall(page.read_text())]


def test_there_are_commands_to_check() -> None:
    assert len(LINES) > 10


@pytest.mark.parametrize(("page", "line"), LINES)
def test_every_command_in_the_documents_is_understood(page: str, line: str) -> None:
    words = shlex.split(line.partition(" -- ")[0].rstrip("),.;:"))
    command = typer.main.get_command(app).commands[words[0]]
    if hasattr(command, "commands"):
        words = words[1:]
        command = command.commands[words[0]]
    command.make_context(words[0], words[1:])


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_recovery_page_knows_every_reason_that_a_run_can_record() -> None:
    page = (ROOT / "runbooks" / "recovery.md").read_text()
    assert [code.value for code in ReasonCode if f"`{code.value}`" not in page] == []
