"""The commands that bring people in: sample, push, pull, report, adjudicate, merge."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from pipelines.commands.options import AsJson, RecipeFile, Seed, ServerUrl, WorkspacePath, recipe_from

if TYPE_CHECKING:
    from pipelines.adjudicating import OpenCase
    from pipelines.merging import MergeReport
    from pipelines.outcomes import RunOutcome

_SHOWN = 20

annotate = typer.Typer(
    name="annotate",
    help="Let people judge a sample in Label Studio, and merge what they say.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def sample(
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    margin: Annotated[
        float | None,
        typer.Option("--margin", help="How closely the error rate is to be known: 0.02 draws as many as ±2 % takes."),
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", help="Share of every stratum to draw, instead of the recipe's.")
    ] = None,
    seed: Seed = None,
    anew: Annotated[bool, typer.Option("--anew", help="Forget the sample that stands; judgements are kept.")] = False,
    as_json: AsJson = False,
) -> int:
    """Draw the questions that people judge, or let the sample that stands grow."""
    from pipelines.sampling import describe_sample, run_sample
    from schemas.arrow import to_plain

    report = run_sample(workspace, recipe_from(recipe, seed=seed), margin=margin, share=share, anew=anew)
    if as_json:
        typer.echo(json.dumps(to_plain(report)))
    else:
        _tell(describe_sample(report, workspace))
    return 0


def push(workspace: WorkspacePath, *, recipe: RecipeFile = None, url: ServerUrl = None, as_json: AsJson = False) -> int:
    """Put the sample onto a Label Studio server; what is there already is left alone."""
    from pipelines.progress import default_reporter
    from pipelines.pushing import push_tasks
    from schemas.kinds import JudgeRole

    settings = recipe_from(recipe, url=url)
    outcome = push_tasks(workspace, settings, role=JudgeRole.ANNOTATOR, reporter=default_reporter())
    return _finish(outcome, as_json=as_json)


def pull(workspace: WorkspacePath, *, recipe: RecipeFile = None, as_json: AsJson = False) -> int:
    """Bring the judgements of annotators and experts back; none is lost and none counts twice."""
    from pipelines.progress import default_reporter
    from pipelines.pulling import pull_judgements

    return _finish(pull_judgements(workspace, recipe_from(recipe), reporter=default_reporter()), as_json=as_json)


def report(
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="PATH", help="Write a page with charts: a folder, or an .html file.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say how far people agree, what share of the corpus is wrong, and which checks foresaw it."""
    from pipelines.progress import default_reporter
    from pipelines.reporting import report_judgements, show_report

    found = report_judgements(workspace, recipe_from(recipe), out=out, reporter=default_reporter())
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, allow_nan=False))
    else:
        show_report(found, _console())
    return 0


def adjudicate(
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    url: ServerUrl = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what an expert must look at; no server is asked.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Put what annotators differ on, and what is doubtful, before an expert, with their verdicts side by side."""
    from pipelines.adjudicating import open_cases, run_adjudicate
    from pipelines.progress import default_reporter
    from schemas.arrow import to_plain

    if not dry_run:
        settings = recipe_from(recipe, url=url)
        return _finish(run_adjudicate(workspace, settings, reporter=default_reporter()), as_json=as_json)
    cases = open_cases(workspace)
    if as_json:
        typer.echo(json.dumps([to_plain(case) for case in cases], ensure_ascii=False))
    else:
        _show_cases(cases)
    return 0


def merge(
    workspace: WorkspacePath,
    *,
    recipe: RecipeFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change; nothing is written.")] = False,
    as_json: AsJson = False,
) -> int:
    """Merge what people judged into the questions; exit code 1 when a correction could not be taken."""
    from pipelines.merging import describe_merge, run_merge
    from schemas.arrow import to_plain

    found = run_merge(workspace, recipe_from(recipe), dry_run=dry_run)
    if as_json:
        plan = to_plain(found.plan)
        told = {name: rows for name, rows in plan.items() if name not in ("questions", "originals")}
        typer.echo(json.dumps({"changed": found.changed, "dry_run": dry_run, **told}, ensure_ascii=False))
    else:
        _show_merge(found, describe_merge(found))
    return found.exit_code


for _name, _command in (
    ("sample", sample),
    ("push", push),
    ("pull", pull),
    ("report", report),
    ("adjudicate", adjudicate),
    ("merge", merge),
):
    annotate.command(_name)(_command)


def _finish(outcome: "RunOutcome", *, as_json: bool) -> int:
    if as_json:
        told = {"exit_code": outcome.exit_code, "message": outcome.message, "seconds": round(outcome.seconds, 1)}
        typer.echo(json.dumps(told | {"counts": outcome.counts}, ensure_ascii=False))
    else:
        _tell([outcome.message])
    return outcome.exit_code


def _show_cases(cases: "Sequence[OpenCase]") -> None:
    if not cases:
        _tell(["no judged question waits for an expert"])
        return
    for case in cases[:_SHOWN]:
        _tell([case.qa_id, f"  {case.question} | {case.answer}", f"  why: {case.explanation}"])
        for voice in case.voices:
            said = f"not {', '.join(voice.rejects)}" if voice.rejects else "right"
            added = [f"corrects it to: {voice.correction}"] if voice.correction else []
            added += [f"“{voice.comment}”"] if voice.comment else []
            _tell([f"  {'; '.join([f'{voice.annotator}: {said}', *added])}"])
    if len(cases) > _SHOWN:
        _tell([f"and {len(cases) - _SHOWN} more; --json prints them all"])
    _tell([f"{len(cases)} for an expert; without --dry-run this command puts them onto the server"])


def _show_merge(found: "MergeReport", lines: Sequence[str]) -> None:
    _tell(lines)
    plan = found.plan
    for row in plan.aside[:_SHOWN]:
        fate = "stays as it was" if row.stays else "left the corpus"
        _tell(
            [
                f"not taken: {row.qa_id} ({fate})",
                f"  as it was:    {row.before}",
                f"  as corrected: {row.after}",
                f"  {row.message}",
            ]
        )
    for one in plan.unfit[:_SHOWN]:
        wanted = f"; it was to be: {one.correction}" if one.correction else ""
        _tell([f"not merged: {one.annotator} on {one.qa_id}, which is {one.why}{wanted}"])
    if max(len(plan.aside), len(plan.unfit)) > _SHOWN:
        _tell(["there are more; --json prints them all"])


def _tell(lines: Sequence[str]) -> None:
    console = _console()
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _console() -> Console:
    return Console(stderr=True, highlight=False)
