"""The evidence of a draft: the cells that its program reads, with the headers and labels that name them."""

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from generators.document_view import DocumentView
from generators.program_places import Place
from generators.program_reading import TableReading
from generators.table_grid import Column, Grid, Row
from schemas.kinds import EvidenceRole, Modality
from schemas.records import Cell, CellQuote, Element, Evidence, Operand, Provenance


def table_evidence(reading: TableReading, places: Iterable[Place]) -> tuple[Evidence, ...]:
    """Return the table with its quoted cells, and the element that says what it is about, unless the table does."""
    answer = quote_cells(reading, quoted_cells(reading.grid, places), EvidenceRole.ANSWER)
    context = subject_evidence(reading)
    return (answer, context) if context else (answer,)


def subject_evidence(reading: TableReading) -> Evidence | None:
    """Return the caption or heading that says what a table is about, as context; None where its own cells do."""
    subject = reading.subject
    if subject.source.element_id == reading.table.element_id:
        return None
    return quote_text(reading.source.view, subject.source, subject.span)


def quote_text(view: DocumentView, element: Element, span: tuple[int, int]) -> Evidence:
    """Return a stretch of an element's text as context."""
    quote = element.text[slice(*span)]
    return _unit(view, element, EvidenceRole.CONTEXT, quote=(quote, *span))


def quote_cells(reading: TableReading, cells: Iterable[Cell], role: EvidenceRole) -> Evidence:
    """Return a table with these cells quoted, each once, in the order of the table."""
    texts = {(cell.row, cell.col): cell.text for cell in cells}
    quotes = tuple(CellQuote(row, col, text) for (row, col), text in sorted(texts.items()))
    return _unit(reading.source.view, reading.table, role, cells=quotes)


def quoted_cells(grid: Grid, places: Iterable[Place]) -> Iterator[Cell]:
    """Yield the values, what names their rows and columns, the corner and the title."""
    yield from grid.columns[grid.stub_columns - 1].cells if grid.stub_head else ()
    for place in places:
        yield from naming_cells(place.row, place.column)
        value = grid.cell(place.row.index, place.column.index)
        if value:
            yield value
    title = grid.cell(0, 0) if grid.title else None
    if title:
        yield title


def naming_cells(row: Row, column: Column) -> Iterator[Cell]:
    """Yield the cells that name a row, its group and a column."""
    yield from row.cells
    yield from column.cells
    if row.section_cell:
        yield row.section_cell


def operands_of(
    places: Iterable[Place], *, evidence: int = 0, labelled_by_column: bool = False, per_group: int = 1
) -> Iterator[Operand]:
    """Yield what a program reads at these places: each value, and what names the first one of its group."""
    for at, place in enumerate(places):
        group, again = divmod(at, per_group)
        yield Operand(evidence, place.row.index, place.column.index, "value", group)
        labels = place.column.cells[-1:] if labelled_by_column else place.row.cells
        for cell in () if again else labels:
            yield Operand(evidence, cell.row, cell.col, "label", group)


def provenance(seed: int) -> Provenance:
    """Return the provenance of a question that a program wrote."""
    try:
        software = version("corpusmill")
    except PackageNotFoundError:
        software = "0"
    return Provenance(engine="none", software_version=software, seed=seed)


def _unit(
    view: DocumentView,
    element: Element,
    role: EvidenceRole,
    *,
    cells: tuple[CellQuote, ...] = (),
    quote: tuple[str, int, int] | None = None,
) -> Evidence:
    return Evidence(
        element_id=element.element_id,
        doc_id=element.doc_id,
        page_index=element.page_index,
        page_label=view.page_label(element.page_index),
        bbox=element.bbox,
        modality=Modality.TEXT if quote else Modality.TABLE,
        role=role,
        quote=quote[0] if quote else None,
        quote_start=quote[1] if quote else None,
        quote_end=quote[2] if quote else None,
        cells=cells,
    )
