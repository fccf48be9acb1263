import pymupdf
import pytest

from extractors.raw import RawPage
from extractors.reading import read_page, straighten
from schemas.geometry import Box
from schemas.kinds import TextSource


def read(page: pymupdf.Page) -> RawPage:
    document = pymupdf.open("pdf", page.parent.tobytes())
    fresh = document[0]
    return read_page(fresh, straighten(fresh))


@pytest.fixture
def page() -> pymupdf.Page:
    return pymupdf.open().new_page(width=400, height=300)


def texts(raw: RawPage) -> list[str]:
    return [word.text for word in raw.words]


def test_words_know_their_line(page: pymupdf.Page) -> None:
    page.insert_text((50, 60), "one line")
    page.insert_text((50, 160), "another")
    raw = read(page)
    assert [(word.text, raw.lines[word.line].text) for word in raw.words] == [
        ("one", "one line"),
        ("line", "one line"),
        ("another", "another"),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        {"point": (-200, 60)},
        {"point": (50, 100), "fontsize": 0.4},
        {"point": (50, 100), "render_mode": 3},
    ],
    ids=["outside", "no size", "no ink"],
)
def test_text_that_nobody_sees_is_left_out_and_counted(page: pymupdf.Page, hidden: dict[str, object]) -> None:
    page.insert_text((50, 60), "seen")
    page.insert_text(hidden.pop("point"), "unseen", **hidden)
    raw = read(page)
    assert texts(raw) == ["seen"]
    assert raw.hidden_characters == len("unseen")


def test_the_text_layer_of_a_scan_is_read_as_ocr(page: pymupdf.Page) -> None:
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 40, 30))
    pixmap.clear_with(200)
    page.insert_image(page.rect, pixmap=pixmap)
    page.insert_text((50, 60), "recognised", render_mode=3)
    raw = read(page)
    assert (texts(raw), raw.text_source, raw.hidden_characters) == (["recognised"], TextSource.OCR, 0)


def test_a_blank_page_has_no_text_source(page: pymupdf.Page) -> None:
    assert read(page).text_source is TextSource.NONE


@pytest.mark.parametrize(
    ("rotation", "size", "place"),
    [(90, (300, 400), (250, 50)), (180, (400, 300), (350, 250)), (270, (300, 400), (50, 350))],
)
def test_coordinates_are_those_of_the_page_as_displayed(
    page: pymupdf.Page, rotation: int, size: tuple[float, float], place: tuple[float, float]
) -> None:
    page.draw_rect(pymupdf.Rect(40, 40, 60, 60))
    page.set_rotation(rotation)
    raw = read(page)
    assert (raw.width, raw.height, raw.rotation) == (*size, rotation)
    assert raw.paths[0].bbox.center == pytest.approx(place, abs=0.1)


def test_links_inside_the_document_are_kept_and_others_are_not(page: pymupdf.Page) -> None:
    page.insert_link(
        {"kind": pymupdf.LINK_GOTO, "from": pymupdf.Rect(10, 10, 60, 20), "page": 0, "to": pymupdf.Point(0, 100)}
    )
    page.insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(10, 40, 60, 50), "uri": "https://example.org"})
    assert [(anchor.bbox, anchor.target_page) for anchor in read(page).anchors] == [(Box(10, 10, 60, 20), 0)]


def test_the_words_of_a_line_are_one_span_and_under_a_link_several(page: pymupdf.Page) -> None:
    writer = pymupdf.TextWriter(page.rect)
    for top in (60, 160):
        for word, left in (("words", 50), ("set", 83), ("apart", 101)):
            writer.append((left, top), word, fontsize=11)
    writer.write_text(page)
    link = {"kind": pymupdf.LINK_GOTO, "from": pymupdf.Rect(90, 150, 110, 164), "page": 0, "to": pymupdf.Point(0, 0)}
    page.insert_link(link)
    above, below = read(page).lines
    assert [span.text for span in above.spans] == ["words set apart"]
    assert [span.text for span in below.spans if span.text.strip()] == ["words", "set", "apart"]
    assert above.spans[0].bbox == above.bbox
