import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.alignment import align


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("the ﬁnal word", "Here is the final word.", "the final word"),
        ("final word", "Here is the ﬁnal\n word.", "ﬁnal\n word"),
        ('"a - b"', "He said “a – b” twice", "“a – b”"),
        ("…and then some…", "First and then some more", "and then some"),
        ("THE END", "this is the end", "the end"),
        ("12.5 %", "about 12.5\u00a0% of it", "12.5\u00a0%"),
        ("not there", "this is the end", None),
        ("", "anything", None),
        ("ab", "ab", None),
    ],
)
def test_quotes_are_found_as_they_stand(quote: str, text: str, found: str | None) -> None:
    span = align(quote, text)
    assert (text[span.start : span.end] if span else None) == found


@given(st.text(alphabet="abc “”–ﬁ\n\u00a0é", min_size=10, max_size=60), st.randoms(use_true_random=False))
def test_every_part_of_a_text_aligns_to_words_that_fold_the_same(text: str, rnd: random.Random) -> None:
    start = rnd.randrange(len(text) - 5)
    quote = text[start : start + 5].replace("\n", "  ")
    span = align(quote, text)
    if span:
        assert 0 <= span.start < span.end <= len(text)
        assert align(text[span.start : span.end], text) is not None
    if quote.strip() and len("".join(quote.split())) >= 5:
        assert span is not None
