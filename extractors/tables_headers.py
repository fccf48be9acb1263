"""Which cells of a table are headers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.records import Cell

_NUMBER = re.compile(r"^[\s$€£¥<>≤≥~±+\-−–(]*[\d.,]+[\s%)*†‡a-z\d.,±()\-−–/:]*$", re.IGNORECASE)

_DATA_COLUMNS = 3
_CRAMMED_FIGURES, _CRAMMED_SHARE = 3, 0.4


def mark_headers(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells with column and row headers marked.

    Column headers are the rows above the first row that holds numbers like the rows below it; row headers are the
    text cells of the first column next to them.
    """
    if not cells:
        return ()
    top = _header_rows(cells)
    labelled = _labels_rows(cells, top)
    return tuple(
        replace(cell, header=True) if cell.row < top or (labelled and cell.col == 0) else cell for cell in cells
    )


def is_number(text: str) -> bool:
    """Say whether a cell's text is a figure: digits with signs, units of a letter or two, or a dash for none."""
    stripped = text.strip()
    return bool(_NUMBER.match(stripped)) or stripped in {"-", "–", "—", "NA", "N/A", "n/a"}


def holds_figures(cells: Sequence[Cell], share: float = 0.3) -> bool:
    """Say whether cells are those of a table of data: three columns or more, and figures in at least this share."""
    columns = {cell.col for cell in cells}
    return len(columns) >= _DATA_COLUMNS and _share_of_numbers(cells) >= share


def is_crammed(cells: Sequence[Cell]) -> bool:
    """Say whether much of a table's text stands in cells of several figures: whole rows or columns in one cell."""
    texts = [cell.text.split() for cell in cells]
    crammed = sum(len(words) for words in texts if sum(map(is_number, words)) >= _CRAMMED_FIGURES)
    return crammed > _CRAMMED_SHARE * sum(map(len, texts))


def _header_rows(cells: Sequence[Cell]) -> int:
    height = max(cell.row + cell.row_span for cell in cells)
    share = [_share_of_numbers([cell for cell in cells if cell.row == row and cell.col > 0]) for row in range(height)]
    body = next((row for row, numbers in enumerate(share) if numbers >= 0.5), None)
    if body is None:
        return 1 if height > 1 else 0
    return min(body, max(height // 2, 1))


def _labels_rows(cells: Sequence[Cell], top: int) -> bool:
    first = [cell for cell in cells if cell.col == 0 and cell.row >= top]
    others = [cell for cell in cells if cell.col > 0 and cell.row >= top]
    return bool(first) and _share_of_numbers(first) < 0.5 and (_share_of_numbers(others) >= 0.5 or not others)


def _share_of_numbers(cells: Sequence[Cell]) -> float:
    return sum(is_number(cell.text) for cell in cells) / len(cells) if cells else 0.0
