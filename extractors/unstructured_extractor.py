"""The second extractor: `unstructured` finds the elements, our own steps tie them together.

Page sizes, pictures and the type of the text come from the PDF library; kinds, boxes, order and tables are those that
`unstructured` gives. The version in a document's row says which strategy gave them: "3+fast".
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pymupdf

from extractors.captions import find_captions
from extractors.document_titles import settle_title
from extractors.html_cells import parse_cells
from extractors.opening import PDF_ERRORS, first_line, open_pdf
from extractors.options import ExtractOptions
from extractors.page_records import OBJECT_MODALITIES, page_record
from extractors.passages import make_passages
from extractors.pictures import picture_page, picture_part
from extractors.raw import Block, CaptionRegion, FigureRegion, RawLine, RawPage, TableRegion
from extractors.reading import read_page, straighten
from extractors.repair import writable
from extractors.structure import structure
from extractors.unstructured_reading import Part, read_parts
from extractors.unstructured_strategy import Strategy, choose_strategy
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box, box, overlap
from schemas.identity import content_hash, doc_id
from schemas.kinds import ElementKind
from schemas.records import Document, Extraction, Image, Page

NAME = "unstructured"
# Raised whenever the same bytes would give other elements, links or passages.
VERSION = "4"

_KINDS = {
    "Title": ElementKind.HEADING,
    "ListItem": ElementKind.LIST_ITEM,
    "Table": ElementKind.TABLE,
    "Image": ElementKind.FIGURE,
    "FigureCaption": ElementKind.CAPTION,
    "Formula": ElementKind.FORMULA,
    "Header": ElementKind.HEADER,
    "Footer": ElementKind.FOOTER,
    "PageNumber": ElementKind.FOOTER,
}
_CAPTION_SHARE = 0.6


def extract(pdf: bytes, options: ExtractOptions, *, uri: str = "") -> Extraction:
    """Read a document.

    Raises:
        ExtractionError: it cannot be read, what `unstructured` needs is missing, or it found nothing in a text.
    """
    strategy = choose_strategy(options)
    source = open_pdf(pdf, options)
    try:
        parts = read_parts(pdf, options, strategy)
        document = _document(source, pdf, options, uri=uri, strategy=strategy)
        read = [_read_one(source[index], document, parts.get(index, ()), options) for index in range(len(source))]
    except PDF_ERRORS as error:
        raise ExtractionError(ReasonCode.DAMAGED, f"the file cannot be read: {first_line(error)}") from error
    finally:
        source.close()
    if not any(parts.values()) and any(raw.words for raw, *_ in read):
        raise ExtractionError(ReasonCode.NO_TEXT, "unstructured found nothing in a document that has text")
    return _finish(document, read, options)


_Read = tuple[RawPage, Page, list[Block], dict[Box, Image], Image | None]


def to_block(part: Part, raw: RawPage, captions: Sequence[CaptionRegion], shift: tuple[float, float]) -> Block:
    """Return a part as a block: in points of the displayed page, with the type of the lines under it."""
    bbox = _placed(part, raw, shift)
    lines = [line for line in raw.lines if overlap(line.bbox, bbox) > 0.5]
    caption = next((region for region in captions if overlap(bbox, region.bbox) >= _CAPTION_SHARE), None)
    kind = _KINDS.get(part.category, ElementKind.PARAGRAPH)
    if caption is not None and kind not in OBJECT_MODALITIES:
        kind = ElementKind.CAPTION
    elif kind is ElementKind.HEADING and lines:
        kind = ElementKind.PARAGRAPH  # whether it is one, and of what level, the whole document tells
    cells = parse_cells(part.html) if part.html else ()
    return replace(
        _styled(Block(raw.page_index, kind, bbox, part.text), lines),
        label=caption.label if caption is not None and kind is ElementKind.CAPTION else None,
        table=TableRegion(bbox, cells) if kind is ElementKind.TABLE else None,
        figure=FigureRegion(bbox) if kind is ElementKind.FIGURE else None,
    )


def _styled(block: Block, lines: Sequence[RawLine]) -> Block:
    weights: Counter[tuple[str, float, bool, bool, bool]] = Counter()
    for line in lines:
        for span in line.spans:
            weights[span.font, span.size, span.bold, span.italic, span.mono] += len(span.text.strip())
    if not weights:
        return block
    font, size, bold, italic, mono = weights.most_common(1)[0][0]
    return replace(block, font=font, size=size, bold=bold, italic=italic, mono=mono, line_count=len(lines))


def _placed(part: Part, raw: RawPage, shift: tuple[float, float]) -> Box:
    """Return a box in points: pixels are scaled, points of an uncropped page are shifted."""
    width, height = part.frame
    if abs(width / height - raw.width / raw.height) < 0.01:
        across, down = raw.width / width, raw.height / height
        return box(part.bbox.x0 * across, part.bbox.y0 * down, part.bbox.x1 * across, part.bbox.y1 * down)
    dx, dy = shift
    return box(part.bbox.x0 - dx, part.bbox.y0 - dy, part.bbox.x1 - dx, part.bbox.y1 - dy)


def _read_one(page: pymupdf.Page, document: Document, parts: Sequence[Part], options: ExtractOptions) -> _Read:
    raw = read_page(page, straighten(page))
    captions = find_captions(raw)
    shift = (float(page.cropbox_position.x), float(page.cropbox_position.y))
    blocks = [to_block(part, raw, captions, shift) for part in parts]
    objects = [block.bbox for block in blocks if _is_object(block)] if options.crop_dpi else []
    crops = {bbox: picture_part(page, bbox, options.crop_dpi) for bbox in objects}
    picture = picture_page(page, options.page_dpi) if options.page_dpi else None
    record = page_record(document.doc_id, raw, blocks, picture=picture)
    return raw, record, blocks, crops, picture


def _is_object(block: Block) -> bool:
    return block.kind in OBJECT_MODALITIES and block.bbox.width > 1 and block.bbox.height > 1


def _document(
    source: pymupdf.Document, pdf: bytes, options: ExtractOptions, *, uri: str, strategy: Strategy
) -> Document:
    sha256 = content_hash(pdf)
    return Document(
        doc_id=doc_id(sha256),
        sha256=sha256,
        uri=uri,
        byte_size=len(pdf),
        page_count=source.page_count,
        extractor=NAME,
        extractor_version=f"{VERSION}+{strategy}",
        title=writable((source.metadata or {}).get("title")),
        language=writable(source.language),
        domain=options.domain,
        licence=options.licence,
    )


def _finish(document: Document, read: Sequence[_Read], options: ExtractOptions) -> Extraction:
    pages = [page for _, page, *_ in read]
    found = structure(document, pages, [block for _, _, blocks, *_ in read for block in blocks])
    crops: Mapping[tuple[int, Box], Image] = {
        (page.page_index, bbox): image for _, page, _, cropped, _ in read for bbox, image in cropped.items()
    }
    images = [*crops.values(), *(picture for *_, picture in read if picture is not None)]
    elements = [
        replace(element, image_id=crops[element.page_index, element.bbox].image_id)
        if element.kind in OBJECT_MODALITIES and (element.page_index, element.bbox) in crops
        else element
        for element in found.elements
    ]
    return Extraction(
        document=replace(document, title=settle_title(document.title, elements)),
        pages=tuple(pages),
        elements=tuple(elements),
        links=tuple(found.links),
        passages=tuple(make_passages(document, elements, options.passage_characters, found.links)),
        images=tuple({image.image_id: image for image in images}.values()),
        rejects=tuple(replace(reject, uri=document.uri or None) for reject in found.unresolved),
    )
