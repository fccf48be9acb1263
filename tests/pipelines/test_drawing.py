import importlib.util
from pathlib import Path

import PIL.Image
import pytest

from generators.document_view import DocumentView
from pipelines.drawing import draw_elements, draw_page
from schemas.errors import UsageError
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, TextSource
from schemas.records import Document, Element, Link, Page

CORPUS = Path(__file__).with_name("dataset_corpus.py")
TABLE = (25, 113, 194)
MENTION = (201, 42, 42)
_DOC = "d" * 16


def _draw(links: tuple[Link, ...], *, table_page: int = 0) -> PIL.Image.Image:
    elements = (
        Element(f"{_DOC}/p0000/paragraph1", _DOC, 0, 0, ElementKind.PARAGRAPH, Box(20, 150, 100, 180), "see Table 1"),
        Element(f"{_DOC}/t", _DOC, table_page, 1, ElementKind.TABLE, Box(20, 20, 100, 100), "", label="Table 1"),
    )
    page = Page(_DOC, 0, "1", 200.0, 200.0, 0, (), TextSource.TEXT_LAYER)
    view = DocumentView(Document(_DOC, "0" * 64, "x.pdf", 1, 1, "pymupdf", "2"), [page], elements, links)
    return draw_elements(PIL.Image.new("RGB", (400, 400), "white"), page, view)


def _count(picture: PIL.Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(near for near in (_near(pixel, colour) for pixel in picture.get_flattened_data()))


def _near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 60 for a, b in zip(pixel, colour, strict=True))


def test_a_box_stands_where_the_element_is() -> None:
    picture = _draw(())
    assert picture.size == (400, 400)
    assert picture.getpixel((40, 100)) == TABLE  # its left edge, at twice the points
    assert picture.getpixel((300, 300)) == (255, 255, 255)


@pytest.mark.parametrize("table_page", [0, 1])
def test_a_mention_is_drawn_as_a_line_or_as_a_stub(table_page: int) -> None:
    link = Link(f"{_DOC}/p0000/paragraph1", f"{_DOC}/t", LinkKind.MENTIONS)
    assert _count(_draw((), table_page=table_page), MENTION) == 0
    assert _count(_draw((link,), table_page=table_page), MENTION) > 100


def test_a_page_of_a_workspace_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("dataset_corpus", CORPUS)
    assert spec is not None
    assert spec.loader is not None
    corpus = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(corpus)
    corpus.commit_corpus(str(tmp_path), documents=2, questions=0)
    document = corpus.identity_of("a | report.pdf")
    assert draw_page(str(tmp_path), document[:8], 0).size == (20, 10)
    for wrong, page, message in [("zz", 0, "no document"), ("", 0, "2 documents"), (document, 7, "has no page 8")]:
        with pytest.raises(UsageError, match=message):
            draw_page(str(tmp_path), wrong, page)
