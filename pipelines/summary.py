"""What a workspace holds, read from its committed tables: for people as tables, for programs as a dict."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.progress import duration
from pipelines.workspace import Workspace, open_workspace
from schemas.kinds import Stage

Summary = dict[str, Any]

_SHOWN_FAILURES = 10
_OF_EXTRACT = pc.field("stage") == Stage.EXTRACT.value

_SECTIONS = (
    ("elements", "Elements", "kind"),
    ("links", "Links", "kind"),
    ("questions_by_cell", "Questions", "type, modality"),
    ("unresolved", "Mentions left unresolved", "reason"),
    ("rejects", "Rejected", "reason"),
    ("errors", "Errors", "reason"),
)


def summarize(workspace: str) -> Summary:
    """Return counts of everything in a workspace.

    Raises:
        UsageError: there is no workspace.
    """
    opened = open_workspace(workspace)
    cells = _counts(opened, "qa", "question_type", "answer_modality")
    generations = [manifest for manifest in opened.manifests() if manifest.stage == Stage.GENERATE]
    last = generations[-1] if generations else None
    return {
        "documents": opened.count("documents"),
        "pages": opened.count("pages"),
        "passages": opened.count("passages"),
        "questions": sum(cells.values()),
        "elements": _counts(opened, "elements", "kind"),
        "links": _counts(opened, "links", "kind"),
        "questions_by_cell": cells,
        "unresolved": _counts(opened, "rejects", "reason_code", filter=_OF_EXTRACT),
        "rejects": _counts(opened, "rejects", "reason_code", filter=~_OF_EXTRACT),
        "errors": _counts(opened, "errors", "reason_code"),
        "failures": _failures(opened),
        "cells": [cell.model_dump() for cell in last.cells] if last else [],
        "usage": last.usage.model_dump() if last and last.usage else None,
    }


def show_summary(
    summary: Mapping[str, Any], workspace: str, *, seconds: float | None = None, console: Console | None = None
) -> None:
    """Print a summary to stderr, and where to look next."""
    out = console or Console(stderr=True, highlight=False)
    head = f"{summary['documents']} documents, {summary['pages']} pages, {summary['questions']} questions"
    out.print(Text(head if seconds is None else f"{head}, in {duration(seconds)}", style="bold"))
    for key, title, column in _SECTIONS:
        if summary[key]:
            out.print(_table(title, column, summary[key]))
    if summary["cells"]:
        out.print(_goals(summary["cells"]))
    for line in (*_spent(summary["usage"]), *_next_steps(summary, workspace)):
        out.print(Text(line), soft_wrap=True)


def _counts(workspace: Workspace, table: str, *columns: str, filter: pc.Expression | None = None) -> dict[str, int]:
    rows = workspace.read(table, columns, filter)
    values: Iterable[tuple[str, ...]] = zip(*(rows[column].to_pylist() for column in columns), strict=True)
    found = Counter(", ".join(map(str, value)) for value in values)
    return dict(sorted(found.items(), key=_commonest))


def _failures(workspace: Workspace) -> list[str]:
    rows = workspace.read("errors", ["reason_code", "uri", "subject", "page_index", "message"]).to_pylist()
    whole = [row for row in rows if row["page_index"] is None]
    lines = [f"{(row['uri'] or row['subject']).rpartition('/')[2]}: {row['message']}" for row in whole]
    more = len(lines) - _SHOWN_FAILURES
    return lines[:_SHOWN_FAILURES] + ([f"and {more} more"] if more > 0 else [])


def _commonest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _table(title: str, column: str, counts: Mapping[str, int]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column(column)
    table.add_column("count", justify="right")
    for name, number in counts.items():
        table.add_row(name, str(number))
    return table


def _goals(cells: Iterable[Mapping[str, Any]]) -> Table:
    table = Table(title="Cells", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("type, modality, documents", "wanted", "kept", "why fewer"):
        table.add_column(name, justify="right" if name in ("wanted", "kept") else "left")
    for cell in cells:
        table.add_row(cell["cell"].replace("/", ", "), str(cell["wanted"]), str(cell["kept"]), cell["why"])
    return table


def _spent(usage: Mapping[str, Any] | None) -> Iterator[str]:
    if usage is None:
        return
    tokens = usage["paid_prompt_tokens"] + usage["paid_completion_tokens"]
    stored = usage["requests"] - usage["paid_requests"]
    cost = f", {usage['cost']:.2f} by the recipe's prices" if usage["cost"] else ""
    yield f"Asked: {usage['paid_requests']} requests, {tokens} tokens{cost}; {stored} answers came from the store"


def _next_steps(summary: Mapping[str, Any], workspace: str) -> list[str]:
    steps = [f"  {line}" for line in summary["failures"]]
    if summary["errors"]:
        steps.append(f"What failed, and why: {workspace}/errors (Parquet)")
    if summary["rejects"]:
        steps.append(f"What was dropped, and why: {workspace}/rejects (Parquet)")
    if summary["questions"]:
        steps.append(f"The questions with their proof: {workspace}/qa (Parquet)")
        steps.append(f"To audit them: corpusmill check {workspace}")
    elif summary["documents"] and not summary["rejects"]:
        steps.append(f"Questions: corpusmill generate {workspace}")
    return steps
