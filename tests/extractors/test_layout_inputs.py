from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from pymupdf.layout import common_util, pymupdf_util_base, pymupdf_util_ext, pymupdf_util_rf
from pymupdf.layout.onnx import ImageFeatureExtractorV1, TableGridExtractorV2

from extractors.layout_inputs import add_line_numbers, ease_inputs, read_text_page, scaled

PAPER = Path(__file__).parents[1] / "data" / "jose-00265.pdf"


@pytest.fixture(scope="module")
def page() -> Iterator[pymupdf.Page]:
    with pymupdf.open(PAPER) as document:
        yield document[0]


def found_on(page: pymupdf.Page) -> tuple[dict[str, Any], Any]:
    textpage = page.get_textpage(flags=pymupdf.TEXT_PRESERVE_WHITESPACE)
    lines = [line for block in textpage.extractDICT()["blocks"] for line in block["lines"]]
    texts = ["".join(span["text"] for span in line["spans"]) for line in lines]
    boxes = [list(line["bbox"]) for line in lines]
    return {"bboxes": boxes, "text": texts, "custom_features": [{"box_type": "text"} for _ in lines]}, textpage


def test_the_library_has_what_is_replaced() -> None:
    ease_inputs()
    assert pymupdf_util_base.create_stext_page is read_text_page
    assert pymupdf_util_ext.extract_rf_features is add_line_numbers
    assert ImageFeatureExtractorV1.resize_image is scaled
    assert TableGridExtractorV2.resize_image is scaled


def test_lines_get_the_numbers_that_the_library_gives_them(page: pymupdf.Page) -> None:
    found, textpage = found_on(page)
    expected = deepcopy(found)
    pymupdf_util_rf.extract_rf_features(expected, textpage)
    add_line_numbers(found, textpage)
    assert found == expected
    assert len(found["custom_features"][0]) > 100


@pytest.mark.parametrize("size", [(300, 300), (300, 360), (700, 40)])
def test_a_picture_is_scaled_as_the_library_scales_it(page: pymupdf.Page, size: tuple[int, int]) -> None:
    pixmap = page.get_pixmap()
    image = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.width, 3)
    ours, theirs = scaled(image, size), common_util.resize_image(image, size)
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_a_picture_of_one_colour_keeps_it() -> None:
    assert set(np.unique(scaled(np.full((90, 70, 3), 255, dtype=np.uint8), (31, 57)))) == {255}
