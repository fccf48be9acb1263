from dataclasses import replace

import pytest

from generators.bundles import Bundle, BundleKind, build_bundles, bundle_of, is_passage
from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Cell, Document, Element, Link
from tests.generators.tied_corpus import chatter

FIRST = (
    "The harvest of the northern reactor rose again, as the first table and the first figure show, although the pumps "
    "of Saint Malo had to stand still for weeks while their bearings were exchanged by hand."
)
SECOND = (
    "Nobody could say why the southern reactor gave less than the year before; the pumps of Saint Malo ran well, and "
    "the second table only says that the losses were larger where the water had been colder."
)


def element(name: str, kind: ElementKind, text: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> Element:
    cells = tuple(Cell(r, c, text, header=r == 0) for r, row in enumerate(rows) for c, text in enumerate(row))
    order = int("".join(filter(str.isdigit, name)))
    return Element(f"d/p0000/{name}", "d", 0, order, kind, Box(0, 0, 9, 9), text, section_path=("Yields",), cells=cells)


@pytest.fixture
def view() -> DocumentView:
    elements = [
        element("paragraph1", ElementKind.PARAGRAPH, FIRST),
        element("table2", ElementKind.TABLE, rows=(("Reactor", "Biomass"), ("North Wing", "7"), ("East Wing", "9"))),
        element("caption3", ElementKind.CAPTION, "Table 1: Biomass of the reactors"),
        element("figure4", ElementKind.FIGURE),
        element("caption5", ElementKind.CAPTION, "Figure 1: The reactors"),
        element("paragraph6", ElementKind.PARAGRAPH, SECOND),
        element("table7", ElementKind.TABLE, rows=(("Reactor", "Losses"), ("North Wing", "1"), ("East Wing", "2"))),
        element("paragraph8", ElementKind.PARAGRAPH, chatter(4, words=60)),
    ]
    links = [
        Link("d/p0000/caption3", "d/p0000/table2", LinkKind.CAPTION_OF),
        Link("d/p0000/caption5", "d/p0000/figure4", LinkKind.CAPTION_OF),
        Link("d/p0000/paragraph1", "d/p0000/table2", LinkKind.MENTIONS),
        Link("d/p0000/paragraph1", "d/p0000/figure4", LinkKind.MENTIONS),
        Link("d/p0000/paragraph6", "d/p0000/table7", LinkKind.MENTIONS),
    ]
    return DocumentView(Document("d", "s", "file:///a.pdf", 1, 1, "x", "1"), [], elements, links)


def evidence(view: DocumentView, kind: BundleKind) -> list[tuple[str, ...]]:
    found = [bundle for bundle in build_bundles(view, seed=1) if bundle.kind == kind]
    return sorted(tuple(name.rpartition("/")[2] for name in bundle.evidence) for bundle in found)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (BundleKind.PASSAGE, [("paragraph1",), ("paragraph6",), ("paragraph8",)]),
        (BundleKind.PAIR, [("paragraph1", "paragraph6")]),
        (BundleKind.HOP, [("figure4", "paragraph1"), ("table2", "paragraph1"), ("table7", "paragraph6")]),
        (BundleKind.OBJECTS, [("table2", "figure4"), ("table2", "table7")]),
        (BundleKind.SECTION, [("paragraph1", "table2", "paragraph6", "table7", "paragraph8")]),
    ],
)
def test_each_kind_follows_links_and_rare_words(view: DocumentView, kind: BundleKind, expected: list[object]) -> None:
    assert evidence(view, kind) == expected


def test_captions_and_the_passage_that_ties_come_along(view: DocumentView) -> None:
    bundles = {bundle.evidence: bundle for bundle in build_bundles(view, seed=1)}
    tied = bundles["d/p0000/table2", "d/p0000/figure4"]
    assert tied.context == ("d/p0000/caption3", "d/p0000/caption5", "d/p0000/paragraph1")


def test_the_parts_of_a_table_over_pages_are_no_pair(view: DocumentView) -> None:
    joined = Link("d/p0000/table2", "d/p0000/table7", LinkKind.CONTINUES)
    whole = DocumentView(view.document, [], view.elements, (*view.links, joined))
    assert evidence(whole, BundleKind.OBJECTS) == [("table2", "figure4")]


def test_what_many_passages_say_pairs_none() -> None:
    texts = [f"{chatter(number)} The committee of Saint Malo met again that year." for number in range(6)]
    elements = [element(f"paragraph{n}", ElementKind.PARAGRAPH, text) for n, text in enumerate(texts)]
    many = DocumentView(Document("d", "s", "file:///a.pdf", 1, 1, "x", "1"), [], elements)
    assert evidence(many, BundleKind.PAIR) == []


@pytest.mark.parametrize(
    "text",
    [
        "Table 3. Number of deaths and rates for coronary heart disease among adults, by age group and sex, with the "
        "Hispanic ethnicity, in the national vital statistics system of the United States in 2006.",
        "1 Lamont Doherty Earth Observatory, Columbia University 2 Courant Institute of Mathematics, New York "
        "University 3 Program in Oceanic Sciences, Princeton University 4 Queen Mary University",
        "Source: the tables of the bureau of the census, retrieved in autumn, and the projections of the population "
        "that the same bureau made two years before, together with its unpublished estimates.",
    ],
)
def test_captions_addresses_and_notes_are_no_passages(text: str) -> None:
    assert not is_passage(element("paragraph1", ElementKind.PARAGRAPH, text))
    assert is_passage(replace(element("paragraph1", ElementKind.PARAGRAPH, text), text=FIRST))


def test_documents_of_a_bundle_are_named_in_order() -> None:
    bundle = bundle_of(BundleKind.ACROSS, ("b/p0000/table1", "a/p0000/table1"), ("a/p0000/caption1",))
    assert (bundle.doc_id, bundle.doc_ids) == ("b", ("b", "a"))
    assert bundle == Bundle(bundle.bundle_id, "b", BundleKind.ACROSS, bundle.evidence, bundle.context)
