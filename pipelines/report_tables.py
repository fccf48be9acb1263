"""The report on people's judgements as tables on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from annotation import figures
from annotation.agreement import Agreement
from annotation.quality import Quality, Rate
from annotation.report import JudgementReport

_SHOWN_CHECKS = 10


def show_report(report: JudgementReport, console: Console | None = None) -> None:
    """Print a report, to stderr by default; what cannot be known is a dash, and the reason stands beside it."""
    out = console or Console(stderr=True, highlight=False)
    out.print(Text(_headline(report), style="bold"))
    out.print(Text(_coverage(report)))
    for remark in report.remarks:
        out.print(Text(f"  {remark}", style="yellow"))
    if not report.coverage.judgements:
        return
    tables = (
        _rates("Wrong questions", _parts(report.quality)),
        _rates("Labels that do not hold", report.quality.labels),
        _agreement(report.agreement),
        _annotators(report),
        _checks(report),
    )
    for table in tables:
        out.print()
        out.print(table)
    for line in _closing(report):
        out.print(Text(line))


def _headline(report: JudgementReport) -> str:
    overall = report.quality.overall.rate
    if overall.value is None or overall.high is None:
        return f"Error rate: not known ({overall.note})"
    word = "within" if overall.high <= report.limit else "over"
    level = f"{100 * report.confidence:g} %"
    return (
        f"Error rate of the corpus: {figures.share(overall)} at {level} confidence; "
        f"the upper bound is {word} the limit of {figures.percent(report.limit)}"
    )


def _coverage(report: JudgementReport) -> str:
    seen = report.coverage
    return (
        f"{seen.settled} of {seen.sample} drawn questions settled ({seen.adjudicated} by an expert), "
        f"{seen.disagreed} disputed, {seen.incomplete} waiting for a person, {seen.unjudged} not judged, "
        f"{seen.skipped} skipped by somebody; corpus of {seen.corpus}"
    )


def _parts(quality: Quality) -> list[Rate]:
    found = [quality.overall]
    for rates in (quality.types, quality.modalities, quality.domains):
        found += rates if len(rates) > 1 else ()
    if len(quality.strata) > max(len(quality.types), len(quality.modalities), len(quality.domains)):
        found += quality.strata
    return found


def _rates(title: str, rates: Iterable[Rate]) -> Table:
    table = _table(title, "", ("corpus", "drawn", "settled", "bad", "rate"))
    for rate in rates:
        counts = (rate.size, rate.drawn, rate.settled, rate.bad)
        told = figures.share(rate.rate) + (", all judged" if rate.census else "")
        table.add_row(Text(figures.name(rate.name)), *map(str, counts), told)
    return table


def _agreement(rows: Iterable[Agreement]) -> Table:
    table = _table("Agreement", "label", ("by several", "yes", "agree", "AC", "kappa", "alpha"))
    for row in rows:
        cells = (figures.percent(row.share, 0), figures.percent(row.percent.value))
        coefficients = (figures.coefficient(one) for one in (row.gwet, row.kappa, row.alpha))
        table.add_row(Text(figures.name(row.label)), str(row.shared), *cells, *coefficients)
        if row.note:
            table.add_row(Text(f"  {row.note}", style="dim"))
    return table


def _annotators(report: JudgementReport) -> Table:
    table = _table("Annotators", "who", ("judged", "skipped", "agreement", "change", "wrong", "change", "median"))
    for person in report.annotators:
        table.add_row(
            Text(person.name),
            str(person.judged),
            str(person.skipped),
            figures.percent(person.agreement.value, 0),
            figures.change(person.agreement_change),
            figures.percent(person.wrong.value, 0),
            figures.change(person.wrong_change),
            figures.seconds(person.speed.median),
        )
        for remark in person.remarks:
            table.add_row(Text(f"  {remark}", style="yellow"))
    return table


def _checks(report: JudgementReport) -> Table:
    table = _table(
        "Automatic checks against people", "check", ("judged", "wrong", "area", "flag when", "finds", "spares")
    )
    for check in report.checks.checks[:_SHOWN_CHECKS]:
        sign = "<=" if check.low_is_wrong else ">="
        known = check.sensitivity is not None and check.specificity is not None
        table.add_row(
            Text(f"{figures.name(check.check)} ({check.basis.value})"),
            str(check.judged),
            str(check.wrong),
            figures.coefficient(check.area),
            f"{sign} {figures.number(check.threshold)}" if known else figures.UNKNOWN,
            figures.percent(check.sensitivity.value if check.sensitivity else None, 0),
            figures.percent(check.specificity.value if check.specificity else None, 0),
        )
    return table


def _closing(report: JudgementReport) -> list[str]:
    checks, boxes = report.checks, report.boxes
    best = f"Best check: {checks.best}, {checks.verdict}" if checks.best else f"Best check: {checks.verdict}"
    more = len(checks.checks) - _SHOWN_CHECKS
    return [
        *([f"and {more} more checks; --json has them all"] if more > 0 else []),
        best,
        f"Boxes: {boxes.redrawn} of {boxes.units} evidence units redrawn; "
        f"between people F1 {figures.coefficient(boxes.people.loose)}, "
        f"mean IoU {figures.coefficient(boxes.people.mean_iou)}; "
        f"against the box found {figures.coefficient(boxes.found.loose)}, "
        f"mean IoU {figures.coefficient(boxes.found.mean_iou)}",
    ]


def _table(title: str, first: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table
