"""Cells that were quoted, found in a table that may have gained or lost rows and columns."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from schemas.records import Cell, CellQuote

_DASHES: Final = str.maketrans("–—−‐‑", "-----")
_MOST_MATCHES: Final = 64
_MOST_CHOICES: Final = 10_000

Places = Mapping[str, Sequence[Cell]]


def match_cells(quotes: Sequence[CellQuote], cells: Sequence[Cell]) -> tuple[CellQuote, ...] | None:
    """Return the quoted cells as they stand in a table now, in the order of `quotes`; None when they do not.

    Cells that shared a row or a column share one still, and others do not. Where several places fit, those that moved
    least are taken; None when two fit equally well.

    >>> match_cells([CellQuote(0, 1, "5")], [Cell(1, 0, "a"), Cell(1, 1, "5")])
    (CellQuote(row=1, col=1, text='5'),)
    """
    known: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        known[_fold(cell.text)].append(cell)
    stay = _staying(quotes, cells)
    if stay is not None:
        return stay
    order = sorted(range(len(quotes)), key=lambda index: len(known.get(_fold(quotes[index].text), ())))
    search = _Search([quotes[index] for index in order], known)
    fits = sorted((_distance(search.quotes, fit), fit) for fit in islice(search.run(), _MOST_MATCHES))
    if not fits or (len(fits) > 1 and fits[0][0] == fits[1][0]):
        return None
    places = dict(zip(order, fits[0][1], strict=True))
    texts = {(cell.row, cell.col): cell.text for cell in cells}
    return tuple(CellQuote(*places[index], texts[places[index]]) for index in range(len(quotes)))


def _staying(quotes: Sequence[CellQuote], cells: Sequence[Cell]) -> tuple[CellQuote, ...] | None:
    """Return the cells at their old places if their texts are the same."""
    texts = {(cell.row, cell.col): cell.text for cell in cells}
    found = [texts.get((quote.row, quote.col)) for quote in quotes]
    if any(text is None or _fold(text) != _fold(quote.text) for text, quote in zip(found, quotes, strict=True)):
        return None
    return tuple(CellQuote(quote.row, quote.col, str(text)) for text, quote in zip(found, quotes, strict=True))


def _distance(quotes: Sequence[CellQuote], places: Sequence[tuple[int, int]]) -> int:
    return sum(abs(quote.row - row) + abs(quote.col - col) for quote, (row, col) in zip(quotes, places, strict=True))


class _Search:
    """Every way to place the quotes so that rows stay rows and columns stay columns."""

    def __init__(self, quotes: Sequence[CellQuote], known: Places) -> None:
        self.quotes = quotes
        self._known = known
        self._choices = 0

    def run(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Yield the places of all quotes, in their order."""
        return self._place(0, {}, {})

    def _place(self, index: int, rows: dict[int, int], cols: dict[int, int]) -> Iterator[tuple[tuple[int, int], ...]]:
        if index == len(self.quotes):
            yield ()
            return
        quote = self.quotes[index]
        for cell in self._known.get(_fold(quote.text), ()):
            self._choices += 1
            if self._choices > _MOST_CHOICES:
                return
            if _agrees(rows, quote.row, cell.row) and _agrees(cols, quote.col, cell.col):
                below = self._place(index + 1, rows | {quote.row: cell.row}, cols | {quote.col: cell.col})
                yield from (((cell.row, cell.col), *rest) for rest in below)


def _agrees(known: Mapping[int, int], old: int, new: int) -> bool:
    """Say whether a line may go to `new`: to where it went before, and in the order of the lines."""
    return all((old < other) == (new < place) and (old == other) == (new == place) for other, place in known.items())


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
