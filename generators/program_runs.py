"""Table programs run from their quoted cells alone: what proves a computed answer, and what an audit repeats."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generators.program_rounding import adds_up, average, change, percentage, ratio
from generators.quantities import Quantity, parse_quantity, plain, uses_decimal_comma
from generators.table_text import clean
from schemas.kinds import Operation
from schemas.records import Evidence, Operand, Program

# Row and column of a label that is not a cell but the quote of its evidence: a caption, a title.
WHOLE_QUOTE: Final = -1
LIST_MARK: Final = "; "
ABSENCE: Final = "absent"


class ProgramError(ValueError):
    """A program cannot be run over the evidence that it names."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Values, mostly one, and what their row or column is called."""

    label: str
    texts: tuple[str, ...]
    values: tuple[Decimal | None, ...]

    @property
    def text(self) -> str:
        """The one printed value."""
        return self.texts[0]

    @property
    def value(self) -> Decimal | None:
        """The one value."""
        return self.values[0]


def run_program(program: Program, evidence: Sequence[Evidence]) -> str:
    """Run a program over the cells quoted in its evidence and return its bare result; a list is joined with "; ".

    Raises:
        ProgramError: an operand names no quoted cell, a value is no number, or the result is ambiguous.
    """
    groups = _read_groups(program, evidence)
    if program.operation is Operation.ABSENT:
        return _absent(groups, program.argument)
    if any(len(group.values) != 1 for group in groups) and program.operation is not Operation.FILTER:
        raise ProgramError(f"a {program.operation.value} reads one value a group")
    return _OPERATIONS[program.operation](groups, program.argument)


def _read_groups(program: Program, evidence: Sequence[Evidence]) -> list[_Group]:
    labels: dict[int, list[str]] = defaultdict(list)
    quotes: dict[int, str] = {}
    values: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for operand in program.operands:
        text = _quoted(evidence, operand)
        if operand.role == "label" and operand.row == WHOLE_QUOTE:
            quotes[operand.group] = text
        elif operand.role == "label":
            labels[operand.group].append(clean(text))
        elif operand.role == "value":
            values[operand.group].append((operand.evidence, text))
        else:
            raise ProgramError(f"operand in group {operand.group} has no known role")
    commas = _decimal_commas(pair for pairs in values.values() for pair in pairs)
    return [
        _Group(
            quotes.get(group) or ", ".join(reversed(labels[group])),
            tuple(text for _, text in values[group]),
            tuple(_number(parse_quantity(text, decimal_comma=commas[place])) for place, text in values[group]),
        )
        for group in sorted({*labels, *values})
    ]


def _decimal_commas(values: Iterable[tuple[int, str]]) -> dict[int, bool | None]:
    """Return for every evidence whether its numbers use a decimal comma; two tables may differ."""
    texts: dict[int, list[str]] = defaultdict(list)
    for place, text in values:
        texts[place].append(text)
    return {place: uses_decimal_comma(found) or None for place, found in texts.items()}


def _quoted(evidence: Sequence[Evidence], operand: Operand) -> str:
    if not 0 <= operand.evidence < len(evidence):
        raise ProgramError(f"operand names evidence {operand.evidence} of {len(evidence)}")
    unit = evidence[operand.evidence]
    if operand.row == operand.col == WHOLE_QUOTE and operand.role == "label" and unit.quote:
        return unit.quote
    for cell in unit.cells:
        if (cell.row, cell.col) == (operand.row, operand.col):
            return cell.text
    raise ProgramError(f"cell in row {operand.row}, column {operand.col} is not quoted")


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
    (one, _), (other, _) = _pair(groups)
    return plain(one - other)


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
    """Return the label at a place from the top, or from the bottom when negative; ties, and what follows, have none."""
    numbers = sorted(_numbers(groups), key=_value, reverse=place > 0)
    index = abs(place) - 1
    if not 0 <= index < len(numbers):
        raise ProgramError(f"there is no place {place} among {len(numbers)}")
    label = numbers[index][1]
    if len({value for value, _ in numbers[: index + 2]}) < min(index + 2, len(numbers)) or not label:
        raise ProgramError(f"place {place} is a tie, or after one, or has no label")
    return label


def _value(pair: tuple[Decimal, str]) -> Decimal:
    return pair[0]


def _count(groups: list[_Group], argument: str | None) -> str:
    bound = _bound(argument or "")
    return str(sum(_meets(value, *bound) for value, _ in _numbers(groups)))


def _bound(text: str) -> tuple[str, Decimal]:
    sign, _, limit = text.partition(" ")
    threshold = parse_quantity(limit)
    if sign not in {">", "<"} or threshold is None:
        raise ProgramError(f"a threshold reads like '> 12.5', not {text!r}")
    return sign, threshold.value


def _meets(value: Decimal, sign: str, threshold: Decimal) -> bool:
    return value > threshold if sign == ">" else value < threshold


def _average(groups: list[_Group], argument: str | None) -> str:
    return plain(average([value for value, _ in _several(groups)]))


def _excess(groups: list[_Group], argument: str | None) -> str:
    *parts, less = [value for value, _ in _several(groups)]
    if len(parts) < 2:
        raise ProgramError("an excess reads two values or more, and one to compare their sum with")
    return plain(sum(parts, Decimal(0)) - less)


def _ratio(groups: list[_Group], argument: str | None) -> str:
    (one, _), (other, _) = _pair(groups)
    if one <= 0 or other <= 0:
        raise ProgramError("a ratio needs values above zero")
    return plain(ratio(one, other))


def _change(groups: list[_Group], argument: str | None) -> str:
    (before, _), (after, _) = _pair(groups)
    if before <= 0 or after < 0:
        raise ProgramError("a change in percent needs a value above zero to begin with")
    return plain(change(before, after))


def _share(groups: list[_Group], argument: str | None) -> str:
    part, total, *others = [value for value, _ in _several(groups)]
    if min(part, *others, Decimal(0)) < 0 or total <= 0 or not adds_up([part, *others], total):
        raise ProgramError(f"the parts do not add up to {plain(total)}")
    return plain(percentage(part, total))


def _top(groups: list[_Group], argument: str | None) -> str:
    count = int(argument) if argument and argument.lstrip("-").isdigit() else 0
    if count == 0:
        raise ProgramError(f"a list of the first needs their number, not {argument!r}")
    step = 1 if count > 0 else -1
    return _listed([_at_place(groups, place * step) for place in range(1, abs(count) + 1)])


def _filter(groups: list[_Group], argument: str | None) -> str:
    bounds = [_bound(part) for part in (argument or "").split(" & ")]
    found = []
    for group in groups:
        if len(group.values) != len(bounds):
            raise ProgramError(f"{len(group.values)} values for {len(bounds)} conditions")
        if None in group.values:
            raise ProgramError(f"'{group.texts[group.values.index(None)]}' is not a number")
        values = [value for value in group.values if value is not None]
        if all(_meets(value, *bound) for value, bound in zip(values, bounds, strict=True)):
            found.append(group.label)
    return _listed(found)


def _absent(groups: list[_Group], argument: str | None) -> str:
    wanted = clean(argument or "").casefold()
    if not wanted or not groups or any(group.values for group in groups):
        raise ProgramError("an absence needs a name, and labels to look for it in")
    if any(group.label.casefold() == wanted for group in groups):
        raise ProgramError(f"'{argument}' stands there")
    return ABSENCE


def _several(groups: list[_Group]) -> list[tuple[Decimal, str]]:
    numbers = _numbers(groups)
    if len(numbers) < 2:
        raise ProgramError("the program has one value only")
    return numbers


def _pair(groups: list[_Group]) -> list[tuple[Decimal, str]]:
    numbers = _numbers(groups)
    if len(numbers) != 2:
        raise ProgramError(f"two values are needed, not {len(numbers)}")
    return numbers


def _listed(labels: list[str]) -> str:
    if not labels or not all(labels) or any(LIST_MARK.strip() in label for label in labels):
        raise ProgramError("a list without items, or with items that cannot be told apart")
    return LIST_MARK.join(labels)


_OPERATIONS: Final[dict[Operation, Callable[[list[_Group], str | None], str]]] = {
    Operation.LOOKUP: _lookup,
    Operation.COMPARE: _compare,
    Operation.MAXIMUM: _maximum,
    Operation.MINIMUM: _minimum,
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.COUNT: _count,
    Operation.RANK: _rank,
    Operation.AVERAGE: _average,
    Operation.EXCESS: _excess,
    Operation.RATIO: _ratio,
    Operation.CHANGE: _change,
    Operation.SHARE: _share,
    Operation.FILTER: _filter,
    Operation.TOP: _top,
}
