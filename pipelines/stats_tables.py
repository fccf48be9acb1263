"""The figures of a corpus as tables on a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.stats import Spread, Stats

_COUNTED = (
    ("candidates", "Candidates", "kind"),
    ("evidence", "Evidence", "per question"),
    ("evidence_pages", "Pages", "per question"),
    ("evidence_documents", "Documents", "per question"),
    ("evidence_modalities", "Evidence by", "modality"),
    ("evidence_roles", "Evidence by", "role"),
    ("hops", "Hops", "per question"),
    ("domains", "Domains", "domain"),
    ("splits", "Splits", "split"),
    ("negatives", "Negatives", "kind"),
)


def show_stats(stats: Stats, console: Console | None = None) -> None:
    """Print the figures, to stderr by default."""
    out = console or Console(stderr=True, highlight=False)
    head = f"{stats.documents} documents, {stats.pages} pages, {stats.questions} questions, {stats.triplets} triplets"
    out.print(Text(head, style="bold"))
    for table in _tables(stats):
        if table.row_count:
            out.print(table)
    out.print(Text(_quality(stats)))


def figure(value: float | None, *, percent: bool = False) -> str:
    """Return a figure for people, or a dash.

    >>> figure(0.256, percent=True), figure(3.0), figure(2.25), figure(None)
    ('26 %', '3', '2.2', '-')
    """
    if value is None:
        return "-"
    return f"{100 * value:.0f} %" if percent else f"{value:.1f}".removesuffix(".0")


def _tables(stats: Stats) -> Iterator[Table]:
    yield _matrix(stats)
    for name, title, column in _COUNTED:
        yield _counts(title, column, getattr(stats, name))
    yield _spreads(stats)
    table = _table("Sources", "licence", "documents", "pages")
    for source in stats.sources:
        table.add_row(Text(source.licence), str(source.documents), str(source.pages))
    yield table


def _matrix(stats: Stats) -> Table:
    modalities = list(dict.fromkeys(name for numbers in stats.cells.values() for name in numbers))
    table = _table("Questions", "type", "all", *modalities)
    for kind, numbers in stats.cells.items():
        table.add_row(Text(kind), str(sum(numbers.values())), *(str(numbers.get(name, 0)) for name in modalities))
    return table


def _counts(title: str, column: str, counts: Mapping[str, int]) -> Table:
    table = _table(title, column, "count", "share")
    total = sum(counts.values()) or 1
    for name, number in counts.items():
        table.add_row(Text(name), str(number), figure(number / total, percent=True))
    return table


def _spreads(stats: Stats) -> Table:
    table = _table("Lengths and overlap", "of", "questions", "least", "mean", "median", "most")
    rows: list[tuple[str, Spread, bool]] = [
        ("question, words", stats.question_words, False),
        *((f"answer ({kind}), words", numbers, False) for kind, numbers in stats.answer_words.items()),
        ("question's words in its evidence", stats.overlap, True),
    ]
    for name, held, percent in rows:
        if held.number:
            told = (figure(value, percent=percent) for value in (held.least, held.mean, held.median, held.most))
            table.add_row(Text(name), str(held.number), *told)
    return table


def _quality(stats: Stats) -> str:
    found = stats.quality
    if found is None:
        return "Quality: no person has judged this corpus (corpusmill annotate sample draws what to judge)"
    interval = f"{figure(found.low, percent=True)} to {figure(found.high, percent=True)}"
    return (
        f"Quality: {found.wrong} of {found.judged} judged questions are wrong; error rate of the corpus "
        f"{figure(found.error_rate, percent=True)} ({interval})"
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table
