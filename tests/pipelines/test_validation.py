"""The way through the gate, from no sample to a validated dataset, and what the dataset says of itself on the way."""

import importlib.util
import json
import shutil
import types
from pathlib import Path

import pytest
from huggingface_hub import DatasetCard

from pipelines.adjudicating import open_cases, run_adjudicate
from pipelines.building import run_build
from pipelines.exporting import export_dataset
from pipelines.judging import read_judging
from pipelines.merging import run_merge
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.sampling import run_sample
from pipelines.validation import ValidationStatus, examine_validation
from pipelines.workspace import open_workspace, writing
from schemas.errors import ExportError
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.recipe_file import override
from schemas.records import Judgement, Question

RECIPE = Recipe.model_validate({"annotate": {"least": 2, "overlap": 1.0}, "validation": {"required": True}})
LENIENT = override(RECIPE, {"validation.max_error_rate": 0.6})
NOT_REQUIRED = override(RECIPE, {"validation.required": False})


def _load(name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


judged = _load("judged_corpus")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = str(tmp_path_factory.mktemp("gate") / "w")
    _load("dataset_corpus").commit_corpus(url, documents=2, questions=20)
    return url


@pytest.fixture
def workspace(untouched: str, tmp_path: Path) -> str:
    return shutil.copytree(untouched, tmp_path / "w").as_posix()


def drawn(url: str) -> list[Question]:
    judging = read_judging(open_workspace(url))
    return [judging.judged[row.qa_id] for row in sorted(judging.sample, key=lambda row: row.place)]


def judge_all(url: str) -> list[Question]:
    """Let two people judge all eight: the first is wrong, on the second they differ, the others are right."""
    asked = drawn(url)
    said: list[Judgement] = []
    for place, question in enumerate(asked):
        for who in ("ann", "ben"):
            bad = place == 0 or (place == 1 and who == "ben")
            said.append(judged.judge(question, who, **(judged.WRONG_ANSWER if bad else judged.GOOD)))
    judged.commit_judgements(url, said)
    return asked


def wanting(url: str, recipe: Recipe = RECIPE) -> tuple[str, ...]:
    return examine_validation(open_workspace(url), recipe).missing


def card_and_mark(folder: Path) -> tuple[DatasetCard, dict[str, object]]:
    return DatasetCard.load(folder / "README.md"), json.loads((folder / "corpusmill.json").read_text())


def test_the_gate_says_what_is_missing_step_by_step(workspace: str, tmp_path: Path) -> None:
    assert [line.partition(":")[0] for line in wanting(workspace)] == ["no sample is drawn"]
    run_sample(workspace, RECIPE)
    assert [line.partition(":")[0] for line in wanting(workspace)] == [
        "0 of 8 drawn questions are judged by all who should"
    ]
    asked = judge_all(workspace)
    assert [line.partition(":")[0] for line in wanting(workspace)] == [
        "1 not adjudicated",
        "what people judged is not merged",
    ]
    judged.commit_judgements(workspace, [judged.judge(asked[1], "eve", expert=True, **judged.GOOD)])
    assert run_merge(workspace, RECIPE).plan.removed == (asked[0].qa_id,)
    (line,) = wanting(workspace)
    assert "people found 1 of 8 wrong" in line
    with pytest.raises(ExportError, match=r"requires validation .*\n  - up to .* may be wrong.*\nexport --unvalidated"):
        export_dataset(workspace, str(tmp_path / "d"), RECIPE)
    assert not (tmp_path / "d").exists()
    assert wanting(workspace, LENIENT) == ()


def test_a_validated_dataset_says_how_good_it_is(workspace: str, tmp_path: Path) -> None:
    run_sample(workspace, LENIENT)
    asked = judge_all(workspace)
    judged.commit_judgements(workspace, [judged.judge(asked[1], "eve", expert=True, **judged.GOOD)])
    run_merge(workspace, LENIENT)
    assert export_dataset(workspace, str(tmp_path / "d"), LENIENT).counts["qa"] == 39
    card, mark = card_and_mark(tmp_path / "d")
    assert (mark["validation"], card.data.to_dict()["tags"]) == ("passed", ["human-validated"])
    for words in (
        "**Validated by people**",
        "40 questions 8 were drawn and 8 are settled,\n1 of them by an expert, after 17 judgements by 2 annotators",
        "| all | 8 of 8 | 1 | 12.5 % |",
        "(0 corrected) or left out (1)",
        "| answer_factual | 8 | 87.5 % |",
    ):
        assert words in card.text
    assert "Unvalidated" not in card.text
    for block in card.text.split("\n\n"):
        rows = [line.replace("\\|", "") for line in block.split("\n") if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1, block


def test_an_unvalidated_dataset_says_so_first(workspace: str, tmp_path: Path) -> None:
    run_sample(workspace, RECIPE)
    judge_all(workspace)
    outcome = export_dataset(workspace, str(tmp_path / "d"), RECIPE, unvalidated=True)
    assert outcome.message.endswith("; marked as unvalidated")
    card, mark = card_and_mark(tmp_path / "d")
    assert (mark["validation"], card.data.to_dict()["tags"]) == ("unvalidated", ["unvalidated"])
    assert "> **Unvalidated.**" in card.text[:600]
    assert "> - 1 not adjudicated" in card.text
    assert "**What people found wrong is still in this dataset**" in card.text


def test_where_nothing_is_required_nothing_is_claimed(workspace: str, tmp_path: Path) -> None:
    export_dataset(workspace, str(tmp_path / "d"), NOT_REQUIRED)
    card, mark = card_and_mark(tmp_path / "d")
    assert (mark["validation"], "tags" in card.data.to_dict()) == ("not required", False)
    assert "Measured quality" not in card.text
    assert "No person has validated" in card.text


def test_a_corpus_that_changed_is_not_spoken_for(workspace: str) -> None:
    run_sample(workspace, LENIENT)
    asked = judge_all(workspace)
    judged.commit_judgements(workspace, [judged.judge(asked[1], "eve", expert=True, **judged.GOOD)])
    run_merge(workspace, LENIENT)
    assert examine_validation(open_workspace(workspace), LENIENT).status is ValidationStatus.PASSED
    _generate_fewer(workspace, keep={question.qa_id for question in asked})
    first, second = wanting(workspace, LENIENT)
    assert "the sample was drawn from 40 questions and there are 38" in first
    assert "not merged" in second


def _generate_fewer(url: str, keep: set[str]) -> None:
    with writing(url) as opened:
        found = read_judging(opened).judged
        lost = [name for name in found if name not in keep][:2]
        draft = opened.begin(Stage.GENERATE)
        for path in opened.parts("qa"):
            draft.remove(path)
        rows = [question for name, question in found.items() if name not in lost]
        draft.stage(write_part(opened.folder, draft.staging, "qa", rows))
        publish(draft, RECIPE, key="fewer", seconds=0.1)


def test_a_build_says_that_its_dataset_waits_for_people(tmp_path: Path) -> None:
    recipe = judged.recipe(validation={"required": True})
    outcome = run_build([str(judged.PDFS / "multcomp-chfls1.pdf")], str(tmp_path / "w"), recipe)
    assert outcome.exit_code == 1
    assert outcome.messages[-1].startswith("no dataset yet, the recipe requires validation")
    assert not (tmp_path / "w" / "dataset").exists()


def test_open_cases_show_both_sides(workspace: str) -> None:
    run_sample(workspace, RECIPE)
    asked = judge_all(workspace)
    (case,) = open_cases(workspace)
    assert (case.qa_id, case.reasons) == (asked[1].qa_id, ("labels_differ",))
    assert case.explanation == "annotators differ on whether it is wrong (answer_factual)"
    assert {voice.annotator: voice.rejects for voice in case.voices} == {"ann": (), "ben": ("answer_factual",)}


def test_without_open_cases_no_server_is_asked(workspace: str) -> None:
    outcome = run_adjudicate(workspace, RECIPE)
    assert (outcome.exit_code, outcome.message) == (0, "nothing to do: no judged question waits for an expert")
