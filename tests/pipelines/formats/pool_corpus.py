"""A committed workspace with what the benchmark formats meet: text and table evidence, two documents, triplets."""

import importlib.util
import types
from dataclasses import replace
from pathlib import Path

from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.workspace import Workspace, open_workspace, writing
from schemas.geometry import Box
from schemas.identity import document_of, triplet_id
from schemas.kinds import (
    AnswerKind,
    CandidateKind,
    EvidenceRole,
    Modality,
    NegativeKind,
    QuestionType,
    Stage,
)
from schemas.recipe import Recipe
from schemas.records import Evidence, Question
from schemas.triplets import Candidate, MinerScore, Triplet


def load(path: Path) -> types.ModuleType:
    """Import a module that lies beside the tests, by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


corpus = load(Path(__file__).parents[1] / "dataset_corpus.py")
SECRET = corpus.SECRET
FIRST, SECOND = (corpus.identity_of(f"{name} | report.pdf") for name in ("a", "b"))
TABLES = {doc_id: f"{doc_id}/p0000/table1" for doc_id in (FIRST, SECOND)}
PASSAGES = {doc_id: f"{doc_id}/passage-1" for doc_id in (FIRST, SECOND)}
TEXT_QUESTION, WIDE_QUESTION, UNANSWERABLE = (f"{FIRST}/qa-{name * 12}" for name in "xyz")


def commit_pools(url: str, *, triplets: bool = True, judged: bool = True) -> None:
    """Commit two documents, seven questions (one of them unanswerable), and mined candidates for the other six."""
    corpus.commit_corpus(url)
    with writing(url) as workspace:
        model = workspace.records("qa")[0]
        more = [
            replace(model, qa_id=TEXT_QUESTION, question="What separates?", evidence=(_text(FIRST),), split="train"),
            replace(model, qa_id=WIDE_QUESTION, question="Which is more?", evidence=(_table(FIRST), _table(SECOND))),
            replace(
                model,
                qa_id=UNANSWERABLE,
                question="Who knows?",
                evidence=(),
                question_type=QuestionType.UNANSWERABLE,
                answer_kind=AnswerKind.NONE,
            ),
        ]
        _commit(workspace, Stage.GENERATE, "qa", more)
        if triplets:
            asked = [one for one in workspace.records("qa") if one.evidence]
            _commit(workspace, Stage.MINE, "triplets", [_triplet(one, judged=judged) for one in asked])


def questions(url: str) -> dict[str, Question]:
    """Return the answerable questions by id."""
    return {one.qa_id: one for one in open_workspace(url).records("qa") if one.evidence}


def commit_rows(url: str, stage: Stage, table: str, rows: list[object]) -> None:
    """Commit rows of one table."""
    with writing(url) as workspace:
        _commit(workspace, stage, table, rows)


def _commit(workspace: Workspace, stage: Stage, table: str, rows: list[object]) -> None:
    draft = workspace.begin(stage)
    draft.stage(write_part(workspace.folder, draft.staging, table, rows))
    publish(draft, Recipe(), key=table, seconds=0.1)


def _triplet(question: Question, *, judged: bool) -> Triplet:
    own = document_of(question.qa_id)
    other = SECOND if own == FIRST else FIRST
    held = {unit.element_id for unit in question.evidence}
    wrong = [
        (f"{other}/p0001", CandidateKind.PAGE),
        (f"{own}/p0002", CandidateKind.PAGE),
        (PASSAGES[other], CandidateKind.PASSAGE),
        (f"{own}/passage-gone", CandidateKind.PASSAGE),
        *((table, CandidateKind.TABLE) for table in TABLES.values() if table not in held),
    ]
    negatives = tuple(
        Candidate(
            name,
            kind,
            negative=NegativeKind.RANKED,
            scores=(MinerScore("bm25", 9.0 - rank, rank + 1),),
            fused=1 / (61 + rank),
            judge=0.5 - rank / 10 if judged else None,
        )
        for rank, (name, kind) in enumerate(wrong)
    )
    positives = tuple(Candidate(name, CandidateKind.TABLE, 2, judge=0.9 if judged else None) for name in sorted(held))
    return Triplet(
        triplet_id(question.qa_id, question.question), question.qa_id, question.question, positives, negatives
    )


def _table(doc_id: str) -> Evidence:
    box = Box(10.0, 20.0, 110.0, 220.0)
    return Evidence(TABLES[doc_id], doc_id, 0, "1", box, Modality.TABLE, EvidenceRole.ANSWER)


def _text(doc_id: str) -> Evidence:
    box = Box(10.0, 5.0, 110.0, 15.0)
    where = f"{doc_id}/p0001/paragraph1"
    return Evidence(where, doc_id, 1, "2", box, Modality.TEXT, EvidenceRole.ANSWER, "separator", 5, 14)
