"""The report on people's judgements as tables on a terminal."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from annotation import figures
from annotation.agreement import Agreement
from annotation.annotators import Annotator
from annotation.box_agreement import BoxAgreement
from annotation.calibration import CheckPowers
from annotation.intervals import Estimate
from annotation.quality import Quality, Rate
from annotation.report import JudgementReport
from annotation.thresholds import JudgeThreshold

_SHOWN_CHECKS: Final = 10
# Narrower terminals get coefficients and changes without their intervals, which the JSON and the page have.
_WIDE: Final = 110


def show_report(report: JudgementReport, console: Console | None = None) -> None:
    """Print a report, to stderr by default; what cannot be known is a dash, and the reason stands beside it."""
    out = console or Console(stderr=True, highlight=False)
    out.print(Text(_headline(report), style="bold"))
    out.print(Text(_coverage(report)))
    for remark in report.remarks:
        out.print(Text(f"  {remark}", style="yellow"))
    if not report.coverage.judgements:
        return
    narrow = out.width < _WIDE
    parts: list[Iterable[RenderableType]] = [
        [_rates("Wrong questions", _parts(report.quality))],
        [_rates("Labels that do not hold", report.quality.labels)],
        _agreement(report.agreement, narrow=narrow),
        [Text(_boxes(report.boxes))],
        _annotators(report.annotators, narrow=narrow),
        _checks(report.checks, narrow=narrow),
        [Text(_judge(report.judge))] if report.judge else [],
    ]
    for part in parts:
        out.print()
        for piece in part:
            out.print(piece)


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
    if quality.alone.settled and quality.together.settled:
        found += [quality.alone, quality.together]
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


def _agreement(rows: Iterable[Agreement], *, narrow: bool) -> Iterator[RenderableType]:
    table = _table("Agreement", "label", ("by several", "yes", "agree", "AC", "kappa", "alpha"))
    notes: dict[str, list[str]] = {}
    for row in rows:
        cells = (figures.percent(row.share, 0), figures.percent(row.percent.value))
        coefficients = (_coefficient(one, narrow=narrow) for one in (row.gwet, row.kappa, row.alpha))
        table.add_row(figures.name(row.label), str(row.shared), *cells, *coefficients)
        if row.note:
            notes.setdefault(row.note, []).append(figures.name(row.label))
    yield table
    for note, labels in notes.items():
        yield Text(f"{', '.join(labels)}: {note}", style="dim")


def _annotators(people: Iterable[Annotator], *, narrow: bool) -> Iterator[RenderableType]:
    columns = ("judged", "skipped", "agreement", "change", "wrong", "change", "median")
    table = _table("Annotators", "who", columns)
    notes = []
    for person in people:
        table.add_row(
            Text(person.name),
            str(person.judged),
            str(person.skipped),
            figures.percent(person.agreement.value, 0),
            _change(person.agreement_change, narrow=narrow),
            figures.percent(person.wrong.value, 0),
            _change(person.wrong_change, narrow=narrow),
            figures.seconds(person.speed.median),
        )
        notes += [f"{person.name}: {remark}" for remark in person.remarks]
    yield table
    for note in notes:
        yield Text(note, style="yellow")


def _checks(powers: CheckPowers, *, narrow: bool) -> Iterator[RenderableType]:
    table = _table(
        "Automatic checks against people", "check", ("judged", "wrong", "area", "flag when", "finds", "spares")
    )
    known = [check for check in powers.checks if check.area.value is not None]
    for check in known[:_SHOWN_CHECKS]:
        table.add_row(
            Text(f"{figures.name(check.check)} ({check.basis.value})"),
            str(check.judged),
            str(check.wrong),
            _coefficient(check.area, narrow=narrow),
            f"{'<=' if check.low_is_wrong else '>='} {figures.number(check.threshold)}",
            figures.percent(check.sensitivity.value if check.sensitivity else None, 0),
            figures.percent(check.specificity.value if check.specificity else None, 0),
        )
    if known:
        yield table
    yield Text(f"Best check: {powers.best}, {powers.verdict}" if powers.best else f"Best check: {powers.verdict}")


def _judge(judge: JudgeThreshold) -> str:
    if judge.threshold is None or not (judge.precision and judge.kept):
        return f"Judge: no threshold ({judge.note})"
    told = (
        f"Judge: generate.judge_threshold: {judge.threshold:g} keeps {figures.share(judge.kept)} of {judge.judged} "
        f"judged questions, {figures.share(judge.precision)} of them right; {figures.percent(judge.wanted)} are wanted"
    )
    return f"{told} ({judge.note})" if judge.note else told


def _boxes(boxes: BoxAgreement) -> str:
    told = f"Boxes: {boxes.redrawn} of {boxes.units} evidence units redrawn"
    for name, overlap in (("between people", boxes.people), ("against the box found", boxes.found)):
        if overlap.pairs:
            told += (
                f"; {name} F1 {figures.coefficient(overlap.loose)}, mean IoU {figures.coefficient(overlap.mean_iou)}"
            )
    return told


def _coefficient(estimate: Estimate, *, narrow: bool) -> str:
    return figures.number(estimate.value) if narrow else figures.coefficient(estimate)


def _change(estimate: Estimate, *, narrow: bool) -> str:
    return figures.change(estimate).partition(" ")[0] if narrow else figures.change(estimate)


def _table(title: str, first: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
