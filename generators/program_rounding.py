"""How computed numbers are rounded: one rule for those who write a question and those who check it.

Halves go away from zero, as people round. A percentage has one decimal, an average one more than its numbers, and a
ratio three digits or so.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_WHOLE: Final = Decimal(100)
_RATIO_DECIMALS: Final = ((Decimal(10), 2), (Decimal(100), 1))


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return a number with so many decimals.

    >>> rounded(Decimal("2.25"), 1)
    Decimal('2.3')
    """
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a number was printed with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def average(values: Sequence[Decimal]) -> Decimal:
    """Return the mean of at least one number.

    >>> average([Decimal(1), Decimal(2), Decimal(2)])
    Decimal('1.7')
    """
    return rounded(sum(values, Decimal(0)) / len(values), max(map(decimals_of, values)) + 1)


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return `part` in percent of `whole`, which is not zero.

    >>> percentage(Decimal(1), Decimal(8))
    Decimal('12.5')
    """
    return rounded(part * _WHOLE / whole, 1)


def change(before: Decimal, after: Decimal) -> Decimal:
    """Return by how many percent `before`, which is above zero, has grown; negative where it has shrunk."""
    return percentage(after - before, before)


def ratio(one: Decimal, other: Decimal) -> Decimal:
    """Return how many times `other`, which is not zero, `one` is.

    >>> ratio(Decimal(10), Decimal(3)), ratio(Decimal(200), Decimal(3))
    (Decimal('3.33'), Decimal('66.7'))
    """
    exact = one / other
    return rounded(exact, next((decimals for limit, decimals in _RATIO_DECIMALS if abs(exact) < limit), 0))


def adds_up(parts: Sequence[Decimal], total: Decimal) -> bool:
    """Tell whether two or more parts are all of a total: their sum is it, as far as rounding allows.

    >>> adds_up([Decimal("33.3")] * 3, Decimal(100)), adds_up([Decimal(30)] * 3, Decimal(100))
    (True, False)
    """
    if len(parts) < 2:
        return False
    half = Decimal("0.5") * Decimal(1).scaleb(-min(map(decimals_of, (*parts, total))))
    return abs(sum(parts, Decimal(0)) - total) <= half * (len(parts) + 1) and _is_precise(parts, half)


def _is_precise(parts: Sequence[Decimal], half: Decimal) -> bool:
    """Tell whether rounding could not hide a part: every part but the smallest is far above its own rounding."""
    return sum(abs(part) for part in parts) > half * 20 * len(parts)
