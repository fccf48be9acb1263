"""Spoiling computed questions: the wrong period, total, item, order, direction, bound, operand or document."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from generators.document_view import DocumentView
from generators.program_lists import list_answer
from generators.program_runs import LIST_MARK, ProgramError, run_program
from generators.quantities import find_quantities, plain
from generators.spoiled_rows import operand_labels, operand_text
from generators.table_grid import Grid, read_grid
from generators.table_text import is_period
from schemas.kinds import Operation
from schemas.records import Operand, Program, Question

Mutation = Callable[[Question, DocumentView, random.Random], Question | None]

_LISTS: Final = frozenset({Operation.FILTER, Operation.TOP})
_BOUNDED: Final = frozenset({Operation.FILTER, Operation.COUNT})
_SEVERAL: Final = frozenset({Operation.AVERAGE, Operation.SUM, Operation.EXCESS})
_OTHER_WAY: Final = {"increase": "decrease", "decrease": "increase"}
_OTHER_SIDE: Final = {"above": "below", "below": "above"}
_OTHER_PLACE: Final = {
    "second": "third", "third": "second", "two": "four", "three": "two", "four": "three", "five": "four",
}  # fmt: skip
_OTHER_OPERATION: Final = {
    Operation.AVERAGE: ("average", "combined"),
    Operation.SUM: ("combined", "average"),
    Operation.EXCESS: ("By how much", "How many times"),
    Operation.DIFFERENCE: ("By how much", "By what percentage"),
    Operation.CHANGE: ("By what percentage", "By how much"),
    Operation.RATIO: ("how many times as high", "by how much higher"),
}
_STRANGER: Final = "Wind Erosion of Dunes in Jutland, 1871"


def period_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for another period that the table prints."""
    grid = _grid(question, view)
    if question.program is None or grid is None or question.program.operation is Operation.ABSENT:
        return None
    printed = {row.label for row in grid.rows} | {name for column in grid.columns for name in column.header}
    periods = sorted(name for name in printed if is_period(name))
    asked = [
        one for one in periods if re.search(rf"(?:in|from|to|between|and|over) {re.escape(one)}\b", question.question)
    ]
    others = [one for one in periods if one not in question.question]
    if not asked or not others:
        return None
    old = chance.choice(asked)
    pattern = rf"((?:in|from|to|between|and|over) ){re.escape(old)}\b"
    return replace(question, question=re.sub(pattern, rf"\g<1>{chance.choice(others)}", question.question))


def share_of_another(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Take the share of another row than the total, with result and answer to match."""
    program = question.program
    if program is None or program.operation is not Operation.SHARE:
        return None
    values = sorted((item for item in program.operands if item.role == "value"), key=_by_group)
    if len(values) < 4:
        return None
    numbers = [find_quantities(operand_text(question, item))[0].value for item in values]
    other = chance.choice([at for at in range(2, len(values)) if numbers[at] > 0] or [2])
    swapped = {1: other, other: 1}
    operands = tuple(replace(item, group=swapped.get(item.group, item.group)) for item in program.operands)
    share = (numbers[0] * 100 / (numbers[other] or Decimal(1))).quantize(Decimal("0.1"))
    changed = replace(program, operands=operands, result=plain(share))
    return replace(question, program=changed, answer=f"{share}%")


def part_left_out(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Leave one part out of what proves a total."""
    program = question.program
    if program is None or program.operation is not Operation.SHARE:
        return None
    values = [
        (find_quantities(operand_text(question, one))[0].value, one.group)
        for one in program.operands
        if one.role == "value" and one.group > 1
    ]
    return _without_group(question, max(values)[1]) if values else None


def item_omitted(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Leave an item out of a list."""
    items = _items(question)
    if len(items) < 2:
        return None
    items.remove(chance.choice(items))
    return replace(question, answer=list_answer(LIST_MARK.join(items)))


def item_added(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """List another row too."""
    items, others = _items(question), _other_rows(question)
    return (
        replace(question, answer=list_answer(LIST_MARK.join([*items, chance.choice(others)])))
        if items and others
        else None
    )


def item_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """List another row in place of one."""
    items, others = _items(question), _other_rows(question)
    if not items or not others:
        return None
    items[chance.randrange(len(items))] = chance.choice(others)
    return replace(question, answer=list_answer(LIST_MARK.join(items)))


def order_wrong(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """List ranked items in another order."""
    items = _items(question)
    if len(items) < 2 or question.program is None or question.program.operation is not Operation.TOP:
        return None
    at = chance.randrange(len(items) - 1)
    items[at], items[at + 1] = items[at + 1], items[at]
    return replace(question, answer=list_answer(LIST_MARK.join(items)))


def direction_flipped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Turn an increase into a decrease, in the question or in the answer."""
    if question.program is None or question.program.operation is not Operation.CHANGE:
        return None
    answer, asked = (_replaced(text, _OTHER_WAY) for text in (question.answer, question.question))
    return (
        replace(question, answer=answer or question.answer, question=question.question if answer else asked or "")
        if answer or asked
        else None
    )


def base_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Reckon a change backwards, from the later number, with result and answer to match."""
    program = question.program
    if program is None or program.operation is not Operation.CHANGE:
        return None
    operands = tuple(replace(item, group=1 - item.group) for item in program.operands)
    return _recomputed(question, replace(program, operands=operands))


def absolute_for_percent(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Answer a question for percent with the difference, or with the part itself."""
    program = question.program
    if program is None or program.operation not in (Operation.CHANGE, Operation.SHARE):
        return None
    values = sorted((item for item in program.operands if item.role == "value"), key=_by_group)[:2]
    first, second = (find_quantities(operand_text(question, item))[0].value for item in values)
    number = abs(second - first) if program.operation is Operation.CHANGE else first
    text = question.answer.replace(find_quantities(question.answer)[0].text, plain(number))
    return None if plain(number) == plain(abs(Decimal(program.result))) else replace(question, answer=text)


def operation_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for another operation over the same cells."""
    old, new = _OTHER_OPERATION.get(question.program.operation, ("", "")) if question.program else ("", "")
    pattern = re.compile(re.escape(old), re.IGNORECASE)
    return (
        replace(question, question=pattern.sub(new, question.question, count=1))
        if old and pattern.search(question.question)
        else None
    )


def threshold_moved(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for another threshold."""
    program = question.program
    if program is None or program.operation not in _BOUNDED:
        return None
    match = re.search(r"((?:above|below) \D{0,3})(\d[\d.,]*)", question.question)
    number = find_quantities(match[2].rstrip(".,")) if match else []
    if match is None or not number:
        return None
    moved = plain(number[0].value * 2 + 1)
    return replace(
        question,
        question=question.question[: match.start(2)]
        + moved
        + question.question[match.start(2) + len(match[2].rstrip(".,")) :],
    )


def bound_turned(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for those below where the program took those above."""
    text = _replaced(question.question, _OTHER_SIDE)
    bounded = question.program and question.program.operation in _BOUNDED
    return replace(question, question=text) if bounded and text else None


def place_miscounted(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for another place, or for more or fewer of the first."""
    text = _replaced(question.question, _OTHER_PLACE)
    ranked = question.program and question.program.operation in (Operation.RANK, Operation.TOP)
    return replace(question, question=text) if ranked and text else None


def operand_left_out(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Leave out one of the rows that the question names, with result and answer to match."""
    program = question.program
    if program is None or program.operation not in _SEVERAL:
        return None
    groups = sorted({item.group for item in program.operands})
    if len(groups) < 3:
        return None
    without = _without_group(question, groups[0])
    return _recomputed(without, without.program) if without and without.program else None


def document_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Name another document in place of one of two."""
    quoted = re.findall(r"“([^“”]{8,})”", question.question)
    if not quoted or len({unit.doc_id for unit in question.evidence}) < 2:
        return None
    return replace(question, question=question.question.replace(quoted[-1], _STRANGER))


def rows_mismatched(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Read another row of one of two tables, with evidence, result and answer to match."""
    program = question.program
    values = [item for item in program.operands if item.role == "value"] if program else []
    if program is None or len({item.evidence for item in values}) < 2:
        return None
    first, element = values[0], view.get(question.evidence[values[0].evidence].element_id)
    others = [cell for cell in element.cells if cell.col == first.col and cell.row != first.row] if element else []
    others = [cell for cell in others if find_quantities(cell.text)]
    if not others or element is None:
        return None
    row = chance.choice(others).row
    operands = tuple(
        replace(item, row=row) if item.evidence == first.evidence and item.row == first.row else item
        for item in program.operands
    )
    texts = {(cell.row, cell.col): cell.text for cell in element.cells}
    unit = question.evidence[first.evidence]
    cells = tuple(
        replace(cell, row=row, text=texts.get((row, cell.col), "")) if cell.row == first.row else cell
        for cell in unit.cells
    )
    evidence = (
        *question.evidence[: first.evidence],
        replace(unit, cells=cells),
        *question.evidence[first.evidence + 1 :],
    )
    return _recomputed(replace(question, evidence=evidence), replace(program, operands=operands))


def absent_named(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for a row or period that the table has, and call it absent."""
    program = question.program
    if program is None or program.operation is not Operation.ABSENT or not program.argument:
        return None
    labels = [label for label in operand_labels(question) if label]
    if not labels:
        return None
    label = chance.choice(labels)
    changed = replace(program, argument=label)
    return replace(question, question=question.question.replace(program.argument, label), program=changed)


def labels_unread(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Look for what is absent among some of the labels only."""
    program = question.program
    if program is None or program.operation is not Operation.ABSENT or len(program.operands) < 2:
        return None
    return replace(question, program=replace(program, operands=program.operands[::2]))


PROGRAM_MUTATIONS: Final[tuple[tuple[str, Mutation], ...]] = (
    ("period_swapped", period_swapped),
    ("share_of_another", share_of_another),
    ("part_left_out", part_left_out),
    ("item_omitted", item_omitted),
    ("item_added", item_added),
    ("item_swapped", item_swapped),
    ("order_wrong", order_wrong),
    ("direction_flipped", direction_flipped),
    ("base_swapped", base_swapped),
    ("absolute_for_percent", absolute_for_percent),
    ("operation_swapped", operation_swapped),
    ("threshold_moved", threshold_moved),
    ("bound_turned", bound_turned),
    ("place_miscounted", place_miscounted),
    ("operand_left_out", operand_left_out),
    ("document_swapped", document_swapped),
    ("rows_mismatched", rows_mismatched),
    ("absent_named", absent_named),
    ("labels_unread", labels_unread),
)


def _grid(question: Question, view: DocumentView) -> Grid | None:
    element = view.get(question.evidence[0].element_id) if question.evidence else None
    return read_grid(element.cells) if element and element.cells else None


def _by_group(item: Operand) -> int:
    return item.group


def _items(question: Question) -> list[str]:
    program = question.program
    return program.result.split(LIST_MARK) if program and program.operation in _LISTS else []


def _other_rows(question: Question) -> list[str]:
    items = _items(question)
    return [label for label in operand_labels(question) if label not in items]


def _replaced(text: str, words: dict[str, str]) -> str | None:
    """Return the text with the first of these words replaced by its other, or None where there is none."""
    match = re.search(rf"\b(?:{'|'.join(words)})\b(?! of)", text) or re.search(rf"\b(?:{'|'.join(words)})\b", text)
    return text[: match.start()] + words[match.group()] + text[match.end() :] if match else None


def _without_group(question: Question, group: int) -> Question | None:
    """Return the question with one group of operands, and their cells, left out."""
    program = question.program
    if program is None:
        return None
    kept = tuple(item for item in program.operands if item.group != group)
    gone = {(item.evidence, item.row, item.col) for item in program.operands if item.group == group}
    evidence = tuple(
        replace(unit, cells=tuple(cell for cell in unit.cells if (at, cell.row, cell.col) not in gone))
        for at, unit in enumerate(question.evidence)
    )
    return replace(question, evidence=evidence, program=replace(program, operands=kept))


def _recomputed(question: Question, program: Program) -> Question | None:
    """Return the question with a program's own result, and the answer to match."""
    try:
        result = run_program(program, question.evidence)
    except ProgramError:
        return replace(question, program=program)
    numbers = find_quantities(question.answer)
    if not numbers:
        return replace(question, program=replace(program, result=result), answer=result)
    number = re.sub(r"\d[\d.,\s]*\d|\d", result.lstrip("-"), numbers[0].text, count=1)
    answer = question.answer.replace(numbers[0].text, number, 1)
    if program.operation is Operation.CHANGE:
        answer = re.sub("an increase|a decrease", "a decrease" if result.startswith("-") else "an increase", answer)
    return replace(question, program=replace(program, result=result), answer=answer)
