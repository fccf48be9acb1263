"""Documents of tables and paragraphs, made from plain words, and questions about them."""

from collections.abc import Iterable, Sequence

from generators.ambiguity.aims import Aim, aim_of
from generators.ambiguity.places import Place
from generators.ambiguity.searching import find_places, worth_reading
from generators.checks.surroundings import document_title
from generators.document_view import DocumentView
from generators.mining.guards import guarded
from generators.mining.pool_file import PoolEntry
from generators.pools import ELEMENT_CANDIDATES, candidates, gold
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    QuestionType,
    TextSource,
)
from schemas.records import (
    Cell,
    CellQuote,
    Document,
    Element,
    Evidence,
    Link,
    Page,
    Passage,
    Provenance,
    Question,
)

Rows = Sequence[Sequence[str]]
RAIN: Rows = (("Town", "Rain in mm", "Wind"), ("Kiel", "712", "7.1"), ("Ulm", "688", "2.4"))


def document(
    name: str, *parts: str | tuple[str, Rows], title: str | None = None, family: str | None = None
) -> DocumentView:
    """Return a document: a string is a paragraph, a pair a table under its caption."""
    doc_id = (name * 16)[:16]
    elements: list[Element] = []
    links: list[Link] = []
    for part in parts:
        if isinstance(part, str):
            elements.append(_element(doc_id, ElementKind.PARAGRAPH, len(elements), part))
            continue
        caption = _element(doc_id, ElementKind.CAPTION, len(elements), part[0])
        text = "\n".join("\t".join(row) for row in part[1])
        cells = tuple(Cell(r, c, cell, header=r == 0) for r, row in enumerate(part[1]) for c, cell in enumerate(row))
        table = _element(doc_id, ElementKind.TABLE, len(elements) + 1, text, cells)
        elements += [caption, table]
        links.append(Link(caption.element_id, table.element_id, LinkKind.CAPTION_OF))
    passages = [
        Passage(f"{doc_id}/passage-{item.order}", doc_id, (item.element_id,), item.text, (0,))
        for item in elements
        if item.kind is ElementKind.PARAGRAPH
    ]
    record = Document(doc_id, doc_id * 4, f"{name}.pdf", 1, 1, "x", "1", title=title, family_id=family or doc_id)
    page = Page(doc_id, 0, "1", 100, 100, 0, (), TextSource.TEXT_LAYER)
    return DocumentView(record, [page], elements, links, passages=passages)


def _element(doc_id: str, kind: ElementKind, order: int, text: str, cells: tuple[Cell, ...] = ()) -> Element:
    box = Box(0, order, 9, order + 1)
    return Element(f"{doc_id}/p0000/{kind.value}{order}", doc_id, 0, order, kind, box, text, cells=cells)


def asked(
    view: DocumentView, text: str, answer: str, proof: str | Iterable[tuple[int, int]], **fields: object
) -> Question:
    """Return a question about a document's first table (proof: cells) or the first paragraph that holds a quote."""
    unit = _quoted(view, proof) if isinstance(proof, str) else _from_cells(view, proof)
    is_number = answer[:1].isdigit()
    return Question(
        f"{view.document.doc_id}/qa-1", text, answer, AnswerKind.NUMBER if is_number else AnswerKind.TEXT,
        fields.pop("question_type", QuestionType.FACTUAL_RETRIEVAL), unit.modality.value, (unit,),
        Provenance("none", "1"), **fields,
    )  # type: ignore[arg-type] # fmt: skip


def _quoted(view: DocumentView, quote: str) -> Evidence:
    found = next(element for element in view.elements if quote in element.text)
    start = found.text.index(quote)
    return _evidence(found, Modality.TEXT, quote=quote, quote_start=start, quote_end=start + len(quote))


def _from_cells(view: DocumentView, places: Iterable[tuple[int, int]]) -> Evidence:
    (table, *_) = view.of_kind(ElementKind.TABLE)
    texts = {(cell.row, cell.col): cell.text for cell in table.cells}
    return _evidence(table, Modality.TABLE, cells=tuple(CellQuote(*place, texts[place]) for place in places))


def _evidence(of: Element, modality: Modality, **proof: object) -> Evidence:
    return Evidence(
        of.element_id, of.doc_id, 0, "1", of.bbox, modality, EvidenceRole.ANSWER,
        **proof,  # type: ignore[arg-type]
    )  # fmt: skip


def pool_of(views: Iterable[DocumentView]) -> list[PoolEntry]:
    """Return all candidates of some documents."""
    return [
        PoolEntry(item, view.document.family_id or "")
        for view in views
        for item in candidates(view, ELEMENT_CANDIDATES)
    ]


def elsewhere(question: Question, *views: DocumentView) -> tuple[Aim, list[Place]]:
    """Return what is asked for, and the places in all documents that answer it."""
    by_id = {view.document.doc_id: view for view in views}
    titles = {name: title for name, view in by_id.items() if (title := document_title(view))}
    pool = pool_of(views)
    own = {item.candidate_id for item in gold(question, by_id, ELEMENT_CANDIDATES)}
    aim = aim_of(question, guarded(question, [item for item in pool if item.item.candidate_id in own]), by_id)
    worth = [
        entry
        for entry in pool
        if entry.item.candidate_id not in own and worth_reading(aim, entry, titles.get(entry.item.doc_id))
    ]
    return aim, find_places(aim, worth, by_id, titles)
