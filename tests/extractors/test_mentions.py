from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.mentions import find_mentions, resolve


def read(text: str) -> list[tuple[str, list[str]]]:
    return [
        (text[found.span.start : found.span.end], [str(label) for label in found.labels])
        for found in find_mentions(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as Table 3 shows", [("Table 3", ["Table 3"])]),
        ("Tables 2-4 list", [("Tables 2-4", ["Table 2", "Table 3", "Table 4"])]),
        ("Tables 2 to 4", [("Tables 2 to 4", ["Table 2", "Table 3", "Table 4"])]),
        (
            "see Figures 1, 2 and 5.",
            [("Figures 1", ["Figure 1"]), ("2", ["Figure 2"]), ("5", ["Figure 5"])],
        ),
        ("(Fig. 2b)", [("Fig. 2b", ["Figure 2b"])]),
        ("Eqs. (1)–(3) hold", [("Eqs. (1)–(3)", ["Equation 1", "Equation 2", "Equation 3"])]),
        ("Section 4.1 and Appendix B", [("Section 4.1", ["Section 4.1"]), ("Appendix B", ["Appendix B"])]),
        ("In Table 3, 5 patients", [("Table 3", ["Table 3"])]),
        ("siehe Abb. 4", [("Abb. 4", ["Figure 4"])]),
        ("如图3和表2所示", [("图3", ["Figure 3"]), ("表2", ["Table 2"])]),
        ("in fig. 2 and table 3", [("fig. 2", ["Figure 2"]), ("table 3", ["Table 3"])]),
        ("on map 3 and box 2", []),
        ("Section 6.2 of Wilkinson and Rogers (1973)", []),
        ("(Hollander, 1999, Table 6.3)", []),
        ("Figure 2 in [14]", []),
        ("the reference [12] says", []),
    ],
)
def test_mentions_are_taken_apart(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert read(text) == expected


@given(
    st.lists(
        st.sampled_from(["Table 3", "Figs. 1-3", " and ", "Eq. (2)", "节", "§", "x", " ", "(", "2b", "–"]), max_size=12
    )
)
@settings(max_examples=80)
def test_spans_lie_in_the_text_and_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    spans = [found.span for found in find_mentions(text)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_what_is_ambiguous_or_unknown_stays_unresolved() -> None:
    index = {"table 3": [7], "figure 1": [1, 9], "figure 2": [2], "figure 3-2": [5]}
    table, twice, unknown, panel, literal = (
        find_mentions(text)[0] for text in ("Table 3", "Figure 1", "Table 8", "Figure 2b", "Figure 3-2")
    )
    assert resolve(table, index) == [7]
    assert resolve(twice, index) is None
    assert resolve(unknown, index) is None
    assert resolve(panel, index) == [2]
    assert resolve(literal, index) == [5]
