"""Ornament is told from figures by what speaks of it, and kept out of pools and bundles."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from generators.bundles import BundleKind, build_bundles
from generators.decorations import decorations
from generators.document_view import DocumentView
from generators.pools import ELEMENT_CANDIDATES, candidates
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, TextSource
from schemas.records import Document, Element, Link, Page

DOC = "d" * 16
LOGO = Box(50, 40, 150, 140)
CHART = Box(50, 200, 350, 400)
BANNER = Box(50, 40, 550, 100)


def figure(box: Box, page: int = 0, text: str = "", image_id: str | None = None) -> Element:
    return Element(
        f"{DOC}/p{page:04d}/figure1", DOC, page, 1, ElementKind.FIGURE, box, text, label=None, image_id=image_id
    )


def view(figures: Iterable[Element], spoken: LinkKind | None = None) -> DocumentView:
    elements = list(figures)
    first = elements[0]
    words = replace(
        first, element_id=f"{DOC}/p0000/caption1", kind=ElementKind.CAPTION, text="Figure 1: a crest", order=2
    )
    pages = [Page(DOC, n, str(n + 1), 595, 842, 0, (), TextSource.TEXT_LAYER) for n in range(3)]
    links = [Link(words.element_id, first.element_id, spoken)] if spoken else []
    return DocumentView(Document(DOC, "", "a.pdf", 1, 3, "x", "1"), pages, [*elements, words], links)


@pytest.mark.parametrize(
    ("found", "spoken", "is_ornament"),
    [
        (figure(LOGO), None, True),
        (figure(LOGO), LinkKind.CAPTION_OF, False),
        (figure(LOGO), LinkKind.MENTIONS, False),
        (figure(LOGO, text="Time points 1st 2nd"), None, False),
        (figure(BANNER), None, True),
        (figure(BANNER, text="0 10 20 time Frequency"), None, False),
        (figure(CHART), None, False),
    ],
)
def test_ornament_is_small_or_a_strip_and_nobody_speaks_of_it(
    found: Element, spoken: LinkKind | None, is_ornament: bool
) -> None:
    held = view([found], spoken)
    assert decorations(held) == ({found.element_id} if is_ornament else set())
    pool = {item.candidate_id for item in candidates(held, ELEMENT_CANDIDATES)}
    asked = {
        name for bundle in build_bundles(held, seed=1) if bundle.kind is BundleKind.FIGURE for name in bundle.evidence
    }
    assert (found.element_id in pool, found.element_id in asked) == (not is_ornament, not is_ornament)


def test_a_picture_that_comes_on_several_pages_is_ornament() -> None:
    same = [figure(CHART, page, "Annual report of the agency", "image-a") for page in range(3)]
    assert len(decorations(view(same))) == 3
    other = [replace(item, image_id=f"image-{item.page_index}") for item in same]
    assert decorations(view(other)) == set()
