"""The sample in a workspace: drawn, grown with its corpus, told in words."""

import importlib.util
import types
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.sampling import describe_sample, run_sample
from pipelines.workspace import open_workspace, writing
from schemas.errors import UsageError
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Assignment, Question

RECIPE = Recipe.model_validate({"annotate": {"least": 2}})


def _load_corpus() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("dataset_corpus", Path(__file__).with_name("dataset_corpus.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    _load_corpus().commit_corpus(str(tmp_path / "w"), documents=2, questions=20)
    return str(tmp_path / "w")


def sample(url: str) -> list[Assignment]:
    found: list[Assignment] = open_workspace(url).records("samples")
    return found


def rewrite(url: str, change: Callable[[Question], Question | None]) -> None:
    """Write the questions anew, as another generation would."""
    with writing(url) as opened:
        rows = [new for old in opened.records("qa") if (new := change(old)) is not None]
        draft = opened.begin(Stage.GENERATE)
        for path in opened.parts("qa"):
            draft.remove(path)
        draft.stage(write_part(opened.folder, draft.staging, "qa", rows))
        publish(draft, Recipe(), key="again", seconds=0.1)


def test_a_sample_is_drawn_once_and_told(workspace: str) -> None:
    report = run_sample(workspace, RECIPE)
    rows = sample(workspace)
    assert (report.questions, report.strata, report.drawn, report.several) == (40, 2, 8, 4)
    assert (report.judgements, report.hours, len(rows), sum(row.weight for row in rows)) == (12, 0.4, 8, 40.0)
    assert describe_sample(report, "w") == [
        "8 of 40 questions drawn from 2 strata, 4 of them for 2 people each (seed 0)",
        "that is 12 judgements, about 0.4 hours of work in all; it will tell the error rate to within ±31.0 % at 95 %, "
        "or better",
        "next: corpusmill annotate push w --url http://HOST:8080",
    ]
    again = run_sample(workspace, RECIPE)
    assert (again.changed, sample(workspace)) == (False, rows)
    assert describe_sample(again, "w")[0].startswith("nothing to do, the sample stands: 8 of 40")


def test_a_margin_chooses_the_size(workspace: str) -> None:
    report = run_sample(workspace, RECIPE, margin=0.1)
    assert report.drawn == 30  # Cochran: 97 of endlessly many, 29 of 40; rounded up in each of two strata
    assert report.margin <= 0.1


def test_a_sample_grows_and_keeps_what_it_had(workspace: str) -> None:
    run_sample(workspace, RECIPE)
    before = {row.qa_id: row for row in sample(workspace)}
    report = run_sample(workspace, RECIPE, share=0.5)
    after = {row.qa_id: row for row in sample(workspace)}
    assert (report.drawn, report.added) == (20, 12)
    assert {name: row.place for name, row in after.items() if name in before} == {
        name: row.place for name, row in before.items()
    }
    assert run_sample(workspace, RECIPE).drawn == 20  # it never shrinks
    assert run_sample(workspace, RECIPE, anew=True).drawn == 8


def test_what_is_gone_or_reworded_is_told_and_replaced(workspace: str) -> None:
    run_sample(workspace, RECIPE)
    gone, reworded = sample(workspace)[:2]
    rewrite(workspace, partial(_changed, gone=gone.qa_id, reworded=reworded.qa_id))
    report = run_sample(workspace, RECIPE)
    assert (report.gone, report.reworded) == ((gone.qa_id,), (reworded.qa_id,))
    lines = describe_sample(report, "w")
    assert any("1 question of the earlier sample is gone from the corpus" in line for line in lines)
    assert any("1 question of the earlier sample is worded anew since" in line for line in lines)
    assert sum(row.weight for row in sample(workspace)) == pytest.approx(39)
    assert gone.qa_id not in {row.qa_id for row in sample(workspace)}


def test_another_seed_needs_a_new_sample(workspace: str) -> None:
    run_sample(workspace, RECIPE)
    other = RECIPE.model_copy(update={"seed": 3})
    report = run_sample(workspace, other)
    assert (report.changed, report.seed, report.wanted_seed) == (False, 0, 3)
    assert any("--anew draws with seed 3" in line for line in describe_sample(report, "w"))
    assert run_sample(workspace, other, anew=True).seed == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"margin": 2.0}, "--margin is 2"),
        ({"share": 0.0}, "--share is 0"),
        ({"share": 1.5}, "--share is 1.5"),
        ({"share": 0.5, "margin": 0.1}, "give one of them"),
    ],
)
def test_options_that_cannot_be_are_refused(workspace: str, options: dict[str, float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        run_sample(workspace, RECIPE, **options)
    assert sample(workspace) == []


def test_without_questions_there_is_nothing_to_draw(workspace: str) -> None:
    rewrite(workspace, lambda question: None)
    with pytest.raises(UsageError, match="corpusmill generate"):
        run_sample(workspace, RECIPE)


def _changed(question: Question, gone: str, reworded: str) -> Question | None:
    if question.qa_id == gone:
        return None
    return replace(question, answer="eight") if question.qa_id == reworded else question
