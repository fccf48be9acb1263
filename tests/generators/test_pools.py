"""Candidate pools: ids are those of the evidence, and the gold follows it through another chunking."""

from dataclasses import replace

import pytest

from generators.document_view import DocumentView
from generators.pools import ELEMENT_CANDIDATES, PAGES, Gold, candidates, covered, gold, remap_passages
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    CandidateKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    QuestionType,
    TextSource,
)
from schemas.records import Document, Element, Evidence, Link, Page, Passage, Provenance, Question

DOC = "d" * 16
BOX = Box(0, 0, 10, 10)
EVERY = tuple(CandidateKind)
LONG = "the first half tells of rivers and lakes the second half tells of cities and roads"


def element(name: str, kind: ElementKind, text: str, order: int, page: int = 0) -> Element:
    return Element(f"{DOC}/p{page:04d}/{name}", DOC, page, order, kind, BOX, text, label=None)


TABLE = element("table1", ElementKind.TABLE, "year\tprofit\n2020\t7", 2)
CAPTION = element("caption1", ElementKind.CAPTION, "Table 1: profit", 1)
HEADER = element("header1", ElementKind.HEADER, "running head", 0)
WORDS = element("paragraph1", ElementKind.PARAGRAPH, LONG, 0, page=1)
FIGURE = replace(element("figure1", ElementKind.FIGURE, "", 1, page=1), bbox=Box(0, 0, 40, 40))


def passage(name: str, text: str, *elements: Element) -> Passage:
    return Passage(f"{DOC}/passage-{name}", DOC, tuple(item.element_id for item in elements), text, (0,))


WHOLE = [passage("a", "[Table 1: profit] Table 1: profit", CAPTION, TABLE), passage("b", LONG, WORDS, FIGURE)]
HALVES = [WHOLE[0], passage("c", LONG[:41], WORDS), passage("d", LONG[42:], WORDS, FIGURE)]


def view(passages: list[Passage]) -> DocumentView:
    pages = [Page(DOC, n, str(n + 1), 100, 100, 0, (), TextSource.TEXT_LAYER, f"picture{n}") for n in range(2)]
    links = [Link(CAPTION.element_id, TABLE.element_id, LinkKind.CAPTION_OF)]
    elements = [TABLE, CAPTION, HEADER, WORDS, FIGURE]
    return DocumentView(Document(DOC, "", "a.pdf", 1, 2, "x", "1"), pages, elements, links, passages=passages)


def evidence(of: Element, role: EvidenceRole = EvidenceRole.ANSWER, quote: str | None = None) -> Evidence:
    return Evidence(of.element_id, DOC, of.page_index, "1", BOX, Modality.TEXT, role, quote)


def question(*units: Evidence) -> Question:
    made_by = Provenance("none", "1")
    kind, form = AnswerKind.TEXT, QuestionType.FACTUAL_RETRIEVAL
    return Question(f"{DOC}/qa-1", "Which?", "That", kind, form, "text", tuple(units), made_by)


def test_a_pool_holds_everything_once_under_the_ids_of_the_evidence() -> None:
    found = [(item.candidate_id, item.kind.value, item.text) for item in candidates(view(WHOLE), EVERY)]
    assert found == [
        (f"{DOC}/passage-a", "passage", "[Table 1: profit] Table 1: profit"),
        (f"{DOC}/passage-b", "passage", LONG),
        (TABLE.element_id, "table", "Table 1: profit\nyear\tprofit\n2020\t7"),
        (FIGURE.element_id, "figure", ""),
        (f"{DOC}/p0000", "page", "Table 1: profit\n\nyear\tprofit\n2020\t7"),
        (f"{DOC}/p0001", "page", LONG),
    ]


def test_only_the_kinds_that_are_asked_for_come() -> None:
    assert {item.kind for item in candidates(view(WHOLE), ELEMENT_CANDIDATES)} == set(ELEMENT_CANDIDATES)
    assert [item.image_id for item in candidates(view(WHOLE), PAGES)] == ["picture0", "picture1"]


CASES = [
    ("a table is its own", [evidence(TABLE)], WHOLE, [(TABLE.element_id, 2)]),
    (
        "what answers as well is an answer",
        [evidence(TABLE), evidence(WORDS, EvidenceRole.ALTERNATIVE, "rivers")],
        WHOLE,
        [(TABLE.element_id, 2), (f"{DOC}/passage-b", 2)],
    ),
    ("a caption goes with its table", [evidence(CAPTION, EvidenceRole.CONTEXT)], WHOLE, [(TABLE.element_id, 1)]),
    (
        "the better grade counts",
        [evidence(CAPTION, EvidenceRole.CONTEXT), evidence(TABLE)],
        WHOLE,
        [(TABLE.element_id, 2)],
    ),
    ("text goes to its passage", [evidence(WORDS, quote="rivers and lakes")], WHOLE, [(f"{DOC}/passage-b", 2)]),
    ("first half", [evidence(WORDS, quote="rivers and lakes")], HALVES, [(f"{DOC}/passage-c", 2)]),
    ("second half", [evidence(WORDS, quote="cities\nand roads")], HALVES, [(f"{DOC}/passage-d", 2)]),
    (
        "a quote that was cut",
        [evidence(WORDS, quote="rivers and lakes the second half tells of cities")],
        HALVES,
        [(f"{DOC}/passage-c", 2), (f"{DOC}/passage-d", 2)],
    ),
    (
        "answer first",
        [evidence(WORDS, EvidenceRole.CONTEXT, "rivers"), evidence(TABLE)],
        WHOLE,
        [(TABLE.element_id, 2), (f"{DOC}/passage-b", 1)],
    ),
    ("gone from the document", [evidence(element("table9", ElementKind.TABLE, "", 9))], WHOLE, []),
]


@pytest.mark.parametrize(
    ("units", "passages", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_gold_is_read_off_the_evidence(units, passages, expected) -> None:
    found = gold(question(*units), {DOC: view(passages)}, ELEMENT_CANDIDATES)
    assert [(item.candidate_id, item.grade) for item in found] == expected


def test_gold_ids_are_in_the_pool_they_are_asked_for() -> None:
    asked = question(evidence(TABLE), evidence(WORDS, quote="rivers"))
    for kinds in (ELEMENT_CANDIDATES, PAGES, EVERY, (CandidateKind.PASSAGE,)):
        pool = {item.candidate_id for item in candidates(view(HALVES), kinds)}
        assert {item.candidate_id for item in gold(asked, {DOC: view(HALVES)}, kinds)} <= pool


def test_a_page_holds_what_stands_on_it_even_when_its_element_is_gone() -> None:
    lost = evidence(element("table9", ElementKind.TABLE, "", 9, page=1))
    assert gold(question(lost), {DOC: view(WHOLE)}, PAGES) == [Gold(f"{DOC}/p0001", 2, (0,))]


def test_an_unknown_document_gives_nothing() -> None:
    assert gold(question(evidence(TABLE)), {}, EVERY) == []


def test_an_answer_is_covered_when_every_unit_of_it_is_held() -> None:
    asked = question(evidence(TABLE), evidence(WORDS, EvidenceRole.CONTEXT))
    assert covered(asked, [Gold("x", 2, (0,))])
    assert not covered(asked, [Gold("x", 1, (1,))])
    assert not covered(question(), [])


def test_passages_of_a_new_chunking_take_over_from_the_old() -> None:
    assert remap_passages(WHOLE, HALVES) == {
        f"{DOC}/passage-a": (f"{DOC}/passage-a",),
        f"{DOC}/passage-b": (f"{DOC}/passage-c", f"{DOC}/passage-d"),
    }
    assert remap_passages(HALVES, WHOLE)[f"{DOC}/passage-c"] == (f"{DOC}/passage-b",)
    assert remap_passages(WHOLE, []) == {f"{DOC}/passage-a": (), f"{DOC}/passage-b": ()}
