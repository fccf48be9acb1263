"""What a question or answer claims besides, each with the good question beside it that must stand."""

from dataclasses import replace

import pytest

from generators.checks.catalog import check_question, failed
from generators.checks.reasons import CheckReason
from schemas.kinds import AnswerKind, Operation, QuestionType

TRAWLERS = "How many trawlers did the Fisheries Directorate in Bergen license in 2020?"


def reason_of(question, sample) -> str | None:
    found = failed(check_question(question, sample.views))
    return found.reason_code if found else None


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Because cod stocks had recovered, how many trawlers did Bergen license in 2020?", None),
        ("When stocks recovered, how many trawlers did the Directorate in Bergen license in 2020?", None),
        ("Since demand collapsed that year, how many trawlers did Bergen license in 2020?", "unsupported_question"),
        ("In “North Sea Fisheries Yearbook”, how many trawlers did Bergen license in 2020?", None),
        (
            "How many trawlers did the Fisheries Directorate in Bergen license in 2020 in “Baltic Forestry Yearbook”?",
            "unsupported_question",
        ),
        ("Does the Directorate in Bergen say how many trawlers it licensed in 2020?", "wrong_answer_kind"),
        ("How many trawlers did the Fisheries Direc- torate in Bergen license in 2020?", "broken_characters"),
        ("How many trаwlers did the Fisheries Directorate in Bergen license in 2020?", "broken_characters"),
        ("How many traw\u00adlers did the Fisheries Directorate in Bergen license in 2020?", "broken_characters"),
        ("How many on- and offshore trawlers did the Directorate in Bergen license in 2020?", None),
    ],
)
def test_premises_and_names_have_to_stand_near_the_evidence(question, reason, sample):
    assert reason_of(sample.asking(question), sample) == reason


@pytest.mark.parametrize("hedge", ["about", "at least", "more than", "up to", "nearly"])
def test_an_answer_blurs_no_number(hedge, sample):
    assert reason_of(replace(sample.text_question, answer=f"{hedge} 412 trawlers"), sample) == "unsupported_words"


def test_what_the_quote_blurs_the_answer_may(sample):
    question = replace(sample.asking(TRAWLERS), answer="about 412 trawlers")
    evidence = replace(question.evidence[0], quote="licensed about 412 trawlers in 2020")
    shown = {"hedge"}
    checks = check_question(replace(question, evidence=(evidence,)), sample.views, stop_at_first=False).checks
    assert [one.verdict.value for one in checks if one.name in shown] == ["pass"]


def test_who_does_what_is_not_turned_round(sample):
    evidence = replace(sample.text_question.evidence[0], quote="Bergen supports small local harbours in the north")
    question = replace(sample.text_question, evidence=(evidence,), answer_kind=AnswerKind.TEXT)
    asked = replace(question, question="What does Bergen support?", answer="small local harbours")
    turned = replace(question, question="What do small local harbours support?", answer="Bergen")
    verdicts = [
        next(one for one in check_question(row, sample.views, stop_at_first=False).checks if one.name == "roles")
        for row in (asked, turned)
    ]
    assert [one.reason_code for one in verdicts] == [None, CheckReason.ROLES_REVERSED]


def test_a_type_is_that_of_the_operation_and_a_summary_has_some_length(sample):
    table, text = sample.table_question, sample.text_question
    assert reason_of(replace(table, question_type=QuestionType.SUMMARIZATION), sample) == "wrong_type"
    assert reason_of(replace(text, question_type=QuestionType.SUMMARIZATION), sample) == "wrong_type"
    assert reason_of(replace(text, question_type=QuestionType.COMPARISON), sample) == "wrong_type"


def test_evidence_counts_once(sample):
    table = sample.table_question
    assert reason_of(replace(table, evidence=table.evidence * 2), sample) == "repeated_evidence"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("14.0 thousand tonnes", None),
        ("14,0 thousand tonnes", "answer_differs"),
        ("0.014 thousand tonnes", "answer_differs"),
    ],
)
def test_points_and_commas_are_those_of_the_table(answer, reason, sample):
    table = sample.table_question
    program = replace(table.program, operation=Operation.LOOKUP, operands=table.program.operands[:2], result="14")
    asked = replace(
        table,
        question="What were the herring landings of Norway in 2020 in the North Sea Fisheries Yearbook?",
        answer=answer,
        answer_kind=AnswerKind.NUMBER,
        question_type=QuestionType.FACTUAL_RETRIEVAL,
        program=program,
    )
    assert reason_of(asked, sample) == reason
