"""Extract, generate and check on real small PDFs, one after the other in one workspace."""

import shutil
from pathlib import Path

import pymupdf
import pytest

from pipelines.checking import check_questions
from pipelines.extracting import run_extract
from pipelines.generating import run_generate
from pipelines.planning import plan_build
from pipelines.summary import show_summary, summarize
from pipelines.workspace import open_workspace
from schemas.errors import EngineError, UsageError, WorkspaceError
from schemas.recipe import Recipe

DATA = Path(__file__).parents[1] / "data"
PDF = DATA / "jose-00265.pdf"


def recipe(extract=None, **generate):
    return Recipe.model_validate(
        {
            "extract": {"profile": "fast", "page_dpi": 0, **(extract or {})},
            "generate": {"engine": "none", **generate},
            "run": {"workers": 1, "batch_documents": 2},
        }
    )


@pytest.fixture(scope="module")
def pile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pile")
    shutil.copy(PDF, folder / "a.pdf")
    shutil.copy(PDF, folder / "copy.pdf")
    shutil.copy(DATA / "pictures-introduction.pdf", folder / "b.pdf")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "text.pdf").write_text("no PDF at all, only a text that someone named so")
    return folder


@pytest.fixture(scope="module")
def extracted(pile, tmp_path_factory):
    workspace = str(tmp_path_factory.mktemp("stages") / "workspace")
    outcome = run_extract([str(pile)], workspace, recipe())
    return workspace, outcome


@pytest.fixture
def workspace(extracted, tmp_path):
    return shutil.copytree(extracted[0], tmp_path / "workspace").as_posix()


def test_good_files_are_extracted_and_bad_ones_are_rows(extracted):
    url, outcome = extracted
    assert (outcome.exit_code, outcome.counts) == (1, {"documents": 2, "failed": 2, "new": 4, "copies": 1})
    opened = open_workspace(url)
    assert {row.uri.rpartition("/")[2]: row.reason_code for row in opened.records("errors")} == {
        "empty.pdf": "empty_file",
        "text.pdf": "not_a_pdf",
    }
    assert {document.page_count for document in opened.records("documents")} == {
        len(view.pages) for view in opened.views()
    }
    assert [len(manifest.inputs) for manifest in opened.manifests()] == [2, 2]


def test_a_rerun_reads_nothing_again(workspace, pile):
    outcome = run_extract([str(pile)], workspace, recipe())
    assert (outcome.exit_code, outcome.counts["new"]) == (1, 0)
    assert "nothing to do" in outcome.message
    assert len(open_workspace(workspace).manifests()) == 2


def test_a_changed_recipe_reads_again_and_supersedes(workspace, pile):
    before = open_workspace(workspace).count("elements")
    outcome = run_extract([str(pile)], workspace, recipe({"crop_dpi": 72}))
    opened = open_workspace(workspace)
    assert outcome.counts["new"] == 4
    assert (opened.count("documents"), opened.count("elements"), opened.count("errors")) == (2, before, 2)


def test_another_limit_tries_only_the_failed_again(workspace, pile):
    assert run_extract([str(pile)], workspace, recipe({"seconds_per_page": 50})).counts["new"] == 2


def test_a_list_with_a_missing_file_goes_on_once(workspace, tmp_path):
    (tmp_path / "list.txt").write_text(f"{PDF}\ngone.pdf\n")
    for new in (1, 0):
        outcome = run_extract([str(tmp_path / "list.txt")], workspace, recipe())
        assert (outcome.exit_code, outcome.counts["failed"], outcome.counts["new"]) == (1, 1, new)
    rows = [row for row in open_workspace(workspace).records("errors") if row.reason_code == "unreadable_file"]
    assert len(rows) == 1


def test_only_what_may_go_well_another_time_is_tried_again_on_demand(workspace, pile, tmp_path, monkeypatch):
    shutil.copytree(pile, tmp_path / "pile")
    (tmp_path / "pile" / "slow.pdf").write_bytes((DATA / "BiostringsQuickOverview.pdf").read_bytes())
    arguments = [[str(tmp_path / "pile")], workspace, recipe()]
    with monkeypatch.context() as busy:
        busy.setattr("extractors.isolation._BASE_SECONDS", -10_000.0)
        assert run_extract(*arguments).counts["failed"] == 3
    assert [row.reason_code for row in open_workspace(workspace).records("errors") if row.retryable] == ["timeout"]
    assert run_extract(*arguments).counts["new"] == 0
    outcome = run_extract(*arguments, retry_failed=True)
    assert (outcome.counts["new"], outcome.counts["failed"]) == (1, 2)
    assert not any(row.retryable for row in open_workspace(workspace).records("errors"))


def test_questions_are_written_once_and_stand_the_checks(workspace):
    outcome = run_generate(workspace, recipe())
    assert outcome.exit_code == 0
    questions = open_workspace(workspace).records("qa")
    again = run_generate(workspace, recipe())
    assert "nothing to do" in again.message
    report = check_questions(workspace)
    assert (report.checked, report.failed, report.exit_code) == (len(questions), (), 0)
    changed = run_generate(workspace, recipe(per_table=0))
    assert changed.counts["questions"] == 0
    assert open_workspace(workspace).records("qa") == []


def test_a_server_that_is_away_costs_no_table_question(workspace):
    expected = run_generate(workspace, recipe()).counts["questions"]
    outcome = run_generate(workspace, recipe(engine="http://127.0.0.1:9/v1", max_requests=99))
    assert (outcome.exit_code, outcome.counts["questions"]) == (1, expected)
    assert "could not be reached" in outcome.message
    assert "engine_unreachable" in {row.reason_code for row in open_workspace(workspace).records("errors")}


def test_an_unknown_engine_ends_the_run_and_commits_nothing(workspace):
    with pytest.raises(EngineError, match="nonsense"):
        run_generate(workspace, recipe(engine="nonsense"))
    assert len(open_workspace(workspace).manifests()) == 2


def test_an_unknown_runner_is_a_usage_error(pile, tmp_path):
    with pytest.raises(UsageError, match="runner"):
        run_extract([str(pile)], str(tmp_path / "w"), recipe(), beam_args=["--runner=Nobody"])


def test_a_plan_counts_pages_and_asks_no_engine(pile):
    plan = plan_build([str(pile)], recipe(engine="http://127.0.0.1:9/v1"), sample_pages=1)
    assert (plan.documents, plan.copies) == (4, 1)
    assert plan.pages > plan.sample_pages > 0
    assert plan.requests > 0


def test_the_summary_counts_what_is_committed(workspace, capsys):
    summary = summarize(workspace)
    assert (summary["documents"], summary["errors"]) == (2, {"empty_file": 1, "not_a_pdf": 1})
    show_summary(summary, workspace, seconds=61)
    assert "2 documents" in capsys.readouterr().err


def test_the_right_password_is_tried_after_a_wrong_one(tmp_path, monkeypatch):
    with pymupdf.open(DATA / "pictures-introduction.pdf") as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="right", owner_pw="owner")
    workspace, settings = str(tmp_path / "workspace"), recipe({"password_variable": "CORPUSMILL_TEST_PASSWORD"})
    monkeypatch.setenv("CORPUSMILL_TEST_PASSWORD", "wrong")
    assert run_extract([str(tmp_path / "locked.pdf")], workspace, settings).exit_code == 1
    assert summarize(workspace)["errors"] == {"wrong_password": 1}
    assert summarize(workspace)["failures"][0].startswith("locked.pdf: ")
    monkeypatch.setenv("CORPUSMILL_TEST_PASSWORD", "right")
    assert run_extract([str(tmp_path / "locked.pdf")], workspace, settings).exit_code == 0
    assert summarize(workspace)["errors"] == {}


def test_a_workspace_that_is_a_file_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WorkspaceError, match="give the path of a folder"):
        run_extract([str(PDF)], str(tmp_path / "file"), recipe())


def test_dataflow_cannot_write_to_a_local_folder(tmp_path):
    with pytest.raises(UsageError, match="give a gs:// path as workspace"):
        run_extract([str(PDF)], str(tmp_path / "workspace"), recipe(), beam_args=["--runner=DataflowRunner"])
    assert not (tmp_path / "workspace").exists()
