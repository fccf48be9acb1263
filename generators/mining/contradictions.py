"""Candidates that say otherwise: the same thing with another number (as in MRMR's contradiction task)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generators.checks.wording import content_stems, distinctive_stems, has_digit, words
from generators.mining.guards import Guarded, answer_quantity
from generators.mining.readings import Window, padded_words, proof_cells, proof_quotes, share, windows
from generators.quantities import Quantity, find_quantities, parse_quantity, same_number
from schemas.records import CellQuote

_SHARE: Final = 0.75
_LEAST_SUBJECT: Final = 2
_YEAR_DIGITS: Final = 4
_CENTURIES: Final = ("18", "19", "20")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the evidence says: a number, what it is a number of (all of it is wanted), and in which respect."""

    value: Quantity
    label: str
    respect: str = ""


def contradicts(text: str, known: Guarded) -> bool:
    """Say whether a sentence or row speaks of what the evidence states, and gives another number for it.

    The evidence states the answer's number in a quote, or the numbers of the quoted cells under their row's and
    column's words; years among these words have to stand there too. A text that gives the right number anywhere does
    not contradict; what is no number cannot be contradicted by code.
    """
    return any(
        any(_says_otherwise(window, claim) for window in windows(text))
        for claim in claims(known)
        if _speaks_of(text, claim) and not _says_so(text, claim)
    )


def claims(known: Guarded) -> list[Claim]:
    """Return the numbers that the evidence of a question states."""
    rows = proof_cells(known.question)
    if rows:
        return list(_of_cells(rows))
    value = answer_quantity(known.question.answer)
    stated = value is not None and any(
        same_number(value, found) for quote in proof_quotes(known.question) for found in find_quantities(quote)
    )
    if value is None or not stated or len(known.subject) < _LEAST_SUBJECT:
        return []
    return [Claim(value, "", " ".join(sorted(known.subject)))]


def _of_cells(rows: Sequence[Sequence[CellQuote]]) -> Iterator[Claim]:
    above: dict[int, list[str]] = {}
    for row in rows:
        label, *others = row
        values = [(cell, value) for cell in others if (value := _value(cell.text))]
        for cell, value in values:
            respect = " ".join(above.get(cell.col, ()))
            if _tells(label.text) and _tells(respect):
                yield Claim(value, label.text, respect)
        if not values:
            for cell in row:
                above.setdefault(cell.col, []).append(cell.text)


def _value(text: str) -> Quantity | None:
    value = parse_quantity(text)
    return None if value is None or _is_year(value) else value


def _tells(text: str) -> bool:
    return bool(distinctive_stems(text)) or has_digit(text)


def _says_otherwise(window: Window, claim: Claim) -> bool:
    return _speaks_of(window.around, claim) and any(
        _comparable(found, claim.value) for found in find_quantities(window.said) if not _is_part(found, claim)
    )


def _speaks_of(text: str, claim: Claim) -> bool:
    stems, padded = content_stems(text), padded_words(text)
    numbers = [word for word in words(f"{claim.label} {claim.respect}") if has_digit(word)]
    return (
        content_stems(claim.label) <= stems
        and share(content_stems(claim.respect), stems) >= _SHARE
        and all(f" {number} " in padded for number in numbers)
    )


def _is_part(found: Quantity, claim: Claim) -> bool:
    """Say whether a number belongs to the label or the respect itself ("age 14-17")."""
    return any(same_number(found, part) for part in find_quantities(f"{claim.label} {claim.respect}"))


def _says_so(text: str, claim: Claim) -> bool:
    return any(same_number(found, claim.value) for found in find_quantities(text))


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.percent == other.percent and one.unit == other.unit and not _is_year(one)


def _is_year(quantity: Quantity) -> bool:
    return quantity.unit is None and len(quantity.text) == _YEAR_DIGITS and quantity.text[:2] in _CENTURIES
