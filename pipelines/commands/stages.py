"""The commands that do the work: build, extract, generate, export."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from pipelines.commands.options import (
    AsJson,
    EngineName,
    ExtractorName,
    Pdfs,
    ProfileName,
    RecipeFile,
    Seed,
    WorkspacePath,
    beam_arguments,
    recipe_from,
)

Format = Annotated[
    str, typer.Option("--format", help="The format to write: huggingface, beir, mteb, … (runbooks/formats.md).")
]
Splits = Annotated[list[str] | None, typer.Option("--split", help="Only the questions of this split; may be repeated.")]
SealTo = Annotated[
    list[str] | None,
    typer.Option("--seal-to", metavar="KEY", help="Encrypt every file for this age recipient; may be repeated."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what stands at DEST.")]
RetryFailed = Annotated[
    bool,
    typer.Option("--retry-failed", help="Read the files again whose row in errors says that they are retryable."),
]
Unvalidated = Annotated[
    bool,
    typer.Option("--unvalidated", help="Write it though the recipe's validation has not passed, and mark it so."),
]


def build(
    context: typer.Context,
    pdfs: Pdfs,
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    engine: EngineName = None,
    profile: ProfileName = None,
    extractor: ExtractorName = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> int:
    """Go the whole way: extract the PDFs, write and check questions, export the dataset to WORKSPACE/dataset."""
    from pipelines.building import run_build
    from pipelines.progress import default_reporter

    settings = recipe_from(recipe, engine=engine, profile=profile, extractor=extractor, seed=seed)
    outcome = run_build([pdfs], workspace, settings, beam_args=beam_arguments(context), reporter=default_reporter())
    return _finish(workspace, outcome.exit_code, outcome.messages, seconds=outcome.seconds, as_json=as_json)


def extract(
    context: typer.Context,
    pdfs: Pdfs,
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    profile: ProfileName = None,
    extractor: ExtractorName = None,
    retry_failed: RetryFailed = False,
    seed: Seed = None,
    as_json: AsJson = False,
) -> int:
    """Read PDFs into the workspace: pages, elements, links, passages and pictures."""
    from pipelines.extracting import run_extract
    from pipelines.progress import default_reporter

    settings = recipe_from(recipe, profile=profile, extractor=extractor, seed=seed)
    outcome = run_extract(
        [pdfs],
        workspace,
        settings,
        beam_args=beam_arguments(context),
        reporter=default_reporter(),
        retry_failed=retry_failed,
    )
    return _finish(workspace, outcome.exit_code, [outcome.message], seconds=outcome.seconds, as_json=as_json)


def generate(
    context: typer.Context,
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    engine: EngineName = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> int:
    """Write questions about what was extracted, check them, and keep those that hold."""
    from pipelines.generating import run_generate
    from pipelines.progress import default_reporter

    settings = recipe_from(recipe, engine=engine, seed=seed)
    outcome = run_generate(workspace, settings, beam_args=beam_arguments(context), reporter=default_reporter())
    return _finish(workspace, outcome.exit_code, [outcome.message], seconds=outcome.seconds, as_json=as_json)


def export(
    context: typer.Context,
    workspace: WorkspacePath,
    destination: Annotated[str, typer.Argument(metavar="DEST", help="The folder to write the dataset to.")],
    *,
    format: Format = "huggingface",
    recipe: RecipeFile = None,
    splits: Splits = None,
    seal_to: SealTo = None,
    overwrite: Overwrite = False,
    unvalidated: Unvalidated = False,
    as_json: AsJson = False,
) -> int:
    """Write the dataset: questions, corpus and page pictures, with a card and checksums."""
    from pipelines.exporting import Choice, export_dataset
    from pipelines.progress import default_reporter

    outcome = export_dataset(
        workspace,
        destination,
        recipe_from(recipe),
        format=format,
        overwrite=overwrite,
        choice=Choice(tuple(splits or ()), tuple(seal_to or ())),
        unvalidated=unvalidated,
        beam_args=beam_arguments(context),
        reporter=default_reporter(),
    )
    if as_json:
        typer.echo(json.dumps({"destination": destination, "rows": outcome.counts, "seconds": outcome.seconds}))
    else:
        _tell([outcome.message])
    return outcome.exit_code


def _finish(workspace: str, exit_code: int, messages: Sequence[str], *, seconds: float, as_json: bool) -> int:
    from pipelines.summary import show_summary, summarize

    _tell(messages)
    summary = summarize(workspace)
    if as_json:
        typer.echo(json.dumps({"exit_code": exit_code, "seconds": round(seconds, 1), **summary}))
    else:
        show_summary(summary, workspace, seconds=seconds)
    return exit_code


def _tell(messages: Sequence[str]) -> None:
    console = Console(stderr=True, highlight=False)
    for message in messages:
        console.print(Text(message), soft_wrap=True)
