"""What a draft claims to rest on, found in its documents: quotes to spans, cells to cells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generators.alignment import align
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftCell, DraftQuote, DraftReason, Unusable
from schemas.geometry import Span
from schemas.kinds import ElementKind, EvidenceRole, Modality
from schemas.records import CellQuote, Element, Evidence

Proof = tuple[Evidence, ...]

_MODALITIES = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}


def prove(draft: Draft, sources: Sequence[Element], views: Mapping[str, DocumentView]) -> Proof | Unusable:
    """Return the evidence of a draft, or why it has none.

    A quote or cell is looked up in the source that it names, whichever of `views` holds it. A figure among the sources
    is evidence itself, as nothing in it can be quoted. Captions that are not quoted come along as context.
    """
    units: list[Evidence] = []
    for quote in draft.quotes:
        found = _quoted(quote, sources, views)
        if found is None:
            return Unusable(DraftReason.QUOTE_NOT_FOUND, f"“{quote.text[:200]}” stands in none of the sources")
        units.append(found)
    pointed = _pointed(draft.cells, sources)
    for table, places in pointed.items():
        cells = _cells(places, sources[table])
        if isinstance(cells, Unusable):
            return cells
        units.append(_unit(sources[table], views, cells=cells))
    units += [_unit(element, views) for element in sources if element.kind == ElementKind.FIGURE]
    if not units:
        return Unusable(DraftReason.NO_PROOF, "the draft quotes nothing and points at no cell")
    merged = _without_repeats(units)
    return merged + _captions(merged, sources, views)


def near_misses(draft: Draft, sources: Sequence[Element], views: Mapping[str, DocumentView]) -> Proof:
    """Return the sources that seem to answer a question and do not, with the words that come nearest where they stand.

    They are context: nothing carries an answer that does not exist.
    """
    units = []
    for element in sources:
        whole = Span(0, len(element.text)) if element.kind == ElementKind.CAPTION and element.text else None
        span = align(draft.near, element.text) or whole if element.kind != ElementKind.TABLE else None
        units.append(_unit(element, views, span=span, role=EvidenceRole.CONTEXT))
    return tuple(units)


def modality_of(proof: Proof) -> str:
    """Return the modalities that carry the answer, or all where none does, in the order of the vocabulary."""
    carrying = {unit.modality for unit in proof if unit.role == EvidenceRole.ANSWER}
    carrying = carrying or {unit.modality for unit in proof}
    return "+".join(modality.value for modality in Modality if modality in carrying)


def _quoted(quote: DraftQuote, sources: Sequence[Element], views: Mapping[str, DocumentView]) -> Evidence | None:
    """Look in the named source first, then in the others: models miscount."""
    named = sources[quote.source - 1 : quote.source] if quote.source and quote.source > 0 else []
    for element in (*named, *sources):
        if element.kind == ElementKind.TABLE:
            cell = next((cell for cell in element.cells if _same(cell.text, quote.text)), None)
            if cell:
                return _unit(element, views, cells=(CellQuote(cell.row, cell.col, cell.text),))
        elif span := align(quote.text, element.text):
            return _unit(element, views, span=span)
    return None


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.split() == other.split()


def _pointed(wanted: Sequence[DraftCell], sources: Sequence[Element]) -> dict[int, list[DraftCell]]:
    """Return the cells by the index of the table that each names; the first table where it names none."""
    tables = [index for index, element in enumerate(sources) if element.kind == ElementKind.TABLE]
    found: dict[int, list[DraftCell]] = {}
    for place in wanted if tables else ():
        named = (place.source or 0) - 1
        found.setdefault(named if named in tables else tables[0], []).append(place)
    return found


def _cells(wanted: list[DraftCell], table: Element) -> tuple[CellQuote, ...] | Unusable:
    known = {(cell.row, cell.col): cell for cell in table.cells}
    found = []
    for place in wanted:
        cell = known.get((place.row, place.col))
        if cell is None or not cell.text.strip():
            return Unusable(DraftReason.CELL_NOT_FOUND, f"the table has no cell at {place.row},{place.col}")
        found.append(CellQuote(cell.row, cell.col, cell.text))
    return tuple(dict.fromkeys(found))


def _without_repeats(units: list[Evidence]) -> Proof:
    """Join cells of one table into one unit, and drop quotes that repeat."""
    tables: dict[str, tuple[CellQuote, ...]] = {}
    for unit in units:
        if unit.cells:
            tables[unit.element_id] = tuple(dict.fromkeys((*tables.get(unit.element_id, ()), *unit.cells)))
    joined: dict[tuple[str, int | None, int | None], Evidence] = {}
    for unit in units:
        joined.setdefault((unit.element_id, unit.quote_start, unit.quote_end), unit)
    return tuple(_with_cells(unit, tables.get(unit.element_id, ())) for unit in joined.values())


def _with_cells(unit: Evidence, cells: tuple[CellQuote, ...]) -> Evidence:
    return replace(unit, cells=cells) if cells else unit


def _captions(proof: Proof, sources: Sequence[Element], views: Mapping[str, DocumentView]) -> Proof:
    proven = {unit.element_id for unit in proof}
    captions = (element for element in sources if element.kind == ElementKind.CAPTION and element.text)
    return tuple(
        _unit(caption, views, span=Span(0, len(caption.text)), role=EvidenceRole.CONTEXT)
        for caption in captions
        if caption.element_id not in proven
    )


def _unit(
    element: Element,
    views: Mapping[str, DocumentView],
    *,
    span: Span | None = None,
    cells: tuple[CellQuote, ...] = (),
    role: EvidenceRole = EvidenceRole.ANSWER,
) -> Evidence:
    return Evidence(
        element_id=element.element_id,
        doc_id=element.doc_id,
        page_index=element.page_index,
        page_label=views[element.doc_id].page_label(element.page_index),
        bbox=element.bbox,
        modality=_MODALITIES.get(element.kind, Modality.TEXT),
        role=role,
        quote=element.text[span.start : span.end] if span else None,
        quote_start=span.start if span else None,
        quote_end=span.end if span else None,
        cells=cells,
    )
