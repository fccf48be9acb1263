from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.linking import assign, tie_captions
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.records import Element

FIGURE, TABLE, CAPTION, TEXT = ElementKind.FIGURE, ElementKind.TABLE, ElementKind.CAPTION, ElementKind.PARAGRAPH


def element(name: str, kind: ElementKind, box: Box, page: int = 0) -> Element:
    return Element(name, "d", page, 0, kind, box, "", label=name if kind is CAPTION else None)


def names(elements: list[Element]) -> set[tuple[str, str]]:
    kinds = {
        place: TABLE if item.element_id.startswith("Table") else FIGURE
        for place, item in enumerate(elements)
        if item.kind is CAPTION
    }
    return {
        (elements[tie.caption].element_id, elements[tie.target].element_id) for tie in tie_captions(elements, kinds)
    }


STACKED = [
    element("a", FIGURE, Box(100, 100, 300, 200)),
    element("Figure 1", CAPTION, Box(100, 210, 300, 220)),
    element("b", FIGURE, Box(100, 230, 300, 330)),
    element("Figure 2", CAPTION, Box(100, 340, 300, 350)),
    element("Table 1", CAPTION, Box(100, 400, 300, 410)),
    element("t", TABLE, Box(100, 415, 300, 500)),
]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::60])
def test_ties_do_not_depend_on_the_order_of_elements(order: tuple[int, ...]) -> None:
    assert names([STACKED[i] for i in order]) == {("Figure 1", "a"), ("Figure 2", "b"), ("Table 1", "t")}


def test_a_caption_beside_its_figure_is_tied() -> None:
    assert names(
        [element("f", FIGURE, Box(50, 100, 250, 300)), element("Figure 1", CAPTION, Box(260, 200, 400, 240))]
    ) == {("Figure 1", "f")}


def test_text_between_and_distance_keep_things_apart() -> None:
    far = [element("f", FIGURE, Box(50, 50, 250, 150)), element("Figure 1", CAPTION, Box(50, 600, 250, 610))]
    assert names(far) == set()


def test_a_full_page_figure_gets_the_caption_of_the_facing_page() -> None:
    elements = [
        element("Figure 1", CAPTION, Box(50, 50, 250, 60)),
        element("text", TEXT, Box(50, 100, 250, 300)),
        element("f", FIGURE, Box(50, 50, 550, 700), page=1),
    ]
    assert names(elements) == {("Figure 1", "f")}


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(10, 13)), st.integers(1, 50).map(float), min_size=1, max_size=12
    )
)
@settings(max_examples=80)
def test_assignment_is_the_cheapest_of_the_largest(costs: dict[tuple[int, int], float]) -> None:
    pairs = assign(costs)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    best = (0, 0.0)
    rows, columns = sorted({row for row, _ in costs}), [*sorted({column for _, column in costs}), *([None] * 4)]
    for chosen in set(permutations(columns, len(rows))):
        picked = [(row, column) for row, column in zip(rows, chosen, strict=True) if (row, column) in costs]
        best = min(best, (-len(picked), sum(costs[row, column] for row, column in picked if column is not None)))
    assert (-len(pairs), sum(costs[pair] for pair in pairs)) == best


def test_a_caption_does_not_take_the_figure_of_the_next_where_all_stand_below() -> None:
    before = [
        part
        for page in range(3)
        for part in (
            element(f"figure{page}", FIGURE, Box(100, 100, 500, 300), page),
            element(f"Figure {page}", CAPTION, Box(100, 310, 500, 322), page),
        )
    ]
    page = [
        element("Figure 8", CAPTION, Box(100, 90, 500, 102), 3),
        element("figure", FIGURE, Box(100, 110, 500, 300), 3),
        element("Figure 9", CAPTION, Box(100, 350, 500, 362), 3),
    ]
    assert ("Figure 9", "figure") in names([*before, *page])
