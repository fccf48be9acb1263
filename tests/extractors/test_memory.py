"""The memory that reading takes does not grow with a document's pictures (`test_isolation` for what is sent on)."""

import random
import tracemalloc
from collections.abc import Sequence

import pymupdf

from extractors.handover import taking
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.recipe import Profile
from schemas.records import Image

OPTIONS = ExtractOptions(profile=Profile.FAST, ocr="off", page_range=4)
SIDE = 300


class Scales:
    """Takes pictures, weighs them and forgets them."""

    def __init__(self) -> None:
        self.megabytes = 0.0

    def take(self, images: Sequence[Image]) -> None:
        self.megabytes += sum(len(image.bytes) for image in images) / 1e6


def illustrated(pages: int) -> bytes:
    """Return a document whose every page shows another picture, of a kind that no encoding makes small."""
    chance = random.Random(1)
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page()
        page.insert_text((72, 72), f"{number + 1} Results of measurement {number}")
        noise = pymupdf.Pixmap(pymupdf.csRGB, SIDE, SIDE, chance.randbytes(3 * SIDE * SIDE), False)
        page.insert_image(pymupdf.Rect(72, 100, 372, 400), pixmap=noise)
    return bytes(document.tobytes())


def peak(pages: int) -> tuple[float, float]:
    """Return the most megabytes that reading so many pages took at once, and those of their pictures."""
    pdf, scales = illustrated(pages), Scales()
    with taking(scales.take):
        tracemalloc.start()
        try:
            extraction = extract(pdf, OPTIONS)
            most = tracemalloc.get_traced_memory()[1] / 1e6
        finally:
            tracemalloc.stop()
    assert len(extraction.pages) == pages
    assert not extraction.images
    return most, scales.megabytes


def test_a_longer_document_takes_no_more_memory_for_its_pictures() -> None:
    peak(1)  # what is imported and compiled once
    few, _ = peak(4)
    many, megabytes = peak(32)
    assert megabytes > 15
    assert many - few < 0.1 * megabytes
