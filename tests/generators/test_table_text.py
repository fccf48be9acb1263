import pytest

from generators.table_text import clean, is_name, is_period, is_range, is_statistic, is_total


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("All ages . . . . *", "All ages"), ("Germany (1)", "Germany"), ("Speed/ power", "Speed/power"), ("H2", "H2")],
)
def test_labels_lose_leaders_and_marks(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("check", "yes", "no"),
    [
        (is_period, ["1996", "2003–04", "Q3", "1995*", "May 2010"], ["1,996", "Germany", "25-29"]),
        (is_range, ["25-29", "65 and over", "≥85", "1–2"], ["Germany", "25"]),
        (is_total, ["Total", "Grand Total", "All ages", "EU15", "Total (n)"], ["Cyanides (as total CN)", "Tallinn"]),
        (is_statistic, ["Std. Dev.", "p-value", "Min.", "R-squared"], ["Minsk", "Number of stores"]),
        (is_name, ["Germany", "2-11 months", "CO2"], ["", "x = y", "17", "a\ufffdb", "(open", "\\alpha{x}"]),
    ],
)
def test_labels_are_told_by_their_form(check, yes: list[str], no: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert [label for label in yes if not check(label)] == []
    assert [label for label in no if check(label)] == []
