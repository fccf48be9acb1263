"""Trials against a real HTTP server that reads the sources it is sent, as far as three rules go."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generators.engines.exchange import Engine, EngineFailure, EngineOptions
from generators.engines.served import open_served
from generators.trials.plan import TrialPlan
from pipelines.trying import Trials
from schemas.kinds import AnswerKind, QuestionType
from schemas.recipe import TrialName
from schemas.records import Failure, Question
from tests.generators.openai_server import Reply, answer, serving
from tests.generators.trials.trial_material import (
    BORN,
    DOC,
    IN_CAPTION,
    IN_TABLE,
    PICTURED,
    REPORTED,
    VIEWS,
    picture,
    question,
)

ALL = TrialPlan(trials=tuple(TrialName), pictures=True)
RAIN = "How much rain fell in Kiel?"
KNOWN = {"Where is Kiel?": "in Holstein"}


def reading(body: dict[str, Any], number: int) -> Reply:
    """Answer by rule: the rain of a town from its row or sentence, the town of a birth first where that is asked."""
    content = body["messages"][-1]["content"]
    text = content if isinstance(content, str) else content[-1]["text"]
    asked = re.findall(r"Question: (.*)", text)[-1]
    sources = text.partition("Question:")[0] if "[1]" in text else ""
    if "Do both say the same?" in text or "question and answer fit?" in text:
        return weighed("no" if "Ulm" in text.partition("Question:")[2] else "yes")
    if not isinstance(content, str):
        return answer("A line that rises.")
    return answer(found(asked, sources))


def found(asked: str, sources: str) -> str:
    if asked in KNOWN:
        return KNOWN[asked]
    born = re.search(r"was born in (\w+)", sources)
    town = (born[1] if born else "nowhere") if "born" in asked else re.findall(r"in (\w+)\?", asked)[0]
    rain = re.search(rf"^{town} \| ([^|]*\S)|In {town} (\d+ mm)", sources, re.MULTILINE)
    return f"The answer is **{rain[1] or rain[2]}**." if rain else "UNANSWERABLE"


def weighed(word: str) -> Reply:
    """Return one word with its probability, as servers tell it."""
    reply = json.loads(answer(word).body)
    tops = [{"token": token, "logprob": -0.1 if token == word else -2.4} for token in ("yes", "no")]
    reply["choices"][0]["logprobs"] = {"content": [{**tops[0], "top_logprobs": tops}]}
    return Reply(body=json.dumps(reply))


def asking(number: int, *evidence: Any, **fields: Any) -> Question:
    return question(*evidence, qa_id=f"{DOC}/qa-{number}", **fields)


QUESTIONS = [
    (asking(1), "2 text+table hard"),
    (asking(2, IN_TABLE, IN_CAPTION, REPORTED, question=RAIN), "1 table easy"),
    (asking(3, IN_TABLE, IN_CAPTION, question=RAIN, answer="7"), "answered_otherwise"),
    (asking(4, BORN, question=RAIN), "not_answered"),
    (asking(5, BORN, question="Where is Kiel?", answer="Holstein", answer_kind=AnswerKind.TEXT), "closed_book"),
    (asking(6, IN_TABLE, question="How much rain fell in Ulm?", answer="3 mm"), "judged_unfit"),
    (
        asking(7, IN_TABLE, question="How much rain fell in Bonn?", answer="Not stated.", answer_kind=AnswerKind.NONE,
               question_type=QuestionType.UNANSWERABLE),
        "2 text+table None",
    ),
    (
        asking(8, PICTURED, question="How does the line go in Kiel?", answer="a line that rises",
               answer_kind=AnswerKind.TEXT),
        "1 figure easy",
    ),
]  # fmt: skip


@pytest.fixture
def served() -> Iterator[Callable[..., tuple[Engine, Any]]]:
    open_now: list[Any] = []

    def start(script: Callable[[dict[str, Any], int], Reply]) -> tuple[Engine, Any]:
        context = serving(script)
        url, log = context.__enter__()
        engine = open_served(url, EngineOptions(timeout_seconds=20, attempts=1))
        open_now.append((context, engine))
        return engine, log

    yield start
    for context, engine in open_now:
        engine.close()
        context.__exit__(None, None, None)


def outcome(tried: object) -> str:
    if isinstance(tried, Question):
        return f"{tried.hops} {tried.answer_modality} {tried.difficulty}"
    return tried.reason_code


def test_every_question_goes_its_way_in_two_rounds(served: Callable[..., tuple[Engine, Any]]) -> None:
    engine, log = served(reading)
    seen: list[object] = []
    trials = Trials(engine, ALL, lambda asked: {"crop": picture()}, observe=seen.append)
    tried = list(trials.settle([asked for asked, _ in QUESTIONS], VIEWS))
    assert [outcome(one) for one in tried] == [expected for _, expected in QUESTIONS]
    assert len(seen) == len(log.bodies) < 6 * len(QUESTIONS)
    assert all(body["temperature"] == 0 for body in log.bodies)


def test_a_server_that_goes_away_leaves_failures_to_try_again(served: Callable[..., tuple[Engine, Any]]) -> None:
    engine, _ = served(lambda body, number: reading(body, number) if number < 6 else Reply(drop=True))
    tried = list(Trials(engine, ALL).settle([QUESTIONS[0][0], QUESTIONS[5][0]], VIEWS))
    assert any(isinstance(one, Failure) for one in tried)
    assert all(one.retryable for one in tried if isinstance(one, Failure))


def test_nothing_is_asked_without_trials_and_one_question_is_tried_once(
    served: Callable[..., tuple[Engine, Any]],
) -> None:
    engine, log = served(reading)
    asked = QUESTIONS[1][0]
    (found,) = Trials(engine, TrialPlan(trials=())).settle([asked, asked], VIEWS)
    assert (found, log.bodies) == (asked, [])
    assert len(list(Trials(engine, ALL).settle([asked, asked], VIEWS))) == 1


def test_what_the_observer_sees_are_results(served: Callable[..., tuple[Engine, Any]]) -> None:
    engine, _ = served(lambda body, number: Reply(400, body="maximum context length is 9"))
    seen: list[object] = []
    (found,) = Trials(engine, ALL, observe=seen.append).settle([QUESTIONS[0][0]], VIEWS)
    assert isinstance(found, Question)
    assert {type(one) for one in seen} == {EngineFailure}
    assert {check.verdict.value for check in found.checks} == {"skip"}
