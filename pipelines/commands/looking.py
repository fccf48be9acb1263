"""The commands that change nothing: plan, doctor, recipe, runs, stats, draw."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.options import AsJson, EngineName, Pdfs, ProfileName, RecipeFile, WorkspacePath, recipe_from
from schemas.errors import UsageError


def plan(
    pdfs: Pdfs,
    *,
    recipe: RecipeFile = None,
    engine: EngineName = None,
    profile: ProfileName = None,
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many pages to read for the estimate.")] = 40,
    as_json: AsJson = False,
) -> int:
    """Say what a build would give and cost, from a sample; no engine is asked."""
    from pipelines.planning import plan_build, show_plan
    from schemas.arrow import to_plain

    found = plan_build([pdfs], recipe_from(recipe, engine=engine, profile=profile), sample_pages=sample)
    if as_json:
        typer.echo(json.dumps(to_plain(found)))
    else:
        show_plan(found)
    return 0


def doctor(
    *,
    engine: EngineName = None,
    url: Annotated[str | None, typer.Option("--url", help="Also look at this Label Studio server.")] = None,
    as_json: AsJson = False,
) -> int:
    """Say what is installed, what is missing for which feature, and what to do."""
    from pipelines.doctor import examine, show_findings
    from schemas.arrow import to_plain

    findings = examine(engine=engine, label_studio=url)
    if as_json:
        typer.echo(json.dumps([to_plain(finding) for finding in findings]))
    else:
        show_findings(findings)
    return int(any(finding.is_broken for finding in findings))


def recipe() -> int:
    """Print the default recipe with a comment on every setting."""
    from schemas.recipe_file import default_recipe_text

    typer.echo(default_recipe_text(), nl=False)
    return 0


def runs(workspace: WorkspacePath, *, as_json: AsJson = False) -> int:
    """List the committed runs of a workspace."""
    from pipelines.workspace import open_workspace

    manifests = open_workspace(workspace).manifests()
    if as_json:
        typer.echo(json.dumps([manifest.model_dump(mode="json") for manifest in manifests]))
        return 0
    table = Table("commit", "stage", "when", "seconds", "rows", box=None)
    for item in manifests:
        rows = ", ".join(f"{number} {name}" for name, number in sorted(item.counts.items()))
        table.add_row(item.commit_id, item.stage.value, f"{item.created:%Y-%m-%d %H:%M}", f"{item.seconds:.1f}", rows)
    Console(highlight=False).print(table)
    return 0


def stats(workspace: WorkspacePath, *, recipe: RecipeFile = None, as_json: AsJson = False) -> int:
    """Show what the corpus is like: cells, evidence, hops, overlap, lengths, sources, negatives, measured quality."""
    from dataclasses import asdict

    from pipelines.stats import gather_stats
    from pipelines.stats_tables import show_stats

    found = gather_stats(workspace, recipe_from(recipe))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        show_stats(found)
    return 0


def draw(
    workspace: WorkspacePath,
    *,
    document: Annotated[str, typer.Option("--document", help="A document id, or the beginning of one.")],
    page: Annotated[int, typer.Option("--page", min=1, help="The page, counted from 1.")],
    out: Annotated[Path, typer.Option("--out", help="The PNG file to write.")],
) -> int:
    """Draw a page with the boxes, labels and links that were found on it."""
    from pipelines.drawing import draw_page

    picture = draw_page(workspace, document, page - 1)
    try:
        picture.save(out, format="PNG")
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from error
    Console(stderr=True, highlight=False).print(Text(f"{out}: {picture.width} x {picture.height} pixels"))
    return 0
