"""Tables that run over pages: which table goes on with the one that ended the page before."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractors.labels import parse_label
from extractors.tables_headers import is_number
from schemas.geometry import Box, overlap, union
from schemas.kinds import ElementKind
from schemas.records import Cell, Element, Page

_CONTINUED = re.compile(
    r"\b(?:continued|continues|cont[’']?d|cont\.|fortsetzung|suite|suivi|continuación|continúa|segue|continuação"
    r"|продолжение|окончание)(?!\w)|[续續続](?:表|き)?|계속|تابع|يتبع",
    re.IGNORECASE,
)
# What may stand between two parts of a table: the furniture of the page, and notes below the part above.
_PASSED = frozenset({ElementKind.HEADER, ElementKind.FOOTER, ElementKind.FOOTNOTE})
_LONGEST_REMARK = 60
_MARGIN_SHARE = 0.09
_WIDTH_SPREAD = 0.04
_LEAST_COMMON = 0.3
_NUMERIC_SHARE = 0.6
_COVERED_SHARE = 0.7


class Continuation(NamedTuple):
    """The places of a later part and of the part before it, and how sure this is, from 0 to 1."""

    later: int
    earlier: int
    confidence: float


def find_continuations(elements: Sequence[Element], pages: Sequence[Page]) -> list[Continuation]:
    """Return the tables that go on with the last table of the page before.

    A label that is printed again decides; without one, the later table must stand first on its page, the earlier one
    last on its own, both with the same columns, and the later one must begin with the same header or with none.

    Args:
        elements: the elements of a document in reading order.
        pages: its pages, whose heights tell the margins.
    """
    heights = {page.page_index: page.height for page in pages}
    tables = [place for place, element in enumerate(elements) if element.kind is ElementKind.TABLE]
    found = []
    for earlier, later in pairwise(tables):
        confidence = _confidence(elements, earlier, later, heights=heights)
        if confidence:
            found.append(Continuation(later, earlier, confidence))
    return found


def _confidence(elements: Sequence[Element], earlier: int, later: int, *, heights: Mapping[int, float]) -> float:
    """Return how surely one table goes on with the other; 0 when it does not."""
    above, below = elements[earlier], elements[later]
    if below.page_index != above.page_index + 1:
        return 0.0
    same = _same_label(above, below)
    if same is False:
        return 0.0
    between = [
        element
        for element in elements[earlier + 1 : later]
        if not _is_passed(element, above, heights) and not _is_part(element, above, below)
    ]
    if same:
        return 1.0 if _columns_alike(above, below) or _announced(elements[earlier + 1 : later]) else 0.8
    if between or _standing_above(elements, later, heights) or not _columns_alike(above, below):
        return 0.0
    header = _header_repeated(above, below)
    if header or _announced(elements[earlier + 1 : later]):
        return 0.95
    blank = not _row(above.cells, 0) or not _row(below.cells, 0)
    return 0.0 if blank or _begins_anew(above, below) else 0.8


def _same_label(above: Element, below: Element) -> bool | None:
    """Say whether both bear one label; None when one bears none, since a caption may stand below the last part."""
    if above.label is None or below.label is None:
        return None
    first, second = parse_label(above.label), parse_label(below.label)
    return first is not None and second is not None and first.key == second.key


def _is_passed(element: Element, above: Element, heights: Mapping[int, float]) -> bool:
    """Say whether an element between two parts does not part them."""
    if element.kind in _PASSED or _is_remark(element):
        return True
    if element.kind is ElementKind.CAPTION:
        return element.label is not None and element.label == above.label
    return _in_margin(element, heights.get(element.page_index, 0.0))


def _is_part(element: Element, above: Element, below: Element) -> bool:
    """Say whether a figure is a column or a corner of one of the tables."""
    table = above if element.page_index == above.page_index else below
    return element.kind is ElementKind.FIGURE and overlap(element.bbox, table.bbox) >= _COVERED_SHARE


def _is_remark(element: Element) -> bool:
    return len(element.text) <= _LONGEST_REMARK and _CONTINUED.search(element.text) is not None


def _in_margin(element: Element, height: float) -> bool:
    """Say whether a line stands where page numbers and running titles do."""
    margin = _MARGIN_SHARE * height
    return element.bbox.height <= margin and (element.bbox.y1 <= margin or element.bbox.y0 >= height - margin)


def _standing_above(elements: Sequence[Element], later: int, heights: Mapping[int, float]) -> bool:
    """Say whether the page has text above a table that reading order puts after it."""
    table = elements[later]
    for element in elements[later + 1 :]:
        if element.page_index != table.page_index:
            return False
        if element.bbox.y1 <= table.bbox.y0 and not _is_passed(element, table, heights):
            return True
    return False


def _announced(between: Sequence[Element]) -> bool:
    return any(
        _CONTINUED.search(element.text) and (element.kind is ElementKind.CAPTION or _is_remark(element))
        for element in between
    )


def _columns_alike(above: Element, below: Element) -> bool:
    """Say whether two tables have the same columns at the same places, a shift of the whole page aside."""
    first, second = _columns(above.cells), _columns(below.cells)
    if len(first) < 2 or first.keys() != second.keys():
        return False
    upper, lower = union(first.values()), union(second.values())
    as_wide = abs(upper.width - lower.width) <= _WIDTH_SPREAD * max(upper.width, lower.width)
    shifts = {0.0, lower.x0 - upper.x0} if as_wide else {0.0}
    return any(all(_in_line(first[col], second[col], shift) for col in first) for shift in shifts)


def _columns(cells: Sequence[Cell]) -> dict[int, Box]:
    """Return the box of each column, from the cells that lie in one column alone, with rows level as they are read."""
    boxes: dict[int, list[Box]] = defaultdict(list)
    for cell in cells:
        if cell.bbox is not None and cell.col_span == 1 and cell.text.strip():
            boxes[cell.col].append(cell.bbox)
    columns = {col: union(found) for col, found in boxes.items()}
    if len(columns) < 2:
        return columns
    (x0, y0), (x1, y1) = columns[min(columns)].center, columns[max(columns)].center
    if abs(x1 - x0) >= abs(y1 - y0):
        return columns
    # The text runs up or down the page, and columns follow one another as it does.
    return {col: _along(bbox, up=y1 < y0) for col, bbox in columns.items()}


def _along(bbox: Box, *, up: bool) -> Box:
    return Box(-bbox.y1, bbox.x0, -bbox.y0, bbox.x1) if up else Box(bbox.y0, -bbox.x1, bbox.y1, -bbox.x0)


def _in_line(above: Box, below: Box, shift: float) -> bool:
    common = min(above.x1, below.x1 - shift) - max(above.x0, below.x0 - shift)
    return common >= _LEAST_COMMON * max(min(above.width, below.width), 1.0)


def _header_repeated(above: Element, below: Element) -> bool:
    first, second = _row(above.cells, 0), _row(below.cells, 0)
    return len(first) >= 2 and first == second and not all(is_number(text) for text in first.values())


def _row(cells: Sequence[Cell], row: int) -> dict[int, str]:
    return {cell.col: " ".join(cell.text.split()).casefold() for cell in cells if cell.row == row and cell.text.strip()}


def _begins_anew(above: Element, below: Element) -> bool:
    """Say whether the later table opens with a header of its own: words above columns of numbers."""
    opening = _row(below.cells, 0)
    numeric = set(_numeric_columns(above.cells)) & set(_numeric_columns(below.cells)) & opening.keys()
    return bool(numeric) and not any(is_number(opening[col]) for col in numeric)


def _numeric_columns(cells: Sequence[Cell]) -> Iterator[int]:
    """Yield the columns that hold numbers below their first row."""
    texts: dict[int, list[str]] = defaultdict(list)
    for cell in cells:
        if cell.row > 0 and cell.text.strip():
            texts[cell.col].append(cell.text)
    for col, found in texts.items():
        if sum(map(is_number, found)) >= _NUMERIC_SHARE * len(found):
            yield col
