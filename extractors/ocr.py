"""Read pages that are pictures of text: which pages those are, and which engine there is to read them.

Tesseract comes with the system and is read through the PDF library; RapidOCR comes with the extra `ocr`, its models
inside. `auto` takes the first that is there.
"""

from enum import StrEnum
from functools import cache, partial
from importlib.util import find_spec

import pymupdf

from extractors.ocr_rapid import recognise
from extractors.ocr_turning import turn_by_tesseract, turn_by_trial
from extractors.opening import PDF_ERRORS
from extractors.raw import RawPage
from extractors.reading import with_lines, with_ocr
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box, overlap
from schemas.kinds import TextSource

_DPI = 200
_TRIAL_DPI = 100
_SCAN_SHARE = 0.7
_MARGIN_SHARE = 0.08
_GARBAGE_SHARE = 0.3
_REPLACEMENT = "\ufffd"


class OcrEngine(StrEnum):
    """What reads scanned pages; a value of `extract.ocr` in the recipe, beside auto and off."""

    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"


_REMEDIES = {
    OcrEngine.TESSERACT: "the system's package tesseract-ocr (apt-get install tesseract-ocr)",
    OcrEngine.RAPIDOCR: "the extra ocr (pip install 'corpusmill[ocr]')",
}


def needs_ocr(raw: RawPage) -> bool:
    """Say whether a page is a picture of text: it has pictures, and no text layer to speak of.

    A stamp in the margin of a scan (a page number, a seal) is none, nor is a layer of characters without a meaning.
    """
    if raw.text_source is TextSource.NONE:
        return bool(raw.pictures)
    frame = Box(0, 0, raw.width, raw.height)
    if not any(overlap(frame, picture) >= _SCAN_SHARE for picture in raw.pictures):
        return False
    return all(_in_margin(word.bbox, raw) for word in raw.words) or _is_garbage(raw)


def read_scan(page: pymupdf.Page, raw: RawPage, wanted: str) -> RawPage:
    """Return the page with the text that OCR reads on it, marked as such; unchanged without an engine or a word.

    Args:
        page: the page, straightened.
        raw: what was read of it so far.
        wanted: `extract.ocr` of the recipe.

    Raises:
        ExtractionError: the engine that the recipe names is not installed.
    """
    engine = find_engine(wanted)
    if engine is None:
        return raw
    if engine is OcrEngine.RAPIDOCR:
        found = with_lines(raw, recognise(page, _DPI))
    else:
        found = with_ocr(raw, page, page.get_textpage_ocr(dpi=_DPI, full=True))
    return found if found.words else raw


def scan_turn(page: pymupdf.Page, wanted: str) -> int:
    """Return by how many degrees, clockwise, to turn a scan so that its text is upright, as far as can be told.

    Raises:
        ExtractionError: the engine that the recipe names is not installed.
    """
    engine = find_engine(wanted)
    if engine is None:
        return 0
    turn = turn_by_tesseract(page)
    if turn is None and engine is OcrEngine.RAPIDOCR:
        return turn_by_trial(page, partial(recognise, dpi=_TRIAL_DPI))
    return turn or 0


def find_engine(wanted: str) -> OcrEngine | None:
    """Return the engine to use, None when OCR is off or, for auto, none is installed.

    Raises:
        ExtractionError: the engine that is asked for by name is not installed.
    """
    installed = installed_engines()
    if wanted == "auto":
        return installed[0] if installed else None
    if wanted == "off":
        return None
    engine = OcrEngine(wanted)
    if engine not in installed:
        message = f"the recipe asks for {engine} (extract.ocr), which needs {_REMEDIES[engine]}"
        raise ExtractionError(ReasonCode.MISSING_DEPENDENCY, message, retryable=True)
    return engine


@cache
def installed_engines() -> tuple[OcrEngine, ...]:
    """Return the engines that are there, the one to prefer first."""
    there = {OcrEngine.TESSERACT: _finds_tesseract(), OcrEngine.RAPIDOCR: find_spec("rapidocr") is not None}
    return tuple(engine for engine, good in there.items() if good)


def ocr_installed() -> bool:
    """Say whether scanned pages can be read at all."""
    return bool(installed_engines())


def _finds_tesseract() -> bool:
    """Say whether the PDF library finds Tesseract's language data."""
    try:
        return bool(pymupdf.get_tessdata())
    except PDF_ERRORS:
        return False


def _in_margin(bbox: Box, raw: RawPage) -> bool:
    margin = _MARGIN_SHARE * raw.height
    return bbox.y1 < margin or bbox.y0 > raw.height - margin


def _is_garbage(raw: RawPage) -> bool:
    text = "".join(word.text for word in raw.words)
    bad = sum(1 for char in text if char == _REPLACEMENT or not char.isprintable() or "\ue000" <= char <= "\uf8ff")
    return bad > _GARBAGE_SHARE * len(text)
