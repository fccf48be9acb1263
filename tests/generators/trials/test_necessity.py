"""Which units are needed, whatever the engine says about taking them away."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.trials.necessity import measured, needed_units, next_removal
from schemas.kinds import QuestionType
from tests.generators.trials.trial_material import BORN, IN_CAPTION, IN_TABLE, PARAGRAPH, REPORTED, TABLE, question

UNITS = ("a", "b", "c", "d")


def ask(units: tuple[str, ...], enough: list[set[str]]) -> tuple[tuple[str, ...], int]:
    """Take away until it is known what is needed, where any set of `enough` gives the answer; count the asking."""
    stands: dict[frozenset[str], bool] = {}
    while (removal := next_removal(units, stands)) is not None:
        assert removal not in stands
        stands[removal] = any(one <= set(units) - removal for one in enough)
    return needed_units(units, stands), len(stands)


@pytest.mark.parametrize(
    ("enough", "needed"),
    [
        ([{"a", "b"}], ("a", "b")),
        ([{"a"}], ("a",)),
        ([{"a"}, {"b"}], ("a",)),
        ([{"a", "c"}, {"b", "c"}], ("a", "c")),
        ([set()], ()),
        ([{"a", "b", "c", "d"}], UNITS),
    ],
)
def test_the_first_of_what_is_enough_is_needed(enough: list[set[str]], needed: tuple[str, ...]) -> None:
    assert ask(UNITS, enough)[0] == needed


SUBSETS = [set(chosen) for size in range(5) for chosen in combinations(UNITS, size)]


@settings(max_examples=80)
@given(st.lists(st.sampled_from(SUBSETS), min_size=1, max_size=4))
def test_what_is_needed_is_enough_and_nothing_of_it_can_go(enough: list[set[str]]) -> None:
    needed, asked = ask(UNITS, enough)
    assert any(one <= set(needed) for one in enough)
    for unit in needed:
        assert not any(one <= set(needed) - {unit} for one in enough)
    assert asked <= 2 * len(UNITS) - 1


@pytest.mark.parametrize(
    ("evidence", "needed", "expected"),
    [
        ((IN_TABLE, IN_CAPTION, BORN), [TABLE, PARAGRAPH], (2, "text+table", "hard", ["answer", "context", "answer"])),
        ((IN_TABLE, IN_CAPTION, BORN), [TABLE], (1, "table", "easy", ["answer", "context", "context"])),
        ((IN_TABLE, IN_CAPTION, BORN), [], (1, "table", "easy", ["answer", "context", "context"])),
        ((BORN, REPORTED), [PARAGRAPH], (1, "text", "easy", ["answer", "context"])),
    ],
)
def test_hops_modality_and_difficulty_follow(evidence, needed, expected) -> None:
    found = measured(question(*evidence), [item.element_id for item in needed])
    roles = [item.role.value for item in found.evidence]
    assert (found.hops, found.answer_modality, found.difficulty, roles) == expected


def test_thinking_makes_it_harder() -> None:
    asked = question(IN_TABLE, question_type=QuestionType.LOGICAL_REASONING)
    assert measured(asked, [TABLE.element_id]).difficulty == "medium"
