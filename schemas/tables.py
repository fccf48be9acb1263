"""The tables of a workspace: the name of each, and the record that is one row of it."""

from schemas.records import (
    Assignment,
    Document,
    Element,
    Failure,
    Image,
    Judgement,
    LabelProject,
    Link,
    Page,
    Passage,
    Question,
    Reject,
)
from schemas.triplets import Triplet

SCHEMA_VERSION = 2

TABLES: dict[str, type] = {
    "documents": Document,
    "pages": Page,
    "elements": Element,
    "links": Link,
    "passages": Passage,
    "images": Image,
    "qa": Question,
    "originals": Question,
    "samples": Assignment,
    "label_projects": LabelProject,
    "judgements": Judgement,
    "triplets": Triplet,
    "rejects": Reject,
    "errors": Failure,
}
