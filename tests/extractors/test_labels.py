import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.labels import Label, fold, match_label, parse_label
from extractors.nouns import is_plural, noun_of


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Table 3", "Table 3"),
        ("TABLE IV. Results", "Table IV"),
        ("Fig. 2b shows", "Figure 2b"),
        ("Fig. 2 (b) The panel", "Figure 2b"),
        ("Table S3. Rates", "Table S3"),
        ("Supplementary Table 4. Rates", "Table S4"),
        ("Fig. A.1", "Figure A.1"),
        ("Table 4-1. Savings", "Table 4-1"),
        ("Figure CA2b. | Rates", "Figure CA2b"),
        ("Abb. 4", "Figure 4"),
        ("Tabelle 7: Werte", "Table 7"),
        ("Tableau 2", "Table 2"),
        ("Figura 5", "Figure 5"),
        ("Cuadro 1", "Table 1"),
        ("Quadro 3", "Table 3"),
        ("Tabella 2", "Table 2"),
        ("Рис. 3 — вид", "Figure 3"),
        ("Таблица 5", "Table 5"),
        ("图 3 结果", "Figure 3"),
        ("图3-1 结果", "Figure 3-1"),
        ("表一 数据", "Table 1"),
        ("表３．", "Table 3"),
        ("図 5", "Figure 5"),
        ("그림 2. 결과", "Figure 2"),
        ("표 4", "Table 4"),
        ("جدول ٣ : نتائج", "Table 3"),
        ("الشكل 2", "Figure 2"),
        ("Rysunek 2.1: Model", "Figure 2.1"),
        ("Taulukko 4.1. Arvot", "Table 4.1"),
        ("Şekil 3: Sonuç", "Figure 3"),
        ("Figuur 2. Opzet", "Figure 2"),
        ("Obrázek 4: Postup", "Figure 4"),
        ("Πίνακας 2: Τιμές", "Table 2"),
        ("Bảng 1: Dữ liệu", "Table 1"),
        ("Eq. (5)", "Equation 5"),
        ("§4.2", "Section 4.2"),
        ("Appendix B.1", "Appendix B.1"),
    ],
)
def test_labels_of_many_languages_have_one_spelling(text: str, label: str) -> None:
    assert str(parse_label(text)) == label


@pytest.mark.parametrize(
    "text", ["Table of contents", "Figures are", "Table 2005 shows", "The Table 3", "Section is", ""]
)
def test_what_is_no_label_is_none(text: str) -> None:
    assert parse_label(text) is None


def test_the_end_of_a_label_is_where_its_number_ends() -> None:
    text = "Figure 12: Growth"
    found = match_label(text)
    assert found is not None
    assert text[found[1] :] == ": Growth"


@given(
    st.sampled_from(["Table", "Figure", "Equation", "Section", "Scheme"]),
    st.from_regex(r"\A[A-Z]?[1-9][0-9]?(\.[1-9]){0,2}\Z"),
    st.sampled_from(["", "a", "b", "a-c"]),
)
@settings(max_examples=60)
def test_a_formatted_label_parses_to_itself(noun: str, number: str, panel: str) -> None:
    label = Label(noun, number, panel)
    assert parse_label(str(label)) == label


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_folding_keeps_the_places_of_characters(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_plurals_are_told_from_singulars() -> None:
    assert (is_plural("Figs."), is_plural("Fig."), noun_of("Tabellen")) == (True, False, "Table")
