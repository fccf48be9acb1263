"""Texts and questions as the guards read them: sentences and rows with what stands around them, and what is asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generators.checks.wording import content_stems, distinctive_stems, words
from generators.sentences import sentence_spans
from schemas.kinds import EvidenceRole
from schemas.records import CellQuote, Question

_HEAD_LINES: Final = 3
_ROW_SIGN: Final = "\t"


@dataclass(frozen=True, slots=True)
class Window:
    """One sentence, line or table row (`said`) with its neighbours, or a table's caption and head (`around`)."""

    said: str
    around: str

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return _ROW_SIGN in self.said

    @property
    def stems(self) -> frozenset[str]:
        """The content stems of all of it."""
        return content_stems(self.around)


@lru_cache(maxsize=1024)
def windows(text: str) -> tuple[Window, ...]:
    r"""Cut a text into its sentences, lines and rows, each with what a reader would take with it.

    >>> [window.said.split() for window in windows("Rain. In May\nTown\tMay\nKiel\t12")][1:]
    [['In', 'May'], ['Town', 'May'], ['Kiel', '12']]
    """
    units = list(_units(text))
    head = " ".join(units[:_HEAD_LINES])
    return tuple(Window(unit, _around(units, place, head)) for place, unit in enumerate(units))


def padded_words(text: str) -> str:
    """Return the folded words of a text with a blank at each end, so that a word is found whole."""
    return f" {' '.join(words(text))} "


def says(text: str, phrase: str) -> bool:
    """Say whether a text holds the words of a phrase in a row; a phrase without words is held by none."""
    wanted = words(phrase)
    return bool(wanted) and f" {' '.join(wanted)} " in padded_words(text)


def share(wanted: frozenset[str], found: frozenset[str]) -> float:
    """Return which share of the wanted stems was found; 1 when nothing is wanted."""
    return len(wanted & found) / len(wanted) if wanted else 1.0


def proof_cells(question: Question) -> list[list[CellQuote]]:
    """Return the quoted cells that prove the answer, one list a row of each table, from the top."""
    rows: dict[tuple[int, int], list[CellQuote]] = {}
    for number, unit in enumerate(question.evidence):
        for cell in unit.cells if unit.role is EvidenceRole.ANSWER else ():
            rows.setdefault((number, cell.row), []).append(cell)
    return [sorted(cells, key=_by_column) for _, cells in sorted(rows.items())]


def proof_quotes(question: Question) -> list[str]:
    """Return the quoted texts that prove the answer."""
    return [unit.quote for unit in question.evidence if unit.quote and unit.role is EvidenceRole.ANSWER]


def subject(question: Question, captions: Iterable[str]) -> frozenset[str]:
    """Return the stems of what a question asks about, without the words that say where to look.

    Left out are the words of the positives' captions and of titles in quotation marks ("in the table ... of ..."),
    unless the proof holds them too. Of a question that would have nothing left all words count.
    """
    proof = " ".join([*(cell.text for row in proof_cells(question) for cell in row), *proof_quotes(question)])
    proven, asked = content_stems(proof), content_stems(question.question)
    places = frozenset[str]().union(*map(content_stems, (*captions, *_quoted(question.question))))
    told = (distinctive_stems(question.question) - places) | (asked & proven)
    return told or asked


def _units(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if _ROW_SIGN in line:
            yield line
        else:
            yield from (line[span.start : span.end] for span in sentence_spans(line))


def _around(units: Sequence[str], place: int, head: str) -> str:
    if _ROW_SIGN in units[place]:
        return f"{head} {units[place]}"
    return " ".join(units[max(0, place - 1) : place + 2])


def _quoted(text: str) -> Iterator[str]:
    """Yield what stands in curly quotation marks, in which questions give titles and labels."""
    for part in text.split("“")[1:]:
        yield part.partition("”")[0]


def _by_column(cell: CellQuote) -> int:
    return cell.col
