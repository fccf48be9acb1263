import pytest

from generators.program_runs import ProgramError, run_program
from schemas.geometry import Box
from schemas.kinds import EvidenceRole, Modality, Operation
from schemas.records import CellQuote, Evidence, Operand, Program

COLUMN = (("Austria", "1,200"), ("Belgium*", "900"), ("Cyprus", "35.5"), ("Denmark", "n.a."))


def evidence_of(rows: tuple[tuple[str, str], ...]) -> tuple[Evidence, ...]:
    cells = tuple(CellQuote(row, col, text) for row, pair in enumerate(rows) for col, text in enumerate(pair))
    box = Box(0, 0, 1, 1)
    return (Evidence("d/p0000/table1", "d", 0, "1", box, Modality.TABLE, EvidenceRole.ANSWER, cells=cells),)


def program_of(operation: Operation, rows: tuple[int, ...], argument: str | None = None) -> Program:
    operands = [
        Operand(0, row, col, role, group)
        for group, row in enumerate(rows)
        for col, role in enumerate(("label", "value"))
    ]
    return Program(operation, tuple(operands), "", argument)


@pytest.mark.parametrize(
    ("operation", "rows", "argument", "result"),
    [
        (Operation.LOOKUP, (0,), None, "1200"),
        (Operation.LOOKUP, (3,), None, "n.a."),
        (Operation.COMPARE, (0, 1), "higher", "Austria"),
        (Operation.COMPARE, (0, 1), "lower", "Belgium"),
        (Operation.MAXIMUM, (0, 1, 2), None, "Austria"),
        (Operation.MINIMUM, (0, 1, 2), None, "Cyprus"),
        (Operation.SUM, (0, 2), None, "1235.5"),
        (Operation.DIFFERENCE, (0, 2), None, "1164.5"),
        (Operation.COUNT, (0, 1, 2), "> 500", "2"),
        (Operation.COUNT, (0, 1, 2), "< 36", "1"),
        (Operation.RANK, (0, 1, 2), "2", "Belgium"),
        (Operation.RANK, (0, 1, 2), "-2", "Belgium"),
    ],
)
def test_programs_run_from_quoted_cells(
    operation: Operation, rows: tuple[int, ...], argument: str | None, result: str
) -> None:
    assert run_program(program_of(operation, rows, argument), evidence_of(COLUMN)) == result


@pytest.mark.parametrize(
    ("operation", "rows", "argument"),
    [
        (Operation.LOOKUP, (9,), None),
        (Operation.LOOKUP, (0, 1), None),
        (Operation.SUM, (0, 3), None),
        (Operation.SUM, (), None),
        (Operation.DIFFERENCE, (0,), None),
        (Operation.COMPARE, (0, 1), None),
        (Operation.RANK, (0, 1), "first"),
        (Operation.RANK, (0, 1), "3"),
        (Operation.RANK, (0, 1), "0"),
        (Operation.COUNT, (0, 1), "many"),
    ],
)
def test_what_cannot_be_run_is_an_error(operation: Operation, rows: tuple[int, ...], argument: str | None) -> None:
    with pytest.raises(ProgramError):
        run_program(program_of(operation, rows, argument), evidence_of(COLUMN))


def test_a_tie_has_no_winner() -> None:
    tied = (("Austria", "5"), ("Belgium", "5.0"), ("Cyprus", "1"))
    with pytest.raises(ProgramError, match="tie"):
        run_program(program_of(Operation.MAXIMUM, (0, 1, 2)), evidence_of(tied))
    assert run_program(program_of(Operation.MINIMUM, (0, 1, 2)), evidence_of(tied)) == "Cyprus"


def test_an_operand_outside_the_evidence_is_an_error() -> None:
    program = Program(Operation.LOOKUP, (Operand(1, 0, 1, "value", 0),), "")
    with pytest.raises(ProgramError, match="evidence 1"):
        run_program(program, evidence_of(COLUMN))
