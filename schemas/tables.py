"""The tables of a workspace: the name of each, and the record that is one row of it."""

from schemas.records import Document, Element, Failure, Image, Judgement, Link, Page, Passage, Question, Reject

SCHEMA_VERSION = 1

TABLES: dict[str, type] = {
    "documents": Document,
    "pages": Page,
    "elements": Element,
    "links": Link,
    "passages": Passage,
    "images": Image,
    "qa": Question,
    "judgements": Judgement,
    "rejects": Reject,
    "errors": Failure,
}
