"""The words of table cells: labels cleaned of leaders and marks, and what a label or header is by its form."""

import re
from typing import Final

from generators.quantities import parse_quantity

_LEADERS: Final = re.compile(r"(?:\s?[.․·…_]){3,}\s*$|\s?\.{2,}$")
_MARKS: Final = re.compile(r"(?<=\S)\s?(?:[*†‡§¶⁎∗]+|\((?:\d|[a-z]|\*+)\)|[¹²³⁴⁵⁶⁷⁸⁹⁰ᵃᵇᶜᵈ]+)$")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d(?:\s?[*†‡a-cepr]{1,3}|\s?\([*a-zA-Z]\))?")
_MONTHS: Final = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PERIOD: Final = re.compile(
    rf"(?:FY\s?)?(?:1[5-9]|20)\d\d(?:\s?[-–—/]\s?(?:(?:1[5-9]|20)\d\d|\d\d))?|Q[1-4](?:[ /-]?(?:19|20)?\d\d)?"
    rf"|{_MONTHS}(?:\s(?:19|20)\d\d)?|(?:19|20)\d\d\s?Q[1-4]|H[12]\s?(?:19|20)\d\d"
)
_RANGE: Final = re.compile(
    r"(?:[<>≤≥]\s?)?\d[\d.,]*\s?(?:[-–—]|to)\s?\d[\d.,]*(?:\s\w+)?"
    r"|(?:[<>≤≥]|[Uu]nder|[Oo]ver|[Aa]ge[ds]?)\s?\d[\d.,]*|\d+\s?(?:\+|and (?:over|older))"
)
_TOTAL: Final = re.compile(
    r"(?:sub-?|grand )?totals?|(?:all|total|overall|combined|entire) [\w-]+(?: [\w-]+)?|all|overall|average|mean|median"
    r"|sum|aggregate|grand .*|world|both sexes|.*\b(?:total|average)|average .*|(?:eu|oecd)[- ]?\d{0,2}",
    re.IGNORECASE,
)
_STATISTIC: Final = re.compile(
    r"^(?:mean|median|mode|variance|range|iqr"
    r"|n|obs\.?|observations|no\. (?:of )?obs.*|aic|bic|log[- ]?lik.*|df|chi.*|t|z"
    r"|std\.?|s\.?d\.?|s\.?e\.?|st(?:an)?d(?:ard|\.)? ?(?:dev|err).*|min(?:imum)?|max(?:imum)?|margin of error.*"
    r"|r[- ]?squared|r2|r²|adj.*r.*|f[- ]?stat.*|\(?intercept\)?|constant|p|p[- ]?values?|sig\.?|significance"
    r"|q[1-3]|[1-3](?:st|nd|rd) qu.*|.*coefficients?|(?:95 ?% ?)?ci|conf.* int.*)$",
    re.IGNORECASE,
)
# A value that ran into its label, and a label that stops in the middle.
_MERGED: Final = re.compile(
    r"\s\(?[-–]?\d{1,3}(?:,\d{3})+\)?$|\)\s*[\d.,]+$|[^\W\d_] \d+[.,]\d+%?$|\s\d+(?:\.\d+)?%$"
    r"|\b(?:and|or|of|the|for|in|to|with|by|from|that|which|than|as|at|on)$|…|[a-z]- [a-z]"
)
_GARBLED: Final = re.compile(
    r"[\ufffd\ue000-\uf8ff\u0000-\u0008\u000b-\u001f\uf000-\uf0ff□■▯]|\(cid:|\\[a-z]+\{|[A-Z]?[a-z]{26,}|[A-Z]{27,}"
)
# "n = 100": a setting of one variable, which a sentence can repeat.
_SETTING: Final = re.compile(r"[A-Za-z]{1,12} = \d[\d.,]*")
_MATH: Final = re.compile(r"[∑∫√∂∇≈≡∈∀∃⊂⊆∪∩⊕⊗⟨⟩∞∝]|[=^_{}|\\]|\b[a-zA-Z]\s?[(,]\s?[a-zA-Z]\s?[,)]")


def clean(text: str) -> str:
    """Return a label without dot leaders, footnote marks at its end and doubled blanks.

    >>> clean("All ages . . . . . . *")
    'All ages'
    """
    text = " ".join(text.split())
    for _ in range(3):
        shorter = _MARKS.sub("", _LEADERS.sub("", text)).rstrip()
        if shorter == text:
            break
        text = shorter
    return re.sub(r"(?<=\w)(?:(/)\s|(-)\s(?=[A-Z]))", r"\1\2", text).strip(" :;,").strip()


def is_year(text: str) -> bool:
    """Tell whether a cell is a year, footnote marks aside."""
    return _YEAR.fullmatch(text.strip()) is not None


def is_period(text: str) -> bool:
    """Tell whether a label names a stretch of time: a year, a school year, a quarter, a month.

    >>> [is_period(label) for label in ("1996–97", "Q3", "1,996")]
    [True, True, False]
    """
    return is_year(text) or _PERIOD.fullmatch(clean(text)) is not None


def is_month(text: str) -> bool:
    """Tell whether a label is a month without a year."""
    return re.fullmatch(_MONTHS, clean(text)) is not None


def period_order(text: str) -> tuple[int, int] | None:
    """Return what sorts periods by time: the year and the quarter, half or month in it; None without a year.

    >>> period_order("Q3 1996") > period_order("1995–96"), period_order("May")
    (True, None)
    """
    year = re.search(r"(?:1[5-9]|20)\d\d", text)
    if year is None or not is_period(text):
        return None
    part = re.search(r"[QH]([1-4])", text)
    month = next((at for at, name in enumerate(_MONTH_NAMES) if text.startswith(name)), -1)
    return int(year.group()), int(part[1]) if part else month


def is_range(text: str) -> bool:
    """Tell whether a label is a range of numbers ("25-29", "65 and over")."""
    return _RANGE.fullmatch(clean(text)) is not None


def is_total(text: str) -> bool:
    """Tell whether a label names a total or an average of others, and not a thing that has "total" in its name.

    >>> [is_total(label) for label in ("Grand Total", "Total (n)", "Cyanides (as total CN)")]
    [True, True, False]
    """
    return _TOTAL.fullmatch(re.sub(r"\s*\([^)]*\)", "", clean(text))) is not None


def is_statistic(text: str) -> bool:
    """Tell whether a label names a statistic ("Std. Dev.", "p-value"), not a thing that was measured."""
    return _STATISTIC.match(clean(text).rstrip(".")) is not None


def is_garbled(text: str) -> bool:
    """Tell whether a text holds broken glyphs or words run together."""
    return _GARBLED.search(text) is not None


def is_mathematical(text: str) -> bool:
    """Tell whether a text is a formula or code, which no question can name in words."""
    return _MATH.search(text) is not None and _SETTING.fullmatch(clean(text)) is None


def is_setting(text: str) -> bool:
    """Tell whether a label sets one variable ("n = 100")."""
    return _SETTING.fullmatch(clean(text)) is not None


def is_name(text: str) -> bool:
    """Tell whether a label can name a thing in a sentence: letters, short enough, no formula, nothing broken."""
    label = clean(text)
    if _SETTING.fullmatch(label):
        return True
    if not label or is_garbled(label) or is_mathematical(label) or _MERGED.search(label):
        return False
    if is_period(label) or is_range(label):
        return True
    letters = sum(character.isalpha() for character in label)
    return letters >= 2 and letters >= len(label.replace(" ", "")) / 2 and len(label) <= 70 and balanced(label)


def balanced(text: str) -> bool:
    """Tell whether brackets and quotation marks are paired."""
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "“”")) and text.count('"') % 2 == 0


def is_number(text: str) -> bool:
    """Tell whether a cell holds one number that is no period."""
    return parse_quantity(text) is not None and not is_period(text)
