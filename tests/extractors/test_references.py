import pytest

from extractors.raw import TextAnchor
from extractors.references import References, link_mentions
from schemas.errors import ReasonCode
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.records import Element


def element(place: int, kind: ElementKind, text: str = "", *, label: str | None = None, page: int = 0) -> Element:
    top = 40.0 * place
    path = ("References",) if text.startswith("[9]") else ()
    return Element(f"d/{place}", "d", page, place, kind, Box(0, top, 100, top + 20), text, label, section_path=path)


def refer(text: str, *others: tuple[ElementKind, str | None, str], anchors: tuple[TextAnchor, ...] = ()) -> References:
    rest = [element(n, kind, words, label=label) for n, (kind, label, words) in enumerate(others, 1)]
    return link_mentions([element(0, ElementKind.PARAGRAPH, text), *rest], {0: anchors}, {})


TABLE = (ElementKind.TABLE, "Table 3", "")


@pytest.mark.parametrize(
    ("text", "others", "reason", "message"),
    [
        ("See Table 3.", [TABLE, TABLE], ReasonCode.MENTION_AMBIGUOUS, "2 elements are labelled Table 3, on page 1"),
        ("See Table 8.", [TABLE], ReasonCode.MENTION_NOT_FOUND, "no table of this document is labelled Table 8"),
        ("See Table 3 of Smith et al. [3].", [TABLE], ReasonCode.MENTION_ELSEWHERE, "Table 3 stands in another work"),
        ("[9] Handbook, Table 3.", [TABLE], ReasonCode.MENTION_ELSEWHERE, "Table 3 stands in another work"),
        ("See Supplementary Table 3.", [TABLE], ReasonCode.MENTION_NOT_FOUND, None),
    ],
)
def test_a_mention_left_unresolved_says_why(
    text: str, others: list[tuple[ElementKind, str | None, str]], reason: ReasonCode, message: str | None
) -> None:
    found = (
        refer(text, *others)
        if not text.startswith("[9]")
        else link_mentions([element(0, ElementKind.PARAGRAPH, text), element(1, *others[0][:1])], {}, {})
    )
    (reject,) = found.unresolved
    assert not found.links
    assert (reject.reason_code, reject.subject, reject.page_index) == (reason, "d/0", 0)
    assert message is None or reject.message == message
    assert reject.text is not None
    assert reject.text in text


def test_a_range_is_resolved_as_far_as_it_can_be_and_the_rest_is_told() -> None:
    found = refer("Tables 2–4 show", TABLE)
    assert [link.target_id for link in found.links] == ["d/1"]
    assert [(reject.text, reject.message[-7:]) for reject in found.unresolved] == [
        ("Tables 2–4", "Table 2"),
        ("Tables 2–4", "Table 4"),
    ]


def test_a_link_annotation_settles_what_is_ambiguous() -> None:
    anchors = (TextAnchor(4, 11, 0, 80.0, "table.3"),)
    found = refer("See Table 3.", TABLE, TABLE, anchors=anchors)
    assert ([link.target_id for link in found.links], found.unresolved) == (["d/2"], [])


def test_a_link_annotation_leads_to_a_heading_that_prints_no_number() -> None:
    anchors = (TextAnchor(4, 13, 0, 30.0, "section.2"),)
    found = refer("See Section 2.", (ElementKind.HEADING, None, "Methods"), anchors=anchors)
    assert [(link.target_id, link.confidence) for link in found.links] == [("d/1", 1.0)]


def test_an_explicit_chapter_is_no_section_where_there_is_one_of_that_number() -> None:
    headings = [(ElementKind.HEADING, "3", "Chapter 3 Rates"), (ElementKind.HEADING, "3", "3 Methods")]
    assert [link.target_id for link in refer("See Section 3.", *headings).links] == ["d/2"]
    assert [link.target_id for link in refer("See Section 3.", headings[0]).links] == ["d/1"]


def test_a_caption_stands_in_for_an_object_that_was_not_found() -> None:
    found = refer("See Table 3.", (ElementKind.CAPTION, "Table 3", "Table 3: Rates"))
    assert [(link.target_id, link.confidence) for link in found.links] == [("d/1", 0.6)]


def test_code_and_contents_name_nothing() -> None:
    found = link_mentions([element(0, ElementKind.PARAGRAPH, "Table 3 . . . 7")], {}, {}, silent={0})
    assert found == References([], [])
