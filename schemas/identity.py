"""Ids: readable, and made from content, so that the same input gives the same ids on any machine."""

import hashlib

from schemas.kinds import ElementKind

DOC_ID_LENGTH = 16
_DIGEST_LENGTH = 20


def content_hash(data: bytes) -> str:
    """Return the full sha256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def doc_id(sha256: str) -> str:
    """Return the document id for a file's sha256: its first 16 hexadecimal digits."""
    return sha256[:DOC_ID_LENGTH]


def element_id(document: str, page_index: int, kind: ElementKind, number: int) -> str:
    """Return the id of the `number`-th (from 1) element of its kind on a page.

    Depends on nothing but the page itself: an unchanged page keeps its ids.

    >>> element_id("3f9a04bb12cd77e0", 3, ElementKind.TABLE, 1)
    '3f9a04bb12cd77e0/p0003/table1'
    """
    return f"{document}/p{page_index:04d}/{kind.value}{number}"


def page_id(document: str, page_index: int) -> str:
    """Return the id of a page, which its elements' ids begin with.

    >>> page_id("3f9a04bb12cd77e0", 3)
    '3f9a04bb12cd77e0/p0003'
    """
    return f"{document}/p{page_index:04d}"


def document_of(identifier: str) -> str:
    """Return the document id inside an element or passage id."""
    return identifier.partition("/")[0]


def passage_id(document: str, element_ids: tuple[str, ...], text: str) -> str:
    """Return the id of a passage: its document and a digest of the elements and the text it is made of."""
    return f"{document}/passage-{digest(*element_ids, text)[:12]}"


def image_id(data: bytes) -> str:
    """Return the id of a picture: the sha256 of its encoded bytes, shortened."""
    return content_hash(data)[:32]


def digest(*parts: str) -> str:
    """Return a short hash of several strings, unambiguous about where each of them ends.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    hasher = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big"))
        hasher.update(data)
    return hasher.hexdigest()[:_DIGEST_LENGTH]


def qa_id(document: str, *parts: str) -> str:
    """Return the id of a question: its (first) document and a digest of what makes it that question."""
    return f"{document}/qa-{digest(*parts)[:12]}"


def triplet_id(question: str, query: str) -> str:
    """Return the id of a triplet: its question's and a digest of the words that were mined with.

    >>> triplet_id("3f9a04bb12cd77e0/qa-0123456789ab", "How many?")
    '3f9a04bb12cd77e0/qa-0123456789ab/triplet-97d5e47341c6'
    """
    return f"{question}/triplet-{digest(query)[:12]}"


def wording(question: str, answer: str) -> str:
    """Return the id of a question's words and answer as a person saw them; any change of either changes it."""
    return digest(question, answer)
