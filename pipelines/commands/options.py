"""The options that several commands share, and the recipe that they and a file make together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from schemas.recipe import Profile, Recipe
from schemas.recipe_file import override, read_recipe

Pdfs = Annotated[
    str, typer.Argument(metavar="PDFS", help="A folder, a file, a glob pattern, or a list file with one path a line.")
]
WorkspacePath = Annotated[str, typer.Argument(metavar="WORKSPACE", help="The folder that holds the tables.")]
RecipeFile = Annotated[
    Path | None, typer.Option("--recipe", metavar="FILE", help="A recipe in YAML; `corpusmill recipe` prints one.")
]
EngineName = Annotated[
    str | None,
    typer.Option("--engine", help="local, none, replay:DIR, or the URL of a server (http://host:port/v1)."),
]
ProfileName = Annotated[
    Profile | None, typer.Option("--profile", help="best runs a layout network where it pays; fast never does.")
]
ExtractorName = Annotated[
    str | None,
    typer.Option("--extractor", metavar="NAME", help="Which extractor reads the PDFs: pymupdf, unstructured, others."),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Seeds every random choice.")]
ServerUrl = Annotated[
    str | None,
    typer.Option("--url", help="Address of the Label Studio server; the environment holds its token."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]

_FLAGS = {
    "generate.engine": "--engine",
    "extract.profile": "--profile",
    "extract.extractor": "--extractor",
    "annotate.url": "--url",
    "seed": "--seed",
}


@dataclass(frozen=True, slots=True)
class BeamArguments:
    """What stood after `--`."""

    values: tuple[str, ...] = ()


def recipe_from(
    path: Path | None,
    *,
    engine: str | None = None,
    profile: Profile | None = None,
    extractor: str | None = None,
    url: str | None = None,
    seed: int | None = None,
) -> Recipe:
    """Return the recipe of a file (or the default) with what flags override.

    Raises:
        RecipeError: the file or a flag does not validate.
    """
    recipe = read_recipe(path) if path else Recipe()
    changes = {
        "generate.engine": engine,
        "extract.profile": profile.value if profile else None,
        "extract.extractor": extractor,
        "annotate.url": url,
        "seed": seed,
    }
    return override(recipe, changes, flags=_FLAGS)


def beam_arguments(context: typer.Context) -> tuple[str, ...]:
    """Return what stood after `--` on the command line."""
    found = context.find_object(BeamArguments)
    return found.values if found else ()
