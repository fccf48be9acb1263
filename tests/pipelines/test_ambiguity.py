"""Questions against the corpus of a workspace: by code, with a server that reads, and on Beam."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from generators.engines.exchange import EngineOptions
from generators.engines.served import open_served
from generators.trials.plan import TrialPlan
from pipelines.ambiguity import (
    AmbiguityJob,
    Seeker,
    SettleAmbiguity,
    open_corpus,
    pool_place,
    units_of_questions,
)
from pipelines.beam_options import new_pipeline, pipeline_options, run_pipeline
from pipelines.outcomes import publish
from pipelines.part_writing import TableRows
from pipelines.parts import write_part
from pipelines.refining import is_searched
from pipelines.workspace import Workspace, open_workspace, writing
from schemas.kinds import QuestionType, Stage
from schemas.recipe import Recipe, TrialName
from schemas.records import Failure, Question, Reject
from tests.generators.ambiguity.rival_material import RAIN, asked, document
from tests.generators.openai_server import Reply, answer, serving

CAPTION = "Table 1: Rain and wind in the towns of the north in 2019"
TEXT = "According to the table on rain and wind in the towns of the north in 2019, how much rain fell in {}?"
HOUSES = "The national housing survey of Rovia covered {} rented houses in 2019, a third of them in Kiel."
COUNTED = "About rented houses: in 2019 the national housing survey of Rovia covered {}, as we know."
OWN = document("a", (CAPTION, RAIN), HOUSES.format("4,812"))
OTHERS = (
    document("b", (CAPTION, (RAIN[0], RAIN[1])), HOUSES.format("5,377")),
    document("c", (CAPTION, (*RAIN[:2], ("Bonn", "655", "3"))), COUNTED.format("4,812")),
    document("d", "Nothing that anybody asks for stands here, neither rain nor rent."),
)
SURVEYED = "How many rented houses did the national housing survey of Rovia cover in 2019?"
QUESTIONS = [
    replace(question, qa_id=f"{OWN.document.doc_id}/qa-{number}")
    for number, question in enumerate(
        (
            asked(OWN, TEXT.format("Kiel"), "712 mm", ((0, 1), (1, 0), (1, 1))),
            asked(OWN, TEXT.format("Ulm"), "688 mm", ((0, 1), (2, 0), (2, 1))),
            asked(OWN, SURVEYED, "4,812 rented houses", HOUSES.format("4,812")),
            asked(
                OWN, TEXT.format("Bonn"), "The table does not say.", ((0, 1),), question_type=QuestionType.UNANSWERABLE
            ),
            asked(OWN, SURVEYED, "A survey.", "4,812", question_type=QuestionType.SUMMARIZATION),
        )
    )
]
OPTIONS = EngineOptions(timeout_seconds=20, attempts=1)
BY_CODE = ["2 alternatives", "0 alternatives", "ambiguous", "yet_answered", "untouched"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    url = str(tmp_path_factory.mktemp("rivals") / "w")
    views = (OWN, *OTHERS)
    with writing(url) as opened:
        draft = opened.begin(Stage.EXTRACT)
        rows: dict[str, list[Any]] = {
            "documents": [view.document for view in views],
            "pages": [page for view in views for page in view.pages.values()],
            "elements": [element for view in views for element in view.elements],
            "links": [link for view in views for link in view.links],
            "passages": [passage for view in views for passage in view.passages],
        }
        for table, records in rows.items():
            draft.stage(write_part(opened.folder, draft.staging, table, records))
        publish(draft, Recipe(), key="rivals", seconds=0.1)
    return open_workspace(url)


def told(settled: object) -> str:
    if not isinstance(settled, Question):
        return settled.reason_code
    if not any(check.name == "ambiguity" for check in settled.checks):
        return "untouched"
    return f"{sum(unit.role == 'alternative' for unit in settled.evidence)} alternatives"


def test_code_alone_settles_every_question(workspace: Workspace) -> None:
    seeker = Seeker(open_corpus(workspace, Recipe()), TrialPlan(trials=()))
    settled = list(seeker.settle(QUESTIONS))
    assert [told(one) for one in settled] == BY_CODE
    kept = [one for one in settled if isinstance(one, Question)]
    assert list(seeker.settle(kept)) == kept
    assert Path(workspace.folder.path("indexes")).is_dir()


def obliging(body: dict[str, Any], number: int) -> Reply:
    """Read rain off the row of the town that is asked for, and the houses off their sentence."""
    text = body["messages"][-1]["content"]
    asked_for, sources = re.findall(r"Question: (.*)", text)[-1], text.partition("Question:")[0]
    town = re.search(r"fell in (\w+)", asked_for)
    row = re.search(rf"^{town[1]} \| (\d+)" if town else r"covered ([\d,]+)", sources, re.MULTILINE)
    return answer(f"{row[1]} mm" if row and town else row[1] if row else "UNANSWERABLE")


def contrary(body: dict[str, Any], number: int) -> Reply:
    return answer("UNANSWERABLE")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (obliging, BY_CODE),
        (contrary, [*["0 alternatives"] * 4, "untouched"]),
    ],
)
def test_an_engine_reads_what_code_has_found(workspace: Workspace, script: Any, expected: list[str]) -> None:
    seen: list[object] = []
    with serving(script) as (url, log), closing(open_served(url, OPTIONS)) as engine:
        seeker = Seeker(open_corpus(workspace, Recipe()), TrialPlan(), engine, observe=seen.append)
        assert [told(one) for one in seeker.settle(QUESTIONS)] == expected
        assert len(seen) == len(log.bodies) <= 4 * len(QUESTIONS)


def test_an_engine_that_is_away_leaves_failures(workspace: Workspace) -> None:
    with serving(lambda body, number: Reply(drop=True)) as (url, _), closing(open_served(url, OPTIONS)) as engine:
        settled = list(Seeker(open_corpus(workspace, Recipe()), TrialPlan(), engine).settle(QUESTIONS[:1]))
    assert [(type(one), one.retryable) for one in settled] == [(Failure, True)]


def test_on_beam_the_rows_go_to_their_tables(workspace: Workspace) -> None:
    job = AmbiguityJob(workspace.folder, pool_place(workspace, Recipe()), Recipe())
    expected = [("qa", 0), ("qa", 1), ("rejects", 2), ("rejects", 3), ("qa", 4)]
    pipeline = new_pipeline(pipeline_options([], workspace.url))
    rows = pipeline | beam.Create(units_of_questions(QUESTIONS)) | SettleAmbiguity(job)
    named = rows | beam.FlatMap(_names)
    assert_that(named, equal_to([(table, QUESTIONS[number].qa_id) for table, number in expected]))
    run_pipeline(pipeline)


def _names(rows: TableRows) -> Iterator[tuple[str, str]]:
    table, records = rows
    yield from ((table, row.subject if isinstance(row, Reject) else row.qa_id) for row in records)


@pytest.mark.parametrize(
    ("trials", "searched"), [(None, True), ([], False), ([TrialName.AMBIGUITY], True), ([TrialName.JUDGE], False)]
)
def test_the_recipe_may_leave_it_out(workspace: Workspace, trials: object, searched: bool) -> None:
    assert is_searched(workspace, Recipe.model_validate({"generate": {"trials": trials}})) == searched
