"""The default extractor: a PDF's bytes to its document, pages, elements, links, passages and pictures.

A document is read page by page: what a page needs (the text, the drawings, the pixels) is dropped before the next, its
pictures are handed over at once where somebody takes them, and only its blocks are kept, because headings, running
heads and mentions want the whole document. The library's own caches are emptied after every range of pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pymupdf

from extractors.collecting import seldom_collecting
from extractors.document_titles import settle_title
from extractors.handover import hand_over
from extractors.heartbeat import beat
from extractors.hyphens import settle_hyphens
from extractors.ocr import ocr_installed
from extractors.opening import PDF_ERRORS, first_line, open_pdf
from extractors.options import ExtractOptions
from extractors.outline import OutlineEntry, read_outline
from extractors.page_labels import with_printed_labels
from extractors.page_reading import Findings, understand_page
from extractors.page_records import page_record
from extractors.passages import make_passages
from extractors.pictures import picture_page, picture_part
from extractors.raw import Block
from extractors.repair import writable
from extractors.structure import structure
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box
from schemas.identity import content_hash, doc_id
from schemas.kinds import ElementKind, Stage, TextSource
from schemas.records import Document, Element, Extraction, Failure, Image, Page

NAME = "pymupdf"
# Raised whenever the same bytes would give other elements, links or passages.
VERSION = "6"

_PICTURED = (ElementKind.TABLE, ElementKind.FIGURE)

_Place = tuple[int, Box]


@dataclass(slots=True)
class _Collected:
    """What is kept of the pages that were read."""

    outline: tuple[OutlineEntry, ...] = ()
    pages: list[Page] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    crops: dict[_Place, str] = field(default_factory=dict)
    problems: list[Failure] = field(default_factory=list)
    pictured: set[str] = field(default_factory=set)

    def keep_images(self, images: Sequence[Image]) -> None:
        """Hand pictures over, or keep them where nobody takes them; the same picture comes once a document."""
        new = {image.image_id: image for image in images if image.image_id not in self.pictured}
        self.pictured.update(new)
        self.images.extend(hand_over(tuple(new.values())))


def extract(pdf: bytes, options: ExtractOptions, *, uri: str = "") -> Extraction:
    """Read a document.

    Raises:
        ExtractionError: the document as a whole cannot be read; a page that fails becomes a problem instead.
    """
    with seldom_collecting():
        return _extract(pdf, options, uri)


def _extract(pdf: bytes, options: ExtractOptions, uri: str) -> Extraction:
    sha256 = content_hash(pdf)
    source = open_pdf(pdf, options)
    try:
        document = _document(source, sha256, options, uri=uri, byte_size=len(pdf))
        collected = _Collected(read_outline(source))
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
        title=writable(metadata.get("title")),
        created=_iso_date(metadata.get("creationDate") or ""),
        language=writable(source.language),
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
    findings = understand_page(page, options)
    raw = findings.raw
    crops = _crop(page, findings, options)
    picture = picture_page(page, options.page_dpi) if options.page_dpi else None
    collected.pages.append(page_record(document.doc_id, raw, findings.blocks, picture=picture))
    collected.blocks.extend(findings.blocks)
    collected.crops.update({(raw.page_index, bbox): crop.image_id for bbox, crop in crops.items()})
    collected.keep_images([*crops.values(), *([picture] if picture else [])])
    if raw.hidden_characters:
        message = f"{raw.hidden_characters} characters that no reader can see were left out"
        collected.problems.append(_problem(document, ReasonCode.HIDDEN_TEXT, message, raw.page_index))


def _crop(page: pymupdf.Page, findings: Findings, options: ExtractOptions) -> dict[Box, Image]:
    """Return the pictures of the tables and figures of a page; none at a resolution of 0."""
    places = [block.bbox for block in findings.blocks if block.kind in _PICTURED] if options.crop_dpi else []
    return {bbox: picture_part(page, bbox, options.crop_dpi) for bbox in places}


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
    found = structure(document, collected.pages, blocks, collected.outline)
    elements = list(_with_crops(found.elements, collected.crops))
    return Extraction(
        document=replace(document, title=settle_title(document.title, elements)),
        pages=with_printed_labels(collected.pages, elements),
        elements=tuple(elements),
        links=tuple(found.links),
        passages=tuple(make_passages(document, elements, options.passage_characters, found.links)),
        images=tuple(collected.images),
        problems=tuple(collected.problems),
        rejects=tuple(replace(reject, uri=document.uri or None) for reject in found.unresolved),
    )


def _why_no_text(options: ExtractOptions) -> str:
    if options.ocr == "off":
        return "no page has text, and OCR is off (recipe: extract.ocr)"
    if not ocr_installed():
        return "no page has text; install Tesseract, or the extra ocr, to read scans (recipe: extract.ocr)"
    return "no page has text, and OCR found none either"


def _with_crops(elements: list[Element], crops: Mapping[_Place, str]) -> Iterator[Element]:
    for element in elements:
        crop = crops.get((element.page_index, element.bbox)) if element.kind in _PICTURED else None
        yield replace(element, image_id=crop) if crop else element


def _problem(document: Document, reason: ReasonCode, message: str, page_index: int | None) -> Failure:
    subject = document.doc_id if page_index is None else f"{document.doc_id}/p{page_index:04d}"
    return Failure(Stage.EXTRACT, subject, reason, message, document.uri or None, page_index)
