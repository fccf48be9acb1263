"""Trials with the embedded model: weak as it is, it reads a number off a sentence and does not know it by heart."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from generators.engines.catalog import open_engine
from generators.engines.exchange import Completion, Engine, EngineOptions
from generators.trials.plan import trial_plan
from pipelines.trying import Trials
from schemas.recipe import GenerateSection, TrialName
from schemas.records import Question, Reject
from tests.generators.ambiguity.rival_material import asked, document

HOUSES = "The national housing survey of Rovia covered 4,812 rented houses in 2019, a third of them in Kiel."
OWN = document("a", HOUSES)
QUESTION = asked(OWN, "How many rented houses did the survey of Rovia cover in 2019?", "4,812 rented houses", HOUSES)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine("local", EngineOptions(threads=1))
    yield opened
    opened.close()


@pytest.mark.integration
def test_a_small_model_tells_a_right_answer_from_a_wrong_one(engine: Engine) -> None:
    trials = (TrialName.ANSWERABLE, TrialName.CLOSED_BOOK, TrialName.NECESSITY)
    plan = trial_plan(GenerateSection(engine="local", trials=trials))
    wrong = replace(QUESTION, qa_id=f"{QUESTION.qa_id}0", answer="9,377 rented houses")
    seen: list[object] = []
    right, other = Trials(engine, plan, observe=seen.append).settle([QUESTION, wrong], {OWN.document.doc_id: OWN})
    assert all(isinstance(result, Completion) for result in seen)
    assert isinstance(right, Question)
    assert [(check.name, check.verdict.value) for check in right.checks] == [(trial.value, "pass") for trial in trials]
    assert (right.hops, right.difficulty) == (1, "easy")
    assert isinstance(other, Reject)
    assert other.reason_code == "answered_otherwise"


@pytest.mark.integration
def test_its_judgement_is_weighed(engine: Engine) -> None:
    for threshold in (0.0, 1.0):
        section = GenerateSection(engine="local", trials=(TrialName.JUDGE,), judge_threshold=threshold)
        (found,) = Trials(engine, trial_plan(section)).settle([QUESTION], {OWN.document.doc_id: OWN})
        assert isinstance(found, Question) == (threshold == 0)
    assert "scored" in found.message
