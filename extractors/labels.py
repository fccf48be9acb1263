"""The printed names of numbered things: "Table S3", "Fig. 2b", "Abb. 4", "图 3" as labels of one spelling."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from extractors.nouns import noun_at, noun_of
from schemas.kinds import ElementKind

CAPTION_KINDS: dict[str, ElementKind] = {
    "Table": ElementKind.TABLE,
    "Figure": ElementKind.FIGURE,
    "Scheme": ElementKind.FIGURE,
    "Chart": ElementKind.FIGURE,
    "Graph": ElementKind.FIGURE,
    "Plate": ElementKind.FIGURE,
    "Map": ElementKind.FIGURE,
    "Exhibit": ElementKind.FIGURE,
    "Box": ElementKind.FIGURE,
}
SECTION_NOUNS = frozenset({"Section", "Chapter", "Appendix"})

# "3", "S3", "A.1", "A1", "4.1", "3-2", "IV", "1.A"; letters only in capitals.
_LETTERED = r"[A-Z]{1,2}[.\-–]?\d{1,3}(?:\.\d{1,3})*"
_PLAIN = r"\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z]\b)?"
_ROMAN = r"[IVXLC]{1,7}(?![A-Za-z\d'’])"
NUMBER = rf"(?:{_LETTERED}|{_PLAIN}|{_ROMAN})"
_HYPHENATED = rf"(?:{_LETTERED}|{_PLAIN}(?:[\-–]\d{{1,3}}(?!\d|\.\d)|(?!\d))|{_ROMAN})"
LETTER = r"[A-Z](?:\.\d{1,3})*(?![A-Za-z\d'’])"
_LABEL_PANEL = r"(?:\s?\(?[a-h](?:\s?[-–,]\s?[a-h])*\)|[a-h](?:[-–,][a-h])*(?!\w)|[A-H](?!\w))"
_CJK_DIGITS = "〇一二三四五六七八九"
_LOOSE_CJK_NUMBER = rf"[{_CJK_DIGITS}十百]{{1,4}}"
CJK_NUMBER = rf"{_LOOSE_CJK_NUMBER}(?![\u3400-\u9fff])"
# What stands before the noun and makes a series of its own: "Supplementary Table 4" is no "Table 4".
_SERIES = {"supp": "S", "online": "S", "web": "S", "si": "S", "extended": "ED", "appendix": "A"}
_SERIES_WORDS = (
    r"(?:Supplementary|Supplemental|Supporting|Supplement|Suppl\.|Supp\.|Extended\s+Data|Online|Web|SI|Appendix)\s+"
)
_SERIES_BEFORE = re.compile(rf"\b(?P<series>{_SERIES_WORDS})$", re.IGNORECASE)
_SERIES_FIRST = re.compile(rf"(?P<series>{_SERIES_WORDS})", re.IGNORECASE)
# "第 3 章", "제 4.1 절", "4.1 節": a number before its noun, which without the first sign must be dotted.
NUMBER_FIRST = re.compile(
    rf"(?:[第제]\s?(?P<first>\d{{1,3}}(?:\.\d{{1,3}})*|{_LOOSE_CJK_NUMBER})|(?<![\d.])(?P<dotted>\d{{1,2}}(?:\.\d{{1,2}})+))"
    r"\s?(?P<unit>章|节|節|장|절)"
)
_ARABIC_INDIC = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


@dataclass(frozen=True, slots=True)
class Label:
    """A numbered name: English noun, printed number, and the panel letters ("b", "a-c") where there are any.

    >>> str(Label("Figure", "2", "b"))
    'Figure 2b'
    """

    noun: str
    number: str
    panel: str = ""

    def __str__(self) -> str:
        """Return the normalised spelling."""
        return f"{self.noun} {self.number}{self.panel}"

    @property
    def key(self) -> str:
        """What two spellings of the same name share; the panel does not count."""
        return f"{self.noun} {self.number}".casefold().replace("–", "-")

    @property
    def whole(self) -> "Label":
        """The label without its panel."""
        return Label(self.noun, self.number)


def fold(text: str) -> str:
    """Return `text` with digits and blanks of other scripts made ASCII, one character for one character."""
    return "".join(map(_fold_character, text)) if not text.isascii() else text


def squeeze(text: str) -> str:
    """Return the letters and digits of `text` alone, in one case: what two settings of the same words share.

    >>> squeeze("Sec-tion 2.1: Data")
    'section21data'
    """
    return "".join(filter(str.isalnum, text.casefold()))


@cache
def _fold_character(character: str) -> str:
    if ord(character) in _ARABIC_INDIC:
        return _ARABIC_INDIC[ord(character)]
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and (plain.isdigit() or plain.isspace() or character in "．：（），") else character


def parse_label(text: str) -> Label | None:
    """Return the label at the start of `text`, or None.

    >>> str(parse_label("Table S3. Rates by year")), str(parse_label("图 3 结果"))
    ('Table S3', 'Figure 3')
    """
    found = match_label(text)
    return found[0] if found else None


def match_label(text: str) -> tuple[Label, int] | None:
    """Return the label at the start of `text` and the place where its number (and panel) ends."""
    plain = fold(text)
    start = len(plain) - len(plain.lstrip())
    first = _SERIES_FIRST.match(plain, start)
    noun = (first and noun_at(plain, first.end())) or noun_at(plain, start)
    if noun is None:
        return _numbered_first(plain, start)
    match = _label_pattern(noun.name in SECTION_NOUNS).match(plain, noun.number)
    if match is None or (noun.start > start and noun.name not in CAPTION_KINDS):
        return None
    number = in_series(tidy_number(match["number"]), series_before(plain, noun.start))
    return Label(noun.name, number, tidy_panel(match["panel"])), match.end()


def _numbered_first(text: str, start: int) -> tuple[Label, int] | None:
    match = NUMBER_FIRST.match(text, start)
    return (numbered_first(match), match.end()) if match else None


def numbered_first(match: re.Match[str]) -> Label:
    """Return the label that `NUMBER_FIRST` has found."""
    return Label(noun_of(match["unit"]) or "Section", tidy_number(match["first"] or match["dotted"]))


def series_before(text: str, place: int) -> str:
    """Return what the word before `place` puts in front of a plain number: "S" for "Supplementary ", else nothing."""
    match = _SERIES_BEFORE.search(text[max(0, place - 24) : place])
    word = match["series"].casefold() if match else ""
    return next((sign for start, sign in _SERIES.items() if word.startswith(start)), "")


def in_series(number: str, sign: str) -> str:
    """Return a number with the sign of its series, unless it bears a letter already."""
    return f"{sign}{number}" if number[:1].isdigit() else number


def tidy_panel(text: str | None) -> str:
    """Return panel letters without brackets and blanks.

    >>> tidy_panel(" (a, c)")
    'a,c'
    """
    return re.sub(r"[()\s]", "", text or "").replace("–", "-")


def tidy_number(text: str) -> str:
    """Return a number as labels carry it: Chinese numerals become digits, dashes plain, no final dot.

    >>> tidy_number("十二")
    '12'
    """
    text = text.strip().rstrip(".")
    if text and all(character in _CJK_DIGITS + "十百" for character in text):
        return str(_cjk_value(text))
    return text.replace("–", "-")


def _cjk_value(text: str) -> int:
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _CJK_DIGITS.index(character)
    return total + digit


@cache
def _label_pattern(lettered: bool) -> re.Pattern[str]:
    letter = f"|{LETTER}" if lettered else ""
    return re.compile(
        rf"[(\[]?\s?(?P<number>(?:{_HYPHENATED}(?!\d)){letter}|{CJK_NUMBER})(?P<panel>{_LABEL_PANEL})?(?:\s?[)\]])?"
    )
