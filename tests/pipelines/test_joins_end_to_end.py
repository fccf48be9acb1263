"""Two editions of a bulletin, typeset and read again: tables of two documents are joined, and the audit runs the joins.

The figures are Eurostat's population on 1 January and unemployment rates, rounded.
"""

from pathlib import Path

import pymupdf
import pytest

from pipelines.checking import check_questions
from pipelines.extracting import run_extract
from pipelines.generating import run_generate
from pipelines.workspace import open_workspace
from schemas.kinds import Operation
from schemas.recipe import Recipe

pytestmark = pytest.mark.integration
HEADER = ("Country", "Population (millions)", "Unemployment rate (%)")
COUNTRIES = ("Austria", "Belgium", "Germany", "Spain", "France", "Italy", "Sweden")
PEOPLE = {
    2010: ("8.35", "10.84", "81.80", "46.49", "64.66", "59.19", "9.34"),
    2020: ("8.90", "11.52", "83.17", "47.33", "67.32", "59.64", "10.33"),
}
RATES = {
    2010: ("5.2", "8.4", "6.6", "19.9", "8.9", "8.5", "8.8"),
    2020: ("6.0", "5.8", "3.6", "15.5", "8.0", "9.3", "8.5"),
}
TITLES = {year: f"Regional Bulletin of the Statistical Office {year}" for year in PEOPLE}
LEFTS, STEP = (72, 200, 380), 18


def typeset(year: int, path: Path) -> None:
    """Print an edition: its title, a paragraph, a captioned table between rules."""
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 90), TITLES[year], fontsize=18, fontname="hebo")
    page.insert_textbox(
        pymupdf.Rect(72, 120, 520, 190),
        f"The population of the member states and the unemployment rate of each country were counted in {year}. "
        "Table 1 gives them by country. The figures were collected by the national offices and can be compared.",
        fontsize=11,
    )
    page.insert_text((72, 220), f"Table 1: Population and unemployment rate by country, {year}", fontsize=11)
    rows = (HEADER, *zip(COUNTRIES, PEOPLE[year], RATES[year], strict=True))
    for number, row in enumerate(rows):
        for left, text in zip(LEFTS, row, strict=True):
            page.insert_text((left, 250 + STEP * number), text, fontsize=10, fontname="hebo" if number == 0 else "helv")
    for y in (236, 255, 255 + STEP * (len(rows) - 1)):
        page.draw_line((72, y), (520, y), width=0.8)
    document.set_metadata({"title": TITLES[year]})
    document.save(path)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("bulletins")
    for year in PEOPLE:
        typeset(year, folder / f"{year}.pdf")
    recipe = Recipe.model_validate(
        {
            "extract": {"profile": "fast", "page_dpi": 0},
            "generate": {"engine": "none", "across_documents": True, "per_table": 8},
            "run": {"workers": 1},
        }
    )
    url = str(folder / "workspace")
    run_extract([str(folder / f"{year}.pdf") for year in PEOPLE], url, recipe)
    run_generate(url, recipe)
    return url


def test_tables_of_two_editions_are_joined_and_each_join_stands_the_audit(workspace: str) -> None:
    joined = [one for one in open_workspace(workspace).records("qa") if len({e.doc_id for e in one.evidence}) == 2]
    assert joined
    for question in joined:
        assert question.program is not None
        assert all(title in question.question for title in TITLES.values())
        assert {item.evidence for item in question.program.operands} >= {0, 1}
    assert check_questions(workspace).exit_code == 0


def test_their_answers_are_those_of_the_printed_figures(workspace: str) -> None:
    seen = 0
    for question in open_workspace(workspace).records("qa"):
        if len({e.doc_id for e in question.evidence}) != 2 or question.program.operation is not Operation.DIFFERENCE:
            continue
        at = next(at for at, name in enumerate(COUNTRIES) if name in question.question)
        asked = [float(rows[at]) for rows in (PEOPLE if "the population" in question.question else RATES).values()]
        assert float(question.program.result) == pytest.approx(abs(asked[0] - asked[1])), question.question
        seen += 1
    assert seen
