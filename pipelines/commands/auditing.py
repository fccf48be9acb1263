"""The command that proves a question table again."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.options import AsJson, WorkspacePath

_SHOWN = 20


def check(
    workspace: WorkspacePath,
    *,
    qa: Annotated[
        str | None,
        typer.Option("--qa", metavar="FILE", help="Another question table: Parquet file or folder, or JSON lines."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Run every code check again over a question table; exit code 1 when a question fails."""
    from pipelines.checking import check_questions

    report = check_questions(workspace, qa)
    failed = [{"qa_id": row.qa_id, "reason_code": row.reason_code, "message": row.message} for row in report.failed]
    if as_json:
        typer.echo(json.dumps({"checked": report.checked, "failed": failed}, ensure_ascii=False))
    else:
        _show(report.checked, failed)
    return int(bool(failed))


def _show(checked: int, failed: list[dict[str, str]]) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(Text(f"{checked} questions checked, {len(failed)} failed"))
    if not failed:
        return
    table = Table("question", "reason", "what is wrong", box=None)
    for row in failed[:_SHOWN]:
        table.add_row(*(Text(row[key]) for key in ("qa_id", "reason_code", "message")))
    console.print(table)
    if len(failed) > _SHOWN:
        console.print(Text(f"and {len(failed) - _SHOWN} more; --json prints them all"))
