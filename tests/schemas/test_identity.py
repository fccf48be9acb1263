"""Ids depend on content and on nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import content_hash, digest, doc_id, document_of, element_id, passage_id, qa_id
from schemas.kinds import ElementKind


def test_a_document_is_named_by_its_bytes() -> None:
    assert content_hash(b"%PDF-1.7").startswith(doc_id(content_hash(b"%PDF-1.7")))
    assert len(doc_id(content_hash(b"a"))) == 16
    assert doc_id(content_hash(b"a")) != doc_id(content_hash(b"b"))


def test_element_ids_lead_back_to_their_document() -> None:
    identifier = element_id("3f9a04bb12cd77e0", 12, ElementKind.FIGURE, 2)
    assert identifier == "3f9a04bb12cd77e0/p0012/figure2"
    assert document_of(identifier) == "3f9a04bb12cd77e0"
    assert document_of(passage_id("3f9a", ("a",), "text")) == "3f9a"
    assert document_of(qa_id("3f9a", "question")) == "3f9a"


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_digests_of_different_parts_differ(a: list[str], b: list[str]) -> None:
    assert (digest(*a) == digest(*b)) == (a == b)
