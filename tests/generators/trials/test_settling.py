"""Questions, what engines said about them, and what that comes to."""

from collections.abc import Mapping

import pytest

from generators.engines.exchange import Completion, EngineFailure
from generators.trials.asking import further_requests, trial_requests
from generators.trials.naming import ablation_id, trial_id
from generators.trials.plan import TrialPlan
from generators.trials.settling import settle_trials
from schemas.errors import ReasonCode
from schemas.kinds import AnswerKind, QuestionType, Verdict
from schemas.recipe import TrialName
from schemas.records import Failure, Question, Reject
from tests.generators.trials.trial_material import (
    BORN,
    IN_CAPTION,
    IN_TABLE,
    OTHER,
    PARAGRAPH,
    PICTURED,
    REPORTED,
    TABLE,
    VIEWS,
    picture,
    question,
)

ALL = TrialPlan(trials=tuple(TrialName))
TRUE = {"answerable": "12 mm", "closed_book": "UNANSWERABLE", "judge": "yes", TABLE: "UNANSWERABLE", PARAGRAPH: "?"}


def said(asked: Question, answers: Mapping[object, str]) -> dict[str, Completion]:
    """Return completions for a question by trial, or by the element that was taken away."""
    found = {}
    for key, text in answers.items():
        name = trial_id(asked.qa_id, key) if isinstance(key, str) else ablation_id(asked.qa_id, [key.element_id])
        found[name] = Completion(name, text, 1, 1, "stop", "m")
    return found


def names(requests: list[object]) -> list[str]:
    return [request.request_id.partition(" ")[2] for request in requests]


def test_all_that_is_independent_is_asked_at_once() -> None:
    requests = trial_requests(question(), VIEWS, ALL, {})
    assert names(requests) == [
        "answerable",
        "judge",
        "closed_book",
        f"necessity {TABLE.element_id}",
        f"necessity {PARAGRAPH.element_id}",
    ]
    texts = {request.request_id.partition(" ")[2]: request.messages[-1].text for request in requests}
    assert "Kiel | 12 mm | 7" in texts["answerable"]
    assert "Kiel" not in texts["closed_book"]
    assert "12 mm" not in texts[f"necessity {TABLE.element_id}"]
    assert "born in Kiel" not in texts[f"necessity {PARAGRAPH.element_id}"]
    assert {request.sampling.temperature for request in requests} == {0.0}
    assert [request.weigh for request in requests if request.weigh] == [("yes", "no")]


@pytest.mark.parametrize(
    ("asked", "images", "expected"),
    [
        (question(IN_TABLE, IN_CAPTION), {}, ["answerable", "judge", "closed_book"]),
        (question(PICTURED), {}, ["closed_book"]),
        (question(PICTURED), {"crop": picture()}, ["answerable", "judge", "closed_book"]),
        (
            question(IN_TABLE, question_type=QuestionType.UNANSWERABLE, answer="Not stated."),
            {},
            ["answerable", "judge"],
        ),
        (
            question(IN_TABLE, BORN, answer="yes", answer_kind=AnswerKind.BOOLEAN),
            {},
            ["answerable", "judge", "closed_book"],
        ),
    ],
)
def test_what_cannot_be_shown_or_tells_nothing_is_not_asked(asked, images, expected) -> None:
    assert names(trial_requests(asked, VIEWS, ALL, images)) == expected


def test_a_question_that_stands_is_measured() -> None:
    found = settle_trials(question(), said(question(), TRUE), ALL)
    assert isinstance(found, Question)
    told = {check.name: (check.verdict, check.score) for check in found.checks}
    assert told == {name: (Verdict.PASS, score) for name, score in
                    {"answerable": 1.0, "closed_book": 0.0, "necessity": 1.0, "judge": 1.0}.items()}  # fmt: skip
    assert (found.hops, found.difficulty) == (2, "hard")


def test_a_unit_that_can_be_spared_becomes_context() -> None:
    found = settle_trials(question(), said(question(), TRUE | {PARAGRAPH: "12 mm"}), ALL)
    assert isinstance(found, Question)
    assert [unit.role for unit in found.evidence] == ["answer", "context", "context"]
    assert (found.hops, found.answer_modality, found.difficulty) == (1, "table", "easy")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"answerable": "UNANSWERABLE"}, "not_answered"),
        ({"answerable": "3 mm"}, "answered_otherwise"),
        ({"closed_book": "about 12 mm"}, "closed_book"),
        ({"judge": "no"}, "judged_unfit"),
    ],
)
def test_a_trial_that_fails_says_why(change: dict[object, str], reason: str) -> None:
    found = settle_trials(question(), said(question(), TRUE | change), ALL)
    assert isinstance(found, Reject)
    assert (found.reason_code, found.subject) == (reason, question().qa_id)
    assert found.text == f"{question().question} | 12 mm"


def test_an_unanswerable_question_has_to_be_declined() -> None:
    asked = question(
        IN_TABLE, question_type=QuestionType.UNANSWERABLE, answer="Not stated.", answer_kind=AnswerKind.NONE
    )
    assert isinstance(settle_trials(asked, said(asked, {"answerable": "UNANSWERABLE", "judge": "yes"}), ALL), Question)
    found = settle_trials(asked, said(asked, {"answerable": "12 mm", "judge": "yes"}), ALL)
    assert found.reason_code == "yet_answered"


def test_an_answer_by_chance_is_noted_and_kept() -> None:
    asked = question(
        IN_TABLE, question="Did it rain more in Kiel than in Ulm?", answer="Yes", answer_kind=AnswerKind.BOOLEAN
    )
    found = settle_trials(asked, said(asked, {"answerable": "Yes.", "closed_book": "yes", "judge": "yes"}), ALL)
    assert isinstance(found, Question)
    closed = next(check for check in found.checks if check.name == "closed_book")
    assert (closed.verdict, closed.score) == (Verdict.PASS, 1.0)
    assert "chance" in closed.message


def test_evidence_that_nothing_depends_on_is_closed_book() -> None:
    asked = question(BORN, REPORTED)
    plan = TrialPlan(trials=(TrialName.NECESSITY,))
    both = ablation_id(asked.qa_id, [PARAGRAPH.element_id, OTHER.element_id])
    results = said(asked, {PARAGRAPH: "12 mm", OTHER: "12 mm"})
    assert names(further_requests(asked, VIEWS, plan, {}, results)) == [both.partition(" ")[2]]
    found = settle_trials(asked, results | {both: Completion(both, "12 mm", 1, 1, "stop", "m")}, plan)
    assert found.reason_code == "closed_book"
    kept = settle_trials(asked, results | {both: Completion(both, "unknown", 1, 1, "stop", "m")}, plan)
    assert [unit.role for unit in kept.evidence] == ["answer", "context"]


@pytest.mark.parametrize(("word", "outcome"), [("yes", "pass"), ("No.", "answered_otherwise"), ("perhaps", "skip")])
def test_where_words_cannot_tell_the_engine_is_asked(word: str, outcome: str) -> None:
    asked = question(BORN, answer="moved south before the war broke out", answer_kind=AnswerKind.TEXT)
    plan = TrialPlan(trials=(TrialName.ANSWERABLE,))
    results = said(asked, {"answerable": "before the war she moved"})
    (request,) = further_requests(asked, VIEWS, plan, {}, results)
    assert request.weigh == ("yes", "no")
    results[request.request_id] = Completion(request.request_id, word, 1, 1, "stop", "m")
    assert further_requests(asked, VIEWS, plan, {}, results) == []
    found = settle_trials(asked, results, plan)
    assert (found.reason_code if isinstance(found, Reject) else found.checks[-1].verdict.value) == outcome


@pytest.mark.parametrize(("yes", "outcome"), [(0.9, "pass"), (0.6, "skip"), (0.1, "answered_otherwise")])
def test_an_engine_that_is_not_sure_leaves_it_open(yes: float, outcome: str) -> None:
    asked = question(BORN, answer="moved south before the war broke out", answer_kind=AnswerKind.TEXT)
    results = said(asked, {"answerable": "before the war she moved"})
    name = trial_id(asked.qa_id, "same", "answerable")
    results[name] = Completion(name, "Yes", 1, 1, "stop", "m", weights=(yes, 1 - yes))
    found = settle_trials(asked, results, TrialPlan(trials=(TrialName.ANSWERABLE,)))
    assert (found.reason_code if isinstance(found, Reject) else found.checks[-1].verdict.value) == outcome


def test_the_judge_is_weighed_where_it_tells_weights() -> None:
    name = trial_id(question().qa_id, "judge")
    plan = TrialPlan(trials=(TrialName.JUDGE,), judge_threshold=0.7)
    for weights, kept in (((0.6, 0.2), True), ((0.6, 0.3), False)):
        found = settle_trials(question(), {name: Completion(name, "Yes", 1, 1, "stop", "m", weights=weights)}, plan)
        assert isinstance(found, Question) == kept


@pytest.mark.parametrize(("retryable", "kind"), [(True, Failure), (False, Question)])
def test_a_failure_is_tried_again_or_leaves_its_trial_open(retryable: bool, kind: type) -> None:
    name = trial_id(question().qa_id, "answerable")
    failed = EngineFailure(name, ReasonCode.ENGINE_TIMEOUT, "too slow", retryable)
    found = settle_trials(question(), said(question(), TRUE) | {name: failed}, ALL)
    assert isinstance(found, kind)
    if isinstance(found, Failure):
        assert (found.subject, found.reason_code, found.retryable) == (question().qa_id, "engine_timeout", True)
    else:
        assert found.checks[0].verdict is Verdict.SKIP


def test_a_refusal_decides_nothing() -> None:
    name = trial_id(question().qa_id, "answerable")
    found = settle_trials(
        question(), said(question(), TRUE) | {name: Completion(name, "I cannot", 1, 1, "content_filter", "m")}, ALL
    )
    assert isinstance(found, Question)
    assert found.checks[0].verdict is Verdict.SKIP
