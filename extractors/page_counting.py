"""The pages of a document and nothing else: an extractor that only opens it, for estimates."""

from extractors.opening import count_pages
from extractors.options import ExtractOptions
from schemas.identity import content_hash, doc_id
from schemas.records import Document, Extraction


def count_only(pdf: bytes, options: ExtractOptions, *, uri: str = "") -> Extraction:
    """Return the document with its page count, without pages.

    Raises:
        ExtractionError: it cannot be opened.
    """
    sha256 = content_hash(pdf)
    pages = count_pages(pdf, options)
    return Extraction(Document(doc_id(sha256), sha256, uri, len(pdf), pages, "page_counting", "1"))
