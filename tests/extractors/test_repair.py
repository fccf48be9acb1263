import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.repair import accented, join_lines, join_with_starts, repair, without_controls


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("ﬁnite", "finite"),
        ("eﬃcient ﬂow", "efficient flow"),
        ("Schr¨odinger", "Schrödinger"),
        ("a\u00a0b", "a b"),
        ("x\x00y", "xy"),
        ("e\x1ecient di\x1berences", "efficient differences"),
        ("\x1crst, brie\x1dy, \x0cnd, o\x0bset", "first, briefly, find, offset"),
        ("\x10lowest\x11 \x1c 3", "“lowest”  3"),
        ("Table \uf731\uf730: Data", "Table 10: Data"),
        ("I\uf76e\uf774\uf772\uf76f", "Intro"),
    ],
)
def test_text_is_repaired(broken: str, whole: str) -> None:
    assert repair(broken) == whole


@pytest.mark.parametrize(
    ("lines", "known", "joined"),
    [
        (["an exam-", "ple of it"], set(), "an example of it"),
        (["a well-", "known rule"], set(), "a well-known rule"),
        (["state-of-", "the-art"], set(), "state-of-the-art"),
        (["the tree-", "like form"], {"tree-like"}, "the tree-like form"),
        (["pre-", "Columbian"], set(), "pre-Columbian"),
        (["数据表", "格"], set(), "数据表格"),
        (["two", "lines"], set(), "two lines"),
        (["https://example.org/", "path"], set(), "https://example.org/path"),
        (["", "one", ""], set(), "one"),
    ],
)
def test_lines_are_joined(lines: list[str], known: set[str], joined: str) -> None:
    assert join_lines(lines, known) == joined


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@given(st.lists(st.text(alphabet="abcÀß -\u00ad数A1.é", max_size=12), max_size=6))
@settings(max_examples=100)
def test_joining_loses_no_letter(lines: list[str]) -> None:
    assert letters(join_lines([repair(line) for line in lines])) == letters("".join(lines))


@given(st.lists(st.text(alphabet="ab c-", min_size=1, max_size=10), min_size=1, max_size=6))
@settings(max_examples=100)
def test_starts_point_at_the_lines(lines: list[str]) -> None:
    text, starts, _ = join_with_starts(lines)
    for line, start in zip(lines, starts, strict=True):
        words = " ".join(line.split()).rstrip("-")
        assert text[start:].startswith(words)


def test_an_accent_of_another_font_goes_on_its_letter() -> None:
    assert [accented(*pair) for pair in (("´", "E"), ("¨", "o"), ("`", "a"), ("´", "x"), ("", "a"))] == [
        "É",
        "ö",
        None,
        None,
        None,
    ]


@given(st.text(max_size=30))
@settings(max_examples=100)
def test_no_control_character_is_left(text: str) -> None:
    assert not any(ord(character) < 32 and character not in "\t\n\r" for character in without_controls(text))
    if text.isprintable():
        assert without_controls(text) == text
