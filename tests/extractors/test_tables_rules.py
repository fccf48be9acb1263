import pytest

from extractors.raw import RawWord
from extractors.tables_rows import Row
from extractors.tables_rules import rule_groups, ruled_boxes
from schemas.geometry import Box


def level(y: float, x0: float = 50, x1: float = 350) -> Box:
    return Box(x0, y, x1, y + 0.5)


def rows(*ys: float, columns: tuple[float, ...] = (60, 160, 260)) -> list[Row]:
    return [Row(tuple((RawWord("7.5", Box(x, y, x + 15, y + 10)),) for x in columns)) for y in ys]


def text(y: float, count: int = 9, x: float = 55) -> Row:
    return Row((tuple(RawWord("word", Box(x + 25 * n, y, x + 25 * n + 22, y + 10)) for n in range(count)),))


def boxes(rules: list[Box], lines: list[Row], *barriers: Box) -> list[tuple[float, float]]:
    return [(box.y0, box.y1) for box in ruled_boxes(rules, sorted(lines, key=lambda row: row.bbox.y0), barriers)]


def test_a_rule_drawn_column_by_column_is_one() -> None:
    pieces = [level(y, 50 + 100 * n, 150 + 100 * n) for y in (100, 200) for n in range(3)]
    assert [(group.x0, group.x1, len(group.heights)) for group in rule_groups(pieces)] == [(50, 350, 2)]


@pytest.mark.parametrize(
    ("barriers", "between"),
    [([Box(50, 180, 200, 190)], []), ([], [text(180)])],
    ids=["caption", "paragraph"],
)
def test_tables_of_one_width_are_parted_by_what_stands_between(barriers: list[Box], between: list[Row]) -> None:
    rules = [level(y) for y in (100, 120, 160, 200, 220, 260)]
    lines = rows(105, 125, 140, 205, 225, 240)
    assert boxes(rules, [*lines, *between], *barriers) == [(100.25, 160.25), (200.25, 260.25)]


def test_short_rules_below_headings_of_two_tables_do_not_join_them() -> None:
    rules = [level(120, 150, 350), level(220, 150, 350)]
    assert boxes(rules, [*rows(125, 140, 225, 240), text(180, 14)]) == []


def test_a_label_over_a_group_of_rows_does_not_part_a_table() -> None:
    rules = [level(y) for y in (100, 120, 140, 180)]
    assert boxes(rules, [*rows(105, 145, 160), text(125, 2, 120)]) == [(100.25, 180.25)]


def test_rules_about_a_page_of_prose_hold_no_table() -> None:
    assert boxes([level(100), level(300)], [*rows(110, 125), *(text(140 + 12 * n) for n in range(12))]) == []
