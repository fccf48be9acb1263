"""Units as words: which ones are the same, which one a question asks for, and whether a text states one."""

import re
from typing import Final

from generators.checks.wording import fold

# The first of each row is the unit's name here; the rest are other ways to print it.
_SAME: Final = (
    ("%", "percent", "per cent", "pct", "pct.", "percentage"),
    ("pp", "percentage point", "percentage points", "p.p."),
    ("$", "us$", "usd", "dollar", "dollars"),
    ("€", "eur", "euro", "euros"),
    ("£", "gbp", "pounds sterling"),
    ("¥", "jpy", "cny", "yen", "yuan"),
    ("₹", "inr", "rupee", "rupees"),
    ("s", "sec", "secs", "second", "seconds"),
    ("min", "mins", "minute", "minutes"),
    ("h", "hr", "hrs", "hour", "hours"),
    ("d", "day", "days"),
    ("week", "weeks"),
    ("month", "months"),
    ("y", "yr", "yrs", "year", "years", "a"),
    ("ms", "millisecond", "milliseconds"),
    ("µs", "μs", "us", "microsecond", "microseconds"),
    ("ns", "nanosecond", "nanoseconds"),
    ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
    ("m", "metre", "metres", "meter", "meters"),
    ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
    ("mi", "mile", "miles"),
    ("ft", "foot", "feet"),
    ("in", "inch", "inches"),
    ("mg", "milligram", "milligrams"),
    ("g", "gram", "grams"),
    ("kg", "kilogram", "kilograms", "kilo", "kilos"),
    ("t", "tonne", "tonnes", "ton", "tons", "metric tons"),
    ("lb", "lbs", "lb."),
    ("l", "litre", "litres", "liter", "liters"),
    ("ml", "millilitre", "millilitres", "milliliter", "milliliters"),
    ("ha", "hectare", "hectares"),
    ("km²", "km2", "square kilometres", "square kilometers", "sq km"),
    ("m²", "m2", "square metres", "square meters", "sq m"),
    ("kb", "kib", "kilobyte", "kilobytes"),
    ("mb", "mib", "megabyte", "megabytes"),
    ("gb", "gib", "gigabyte", "gigabytes"),
    ("tb", "tib", "terabyte", "terabytes"),
    ("byte", "bytes"),
    ("w", "watt", "watts"),
    ("kw", "kilowatt", "kilowatts"),
    ("mw", "megawatt", "megawatts"),
    ("kwh", "kilowatt hours", "kilowatt-hours"),
    ("hz", "hertz"),
    ("mhz", "megahertz"),
    ("ghz", "gigahertz"),
    ("°c", "degrees celsius", "celsius"),
    ("°f", "degrees fahrenheit", "fahrenheit"),
    ("k", "kelvin"),
)  # fmt: skip
_NAME_OF: Final = {fold(other): row[0] for row in _SAME for other in row}
_TIMES: Final = frozenset({"s", "min", "h", "d", "week", "month", "y"})
_WORDS: Final = sorted(
    (fold(other) for row in _SAME for other in row if len(other) > 2 and other.replace(" ", "").isalpha()),
    key=len,
    reverse=True,
)
# "In 2019", "in second place", "in years 1 and 2": words of time and order follow "in" without being asked for.
_AFTER_IN: Final = [word for word in _WORDS if word.endswith(("s", "feet", "percent")) and _NAME_OF[word] not in _TIMES]
_ASKED: Final = re.compile(
    rf"\bhow (?:many|much) (?P<many>{'|'.join(map(re.escape, _WORDS))})\b"
    rf"|\b(?:in|expressed in|measured in) (?P<in>{'|'.join(map(re.escape, _AFTER_IN))}|%|kg|km|cm|mm|ms|mb|gb|kw)(?!\w)"
    r"|\b(?P<percent>what percentage)\b|(?<!\w)(?P<bracket>\((?:%|kg|km|cm|mm|ms|s|mb|gb|€|\$|£)\))\s*\?",
    re.IGNORECASE,
)
_SCALES: Final = {
    1e3: r"\bthousands?\b|'000|\b000 ?'?s\b|(?<![\d,.])000(?!\d)|\bk\b|\d\s?k\b|10(?:³|\^?3)\b|1[ ,.]?000\b",
    1e6: r"\bmillions?\b|\bmln\b|\bmio\b|\bmn\b|\bmm\b|\bm(?:\$|€|£)|\d\s?m\b|\bm\b|10(?:⁶|\^?6)\b|1[ ,.]000[ ,.]000\b",
    1e9: r"\bbillions?\b|\bbn\b|\bb\b|10(?:⁹|\^?9)\b|\bmilliards?\b",
    1e12: r"\btrillions?\b|\btn\b|10(?:¹²|\^?12)\b",
}


def unit_name(unit: str) -> str:
    """Return one name for all ways to print a unit; an unknown one is only folded."""
    folded = fold(unit).strip("() .")
    return _NAME_OF.get(folded, _NAME_OF.get(folded.removesuffix("s"), folded))


def same_unit(one: str, other: str) -> bool:
    """Say whether two printed units are the same, or one is a narrower way to say the other ("$" and "A$")."""
    a, b = unit_name(one), unit_name(other)
    return (
        a == b or (len(a) > 1 and a[-1:] in "$€£¥" and a.endswith(b)) or (len(b) > 1 and b.endswith(a) and a in "$€£")
    )


def asked_unit(question: str) -> str | None:
    """Return the unit that a question asks for in so many words ("how many percent", "in euros"), or None."""
    match = _ASKED.search(question)
    if not match:
        return None
    unit = match["many"] or match["in"] or match["bracket"] or "%"
    return unit.strip("()")


def states_unit(text: str, unit: str) -> bool:
    """Say whether `text` names the unit in any of its forms, as a word or as a sign."""
    name, folded = unit_name(unit), fold(text)
    forms = [form for form, of in _NAME_OF.items() if of == name] or [fold(unit).strip("() .")]
    return any(_stands(form, folded) for form in forms)


def states_scale(text: str, scale: float) -> bool:
    """Say whether `text` names a factor such as a thousand or a million; factors without a name count as stated."""
    pattern = _SCALES.get(scale)
    return pattern is None or re.search(pattern, fold(text)) is not None


def _stands(form: str, text: str) -> bool:
    if not form:
        return False
    before = r"(?<![^\W\d_])" if form[0].isalpha() else ""
    after = r"(?![^\W\d_])" if form[-1].isalpha() else ""
    return re.search(before + re.escape(form) + after, text) is not None
