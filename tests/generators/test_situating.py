"""How a question names its document."""

from dataclasses import replace

import pytest

from generators.document_view import DocumentView
from generators.situating import document_title, situate
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.records import Document, Element

DOC = "a" * 16
DOCUMENT = Document(DOC, DOC * 4, "a.pdf", 1, 1, "pymupdf", "1")
PRINTED = Element(f"{DOC}/p0000/title1", DOC, 0, 0, ElementKind.TITLE, Box(0, 0, 9, 9), "Meta-Analysis of Trials *")


@pytest.mark.parametrize(
    ("recorded", "title"),
    [
        ("Getting Started With the Commander∗", "Getting Started With the Commander"),
        ("CMR10", "Meta-Analysis of Trials"),
        (None, "Meta-Analysis of Trials"),
    ],
)
def test_a_title_is_named_without_marks_and_a_fonts_name_is_none(recorded: str | None, title: str) -> None:
    view = DocumentView(replace(DOCUMENT, title=recorded), [], [PRINTED], [])
    assert document_title(view) == title
    assert f"“{title}”" in situate("What are fixed effects used for?", view)
