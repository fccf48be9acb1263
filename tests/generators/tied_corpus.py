"""Small documents that share rare things, common things and whole paragraphs, for tests of ties."""

from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, TextSource
from schemas.records import Cell, Document, Element, Link, Page

LICENCE = (
    "This work is distributed under the Open Prairie Attribution Charter, which permits unrestricted reuse in any "
    "medium, provided that the original authors and the source are credited by everyone who copies or adapts it."
)
_TOPICS = (
    "glacier meltwater sediment plume lagoon estuary salmon migration nursery habitat turbine forest canopy moth "
    "lichen granite basalt aquifer well salinity intrusion levee barrage monsoon drought cassava sorghum millet "
    "locust pheromone beetle resin amber"
)


def document(
    name: str, *paragraphs: str, tables: tuple[Element, ...] = (), family: str | None = None, title: str = ""
) -> DocumentView:
    """Return a document of these paragraphs and tables; a table's text becomes its caption."""
    elements = [
        Element(f"{name}/p0000/paragraph{number}", name, 0, number, ElementKind.PARAGRAPH, Box(0, 0, 9, 9), text)
        for number, text in enumerate(paragraphs, start=1)
    ]
    links = []
    for number, given in enumerate(tables, start=1):
        place, below = f"{name}/p0001/table{number}", f"{name}/p0001/caption{number}"
        elements.append(Element(place, name, 1, number, ElementKind.TABLE, Box(0, 0, 9, 9), "", cells=given.cells))
        elements.append(Element(below, name, 1, 50 + number, ElementKind.CAPTION, Box(0, 0, 9, 9), given.text))
        links.append(Link(below, place, LinkKind.CAPTION_OF))
    record = Document(
        name, "s", f"file:///{name}.pdf", 1, 2, "x", "1", title=title or f"Report {name}", family_id=family
    )
    return DocumentView(record, [Page(name, 0, "1", 9, 9, 0, (), TextSource.TEXT_LAYER)], elements, links)


def table(caption: str, *rows: tuple[str, ...]) -> Element:
    """Return a table with one header row, for `document`."""
    cells = tuple(Cell(r, c, text, header=r == 0) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Element("t", "t", 0, 0, ElementKind.TABLE, Box(0, 0, 9, 9), caption, cells=cells)


def chatter(seed: int, words: int = 30) -> str:
    """Return running text that no other seed gives."""
    topics = _TOPICS.split()
    picked = [topics[(seed * 7 + number * (seed % 5 + 1)) % len(topics)] for number in range(words)]
    return f"People of village{seed} say that " + " and the ".join(picked) + " are all there."
