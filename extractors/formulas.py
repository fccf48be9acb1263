"""Displayed formulas: lines made of mathematics, and the numbers printed beside them."""

import re
from collections.abc import Sequence
from functools import cache

from extractors.raw import RawSpan

_FONT = re.compile(
    r"CMMI|CMSY|CMEX|CMBSY|MSAM|MSBM|EUFM|EUSM|MTMI|MTSY|MTEX|LMMath|Math|Symbol|STIX|XITS|rsfs|MathematicalPi|txsy|pxsy"
)
_SIGN = re.compile(r"[=+−×÷±∑∏∫√∂∇≤≥≠≈∼∝∈∞→⇒∀∃·∗α-ωΑ-Ω|∥⟨⟩^]|[\U0001d400-\U0001d7ff]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]{4,}")
_NUMBER = re.compile(r"(?:^|\s)\((?P<number>[A-Z]{0,2}\.?\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?)\)\s*$")
_RELATION = re.compile(r"[=≤≥≠≈∼∝∈→⇒<>+−×∑∏∫]")


def is_formula(text: str, spans: Sequence[RawSpan]) -> bool:
    """Tell whether a line is (part of) a displayed formula, from its text and the spans it is made of."""
    text = text.strip()
    if not text:
        return False
    letters = [span for span in spans if span.text.strip()]
    total = sum(len(span.text.strip()) for span in letters)
    mathematical = sum(len(span.text.strip()) for span in letters if is_math_font(span.font))
    signs = len(_SIGN.findall(text))
    words = sum(map(len, _WORD.findall(text)))
    if words > 0.45 * len(text):
        return False
    if mathematical > 0.35 * total:
        return True
    return bool(_RELATION.search(text)) and signs + mathematical > 0.15 * total and words < 0.3 * len(text)


@cache
def is_math_font(font: str) -> bool:
    """Tell whether a font is made for formulas.

    >>> is_math_font("CMSY10"), is_math_font("CMR10")
    (True, False)
    """
    return bool(_FONT.search(font))


def formula_label(text: str) -> str | None:
    """Return the label of a formula whose text ends with its number.

    >>> formula_label("a = b + c (5)")
    'Equation 5'
    """
    match = _NUMBER.search(text)
    return f"Equation {match['number'].replace('–', '-')}" if match else None
