from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.nouns import find_nouns

_PARTS = ("Table", "Fig.", "figure", "No.", "no", "N", "o", "#", "3", "A", "(", " ", "-", "see", "Eq", ".", "1.2", "_")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PARTS), min_size=2, max_size=9).map("".join))
def test_nouns_of_plain_text_are_those_found_beside_another_script(text: str) -> None:
    assert list(find_nouns(text)) == list(find_nouns(f"{text}/ж"))
