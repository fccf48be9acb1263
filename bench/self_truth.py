"""What a PDF says of itself: its headings in the outline, and in its link annotations what "Table 3" leads to.

Documents made with LaTeX's hyperref name the places of their figures, tables, sections and equations, and their outline
holds the headings with their levels. That is truth without annotators, on anybody's files.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pymupdf

from schemas.geometry import Box, box

# The beginnings of hyperref's names, and what stands at such a place.
KINDS = {
    "figure": "figure",
    "table": "table",
    "equation": "formula",
    "chapter": "heading",
    "section": "heading",
    "subsection": "heading",
    "subsubsection": "heading",
    "appendix": "heading",
}
_NAME = re.compile(rf"^(?P<kind>{'|'.join(KINDS)})(?:\.caption)?\.(?P<number>[\w.]+)$")
_NUMBER = re.compile(r"(?:^|[^\w.])(?P<number>(?:[A-Z]\.?)?\d{1,3}(?:[.\-]\d{1,3})*|[A-Z])[)\].:]?$")
# How captions open, in whatever language: "Table 3", "Abb. A.1", "图 3-2", and "3. ábra".
_OPENERS = (
    re.compile(r"^\W*(?P<word>[^\W\d_]+)\.?\s*(?P<number>(?:[A-Z]{1,2}\.?)?\d[\d.\-–]*|[A-Z]\b|[IVXLC]+\b)"),
    re.compile(r"^\W*(?P<number>\d[\d.\-–]*)\.?\s+(?P<word>[^\W\d_]+)"),
)
_LISTED_SHARE = 0.3
_FEWEST_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline; pages are counted from 0."""

    page: int
    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Linked words with the kind and the printed number of what they lead to."""

    page: int
    kind: str
    number: str
    target_page: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What one document says of its first pages; `captions` and `objects` count figures and tables by (page, kind).

    Objects have a name and may have no caption, such as long tables. Captions have a name, and a line that opens with a
    word and a number: some packages name one float twice, and pictures without a caption.
    """

    headings: tuple[Heading, ...]
    mentions: tuple[Mention, ...]
    captions: Mapping[tuple[int, str], int]
    objects: Mapping[tuple[int, str], int]


def read_truth(document: pymupdf.Document, pages: int) -> Truth:
    """Return what a document says of its first `pages` pages."""
    texts = [squeeze(document[index].get_text()) for index in range(pages)]
    headings = tuple(_headings(document, texts))
    names = {name: place["page"] for name, place in document.resolve_names().items() if 0 <= place["page"] < pages}
    places = [(name, page, match["kind"]) for name, page in names.items() if (match := _NAME.match(name))]
    objects = Counter((page, kind) for _, page, kind in places if kind in ("figure", "table"))
    named = Counter((page, kind) for name, page, kind in places if ".caption." in name)
    captions = _printed(named, {page: _openers(document[page]) for page, _ in named})
    mentions = tuple(mention for index in range(pages) for mention in _mentions(document[index], pages))
    return Truth(headings if len(headings) >= _FEWEST_HEADINGS else (), mentions, captions, objects)


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in small letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _printed(named: Mapping[tuple[int, str], int], openers: Mapping[int, Counter[str]]) -> Counter[tuple[int, str]]:
    """Return how many of the captions that have a name are printed.

    The word for a kind is the one that opens most lines of the pages on which places of that kind are.
    """
    printed: Counter[tuple[int, str]] = Counter()
    for kind in {kind for _, kind in named}:
        pages = {page: count for (page, other), count in named.items() if other == kind}
        words = Counter[str]()
        for page, count in pages.items():
            words.update({word: min(count, times) for word, times in openers[page].items()})
        word = max(words, key=lambda word: (words[word], word), default="")
        printed.update({(page, kind): min(count, openers[page][word]) for page, count in pages.items()})
    return +printed


def _openers(page: pymupdf.Page) -> Counter[str]:
    """Return the words that open lines with a number, and with how many numbers each."""
    lines = [line.strip() for line in page.get_text().splitlines()]
    joined = [*lines, *(f"{a} {b}" for a, b in pairwise(lines))]
    found = {
        (match["word"].casefold(), match["number"].strip(".-–"))
        for line in joined
        for opener in _OPENERS
        if (match := opener.match(line))
    }
    return Counter(word for word, _ in found)


def _headings(document: pymupdf.Document, texts: list[str]) -> Iterator[Heading]:
    """Yield the entries of the outline whose words are printed on their page."""
    for level, title, page in document.get_toc():
        words = squeeze(title)
        if 0 < page <= len(texts) and len(words) >= 2 and words in texts[page - 1]:
            yield Heading(page - 1, level, words)


def _mentions(page: pymupdf.Page, pages: int) -> Iterator[Mention]:
    """Yield the linked words of a page that name a number; none where links make up a list of contents."""
    links = [link for link in page.get_links() if _NAME.match(_name(link)) and 0 <= link.get("page", -1) < pages]
    rows = {round(link["from"].y1 / 4) for link in links}
    lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())] if links else []
    if len(rows) > max(2, _LISTED_SHARE * len({round(line["bbox"][3] / 4) for line in lines})):
        return
    characters = page.get_text("rawdict")["blocks"] if links else []
    for link in links:
        name, words = _NAME.match(_name(link)), _words(characters, box(*link["from"]))
        number = _NUMBER.search(words)
        if name is not None and number is not None and _agree(name, number["number"]):
            yield Mention(page.number, KINDS[name["kind"]], number["number"].casefold(), link["page"])


def _agree(name: re.Match[str], number: str) -> bool:
    """Tell whether the words can name the place: with the number of a section it has itself, "on page 7" does not."""
    counted = ".caption." in name[0] or "*" in name[0]
    return counted or name["number"].casefold() == number.casefold()


def _name(link: Mapping[str, Any]) -> str:
    return str(link.get("nameddest") or link.get("name") or "")


def _words(blocks: list[dict[str, Any]], place: Box) -> str:
    characters = (
        character
        for block in blocks
        for line in block.get("lines", ())
        for span in line["spans"]
        for character in span["chars"]
    )
    return "".join(c["c"] for c in characters if _is_inside(c["bbox"], place)).strip()


def _is_inside(inner: tuple[float, float, float, float], outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer.x0 - 0.5 <= x <= outer.x1 + 0.5 and outer.y0 - 0.5 <= y <= outer.y1 + 0.5
