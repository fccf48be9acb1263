from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.labels import Label
from extractors.mentions import Resolution, find_mentions, resolve


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
        ("if table[1] then \\include{chapter1} on CH1 with pLATEX", []),
        ("the reference [12] says", []),
        ("Tables 2–4 and 6", [("Tables 2–4", ["Table 2", "Table 3", "Table 4"]), ("6", ["Table 6"])]),
        ("in Tabelle 3 und 4.", [("Tabelle 3", ["Table 3"]), ("4", ["Table 4"])]),
        ("in Table 3 and 4 patients", [("Table 3", ["Table 3"])]),
        ("in Table 3 and 7.", [("Table 3", ["Table 3"])]),
        ("Section 4.1 and 4.2 tell", [("Section 4.1", ["Section 4.1"]), ("4.2", ["Section 4.2"])]),
        ("Fig. 2b, c", [("Fig. 2b, c", ["Figure 2b,c"])]),
        ("Fig. 2 (a)–(c)", [("Fig. 2 (a)–(c)", ["Figure 2a-c"])]),
        ("Figure 2B", [("Figure 2B", ["Figure 2B"])]),
        ("Supplementary Table 4", [("Table 4", ["Table S4"])]),
        ("Supplementary Figs. S3 and 4", [("Figs. S3", ["Figure S3"]), ("4", ["Figure S4"])]),
        ("Appendix Table 2", [("Table 2", ["Table A2"])]),
        ("§ 4.1 und Kapitel 3", [("§ 4.1", ["Section 4.1"]), ("Kapitel 3", ["Chapter 3"])]),
        ("voir les tableaux 2 et 3", [("tableaux 2", ["Table 2"]), ("3", ["Table 3"])]),
        ("Tableau n° 5", [("Tableau n° 5", ["Table 5"])]),
        ("en las tablas 2 y 3", [("tablas 2", ["Table 2"]), ("3", ["Table 3"])]),
        ("nelle figure 1 e 2", [("figure 1", ["Figure 1"]), ("2", ["Figure 2"])]),
        ("as equações (3) e (4)", [("equações (3)", ["Equation 3"]), ("(4)", ["Equation 4"])]),
        ("na secção 2.1", [("secção 2.1", ["Section 2.1"])]),
        ("на рис. 2–4", [("рис. 2–4", ["Figure 2", "Figure 3", "Figure 4"])]),
        ("в таблицах 1 и 2", [("таблицах 1", ["Table 1"]), ("2", ["Table 2"])]),
        ("рисунком 7", [("рисунком 7", ["Figure 7"])]),
        ("见图 3 和图 4", [("图 3", ["Figure 3"]), ("图 4", ["Figure 4"])]),
        ("表2至4", [("表2至4", ["Table 2", "Table 3", "Table 4"])]),
        ("见第 3 章和第4.1节", [("第 3 章", ["Chapter 3"]), ("第4.1节", ["Section 4.1"])]),
        ("他代表 3 个国家", []),
        ("図2と表1に示す", [("図2", ["Figure 2"]), ("表1", ["Table 1"])]),
        ("4.2節で述べる", [("4.2節", ["Section 4.2"])]),
        ("図 2 と 3 章", [("図 2", ["Figure 2"])]),
        ("그림 2와 3은", [("그림 2", ["Figure 2"]), ("3", ["Figure 3"])]),
        ("제 3 장과 표 4에", [("제 3 장", ["Chapter 3"]), ("표 4", ["Table 4"])]),
        ("목표 3", []),
        ("في الجدول ٣", [("الجدول ٣", ["Table 3"])]),
        ("والشكل (2)", [("والشكل (2)", ["Figure 2"])]),
        ("في الجدولين ٢ و٣", [("الجدولين ٢", ["Table 2"]), ("٣", ["Table 3"])]),
    ],
)
def test_mentions_are_taken_apart(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Section 6.2 of Wilkinson and Rogers (1973)",
        "(Hollander, 1999, Table 6.3)",
        "Figure 2 in [14]",
        "Table 2 of Smith et al. [3]",
        "Table 2 of Smith et al., where",
        "see [12, Table 3]",
        "RFC 2119, Section 3",
        "Section 3 of RFC 2119",
        "Table 4 of the supplementary material",
        "Abbildung 3 aus Müller und Maier (2010)",
        "Tableau 2 de Dupont (1999)",
        "Figure 4 of their paper",
    ],
)
def test_what_stands_in_another_work_is_said_to(text: str) -> None:
    assert [found.elsewhere for found in find_mentions(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Table 2 of this paper",
        "Figure 3 in Section 12",
        "Table 2 in 2019",
        "Figure 1 from January 2001",
        "published in 2003. Table 2 shows",
        "Table 2 of the paper",
    ],
)
def test_what_stands_in_this_work_is_not_taken_for_anothers(text: str) -> None:
    assert not any(found.elsewhere for found in find_mentions(text))


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
    assert resolve(table, index) == Resolution((7,))
    assert resolve(twice, index) == Resolution(ambiguous=(Label("Figure", "1"),))
    assert resolve(unknown, index) == Resolution(missing=(Label("Table", "8"),))
    assert resolve(panel, index) == Resolution((2,))
    assert resolve(literal, index) == Resolution((5,))


def test_a_range_resolves_as_far_as_it_can() -> None:
    (mention,) = find_mentions("Tables 1–3")
    assert resolve(mention, {"table 1": [4], "table 3": [6, 8]}) == Resolution(
        (4,), ambiguous=(Label("Table", "3"),), missing=(Label("Table", "2"),)
    )


@given(
    st.sampled_from(["Tables", "Figs.", "Tabellen", "tableaux", "Tablas", "Таблицы", "рисунках"]),
    st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True),
    st.sampled_from([" and ", ", ", " und ", " et ", " y ", " и "]),
)
@settings(max_examples=60)
def test_a_list_names_each_of_its_numbers(noun: str, numbers: list[int], joint: str) -> None:
    text = f"{noun} {joint.join(map(str, numbers))}."
    assert [label.number for found in find_mentions(text) for label in found.labels] == list(map(str, numbers))
