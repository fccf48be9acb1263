from extractors.passages import make_passages
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.records import Document, Element

DOCUMENT = Document("d" * 16, "s", "file:///a.pdf", 1, 2, "x", "1")
BOX = Box(0, 0, 1, 1)


def element(name: str, kind: ElementKind, text: str, path: tuple[str, ...], *, label: str | None = None) -> Element:
    return Element(f"{DOCUMENT.doc_id}/{name}", DOCUMENT.doc_id, 0, 0, kind, BOX, text, label=label, section_path=path)


ELEMENTS = [
    element("h1", ElementKind.HEADING, "1 Results", ("1 Results",)),
    element("p1", ElementKind.PARAGRAPH, "The rates grew. " * 6, ("1 Results",)),
    element("c1", ElementKind.CAPTION, "Table 3: Rates by year", ("1 Results",), label="Table 3"),
    element("t1", ElementKind.TABLE, "a\tb\n1\t2", ("1 Results",), label="Table 3"),
    element("x1", ElementKind.FOOTER, "page 1", ()),
    element("h2", ElementKind.HEADING, "2 Methods", ("2 Methods",)),
    element("p2", ElementKind.PARAGRAPH, "We counted. " * 40, ("2 Methods",)),
]


def test_passages_keep_to_sections_and_length_and_name_their_elements() -> None:
    passages = make_passages(DOCUMENT, ELEMENTS, 300)
    assert all(len(passage.text) <= 300 for passage in passages)
    assert {passage.section_path for passage in passages} == {("1 Results",), ("2 Methods",)}
    ids = [identifier.rsplit("/", 1)[1] for passage in passages for identifier in passage.element_ids]
    assert list(dict.fromkeys(ids)) == ["h1", "p1", "c1", "t1", "h2", "p2"]
    assert len({passage.passage_id for passage in passages}) == len(passages)


def test_tables_stand_as_placeholders() -> None:
    (first, *_) = make_passages(DOCUMENT, ELEMENTS[:4], 1000)
    assert "[Table 3: Rates by year]" in first.text
    assert "1\t2" not in first.text


def test_a_document_without_text_has_no_passages() -> None:
    assert make_passages(DOCUMENT, [ELEMENTS[4]], 300) == []
