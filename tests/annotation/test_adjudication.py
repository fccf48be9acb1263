"""Which judged questions an expert must look at, by hand-worked cases."""

from dataclasses import replace
from typing import Any

import pytest

from annotation.adjudication import WEAK_WHEN_LOW, Case, Doubt, build_cases, corrections, doubts, same_boxes
from annotation.verdicts import words_of
from generators.checks.catalog import CHECKS
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, JudgeRole, Modality, QuestionType, Verdict
from schemas.recipe import TrialName
from schemas.records import (
    Assignment,
    BoxCorrection,
    CheckResult,
    Evidence,
    EvidenceJudgement,
    Judgement,
    Provenance,
    Question,
)

BOX = Box(0, 0, 100, 100)
TABLE = Evidence("d/t", "d", 0, "1", BOX, Modality.TABLE, EvidenceRole.ANSWER)
CAPTION = Evidence("d/c", "d", 0, "1", BOX, Modality.TEXT, EvidenceRole.CONTEXT)
QUESTION = Question(
    "d/qa-1",
    "How many?",
    "3",
    AnswerKind.NUMBER,
    QuestionType.FACTUAL_RETRIEVAL,
    "table",
    (TABLE, CAPTION),
    Provenance("none", "0"),
    checks=(CheckResult("answer_words", Verdict.PASS, score=1.0),),
)
GOOD = {"question_factual": True, "answer_factual": True, "complete": True, "self_contained": True}
BAD = GOOD | {"complete": False}


def said(who: str, *, expert: bool = False, **given: Any) -> Judgement:
    role = JudgeRole.EXPERT if expert else JudgeRole.ANNOTATOR
    words = given.pop("wording", words_of(QUESTION))
    return Judgement(f"{who}-{role}", "d/qa-1", who, "2026-11-21T10:00:00Z", role=role, wording=words, **given)


def case_of(*judgements: Judgement, annotators: int = 1, question: Question = QUESTION) -> Case:
    row = Assignment("d/qa-1", words_of(question), "t", "m", "", annotators, 1.0, 0, 0)
    (case,) = build_cases({question.qa_id: question}, [row], judgements)
    return case


def drew(*boxes: Box, page: int = 0, element: str = "d/t") -> tuple[EvidenceJudgement, ...]:
    return (EvidenceJudgement(element, True, tuple(BoxCorrection("d", page, box) for box in boxes)),)


def required(element: str, value: bool | None) -> tuple[EvidenceJudgement, ...]:
    return (EvidenceJudgement(element, value),)


@pytest.mark.parametrize(
    ("judgements", "annotators", "expected"),
    [
        ([], 1, []),
        ([said("ann", **GOOD)], 1, []),
        ([said("ann", **GOOD)], 2, []),
        ([said("ann", skipped=True)], 1, [Doubt.ALL_SKIPPED]),
        ([said("ann", skipped=True)], 2, []),
        ([said("ann", **BAD)], 1, [Doubt.LONE_REJECTION]),
        ([said("ann", **BAD), said("ben", **BAD)], 2, []),
        ([said("ann", **GOOD), said("ben", **BAD)], 2, [Doubt.LABELS_DIFFER]),
        ([said("ann", **GOOD), said("ben", **BAD), said("eve", expert=True, **BAD)], 2, []),
        ([said("ann", **GOOD), said("ben", **BAD), said("eve", expert=True, skipped=True)], 2, [Doubt.LABELS_DIFFER]),
        ([said("ann", **GOOD, human_like=True), said("ben", **GOOD, human_like=False)], 2, []),
        (
            [said("ann", **BAD, corrected_answer="4"), said("ben", **BAD, corrected_answer="5")],
            2,
            [Doubt.CORRECTIONS_DIFFER],
        ),
        ([said("ann", **BAD, corrected_answer="4"), said("ben", **BAD, corrected_answer=" 4 ")], 2, []),
        (
            [said("ann", **GOOD, evidence=required("d/t", True)), said("ben", **GOOD, evidence=required("d/t", False))],
            2,
            [Doubt.EVIDENCE_DIFFERS],
        ),
        # What is context may be required or not: nothing follows from it.
        (
            [said("ann", **GOOD, evidence=required("d/c", True)), said("ben", **GOOD, evidence=required("d/c", False))],
            2,
            [],
        ),
        ([said("ann", **GOOD, evidence=required("d/t", False))], 1, [Doubt.NOTHING_REQUIRED]),
        (
            [said("ann", **GOOD, evidence=drew(BOX)), said("ben", **GOOD, evidence=drew(Box(60, 60, 160, 160)))],
            2,
            [Doubt.BOXES_DIFFER],
        ),
        ([said("ann", **GOOD, evidence=drew(BOX)), said("ben", **GOOD, evidence=drew(Box(5, 0, 105, 100)))], 2, []),
        ([said("ann", wording="older", **BAD)], 1, []),
    ],
)
def test_why_an_expert_must_look(judgements: list[Judgement], annotators: int, expected: list[Doubt]) -> None:
    assert list(doubts(case_of(*judgements, annotators=annotators))) == expected


@pytest.mark.parametrize(
    ("check", "judges", "expected"),
    [
        (CheckResult("answer_words", Verdict.PASS, score=0.4), 1, [Doubt.WEAK_CHECK]),
        (CheckResult("answer_words", Verdict.PASS, score=0.4), 2, []),
        (CheckResult("deixis", Verdict.FAIL), 1, [Doubt.WEAK_CHECK]),
        (CheckResult("answer_words", Verdict.PASS, score=0.9), 1, []),
        (CheckResult("judge", Verdict.PASS, score=0.5), 1, [Doubt.WEAK_CHECK]),
        (CheckResult("ambiguity", Verdict.PASS, score=0), 1, []),
        (CheckResult("closed_book", Verdict.PASS, score=0), 1, []),
        (CheckResult("findable", Verdict.PASS, score=0), 1, []),
    ],
)
def test_one_good_word_is_not_enough_against_a_weak_check(
    check: CheckResult, judges: int, expected: list[Doubt]
) -> None:
    question = replace(QUESTION, checks=(check,))
    people = [said(who, **GOOD) for who in ("ann", "ben")[:judges]]
    assert list(doubts(case_of(*people, question=question))) == expected


def test_the_checks_whose_low_score_is_weak_are_checks() -> None:
    assert set(WEAK_WHEN_LOW) <= {name for name, _ in CHECKS} | {trial.value for trial in TrialName}


def test_a_question_that_is_gone_is_no_case_for_an_expert() -> None:
    (case,) = build_cases({}, [], [said("ann", **BAD)])
    assert (case.question, case.counted, doubts(case), case.sampled) == (None, [], (), False)


def test_cases_come_by_place_and_then_those_that_were_not_drawn() -> None:
    rows = [Assignment(name, "w", "t", "m", "", 1, 1.0, place, 0) for place, name in enumerate(("b", "a"))]
    assert [case.qa_id for case in build_cases({}, rows, [said("ann", **BAD)])] == ["b", "a", "d/qa-1"]


def test_corrections_are_told_apart_by_their_words_alone() -> None:
    people = [
        said("ann", corrected_answer="3"),
        said("ben", corrected_question="How  many?", corrected_answer="4"),
        said("cy", corrected_answer=" 4"),
        said("dan", corrected_question="  "),
    ]
    assert corrections(people, QUESTION) == [("How  many?", "4")]


def test_boxes_on_different_pages_differ() -> None:
    assert not same_boxes([BoxCorrection("d", 0, BOX)], [BoxCorrection("d", 1, BOX)])
    halves = [BoxCorrection("d", 0, Box(0, 0, 50, 100)), BoxCorrection("d", 0, Box(50, 0, 100, 100))]
    assert same_boxes(halves, [BoxCorrection("d", 0, BOX)])
