from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.checks.catalog import CHECKS, all_checks, check_question, failed
from generators.checks.reasons import CheckReason
from schemas.geometry import Box
from schemas.kinds import Verdict
from schemas.records import CellQuote, Evidence, Operand, Program, Provenance, Question

_texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["", "?", "(((", "1e999999", "“”", "\x00", "\ud800", "-" * 50, "the table above", "½ ²", "%" * 9]),
)
_scalars = st.one_of(st.none(), st.integers(-(2**70), 2**70), st.floats(), st.booleans(), _texts)


def test_good_questions_stand_every_check(sample):
    for question in (sample.table_question, sample.text_question):
        checked = check_question(question, sample.views, stop_at_first=False)
        assert failed(checked) is None, failed(checked)
        assert [result.name for result in checked.checks] == [name for name, _ in all_checks()]


def test_names_are_those_of_the_results(sample):
    for name, check in CHECKS:
        assert check(sample.table_question, sample.views).name == name


def test_stops_at_the_first_failure_or_goes_on(sample):
    bad = replace(sample.text_question, answer="", question="")
    assert [result.verdict for result in check_question(bad, sample.views).checks][-1] == Verdict.FAIL
    assert len(check_question(bad, sample.views).checks) < len(
        check_question(bad, sample.views, stop_at_first=False).checks
    )


def test_every_reason_says_what_it_means():
    assert len({reason.value for reason in CheckReason}) == len(CheckReason)
    assert all(reason.description.endswith(".") for reason in CheckReason)


@pytest.mark.parametrize(
    "change",
    [
        {"question": None},
        {"answer": 7},
        {"evidence": None},
        {"evidence": (None,)},
        {"answer_kind": "song"},
        {"hops": "two"},
        {"language": None},
        {"program": "sum"},
    ],
)
def test_rows_with_missing_or_wrong_fields_fail_and_do_not_crash(sample, change):
    result = failed(check_question(replace(sample.text_question, **change), sample.views, stop_at_first=False))
    assert result is not None
    assert result.reason_code == CheckReason.MALFORMED_RECORD


def test_boxes_that_are_not_numbers_are_malformed(sample):
    evidence = replace(sample.text_question.evidence[0], bbox=Box(0.0, float("nan"), 1.0, 1.0))
    result = failed(check_question(replace(sample.text_question, evidence=(evidence,)), sample.views))
    assert result is not None
    assert result.reason_code == CheckReason.MALFORMED_RECORD


def _well_typed(sample):
    real = sample.table_question
    boxes = st.builds(Box, *[st.floats(allow_nan=False, allow_infinity=False)] * 4)
    numbers = st.integers(-3, 10)
    evidence = st.builds(
        Evidence,
        element_id=st.one_of(
            _texts, st.sampled_from([one.element_id for one in sample.views[real.evidence[0].doc_id].elements])
        ),
        doc_id=st.one_of(_texts, st.just(real.evidence[0].doc_id)),
        page_index=numbers,
        page_label=_texts,
        bbox=boxes,
        quote=st.one_of(st.none(), _texts),
        quote_start=st.one_of(st.none(), numbers),
        quote_end=st.one_of(st.none(), numbers),
        cells=st.lists(st.builds(CellQuote, numbers, numbers, _texts), max_size=4).map(tuple),
    )
    operands = st.builds(
        Operand, numbers, numbers, numbers, st.one_of(st.sampled_from(["value", "label"]), _texts), numbers
    )
    program = st.builds(
        Program,
        operands=st.lists(operands, max_size=5).map(tuple),
        result=_texts,
        argument=st.one_of(st.none(), _texts),
        unit=st.one_of(st.none(), _texts),
        scale=st.sampled_from([1.0, 0.0, -1.0, 1000.0, 1e300]),
    )
    return st.builds(
        Question,
        qa_id=_texts,
        question=_texts,
        answer=_texts,
        answer_modality=_texts,
        evidence=st.lists(evidence, max_size=3).map(tuple),
        provenance=st.builds(Provenance, engine=_texts, software_version=_texts),
        language=st.one_of(_texts, st.just("en")),
        program=st.one_of(st.none(), program),
        checks=st.just(()),
        history=st.just(()),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_check_raises_on_any_row(sample, data):
    question = data.draw(_well_typed(sample))
    check_question(question, sample.views, stop_at_first=False)
    check_question(question, {}, stop_at_first=False)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["question", "answer", "evidence", "language", "program", "hops", "answer_modality"]),
    value=_scalars,
)
def test_no_check_raises_on_wrong_types(sample, name, value):
    check_question(replace(sample.table_question, **{name: value}), sample.views, stop_at_first=False)
