"""The numbers that headings print: "4.1", "IV.", "Appendix B", "第三章", and how deep each lies."""

import re

from extractors.labels import SECTION_NOUNS, fold, match_label, tidy_number

_DASHED = re.compile(r"^[—–-]\s?(?P<number>\d{1,2})\s?[—–-]\s*(?=\S)")
_DECIMAL = re.compile(r"^(?:§\s*)?(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*)(?P<dot>[.)]?)\s+(?=[^\W\d_]|[“\"'(¿])")
_ROMAN = re.compile(r"^(?P<number>[IVX]{1,6})\.?\s+(?=[^\W\d_])")
_NAMED = re.compile(
    r"^(?:chapter|appendix|section|kapitel|anhang|abschnitt|chapitre|annexe|capítulo|anexo|capitolo|"
    r"appendice|глава|приложение|раздел)\s+(?P<number>\d{1,3}|[A-Z]|[IVX]+)\b[.:]?\s*",
    re.IGNORECASE,
)
_CJK_NAMED = re.compile(
    r"^(?:第\s*(?P<number>[\d〇一二三四五六七八九十]+)\s*[章节節篇編]|제\s*(?P<korean>\d+)\s*[장절]|"
    r"(?:附录|附錄|付録|부록)\s*(?P<appendix>[A-Z\d])(?![\w.]))\s*"
)
_INITIALS = re.compile(r"^(?:[A-Z]\.\s*){2}")


def heading_number(text: str) -> tuple[str | None, int]:
    """Return the number that a heading begins with, and its depth (0 without one).

    >>> heading_number("4.1 Methods"), heading_number("Appendix B: Proofs"), heading_number("Methods")
    (('4.1', 2), ('B', 1), (None, 0))
    """
    text = fold(text)
    if _INITIALS.match(text):
        return None, 0
    named = _NAMED.match(text) or _DASHED.match(text) or _CJK_NAMED.match(text)
    if named:
        return tidy_number(next(filter(None, named.groups()))), 1
    decimal = _DECIMAL.match(text)
    if decimal and not (decimal["number"].isalpha() and not decimal["dot"]):
        number = decimal["number"].removesuffix(".0")
        return number, number.count(".") + 1
    if decimal and text[decimal.end() :][:1].isupper() and decimal["number"] not in ("A", "I"):
        return decimal["number"], 1
    roman = _ROMAN.match(text)
    if roman and ("." in roman[0] or roman["number"] != "I"):
        return roman["number"], 1
    return None, 0


def heading_noun(text: str) -> str | None:
    """Return what a heading calls itself, in English: "Chapter" for "Kapitel 3"; None when it prints only a number."""
    found = match_label(text)
    return found[0].noun if found is not None and found[0].noun in SECTION_NOUNS else None
