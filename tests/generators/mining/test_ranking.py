import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generators.mining.ranking import Hit, fuse, top


def test_reciprocal_ranks_are_those_of_the_formula() -> None:
    fused = fuse({"a": [Hit(7, 3.0), Hit(8, 2.0)], "b": [Hit(8, 0.9)]})
    assert [(item.row, item.fused) for item in fused] == [
        (8, pytest.approx(1 / 62 + 1 / 61)),
        (7, pytest.approx(1 / 61)),
    ]
    assert [(score.miner, score.score, score.rank) for score in fused[0].scores] == [("a", 2.0, 2), ("b", 0.9, 1)]
    assert fused[0].score("b") == 0.9
    assert fused[1].score("b") is None


def test_the_order_of_the_miners_does_not_matter() -> None:
    a, b = [Hit(1, 1.0), Hit(2, 0.5)], [Hit(2, 9.0), Hit(1, 8.0)]
    assert fuse({"a": a, "b": b}) == fuse({"b": b, "a": a})


def test_equal_scores_go_by_row() -> None:
    assert [hit.row for hit in top(np.array([1, 2, 2, 2, 1], dtype=np.float32), 2)] == [1, 2]


@given(
    arrays.arrays(np.float32, st.integers(0, 60), elements=st.sampled_from([0.0, 0.5, 1.0, 2.5])),
    st.integers(0, 70),
    st.sampled_from([-np.inf, 0.0, 1.0]),
)
def test_top_is_the_head_of_the_sorted_list(scores, depth: int, least: float) -> None:
    expected = sorted((row for row in range(len(scores)) if scores[row] > least), key=lambda row: (-scores[row], row))
    assert [hit.row for hit in top(scores, depth, least=least)] == expected[:depth]
