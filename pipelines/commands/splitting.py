"""The command that parts questions into splits, and proves that nothing crosses them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.options import AsJson, RecipeFile, Seed, WorkspacePath, recipe_from

if TYPE_CHECKING:
    from generators.splitting import Leak


def split(
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    seed: Seed = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Change nothing: show what the splits share; exit code 1 when anything.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Give every question its split, with near-duplicate documents on one side, and audit the result."""
    from pipelines.progress import default_reporter
    from pipelines.splitting import audit_workspace, split_questions

    if not audit:
        outcome = split_questions(workspace, recipe_from(recipe, seed=seed), reporter=default_reporter())
        Console(stderr=True, highlight=False).print(Text(outcome.message), soft_wrap=True)
    found = audit_workspace(workspace)
    if as_json:
        leaks = [asdict(leak) for leak in found.leaks]
        report = {"questions": dict(found.questions), "families": found.families, "leaks": leaks}
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        _show(found.questions, found.leaks)
    return int(bool(found.leaks))


def _show(questions: Mapping[str, int], leaks: "Sequence[Leak]") -> None:
    console = Console(stderr=True, highlight=False)
    held = Table("split", "questions", box=None)
    for name, number in questions.items():
        held.add_row(Text(name or "(none)"), str(number))
    console.print(held)
    if not leaks:
        console.print(Text("No family, document, piece of evidence or question stands in two splits."))
        return
    shared = Table("in two splits", "splits", "how many", "such as", box=None)
    for leak in leaks:
        sides = f"{leak.one or '(none)'}, {leak.other or '(none)'}"
        shared.add_row(Text(leak.kind), Text(sides), str(leak.count), Text(", ".join(leak.examples[:2])))
    console.print(shared)
