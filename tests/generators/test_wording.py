import random

import pytest

from generators.column_words import ColumnWords
from generators.nouns import plural, singular
from generators.phrases import FIGURES, QUESTIONS
from generators.row_kinds import kind_words
from generators.subjects import Voice
from generators.table_grid import read_grid
from generators.wording import Setting, ask, column_words, row_words
from schemas.kinds import Operation
from schemas.records import Cell

VOICE = Voice(["the sales of many retailers, and stores in all, with turnover"])
SETTING = Setting("Retail sales by country", "The Market of Europe", VOICE)


def grid_of(*rows: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return read_grid([Cell(row, col, text) for row, texts in enumerate(rows) for col, text in enumerate(texts)])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Sales (bn euros)", ColumnWords("sales", "")),
        ("%", ColumnWords("percentage", "")),
        ("Female (%)", ColumnWords(None, "", "percentage", "Female")),
        ("Elapsed (seconds)", ColumnWords(None, "", "time", "Elapsed")),
        ("Total", ColumnWords("total", "")),
        ("Population 1995", ColumnWords("population", " in 1995")),
        ("Students", ColumnWords("number of students", "")),
        ("1996", ColumnWords(None, " in 1996")),
        ("Female", ColumnWords(None, "", group="Female")),
        ("change since 1980", ColumnWords("change since 1980", "")),
        ("MeanFscore", ColumnWords("MeanFscore", "")),
        ("Market shares (%)", ColumnWords("market share", "")),
        ("X1", None),
        ("β", None),
    ],
)
def test_columns_are_named_as_measures_or_by_their_header(header: str, words: ColumnWords | None) -> None:
    grid = grid_of(("Country", header), ("Austria", "5"), ("Belgium", "7"))
    assert column_words(grid.columns[1], VOICE) == words


def test_rows_are_named_by_their_label_and_what_they_are() -> None:
    ages = grid_of(("Age group", "Sales"), ("14-17", "5"), ("18-19", "7"))
    assert row_words(ages.rows[0], ages, VOICE) == "ages 14-17"
    twice = grid_of(("Country", "Sales"), ("Austria", "5"), ("Austria", "7"))
    assert row_words(twice.rows[0], twice, VOICE) is None
    assert kind_words(grid_of(("Names", "Sales"), ("Aldi", "5"), ("Rewe", "7")), VOICE) == (
        "of those listed",
        "of those listed",
    )
    assert kind_words(grid_of(("", "Sales"), ("Austria", "5"), ("Cyprus", "7")), VOICE) == ("country", "countries")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("operation", list(QUESTIONS))
def test_every_pattern_reads_as_one_question_and_names_its_table(operation: Operation, seed: int) -> None:
    names = "item other items kind kinds place higher above threshold condition size highest order"
    slots = dict.fromkeys(names.split(), "Word")
    measured = operation not in FIGURES or seed % 2 == 0
    words = ColumnWords("sales", " in 1996") if measured else ColumnWords(None, " in 1996")
    templates = QUESTIONS[operation] if measured else FIGURES[operation]
    question = ask(templates, SETTING, words, random.Random(seed), **slots)
    assert question is not None
    assert question.endswith("?")
    assert question.count("?") == 1
    assert "retail sales by country" in question.lower()
    assert "The Market of Europe" in question
    assert "  " not in question
    assert "{" not in question
    assert "is the sales" not in question
    assert "is the combined sales" not in question


@pytest.mark.parametrize(
    ("one", "many"), [("country", "countries"), ("class", "classes"), ("survey", "surveys"), ("model", "models")]
)
def test_nouns_are_counted(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


def row_name(grid, at: int = 0) -> str | None:  # type: ignore[no-untyped-def]
    return row_words(grid.rows[at], grid, VOICE)


def test_a_period_needs_no_group_and_other_rows_do() -> None:
    grid = grid_of(("School year", "Sales"), ("Actual", ""), ("2003–04", "5"), ("2004–05", "7"), ("Projected", ""))
    assert row_name(grid) == "2003–04"
    parts = grid_of(("Sex", "Sales"), ("Actual", ""), ("Women", "5"), ("Men", "7"))
    assert row_name(parts) == "Women in the group “Actual”"


@pytest.mark.parametrize(
    "label", ["Wealth, end of year (Euro) 38,855", "Sum of squares and", "Share 12.5%", "resid- uals"]
)
def test_labels_that_are_cut_or_carry_a_value_name_nothing(label: str) -> None:
    assert row_name(grid_of(("Country", "Sales"), (label, "5"), ("Austria", "7"))) is None


@pytest.mark.parametrize(
    ("subject", "inside"),
    [
        ("Sales by country", "table on sales by country"),
        ("Sales by country, 1996", "table “Sales by country, 1996”"),
        ("Retail Sales", "table “Retail Sales”"),
        ("Sales of the “big four”", "table “Sales of the ‘big four’”"),
    ],
)
def test_captions_stand_in_marks_unless_they_are_plain_phrases(subject: str, inside: str) -> None:
    setting = Setting(subject, "The Market", VOICE)
    question = ask(("What is it {where}?",), setting, ColumnWords("sales", ""), random.Random(0))
    assert question is not None
    assert inside in question


@pytest.mark.parametrize(
    ("measure", "template"),
    [("number of stores", 1), ("sales", 0), ("number of shops that closed", 0), ("number of students assessed", 0)],
)
def test_how_many_is_asked_of_what_is_counted(measure: str, template: int) -> None:
    templates = ("What {measure} {where}?", "How many {counted} {where}?")
    asked = {ask(templates, SETTING, ColumnWords(measure, ""), random.Random(seed)) for seed in range(12)}
    assert any(one and one.startswith("How many stores ") for one in asked) == bool(template)
    assert not any(one and "of stores" in one and one.startswith("How") for one in asked)
