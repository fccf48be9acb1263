import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from unstructured.documents import elements as parts
from unstructured.documents.coordinates import PixelSpace, PointSpace

from extractors.catalog import find_extractor
from extractors.options import ExtractOptions
from extractors.raw import CaptionRegion, RawLine, RawPage, RawSpan
from extractors.unstructured_extractor import extract, to_block
from extractors.unstructured_reading import parts_of
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, TextSource

ROOT = Path(__file__).parents[2]
OPTIONS = ExtractOptions(page_dpi=0)
HAS_PDFMINER = importlib.util.find_spec("pdfminer") is not None
LINE = RawLine((RawSpan("Rates", Box(100, 100, 200, 112), "Serif-Bold", 12, bold=True),), Box(100, 100, 200, 112), 0)
RAW = RawPage(0, "1", 600, 800, 0, TextSource.TEXT_LAYER, lines=(LINE,))
CAPTION_BOX = Box(100, 500, 500, 520)
TABLE = "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"


def made(kind: type[parts.Text], box: Box, *, html: str | None = None, pixels: bool = False) -> parts.Text:
    system = PixelSpace(1200, 1600) if pixels else PointSpace(600, 800)
    points = ((box.x0, box.y0), (box.x0, box.y1), (box.x1, box.y1), (box.x1, box.y0))
    place = parts.CoordinatesMetadata(points=points, system=system)
    return kind("Rates", metadata=parts.ElementMetadata(page_number=1, coordinates=place, text_as_html=html))


@pytest.mark.parametrize(
    ("element", "kind", "box"),
    [
        (made(parts.Title, Box(100, 100, 200, 112)), ElementKind.PARAGRAPH, Box(100, 100, 200, 112)),
        (made(parts.Title, Box(200, 600, 400, 640), pixels=True), ElementKind.HEADING, Box(100, 300, 200, 320)),
        (made(parts.NarrativeText, Box(100, 500, 500, 520)), ElementKind.CAPTION, Box(100, 500, 500, 520)),
        (made(parts.Image, Box(100, 500, 500, 520)), ElementKind.FIGURE, Box(100, 500, 500, 520)),
        (made(parts.ListItem, Box(10, 10, 20, 20)), ElementKind.LIST_ITEM, Box(10, 10, 20, 20)),
        (made(parts.Footer, Box(10, 10, 20, 20)), ElementKind.FOOTER, Box(10, 10, 20, 20)),
        (made(parts.FigureCaption, Box(200, 1000, 1000, 1040), pixels=True), ElementKind.CAPTION, CAPTION_BOX),
        (made(parts.NarrativeText, Box(200, 1000, 1000, 1040), pixels=True), ElementKind.CAPTION, CAPTION_BOX),
        (made(parts.Header, Box(200, 40, 400, 60), pixels=True), ElementKind.HEADER, Box(100, 20, 200, 30)),
        (made(parts.PageNumber, Box(200, 40, 400, 60), pixels=True), ElementKind.FOOTER, Box(100, 20, 200, 30)),
        (made(parts.Formula, Box(200, 40, 400, 60), pixels=True), ElementKind.FORMULA, Box(100, 20, 200, 30)),
        (made(parts.Image, Box(200, 40, 400, 60), pixels=True), ElementKind.FIGURE, Box(100, 20, 200, 30)),
        (made(parts.CodeSnippet, Box(200, 40, 400, 60), pixels=True), ElementKind.PARAGRAPH, Box(100, 20, 200, 30)),
    ],
)
def test_elements_become_blocks_on_the_displayed_page(element: parts.Text, kind: ElementKind, box: Box) -> None:
    caption = CaptionRegion(ElementKind.TABLE, "Table 1", Box(95, 495, 505, 525), (), "Table 1: Rates")
    (part,) = parts_of([element])[0]
    block = to_block(part, RAW, [caption], (0, 0))
    assert (block.kind, block.bbox, block.text) == (kind, box, "Rates")
    assert block.label == ("Table 1" if kind is ElementKind.CAPTION else None)
    assert (block.bold, block.size) == ((True, 12) if box.y0 == 100 else (False, 0))


@pytest.mark.parametrize("scale", [1, 2], ids=["points", "pixels"])
def test_a_table_gets_its_cells_from_html(scale: int) -> None:
    place = Box(100 * scale, 500 * scale, 500 * scale, 520 * scale)
    (part,) = parts_of([made(parts.Table, place, html=TABLE, pixels=scale == 2)])[0]
    block = to_block(part, RAW, [], (0, 0))
    assert block.bbox == Box(100, 500, 500, 520)
    assert block.table is not None
    assert [(cell.text, cell.header) for cell in block.table.cells] == [("a", True), ("1", False)]


def test_parts_without_a_place_are_left_out() -> None:
    assert parts_of([parts.NarrativeText("Nowhere")]) == {}


def test_it_stands_in_the_catalog() -> None:
    assert find_extractor("unstructured").load() is extract


@pytest.mark.skipif(HAS_PDFMINER, reason="pdfminer.six is installed")
def test_without_its_packages_it_says_what_to_install() -> None:
    with pytest.raises(ExtractionError, match=r"pip install 'corpusmill\[unstructured\]'") as caught:
        extract((ROOT / "tests" / "data" / "jose-00265.pdf").read_bytes(), OPTIONS)
    assert caught.value.reason_code is ReasonCode.MISSING_DEPENDENCY
    assert caught.value.retryable


@pytest.mark.skipif(not HAS_PDFMINER, reason="pdfminer.six is not installed (extra unstructured)")
def test_a_real_paper_is_read_offline_and_its_captions_are_tied() -> None:
    found = extract((ROOT / "examples" / "pdfs" / "jcon-00051.pdf").read_bytes(), OPTIONS)
    assert len(found.pages) == 9
    assert found.document.extractor_version == f"{find_extractor('unstructured').version}+fast"
    assert found.elements[0].kind is ElementKind.TITLE
    assert sum(link.kind is LinkKind.CAPTION_OF for link in found.links) >= 8
    assert {"mentions", "in_section"} <= {link.kind.value for link in found.links}
    assert all(0 <= element.bbox.x0 <= element.bbox.x1 <= 620 for element in found.elements)
    assert found.passages


@pytest.mark.skipif(not HAS_PDFMINER, reason="pdfminer.six is not installed (extra unstructured)")
def test_no_pictures_are_made_at_a_resolution_of_0() -> None:
    pdf = (ROOT / "tests" / "data" / "jose-00265.pdf").read_bytes()
    with_crops, without = (extract(pdf, replace(OPTIONS, crop_dpi=dpi)) for dpi in (36, 0))
    assert with_crops.images
    assert not without.images
    assert [element.element_id for element in without.elements] == [
        element.element_id for element in with_crops.elements
    ]
