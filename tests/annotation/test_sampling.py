"""The sample covers every stratum, depends on nothing but seed and ids, and is as large as the interval asks."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.sampling import Sample, SampleTerms, draw_sample, sample_margin, sample_size
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Assignment, Provenance, Question

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
_TERMS = SampleTerms(share=0.2, least=5, annotators=2, overlap=0.5)


def _ids(sample: Sample) -> set[str]:
    return {row.qa_id for row in sample.assignments}


def _earlier(sample: Sample) -> list[Assignment]:
    return list(sample.assignments)


def test_every_stratum_gives_its_share_and_at_least_the_least() -> None:
    sample = draw_sample(_CORPUS, _TERMS)
    assert Counter(row.question_type for row in sample.assignments) == {"comparison": 5, "factual_retrieval": 18}
    assert {(row.question_type, row.weight) for row in sample.assignments} == {
        ("comparison", 2.0),
        ("factual_retrieval", 5.0),
    }


def test_half_of_every_stratum_is_judged_by_several() -> None:
    sample = draw_sample(_CORPUS, _TERMS)
    assert Counter((row.question_type, row.annotators) for row in sample.assignments) == {
        ("comparison", 2): 3,
        ("comparison", 1): 2,
        ("factual_retrieval", 2): 9,
        ("factual_retrieval", 1): 9,
    }
    assert sample.judgements == 23 + 12


@pytest.mark.parametrize(("overlap", "judgements"), [(0.0, 100), (0.1, 110), (1.0, 200)])
def test_the_overlap_asked_is_the_overlap_given(overlap: float, judgements: int) -> None:
    corpus = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(100)]
    assert draw_sample(corpus, SampleTerms(1, 0, 2, overlap)).judgements == judgements


def test_the_first_half_of_the_places_is_half_of_every_stratum() -> None:
    sample = draw_sample(_CORPUS, SampleTerms(share=0.2, least=6))
    assert [row.place for row in sample.assignments] == list(range(24))
    assert Counter(row.question_type for row in sample.assignments[:12]) == {"comparison": 3, "factual_retrieval": 9}


@pytest.mark.parametrize(("share", "number"), [(0.1, 3), (0.7, 21), (0.11, 4), (1.0, 30)])
def test_a_share_is_rounded_up_and_no_further(share: float, number: int) -> None:
    corpus = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(30)]
    assert len(draw_sample(corpus, SampleTerms(share, 0)).assignments) == number


def test_a_stratum_smaller_than_the_least_is_taken_whole() -> None:
    assert len(draw_sample(_CORPUS[:3], _TERMS).assignments) == 3


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_draw_does_not_depend_on_order(seed: int, shuffler: random.Random) -> None:
    mixed = list(_CORPUS)
    shuffler.shuffle(mixed)
    terms = replace(_TERMS, seed=seed)
    assert draw_sample(mixed, terms) == draw_sample(_CORPUS, terms)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_contains_the_smaller(a: float, b: float) -> None:
    small, large = (_ids(draw_sample(_CORPUS, SampleTerms(share, 1, seed=7))) for share in sorted((a, b)))
    assert small <= large


def test_another_seed_draws_others() -> None:
    assert _ids(draw_sample(_CORPUS, _TERMS)) != _ids(draw_sample(_CORPUS, replace(_TERMS, seed=1)))


@given(st.sets(st.integers(0, 99), min_size=1), st.sets(st.integers(0, 99), min_size=1), st.floats(0, 1))
def test_a_sample_grows_with_its_corpus_and_wastes_nothing(before: set[int], after: set[int], share: float) -> None:
    earlier = draw_sample([_CORPUS[number] for number in sorted(before)], replace(_TERMS, share=share))
    grown = draw_sample([_CORPUS[number] for number in sorted(after)], _TERMS, earlier=_earlier(earlier))
    still = {f"d/qa-{number}" for number in after}
    passed_over = {row.qa_id for row in grown.passed_over}
    assert _ids(grown) >= (_ids(earlier) & still) - passed_over
    assert not _ids(grown) & passed_over
    assert {row.qa_id for row in grown.gone} == _ids(earlier) - still
    assert sum(row.weight for row in grown.assignments) == pytest.approx(len(after))
    assert len({row.place for row in grown.assignments}) == len(grown.assignments)
    known = {row.qa_id: row for row in earlier.assignments}
    both = [(row, known[row.qa_id]) for row in grown.assignments if row.qa_id in known]
    assert all(new.place == old.place and new.annotators >= old.annotators for new, old in both)
    again = draw_sample([_CORPUS[number] for number in sorted(after)], _TERMS, earlier=_earlier(grown))
    assert again.assignments == grown.assignments


def test_a_sample_is_kept_as_long_as_that_pays() -> None:
    few = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(20)]
    earlier = draw_sample(few, SampleTerms(0.5, 0))
    many = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(2000)]
    grown = draw_sample(many, SampleTerms(0.01, 0), earlier=_earlier(earlier))
    assert (len(grown.assignments), len(grown.kept) + len(grown.passed_over)) == (20, 10)
    assert len(grown.passed_over) > 5
    doubled = draw_sample(many[:40], SampleTerms(0.3, 0), earlier=_earlier(earlier))
    assert doubled.passed_over == ()
    assert _ids(doubled) >= _ids(earlier)


def test_no_second_verdict_is_asked_for_without_need() -> None:
    corpus = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(40)]
    earlier = draw_sample(corpus, SampleTerms(0.5, 0, 2, 0.5))
    lone = {row.qa_id for row in earlier.assignments if row.annotators == 1}
    fewer = [question for number, question in enumerate(corpus) if number % 3]
    grown = draw_sample(fewer, SampleTerms(0.6, 0, 2, 0.5), earlier=_earlier(earlier))
    assert [row.qa_id for row in grown.assignments if row.qa_id in lone and row.annotators > 1] == []
    everybody = draw_sample(corpus, SampleTerms(0.5, 0, 2, 1.0), earlier=_earlier(earlier))
    assert {row.annotators for row in everybody.assignments} == {2}


def test_a_reworded_question_is_told_and_drawn_in_its_new_words() -> None:
    earlier = draw_sample(_CORPUS, _TERMS)
    first = earlier.assignments[0]
    corpus = [replace(one, answer="4") if one.qa_id == first.qa_id else one for one in _CORPUS]
    grown = draw_sample(corpus, _TERMS, earlier=_earlier(earlier))
    assert grown.reworded == (first,)
    assert [row.wording != first.wording for row in grown.assignments if row.qa_id == first.qa_id] == [True]


@pytest.mark.parametrize(
    ("margin", "population", "expected"),
    [(0.05, 10**9, 385), (0.03, 10**9, 1068), (0.05, 1000, 278), (0.02, 10, 10)],
)
def test_sizes_agree_with_the_printed_tables(margin: float, population: int, expected: int) -> None:
    assert sample_size(margin, population=population) == expected


def test_a_sample_of_the_size_for_a_margin_has_that_margin() -> None:
    corpus = [replace(_QUESTION, qa_id=f"d/qa-{number}") for number in range(1000)]
    sample = draw_sample(corpus, SampleTerms(sample_size(0.05, population=1000) / 1000, 0))
    assert len(sample.assignments) == 278
    assert sample_margin(sample.assignments) == pytest.approx(0.05, abs=0.0002)


@pytest.mark.parametrize(("numbers", "margin"), [((), 0.0), ((1.0, 1.0), 0.0), ((2.0, 2.0), 0.49)])
def test_what_was_drawn_whole_is_known(numbers: tuple[float, ...], margin: float) -> None:
    # Two of four: 1.96 * sqrt((1 - 1/2) * 0.25 / 2) = 0.49.
    rows = [Assignment(f"q{n}", "w", "t", "m", "d", 1, weight, n, 0) for n, weight in enumerate(numbers)]
    assert sample_margin(rows) == pytest.approx(margin, abs=0.001)


@pytest.mark.parametrize(
    "terms", [SampleTerms(-0.1, 1), SampleTerms(1.1, 1), SampleTerms(0.5, -1), SampleTerms(0.5, 1, 0)]
)
def test_terms_that_cannot_be_are_refused(terms: SampleTerms) -> None:
    with pytest.raises(ValueError, match=r"share|overlap"):
        draw_sample(_CORPUS, terms)


def test_a_sample_grows_with_its_own_seed_only() -> None:
    with pytest.raises(ValueError, match="seed 0 cannot grow with seed 1"):
        draw_sample(_CORPUS, replace(_TERMS, seed=1), earlier=_earlier(draw_sample(_CORPUS, _TERMS)))


def test_a_margin_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        sample_size(0, population=10)
