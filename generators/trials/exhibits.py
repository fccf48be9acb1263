"""Evidence as an engine sees it: a quote with its surroundings, a whole table as rows, a figure as its picture."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generators.checks.surroundings import document_title
from generators.document_view import DocumentView
from generators.engines.exchange import Picture
from generators.picture_sizing import fitting
from generators.trials.plan import TrialPlan
from schemas.geometry import Span
from schemas.kinds import ElementKind, EvidenceRole
from schemas.records import Cell, Element, Evidence, Image, Question

_TEXTS: Final = (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.HEADING)
_BRIEF: Final = 300
_GAP: Final = "…"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What is shown of one element; `text` of a figure is its caption. `carries` says that it carries the answer."""

    element_id: str
    where: str
    text: str
    carries: bool
    is_figure: bool = False
    picture: Picture | None = None

    @property
    def is_shown(self) -> bool:
        """Whether all of it can be shown: a figure needs its picture."""
        return not self.is_figure or self.picture is not None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is needed to show evidence: the plan, the pictures, and which elements are evidence of their own."""

    plan: TrialPlan
    images: Mapping[str, Image]
    among: frozenset[str]
    carrying: frozenset[str]


def exhibits_of(
    question: Question,
    views: Mapping[str, DocumentView],
    plan: TrialPlan,
    images: Mapping[str, Image],
    *,
    without: Collection[str] = (),
) -> list[Exhibit]:
    """Return what a question rests on, one an element, in its order; alternatives are left out.

    The caption of a table or figure comes and goes with it, unless it carries the answer itself.

    Args:
        question: its evidence is shown.
        views: the documents by id; what they do not hold is left out.
        plan: how much is shown.
        images: the pictures by id.
        without: the elements that are taken away.
    """
    units: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for unit in question.evidence:
        if unit.role is not EvidenceRole.ALTERNATIVE and unit.doc_id in views:
            units[unit.doc_id, unit.element_id].append(unit)
    desk = _Desk(plan, images, frozenset(name for _, name in units), frozenset(carrying_units(question)))
    found = []
    for (doc_id, element_id), parts in units.items():
        element = views[doc_id].get(element_id)
        if element_id not in without and element and not _comes_along(element, views[doc_id], desk):
            found.append(_exhibit(element, parts, views[doc_id], desk))
    return found


def carrying_units(question: Question) -> tuple[str, ...]:
    """Return the elements that carry the answer, each once, in the question's order."""
    return tuple(dict.fromkeys(unit.element_id for unit in question.evidence if unit.role is EvidenceRole.ANSWER))


def table_rows(cells: Sequence[Cell], quoted: Collection[int], most: int) -> str:
    """Return a table as one line a row; of one that is too long the head, the quoted rows and what has room beside.

    A header that spans columns is repeated over each of them, so that a column is read without counting.
    """
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    heads: set[int] = set()
    for cell in cells:
        columns = range(cell.col, cell.col + (cell.col_span if cell.header else 1))
        for row in range(cell.row, cell.row + (cell.row_span if cell.header else 1)):
            for column in columns:
                rows[row].setdefault(column, " ".join(cell.text.split()))
        if cell.header and cell.col > 0:
            heads.add(cell.row)
    lines = {row: " | ".join(line[column] for column in sorted(line)) for row, line in sorted(rows.items())}
    return "\n".join(_fitting(lines, [*sorted(heads), *sorted(quoted)], most))


def _comes_along(element: Element, view: DocumentView, desk: _Desk) -> bool:
    """Say whether a caption is shown with its table or figure."""
    owner = view.captioned(element) if element.kind == ElementKind.CAPTION else None
    return owner is not None and element.element_id not in desk.carrying and owner.element_id in desk.among


def _exhibit(element: Element, parts: Sequence[Evidence], view: DocumentView, desk: _Desk) -> Exhibit:
    is_figure = element.kind == ElementKind.FIGURE
    image = desk.images.get(element.image_id or "") if is_figure and desk.plan.pictures else None
    lines = (_name(element, view, desk), _text(element, parts, view, desk))
    return Exhibit(
        element_id=element.element_id,
        where=_where(element, view),
        text="\n".join(line for line in lines if line),
        carries=element.element_id in desk.carrying,
        is_figure=is_figure,
        picture=fitting(Picture(image.bytes, image.format), desk.plan.picture_pixels) if image else None,
    )


def _where(element: Element, view: DocumentView) -> str:
    title = document_title(view)
    parts = [f"“{title}”" if title else "", f"page {view.page_label(element.page_index)}", *element.section_path[-2:]]
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _name(element: Element, view: DocumentView, desk: _Desk) -> str:
    """Return the caption of a table or figure, or its label where the caption is evidence itself."""
    if element.kind not in (ElementKind.TABLE, ElementKind.FIGURE):
        return ""
    caption = view.caption_of(element)
    return caption.text if caption and caption.element_id not in desk.carrying else element.label or ""


def _text(element: Element, parts: Sequence[Evidence], view: DocumentView, desk: _Desk) -> str:
    if element.kind == ElementKind.FIGURE:
        return "(see the picture)"
    if element.cells:
        quoted = {cell.row for part in parts for cell in part.cells}
        return table_rows(element.cells, quoted, desk.plan.characters)
    spans = [Span(part.quote_start or 0, part.quote_end or 0) for part in parts if part.quote]
    text = _around(element.text, spans, desk.plan.characters)
    if len(text) >= _BRIEF or element.kind not in _TEXTS:
        return text
    before, after = (_neighbour(element, view, step, desk.among) for step in (-1, 1))
    return "\n".join(part for part in (before, text, after) if part)


def _neighbour(element: Element, view: DocumentView, step: int, among: Collection[str]) -> str:
    """Return the text before or after a brief one, unless it is evidence of its own."""
    place = bisect_left(view.elements, _place(element), key=_place) + step
    if not 0 <= place < len(view.elements):
        return ""
    other = view.elements[place]
    fits = other.kind in _TEXTS and other.element_id not in among and other.section_path == element.section_path
    return other.text if fits else ""


def _around(text: str, spans: Sequence[Span], most: int) -> str:
    """Return as much of a text as may be shown, around its quotes."""
    if len(text) <= most:
        return text
    start = min((span.start for span in spans), default=0)
    end = max((span.end for span in spans), default=0)
    room = max(0, most - (end - start)) // 2
    first, last = max(0, start - room), min(len(text), end + room)
    return f"{_GAP if first else ''}{text[first:last]}{_GAP if last < len(text) else ''}"


def _fitting(lines: Mapping[int, str], wanted: Sequence[int], most: int) -> Iterator[str]:
    """Yield the lines that have room, in order, those wanted before the others; a gap shows what is left out."""
    room, kept = most, set[int]()
    for row in (*(row for row in wanted if row in lines), *lines):
        if row not in kept and len(lines[row]) < room:
            kept.add(row)
            room -= len(lines[row]) + 1
    skipped = False
    for row, line in lines.items():
        if row in kept:
            yield line
        elif not skipped:
            yield _GAP
        skipped = row not in kept


def _place(element: Element) -> tuple[int, int]:
    return element.page_index, element.order
