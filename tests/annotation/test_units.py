from dataclasses import replace

import pytest

from annotation.units import Crop, passage_html, unit_html, units_of
from schemas.geometry import Span
from schemas.kinds import EvidenceRole, Modality
from tests.annotation import task_material as example


def test_quotes_of_one_element_are_one_unit() -> None:
    table, passage = units_of(example.question())
    assert (table.number, table.element_id, table.cells) == (1, example.TABLE, {(0, 1), (1, 1)})
    assert table.role == EvidenceRole.ANSWER
    assert (passage.number, passage.spans, passage.role) == (2, (Span(32, 45),), EvidenceRole.CONTEXT)


def test_other_places_that_answer_as_well_are_not_judged() -> None:
    asked = example.question()
    other = replace(asked.evidence[-1], element_id="doc3/p0000/paragraph1", role=EvidenceRole.ALTERNATIVE)
    assert units_of(replace(asked, evidence=(*asked.evidence, other))) == units_of(asked)


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
    [
        (
            Crop("/data/f.webp?a=1&b=2", 400, 200),
            "url('/data/f.webp?a=1&amp;b=2'); aspect-ratio: 400 / 200; max-width: 480px",
        ),
        (None, "Outlined in this colour on the page"),
    ],
)
def test_a_figure_is_shown_by_its_own_picture_where_there_is_one(crop: Crop | None, shown: str) -> None:
    figure = replace(units_of(example.question())[0], modality=Modality.FIGURE)
    assert shown in unit_html(figure, None, where="page 1", crop=crop)


def test_an_element_that_is_gone_shows_what_was_quoted() -> None:
    passage = units_of(example.question())[1]
    assert "<mark>by 4 % &amp; more</mark>" in unit_html(passage, None, where="page 1 of letter.pdf")
