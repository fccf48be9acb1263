"""The command line: `corpusmill VERB …`, one verb a stage.

People read stderr; stdout is for what a program asked for (`--json`, `recipe`, `runs`). What follows `--` goes to Beam
as it stands. Exit codes: 0 done, 1 done with errors recorded (or a check failed), 2 bad usage or recipe, 3 failed.

Heavy libraries are imported inside the commands, so that `--help` answers at once.
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version as package_version
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from pipelines.commands import annotating, auditing, looking, mining, remapping, splitting, stages
from pipelines.commands.options import BeamArguments
from schemas.errors import CorpusMillError, RecipeError, UsageError

DONE: Final = 0
BAD_USAGE: Final = 2
FAILED: Final = 3

app = typer.Typer(
    name="corpusmill",
    help="Turn collections of PDFs into multimodal question-answering corpora whose every answer is proven by code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="What follows -- goes to Beam untouched: corpusmill extract PDFS WORKSPACE -- --runner=DataflowRunner …",
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"corpusmill {package_version('corpusmill')}")
        raise typer.Exit


@app.callback()
def _corpusmill(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    pass


app.command("build")(stages.build)
app.command("extract")(stages.extract)
app.command("generate")(stages.generate)
app.command("check")(auditing.check)
app.command("remap")(remapping.remap)
app.command("mine")(mining.mine)
app.command("split")(splitting.split)
app.add_typer(annotating.annotate)
app.command("export")(stages.export)
app.command("plan")(looking.plan)
app.command("doctor")(looking.doctor)
app.command("recipe")(looking.recipe)
app.command("runs")(looking.runs)
app.command("stats")(looking.stats)
app.command("draw")(looking.draw)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    Every error of ours becomes one message on stderr; anything else is a bug and shows where it happened.
    """
    own, beam_args = _split(arguments)
    # Libraries remark on what they could not import; what concerns the user we say ourselves.
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    try:
        result = app(args=own, obj=BeamArguments(beam_args), prog_name="corpusmill", standalone_mode=False)
    except typer.TyperException as error:
        return _say(f"{error.format_message()} (corpusmill --help tells more)", BAD_USAGE)
    except (UsageError, RecipeError) as error:
        return _say(str(error), BAD_USAGE)
    except CorpusMillError as error:
        return _say(str(error), FAILED)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped; what was committed stays, and the same command goes on from there", FAILED)
    except Exception:  # noqa: BLE001 - the one place that tells a bug to a person; it is shown whole
        traceback.print_exc()
        return _say(
            "this is a bug in corpusmill; please report it with the lines above. Committed work is safe", FAILED
        )
    return int(result or DONE)


def _split(arguments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Part the command line at the first `--`.

    >>> _split(["extract", "a", "b", "--", "--runner=X"])
    (['extract', 'a', 'b'], ('--runner=X',))
    """
    if "--" not in arguments:
        return arguments, ()
    place = arguments.index("--")
    return arguments[:place], tuple(arguments[place + 1 :])


def _say(message: str, code: int) -> int:
    Console(stderr=True, highlight=False).print(Text(f"corpusmill: {message}"), soft_wrap=True)
    return code
