"""Candidates that say otherwise: the question's own words with another answer (as in MRMR's contradiction task)."""

from typing import Final

from generators.checks.wording import content_stems
from generators.mining.guards import Guarded, answer_quantity
from generators.quantities import Quantity, find_quantities, same_number

_QUERY_SHARE: Final = 0.6
_YEAR_DIGITS: Final = 4
_CENTURIES: Final = ("18", "19", "20")


def contradicts(text: str, known: Guarded) -> bool:
    """Say whether a text speaks of what the question asks about and gives another quantity of the answer's unit.

    Only questions whose answer is a quantity can be contradicted by code. A text that gives the answer as well does
    not contradict it.
    """
    wanted = answer_quantity(known.question.answer)
    if wanted is None or not known.query_stems:
        return False
    if len(known.query_stems & content_stems(text)) / len(known.query_stems) < _QUERY_SHARE:
        return False
    found = [quantity for quantity in find_quantities(text) if _comparable(quantity, wanted)]
    return bool(found) and not any(same_number(quantity, wanted) for quantity in found)


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit and _is_year(one) == _is_year(other)


def _is_year(quantity: Quantity) -> bool:
    return quantity.unit is None and len(quantity.text) == _YEAR_DIGITS and quantity.text[:2] in _CENTURIES
