from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.grids import Slot
from extractors.tables_ruled import find_grids
from schemas.geometry import Box


def level(y: float, x0: float, x1: float) -> Box:
    return Box(x0, y - 0.25, x1, y + 0.25)


def upright(x: float, y0: float, y1: float) -> Box:
    return Box(x - 0.25, y0, x + 0.25, y1)


def lattice(rows: int, columns: int) -> list[Box]:
    across = [level(20.0 * row, 0, 50.0 * columns) for row in range(rows + 1)]
    return across + [upright(50.0 * column, 0, 20.0 * rows) for column in range(columns + 1)]


@given(st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=15)
def test_a_lattice_gives_all_its_cells(rows: int, columns: int) -> None:
    grids = find_grids(lattice(rows, columns))
    if rows * columns < 2:
        assert grids == []
    else:
        assert [grid.shape for grid in grids] == [(rows, columns)]
        assert len(grids[0].slots) == rows * columns


def test_a_missing_rule_makes_a_span() -> None:
    rules = [rule for rule in lattice(2, 2) if rule.center[0] != 50.0 or rule.width > rule.height]
    rules.append(upright(50.0, 20, 40))
    assert set(find_grids(rules)[0].slots) == {Slot(0, 0, 1, 2), Slot(1, 0), Slot(1, 1)}


def test_rules_in_pieces_and_drawn_twice_are_one() -> None:
    rules = [*lattice(2, 2), level(20.8, 0, 30), level(20.4, 31, 100)]
    assert [grid.shape for grid in find_grids(rules)] == [(2, 2)]


def test_two_tables_apart_are_two_grids() -> None:
    lower = [Box(rule.x0, rule.y0 + 100, rule.x1, rule.y1 + 100) for rule in lattice(2, 2)]
    assert [grid.rows[0] for grid in find_grids(lattice(2, 2) + lower)] == [0.0, 100.0]


def test_lines_that_do_not_cross_are_no_table() -> None:
    assert find_grids([level(20.0 * row, 0, 200) for row in range(6)]) == []
