"""The command that finds the evidence of questions again after a new extraction."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.options import AsJson, WorkspacePath

_SHOWN = 20
_COLUMNS = ("question", "element", "page", "reason", "what was looked for")


def remap(
    workspace: WorkspacePath,
    *,
    qa: Annotated[
        str, typer.Option("--qa", metavar="FILE", help="The question table: Parquet file or folder, or JSON lines.")
    ],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="The new Parquet file to write.")],
    origin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="OLD", help="The workspace of the questions: files changed since are told by it."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find the evidence of questions in documents that were extracted again; exit code 1 when some is lost."""
    from pipelines.remapping import remap_questions
    from schemas.arrow import to_plain

    report = remap_questions(workspace, qa, out, origin=origin)
    lost = [to_plain(item) for item in report.lost]
    lost += [{"qa_id": row.name, "reason_code": "malformed_record", "text": row.message} for row in report.bad_rows]
    if as_json:
        found = {"questions": len(report.questions), "moved": report.moved, "lost": lost, "out": out}
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        message = f"{out}: {len(report.questions)} questions, {report.moved} pieces of evidence moved, {len(lost)} lost"
        _show(message, lost)
    return report.exit_code


def _show(message: str, lost: list[dict[str, object]]) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(Text(message), soft_wrap=True)
    if not lost:
        return
    table = Table(*_COLUMNS, box=None)
    for row in lost[:_SHOWN]:
        page = row.get("page_index")
        words = (row["qa_id"], row.get("element_id", ""), page + 1 if isinstance(page, int) else "", row["reason_code"])
        table.add_row(*(Text(str(word)) for word in words), Text(str(row["text"])[:80]))
    console.print(table)
    if len(lost) > _SHOWN:
        console.print(Text(f"and {len(lost) - _SHOWN} more; --json prints them all"))
