"""Candidates that say otherwise: the question's own words with another answer (as in MRMR's contradiction task)."""

from typing import Final

from generators.checks.wording import content_stems
from generators.mining.guards import Guarded
from generators.quantities import Quantity, find_quantities, parse_quantity, same_number

_QUERY_SHARE: Final = 0.6


def contradicts(text: str, known: Guarded) -> bool:
    """Say whether a text speaks of what the question asks about and gives another quantity of the answer's unit.

    Only questions whose answer is a quantity can be contradicted by code. A text that gives the answer as well does
    not contradict it.
    """
    wanted = parse_quantity(known.question.answer)
    if wanted is None or not known.query_stems:
        return False
    if len(known.query_stems & content_stems(text)) / len(known.query_stems) < _QUERY_SHARE:
        return False
    found = [quantity for quantity in find_quantities(text) if _comparable(quantity, wanted)]
    return bool(found) and not any(same_number(quantity, wanted) for quantity in found)


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit
