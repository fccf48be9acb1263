"""The report as a page: one HTML file with its charts inside, to read, to print and to send. No scripts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from annotation import figures
from annotation.annotators import Annotator
from annotation.quality import Rate
from annotation.report import JudgementReport

_TEMPLATE: Final = "report.html.jinja"
_ROOM: Final = 1.15
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_MOST_TICKS: Final = 6
_MOST_CHECKS: Final = 12
_MOST_CURVES: Final = 3


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale of a chart: where a value stands, in pixels from its beginning; values beyond the ends stand there."""

    low: float
    high: float
    length: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Return where a value stands.

        >>> Axis(0, 0.5, 200, ()).at(0.25)
        100.0
        """
        low, high, inside = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, inside = log(low), log(high), log(inside)
        return round((inside - low) / (high - low) * self.length, 1)


def render_page(report: JudgementReport, note: str | None = None) -> str:
    """Return the page.

    Args:
        report: what to show.
        note: a line under the title that says what the judgements are, such as that they are made up.
    """
    environment = Environment(
        loader=PackageLoader("annotation"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (figures.percent, figures.share, figures.coefficient, figures.change, figures.seconds):
        environment.filters[function.__name__] = function
    environment.filters |= {"words": figures.name, "number": figures.number}
    return environment.get_template(_TEMPLATE).render(
        report=report,
        note=note,
        groups=list(_groups(report)),
        rates=_rate_axis(report),
        coefficients=Axis(-0.2, 1, 240, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        unit=Axis(0, 1, 150, (0, 0.5, 1)),
        speed=_speed_axis(report.annotators),
        checks=[check for check in report.checks.checks if check.area.value is not None][:_MOST_CHECKS],
        silent=Counter(check.note for check in report.checks.checks if check.area.value is None),
        curves=[check for check in report.checks.checks if check.curve][:_MOST_CURVES],
        stages=list(_stages(report)),
        line=line,
    )


def line(points: Iterable[tuple[float, float]]) -> str:
    """Return the points of an SVG polyline.

    >>> line([(0, 1.5), (10, 2)])
    '0,1.5 10,2'
    """
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _groups(report: JudgementReport) -> Iterator[tuple[str, tuple[Rate, ...]]]:
    quality = report.quality
    yield "the whole", (quality.overall,)
    if quality.alone.settled and quality.together.settled:
        yield "by how many people judge a question", (quality.alone, quality.together)
    parts = (("by question type", quality.types), ("by modality", quality.modalities), ("by domain", quality.domains))
    for title, rates in parts:
        if len(rates) > 1:
            yield title, rates
    if len(quality.strata) > max(len(quality.types), len(quality.modalities), len(quality.domains)):
        yield "by stratum", quality.strata


def _rate_axis(report: JudgementReport) -> Axis:
    quality = report.quality
    shown = (quality.overall, *quality.types, *quality.modalities, *quality.domains, *quality.strata, *quality.labels)
    highest = max([rate.rate.high or 0.0 for rate in shown] + [report.limit])
    step = next((step for step in _STEPS if highest * _ROOM / step <= _MOST_TICKS), _STEPS[-1])
    count = min(int(highest * _ROOM / step) + 1, round(1 / step))
    return Axis(0, step * count, 260, tuple(round(step * place, 4) for place in range(count + 1)))


def _speed_axis(people: Iterable[Annotator]) -> Axis:
    times = [
        time
        for person in people
        for time in (person.speed.lower_quartile, person.speed.median, person.speed.upper_quartile)
        if time is not None
    ]
    marks = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 36000)
    low = max([mark for mark in marks if mark < min(times, default=30)], default=1)
    high = min([mark for mark in marks if mark > max(times, default=60)], default=360000)
    return Axis(low, high, 150, tuple(mark for mark in marks if low <= mark <= high), logarithmic=True)


def _stages(report: JudgementReport) -> Iterator[tuple[str, int, float, float]]:
    """Yield what became of the sample: name, count, and where its part of the bar begins and ends."""
    coverage = report.coverage
    counts = [
        ("settled by annotators", coverage.agreed),
        ("settled by an expert", coverage.adjudicated),
        ("disputed", coverage.disagreed),
        ("half judged", coverage.incomplete),
        ("not judged", coverage.unjudged),
    ]
    total = max(coverage.sample, 1)
    ends = [0]
    for _, count in counts:
        ends.append(ends[-1] + count)
    for (label, count), (start, end) in zip(counts, pairwise(ends), strict=True):
        yield label, count, start / total, end / total
