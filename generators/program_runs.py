"""Table programs run from their quoted cells alone: what proves a computed answer, and what an audit repeats."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generators.quantities import Quantity, parse_quantity, plain, uses_decimal_comma
from generators.table_text import clean
from schemas.kinds import Operation
from schemas.records import Evidence, Program


class ProgramError(ValueError):
    """A program cannot be run over the evidence that it names."""


@dataclass(frozen=True, slots=True)
class _Group:
    """A value and what its row or column is called."""

    label: str
    text: str
    value: Decimal | None


def run_program(program: Program, evidence: Sequence[Evidence]) -> str:
    """Run a program over the cells quoted in its evidence and return its bare result.

    Raises:
        ProgramError: an operand names no quoted cell, a value is no number, or the result is ambiguous.
    """
    return _OPERATIONS[program.operation](_read_groups(program, evidence), program.argument)


def _read_groups(program: Program, evidence: Sequence[Evidence]) -> list[_Group]:
    labels: dict[int, list[str]] = defaultdict(list)
    values: dict[int, str] = {}
    for operand in program.operands:
        text = _quoted(evidence, operand.evidence, operand.row, operand.col)
        if operand.role == "label":
            labels[operand.group].append(clean(text))
        elif operand.role == "value" and operand.group not in values:
            values[operand.group] = text
        else:
            raise ProgramError(f"operand in group {operand.group} is a second value or has no known role")
    comma = uses_decimal_comma(values.values()) or None
    return [
        _Group(", ".join(reversed(labels[group])), text, _number(parse_quantity(text, decimal_comma=comma)))
        for group, text in sorted(values.items())
    ]


def _quoted(evidence: Sequence[Evidence], place: int, row: int, col: int) -> str:
    if not 0 <= place < len(evidence):
        raise ProgramError(f"operand names evidence {place} of {len(evidence)}")
    for cell in evidence[place].cells:
        if (cell.row, cell.col) == (row, col):
            return cell.text
    raise ProgramError(f"cell in row {row}, column {col} is not quoted")


def _number(quantity: Quantity | None) -> Decimal | None:
    return quantity.value if quantity else None


def _numbers(groups: list[_Group]) -> list[tuple[Decimal, str]]:
    found = []
    for group in groups:
        if group.value is None:
            raise ProgramError(f"'{group.text}' is not a number")
        found.append((group.value, group.label))
    if not found:
        raise ProgramError("the program has no values")
    return found


def _lookup(groups: list[_Group], argument: str | None) -> str:
    if len(groups) != 1:
        raise ProgramError(f"a lookup reads one value, not {len(groups)}")
    return plain(groups[0].value) if groups[0].value is not None else clean(groups[0].text)


def _sum(groups: list[_Group], argument: str | None) -> str:
    return plain(sum((value for value, _ in _numbers(groups)), Decimal(0)))


def _difference(groups: list[_Group], argument: str | None) -> str:
    numbers = _numbers(groups)
    if len(numbers) != 2:
        raise ProgramError(f"a difference reads two values, not {len(numbers)}")
    return plain(numbers[0][0] - numbers[1][0])


def _maximum(groups: list[_Group], argument: str | None) -> str:
    return _at_place(groups, 1)


def _minimum(groups: list[_Group], argument: str | None) -> str:
    return _at_place(groups, -1)


def _compare(groups: list[_Group], argument: str | None) -> str:
    if len(groups) != 2 or argument not in {"higher", "lower"}:
        raise ProgramError("a comparison reads two values and says higher or lower")
    return _at_place(groups, 1 if argument == "higher" else -1)


def _rank(groups: list[_Group], argument: str | None) -> str:
    try:
        return _at_place(groups, int(argument or ""))
    except ValueError as error:
        raise ProgramError(f"a rank needs a place, not {argument!r}") from error


def _at_place(groups: list[_Group], place: int) -> str:
    """Return the label at a place from the top, or from the bottom when negative; ties have none."""
    numbers = sorted(_numbers(groups), key=_value, reverse=place > 0)
    index = abs(place) - 1
    if not 0 <= index < len(numbers):
        raise ProgramError(f"there is no place {place} among {len(numbers)}")
    value, label = numbers[index]
    if sum(other == value for other, _ in numbers) > 1 or not label:
        raise ProgramError(f"place {place} is a tie or has no label")
    return label


def _value(pair: tuple[Decimal, str]) -> Decimal:
    return pair[0]


def _count(groups: list[_Group], argument: str | None) -> str:
    sign, _, limit = (argument or "").partition(" ")
    threshold = parse_quantity(limit)
    if sign not in {">", "<"} or threshold is None:
        raise ProgramError(f"a count needs a threshold like '> 12.5', not {argument!r}")
    values = [value for value, _ in _numbers(groups)]
    return str(sum(value > threshold.value if sign == ">" else value < threshold.value for value in values))


_OPERATIONS: Final[dict[Operation, Callable[[list[_Group], str | None], str]]] = {
    Operation.LOOKUP: _lookup,
    Operation.COMPARE: _compare,
    Operation.MAXIMUM: _maximum,
    Operation.MINIMUM: _minimum,
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.COUNT: _count,
    Operation.RANK: _rank,
}
