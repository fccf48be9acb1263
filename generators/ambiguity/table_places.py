"""Tables that hold the cells that a question asks for: the same row and column, with the same values or others.

A cell is named by the words of its row and those of its column, so that another order of rows and columns, further
ones and other captions do no harm; two cells that bear the same names name nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from generators.ambiguity.aims import Aim
from generators.ambiguity.places import Place, place_in
from generators.checks.wording import content_stems, fold, has_digit, words
from generators.document_view import DocumentView
from generators.quantities import is_missing, parse_quantity, same_number
from generators.table_grid import ColumnKind, Grid, read_grid
from generators.table_text import clean, is_period
from schemas.kinds import ElementKind, EvidenceRole, Operation, QuestionType
from schemas.records import Cell, CellQuote, Element, Question

_OF_SOME_CELLS: Final = frozenset(
    (
        Operation.LOOKUP,
        Operation.COMPARE,
        Operation.SUM,
        Operation.DIFFERENCE,
        Operation.EXCESS,
        Operation.RATIO,
        Operation.CHANGE,
        Operation.SHARE,
    )
)
_UNMEASURED: Final = frozenset({ColumnKind.STUB, ColumnKind.EMPTY})
_TELLING_DIGITS: Final = 5

Name = tuple[frozenset[str], tuple[str, ...]]
Slot = tuple[Name, Name]


@dataclass(frozen=True, slots=True)
class Asked:
    """The cells that a question rests on: what names each, and its text; `rows` is how many its table has."""

    values: tuple[tuple[Slot, str], ...]
    rows: int
    is_whole: bool


def cells_asked(question: Question, views: Mapping[str, DocumentView]) -> Asked | None:
    """Return the cells that a question rests on, or None where it rests on no table or on several."""
    units = [unit for unit in question.evidence if unit.role is EvidenceRole.ANSWER]
    if len(units) != 1 or not units[0].cells or units[0].doc_id not in views:
        return None
    table = views[units[0].doc_id].get(units[0].element_id)
    if table is None:
        return None
    quoted = [(cell.row, cell.col) for cell in units[0].cells]
    named = {place: slot for slot, places in _slots(table).items() for place in places}
    texts = {(cell.row, cell.col): cell.text for cell in table.cells}
    values = tuple((named[place], texts[place]) for place in quoted if place in named)
    return Asked(values, _body_rows(table), _depends_on_all(question)) if values else None


def place_in_table(aim: Aim, asked: Asked, table: Element, view: DocumentView, *, lead: str) -> Place | None:
    """Return a table as a place that answers, or None when it lacks a cell or names it twice.

    Where the answer depends on all rows of a table (a highest, a count), another table has to have as many.

    Args:
        aim: what the question asks for.
        asked: the cells of its own table.
        table: the other table.
        view: its document.
        lead: the title, headings and caption that lead to it.
    """
    found = _found(asked, table)
    if found is None or (asked.is_whole and _body_rows(table) != asked.rows):
        return None
    same = all(_same(cell.text, text) for cell, (_, text) in zip(found, asked.values, strict=True))
    proof = _proof(table, found)
    around = "\n".join((lead, *(cell.text for cell in proof)))
    if not (aim.is_told_by(around) or (same and _is_restated(aim, table, found, around))):
        return None
    quotes = tuple(CellQuote(cell.row, cell.col, cell.text) for cell in proof)
    return Place(place_in(table, view, cells=quotes), same, ", ".join(cell.text for cell in found[:3]))


def _is_restated(aim: Aim, table: Element, found: Sequence[Cell], around: str) -> bool:
    """Say whether a table of the same document under another caption gives the same figures, too many for chance."""
    digits = sum(character.isdigit() for cell in found for character in cell.text)
    is_told = aim.stems - aim.known.captions <= content_stems(around)
    return table.doc_id in aim.documents and digits >= _TELLING_DIGITS and is_told


def _depends_on_all(question: Question) -> bool:
    """Say whether the answer depends on all rows of a table: a highest, a count."""
    if question.program is None:
        return question.question_type is QuestionType.COMPARISON
    return question.program.operation not in _OF_SOME_CELLS


def _found(asked: Asked, table: Element) -> list[Cell] | None:
    if table.kind != ElementKind.TABLE:
        return None
    slots, cells = _slots(table), {(cell.row, cell.col): cell for cell in table.cells}
    found = []
    for slot, _ in asked.values:
        places = slots.get(slot, [])
        if len(places) != 1 or is_missing(cells[places[0]].text):
            return None
        found.append(cells[places[0]])
    return found


def _slots(table: Element) -> dict[Slot, list[tuple[int, int]]]:
    """Return the places of a table's body by the names of their row and column."""
    found: dict[Slot, list[tuple[int, int]]] = {}
    grid = _grid(table)
    columns = [(column, _name(" ".join(cell.text for cell in column.cells))) for column in grid.columns]
    for row, (column, head) in product(grid.rows, columns):
        cell, label = grid.cell(row.index, column.index), _name(f"{row.section or ''} {row.label}")
        if cell is None or column.kind in _UNMEASURED or (cell.row, cell.col) != (row.index, column.index):
            continue
        if cell.text.strip() and any(label) and any(head):
            found.setdefault((label, head), []).append((cell.row, cell.col))
    return found


@lru_cache(maxsize=256)
def _grid(table: Element) -> Grid:
    return read_grid(table.cells)


def _proof(table: Element, found: Sequence[Cell]) -> list[Cell]:
    """Return the cells with the labels of their rows and the headers of their columns, by place."""
    grid = _grid(table)
    rows, columns = {cell.row for cell in found}, {cell.col for cell in found}
    chosen = {(cell.row, cell.col): cell for cell in found}
    for row in grid.rows:
        if row.index in rows:
            parts = (*row.cells, *([row.section_cell] if row.section_cell else []))
            chosen |= {(cell.row, cell.col): cell for cell in parts if cell.text.strip()}
    for column in grid.columns:
        if column.index in columns:
            chosen |= {(cell.row, cell.col): cell for cell in column.cells if cell.text.strip()}
    return [chosen[place] for place in sorted(chosen)]


def _body_rows(table: Element) -> int:
    return len(_grid(table).rows)


def _name(text: str) -> Name:
    """Return what a label or header is compared by: the stems of its words, and its words with digits in order.

    What has neither ("%", "n =") goes by its signs.
    """
    label = clean(text)
    stems, numbers = content_stems(label), tuple(word for word in words(label) if has_digit(word))
    return (stems, numbers) if stems or numbers else (stems, tuple(fold(text).split()))


def _same(one: str, other: str) -> bool:
    if is_period(one) or parse_quantity(one) is None:
        return fold(clean(one)) == fold(clean(other))
    return same_number(one, other)
