"""The whole way of a question, with a real HTTP server that writes, reads and rewords by rule."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipelines.checking import check_questions
from pipelines.extracting import run_extract
from pipelines.generating import run_generate
from pipelines.workspace import open_workspace
from schemas.errors import EngineError
from schemas.kinds import Verdict
from schemas.recipe import Recipe
from tests.generators.openai_server import Reply, serving
from tests.pipelines.reading_server import Reader

PDFS = [Path(__file__).parents[2] / "examples" / "pdfs" / name for name in ("jose-00206.pdf", "multcomp-chfls1.pdf")]


def recipe(**generate):
    return Recipe.model_validate(
        {
            "extract": {"profile": "fast", "page_dpi": 0},
            "generate": {"engine": "none", "pictures": False, **generate},
            "run": {"workers": 1},
        }
    )


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    workspace = str(tmp_path_factory.mktemp("generation") / "workspace")
    run_extract([str(path) for path in PDFS], workspace, recipe())
    run_generate(workspace, recipe())
    return workspace


@pytest.fixture
def workspace(extracted, tmp_path):
    return shutil.copytree(extracted, tmp_path / "workspace").as_posix()


def rows(workspace, table):
    return open_workspace(workspace).records(table)


def last_run(workspace):
    return open_workspace(workspace).manifests()[-1]


def test_questions_are_tried_measured_and_reworded(workspace):
    tables = rows(workspace, "qa")
    assert len(tables) >= 4
    reader = Reader(tables, {"what is Manim Slides?": "Among Python tools, what may Manim Slides be?"})
    with serving(reader) as (url, log):
        outcome = run_generate(workspace, recipe(engine=url, max_requests=300))
        asked = len(log.bodies)
        again = run_generate(workspace, recipe(engine=url, max_requests=300))
        assert len(log.bodies) == asked
    assert outcome.exit_code == 0
    assert "nothing to do" in again.message
    assert set(reader.kinds) >= {"draft", "read", "decline", "reword"}
    kept = rows(workspace, "qa")
    tried = [question for question in kept if {"answerable", "closed_book"} <= {c.name for c in question.checks}]
    assert len(tried) == len(kept)
    reworded = [question for question in kept if any(step.step == "rewrite_obscured" for step in question.history)]
    assert [question.question for question in reworded] == ["Among Python tools, what may Manim Slides be?"]
    (overlap,) = (check for check in reworded[0].checks if check.name == "lexical_overlap")
    assert "before" in overlap.message
    refused = [check for question in kept for check in question.checks if check.name == "rewrite_obscured"]
    assert {check.reason_code for check in refused} == {"rewrite_unchanged"}
    assert all(check.verdict != Verdict.FAIL for question in kept for check in question.checks)
    assert check_questions(workspace).failed == ()
    usage = last_run(workspace).usage
    assert usage.requests == usage.paid_requests == asked
    assert usage.prompt_tokens == 7 * asked


def test_a_server_that_is_away_takes_no_question_that_an_earlier_run_got(workspace):
    with serving(Reader(rows(workspace, "qa"))) as (url, _):
        run_generate(workspace, recipe(engine=url, max_requests=300, rewrites=[]))
    standing = rows(workspace, "qa")
    assert any(question.provenance.engine != "none" for question in standing)
    with pytest.raises(EngineError, match="stand as they were"):
        run_generate(workspace, recipe(engine="http://127.0.0.1:9/v1", max_requests=300, pause_seconds=0))
    assert rows(workspace, "qa") == standing


def test_what_an_engine_cannot_read_off_the_evidence_goes(workspace):
    tables = {question.qa_id for question in rows(workspace, "qa")}
    with serving(Reader()) as (url, _):
        run_generate(workspace, recipe(engine=url, max_requests=300, rewrites=[]))
    reasons = Counter(row.reason_code for row in rows(workspace, "rejects") if row.subject in tables)
    assert reasons == {"not_answered": len(tables)}


def test_a_server_that_dies_in_the_trials_costs_no_table_question(workspace):
    tables = rows(workspace, "qa")
    reader = Reader(tables)

    def dying(body, number):
        return reader(body, number) if number < 9 else Reply(drop=True)

    with serving(dying) as (url, _):
        outcome = run_generate(workspace, recipe(engine=url, max_requests=300, rewrites=[], pause_seconds=0.5))
    assert outcome.exit_code == 1
    assert {question.qa_id for question in tables} <= {question.qa_id for question in rows(workspace, "qa")}
    assert all(row.retryable for row in rows(workspace, "errors"))


def test_cells_are_filled_and_what_falls_short_is_told(workspace):
    tables = rows(workspace, "qa")
    cells = {"factual_retrieval/table": 1, "factual_retrieval/text": 1, "summarization/text": 1, "unanswerable": 2}
    with serving(Reader(tables)) as (url, log):
        run_generate(workspace, recipe(engine=url, cells=cells, rewrites=[], rounds=2))
        asked = len(log.bodies)
        run_generate(workspace, recipe(engine=url, cells={**cells, "unanswerable": 0}, rewrites=[], rounds=2))
        assert len(log.bodies) == asked
    manifest = last_run(workspace)
    kept = {cell.cell: (cell.wanted, cell.kept) for cell in manifest.cells}
    assert kept["factual_retrieval/table"] == (1, 1)
    assert kept["factual_retrieval/text"] == (1, 1)
    assert all(cell.why or cell.kept == cell.wanted for cell in manifest.cells)
    assert len(rows(workspace, "qa")) == sum(cell.kept for cell in manifest.cells)


def test_a_hard_budget_is_never_passed(workspace):
    with serving(Reader(rows(workspace, "qa"))) as (url, log):
        outcome = run_generate(workspace, recipe(engine=url, max_requests=25))
    assert 0 < len(log.bodies) <= 25
    assert outcome.exit_code == 0


def test_no_round_begins_when_the_time_is_up(workspace):
    tables = rows(workspace, "qa")
    with serving(Reader(tables)) as (url, log):
        outcome = run_generate(workspace, recipe(engine=url, cells={"factual_retrieval": 9}, max_minutes=1e-6))
    assert log.bodies == []
    assert outcome.exit_code == 0
    (cell,) = last_run(workspace).cells
    assert (cell.wanted, 0 < cell.kept < 9) == (9, True)
    assert "in 0 rounds" in cell.why


def test_a_public_benchmark_takes_its_questions_out(workspace, tmp_path):
    first, *others = rows(workspace, "qa")
    (tmp_path / "public.csv").write_text(f'question\n"{first.question.replace(chr(34), chr(34) * 2)}"\n')
    run_generate(workspace, recipe(benchmarks=[str(tmp_path / "public.csv")]))
    assert {row.qa_id for row in rows(workspace, "qa")} == {row.qa_id for row in others}
    assert {row.reason_code for row in rows(workspace, "rejects") if row.subject == first.qa_id} == {"contaminated"}
