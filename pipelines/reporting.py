"""The report stage: what people's judgements say of a corpus, for people as tables and a page, for programs as JSON."""

import json
from typing import Final

from annotation.report import JudgementReport, Terms, make_report
from annotation.report_page import render_page
from pipelines.judging import read_judging
from pipelines.progress import Reporter, Silent
from pipelines.report_tables import show_report
from pipelines.storage import open_filesystem, storage_errors
from pipelines.workspace import open_workspace
from schemas.recipe import Recipe

__all__ = ["report_judgements", "show_report", "write_page"]

PAGE: Final = "report.html"
DATA: Final = "report.json"
_PAGE_ENDING: Final = ".html"


def report_judgements(
    workspace: str, recipe: Recipe, *, out: str | None = None, reporter: Reporter | None = None
) -> JudgementReport:
    """Report on the judgements in a workspace.

    Args:
        workspace: where sample and judgements are.
        recipe: gives the confidence of the intervals, the limit on errors and the seed of the resamples.
        out: where to write the page with its charts: a file (.html), or a folder, which gets report.html and
            report.json.
        reporter: is told where the page went.

    Raises:
        UsageError: there is no workspace.
        WorkspaceError: the page cannot be written.
    """
    judging = read_judging(open_workspace(workspace))
    terms = Terms(recipe.annotate.confidence, recipe.seed, recipe.validation.max_error_rate)
    report = make_report(
        judging.judgements, judging.sample, list(judging.judged.values()), terms, merged=judging.merged
    )
    if out is not None:
        (reporter or Silent()).say(f"The report with its charts: {write_page(report, out)}")
    return report


def write_page(report: JudgementReport, out: str, *, note: str | None = None) -> str:
    """Write the page, and beside it the JSON where `out` is a folder; return where the page is.

    Args:
        report: what to write.
        out: a file (.html) or a folder, on any filesystem.
        note: a line under the title that says what the judgements are, such as that they are made up.

    Raises:
        WorkspaceError: it cannot be written.
    """
    page = render_page(report, note)
    if out.endswith(_PAGE_ENDING):
        _write(out, page)
        return out
    folder = out.rstrip("/")
    _write(f"{folder}/{DATA}", json.dumps(report.to_json(), ensure_ascii=False, allow_nan=False, indent=1))
    _write(f"{folder}/{PAGE}", page)
    return f"{folder}/{PAGE}"


def _write(url: str, text: str) -> None:
    filesystem, path = open_filesystem(url)
    with storage_errors(url):
        filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
        with filesystem.open(path, "wb") as file:
            file.write(text.encode())
