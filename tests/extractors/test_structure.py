from dataclasses import replace

import pytest

from extractors.raw import Block, TableRegion, TextAnchor
from extractors.structure import structure
from schemas.geometry import Box, Span
from schemas.kinds import ElementKind, LinkKind, TextSource
from schemas.records import Cell, Document, Element, Link, Page

DOCUMENT = Document("d" * 16, "s", "file:///a.pdf", 1, 4, "x", "1")
PAGES = [Page(DOCUMENT.doc_id, index, str(index + 1), 600, 800, 0, (), TextSource.TEXT_LAYER) for index in range(4)]
BODY = "The rates grew in every year of the study, and they did so in all places."


def block(text: str, y: float, *, page: int = 0, size: float = 10.0, lines: int = 2, bold: bool = False) -> Block:
    box = Box(100, y, 500, y + 12 * lines)
    return Block(page, ElementKind.PARAGRAPH, box, text, size=size, bold=bold, line_count=lines)


def heading(text: str, y: float, *, page: int = 0, size: float = 12.0) -> Block:
    return block(text, y, page=page, size=size, lines=1, bold=True)


def caption(label: str, y: float, *, page: int = 0) -> Block:
    return Block(page, ElementKind.CAPTION, Box(100, y, 500, y + 10), f"{label}: Rates", size=10, label=label)


def table(y: float, *, page: int = 0) -> Block:
    region = TableRegion(Box(100, y, 500, y + 80), (Cell(0, 0, "a"), Cell(0, 1, "b")))
    return Block(page, ElementKind.TABLE, region.bbox, "a\tb", table=region)


def figure(y: float, *, page: int = 0) -> Block:
    return Block(page, ElementKind.FIGURE, Box(100, y, 500, y + 80), "")


def build(*blocks: Block) -> tuple[list[Element], list[Link]]:
    found = structure(DOCUMENT, PAGES, blocks)
    return found.elements, found.links


def named(links: list[Link], kind: LinkKind) -> list[tuple[str, str]]:
    return [(a.source_id.split("/", 1)[1], a.target_id.split("/", 1)[1]) for a in links if a.kind is kind]


def test_headings_nest_by_number_and_lead_to_paths() -> None:
    elements, links = build(
        block("A Study of Rates", 100, size=20, lines=1),
        heading("1 Introduction", 140),
        block(BODY, 160),
        heading("1.1 Background", 200),
        block(BODY, 220),
        heading("2 Methods", 260),
        block(BODY, 280),
    )
    assert [element.kind.value for element in elements] == [
        "title", "heading", "paragraph", "heading", "paragraph", "heading", "paragraph",
    ]  # fmt: skip
    assert [element.section_path for element in elements[1:]] == [
        ("1 Introduction",),
        ("1 Introduction",),
        ("1 Introduction", "1.1 Background"),
        ("1 Introduction", "1.1 Background"),
        ("2 Methods",),
        ("2 Methods",),
    ]
    assert elements[3].label == "1.1"
    assert ("p0000/heading2", "p0000/heading1") in named(links, LinkKind.IN_SECTION)


def test_captions_label_their_objects_and_mentions_lead_there() -> None:
    elements, links = build(
        block("Table 1 and Fig. 2b agree with Section 1. " + BODY, 130),
        heading("1 Results", 180),
        block(BODY, 200),
        caption("Table 1", 240),
        table(255),
        figure(400),
        caption("Figure 2", 485),
    )
    assert named(links, LinkKind.CAPTION_OF) == [
        ("p0000/caption1", "p0000/table1"),
        ("p0000/caption2", "p0000/figure1"),
    ]
    assert [element.label for element in elements if element.kind is ElementKind.FIGURE] == ["Figure 2"]
    mentions = [link for link in links if link.kind is LinkKind.MENTIONS]
    assert [(m.anchor_text, m.target_id.rsplit("/", 1)[1]) for m in mentions] == [
        ("Table 1", "table1"), ("Fig. 2b", "figure1"), ("Section 1", "heading1"),
    ]  # fmt: skip
    text = elements[0].text
    assert all(text[m.anchor_start : m.anchor_end] == m.anchor_text for m in mentions)


def twice() -> list[Block]:
    return [caption("Table 1", 240), table(255), caption("Table 1", 240, page=3), table(255, page=3)]


def test_an_ambiguous_mention_is_left_alone_unless_an_annotation_says_which() -> None:
    told = block("See Table 1. " + BODY, 130)
    _, links = build(told, *twice())
    assert named(links, LinkKind.MENTIONS) == []
    annotated = replace(told, anchors=(TextAnchor(10, 11, 3, 240.0, "table.1"),))
    _, links = build(annotated, *twice())
    assert named(links, LinkKind.MENTIONS) == [("p0000/paragraph1", "p0003/table1")]


def test_an_annotated_bare_number_is_a_mention_but_a_citation_is_not() -> None:
    text = "As given in 1.1 and by [7]. " + BODY
    anchors = (TextAnchor(12, 15, 0, 180.0, "subsection.1.1"), TextAnchor(24, 25, 0, 180.0, "cite.x"))
    _, links = build(replace(block(text, 130), anchors=anchors), heading("1.1 Rates", 180), block(BODY, 200))
    (mention,) = [link for link in links if link.kind is LinkKind.MENTIONS]
    assert (mention.anchor_text, mention.target_id.rsplit("/", 1)[1]) == ("1.1", "heading1")


def test_running_heads_and_page_numbers_are_furniture() -> None:
    blocks = []
    for page in range(4):
        head, body = block("Rates of the World", 30, page=page, lines=1), block(BODY, 100, page=page)
        blocks += [head, body, block(str(page + 1), 770, page=page, lines=1)]
    elements, _ = build(*blocks)
    kinds = [element.kind.value for element in elements]
    assert kinds == ["header", "paragraph", "footer"] * 4
    assert all(element.section_path == () for element in elements)


def test_footnotes_are_tied_to_the_block_that_calls_them() -> None:
    caller = replace(block("The rates¹ grew 1 in all. " + BODY, 100), marks=(Span(16, 17),))
    note = replace(block("1 After the census.", 700, size=8, lines=1), marks=(Span(0, 1),))
    elements, links = build(caller, block(BODY, 140), note)
    assert elements[2].kind is ElementKind.FOOTNOTE
    assert named(links, LinkKind.FOOTNOTE_OF) == [("p0000/footnote1", "p0000/paragraph1")]


@pytest.mark.parametrize("dropped", [0, 1])
def test_ids_of_a_page_do_not_depend_on_other_pages(dropped: int) -> None:
    blocks = [
        block(BODY, 100),
        block(BODY, 300),
        block(BODY, 100, page=1),
        table(300, page=1),
        block(BODY, 500, page=1),
    ]
    whole, _ = build(*blocks)
    part, _ = build(*blocks[:dropped], *blocks[dropped + 1 :])
    ids = [element.element_id for element in whole if element.page_index == 1]
    assert [element.element_id for element in part if element.page_index == 1] == ids
    assert len({element.element_id for element in whole}) == len(whole)
