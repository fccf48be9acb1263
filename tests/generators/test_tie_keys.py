import pytest

from generators.tie_keys import names_in, text_keys


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We saw the University of Michigan and the Zurich Airport.", ["University of Michigan", "Zurich Airport"]),
        ("However, plain words follow. Then nothing.", []),
        ("They ran GPT-4 and iPhone models with the NHANES data.", ["GPT-4", "iPhone", "NHANES"]),
        ("As Smith et al. (2019) show, see http://x.org/Some/Path for it (Jones, 2020).", []),
    ],
)
def test_names_are_found_and_citations_passed_over(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_keys_are_stems_and_phrases_within_names_are_not_repeated() -> None:
    one = {key.text for key in text_keys("The neural networks of Mount Placid froze in the polar vortices.")}
    other = {key.text for key in text_keys("A neural network froze near Mount Placid; polar vortices came.")}
    assert {"neural network", "mount placid", "polar vortic"} <= one & other


def test_a_name_keeps_the_year_beside_it() -> None:
    assert "rural censu 2011" in {key.text for key in text_keys("It uses the Rural Census 2011 throughout.")}


def test_what_fits_any_document_is_no_key() -> None:
    text = (
        "In Example 3 of Appendix B the first table shows the total number, and the main method uses a CPU and an API."
    )
    assert text_keys(text) == []


def test_a_long_text_keeps_the_same_few_keys_wherever_it_stands() -> None:
    text = " ".join(f"strange{chr(97 + n)}word follows{chr(97 + n)} another" for n in range(24))
    assert text_keys(text) == text_keys(text)
    assert len(text_keys(text)) <= 22
