import pymupdf
import pytest

from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from extractors.raw import RawPage
from extractors.reading import read_page, straighten
from schemas.kinds import TextSource
from schemas.recipe import Profile

BOX = pymupdf.Rect(40, 40, 360, 80)
GREY, BLACK, WHITE = (0.5, 0.5, 0.5), (0, 0, 0), (1, 1, 1)


@pytest.fixture
def page() -> pymupdf.Page:
    return pymupdf.open().new_page(width=400, height=300)


def read(page: pymupdf.Page) -> RawPage:
    fresh = pymupdf.open("pdf", page.parent.tobytes())[0]
    return read_page(fresh, straighten(fresh))


def draw(page: pymupdf.Page, what: str) -> None:
    match what:
        case "black text":
            page.insert_text((60, 65), "words under test", color=BLACK)
        case "white text":
            page.insert_text((60, 65), "words under test", color=WHITE)
        case "black box" | "grey box" | "bordered box":
            border = BLACK if what == "bordered box" else None
            page.draw_rect(BOX, color=border, fill=BLACK if what == "black box" else GREY)
        case "glass":
            page.draw_rect(BOX, color=None, fill=GREY, fill_opacity=0.3)
        case "small box":
            page.draw_rect(pymupdf.Rect(50, 50, 80, 80), color=None, fill=GREY)
        case "frame":
            page.draw_rect(BOX, color=BLACK)
        case "picture":
            pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 32, 4))
            pixmap.clear_with(90)
            page.insert_image(BOX, pixmap=pixmap, keep_proportion=False)
        case "cut-out":
            pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 32, 4), True)
            pixmap.clear_with(90)
            page.insert_image(BOX, pixmap=pixmap, keep_proportion=False)


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        (["black text"], True),
        (["white text"], False),
        (["black box", "white text"], True),
        (["picture", "white text"], True),
        (["grey box", "black text"], True),
        (["black box", "black text"], False),
        (["bordered box", "black text"], True),
        (["bordered box", "frame", "black text", "black box"], False),
        (["frame", "black text"], True),
        (["black text", "frame"], True),
        (["black text", "black box"], False),
        (["black text", "grey box"], False),
        (["black text", "small box"], True),
        (["black text", "glass"], True),
        (["black text", "picture"], False),
        (["black text", "cut-out"], True),
        (["black text", "picture", "black text"], True),
    ],
)
def test_text_counts_where_a_reader_sees_it(page: pymupdf.Page, drawn: list[str], seen: bool) -> None:
    page.insert_text((60, 200), "seen anyway")
    for what in drawn:
        draw(page, what)
    raw = read(page)
    assert ("words" in [word.text for word in raw.words]) is seen
    if drawn.count("black text") < 2:
        assert bool(raw.hidden_characters) is not seen


@pytest.mark.parametrize(
    ("painted_next", "seen"), [("/S sh", True), ("/Pattern cs /P scn 0 0 400 300 re f", True), ("", False)]
)
def test_text_that_cuts_out_what_is_painted_next_counts_where_something_is(
    page: pymupdf.Page, painted_next: str, seen: bool
) -> None:
    page.insert_text((60, 200), "seen anyway", fontname="helv")
    document = page.parent
    shading = document.get_new_xref()
    document.update_object(
        shading,
        "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 400 0]/Extend[true true]"
        "/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>",
    )
    resources = int(document.xref_get_key(page.xref, "Resources")[1].split()[0])
    document.xref_set_key(resources, "Shading", f"<</S {shading} 0 R>>")
    document.xref_set_key(resources, "Pattern", f"<</P<</PatternType 2/Shading {shading} 0 R>>>>")
    drawn = f"q BT /helv 30 Tf 7 Tr 60 200 Td (stencil) Tj ET {painted_next} Q".encode()
    (contents,) = page.get_contents()
    document.update_stream(contents, document.xref_stream(contents) + drawn)
    raw = read(page)
    assert ("stencil" in [word.text for word in raw.words]) is seen
    assert bool(raw.hidden_characters) is not seen


def test_text_under_the_picture_of_a_scan_is_its_text_layer(page: pymupdf.Page) -> None:
    page.insert_text((60, 65), "recognised")
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 40, 30))
    pixmap.clear_with(200)
    page.insert_image(page.rect, pixmap=pixmap)
    raw = read(page)
    assert [word.text for word in raw.words] == ["recognised"]
    assert (raw.text_source, raw.hidden_characters) == (TextSource.OCR, 0)


def test_hidden_text_is_told_with_its_page(page: pymupdf.Page) -> None:
    draw(page, "white text")
    page.insert_text((60, 200), "seen anyway")
    found = extract(page.parent.tobytes(), ExtractOptions(profile=Profile.FAST, page_dpi=0))
    assert [element.text for element in found.elements] == ["seen anyway"]
    assert [(problem.reason_code, problem.page_index) for problem in found.problems] == [("hidden_text", 0)]


def test_what_a_clip_cuts_away_is_not_read_and_counted() -> None:
    shown = pymupdf.open()
    part = shown.new_page(width=200, height=200)
    part.insert_text((20, 40), "in the figure")
    part.insert_text((20, 180), "below its edge")
    document = pymupdf.open()
    page = document.new_page(width=400, height=300)
    page.insert_text((20, 40), "running text")
    page.show_pdf_page(pymupdf.Rect(50, 80, 250, 280), shown, 0)
    whole = read(page)
    drawn = document.xref_stream(page.get_contents()[-1])
    document.update_stream(page.get_contents()[-1], b"q 50 120 200 100 re W n " + drawn + b" Q")
    cut = read(page)
    assert "below its edge" in " ".join(line.text for line in whole.lines)
    assert [line.text for line in cut.lines] == ["running text", "in the figure"]
    assert cut.hidden_characters == len("belowitsedge")
