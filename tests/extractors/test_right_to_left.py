import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.right_to_left import has_right_to_left, in_reading_order, is_right_to_left


def line(parts: list[tuple[str, float]]) -> dict[str, object]:
    """Return one line of the library: texts with the x where each begins, characters 5 points wide.

    Letters of a right-to-left text are given in reading order and placed from its right end.
    """
    chars = []
    for text, left in parts:
        backwards = is_right_to_left(text)
        for n, c in enumerate(text):
            x = left + 5.0 * (len(text) - 1 - n if backwards else n)
            chars.append({"c": c, "bbox": (x, 0.0, x + 5.0, 10.0)})
    return {"dir": (1.0, 0.0), "spans": [{"chars": chars, "size": 10.0, "bbox": (0.0, 0.0, 300.0, 10.0)}]}


def read(*parts: tuple[str, float]) -> str:
    (block,) = in_reading_order([{"lines": [line(list(parts))]}])
    return "".join(span["text"] for span in block["lines"][0]["spans"])


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([("\u062c\u062f\u0648\u0644", 100.0)], "\u062c\u062f\u0648\u0644"),
        (
            [(":", 80.0), ("\u0635\u0648\u0631\u0629 ", 85.0), ("a.sty", 110.0), (" \u0646\u0648\u0639", 135.0)],
            " \u0646\u0648\u0639 a.sty \u0635\u0648\u0631\u0629 :",
        ),
        ([("\u0645\u0644\u0641", 100.0), (".1", 115.0)], "1.\u0645\u0644\u0641"),
        ([("\u0645\u0644\u0641", 100.0), ("2.5", 80.0)], "\u0645\u0644\u0641 2.5"),
        ([("\u0645\u0644\u0641", 100.0), ("2 . 1", 75.0)], "\u0645\u0644\u06411.2"),
        ([("\u0645\u0644\u0641\u0645", 100.0), ("MS 2", 50.0)], "\u0645\u0644\u0641\u0645 MS 2"),
        ([("only Latin", 10.0)], "only Latin"),
    ],
)  # fmt: skip
def test_a_line_is_read_from_the_right_and_latin_words_from_the_left(parts: list[tuple[str, float]], text: str) -> None:
    assert read(*parts) == text


def test_the_second_letter_of_a_ligature_comes_second() -> None:
    chars = [
        {"c": "\u0627", "bbox": (20.0, 0.0, 25.0, 10.0)},
        {"c": "\u0623", "bbox": (20.0, 0.0, 20.0, 10.0)},
        {"c": "\u0644", "bbox": (10.0, 0.0, 20.0, 10.0)},
        {"c": "\u0648", "bbox": (5.0, 0.0, 10.0, 10.0)},
    ]
    spans = [{"chars": chars, "size": 10.0, "bbox": (5.0, 0.0, 25.0, 10.0)}]
    (block,) = in_reading_order([{"lines": [{"dir": (1.0, 0.0), "spans": spans}]}])
    assert block["lines"][0]["spans"][0]["text"] == "\u0627\u0644\u0623\u0648"


@given(st.lists(st.tuples(st.sampled_from(["\u0628\u0628", "ab", "12", ". ", "("]), st.floats(0, 400)), max_size=6))
@settings(max_examples=60)
def test_no_character_is_lost(parts: list[tuple[str, float]]) -> None:
    assert sorted(read(*parts).replace(" ", "")) == sorted("".join(text for text, _ in parts).replace(" ", ""))


def test_scripts_are_told_apart() -> None:
    assert (has_right_to_left("a \u0628"), is_right_to_left("a \u0628\u0628"), is_right_to_left("abc \u0628")) == (
        True,
        True,
        False,
    )
