"""What a document and a table are about, in words that a question can carry: titles and captions, cleaned."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from generators.document_view import DocumentView
from generators.table_text import balanced, is_garbled
from generators.words import word_list
from schemas.kinds import ElementKind
from schemas.records import Element

_LONGEST_TITLE: Final = 120
_LONGEST_SUBJECT: Final = 160
_SHORT_TITLE: Final = 3
_LEAST_LEADING: Final = 4
_LEAST_DATED: Final = 2
_NAMED_AND_DATED: Final = re.compile(r"\b(?:in|of|for|to|from|at) (?:the )?[A-Z][\w-]+.*\b(?:1[89]|20)\d\d\b")
_LABEL: Final = re.compile(
    r"^\s*(?:(?:supplementary |appendix )?(?:table|tab\.|exhibit|box|tableau))\s*"
    r"[A-Z]?[-.]?\d*(?:[.\-–]\d+)*[a-z]?\s*[.:|–—-]*\s*",
    re.IGNORECASE,
)
_FILE_NAME: Final = re.compile(
    r"microsoft word|untitled|^slide \d|\.(?:docx?|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|rnw|rmd|ai|pub)\b"
    r"|^[\w-]+_[\w-]+$|^\S+$|^\W*$"
    r"|^(?:title|document|paper|report|abstract|introduction|contents|chapter \w+)$"
    r"|\bappendix\b|^executive summary|^(?:\d+ )?reference tables|table of contents"
    r"|^(?:table|figure) \d|^all rights|^copyright",
    re.IGNORECASE,
)
_CONTINUED: Final = re.compile(r"\(?\b(?:continued|cont[’']?d\.?|cont\.)\)?", re.IGNORECASE)
_MARK: Final = re.compile(r"(?<=[^\W\d_])[*†‡§¶∗]+(?=[\s,;:.]|$)")
# Where a caption that is too long may end, the best first.
_ENDINGS: Final = tuple(
    map(re.compile, (r"[:;]|, (?:where|with|which)\b|\s\((?!.*\))| \((?=[^)]{25,}\))", r"\s[–—]\s", r", by "))
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|shows?|presents?|gives?|lists?|illustrates?|contains?|reports?|summari[sz]es|provides?|compares"
    r"|we|our"
    r"|see|can|has|have|had|indicates?|describes?|displays?|depicts?|note|this|these|refers?)\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<=[a-z\d)%’”\"])[.;](?=\s+[A-Z(])")
_SECTION: Final = re.compile(
    r"results?|discussion|introduction|conclusions?|summary|appendix|analys[ie]s|overview|methods?|statistics|references"
    r"|details|examples?|links?|notes?|background|evaluation|experiments?|data",
    re.IGNORECASE,
)
_LONGEST_ACRONYM: Final = 6
_ACRONYMS: Final = word_list("acronyms")
_PART: Final = re.compile(
    r"^(?:(?:chapter|part|section|annex|appendix)\s+[\dIVX]+|[A-Z]|\d+(?:\.\d+)*)\s*[.:–—-]+\s+", re.I
)
_COMMON: Final = word_list("common") | word_list("measures")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a table is about: `text` for a sentence, `source` the element that says so, `continued` for a later part."""

    text: str
    source: Element
    continued: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Where the words stand in the source element; the whole of it where they were changed."""
        start = self.source.text.lower().find(self.text.lower())
        return (start, start + len(self.text)) if start >= 0 else (0, len(self.source.text))


class Voice:
    """How a document writes: which words it uses in lower case, so that a header can be fitted into a sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Keep the texts; words are counted on first use."""
        self._texts = tuple(texts)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(
            word for text in self._texts for word in re.findall(r"(?<![.!?:] )(?<=[\w,;] )[a-z][a-z’'-]+", text)
        )

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        return frozenset(
            word for text in self._texts for word in re.findall(r"(?<=\w )\(?([A-Z][A-Za-z]*[A-Z])\b", text)
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(word for text in self._texts for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z’'-]+", text))

    def knows(self, word: str) -> bool:
        """Tell whether running text uses a word in lower case."""
        return word.lower() in _COMMON or (word.lower() in self._words and word not in self._names)

    def explains(self, acronym: str) -> bool:
        """Tell whether running text uses an acronym."""
        return acronym in self._acronyms

    def lowered(self, text: str) -> str:
        """Return a header as it reads inside a sentence: common words lose their capital."""
        words = text.split(" ")
        if len(words) > 2 and text.isupper():
            return " ".join(self.uncapitalised(word) for word in words)
        if len(words) > 1 and all(word.islower() for word in words[1:]) and words[0][1:].islower():
            first = words[0].strip(",.:")
            is_name = first in self._names and first.lower() not in self._words | _COMMON
            words[0] = words[0] if is_name else words[0].lower()
        return " ".join(self._lower_word(word) for word in words)

    def lowered_noun(self, text: str) -> str:
        """Return a header that is a common noun ("Search Space") as running text prints it."""
        lowered = self.lowered(text)
        single = " " not in text and text.istitle() and text not in self._names
        return text.lower() if single or (lowered[:1].islower() and text.istitle()) else lowered

    def uncapitalised(self, word: str) -> str:
        """Return a word set in capitals as running text prints it: an acronym, a name, or in lower case.

        >>> Voice(["It is read by PIRLS in Germany"]).uncapitalised("GERMANY")
        'Germany'
        """
        core = word.strip("(),.;:/–—-“”’")
        if core in _ACRONYMS or any(character.isdigit() for character in core):
            return word
        if core in self._acronyms and len(core) <= _LONGEST_ACRONYM and not self.knows(core.lower()):
            return word
        if core.capitalize() in self._names and core.lower() not in self._words:
            return word.replace(core, core.capitalize())
        return word.lower()

    def is_titled(self, text: str) -> bool:
        """Tell whether a text is set in title case: common words after the first carry a capital."""
        later = text.split(" ")[1:]
        return any(word[:1].isupper() and word[1:].islower() and self.knows(word.strip("(),.;:/")) for word in later)

    def _lower_word(self, word: str) -> str:
        core = word.strip("(),.;:/")
        plain = core[:1].isupper() and core[1:].islower() and len(core) > 1
        return word.lower() if (plain and self.knows(core)) or core == "A" else word


def voice_of(view: DocumentView) -> Voice:
    """Return the voice of a document's running text."""
    return Voice(element.text for element in view.of_kind(ElementKind.PARAGRAPH, ElementKind.LIST_ITEM))


def document_name(view: DocumentView) -> tuple[str, Element | None] | None:
    """Return a document's title fit for a question, and the element that prints it; None when it has none.

    File names and other garbage in the metadata give way to the title on the first pages.
    """
    printed = next((e for e in view.of_kind(ElementKind.TITLE) if e.page_index < 2 and _is_title(_tidy(e.text))), None)
    first = view.of_kind(ElementKind.HEADING)[:1]
    heading = first[0].text if first and first[0].page_index == 0 and _heads_document(first[0].text) else ""
    for text in (view.document.title or "", printed.text if printed else "", heading):
        name = _tidy(text)
        # A question on a page heads a section more often than a document.
        if _is_title(name) and (text == view.document.title or not name.endswith("?")):
            source = printed if printed and _tidy(printed.text) == name else None
            return _shortened(_in_sentence_case(name, voice_of(view))), source
    return None


def _in_sentence_case(name: str, voice: Voice) -> str:
    """Return a title set in capitals as a sentence would print it; other titles stay as they are."""
    words = [word for word in name.split() if any(character.isalpha() for character in word)]
    if sum(word.isupper() for word in words) * 4 < len(words) * 3 or len(words) < 3:
        return name
    lowered = " ".join(voice.uncapitalised(word) for word in name.split())
    return lowered[:1].upper() + lowered[1:]


def table_subject(view: DocumentView, table: Element, title: str | None = None) -> Subject | None:
    """Return what a table is about, from its caption, or None when nothing near it says so.

    Args:
        view: the document.
        table: one of its tables.
        title: a row over the table's whole width.
    """
    caption = view.caption_of(table)
    if caption is not None:
        text = clean_caption(caption.text)
        text = text or _single_name(caption.text)
        if text:
            return Subject(text, caption, _CONTINUED.search(caption.text) is not None)
    if title and is_subject(title):
        return Subject(title, table)
    return _from_text_above(view, table)


def clean_caption(text: str) -> str | None:
    """Return a caption's first sentence without its label, or None when it is no noun phrase of fitting length.

    >>> clean_caption("Table 3: Retail sales by country, 1996. Source: Eurostat.")
    'Retail sales by country, 1996'
    """
    text = re.sub(r"^\d*\.?\s*\|\s*", "", _LABEL.sub("", _CONTINUED.sub("", " ".join(text.split()))))
    end = _SENTENCE_END.search(text)
    first = (text[: end.start()] if end else text).strip(" .:;,–—-")
    if end and len(first.split()) <= _SHORT_TITLE:
        # "UStemp data. Lowest temperatures in Fahrenheit": the second sentence says more.
        following = _SENTENCE_END.split(text[end.end() :])[0].strip(" .:;,–—-")
        first = following if len(following.split()) > _SHORT_TITLE and is_subject(following) else first
    first = re.sub(r"\s*\((?:in )?(?:%|percent|thousands|millions|billions)\)$", "", first)
    first = _MARK.sub("", first)
    for ending in _ENDINGS:
        if len(first) > _LONGEST_SUBJECT:
            first = ending.split(first)[0].strip(" ,")
    return first if is_subject(first) else None


def without_label(text: str) -> str:
    """Return a caption without the name of its table.

    >>> without_label("Table 3. Electric Devices")
    'Electric Devices'
    """
    return _LABEL.sub("", text)


def _single_name(caption: str) -> str | None:
    """Return a caption that is one name ("Table 4. Earthquakes"), which with its document's says enough."""
    name = _LABEL.sub("", caption).strip(" .:")
    known = name.lower() in _COMMON or _SECTION.fullmatch(name)
    return name if re.fullmatch(r"[A-Z][A-Za-z]{3,}", name) and not known else None


def is_subject(text: str) -> bool:
    """Tell whether a text can stand after "the table on": a noun phrase with words of its own."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    if len(words) < 2 or len(text) > _LONGEST_SUBJECT or is_garbled(text) or not balanced(text):
        return False
    return _VERB.search(text) is None and re.search(r"[=\\{}]|\.\w{2,4}$|https?:", text) is None


def leads_alone(subject: str) -> bool:
    """Tell whether a subject says enough to find its table without the name of the document.

    That takes four words of its own, or a place or body by name with a year, and two words besides.

    >>> leads_alone("Employment rates in Finland by gender in 1995"), leads_alone("Results by age group and year")
    (True, False)
    """
    own = {word.lower() for word in re.findall(r"[^\W\d_]{3,}", subject)} - _COMMON
    return len(own) >= _LEAST_LEADING or (len(own) >= _LEAST_DATED and _NAMED_AND_DATED.search(subject) is not None)


def _from_text_above(view: DocumentView, table: Element) -> Subject | None:
    """Return the heading right above a table, when nothing but it stands between."""
    above = [
        element
        for element in view.elements
        if element.page_index == table.page_index
        and element.bbox.y1 <= table.bbox.y0 + 4
        and table.bbox.y0 - element.bbox.y1 < 40
        and min(element.bbox.x1, table.bbox.x1) > max(element.bbox.x0, table.bbox.x0)
        and element.kind not in (ElementKind.HEADER, ElementKind.FOOTER, ElementKind.TABLE, ElementKind.FIGURE)
    ]
    nearest = max(above, key=lambda element: element.bbox.y1, default=None)
    if nearest is None or nearest.kind not in (ElementKind.HEADING, ElementKind.CAPTION):
        return None
    text = clean_caption(re.sub(r"^(?:\d+(?:\.\d+)*\.?|[A-Z]\.)\s+", "", nearest.text))
    return Subject(text, nearest) if text and _heads_table(text) else None


def _heads_table(heading: str) -> bool:
    """Tell whether a heading says what the table below it is about: three words, or two of its own."""
    own = {word.lower() for word in re.findall(r"[^\W\d_]{3,}", heading)} - _COMMON
    return len(heading.split()) >= 3 or (len(own) == 2 and _SECTION.search(heading) is None)


def _heads_document(heading: str) -> bool:
    """Tell whether a first heading can stand for a title: long enough, and no numbered section."""
    return len(heading.split()) > 2 and re.match(r"\d|[A-Z]\.?\s", heading) is None


def _tidy(text: str) -> str:
    """Return a title without rulers, marks and a printed repetition of itself."""
    text = re.sub(r"[_.]{3,}", "", " ".join(text.split())).strip(" .*†∗_")
    text = _PART.sub("", text)
    half = text[: len(text) // 2].strip()
    return half if len(text) > 20 and text == f"{half} {half}" else text


def _is_title(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        len(words) >= 2 and len(text) <= 220 and not _FILE_NAME.search(text) and not is_garbled(text) and balanced(text)
    )


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST_TITLE:
        return name
    head = re.split(r"(?<=\w{3}): |\s[–—-]\s|\? ", name)[0]
    return head if 15 <= len(head) <= _LONGEST_TITLE and len(head.split()) >= 3 else name
