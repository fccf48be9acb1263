import re
import shutil
from pathlib import Path

import pymupdf
import pytest

from extractors.ocr import ocr_installed
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.kinds import TextSource
from schemas.recipe import Profile

PAPER = Path(__file__).parents[2] / "examples" / "pdfs" / "jcon-00051.pdf"
OPTIONS = ExtractOptions(profile=Profile.FAST, page_dpi=0, crop_dpi=36)
needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or not ocr_installed(), reason="Tesseract is not installed (apt: tesseract-ocr)"
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


@needs_tesseract
def test_a_scanned_page_is_read_and_marked() -> None:
    scan, truth = _scan()
    found = extract(scan, OPTIONS)
    assert found.pages[0].text_source is TextSource.OCR
    read = _words(" ".join(element.text for element in found.elements))
    assert len(read & truth) / len(truth) > 0.85
    assert all(0 <= element.bbox.x0 < element.bbox.x1 <= found.pages[0].width + 1 for element in found.elements)


def test_a_scanned_page_that_is_not_read_says_so() -> None:
    scan, _ = _scan()
    found = extract(scan, ExtractOptions(profile=Profile.FAST, page_dpi=0, ocr="off"))
    assert found.pages[0].text_source is TextSource.NONE
    assert [problem.reason_code for problem in found.problems] == ["no_text"]
