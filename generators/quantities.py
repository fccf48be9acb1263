"""Numbers as people print them: one in a table cell, several in running text, and whether two are the same.

General parsers were tried first. Babel wants a locale and refuses units and marks; price-parser takes the first number
out of anything, so that a date, a version or two merged cells become a price; quantulum3 brings a classifier and is
made for prose. Here refusing is what matters: a cell that is not plainly one number gives None.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_SPACES: Final = " \u00a0\u2009\u202f'’"
_MINUS: Final = "-−–‐‑"

_SCALES: Final[dict[str, Decimal]] = {
    "k": Decimal(1000),
    "thousand": Decimal(1000),
    "thousands": Decimal(1000),
    "m": Decimal(10**6),
    "mn": Decimal(10**6),
    "mln": Decimal(10**6),
    "mio": Decimal(10**6),
    "million": Decimal(10**6),
    "millions": Decimal(10**6),
    "b": Decimal(10**9),
    "bn": Decimal(10**9),
    "billion": Decimal(10**9),
    "billions": Decimal(10**9),
    "tn": Decimal(10**12),
    "trillion": Decimal(10**12),
    "trillions": Decimal(10**12),
}
_PERCENT: Final = frozenset({"%", "percent", "per cent", "pct", "pct."})
_MISSING: Final = frozenset(
    (
        "",
        "-",
        "–",
        "—",
        "−",
        "--",
        "---",
        "..",
        "...",
        "…",
        ":",
        ".",
        "?",
        "*",
        "/",
        "✗",
        "×",
        "n/a",
        "na",
        "n.a.",
        "n.a",
    )
) | frozenset(("nan", "none", "null", "nil"))

_CURRENCY: Final = r"(?:US|A|C|HK|NZ)?\$|[€£¥₹]|(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR|SEK|NOK|DKK|PLN)\b"
_SCALE_WORD: Final = (
    r"(?:thousands?|millions?|billions?|trillions?|mln\b\.?|mio\b\.?|mn\b|bn\b|tn\b)(?![^\W\d_])|[kKMB](?![\w/])"
)
_UNIT: Final = (
    r"percentage points?|per ?cent|pct\.?|pp\b|[%‰]|°\s?[CF]\b|°|(?:US|A|C)?\$|[€£¥₹]"
    r"|(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR|SEK|NOK|DKK|PLN|euros?|dollars?|pounds?|cents?)\b"
    r"|(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?)\b"
    r"|(?:[kKMGT]i?B|bytes?|bits?|[kMGT]?bps|[kMGT]?Hz|[kMGT]?Wh?|[GM]?eV|kJ|MJ|kcal|dB|d?pi|px|pts?)(?:/s)?\b"
    r"|(?:[numµμ]s|[numµμckd]?m|[mµμk]?g|[mµμ]?[lL]|[nmµμ]M|ha|Pa|kPa|MPa|[smh]|lbs?|ft|mi|in)(?:[²³]|/[a-zA-Z]+)?(?![\w])"
    r"|[x×](?!\w)"
)
_NUMBER: Final = rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*|\.\d+)"
_EXPONENT: Final = (
    rf"(?:[eE](?P<e>[{_MINUS}+]?\d{{1,3}})(?!\w)"
    rf"|\s?[×x·*]\s?10(?:\^\{{?(?P<p>[{_MINUS}+]?\d+)\}}?|(?P<q>[{_MINUS}]\d+)))"
)
_CORE: Final = (
    rf"(?:(?P<before>{_CURRENCY})\s?)?(?P<number>{_NUMBER})(?:{_EXPONENT})?"
    rf"(?:\s?(?P<scale>{_SCALE_WORD}))?(?:\s?(?:of )?(?P<after>{_UNIT}))?"
)
_SIGN: Final = rf"(?P<sign>[{_MINUS}+])?\s?"
# "1,269 (19.9%)": a number, and its share or its interval.
_BESIDE: Final = rf"\s?\(\s?[{_MINUS}]?{_NUMBER}\s?(?:%\s?|[–,-]\s?[{_MINUS}]?{_NUMBER}\s?)\)"
_CELL: Final = re.compile(
    rf"(?P<open>\()?{_SIGN}{_CORE}(?:\s?(?:±|\+/-)\s?(?P<spread>{_NUMBER})\s?%?)?(?(open)\)%?)(?P<beside>{_BESIDE})?"
    r"(?P<marks>\s?(?:[*†‡§¶#]+|\([a-z*†‡]\)|[¹²³⁴⁵⁶⁷⁸⁹⁰ᵃᵇᶜᵈᵉ]+|(?<=\d)[a-f]))?"
)
_RUNNING: Final = re.compile(rf"(?<![\w.,/:])(?<![^\W\d_][{_MINUS}])(?:(?<![\w)])(?P<sign>[{_MINUS}+]))?{_CORE}")
_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,4}(?:[/:]\d{1,4})+\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b")
_POINT: Final = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}|\d+)(?:\.\d+)?|\.\d+")
_COMMA: Final = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed number.

    `value` is the number itself, `scale` the factor of a scale word printed with it ("12.3 million"), `text` is
    `source[start:end]` from the sign to the unit, without footnote marks. `spread` is what follows a plus-minus sign.
    `bracketed` means "(45)", read as a negative number, as accounts print it.
    """

    value: Decimal
    text: str
    start: int
    end: int
    unit: str | None = None
    percent: bool = False
    scale: Decimal = Decimal(1)
    spread: Decimal | None = None
    bracketed: bool = False

    @property
    def total(self) -> Decimal:
        """The value with its scale word applied."""
        return self.value * self.scale


def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return text.strip().casefold() in _MISSING


def uses_decimal_comma(texts: Iterable[str]) -> bool:
    """Decide for one column or table whether a comma is the decimal sign ("1.234,5").

    Only unambiguous numbers vote: "1,234" and "1.234" say nothing alone, "12,5" and "1 234,5" do.
    """
    votes = 0
    for text in texts:
        for token in re.findall(_NUMBER, text):
            compact = _compact(token)
            point, comma = _POINT.fullmatch(compact) is not None, _COMMA.fullmatch(compact) is not None
            if point != comma:
                votes += 1 if comma else -1
    return votes > 0


def has_unclear_points(texts: Iterable[str]) -> bool:
    """Tell whether points in a column may part thousands: "1.178" beside whole numbers, and no other decimals."""
    tokens = [token for text in texts for token in re.findall(_NUMBER, text)]
    pointed = [token for token in tokens if "." in token]
    grouped = [token for token in pointed if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", token)]
    commas = any("," in token for token in tokens)
    return bool(pointed) and not commas and len(grouped) == len(pointed) < len(tokens)


def parse_quantity(text: str, *, decimal_comma: bool | None = None) -> Quantity | None:
    """Read a whole cell as one number, or return None when it is anything else.

    Args:
        text: the cell.
        decimal_comma: the convention of its column; None takes "1,234" for 1234 and "12,5" for 12.5.

    >>> parse_quantity("1,234.5 km").value
    Decimal('1234.5')
    >>> parse_quantity("2019/20") is None
    True
    """
    stripped = text.strip()
    match = _CELL.fullmatch(stripped)
    if match is None or _DATE.fullmatch(stripped):
        return None
    offset = len(text) - len(text.lstrip())
    end = match.start("marks") if match["marks"] else match.end()
    end = match.start("beside") if match["beside"] else end
    return _quantity(match, (offset, offset + end), text, decimal_comma)


def without_beside(text: str) -> str:
    """Return a cell without the share or interval in brackets beside its number.

    >>> without_beside("1,269 (19.9%)"), without_beside("(45)")
    ('1,269', '(45)')
    """
    match = _CELL.fullmatch(text)
    return (text[: match.start("beside")] + text[match.end("beside") :]) if match and match["beside"] else text


def has_share_beside(text: str) -> bool:
    """Tell whether a cell holds a number and a percentage in brackets beside it."""
    return "%" in text and without_beside(text.strip()) != text.strip()


def find_quantities(text: str, *, decimal_comma: bool | None = None) -> list[Quantity]:
    """Return the numbers of running text, in order; dates, times, versions and parts of names are left out.

    Both ends of a range count. Years and numbers of tables are numbers like others: the text alone cannot tell.
    """
    dates = [match.span() for match in _DATE.finditer(text)]
    found = []
    for match in _RUNNING.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        if re.match(r"[\w/:]|[.,]\d", text[match.end() :]):
            continue
        start = match.start("sign") if match["sign"] else match.start("before" if match["before"] else "number")
        quantity = _quantity(match, (start, match.end()), text, decimal_comma)
        if quantity:
            found.append(quantity)
    return found


def same_number(a: str | Decimal | Quantity, b: str | Decimal | Quantity) -> bool:
    """Tell whether two numbers are the same one, however they are printed; False when either is no number.

    Scale words count ("2 million" is "2,000,000"), a missing unit does not matter, two different ones do.

    >>> same_number("1,234.50 km", "1234.5")
    True
    >>> same_number("12 %", "12 km")
    False
    """
    one, other = _as_quantity(a), _as_quantity(b)
    if one is None or other is None or one.total != other.total:
        return False
    return one.percent == other.percent or one.unit is None or other.unit is None


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and without zeros at its end.

    >>> plain(Decimal("1.50E+3"))
    '1500'
    """
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def scale_of(word: str) -> Decimal | None:
    """Return the factor of a scale word ("million", "bn"), or None when it is none."""
    return _SCALES.get(word.casefold().rstrip("."))


def _quantity(
    match: re.Match[str], span: tuple[int, int], text: str, decimal_comma: bool | None = None
) -> Quantity | None:
    value = _value(match, decimal_comma)
    if value is None:
        return None
    groups = match.groupdict()
    spread = _read(groups["spread"], decimal_comma) if groups.get("spread") else None
    unit, scale = _unit(groups)
    return Quantity(
        value=value,
        text=text[span[0] : span[1]],
        start=span[0],
        end=span[1],
        unit=unit,
        percent=unit is not None and unit.casefold() in _PERCENT,
        scale=scale,
        spread=spread,
        bracketed=bool(groups.get("open")),
    )


def _unit(groups: dict[str, str | None]) -> tuple[str | None, Decimal]:
    before, after, word = groups["before"], groups["after"], groups["scale"]
    scale = (scale_of(word) if word else None) or Decimal(1)
    if before and after == "m":
        return before, Decimal(10**6)
    return after or before, scale


def _value(match: re.Match[str], decimal_comma: bool | None) -> Decimal | None:
    value = _read(match["number"], decimal_comma)
    if value is None:
        return None
    exponent = match["e"] or match["p"] or match["q"]
    if exponent:
        value = value.scaleb(int(exponent.translate(_TO_HYPHEN)))
    negative = (match["sign"] or "+") != "+"
    opened = bool(match.groupdict().get("open"))
    return -value if negative != opened else value


def _read(token: str, decimal_comma: bool | None) -> Decimal | None:
    compact = _compact(token)
    if decimal_comma is not True and _POINT.fullmatch(compact):
        return Decimal(compact.replace(",", ""))
    if decimal_comma is not False and _COMMA.fullmatch(compact):
        return Decimal(compact.replace(".", "").replace(",", "."))
    return None


def _compact(token: str) -> str:
    return re.sub(rf"[{_SPACES}]", "", token)


def _as_quantity(value: str | Decimal | Quantity) -> Quantity | None:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, Decimal):
        return Quantity(value, str(value), 0, 0)
    return parse_quantity(value)


_TO_HYPHEN: Final = {ord(sign): "-" for sign in _MINUS}
