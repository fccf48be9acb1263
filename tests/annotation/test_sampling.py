"""The sample covers every stratum, depends on nothing but seed and ids, and is as large as the interval asks."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.sampling import draw_sample, sample_size, stratum_of
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Provenance, Question

_QUESTION = Question(
    qa_id="d/qa-0",
    question="How many?",
    answer="3",
    answer_kind=AnswerKind.NUMBER,
    question_type=QuestionType.FACTUAL_RETRIEVAL,
    answer_modality="table",
    evidence=(),
    provenance=Provenance(engine="none", software_version="0"),
)
_TYPES = (QuestionType.FACTUAL_RETRIEVAL, QuestionType.COMPARISON)
_CORPUS = [replace(_QUESTION, qa_id=f"d/qa-{number}", question_type=_TYPES[number % 10 == 0]) for number in range(100)]


def test_every_stratum_gives_its_share_and_at_least_the_least() -> None:
    sample = draw_sample(_CORPUS, share=0.2, least=5, seed=0)
    counts = [sum(stratum_of(question) == stratum for question in sample) for stratum in map(stratum_of, _CORPUS[:2])]
    assert counts == [5, 18]


def test_a_stratum_smaller_than_the_least_is_taken_whole() -> None:
    assert len(draw_sample(_CORPUS[:3], share=0.2, least=5, seed=0)) == 3


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_draw_does_not_depend_on_order(seed: int, shuffler: random.Random) -> None:
    mixed = list(_CORPUS)
    shuffler.shuffle(mixed)
    assert draw_sample(mixed, share=0.1, least=1, seed=seed) == draw_sample(_CORPUS, share=0.1, least=1, seed=seed)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_contains_the_smaller(a: float, b: float) -> None:
    small, large = (
        {question.qa_id for question in draw_sample(_CORPUS, share=share, least=1, seed=7)} for share in sorted((a, b))
    )
    assert small <= large


def test_another_seed_draws_others() -> None:
    assert draw_sample(_CORPUS, share=0.1, least=1, seed=1) != draw_sample(_CORPUS, share=0.1, least=1, seed=2)


@pytest.mark.parametrize(
    ("margin", "population", "expected"),
    [(0.05, 10**9, 385), (0.03, 10**9, 1068), (0.05, 1000, 278), (0.02, 10, 10)],
)
def test_sizes_agree_with_the_printed_tables(margin: float, population: int, expected: int) -> None:
    assert sample_size(margin, population=population) == expected


@pytest.mark.parametrize(("share", "least"), [(-0.1, 1), (1.1, 1), (0.5, -1)])
def test_a_share_that_cannot_be_is_refused(share: float, least: int) -> None:
    with pytest.raises(ValueError, match="share"):
        draw_sample(_CORPUS, share=share, least=least, seed=0)


def test_a_margin_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        sample_size(0, population=10)
