import re
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pymupdf
import pytest

from extractors.ocr import OcrEngine, find_engine, installed_engines, needs_ocr
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from extractors.raw import RawPage, RawWord
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box
from schemas.kinds import TextSource
from schemas.recipe import Profile

PAPER = Path(__file__).parents[2] / "examples" / "pdfs" / "jcon-00051.pdf"
OPTIONS = ExtractOptions(profile=Profile.FAST, page_dpi=0, crop_dpi=36)
needs_rapidocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="RapidOCR is not installed (extra ocr)")
needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or OcrEngine.TESSERACT not in installed_engines(),
    reason="Tesseract is not installed (apt: tesseract-ocr)",
)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def _scan() -> tuple[bytes, set[str]]:
    """Return a page of a paper as a picture of itself, and the words that are printed on it."""
    with pymupdf.open(PAPER) as paper, pymupdf.open() as scan:
        page = paper[1]
        sheet = scan.new_page(width=page.rect.width, height=page.rect.height)
        sheet.insert_image(sheet.rect, stream=page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY).tobytes("png"))
        return scan.tobytes(), _words(page.get_text())


@pytest.mark.parametrize(
    "engine", [pytest.param("tesseract", marks=needs_tesseract), pytest.param("rapidocr", marks=needs_rapidocr)]
)
def test_a_scanned_page_is_read_and_marked(engine: str) -> None:
    scan, truth = _scan()
    found = extract(scan, replace(OPTIONS, ocr=engine))
    assert found.pages[0].text_source is TextSource.OCR
    read = _words(" ".join(element.text for element in found.elements))
    assert len(read & truth) / len(truth) > 0.85
    assert all(0 <= element.bbox.x0 < element.bbox.x1 <= found.pages[0].width + 1 for element in found.elements)


def test_a_scanned_page_that_is_not_read_says_so() -> None:
    scan, _ = _scan()
    found = extract(scan, ExtractOptions(profile=Profile.FAST, page_dpi=0, ocr="off"))
    assert found.pages[0].text_source is TextSource.NONE
    assert [problem.reason_code for problem in found.problems] == ["no_text"]


@needs_tesseract
def test_only_the_scanned_pages_of_a_document_are_read_by_ocr() -> None:
    scan, _ = _scan()
    with pymupdf.open("pdf", scan) as mixed:
        mixed.new_page().insert_text((72, 72), "This page was never printed and never scanned.")
        mixed[0].insert_text((300, 20), "Page 1 of 2")  # a stamp on the scan
        found = extract(mixed.tobytes(), OPTIONS)
    assert [page.text_source for page in found.pages] == [TextSource.OCR, TextSource.TEXT_LAYER]


@pytest.mark.parametrize(
    ("words", "pictures", "needed"),
    [
        ([], [], False),
        ([], [Box(10, 10, 200, 200)], True),
        (["text"], [Box(0, 0, 600, 800)], False),
        (["\ufffd\ufffd\ufffd", "ab"], [Box(0, 0, 600, 800)], True),
        (["\ufffd\ufffd\ufffd", "ab"], [Box(10, 10, 200, 200)], False),
    ],
    ids=["blank", "picture alone", "picture behind text", "layer without meaning", "the same beside a picture"],
)
def test_a_page_needs_ocr_where_a_picture_is_all_there_is(words: list[str], pictures: list[Box], needed: bool) -> None:
    source = TextSource.TEXT_LAYER if words else TextSource.NONE
    found = tuple(RawWord(word, Box(50, 400, 90, 412)) for word in words)
    assert needs_ocr(RawPage(0, "1", 600, 800, 0, source, words=found, pictures=tuple(pictures))) is needed


def test_an_engine_that_is_asked_for_and_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.ocr.installed_engines", tuple)
    assert find_engine("auto") is find_engine("off") is None
    with pytest.raises(ExtractionError, match=r"corpusmill\[ocr\]") as caught:
        find_engine("rapidocr")
    assert (caught.value.reason_code, caught.value.retryable) == (ReasonCode.MISSING_DEPENDENCY, True)
