import pymupdf
import pytest

from extractors.options import ExtractOptions
from extractors.outline import OutlineEntry, find_outlined, read_outline
from extractors.pymupdf_extractor import extract
from extractors.raw import Block
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.recipe import Profile

RUNNING = "The rates grew in every year of the study, and they did so in all of the places that were asked. " * 4


def block(text: str, *, page: int = 0, size: float = 10.0, kind: ElementKind = ElementKind.PARAGRAPH) -> Block:
    return Block(page, kind, Box(100, 100, 400, 110), text, size=size)


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("2.1 Methods", "Methods"),
        ("Methods", "2.1 Methods"),
        ("Part I Getting started", "I Getting started"),
        ("METHODS", "Methods"),
        ("Rates of x̄ in all the years of the study", "Rates of x in all the years of the study"),
    ],
)
def test_an_entry_is_found_whatever_its_number_and_letters(printed: str, listed: str) -> None:
    assert find_outlined([block(printed)], [OutlineEntry(3, listed, 0)]) == {0: 3}


@pytest.mark.parametrize(
    "candidate",
    [
        block("Methods", page=1),
        block("Materials"),
        block("Methods", kind=ElementKind.TABLE),
        block(f"Methods {RUNNING}"),
    ],
    ids=["another page", "other words", "a table", "a paragraph"],
)
def test_what_is_not_printed_there_is_not_found(candidate: Block) -> None:
    assert find_outlined([candidate], [OutlineEntry(1, "Methods", 0)]) == {}


def test_of_two_the_larger_print_is_meant_and_none_that_is_known_for_something_else() -> None:
    blocks = [block("Methods"), block("Methods", size=14.0), block("Methods", size=20.0)]
    assert find_outlined(blocks, [OutlineEntry(1, "Methods", 0)], skip={2}) == {1: 1}


def a_document(*, outlined: bool) -> bytes:
    """Headings in the type of the text, which nothing but the outline gives away."""
    document = pymupdf.open()
    page = document.new_page()
    for y, text in [(72, "Rates of the north"), (170, "How they were measured"), (270, "What they tell")]:
        page.insert_text((72, y), text, fontsize=11)
        page.insert_textbox(pymupdf.Rect(72, y + 20, 500, y + 90), RUNNING, fontsize=11)
    if outlined:
        entries = [[1, "Rates of the north", 1], [2, "How they were measured", 1], [1, "What they tell", 1]]
        document.set_toc(entries)
    return bytes(document.tobytes())


def test_headings_of_a_document_follow_its_outline() -> None:
    options = ExtractOptions(Profile.FAST, ocr="off", page_dpi=0, crop_dpi=0)
    found = extract(a_document(outlined=True), options).elements
    paths = [element.section_path for element in found if element.kind is ElementKind.HEADING]
    assert paths == [
        ("Rates of the north",),
        ("Rates of the north", "How they were measured"),
        ("What they tell",),
    ]
    plain = extract(a_document(outlined=False), options).elements
    assert not any(element.kind is ElementKind.HEADING for element in plain)


def test_entries_that_lead_out_of_the_document_are_left_out() -> None:
    document = pymupdf.open("pdf", a_document(outlined=True))
    document.set_toc([[1, "Elsewhere", -1], [2, "What they tell", 1]])
    assert read_outline(document) == (OutlineEntry(2, "What they tell", 0),)
