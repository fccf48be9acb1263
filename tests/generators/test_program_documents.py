"""Questions about the tables of real papers, against a golden file that was read beside them.

`pytest tests/generators/test_program_documents.py --regold` writes it anew; read the difference, then commit it.
"""

import json
import re
from pathlib import Path

import pytest

from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.programs import run_program, write_table_questions
from schemas.kinds import QuestionType
from schemas.recipe import Profile, Recipe

SAMPLE = re.compile(r"^> \*\*(?P<question>.+?)\*\* — (?P<answer>.+?)$", re.MULTILINE | re.DOTALL)
ROOT = Path(__file__).resolve().parent.parent.parent
GOLDEN = Path(__file__).parent / "golden" / "program_questions.json"
NAMES = ("jcon-00051", "multcomp-chfls1")


def read(name, profile=Profile.FAST):
    options = ExtractOptions(profile=profile, page_dpi=36, crop_dpi=36)
    found = extract((ROOT / "examples" / "pdfs" / f"{name}.pdf").read_bytes(), options)
    return DocumentView(found.document, found.pages, found.elements, found.links, passages=found.passages)


@pytest.fixture(scope="module")
def views():
    return {name: read(name) for name in NAMES}


def written(view):
    return write_table_questions(view, seed=1, per_table=6, question_types=list(QuestionType))[0]


def test_questions_about_real_tables_are_those_that_were_read(views, request):
    asked = {name: [[q.program.operation, q.question, q.answer] for q in written(view)] for name, view in views.items()}
    if request.config.getoption("--regold"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(asked, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert asked == json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert sum(map(len, asked.values())) >= 6


def test_each_of_them_stands_the_checks_and_runs_again(views):
    for view in views.values():
        for question in written(view):
            checked = check_question(question, {view.document.doc_id: view})
            assert failed(checked) is None, (failed(checked), question.question)
            assert run_program(question.program, question.evidence) == question.program.result


@pytest.mark.integration
def test_the_sample_of_the_readme_is_a_question_that_the_demo_writes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = SAMPLE.search(readme)
    recipe = Recipe()
    questions, _ = write_table_questions(
        read("HSAUR3-missing-values", Profile.BEST),
        seed=recipe.seed,
        per_table=recipe.generate.per_table,
        question_types=recipe.generate.question_types,
    )
    asked = {question.question: question.answer for question in questions}
    assert asked.get(" ".join(shown["question"].replace("\n> ", " ").split())) == shown["answer"]
