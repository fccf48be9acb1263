from dataclasses import replace

import pytest

from annotation.units import passage_html, table_html, unit_html, units_of
from schemas.geometry import Span
from schemas.kinds import EvidenceRole, Modality
from schemas.records import Cell
from tests.annotation import task_material as example


def grid(rows: int) -> list[Cell]:
    head = [Cell(0, 0, "city", header=True), Cell(0, 1, "degrees", header=True)]
    return head + [
        cell for row in range(1, rows) for cell in (Cell(row, 0, f"c{row}", header=True), Cell(row, 1, f"{row}"))
    ]


def test_quotes_of_one_element_are_one_unit() -> None:
    table, passage = units_of(example.question())
    assert (table.number, table.element_id, table.cells) == (1, example.TABLE, {(0, 1), (1, 1)})
    assert table.role == EvidenceRole.ANSWER
    assert (passage.number, passage.spans, passage.role) == (2, (Span(32, 45),), EvidenceRole.CONTEXT)


def test_other_places_that_answer_as_well_are_not_judged() -> None:
    asked = example.question()
    other = replace(asked.evidence[-1], element_id="doc3/p0000/paragraph1", role=EvidenceRole.ALTERNATIVE)
    assert units_of(replace(asked, evidence=(*asked.evidence, other))) == units_of(asked)


def test_quoted_cells_are_marked_and_missing_ones_keep_their_column() -> None:
    html = table_html(example.elements()[example.TABLE].cells, frozenset({(1, 1)}))
    assert "<tr><td></td><th>2020</th></tr><tr><th>north</th><td><mark>7</mark></td></tr>" in html


def test_a_long_table_shows_headers_quoted_rows_and_their_neighbours() -> None:
    html = table_html(grid(40), frozenset({(20, 1)}))
    assert [text for text in ("city", ">c19<", ">c20<", ">c21<") if text not in html] == []
    assert ">c5<" not in html
    assert html.count("⋮") == 2


def test_a_table_with_cells_over_several_rows_is_shown_whole() -> None:
    cells = [Cell(0, 0, "wide", row_span=12), *(Cell(row, 1, f"r{row}") for row in range(12))]
    html = table_html(cells, frozenset({(5, 1)}))
    assert '<td rowspan="12">wide</td><td>r0</td>' in html
    assert "<tr><td>r11</td></tr>" in html


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], []),
        ([Span(0, 5)], ["alpha"]),
        ([Span(6, 10), Span(0, 5)], ["alpha", "beta"]),
        ([Span(0, 8), Span(6, 10)], ["alpha be", "ta"]),
        ([Span(3, 99)], []),
        ([Span(4, 4)], []),
    ],
)
def test_quotes_are_marked_in_order_and_never_twice(spans: list[Span], marked: list[str]) -> None:
    html = passage_html("alpha beta", spans)
    assert [part.partition("</mark>")[0] for part in html.split("<mark>")[1:]] == marked
    assert html.replace("<mark>", "").replace("</mark>", "").count("alpha beta") == 1


def test_a_long_passage_is_cut_around_its_quote_at_words() -> None:
    text = "word " * 400 + "HERE " + "tail " * 400
    html = passage_html(text, [Span(2000, 2004)])
    assert "<mark>HERE</mark>" in html
    assert html.startswith('<div class="cm-passage"><p>… word')
    assert html.endswith("tail  …</p></div>")
    assert len(html) < 700


@pytest.mark.parametrize(
    ("crop", "shown"),
    [("/data/f.webp?a=1&b=2", "url('/data/f.webp?a=1&amp;b=2')"), (None, "Outlined in this colour on the page")],
)
def test_a_figure_is_shown_by_its_own_picture_where_there_is_one(crop: str | None, shown: str) -> None:
    figure = replace(units_of(example.question())[0], modality=Modality.FIGURE)
    assert shown in unit_html(figure, None, where="page 1", crop=crop)


def test_an_element_that_is_gone_shows_what_was_quoted() -> None:
    passage = units_of(example.question())[1]
    assert "<mark>by 4 % &amp; more</mark>" in unit_html(passage, None, where="page 1 of letter.pdf")
