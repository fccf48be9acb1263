"""The title of a document: what its metadata say, unless they say nothing or name a file; else what is printed."""

import re
from collections.abc import Iterable
from typing import Final

from schemas.kinds import ElementKind
from schemas.records import Element

_FIRST_PAGES: Final = 2
_LONGEST: Final = 300
# What word processors and typesetters write by themselves.
_NO_TITLE: Final = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel) - .*|(?:untitled|document|dokument|documento|presentation)\W*\d*"
    r"|powerpoint[- ]?pr[äe]sentation|(?:slide|folie|diapositiv[ae]) \d+"
    r"|\S+\.(?:docx?|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|rnw|rmd|ai|pub|odt|html?|ps|eps)|[\W\d_]*)$",
    re.IGNORECASE,
)


def settle_title(stated: str | None, elements: Iterable[Element]) -> str | None:
    """Return the title of a document, or None when neither its metadata nor its first pages tell one.

    Args:
        stated: the title in the metadata.
        elements: the document's elements in reading order.

    >>> settle_title("  Field   Notes ", ())
    'Field Notes'
    >>> settle_title("Microsoft Word - draft3.docx", ()) is None
    True
    """
    if stated and not _NO_TITLE.match(told := " ".join(stated.split())):
        return told
    early = (element for element in elements if element.page_index < _FIRST_PAGES)
    printed = next((" ".join(element.text.split()) for element in early if element.kind is ElementKind.TITLE), "")
    return printed if printed and len(printed) <= _LONGEST else None
