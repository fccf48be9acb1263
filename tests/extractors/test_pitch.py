import pytest

from extractors.pitch import Pitches
from schemas.geometry import Box


@pytest.mark.parametrize(
    ("widths", "fixed"),
    [([6.0, 6.0, 6.0], True), ([6.0, 4.5, 6.0], False), ([6.0, 6.0], False)],
    ids=["one width", "several", "too few to tell"],
)
def test_fonts_of_one_width_are_told_by_their_width(widths: list[float], fixed: bool) -> None:
    pitches = Pitches()
    for width in widths:
        pitches.add("F84", "imwill", Box(0, 0, 6 * width, 10), size=10.0)
    assert (pitches.fixed() == {"F84"}) is fixed


def test_a_few_words_in_capitals_tell_nothing() -> None:
    pitches = Pitches()
    for text in ("TYPEFACES", "INFORMATION", "MODIFICATIONS"):
        pitches.add("Biolinum", text, Box(0, 0, 6.1 * len(text), 10), size=10.0)
    assert not pitches.fixed()
