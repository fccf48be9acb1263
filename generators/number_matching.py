"""Whether two printed quantities are the same, as far as their digits tell, in whatever unit, scale or share."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generators.checks.units import same_unit, unit_name
from generators.quantities import Quantity

SAME: Final = 1.0
NEARLY: Final = 0.9
UNSTATED: Final = 0.8
"""Scores: the same number; the same but for rounding or a share's form; the same but for a scale left unsaid."""

_DIGITS_OF_WHOLE: Final = 3
_DIGITS_OF_DECIMAL: Final = 2
_POINTS: Final = "pp"
_PERCENT: Final = "%"
_HUNDRED: Final = Decimal(100)
_BASES: Final[dict[str, tuple[str, Decimal]]] = {
    "ns": ("s", Decimal("1e-9")),
    "µs": ("s", Decimal("1e-6")),
    "ms": ("s", Decimal("0.001")),
    "min": ("s", Decimal(60)),
    "h": ("s", Decimal(3600)),
    "d": ("s", Decimal(86400)),
    "week": ("s", Decimal(604800)),
    "mm": ("m", Decimal("0.001")),
    "cm": ("m", Decimal("0.01")),
    "km": ("m", Decimal(1000)),
    "mg": ("g", Decimal("0.001")),
    "kg": ("g", Decimal(1000)),
    "t": ("g", Decimal(1000000)),
    "ml": ("l", Decimal("0.001")),
    "ha": ("m²", Decimal(10000)),
    "km²": ("m²", Decimal(1000000)),
    "kw": ("w", Decimal(1000)),
    "mhz": ("hz", Decimal(1000000)),
    "ghz": ("hz", Decimal(1000000000)),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a quantity: its value in some unit (None for none), and the worth of its last printed digit."""

    value: Decimal
    step: Decimal
    digits: int
    is_whole: bool
    unit: str | None

    def times(self, factor: Decimal, unit: str | None) -> "Reading":
        """Return the same quantity in another unit."""
        return Reading(self.value * factor, self.step * factor, self.digits, self.is_whole, unit)


def match_quantities(given: Quantity, wanted: Quantity, *, unsigned: bool = False) -> float:
    """Return how well one quantity agrees with another, from 0 (not at all) to 1.

    They agree when one rounds to the digits that the other prints, of which there have to be three, or two with a
    decimal point: 12.34 is 12.3, but 12 is not 12.3. A unit or scale that only one of them states is passed over; two
    different units have to measure the same thing ("5 km", "5,000 m"). 12 % is 0.12, and percentage points are
    compared with percent.

    Args:
        given: one of the two.
        wanted: the other.
        unsigned: whether the sign is left out of account, as where a difference was asked for.
    """
    one, other = _reading(given, unsigned=unsigned), _reading(wanted, unsigned=unsigned)
    score = max((_near(a, b) for a in _forms(one, other) for b in _forms(other, one)), default=0.0)
    if score or given.scale == wanted.scale or Decimal(1) not in (given.scale, wanted.scale):
        return score
    bare = [_reading(quantity, unsigned=unsigned, scaled=False) for quantity in (given, wanted)]
    return UNSTATED if bare[0].value == bare[1].value and _comparable(*bare) else 0.0


def _reading(quantity: Quantity, *, unsigned: bool, scaled: bool = True) -> Reading:
    scale = quantity.scale if scaled else Decimal(1)
    value = abs(quantity.value) if unsigned else quantity.value
    _, digits, exponent = quantity.value.as_tuple()
    place = int(exponent) if isinstance(exponent, int) else 0
    unit = unit_name(quantity.unit) if quantity.unit else None
    return Reading(value * scale, Decimal(1).scaleb(place) * scale, len(digits), place >= 0, unit)


def _forms(reading: Reading, beside: Reading) -> list[Reading]:
    """Return a quantity as it stands and, where the other one calls for it, as a share or in a base unit."""
    found = [reading]
    # A whole "1" is not meant for 100 %.
    is_share = beside.unit is None and not beside.is_whole and abs(beside.value) <= 1
    if reading.unit in (_PERCENT, _POINTS) and is_share:
        found.append(reading.times(1 / _HUNDRED, None))
    if reading.unit in _BASES and beside.unit is not None:
        base, factor = _BASES[reading.unit]
        found.append(reading.times(factor, base))
    return found


def _near(one: Reading, other: Reading) -> float:
    if not _comparable(one, other):
        return 0.0
    is_same = one.unit == other.unit or None in (one.unit, other.unit)
    if one.value == other.value:
        return SAME if is_same else NEARLY
    coarse = max(one, other, key=_step)
    least = _DIGITS_OF_WHOLE if coarse.is_whole else _DIGITS_OF_DECIMAL
    return NEARLY if coarse.digits >= least and abs(one.value - other.value) <= coarse.step / 2 else 0.0


def _comparable(one: Reading, other: Reading) -> bool:
    if one.unit is None or other.unit is None:
        return True
    return same_unit(one.unit, other.unit) or {one.unit, other.unit} == {_PERCENT, _POINTS}


def _step(reading: Reading) -> Decimal:
    return reading.step
