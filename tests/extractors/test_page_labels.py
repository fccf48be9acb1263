"""Page labels are what is printed, not where the page lies in the file."""

import pytest

from extractors.page_labels import with_printed_labels
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.records import Element, Page


def pages(count: int, first: str = "1") -> list[Page]:
    labels = [first, *map(str, range(2, count + 1))]
    return [Page("d", n, labels[n], 600, 800, 0, (), TextSource.TEXT_LAYER) for n in range(count)]


def furniture(*texts: str, kind: ElementKind = ElementKind.FOOTER) -> list[Element]:
    return [Element(f"d/{n}", "d", n, 0, kind, Box(0, 0, 1, 1), text) for n, text in enumerate(texts) if text]


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (("40", "41", "42"), ["40", "41", "42"]),
        (("Annual report 40", "41 Market structure", "Annual report 42"), ["40", "41", "42"]),
        (("", "41", "42"), ["40", "41", "42"]),
        (("Page 40 of", "- 41 -", "42"), ["40", "41", "42"]),
        (("March 2007", "March 2007", "March 2007"), ["1", "2", "3"]),
        (("Version 3.1", "Version 3.2", "Version 3.3"), ["1", "2", "3"]),
        (("40", "", ""), ["1", "2", "3"]),
        (("", "", ""), ["1", "2", "3"]),
    ],
)
def test_numbers_that_go_with_the_pages_are_their_labels(texts: tuple[str, ...], labels: list[str]) -> None:
    assert [page.page_label for page in with_printed_labels(pages(3), furniture(*texts))] == labels


def test_labels_that_the_file_gives_stay() -> None:
    given = pages(3, first="i")
    assert with_printed_labels(given, furniture("40", "41", "42")) == tuple(given)


def test_running_text_says_nothing_about_page_numbers() -> None:
    found = with_printed_labels(pages(3), furniture("40", "41", "42", kind=ElementKind.PARAGRAPH))
    assert [page.page_label for page in found] == ["1", "2", "3"]
