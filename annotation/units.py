"""Evidence units as people judge them: one an element, with all of it that a question quotes, shown as HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from annotation.evidence_tables import table_html
from schemas.geometry import Box, Span
from schemas.kinds import ElementKind, EvidenceRole, Modality
from schemas.records import Element, Evidence, Question

COLOURS: Final = ("#1971c2", "#c2255c", "#2f9e44", "#e8590c", "#7048e8", "#0c8599", "#846358", "#5c940d")
"""The colour of each evidence unit, on its box and on its card; they come again from the ninth on."""

_CHARACTERS_AROUND: Final = 240
_FIGURE_HEIGHT: Final = 240


@dataclass(frozen=True, slots=True)
class Unit:
    """An evidence unit: an element, its role, and what of it is quoted. `number` counts from 1, as people see it."""

    number: int
    element_id: str
    doc_id: str
    page_index: int
    page_label: str
    bbox: Box
    modality: Modality
    role: EvidenceRole
    quotes: tuple[str, ...]
    spans: tuple[Span, ...]
    cells: frozenset[tuple[int, int]]

    @property
    def label(self) -> str:
        """What its box is called."""
        return f"Evidence {self.number}"

    @property
    def colour(self) -> str:
        """The colour of its box and its card."""
        return COLOURS[(self.number - 1) % len(COLOURS)]


@dataclass(frozen=True, slots=True)
class Crop:
    """A figure's own picture: its address, and its size in pixels, of which only the proportion counts."""

    address: str
    width: int
    height: int


def units_of(question: Question) -> tuple[Unit, ...]:
    """Return the evidence units of a question, in its order; what it quotes of one element is one unit.

    Other places that answer it as well are left out: none of them is required, and people judge what is.
    """
    grouped: dict[str, list[Evidence]] = {}
    for evidence in question.evidence:
        if evidence.role == EvidenceRole.ALTERNATIVE:
            continue
        grouped.setdefault(evidence.element_id, []).append(evidence)
    return tuple(_unit(number, parts) for number, parts in enumerate(grouped.values(), start=1))


def unit_html(unit: Unit, element: Element | None, *, where: str, crop: Crop | None = None) -> str:
    """Return a unit's card: where it stands, and the passage or table with what is quoted marked, or the figure.

    Args:
        unit: the evidence unit.
        element: its element, or None where the workspace no longer holds it.
        where: its page and document, for people.
        crop: a figure's own picture, if there is one.
    """
    name = _name(unit, element)
    head = (
        f'<div class="cm-head"><b style="color:{unit.colour}">{escape(unit.label)}</b> '
        f"<span>{escape(name)} · {escape(where)}</span></div>"
    )
    return head + _body(unit, element, crop)


def passage_html(text: str, spans: Iterable[Span]) -> str:
    """Return a passage with its quotes marked; what lies far from all of them is left out.

    >>> passage_html("Profit rose by 4 %.", [Span(15, 18)])
    '<div class="cm-passage"><p>Profit rose by <mark>4 %</mark>.</p></div>'
    """
    marked = sorted(span for span in spans if 0 <= span.start < span.end <= len(text))
    shown = _window(text, marked)
    parts, place = ["… " if shown.start else ""], shown.start
    for span in marked:
        start = max(span.start, place)
        if start < span.end:
            parts += [escape(text[place:start]), f"<mark>{escape(text[start : span.end])}</mark>"]
            place = span.end
    parts += [escape(text[place : shown.end]), " …" if shown.end < len(text) else ""]
    return f'<div class="cm-passage"><p>{"".join(parts)}</p></div>'


def _name(unit: Unit, element: Element | None) -> str:
    label = (element.label if element else None) or _KIND_NAMES[unit.modality]
    return f"Caption of {label}" if element and element.kind == ElementKind.CAPTION else label


_KIND_NAMES: Final = {Modality.TEXT: "Text", Modality.TABLE: "Table", Modality.FIGURE: "Figure"}


def _unit(number: int, parts: Sequence[Evidence]) -> Unit:
    first = parts[0]
    roles = {part.role for part in parts}
    return Unit(
        number=number,
        element_id=first.element_id,
        doc_id=first.doc_id,
        page_index=first.page_index,
        page_label=first.page_label,
        bbox=first.bbox,
        modality=first.modality,
        role=EvidenceRole.ANSWER if EvidenceRole.ANSWER in roles else first.role,
        quotes=tuple(part.quote for part in parts if part.quote),
        spans=tuple(_spans(parts)),
        cells=frozenset((cell.row, cell.col) for part in parts for cell in part.cells),
    )


def _spans(parts: Iterable[Evidence]) -> Iterator[Span]:
    for part in parts:
        if part.quote_start is not None and part.quote_end is not None:
            yield Span(part.quote_start, part.quote_end)


def _body(unit: Unit, element: Element | None, crop: Crop | None) -> str:
    if unit.modality == Modality.FIGURE:
        return _figure_html(crop) if crop else "<p>Outlined in this colour on the page.</p>"
    if element is None:
        return "".join(f"<p><mark>{escape(quote)}</mark></p>" for quote in unit.quotes)
    if element.cells:
        return table_html(element.cells, unit.cells)
    return passage_html(element.text, unit.spans)


def _figure_html(crop: Crop) -> str:
    # Label Studio strips pictures whose source is inline; as a background they stay.
    widest = round(_FIGURE_HEIGHT * crop.width / max(crop.height, 1))
    style = f"background-image: url('{escape(crop.address)}'); aspect-ratio: {crop.width} / {crop.height}"
    return f'<div class="cm-figure" style="{style}; max-width: {widest}px"></div>'


def _window(text: str, spans: Sequence[Span]) -> Span:
    if not spans:
        return Span(0, min(len(text), 2 * _CHARACTERS_AROUND))
    start = max(0, spans[0].start - _CHARACTERS_AROUND)
    end = min(len(text), max(span.end for span in spans) + _CHARACTERS_AROUND)
    return Span(_word_start(text, start), _word_start(text, end) if end < len(text) else end)


def _word_start(text: str, place: int) -> int:
    found = text.find(" ", place)
    return place if place == 0 or found < 0 or found - place > _LONGEST_WORD else found + 1


_LONGEST_WORD: Final = 24
