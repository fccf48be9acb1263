"""In what the numbers of a column are given: by its header cells, by its first number, by a sentence of the caption."""

import re
from typing import Final

from generators.measures import Measure, read_measure
from generators.quantities import parse_quantity

_LEAST_NUMBERS: Final = 2
_SIGNS: Final = frozenset({"%", "$", "€", "£", "¥"})
_ALIKE: Final = 100
_STATED_UNIT: Final = re.compile(r"\((?P<names>[^()]{3,80})\) (?:are|is)(?: \w+)? in (?P<unit>[\w$€£%]+(?: \w+)?)\b")


# One noun phrase, and its unit: of "times and sizes in seconds", or of "are in seconds", only some columns may be.
_SAID: Final = re.compile(
    r"(?:^|[.:] )(?:(?!\b(?:and|or|are|is)\b)[^.,:;()]){3,80}? in (?:degrees )?"
    r"(?:(?P<degrees>Fahrenheit|Celsius)\b"
    r"|(?P<note>(?:thousands|millions|billions)(?: of (?:(?:US |current |constant )?dollars|euros|ecus|pounds))?"
    r"|milliseconds|seconds|minutes|kilograms|grams|tonnes|kilomet(?:re|er)s|met(?:re|er)s|(?:US )?dollars|euros)"
    r"(?=$|[,.;:)]|\s(?!of\b|or\b|and\b)))"
)
_DEGREES: Final = {"Fahrenheit": "°F", "Celsius": "°C"}


def unit_said(caption: str) -> Measure:
    """Return the unit that a caption states in running words for all its numbers.

    >>> unit_said("Lowest temperatures in Fahrenheit recorded for cities").unit
    '°F'
    """
    found = {(match["degrees"], match["note"]) for match in _SAID.finditer(caption)}
    if len(found) != 1:
        return Measure("")
    [(degrees, note)] = found
    return Measure("", _DEGREES[degrees]) if degrees else read_measure(f"values ({note})")


def column_name(measure: Measure) -> str:
    """Return what a header cell calls its column; one that says only "%" calls it a percentage."""
    return "percentage" if measure.percent and not measure.name.strip("% ") else measure.name


def combined(stated: list[Measure]) -> Measure | None:
    """Return the lowest stated measure, with the scale that a header above or below it adds to its unit."""
    if not stated:
        return None
    own = stated[-1]
    scaled = next((measure for measure in reversed(stated) if measure.scale_word), own)
    unit = own.unit or next((measure.unit for measure in reversed(stated) if measure.unit), None)
    return Measure(own.name, unit, scaled.scale, scaled.scale_word)


def shared_unit(texts: list[str]) -> str | None:
    """Return the sign that every number of a column carries, or only the first one, as accounts print it."""
    read = [quantity for text in texts if (quantity := parse_quantity(text)) is not None]
    if len(read) < _LEAST_NUMBERS or read[0].unit not in _SIGNS:
        return None
    rest = {quantity.unit for quantity in read[1:]}
    # Far smaller numbers below are of another kind: an income first, then rates.
    alike = all(abs(quantity.value) * _ALIKE >= abs(read[0].value) for quantity in read[1:])
    return read[0].unit if rest == {read[0].unit} or (rest == {None} and (alike or read[0].percent)) else None


def unit_in_caption(caption: str) -> tuple[Measure, frozenset[str]]:
    """Return the unit that a caption states for some columns, and their folded names.

    >>> unit_in_caption("Times (Elapsed, User and Sys) are in seconds.")[0].unit
    'seconds'
    """
    match = _STATED_UNIT.search(caption)
    stated = read_measure(f"values ({match['unit']})") if match else Measure("")
    if match is None or not stated.stated:
        return Measure(""), frozenset()
    names = {name.strip().casefold() for name in re.split(r",| and ", match["names"])}
    return stated, frozenset(names - {""})


def has_several_numbers(text: str) -> bool:
    """Tell whether a cell holds the numbers of several rows or columns."""
    parts = text.split()
    return len(parts) > 1 and parse_quantity(text) is None and all(parse_quantity(part) is not None for part in parts)
