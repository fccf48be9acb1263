import pytest

from generators.document_view import DocumentView
from generators.subjects import Voice, clean_caption, document_name, leads_alone, table_subject
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Document, Element, Link


@pytest.mark.parametrize(
    ("caption", "subject"),
    [
        ("Table 3: Retail sales by country, 1996. Source: Eurostat.", "Retail sales by country, 1996"),
        ("Table 6.10 Value shares by member state (%)", "Value shares by member state"),
        ("TABLE A-2. Growth of stores (continued)", "Growth of stores"),
        ("Table 8.13 illustrates the development of shares.", None),
        ("Table 1: UStemp data. Lowest temperatures in many cities.", "Lowest temperatures in many cities"),
        ("Table 2", None),
        ("Table 4: Results", None),
        ("TABLE 5. Number of deaths and death rates* for stroke", "Number of deaths and death rates for stroke"),
        (
            "Table 6: Number of deaths and age-specific death rates for coronary heart disease among adults, "
            "by age group, sex, and race — National Vital Statistics System, United States, 2006",
            "Number of deaths and age-specific death rates for coronary heart disease among adults, "
            "by age group, sex, and race",
        ),
    ],
)
def test_captions_become_noun_phrases_or_nothing(caption: str, subject: str | None) -> None:
    assert clean_caption(caption) == subject


@pytest.mark.parametrize(
    ("title", "printed", "name"),
    [
        ("A Survey of Table Extraction", "Other words on the page", "A Survey of Table Extraction"),
        ("Microsoft Word - draft2.doc", "Health of the Nation", "Health of the Nation"),
        ("untitled", None, None),
        (None, "What method of attack was used?", None),
        ("What Do Students Eat at School?", None, "What Do Students Eat at School?"),
        (None, "CHAPTER 6 – AN OVERVIEW OF THE MARKET", "An overview of the market"),
        ("HIGHLIGHTS OF HEALTH IN THE EU 2011", None, "Highlights of health in the EU 2011"),
        (None, "B. Losses of private households", "Losses of private households"),
        (None, "paper_final_v2", None),
        ("report.pdf", "Measures of Health ____", "Measures of Health"),
    ],
)
def test_garbage_titles_give_way_to_the_printed_one(title: str | None, printed: str | None, name: str | None) -> None:
    document = Document("d", "0" * 64, "d.pdf", 1, 1, "pymupdf", "1", title=title)
    elements = []
    if printed:
        elements.append(Element("d/p0000/title1", "d", 0, 0, ElementKind.TITLE, Box(0, 0, 9, 9), printed))
    found = document_name(DocumentView(document, [], elements))
    assert (found[0] if found else None) == name


def test_a_header_loses_its_capital_only_where_the_text_writes_it_small() -> None:
    voice = Voice(["We saw that weighted scores of German schools, and of Paris, were given."])
    assert voice.lowered("Weighted score of Paris") == "weighted score of Paris"
    assert voice.lowered("German schools") == "German schools"
    assert voice.lowered_noun("Weighted Score") == "weighted score"
    assert voice.lowered_noun("Paris Score") == "Paris score"
    assert voice.is_titled("World Production Capacity of Schools")
    assert not voice.is_titled("Schools of Paris")


def test_a_subject_without_document_needs_words_of_its_own() -> None:
    assert leads_alone("foreign turnover of leading French supermarket chains abroad")
    assert not leads_alone("results by age group and year")
    assert leads_alone("Employment rates in Finland and EU-15 by gender in 1995 and 2005")
    assert not leads_alone("Financial Literacy 2007")


def test_one_name_is_a_subject_where_a_caption_gives_it() -> None:
    box = Box(0, 0, 9, 9)
    for text, subject in (
        ("Table 4. Earthquakes", "Earthquakes"),
        ("Table 4: Results", None),
        ("Table 4: fordB", None),
    ):
        table = Element("d/p0000/table1", "d", 0, 1, ElementKind.TABLE, box, "")
        caption = Element("d/p0000/caption1", "d", 0, 0, ElementKind.CAPTION, box, text)
        link = Link(caption.element_id, table.element_id, LinkKind.CAPTION_OF)
        view = DocumentView(Document("d", "0" * 64, "d.pdf", 1, 1, "pymupdf", "1"), [], [table, caption], [link])
        found = table_subject(view, table)
        assert (found.text if found else None) == subject
