"""Where a table's cells lie: its grid of places, its header rows, its label columns, its section rows."""

from collections.abc import Sequence
from typing import Final

from generators.quantities import is_missing
from generators.table_text import clean, is_number, is_year
from schemas.records import Cell

_MOST_HEADER_ROWS: Final = 4
_INDENT: Final = 3.5


def lay_out(cells: Sequence[Cell]) -> tuple[dict[tuple[int, int], Cell], int]:
    """Return the cell of every place that cells cover, and how many places two of them claim."""
    places: dict[tuple[int, int], Cell] = {}
    overlaps = 0
    for cell in cells:
        for row in range(cell.row, cell.row + max(cell.row_span, 1)):
            for col in range(cell.col, cell.col + max(cell.col_span, 1)):
                overlaps += (row, col) in places
                places.setdefault((row, col), cell)
    return places, overlaps


def title_row(places: dict[tuple[int, int], Cell], width: int) -> tuple[int, str | None]:
    """Return the first row after a title over the whole width, and that title."""
    first = places.get((0, 0))
    if first is not None and width > 1 and first.col_span >= width and first.text.strip():
        return first.row_span, clean(first.text)
    return 0, None


def count_header_rows(places: dict[tuple[int, int], Cell], top: int, height: int, width: int) -> int:
    """Return the index of the first body row: the first one that holds numbers, or the one after the flagged ones."""
    flagged = _flagged_rows(places, top, height, width)
    if not any(
        is_number(cell.text) for (row, col), cell in places.items() if row >= top and col > 0 and cell.col == col
    ):
        return flagged or min(top + 1, height)
    for row in range(top, min(top + _MOST_HEADER_ROWS + 1, height)):
        if _is_body(places, row, top, width):
            return row
    return flagged or top


def _flagged_rows(places: dict[tuple[int, int], Cell], top: int, height: int, width: int) -> int:
    row = top
    while row < height and any((row, col) in places for col in range(width)):
        texts = [places[row, col] for col in range(width) if (row, col) in places and places[row, col].text.strip()]
        if not texts or not all(cell.header for cell in texts):
            break
        row += 1
    return row if row > top else 0


def _is_body(places: dict[tuple[int, int], Cell], row: int, top: int, width: int) -> bool:
    cells = [places[row, col] for col in range(1, width) if (row, col) in places and places[row, col].col == col]
    texts = [cell.text.strip() for cell in cells if cell.row == row and cell.text.strip()]
    stub = places.get((row, 0))
    if not texts:
        # A lone label under a finished header heads a group of rows; above it, it is part of the header.
        return (
            stub is not None
            and stub.row == row
            and bool(stub.text.strip())
            and row > top
            and _full(places, row - 1, width)
        )
    if all(is_year(text) for text in texts):
        return row > top and _full(places, row - 1, width) and bool(stub and stub.text.strip())
    if _counts_up(texts):
        return row > top + 1 or (row > top and _full(places, row - 1, width))
    if any(is_number(text) or is_missing(text) for text in texts):
        return True
    return row > top and _full(places, row - 1, width) and bool(stub and stub.row == row and stub.text.strip())


def _full(places: dict[tuple[int, int], Cell], row: int, width: int) -> bool:
    """Tell whether a row names every column by itself, so that no second header row is needed."""
    cells = [places.get((row, col)) for col in range(1, width)]
    if not all(cell is not None and cell.text.strip() for cell in cells):
        return False
    return all(cell is not None and cell.col_span == 1 for cell in cells)


def _counts_up(texts: list[str]) -> bool:
    """Tell whether numbers only count columns: 1, 2, 3, ..."""
    if len(texts) < 3 or not all(text.isdigit() for text in texts):
        return False
    return [int(text) for text in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))


def spread_groups(
    places: dict[tuple[int, int], Cell], top: int, first: int, stubs: int, width: int
) -> dict[tuple[int, int], Cell]:
    """Return the places with each group header over all its columns, where the headers below repeat for each group.

    "Intercept" and "Slope" above "Bias, RMSE, Bias, RMSE" head two columns each, wherever they are printed. Groups of
    groups are spread from the lowest up.
    """
    spread = dict(places)
    below: list[tuple[str, ...]] = [(text_at(places, first - 1, col).casefold(),) for col in range(stubs, width)]
    for row in range(first - 2, top - 1, -1):
        own = [cell for col in range(stubs, width) if (cell := places.get((row, col))) and cell.text.strip()]
        groups = list({id(cell): cell for cell in own}.values())
        size = _block_size(below, len(groups))
        if size and all(
            start <= cell.col < start + size for start, cell in zip(range(stubs, width, size), groups, strict=True)
        ):
            for start, cell in zip(range(stubs, width, size), groups, strict=True):
                spread.update({(row, col): cell for col in range(start, start + size)})
        below = [
            (text_at(spread, row, col).casefold(), *path) for col, path in zip(range(stubs, width), below, strict=True)
        ]
    return spread


def _block_size(paths: list[tuple[str, ...]], groups: int) -> int:
    """Return over how many columns each group stands, 0 where the headers below do not repeat for each of them."""
    size = len(paths) // groups if groups > 1 else 0
    blocks = [paths[at : at + size] for at in range(0, len(paths), size)] if size > 1 else []
    alike = 0 < len(blocks) == groups and all(block == blocks[0] for block in blocks)
    whole = alike and all(path[0] for path in paths)
    return size if whole and len(set(blocks[0])) == size else 0


def count_stubs(places: dict[tuple[int, int], Cell], first: int, height: int, width: int) -> int:
    """Return how many columns on the left name the rows: one, or two when the first alone does not tell them apart."""
    if width < 3 or height - first < 2:
        return min(1, width)
    second = [text_at(places, row, 1) for row in range(first, height)]
    filled = [text for text in second if text]
    if not filled or any(is_number(text) or is_missing(text) for text in filled) or len(filled) < len(second) * 0.7:
        return 1
    labels = [text_at(places, row, 0) for row in range(first, height)]
    repeated = len(set(labels)) < len(labels)
    counting = all(label.rstrip(".").isdigit() for label in labels if label)
    numbers_after = any(is_number(text_at(places, row, col)) for row in range(first, height) for col in range(2, width))
    return 2 if numbers_after and (repeated or counting) else 1


def text_at(places: dict[tuple[int, int], Cell], row: int, col: int) -> str:
    """Return the text at a place, "" where the table has no cell."""
    cell = places.get((row, col))
    return cell.text.strip() if cell else ""


def starts_at(places: dict[tuple[int, int], Cell], row: int, col: int) -> bool:
    """Tell whether a place holds a cell of its own, not a part of one that spans columns or rows."""
    cell = places.get((row, col))
    return cell is None or (cell.row == row and cell.col == col and cell.col_span == 1)


def heads_section(places: dict[tuple[int, int], Cell], row: int, width: int) -> bool:
    """Tell whether a body row is a label alone, which heads the rows below it."""
    first = places.get((row, 0))
    others = {id(cell): cell for col in range(1, width) if (cell := places.get((row, col))) is not None}
    texts = [cell for cell in others.values() if cell.text.strip() and cell is not first]
    return bool(first and first.text.strip() and first.row == row and not texts and width > 1)


def indents(places: dict[tuple[int, int], Cell], first: int, height: int) -> dict[int, int]:
    """Return how far the labels are indented, in steps, for rows whose label has a box."""
    lefts = {
        row: cell.bbox.x0
        for row in range(first, height)
        if (cell := places.get((row, 0))) is not None and cell.bbox is not None and cell.text.strip()
    }
    left = min(lefts.values(), default=0.0)
    return {row: round((x0 - left) / _INDENT) for row, x0 in lefts.items()}
