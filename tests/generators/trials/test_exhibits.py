"""What an engine sees of the evidence."""

from generators.trials.exhibits import exhibits_of, table_rows
from generators.trials.plan import TrialPlan
from schemas.records import Cell
from tests.generators.trials.trial_material import (
    BORN,
    CAPTION,
    IN_CAPTION,
    IN_TABLE,
    PICTURED,
    TABLE,
    VIEWS,
    picture,
    question,
    unit,
)

PLAN = TrialPlan()


def test_a_table_is_shown_whole_with_its_caption_and_a_quote_with_what_is_around() -> None:
    table, born = exhibits_of(question(), VIEWS, PLAN, {})
    assert table.text == "Table 1: Rain in towns\nTown | Rain | Wind\nKiel | 12 mm | 7\nUlm | 3 mm | 2"
    assert table.where == "“Rain Yearbook”, page ii, Weather, Part 0"
    assert born.text == "Ada Voss was born in Kiel and moved south before the war."
    assert table.carries
    assert born.carries


def test_a_caption_goes_with_its_table_unless_it_carries_the_answer() -> None:
    (born,) = exhibits_of(question(), VIEWS, PLAN, {}, without={TABLE.element_id})
    assert "Ada Voss" in born.text
    own = question(IN_TABLE, unit(CAPTION, "Rain in towns"))
    table, caption = exhibits_of(own, VIEWS, PLAN, {})
    assert (table.text.splitlines()[0], caption.text) == ("Table 1", "Table 1: Rain in towns")


def test_alternatives_are_not_shown() -> None:
    (table,) = exhibits_of(question(IN_TABLE, IN_CAPTION, unit(CAPTION, "Rain", role="alternative")), VIEWS, PLAN, {})
    assert table.element_id == TABLE.element_id


def test_a_figure_needs_its_picture() -> None:
    (shown,) = exhibits_of(question(PICTURED), VIEWS, PLAN, {"crop": picture()})
    assert shown.is_shown
    assert shown.picture is not None
    for plan, images in ((PLAN, {}), (TrialPlan(pictures=False), {"crop": picture()})):
        (hidden,) = exhibits_of(question(PICTURED), VIEWS, plan, images)
        assert not hidden.is_shown


def test_a_long_table_keeps_its_head_and_the_quoted_rows() -> None:
    cells = [Cell(row, col, f"r{row}c{col}", header=row == 0) for row in range(99) for col in range(3)]
    shown = table_rows(cells, {50}, 120).splitlines()
    assert shown[0] == "r0c0 | r0c1 | r0c2"
    assert "r50c0 | r50c1 | r50c2" in shown
    assert shown[-1] == "…"
    assert len("\n".join(shown)) <= 140


def test_a_spanning_header_stands_over_every_column() -> None:
    cells = [Cell(0, 0, "Town", header=True, row_span=2), Cell(0, 1, "Rain", header=True, col_span=2)]
    cells += [Cell(1, 1, "May", header=True), Cell(1, 2, "June", header=True)]
    assert table_rows(cells, (), 99) == "Town | Rain | Rain\nTown | May | June"


def test_what_the_documents_lack_is_left_out() -> None:
    assert exhibits_of(question(BORN, IN_CAPTION), {}, PLAN, {}) == []
