import re
import shutil
from functools import cache
from pathlib import Path

import pymupdf
import pytest

from extractors.ocr import OcrEngine, installed_engines
from extractors.ocr_turning import is_sideways, parse_orientation, turn_by_tesseract, turn_by_trial
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from extractors.raw import RawLine, RawSpan
from extractors.turning import turn_page
from schemas.geometry import Box
from schemas.kinds import TextSource
from schemas.recipe import Profile

PAPER = Path(__file__).parents[2] / "examples" / "pdfs" / "jcon-00051.pdf"
needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or OcrEngine.TESSERACT not in installed_engines(),
    reason="Tesseract is not installed (apt: tesseract-ocr)",
)


@cache
def picture() -> bytes:
    with pymupdf.open(PAPER) as paper:
        return bytes(paper[1].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY).tobytes("png"))


def scan(turn: int) -> pymupdf.Document:
    """Return a page of a paper as a picture of itself, turned clockwise."""
    document = pymupdf.open()
    page = document.new_page(width=612, height=792)
    page.insert_image(page.rect, stream=picture())
    turn_page(page, turn)
    return document


@pytest.mark.parametrize(
    ("answer", "turn"),
    [
        ("Orientation in degrees: 90\nRotate: 270\nOrientation confidence: 4.21\nScript: Latin\n", 270),
        ("Orientation in degrees: 180\nRotate: 180\nOrientation confidence: 0.21\n", 0),
        ("Orientation in degrees: 0\nRotate: 0\nOrientation confidence: 9.9\n", 0),
        ("Too few characters. Skipping this page\n", 0),
        ("", 0),
    ],
    ids=["sure", "not sure", "upright", "too little text", "nothing"],
)
def test_what_tesseract_says_is_taken_where_it_is_sure(answer: str, turn: int) -> None:
    assert parse_orientation(answer) == turn


@pytest.mark.parametrize(("turn", "sideways"), [(0, False), (90, True), (180, False), (270, True)])
def test_the_ink_tells_whether_lines_run_up_and_down(turn: int, sideways: bool) -> None:
    assert is_sideways(scan(turn)[0]) is sideways


def read_upright(page: pymupdf.Page) -> list[RawLine]:
    """Read more of a page that stands as it was printed than of one on its head."""
    text = "words" if page.get_image_info()[0]["transform"][0] > 0 else "w"
    return [RawLine((RawSpan(text, Box(0, 0, 9, 9), "F", 9.0),), Box(0, 0, 9, 9), 0)]


@pytest.mark.parametrize("lies", [0, 90, 270])
def test_of_two_ways_to_turn_a_page_the_one_that_reads_better_is_taken(lies: int) -> None:
    assert turn_by_trial(scan(lies)[0], read_upright) == (360 - lies) % 360


@needs_tesseract
@pytest.mark.parametrize("lies", [0, 90, 180, 270])
def test_tesseract_tells_how_a_scan_lies(lies: int) -> None:
    assert turn_by_tesseract(scan(lies)[0]) == (360 - lies) % 360


@needs_tesseract
@pytest.mark.parametrize("lies", [90, 180])
def test_a_scan_that_lies_is_read_and_its_text_is_placed_where_it_is_seen(lies: int) -> None:
    found = extract(scan(lies).tobytes(), ExtractOptions(Profile.FAST, page_dpi=0, crop_dpi=36))
    with pymupdf.open(PAPER) as paper:
        truth = set(re.findall(r"[a-z]{4,}", paper[1].get_text().lower()))
    read = set(re.findall(r"[a-z]{4,}", " ".join(element.text for element in found.elements).lower()))
    (page,) = found.pages
    assert (page.text_source, page.width > page.height) == (TextSource.OCR, lies == 90)
    assert len(read & truth) / len(truth) > 0.8
    first = next(element for element in found.elements if len(element.text) > 40)
    assert first.bbox.x0 > 0.5 * page.width if lies == 90 else first.bbox.y0 > 0.5 * page.height
    assert all(0 <= element.bbox.x0 < element.bbox.x1 <= page.width + 1 for element in found.elements)
