"""What a column measures: its name, unit and scale, read from headers and captions; and values worded with them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generators.quantities import Quantity, scale_of

_SYMBOLS: Final = frozenset(["$", "€", "£", "¥", "₹", "US$", "A$", "C$"])
_CURRENCY: Final = (
    r"(?:constant |current )?(?:US\s?\$|\$\s?US|[AC]\$|[$€£¥₹]|USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR|SEK|NOK|DKK|PLN"
    r"|FFr|FRF|DEM|ECUs?|[Ee]cus?|[Ee]uros?|(?:US )?[Dd]ollars?|[Pp]ounds?|yen)"
)
_SCALE: Final = (
    r"(?:'?000'?s?|’000|1[, ]?000s?|[x×]\s?1[, ]?000"
    r"|[Tt]housands?|[Mm]illions?|[Bb]illions?|[Tt]rillions?|mn|mln|mio|Mio|bn)"
)
_PERCENT: Final = r"(?:%|[Pp]er ?cent|[Pp]ercentages?|[Pp]ct)"
_POINTS: Final = r"(?:%[ -]?points?|[Pp]ercentage points?|p\.?p\.?)"
_PLAIN_UNIT: Final = (
    r"(?:[mµμn]?s|secs?|[Ss]econds?|mins?|[Mm]inutes?|h|hrs?|[Hh]ours?|[Dd]ays?|[Ww]eeks?|[Mm]onths?|yrs?|[Yy]ears?"
    r"|[kcmµμn]?m|ft|feet|inch(?:es)?|miles?|mi|[kmµμ]?g|lbs?|t|tons?|tonnes?|[Mm]etric tons?"
    r"|[kKMGTP]i?B|[Bb]ytes?|[Bb]its?"
    r"|[kMGT]?Hz|[kMGT]?Wh?|[kMG]?J|[kMG]?eV|kcal|°\s?[CF]|K|[kMhG]?Pa|bar|[mµμn]?M|mol|[mµμ]?[lL]|ha|[Hh]ectares?"
    r"|[Aa]cres?|dB|px|pixels?|ppm|ppb|mmHg|bpm|[MGT]?FLOPS?|[Ll]iters?|[Ll]itres?|[Pp]ersons?|[Pp]eople)"
)
_COMPOUND: Final = (
    r"(?:[A-Za-zµμ°%$€£]{1,7}[²³]?(?:\s?[/·]\s?(?:[A-Za-zµμ°]{1,8}|\d+ ?[A-Za-z]{1,3})[²³]?)+|(?:[kcmµμ]?m)[²³23])"
)
_NOTE: Final = re.compile(
    rf"(?:(?:values |figures |measured |expressed )?in )?"
    rf"(?:(?P<points>{_POINTS})|(?P<percent>{_PERCENT})"
    rf"|(?P<money>{_CURRENCY})?\s?(?P<scale>{_SCALE}|(?<=[$€£])m)?\.?(?: of)?\s?"
    rf"(?P<late>{_CURRENCY})?(?P<unit>{_COMPOUND}|{_PLAIN_UNIT})?)\.?"
)
_BRACKETS: Final = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]")
_TAIL: Final = re.compile(
    rf"(?:,\s*(?:in )?|\s+in |\s/\s)(?P<note>{_PERCENT}|(?:{_CURRENCY} ?)?{_SCALE}(?: (?:of )?{_CURRENCY})?"
    rf"|{_CURRENCY}|{_COMPOUND}|ms|[Ss]econds|[Mm]inutes|[Hh]ours|[Dd]ays|[Yy]ears|[kMG]B)$"
    rf"|\s(?P<bare>(?:kg|g|mg|µg|t|km|m|MB|GB)/[a-z]{{1,6}})$"
)
_OF_PERCENT: Final = re.compile(r"^(?:%|[Pp]er ?cent(?:age)?s?|[Ss]hare \(%\))(?=\s|$)")
_WHOLE_NOTE: Final = re.compile(rf"(?:in )(?!all$).+|{_CURRENCY}\s?{_SCALE}\.?|{_SCALE}(?: of)? {_CURRENCY}")
_PRICES: Final = re.compile(r"(?:[Cc]onstant|[Cc]urrent|[Rr]eal|[Nn]ominal)(?: [\d–/-]+)? (?P<unit>dollars|euros?)")
_LETTER_UNITS: Final = {
    **dict.fromkeys(("s", "h"), r"time|duration|latency|elapsed|delay|runtime|wall|cpu"),
    "m": r"height|length|distance|depth|width|elevation|altitude|diameter|level",
    "g": r"weight|mass|dose|yield",
    "K": r"temp",
    "t": r"weight|mass|production|yield|output|catch|harvest",
    **dict.fromkeys(("l", "L"), r"volume|consumption|capacity"),
    "M": r"concentration|molar",
    "J": r"energy|work|heat",
    "W": r"power|load",
}
_WORDS: Final = {"mn": "million", "mln": "million", "mio": "million", "bn": "billion", "m": "million"}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number counts: `name` is the header without its note on units; "" when the header is only that note.

    `scale` is the stated factor, `scale_word` how an answer names it.
    """

    name: str
    unit: str | None = None
    scale: Decimal = Decimal(1)
    scale_word: str | None = None

    @property
    def percent(self) -> bool:
        """Whether the values are percentages."""
        return self.unit == "%"

    @property
    def stated(self) -> bool:
        """Whether a unit or a scale is known."""
        return self.unit is not None or self.scale_word is not None


def read_measure(header: str) -> Measure:
    """Read the name, unit and scale that a header or a caption states.

    >>> read_measure("Retail sales (bn ecus)")
    Measure(name='Retail sales', unit='ecus', scale=Decimal('1000000000'), scale_word='billion')
    """
    text = " ".join(header.split())
    if re.fullmatch(_POINTS, text):
        return Measure("", unit="percentage points")
    if _WHOLE_NOTE.fullmatch(text) and (whole := _read_note(text)):
        return whole
    if prices := _PRICES.fullmatch(text):
        return Measure(text, unit=prices["unit"])
    name, note = _without_brackets(text)
    if note is None and (tail := _TAIL.search(name)):
        note = _read_note(tail["note"] or tail["bare"])
        name = name[: tail.start()] if note else name
    if note is None and _OF_PERCENT.match(name):
        note = Measure("", unit="%")
    return Measure(name.strip(" ,:;"), *_parts(note))


def with_default(own: Measure, default: Measure) -> Measure:
    """Return `own`, with the unit and scale of its table where it states none."""
    return own if own.stated else Measure(own.name, *_parts(default))


def state(number: str, measure: Measure, quantity: Quantity | None = None) -> str:
    """Word a number with its scale and unit, as the table states them.

    >>> state("12.3", Measure("Sales", "€", Decimal(10**6), "million"))
    '€12.3 million'
    """
    unit = (quantity.unit if quantity else None) or measure.unit
    own_scale = quantity is not None and quantity.scale != 1
    scaled = f"{number} {measure.scale_word}" if measure.scale_word and not own_scale else number
    if unit is None:
        return scaled
    if unit == "percentage points" and number.lstrip("+-−") == "1":
        unit = "percentage point"
    if unit in _SYMBOLS:
        return f"-{unit}{scaled[1:]}" if scaled[:1] in "-−" else f"{unit}{scaled}"
    return f"{scaled}{unit}" if unit in {"%", "‰", "x", "×"} else f"{scaled} {unit}"


def state_quantity(quantity: Quantity, measure: Measure) -> str:
    """Word a printed number as it stands in its cell, with the unit and scale of its column where it has none."""
    if (quantity.unit is not None or quantity.scale != 1) and measure.unit != "percentage points":
        return " ".join(quantity.text.split())
    return state(quantity.text, measure)


def print_number(value: Decimal, like: Iterable[str], *, decimal_comma: bool = False) -> str:
    """Print a computed number with the decimals and the grouping of the numbers it was computed from.

    >>> print_number(Decimal("1234.5"), ["1,000.25", "234.25"])
    '1,234.50'
    """
    texts = tuple(like)
    point = "," if decimal_comma else "."
    digits = max((_decimals(text, point) for text in texts), default=0)
    plain = f"{value:.{digits}f}"
    whole, _, rest = plain.lstrip("-").partition(".")
    group = next((mark for mark in ",. \u00a0\u2009'’" if mark != point and _is_group(mark, texts)), "")
    grouped = f"{int(whole):,}".replace(",", group) if group else whole
    return ("-" if value < 0 else "") + grouped + (point + rest if rest else "")


def print_threshold(value: Decimal, like: Iterable[str], *, decimal_comma: bool = False) -> str:
    """Print a number of few digits as it is, grouped as the numbers that it is compared with are.

    >>> print_threshold(Decimal(3150000), ["1,000", "2,500"]), print_threshold(Decimal("2.5"), ["2", "3"])
    ('3,150,000', '2.5')
    """
    point = "," if decimal_comma else "."
    # Their decimals say nothing about a threshold.
    whole = [text.split(point)[0] for text in like]
    own = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return print_number(value, [own.replace(".", point), *whole], decimal_comma=decimal_comma)


def _is_group(mark: str, texts: tuple[str, ...]) -> bool:
    return any(re.search(rf"\d{re.escape(mark)}\d{{3}}(?!\d)", text) for text in texts)


def _decimals(text: str, point: str) -> int:
    match = re.search(rf"{re.escape(point)}(\d+)(?!.*{re.escape(point)}\d)", text)
    return len(match[1]) if match else 0


def _without_brackets(text: str) -> tuple[str, Measure | None]:
    note = None
    for match in reversed(list(_BRACKETS.finditer(text))):
        read = _read_note(match[1])
        if read and note is None and _fits(read.unit, text[: match.start()]):
            note, text = read, text[: match.start()] + text[match.end() :]
    return text, note


def _fits(unit: str | None, name: str) -> bool:
    """Tell whether a unit of one letter is likely: "Author(s)" and "Students (M)" hold none."""
    words = _LETTER_UNITS.get(unit or "", "")
    return re.search(words, name, re.IGNORECASE) is not None


def _read_note(content: str) -> Measure | None:
    content = re.sub(r"\b0\s0\s?0\b|\b00\s0\b", "000", content.strip())
    match = _NOTE.fullmatch(content)
    if match is None or not content:
        return None
    if match["points"]:
        return Measure("", unit="percentage points")
    if match["percent"]:
        return Measure("", unit="%")
    unit = (match["money"] or match["late"] or "").replace("$US", "US$").replace("US $", "US$").strip() or match["unit"]
    factor, word = _scale(match["scale"])
    return Measure("", unit, factor, word) if unit or word else None


def _scale(word: str | None) -> tuple[Decimal, str | None]:
    if not word:
        return Decimal(1), None
    if "000" in word:
        return Decimal(1000), "thousand"
    folded = word.casefold()
    name = _WORDS.get(folded, folded.rstrip("s"))
    return scale_of(name) or Decimal(1), name


def _parts(measure: Measure | None) -> tuple[str | None, Decimal, str | None]:
    return (measure.unit, measure.scale, measure.scale_word) if measure else (None, Decimal(1), None)
