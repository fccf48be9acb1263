"""A page with what was found on it: boxes by kind, reading order, labels, and the links that stay on the page."""

import io
import math
from collections.abc import Iterable
from typing import Final

import PIL.Image
from PIL import ImageDraw, ImageFont

from generators.document_view import DocumentView
from pipelines.formats.source import DatasetSource
from pipelines.workspace import DocumentPlace, open_workspace
from schemas.errors import UsageError
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Element, Link, Page

_COLOURS: Final = {
    ElementKind.TITLE: "#b3006b",
    ElementKind.HEADING: "#d6336c",
    ElementKind.PARAGRAPH: "#868e96",
    ElementKind.LIST_ITEM: "#5c7cfa",
    ElementKind.TABLE: "#1971c2",
    ElementKind.FIGURE: "#2f9e44",
    ElementKind.CAPTION: "#e8590c",
    ElementKind.FORMULA: "#9c36b5",
    ElementKind.FOOTNOTE: "#846358",
    ElementKind.HEADER: "#ced4da",
    ElementKind.FOOTER: "#ced4da",
}
_NAMED: Final = (ElementKind.TABLE, ElementKind.FIGURE)
_LINK_COLOURS: Final = {LinkKind.CAPTION_OF: "#e8590c", LinkKind.MENTIONS: "#c92a2a"}
_FONT_PIXELS: Final = 13
_BLANK_SCALE: Final = 96 / 72


def draw_page(workspace: str, document: str, page_index: int) -> PIL.Image.Image:
    """Return a page's picture with its elements and links; a blank page where pictures were not asked for.

    A link that leads to another page is drawn as a stub with the label it leads to.

    Args:
        workspace: the workspace's folder.
        document: a document id, or the beginning of one.
        page_index: the page, from 0.

    Raises:
        UsageError: there is no such document or page.
    """
    opened = open_workspace(workspace)
    place = _find(opened.places(), document)
    view = opened.view(place)
    page = view.pages.get(page_index)
    if page is None:
        raise UsageError(f"{place.doc_id} has no page {page_index + 1}; it has {len(view.pages)} pages")
    picture = _picture(DatasetSource(opened), page)
    return draw_elements(picture, page, view)


def draw_elements(picture: PIL.Image.Image, page: Page, view: DocumentView) -> PIL.Image.Image:
    """Return a copy of a page's picture with the elements and links of that page drawn on it."""
    scale = picture.width / page.width if page.width else 1.0
    drawn = picture.convert("RGB")
    pen = ImageDraw.Draw(drawn, "RGBA")
    here = [element for element in view.elements if element.page_index == page.page_index]
    for element in here:
        _draw_box(pen, element, scale)
    by_id = {element.element_id: element for element in view.elements}
    for lane, link in enumerate(_links_from(here, view.links)):
        if link.target_id in by_id:
            _draw_link(pen, (by_id[link.source_id], by_id[link.target_id]), scale, kind=link.kind, lane=lane)
    return drawn


def _find(places: Iterable[DocumentPlace], document: str) -> DocumentPlace:
    found = [place for place in places if place.doc_id.startswith(document)]
    if len(found) != 1:
        problem = "no document" if not found else f"{len(found)} documents"
        raise UsageError(f"--document {document}: {problem} of the workspace begins so; give more of a doc_id")
    return found[0]


def _picture(source: DatasetSource, page: Page) -> PIL.Image.Image:
    found = source.picture(page.doc_id, page.image_id)
    if found is not None:
        return PIL.Image.open(io.BytesIO(found.data))
    size = (max(1, round(page.width * _BLANK_SCALE)), max(1, round(page.height * _BLANK_SCALE)))
    return PIL.Image.new("RGB", size, "white")


def _links_from(elements: Iterable[Element], links: Iterable[Link]) -> list[Link]:
    ids = {element.element_id for element in elements}
    return [link for link in links if link.kind in _LINK_COLOURS and link.source_id in ids]


def _draw_box(pen: ImageDraw.ImageDraw, element: Element, scale: float) -> None:
    colour = _COLOURS[element.kind]
    corners = _scaled(element.bbox, scale)
    pen.rectangle(corners, outline=colour, width=2, fill=f"{colour}18")
    for cell in element.cells:
        if cell.bbox is not None:
            pen.rectangle(_scaled(cell.bbox, scale), outline=f"{colour}70", width=1)
    if element.kind in _NAMED:
        # A table's caption is mostly above it, a figure's below: the tag goes to the other side.
        top = corners[3] + _FONT_PIXELS + 4 if element.kind == ElementKind.TABLE else corners[1]
        _tag(pen, (corners[0], top), f"{element.order} {element.label or element.kind.value}", colour)
    else:
        # Only its number, and beside it, so that the text above stays readable.
        _tag(pen, (corners[0] - _FONT_PIXELS - 6, corners[1] + _FONT_PIXELS + 2), str(element.order), colour)


def _draw_link(
    pen: ImageDraw.ImageDraw, ends: tuple[Element, Element], scale: float, *, kind: LinkKind, lane: int
) -> None:
    source, target = ends
    colour = _LINK_COLOURS[kind]
    if source.page_index != target.page_index:
        words = f"to {target.label or target.kind.value}, p. {target.page_index + 1}"
        corners = _scaled(source.bbox, scale)
        _tag(pen, (corners[2], corners[3]), words, colour)
        return
    if kind == LinkKind.CAPTION_OF:
        points = [_port(source.bbox, target.bbox, scale), _port(target.bbox, source.bbox, scale)]
    else:
        points = _detour(source.bbox, target.bbox, scale, lane=lane)
    pen.line(points, fill=f"{colour}c0", width=2)
    _draw_head(pen, points[-2], points[-1], colour=colour)


def _detour(box: Box, other: Box, scale: float, *, lane: int) -> list[tuple[float, float]]:
    """Return a line from one box to another that leaves and enters on the right, so that it crosses little text."""
    first, last = _scaled(box, scale), _scaled(other, scale)
    x = max(first[2], last[2]) + 8 + 4 * (lane % 6)
    start, end = (first[1] + first[3]) / 2, (last[1] + last[3]) / 2
    return [(first[2], start), (x, start), (x, end), (last[2], end)]


def _draw_head(pen: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], *, colour: str) -> None:
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    wings = [(end[0] - 9 * math.cos(angle + turn), end[1] - 9 * math.sin(angle + turn)) for turn in (-0.4, 0.4)]
    pen.polygon([end, *wings], fill=colour)


def _tag(pen: ImageDraw.ImageDraw, place: tuple[float, float], words: str, colour: str) -> None:
    font = ImageFont.load_default(_FONT_PIXELS)
    width = pen.textlength(words, font=font)
    limit_x, limit_y = pen.im.size
    x = max(0.0, min(place[0], limit_x - width - 4))
    y = max(0.0, min(place[1] - _FONT_PIXELS - 2, limit_y - _FONT_PIXELS - 2))
    pen.rectangle((x, y, x + width + 4, y + _FONT_PIXELS + 2), fill=f"{colour}d8")
    pen.text((x + 2, y), words, fill="white", font=font)


def _port(box: Box, other: Box, scale: float) -> tuple[float, float]:
    """Return where a line from `box` to `other` begins: on the box's edge that faces the other one."""
    x, y = box.center
    if other.y0 >= box.y1:
        y = box.y1
    elif other.y1 <= box.y0:
        y = box.y0
    else:
        x = box.x1 if other.x0 >= box.x1 else box.x0
    return x * scale, y * scale


def _scaled(box: Box, scale: float) -> tuple[float, float, float, float]:
    left, right = sorted((box.x0 * scale, box.x1 * scale))
    top, bottom = sorted((box.y0 * scale, box.y1 * scale))
    return left, top, right, bottom
