"""Titles of documents: what metadata say unless it says nothing, then what is printed."""

import pytest

from extractors.document_titles import settle_title
from schemas.geometry import box
from schemas.kinds import ElementKind
from schemas.records import Element


def printed(text: str, page_index: int = 0) -> Element:
    return Element("d/p0000/title1", "d", page_index, 0, ElementKind.TITLE, box(0, 0, 9, 9), text)


@pytest.mark.parametrize(
    ("stated", "elements", "expected"),
    [
        ("A Study of Rain", [printed("Another")], "A Study of Rain"),
        (None, [printed("A Study\nof  Rain")], "A Study of Rain"),
        ("", [printed("A Study of Rain")], "A Study of Rain"),
        ("paper.dvi", [printed("A Study of Rain")], "A Study of Rain"),
        ("Microsoft Word - draft v3.docx", [printed("A Study of Rain")], "A Study of Rain"),
        ("PowerPoint Presentation", [printed("A Study of Rain")], "A Study of Rain"),
        ("untitled", [], None),
        ("12", [], None),
        ("上", [], "上"),
        ("Document Analysis", [], "Document Analysis"),
        (None, [printed("Only here", page_index=2)], None),
        (None, [printed("word " * 100)], None),
    ],
)
def test_the_title_is_stated_or_printed(stated: str | None, elements: list[Element], expected: str | None) -> None:
    assert settle_title(stated, elements) == expected
