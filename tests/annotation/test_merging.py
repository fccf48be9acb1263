"""What judgements make of a question: whose correction counts, what leaves and why, and that order does not matter."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.adjudication import build_cases
from annotation.merging import MergeReason, Proposal, both_texts, propose, rejection
from annotation.verdicts import words_of
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, JudgeRole, Modality, QuestionType
from schemas.records import (
    Assignment,
    BoxCorrection,
    Evidence,
    EvidenceJudgement,
    Judgement,
    Provenance,
    Question,
    Revision,
)

BOX = Box(0, 0, 100, 100)
QUESTION = Question(
    "d/qa-1",
    "How many?",
    "3",
    AnswerKind.NUMBER,
    QuestionType.FACTUAL_RETRIEVAL,
    "text+table",
    (
        Evidence("d/t", "d", 0, "1", BOX, Modality.TABLE, EvidenceRole.ANSWER),
        Evidence("d/p", "d", 1, "2", BOX, Modality.TEXT, EvidenceRole.ANSWER),
    ),
    Provenance("none", "0"),
    hops=2,
)
GOOD = {"question_factual": True, "answer_factual": True, "complete": True, "self_contained": True}
BAD = GOOD | {"answer_factual": False}


def said(who: str, *, expert: bool = False, **given: Any) -> Judgement:
    role = JudgeRole.EXPERT if expert else JudgeRole.ANNOTATOR
    return Judgement(
        f"{who}-{role}", "d/qa-1", who, "2026-11-21T10:00:00Z", role=role, wording=words_of(QUESTION), **given
    )


def proposal_of(*judgements: Judgement, annotators: int = 2) -> Proposal | None:
    row = Assignment("d/qa-1", words_of(QUESTION), "t", "m", "", annotators, 1.0, 0, 0)
    (case,) = build_cases({QUESTION.qa_id: QUESTION}, [row], judgements)
    return propose(case)


def both(**given: Any) -> list[Judgement]:
    return [said(who, **given) for who in ("ann", "ben")]


def corrected(question: str, answer: str, author: str) -> Question:
    revision = Revision("corrected", author, QUESTION.question, QUESTION.answer)
    return replace(QUESTION, question=question, answer=answer, history=(revision,))


@pytest.mark.parametrize(
    ("judgements", "after", "reason"),
    [
        (both(**GOOD), QUESTION, None),
        (both(**BAD), None, MergeReason.ANSWER_NOT_FACTUAL),
        (both(**GOOD | {"self_contained": False}), None, MergeReason.NOT_SELF_CONTAINED),
        (both(**BAD, corrected_answer="4"), corrected("How many?", "4", "ann, ben"), None),
        ([said("ann", **BAD, corrected_answer="4"), said("ben", **BAD)], corrected("How many?", "4", "ann"), None),
        ([said("ann", **GOOD, corrected_question="So?"), said("ben", **GOOD)], corrected("So?", "3", "ann"), None),
        # The expert's word goes before the annotators'.
        (
            [*both(**BAD, corrected_answer="4"), said("eve", expert=True, **BAD, corrected_answer="5")],
            corrected("How many?", "5", "eve"),
            None,
        ),
        ([*both(**BAD, corrected_answer="4"), said("eve", expert=True, **GOOD)], QUESTION, None),
        # An expert who confirms a fault and corrects nothing takes the annotators' correction, if they have one.
        (
            [*both(**BAD, corrected_answer="4"), said("eve", expert=True, **BAD)],
            corrected("How many?", "4", "ann, ben"),
            None,
        ),
        (
            [
                said("ann", **BAD, corrected_answer="4"),
                said("ben", **BAD, corrected_answer="5"),
                said("eve", expert=True, **BAD),
            ],
            None,
            MergeReason.ANSWER_NOT_FACTUAL,
        ),
    ],
)
def test_what_becomes_of_a_question(
    judgements: list[Judgement], after: Question | None, reason: MergeReason | None
) -> None:
    proposal = proposal_of(*judgements)
    assert proposal is not None
    assert (proposal.after, proposal.reason) == (after, reason)
    assert proposal.changes == (after != QUESTION)


@pytest.mark.parametrize(
    "judgements",
    [[], [said("ann", **GOOD)], [said("ann", **GOOD), said("ben", **BAD)], both(skipped=True)],
)
def test_what_is_not_settled_waits(judgements: list[Judgement]) -> None:
    assert proposal_of(*judgements) is None


def test_a_lone_rejection_waits_for_an_expert() -> None:
    assert proposal_of(said("ann", **BAD), annotators=1) is None
    proposal = proposal_of(said("ann", **BAD), said("eve", expert=True, **BAD), annotators=1)
    assert proposal is not None
    assert proposal.after is None


def test_modality_and_hops_follow_the_roles() -> None:
    proposal = proposal_of(*both(**GOOD, evidence=(EvidenceJudgement("d/p", False), EvidenceJudgement("d/t", True))))
    assert proposal is not None
    assert proposal.after is not None
    assert [unit.role for unit in proposal.after.evidence] == ["answer", "context"]
    assert (proposal.after.answer_modality, proposal.after.hops) == ("table", 1)


def test_an_expert_may_say_that_nothing_proves_it() -> None:
    none = (EvidenceJudgement("d/p", False), EvidenceJudgement("d/t", False))
    assert proposal_of(*both(**GOOD, evidence=none)) is None
    proposal = proposal_of(*both(**GOOD, evidence=none), said("eve", expert=True, **GOOD, evidence=none))
    assert proposal is not None
    assert proposal.reason is MergeReason.NOTHING_REQUIRED


@pytest.mark.parametrize(
    ("drawn", "page", "by_expert", "expected"),
    [
        (Box(0, 0, 90, 100), 0, False, Box(0, 0, 90, 100)),
        (Box(0, 0, 90, 100), 1, False, None),  # on another page than the evidence: not what it quotes
        (Box(0, 0, 90, 100), 0, True, Box(0, 0, 90, 100)),
    ],
)
def test_a_box_that_was_drawn_anew(drawn: Box, page: int, by_expert: bool, expected: Box | None) -> None:
    unit = (EvidenceJudgement("d/t", True, (BoxCorrection("d", page, drawn),)),)
    other = (EvidenceJudgement("d/t", True, (BoxCorrection("d", 0, Box(400, 400, 500, 500)),)),)
    expert = [said("eve", expert=True, **GOOD, evidence=unit)] if by_expert else []
    first = said("ann", **GOOD, evidence=other if by_expert else unit)
    proposal = proposal_of(first, said("ben", **GOOD), *expert)
    assert proposal is not None
    assert proposal.after is not None
    assert (proposal.after.evidence[0].corrected_bbox, proposal.after.evidence[0].bbox) == (expected, BOX)


def test_a_rejection_tells_who_why_and_what() -> None:
    proposal = proposal_of(*both(**BAD, comment=" wrong row "))
    assert proposal is not None
    row = rejection(proposal, MergeReason.ANSWER_NOT_FACTUAL, "not so")
    assert (row.stage, row.subject, row.page_index, row.text) == ("annotate", "d/qa-1", 0, "How many? | 3")
    assert row.message == "not so; “wrong row”; “wrong row”"
    after = replace(QUESTION, answer="4")
    assert both_texts(QUESTION, after) == "as it was: How many? | 3\nas corrected: How many? | 4"


_JUDGEMENTS = st.lists(
    st.builds(
        said,
        st.sampled_from(["ann", "ben", "cy"]),
        expert=st.booleans(),
        question_factual=st.sampled_from([True, False, None]),
        answer_factual=st.booleans(),
        complete=st.booleans(),
        self_contained=st.booleans(),
        skipped=st.booleans(),
        corrected_answer=st.sampled_from([None, "4", "5"]),
        evidence=st.lists(st.builds(EvidenceJudgement, st.sampled_from(["d/t", "d/p"]), st.booleans()), max_size=2).map(
            tuple
        ),
    ),
    max_size=5,
    unique_by=lambda one: one.judgement_id,
)


@given(_JUDGEMENTS, st.integers(1, 2), st.randoms(use_true_random=False))
def test_a_proposal_does_not_depend_on_order_and_is_never_half(
    judgements: list[Judgement], annotators: int, shuffler: random.Random
) -> None:
    mixed = list(judgements)
    shuffler.shuffle(mixed)
    proposal = proposal_of(*judgements, annotators=annotators)
    assert proposal_of(*mixed, annotators=annotators) == proposal
    if proposal is not None:
        assert (proposal.after is None) == (proposal.reason is not None)
        assert proposal.before == QUESTION
