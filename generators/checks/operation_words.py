"""Whether a question's words ask for the operation of its program: its place, its threshold, its direction."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from generators.checks.surroundings import quoted_cells, without_context
from generators.checks.wording import fold, without_quoted
from generators.quantities import find_quantities, parse_quantity
from schemas.kinds import Operation
from schemas.records import Program, Question

_HIGH: Final = r"highest|largest|greatest|biggest|maximum|longest|tops?(?! \d)|best"
_LOW: Final = r"lowest|smallest|fewest|minimum|shortest|worst"
_SUM: Final = r"total|sum|combined|together|altogether|add(?:ed|ing)? up"
_MEAN: Final = r"average|mean"
_PERCENT: Final = r"percent|per cent|%|share|proportion"
_TIMES: Final = r"\btimes\b|ratio|factor|multiple"
# What a question must not say when its program does something else.
_FORBIDDEN: Final[Mapping[Operation, str]] = {
    Operation.MAXIMUM: rf"{_LOW}|least",
    Operation.MINIMUM: rf"{_HIGH}|(?<!at )most",
    Operation.SUM: _MEAN,
    Operation.DIFFERENCE: r"(?:what|which|how many) percent(?:age)?(?! points?)|how many times",
    Operation.LOOKUP: r"by what percentage|how many times|combined",
    Operation.AVERAGE: r"combined|difference",
    Operation.RATIO: r"percent\w*",
    Operation.EXCESS: r"percent\w*(?! points?)|how many times",
}
# What it must say, or it asks for something else.
_EXPECTED: Final[Mapping[Operation, str]] = {
    Operation.SUM: _SUM,
    Operation.COUNT: r"how many|number of|count",
    Operation.AVERAGE: _MEAN,
    Operation.EXCESS: _SUM,
    Operation.RATIO: _TIMES,
    Operation.CHANGE: _PERCENT,
    Operation.SHARE: _PERCENT,
}
_ABOVE: Final = r"above|over|more than|greater than|higher than|exceed\w*|at least"
_BELOW: Final = r"below|under|less than|fewer than|lower than|smaller than|at most"
_UP: Final = r"\b(?:increas|gr[eo]w|ris[ei]|rose|gain|higher|went up|climb)"
_DOWN: Final = r"\b(?:decreas|declin|fall|fell|drop|shr[iau]nk|reduc|lower|went down)"
_NUMBERS: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_PLACES: Final = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_REACH: Final = 24


def operation_fault(question: Question, program: Program) -> str | None:
    """Return why the question's words do not ask for its operation, or None; only English is read."""
    if question.language.split("-")[0] != "en":
        return None
    return next(_faults(question, program), None)


def _faults(question: Question, program: Program) -> Iterator[str]:
    text = _without_labels(question)
    forbidden = _FORBIDDEN.get(program.operation)
    match = re.search(rf"\b(?:{forbidden})\b", text, re.IGNORECASE) if forbidden else None
    if match:
        yield f"“{match.group()}” does not ask for a {program.operation.value}"
    expected = _EXPECTED.get(program.operation)
    if expected and not re.search(expected, question.question, re.I):
        yield f"nothing asks for a {program.operation.value}"
    if program.operation in (Operation.RANK, Operation.TOP):
        yield from _place_faults(text, program)
    if program.operation in (Operation.COUNT, Operation.FILTER):
        yield from _threshold_faults(question, program)
    if program.operation is Operation.CHANGE:
        yield from _direction_faults(question.answer, text, program)


def _place_faults(text: str, program: Program) -> Iterator[str]:
    place = int(program.argument or 0)
    if re.search(rf"\b(?:{_LOW if place > 0 else _HIGH})\b", text):
        yield f"the question asks for the other end than place {place}"
    names = (_PLACES.get(abs(place), ""), f"{abs(place)}(?:nd|rd|th)")
    if program.operation is Operation.TOP:
        names = (_NUMBERS[abs(place)] if abs(place) < len(_NUMBERS) else "", str(abs(place)))
    if not re.search(rf"\b(?:{'|'.join(filter(None, names))})\b", text):
        yield f"the question does not say that it asks for {abs(place)}"


def _threshold_faults(question: Question, program: Program) -> Iterator[str]:
    text = fold(question.question)
    said = [*find_quantities(text), *find_quantities(text, decimal_comma=True)]
    bounds = (program.argument or "").split(" & ")
    for bound in bounds:
        sign, _, limit = bound.partition(" ")
        threshold = parse_quantity(limit)
        found = [quantity for quantity in said if threshold and quantity.value == threshold.value]
        if not found:
            yield f"the question does not state the threshold {limit}"
        opposite, reverse = (_BELOW, f"< {limit}") if sign == ">" else (_ABOVE, f"> {limit}")
        if reverse not in bounds and any(
            _nearest(text[max(0, one.start - _REACH) : one.start], opposite) for one in found
        ):
            yield f"the question asks for the other side of {limit}"


def _nearest(before: str, opposite: str) -> bool:
    """Tell whether the last word of a side before a threshold is the opposite one."""
    sides = [match.group() for match in re.finditer(rf"\b(?:{_ABOVE}|{_BELOW})\b", before)]
    return bool(sides) and re.fullmatch(opposite, sides[-1]) is not None


def _direction_faults(answer: str, asked: str, program: Program) -> Iterator[str]:
    result = parse_quantity(program.result)
    direction = _direction(fold(answer)) or _direction(asked) or _sign(answer)
    if result and direction and (direction > 0) != (result.value > 0):
        yield f"the change is {program.result} percent, and the words say the reverse"


def _direction(text: str) -> int:
    up, down = (re.search(pattern, text) is not None for pattern in (_UP, _DOWN))
    return int(up) - int(down)


def _sign(answer: str) -> int:
    value = next((quantity.value for quantity in find_quantities(answer)), Decimal(0))
    return (value > 0) - (value < 0)


def _without_labels(question: Question) -> str:
    """Return the question without quotations, captions and the texts of its cells: "Lowest income" may be a label."""
    text = without_context(replace(question, question=without_quoted(question.question)))
    for cell in sorted(quoted_cells(question), key=lambda cell: -len(cell.text)):
        if len(cell.text.strip()) > 2:
            text = text.replace(fold(cell.text), " ")
    return text
