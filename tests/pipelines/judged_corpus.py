"""A workspace of real questions about real PDFs, and judgements of them made by hand."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.extracting import run_extract
from pipelines.generating import run_generate
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.workspace import open_workspace, writing
from schemas.identity import digest, wording
from schemas.kinds import JudgeRole, Stage
from schemas.recipe import Recipe
from schemas.records import Judgement, Question

PDFS = Path(__file__).parents[2] / "examples" / "pdfs"
GOOD = {"question_factual": True, "answer_factual": True, "complete": True, "self_contained": True, "human_like": True}
WRONG_ANSWER = GOOD | {"answer_factual": False}


def recipe(**sections: dict[str, Any]) -> Recipe:
    """Return a recipe that reads fast and asks no engine."""
    plain = {
        "extract": {"profile": "fast", "page_dpi": 0},
        "generate": {"engine": "none", "per_table": 4},
        "run": {"workers": 1},
    }
    return Recipe.model_validate(
        {name: {**plain.get(name, {}), **sections.get(name, {})} for name in {*plain, *sections}}
    )


def make_workspace(url: str) -> None:
    """Extract two PDFs and write questions about their tables."""
    run_extract([str(PDFS / name) for name in ("multcomp-chfls1.pdf", "RcppEigen-Introduction.pdf")], url, recipe())
    run_generate(url, recipe())


def questions(url: str) -> list[Question]:
    """Return the questions of a workspace by id."""
    found: list[Question] = open_workspace(url).records("qa")
    return sorted(found, key=lambda question: question.qa_id)


def judge(question: Question, who: str, *, expert: bool = False, minute: int = 0, **given: Any) -> Judgement:
    """Return a verdict on a question as it is worded now."""
    role = JudgeRole.EXPERT if expert else JudgeRole.ANNOTATOR
    return Judgement(
        digest(question.qa_id, who, role, str(minute)),
        question.qa_id,
        who,
        f"2026-11-21T10:{minute:02d}:00Z",
        role=role,
        wording=wording(question.question, question.answer),
        **given,
    )


def commit_judgements(url: str, judgements: Iterable[Judgement]) -> None:
    """Commit judgements as if they had been pulled."""
    with writing(url) as workspace:
        draft = workspace.begin(Stage.ANNOTATE)
        draft.stage(write_part(workspace.folder, draft.staging, "judgements", list(judgements)))
        publish(draft, recipe(), key="pulled", seconds=0.1)
