"""Judgements by hand on real questions, merged: what changes, what leaves, what is told, and that twice is once."""

import importlib.util
import random
import re
import shutil
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.checking import check_questions
from pipelines.generating import run_generate
from pipelines.judging import read_judging
from pipelines.merging import MergeReport, run_merge
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.workspace import open_workspace, writing
from schemas.errors import UsageError
from schemas.geometry import Box
from schemas.kinds import EvidenceRole, Stage
from schemas.records import BoxCorrection, EvidenceJudgement, Judgement, Question, Reject


def _load_corpus() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("judged_corpus", Path(__file__).with_name("judged_corpus.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


corpus = _load_corpus()
judge, GOOD, WRONG = corpus.judge, corpus.GOOD, corpus.WRONG_ANSWER


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged") / "workspace"
    corpus.make_workspace(str(folder))
    return folder


@pytest.fixture
def workspace(untouched: Path, tmp_path: Path) -> str:
    return shutil.copytree(untouched, tmp_path / "workspace").as_posix()


def merge(url: str, *judgements: Judgement) -> MergeReport:
    corpus.commit_judgements(url, judgements)
    return run_merge(url, corpus.recipe())


def state(url: str) -> tuple[list[Question], list[Question], list[Reject]]:
    opened = open_workspace(url)
    rejects = [row for row in opened.records("rejects") if row.stage == "annotate"]
    return corpus.questions(url), opened.records("originals"), rejects


def by_id(url: str, qa_id: str) -> Question:
    return next(question for question in corpus.questions(url) if question.qa_id == qa_id)


def both(question: Question, **given: Any) -> list[Judgement]:
    return [judge(question, who, **given) for who in ("ann", "ben")]


def test_what_was_judged_right_stands_and_nothing_is_written(workspace: str) -> None:
    before = state(workspace)
    runs = len(open_workspace(workspace).manifests())
    report = merge(workspace, *both(before[0][0], **GOOD))
    assert (report.changed, report.plan.judged) == (False, 1)
    assert state(workspace) == before
    assert len(open_workspace(workspace).manifests()) == runs + 1  # the judgements


def test_a_correction_enters_and_the_history_keeps_the_old_words(workspace: str) -> None:
    old = next(question for question in corpus.questions(workspace) if question.question.startswith("Going by"))
    words = old.question.replace("Going by", "According to")
    report = merge(workspace, *both(old, corrected_question=words, **GOOD))
    new = by_id(workspace, old.qa_id)
    assert report.plan.corrected == (old.qa_id,)
    assert (new.question, new.answer, new.evidence) == (words, old.answer, old.evidence)
    last = new.history[-1]
    assert (last.step, last.author, last.question) == ("corrected", "ann, ben", old.question)
    assert check_questions(workspace).failed == ()
    assert state(workspace)[1] == [old]


def test_what_was_rejected_leaves_with_the_reason(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    report = merge(workspace, *both(old, comment="The table says 3.", **WRONG))
    assert report.plan.removed == (old.qa_id,)
    questions, originals, (row,) = state(workspace)
    assert old.qa_id not in {question.qa_id for question in questions}
    assert originals == [old]
    assert (row.subject, row.reason_code, row.page_index) == (
        old.qa_id,
        "answer_not_factual",
        old.evidence[0].page_index,
    )
    assert (
        row.message
        == "People judged that the answer is not factual (ann, ben); “The table says 3.”; “The table says 3.”"
    )
    assert row.text == f"{old.question} | {old.answer}"


def test_a_correction_that_contradicts_the_program_is_put_aside_and_says_why(workspace: str) -> None:
    old = next(question for question in corpus.questions(workspace) if re.fullmatch(r"\d+\.\d+", question.answer))
    report = merge(workspace, *both(old, corrected_answer="0.5", **WRONG))
    (aside,) = report.plan.aside
    assert (aside.reason_code, aside.before, aside.stays) == (
        "correction_fails",
        f"{old.question} | {old.answer}",
        False,
    )
    assert aside.after.endswith("| 0.5")
    assert f"a table program computes {old.answer} from the quoted cells" in aside.message
    questions, originals, (row,) = state(workspace)
    assert old not in questions
    assert originals == [old]
    assert "as it was: " in str(row.text)
    assert "as corrected: " in str(row.text)


def test_a_failing_correction_of_a_question_judged_right_leaves_it_as_it_was(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    report = merge(workspace, *both(old, corrected_question="What about it?", **GOOD))
    assert [aside.stays for aside in report.plan.aside] == [True]
    questions, originals, rejects = state(workspace)
    assert old in questions
    assert originals == []
    assert [row.reason_code for row in rejects] == ["correction_fails"]
    assert not run_merge(workspace, corpus.recipe()).changed


def test_a_correction_that_repeats_another_question_is_put_aside(workspace: str) -> None:
    first, second = [question for question in corpus.questions(workspace) if question.program][:2]
    twin = replace(first, question=second.question)
    report = merge(workspace, *both(first, corrected_question=twin.question, corrected_answer=second.answer, **GOOD))
    assert [aside.stays for aside in report.plan.aside] == [True]
    assert corpus.questions(workspace)[0] == first


def test_evidence_that_is_not_required_becomes_context(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    table, caption = old.evidence
    wider = replace(
        old, evidence=(table, replace(caption, role=EvidenceRole.ANSWER)), answer_modality="text+table", hops=2
    )
    _put(workspace, wider)
    units = (EvidenceJudgement(table.element_id, True), EvidenceJudgement(caption.element_id, False))
    report = merge(workspace, *both(wider, evidence=units, **GOOD))
    new = by_id(workspace, old.qa_id)
    assert report.plan.evidence == (old.qa_id,)
    assert ([unit.role for unit in new.evidence], new.answer_modality, new.hops) == (["answer", "context"], "table", 1)


def test_boxes_that_people_redrew_are_kept_beside_the_elements(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    unit = old.evidence[0]
    drawn = [Box(100, 100, 200, 200), Box(104, 100, 204, 200)]
    judgements = [
        judge(
            old,
            who,
            evidence=(EvidenceJudgement(unit.element_id, True, (BoxCorrection(unit.doc_id, unit.page_index, box),)),),
            **GOOD,
        )
        for who, box in zip(("ann", "ben"), drawn, strict=True)
    ]
    merge(workspace, *judgements)
    new = by_id(workspace, old.qa_id).evidence[0]
    assert (new.corrected_bbox, new.bbox) == (Box(102, 100, 202, 200), unit.bbox)
    assert check_questions(workspace).failed == ()


def test_what_is_open_waits(workspace: str) -> None:
    one, two, three = corpus.questions(workspace)[:3]
    before = state(workspace)
    report = merge(workspace, judge(one, "ann", **WRONG), judge(two, "ann", **WRONG), judge(two, "ben", **GOOD))
    assert report.plan.open_cases == ((one.qa_id, "lone_rejection"), (two.qa_id, "labels_differ"))
    assert (report.changed, state(workspace)) == (False, before)
    after = merge(workspace, judge(two, "eve", expert=True, **WRONG), judge(one, "eve", expert=True, **GOOD))
    assert (after.plan.removed, after.plan.open_cases) == ((two.qa_id,), ())
    assert three in corpus.questions(workspace)


def test_merging_twice_is_merging_once_and_a_changed_mind_is_merged_too(workspace: str) -> None:
    one, two = corpus.questions(workspace)[:2]
    merge(workspace, *both(one, **WRONG), *both(two, corrected_question=f"{two.question[:-1]} there?", **GOOD))
    merged = state(workspace)
    assert one not in merged[0]
    again = run_merge(workspace, corpus.recipe())
    assert (again.changed, state(workspace)) == (False, merged)
    report = merge(workspace, judge(one, "eve", expert=True, minute=5, **GOOD))
    assert report.changed
    assert one in corpus.questions(workspace)
    assert by_id(workspace, two.qa_id).history[-1].question == two.question


def test_a_merge_that_is_killed_anywhere_is_done_or_undone(workspace: str, tmp_path: Path) -> None:
    one, two = corpus.questions(workspace)[:2]
    corpus.commit_judgements(workspace, [*both(one, **WRONG), *both(two, corrected_answer="about 9", **GOOD)])
    before = state(workspace)
    script = Path(__file__).with_name("dying_merge.py")
    subprocess.run([sys.executable, str(script), workspace, str(tmp_path / "dead-")], check=True, cwd=script.parents[2])
    run_merge(workspace, corpus.recipe())
    after = state(workspace)
    left = [state(str(path)) for path in sorted(tmp_path.glob("dead-*"))]
    assert len(left) > 10
    assert [found for found in left if found not in (before, after)] == []
    assert before in left
    assert after in left


def test_a_dry_run_tells_and_writes_nothing(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    corpus.commit_judgements(workspace, both(old, **WRONG))
    before = state(workspace)
    report = run_merge(workspace, corpus.recipe(), dry_run=True)
    assert (report.changed, report.plan.removed, state(workspace)) == (True, (old.qa_id,), before)


def test_after_a_new_generation_what_fits_is_merged_again_and_the_rest_is_listed(workspace: str) -> None:
    found = corpus.questions(workspace)
    one, two = found[0], next(question for question in found if question.qa_id[:16] != found[0].qa_id[:16])
    merge(workspace, *both(one, **WRONG), *both(two, comment="no", **WRONG))
    run_generate(workspace, corpus.recipe(generate={"per_table": 1}))
    kept = {question.qa_id for question in corpus.questions(workspace)}
    assert not read_judging(open_workspace(workspace)).merged
    report = run_merge(workspace, corpus.recipe())
    gone = {one.qa_id, two.qa_id} - kept
    assert {row.qa_id for row in report.plan.unfit} == gone
    assert set(report.plan.removed) == {one.qa_id, two.qa_id} & kept
    run_generate(workspace, corpus.recipe())
    assert set(run_merge(workspace, corpus.recipe()).plan.removed) == {one.qa_id, two.qa_id}


def test_a_judgement_of_other_words_is_listed_with_its_correction(workspace: str) -> None:
    old = corpus.questions(workspace)[0]
    other = replace(judge(old, "ann", corrected_answer="3", **WRONG), wording="older")
    (row,) = merge(workspace, other).plan.unfit
    assert (row.annotator, row.why, row.correction) == ("ann", "reworded", "3")


def test_the_order_of_judgements_does_not_matter(workspace: str, untouched: Path, tmp_path: Path) -> None:
    found = corpus.questions(workspace)
    said = [one for number, question in enumerate(found) for one in both(question, **(WRONG, GOOD)[number % 2])]
    said += [judge(found[0], "eve", expert=True, **GOOD)]
    merge(workspace, *said)
    mixed = shutil.copytree(untouched, tmp_path / "mixed").as_posix()
    random.Random(3).shuffle(said)
    merge(mixed, *said)
    assert state(mixed) == state(workspace)


def test_a_workspace_without_judgements_is_left_alone(workspace: str, tmp_path: Path) -> None:
    assert not run_merge(workspace, corpus.recipe()).changed
    with pytest.raises(UsageError, match="no workspace here"):
        run_merge(str(tmp_path / "none"), corpus.recipe())


def _put(url: str, question: Question) -> None:
    with writing(url) as opened:
        draft = opened.begin(Stage.GENERATE)
        rows = [question if row.qa_id == question.qa_id else row for row in corpus.questions(url)]
        draft.stage(write_part(opened.folder, draft.staging, "qa", rows), opened.parts("qa")[0])
        publish(draft, corpus.recipe(), key="put", seconds=0.1)
