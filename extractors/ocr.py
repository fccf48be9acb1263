"""Read pages that are pictures of text, where Tesseract is installed with its data."""

from functools import cache

import pymupdf

from extractors.opening import PDF_ERRORS
from extractors.raw import RawPage
from extractors.reading import with_ocr

_DPI = 200


def read_scan(page: pymupdf.Page, raw: RawPage) -> RawPage:
    """Return the page with the text that OCR reads on it, marked as such; unchanged without Tesseract or pictures."""
    if not raw.pictures or not ocr_installed():
        return raw
    return with_ocr(raw, page, page.get_textpage_ocr(dpi=_DPI, full=True))


@cache
def ocr_installed() -> bool:
    """Say whether the PDF library finds Tesseract's language data."""
    try:
        return bool(pymupdf.get_tessdata())
    except PDF_ERRORS:
        return False
