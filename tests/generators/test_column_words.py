import random

import pytest

from generators.column_words import ColumnWords, narrowed
from generators.row_kinds import kind_words
from generators.subjects import Voice
from generators.table_grid import read_grid
from schemas.records import Cell

VOICE = Voice(["the imported goods of female students in a sample, where the user waits for the stroke"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (ColumnWords(None, "", "percentage", "Imported"), "imported percentage"),
        (ColumnWords(None, "", "percentage", "Never"), "“Never” percentage"),
        (ColumnWords(None, " in 2007", "figure", "Forcible Sex Offense"), "“Forcible Sex Offense” figure in 2007"),
        (ColumnWords("threshold for releases", "", group="to air"), "threshold for releases to air"),
        (ColumnWords("population", "", group="Female students"), "population of female students"),
        (ColumnWords("rate", "", group="Stroke"), "stroke rate"),
        (ColumnWords("number of shops", "", group="Sample"), "number of shops in the sample"),
        (ColumnWords("rate", "", group="Women | Hispanic"), "rate among Hispanic women"),
        (ColumnWords("rate", " in 2005", group="Lille | Roubaix"), "rate under “Lille” and “Roubaix” in 2005"),
        (ColumnWords("correlation", "", group="Self “competence”"), "correlation with “Self ‘competence’”"),
    ],
)
def test_what_narrows_a_column_is_said_as_a_person_would(words: ColumnWords, said: str) -> None:
    one = narrowed(words, VOICE, random.Random(0))
    assert f"{one.measure or one.figure}{one.under}" == said
    assert one.group == ""


def test_a_long_measure_names_its_column() -> None:
    words = ColumnWords("annual growth of retail sales", "", group="Lille")
    found = {narrowed(words, VOICE, random.Random(seed)).under for seed in range(9)}
    assert found == {" in the “Lille” column", " under “Lille”"}


@pytest.mark.parametrize(
    ("head", "labels", "subject", "kinds"),
    [
        ("", ("Lead", "Zinc"), "Heavy metals", ("heavy metal", "heavy metals")),
        ("", ("Ozone", "Neon"), "Other gases", ("gas", "gases")),
        ("Names", ("Aldi", "Rewe"), "Sales of leading retailers, 1996", ("retailer", "retailers")),
        ("", ("Aldi", "Rewe"), "EU’s top 20 grocery wholesalers", ("grocery wholesaler", "grocery wholesalers")),
        ("Age", ("14-17", "18-19"), "Enrollment", ("age group", "age groups")),
        ("", ("Aldi", "Rewe"), "Retail sales", ("of those listed", "of those listed")),
        ("", ("Aldi", "Rewe"), "Results", ("of those listed", "of those listed")),
        ("", ("Aldi", "Rewe"), "Sales in countries with retailers", ("of those listed", "of those listed")),
    ],
)
def test_rows_are_what_the_caption_lists(
    head: str, labels: tuple[str, ...], subject: str, kinds: tuple[str, str]
) -> None:
    cells = [Cell(0, 0, head), Cell(0, 1, "Sales")]
    cells += [Cell(row, col, text) for row, name in enumerate(labels, 1) for col, text in ((0, name), (1, str(row)))]
    voice = Voice(["found heavy metals and other gases, the results, retail sales of retailers"])
    assert kind_words(read_grid(cells), voice, subject) == kinds
