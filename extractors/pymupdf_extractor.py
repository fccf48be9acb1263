"""The default extractor: a PDF's bytes to its document, pages, elements, links, passages and pictures.

A document is read in ranges of pages: what a range needs (the text, the drawings, the pixels) is dropped before the
next, and only blocks and encoded pictures are kept, so that memory does not grow with what was drawn on a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pymupdf

from extractors.blocks import compose_page
from extractors.captions import find_captions
from extractors.figures import find_figures
from extractors.heartbeat import beat
from extractors.hyphens import settle_hyphens
from extractors.layout import ask_layout, reasons_to_ask
from extractors.ocr import ocr_installed, read_scan
from extractors.opening import PDF_ERRORS, first_line, open_pdf
from extractors.options import ExtractOptions
from extractors.page_labels import with_printed_labels
from extractors.page_records import page_record
from extractors.passages import make_passages
from extractors.pictures import picture_page, picture_part
from extractors.raw import Block, RawAnchor
from extractors.reading import read_page, straighten
from extractors.structure import structure
from extractors.tables import find_tables
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box
from schemas.identity import content_hash, doc_id
from schemas.kinds import ElementKind, Stage, TextSource
from schemas.records import Document, Element, Extraction, Failure, Image, Page

NAME = "pymupdf"
# Raised whenever the same bytes would give other elements, links or passages.
VERSION = "1"

_PICTURED = (ElementKind.TABLE, ElementKind.FIGURE)

_Place = tuple[int, Box]


@dataclass(slots=True)
class _Collected:
    """What is kept of the pages that were read."""

    pages: list[Page] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    anchors: dict[int, tuple[RawAnchor, ...]] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    crops: dict[_Place, str] = field(default_factory=dict)
    problems: list[Failure] = field(default_factory=list)


def extract(pdf: bytes, options: ExtractOptions, *, uri: str = "") -> Extraction:
    """Read a document.

    Raises:
        ExtractionError: the document as a whole cannot be read; a page that fails becomes a problem instead.
    """
    sha256 = content_hash(pdf)
    source = open_pdf(pdf, options)
    try:
        document = _document(source, sha256, options, uri=uri, byte_size=len(pdf))
        collected = _Collected()
        for start in range(0, document.page_count, options.page_range):
            _read_range(source, document, options, collected=collected, start=start)
    finally:
        source.close()
    return _finish(document, collected, options)


def _document(source: pymupdf.Document, sha256: str, options: ExtractOptions, *, uri: str, byte_size: int) -> Document:
    metadata = source.metadata or {}
    return Document(
        doc_id=doc_id(sha256),
        sha256=sha256,
        uri=uri,
        byte_size=byte_size,
        page_count=source.page_count,
        extractor=NAME,
        extractor_version=VERSION,
        title=(metadata.get("title") or "").strip() or None,
        created=_iso_date(metadata.get("creationDate") or ""),
        language=source.language or None,
        domain=options.domain,
        licence=options.licence,
    )


def _iso_date(stamp: str) -> str | None:
    """Return a PDF date ("D:20240131120000+01'00'") as a plain date, or None when it is none."""
    try:
        return datetime.strptime(stamp.removeprefix("D:")[:8], "%Y%m%d").date().isoformat()
    except ValueError:
        return None


def _read_range(
    source: pymupdf.Document, document: Document, options: ExtractOptions, *, collected: _Collected, start: int
) -> None:
    for page_index in range(start, min(start + options.page_range, document.page_count)):
        try:
            _read_one(source[page_index], document, options, collected=collected)
        except PDF_ERRORS as error:
            message = f"page {page_index + 1} cannot be read: {first_line(error)}"
            collected.pages.append(_blank_page(document, page_index))
            collected.problems.append(_problem(document, ReasonCode.PAGE_FAILED, message, page_index))
        beat()
    # The library keeps fonts, images and glyphs of all pages for reuse until told to let go.
    pymupdf.TOOLS.store_shrink(100)


def _read_one(page: pymupdf.Page, document: Document, options: ExtractOptions, *, collected: _Collected) -> None:
    raw = read_page(page, straighten(page))
    if raw.text_source is TextSource.NONE and options.ocr == "auto":
        raw = read_scan(page, raw)
    captions = find_captions(raw)
    if reasons_to_ask(raw, captions, options.profile):
        raw = replace(raw, regions=ask_layout(page))
    tables = find_tables(raw, captions)
    figures = find_figures(raw, captions, tables)
    blocks = compose_page(raw, tables, figures, captions)
    crops = {
        block.bbox: picture_part(page, block.bbox, options.crop_dpi) for block in blocks if block.kind in _PICTURED
    }
    picture = picture_page(page, options.page_dpi) if options.page_dpi else None
    collected.pages.append(page_record(document.doc_id, raw, blocks, picture=picture))
    collected.blocks.extend(blocks)
    collected.anchors[raw.page_index] = raw.anchors
    for bbox, crop in crops.items():
        collected.images[crop.image_id] = crop
        collected.crops[raw.page_index, bbox] = crop.image_id
    if picture is not None:
        collected.images[picture.image_id] = picture
    if raw.hidden_characters:
        message = f"{raw.hidden_characters} characters that no reader can see were left out"
        collected.problems.append(_problem(document, ReasonCode.HIDDEN_TEXT, message, raw.page_index))


def _blank_page(document: Document, page_index: int) -> Page:
    return Page(document.doc_id, page_index, str(page_index + 1), 0.0, 0.0, 0, (), TextSource.NONE)


def _finish(document: Document, collected: _Collected, options: ExtractOptions) -> Extraction:
    if len(collected.pages) == sum(
        1 for problem in collected.problems if problem.reason_code == ReasonCode.PAGE_FAILED
    ):
        raise ExtractionError(ReasonCode.DAMAGED, f"none of the {len(collected.pages)} pages can be read")
    if all(page.text_source is TextSource.NONE for page in collected.pages):
        collected.problems.append(_problem(document, ReasonCode.NO_TEXT, _why_no_text(options), None))
    blocks = settle_hyphens(collected.blocks)
    elements, links = structure(document, collected.pages, blocks, anchors=collected.anchors)
    elements = list(_with_crops(elements, collected.crops))
    return Extraction(
        document=document,
        pages=with_printed_labels(collected.pages, elements),
        elements=tuple(elements),
        links=tuple(links),
        passages=tuple(make_passages(document, elements, options.passage_characters)),
        images=tuple(collected.images.values()),
        problems=tuple(collected.problems),
    )


def _why_no_text(options: ExtractOptions) -> str:
    if options.ocr == "off":
        return "no page has text, and OCR is off (recipe: extract.ocr)"
    if not ocr_installed():
        return "no page has text; install Tesseract to read scans (recipe: extract.ocr)"
    return "no page has text, and OCR found none either"


def _with_crops(elements: list[Element], crops: Mapping[_Place, str]) -> Iterator[Element]:
    for element in elements:
        crop = crops.get((element.page_index, element.bbox)) if element.kind in _PICTURED else None
        yield replace(element, image_id=crop) if crop else element


def _problem(document: Document, reason: ReasonCode, message: str, page_index: int | None) -> Failure:
    subject = document.doc_id if page_index is None else f"{document.doc_id}/p{page_index:04d}"
    return Failure(Stage.EXTRACT, subject, reason, message, document.uri or None, page_index)
