"""What several people's judgements of one question come to, by hand-worked cases and whatever their order."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.verdicts import Settled, SettledEvidence, Status, is_whole, latest_verdicts, settle
from schemas.kinds import JudgeRole
from schemas.records import EvidenceJudgement, Judgement

GOOD = {"question_factual": True, "answer_factual": True, "complete": True, "self_contained": True}


def judged(who: str, minute: int = 0, *, expert: bool = False, **labels: Any) -> Judgement:
    role = JudgeRole.EXPERT if expert else JudgeRole.ANNOTATOR
    moment = f"2026-11-21T10:{minute:02d}:00Z"
    given = {"wording": "w", **labels}
    return Judgement(f"{who}-{minute}-{role}", "d/qa-1", who, moment, role=role, **given)


GOOD_BY_ANN, GOOD_BY_BEN = judged("ann", **GOOD), judged("ben", **GOOD)
WRONG_BY_BEN = judged("ben", **GOOD | {"answer_factual": False})
RIGHT_BY_EVE = judged("eve", expert=True, **GOOD)


@pytest.mark.parametrize(
    ("judgements", "annotators", "status", "wrong"),
    [
        ([], 1, Status.UNJUDGED, None),
        ([judged("ann", skipped=True)], 1, Status.UNJUDGED, None),
        ([GOOD_BY_ANN], 1, Status.AGREED, False),
        ([GOOD_BY_ANN], 2, Status.INCOMPLETE, None),
        ([GOOD_BY_ANN, judged("ben", skipped=True)], 2, Status.INCOMPLETE, None),
        ([judged("ann", question_factual=True)], 1, Status.INCOMPLETE, None),
        ([judged("ann", question_factual=False)], 1, Status.AGREED, True),
        ([GOOD_BY_ANN, GOOD_BY_BEN], 2, Status.AGREED, False),
        ([GOOD_BY_ANN, WRONG_BY_BEN], 2, Status.DISAGREED, None),
        ([GOOD_BY_ANN, WRONG_BY_BEN], 1, Status.DISAGREED, None),
        ([GOOD_BY_ANN, WRONG_BY_BEN, RIGHT_BY_EVE], 2, Status.ADJUDICATED, False),
        ([GOOD_BY_ANN, WRONG_BY_BEN, judged("eve", expert=True, answer_factual=False)], 2, Status.ADJUDICATED, True),
        ([GOOD_BY_ANN, WRONG_BY_BEN, judged("eve", expert=True, complete=True)], 2, Status.DISAGREED, None),
        ([GOOD_BY_ANN, WRONG_BY_BEN, judged("eve", expert=True, skipped=True)], 2, Status.DISAGREED, None),
        ([judged("ann", human_like=False, **GOOD)], 1, Status.AGREED, False),
        ([judged("ann", human_like=False, **GOOD), judged("ben", human_like=True, **GOOD)], 2, Status.AGREED, False),
        # Both say that it is wrong, each for a reason of its own, and on one label they agree.
        (
            [judged("ann", complete=False, self_contained=False), judged("ben", complete=True, self_contained=False)],
            2,
            Status.AGREED,
            True,
        ),
        ([judged("ann", wording="older", **GOOD)], 1, Status.UNJUDGED, None),
    ],
)
def test_the_status_and_whether_it_is_wrong(
    judgements: list[Judgement], annotators: int, status: Status, wrong: bool | None
) -> None:
    settled = settle(judgements, "w", annotators=annotators)
    assert (settled.status, settled.wrong) == (status, wrong)


def test_labels_people_and_what_was_of_other_words() -> None:
    older = judged("ann", wording="older", **GOOD)
    assert settle([WRONG_BY_BEN, GOOD_BY_ANN, RIGHT_BY_EVE, older, judged("cy", skipped=True)], "w") == Settled(
        status=Status.ADJUDICATED,
        question_factual=True,
        answer_factual=True,
        complete=True,
        self_contained=True,
        disputed=("answer_factual",),
        judges=("ann", "ben"),
        skippers=("cy",),
        expert="eve",
        outdated=1,
    )


def test_the_latest_judgement_of_a_person_counts() -> None:
    changed = judged("ben", 5, **GOOD)
    assert settle([changed, WRONG_BY_BEN, GOOD_BY_ANN], "w", annotators=2).wrong is False
    assert settle([judged("ben", 5, skipped=True), WRONG_BY_BEN], "w").skippers == ("ben",)
    edited = judged("ben", 1, updated="2026-11-21T12:30:00+02:00", **GOOD | {"complete": False})
    assert settle([changed, edited], "w").faults == ("complete",)


def test_an_expert_who_also_annotated_has_two_voices() -> None:
    assert settle([GOOD_BY_ANN, judged("ann", expert=True, complete=False)], "w").wrong is True


def test_evidence_is_settled_unit_by_unit() -> None:
    ann = judged("ann", evidence=(EvidenceJudgement("t", True), EvidenceJudgement("p", True)), **GOOD)
    ben = judged("ben", evidence=(EvidenceJudgement("t", True), EvidenceJudgement("p", False)), **GOOD)
    eve = judged("eve", expert=True, evidence=(EvidenceJudgement("p", False), EvidenceJudgement("t", None)), **GOOD)
    assert settle([ann, ben], "w").evidence == (SettledEvidence("p", None, True), SettledEvidence("t", True))
    assert settle([ann, ben, eve], "w").evidence == (SettledEvidence("p", False, True), SettledEvidence("t", True))


_VALUE = st.sampled_from([True, False, None])
_JUDGEMENTS = st.lists(
    st.builds(
        judged,
        st.sampled_from(["ann", "ben", "eve"]),
        st.integers(0, 3),
        expert=st.booleans(),
        question_factual=_VALUE,
        complete=_VALUE,
        answer_factual=_VALUE,
        self_contained=_VALUE,
        skipped=st.booleans(),
        wording=st.sampled_from(["w", "v"]),
        evidence=st.lists(st.builds(EvidenceJudgement, st.sampled_from("ab"), _VALUE), max_size=2).map(tuple),
    ),
    max_size=6,
    unique_by=lambda one: one.judgement_id,
)


@given(_JUDGEMENTS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_settling_does_not_depend_on_order(judgements: list[Judgement], most: int, shuffler: random.Random) -> None:
    mixed = list(judgements)
    shuffler.shuffle(mixed)
    settled = settle(judgements, "w", annotators=most)
    assert settle(mixed, "w", annotators=most) == settled
    assert (settled.wrong is None) != settled.status.is_settled


@given(_JUDGEMENTS)
def test_other_words_and_earlier_verdicts_change_nothing(judgements: list[Judgement]) -> None:
    counted = latest_verdicts(judgements, "w")
    settled = settle(counted, "w")
    assert settled.outdated == 0
    assert (settled.status, settled.judges, settled.evidence) == (
        (again := settle(judgements, "w")).status,
        again.judges,
        again.evidence,
    )
    assert set(settled.judges) <= {one.annotator for one in counted if is_whole(one)}
