"""What a model is shown of a bundle: its elements as numbered sources, its pictures, and the form of its answer."""

import json
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from generators.bundles import Bundle
from generators.document_view import DocumentView
from generators.engines.exchange import Picture
from generators.situating import document_title
from schemas.identity import document_of
from schemas.kinds import ElementKind
from schemas.records import Cell, Element, Image

_MOST_CHARACTERS: Final = 4000
_LANGUAGES: Final = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "zh": "Chinese"}


def sources_of(bundle: Bundle, views: Mapping[str, DocumentView]) -> list[Element]:
    """Return the elements of a bundle in the order in which they are shown, evidence first."""
    found = (element_in(views, element_id) for element_id in (*bundle.evidence, *bundle.context))
    return [element for element in found if element is not None]


def element_in(views: Mapping[str, DocumentView], element_id: str) -> Element | None:
    """Return the element of that id, in whichever document it is, or None."""
    view = views.get(document_of(element_id))
    return view.get(element_id) if view else None


def prompt_values(bundle: Bundle, views: Mapping[str, DocumentView]) -> dict[str, object]:
    """Return what every draft prompt may say: the documents' titles, the language, the section and the sources."""
    view = views[bundle.doc_id]
    sources = sources_of(bundle, views)
    titles = [document_title(views[name]) or f"document {number}" for number, name in enumerate(bundle.doc_ids, 1)]
    across = len(titles) > 1
    items = [_item(number, element) for number, element in enumerate(sources, start=1)]
    for item, element in zip(items, sources, strict=True):
        if across:
            item["name"] = f"{item['name']} of “{titles[bundle.doc_ids.index(element.doc_id)]}”"
    return {
        "title": document_title(view),
        "titles": titles,
        "language": _LANGUAGES.get(view.document.language or "en", "the language of the sources"),
        "section": " > ".join(sources[0].section_path) if not across and sources else "",
        "items": items,
    }


def pictures_of(bundle: Bundle, views: Mapping[str, DocumentView], images: Mapping[str, Image]) -> tuple[Picture, ...]:
    """Return the pictures among the sources that are at hand, in their order."""
    found = [images.get(element.image_id or "") for element in sources_of(bundle, views)]
    return tuple(Picture(image.bytes, image.format) for image in found if image is not None)


def shows_figure(bundle: Bundle, views: Mapping[str, DocumentView]) -> bool:
    """Say whether a figure is among the evidence."""
    return _holds(bundle, views, ElementKind.FIGURE)


def draft_schema(bundle: Bundle, views: Mapping[str, DocumentView]) -> str:
    """Return the JSON schema of a draft about a bundle; cells are asked for where its evidence holds a table."""
    parts: dict[str, object] = {
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "quotes": {"type": "array", "items": _record(source={"type": "integer"}, text={"type": "string"})},
    }
    if _holds(bundle, views, ElementKind.TABLE):
        place = {name: {"type": "integer"} for name in ("source", "row", "col")}
        parts["cells"] = {"type": "array", "items": _record(**place)}
    return object_schema(**parts)


def object_schema(**properties: object) -> str:
    """Return the schema of an object with these properties, all required.

    They stay in their order: a model under a schema writes them so, the question before its answer.
    """
    return json.dumps(_record(**properties), separators=(",", ":"), ensure_ascii=False)


def _record(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _holds(bundle: Bundle, views: Mapping[str, DocumentView], kind: ElementKind) -> bool:
    found = (element_in(views, element_id) for element_id in bundle.evidence)
    return any(element is not None and element.kind == kind for element in found)


def _item(number: int, element: Element) -> dict[str, object]:
    if element.kind == ElementKind.TABLE:
        return {"number": number, "name": f"table {element.label or ''}".strip(), "text": table_lines(element)}
    name = element.label or element.kind.value.replace("_", " ")
    text = "(the picture)" if element.kind == ElementKind.FIGURE else element.text
    return {"number": number, "name": name, "text": text[:_MOST_CHARACTERS]}


def table_lines(table: Element) -> str:
    """Return a table as a model reads it: a line a row, each cell as row,column: text; of a long one the first rows."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=_place):
        if cell.text:
            rows.setdefault(cell.row, []).append(f"{cell.row},{cell.col}: {' '.join(cell.text.split())}")
    lines = [" | ".join(cells) for cells in rows.values()]
    ends = list(accumulate(len(line) + 1 for line in lines))
    whole = sum(end <= 2 * _MOST_CHARACTERS for end in ends)
    left = [f"({len(lines) - whole} more rows)"] if whole < len(lines) else []
    return "\n".join([*lines[:whole], *left])


def _place(cell: Cell) -> tuple[int, int]:
    return cell.row, cell.col
