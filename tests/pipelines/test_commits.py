import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.commits import Draft, Journal, is_unsettled, recover
from pipelines.storage import STAGING, Folder
from pipelines.workspace import Workspace, open_workspace, writing
from schemas.errors import WorkspaceError
from schemas.kinds import Stage

WRITER = Path(__file__).with_name("dying_writer.py")
ROOT = Path(__file__).parents[2]

Snapshot = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start") / "workspace"
    _writer().add_documents(Folder(str(folder)), range(0, 3), "old")
    return folder


@pytest.fixture(scope="module")
def deaths(start, tmp_path_factory):
    out = tmp_path_factory.mktemp("deaths")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, WRITER, start, out], check=True, env=environment, timeout=200)
    return sorted(out.iterdir())


def test_a_kill_at_any_operation_leaves_the_old_or_the_new_rows(start, deaths):
    old = _snapshot(open_workspace(str(start)))
    assert old["documents"] == [("0000000000000000", "old"), ("0000000000000001", "old"), ("0000000000000002", "old")]
    outcomes = []
    for copy in deaths:
        was_decided = is_unsettled(Folder(str(copy))) or len(list((copy / "manifests").glob("*.json"))) == 2
        after = _snapshot(open_workspace(str(copy)))
        assert after == (_expected_new() if was_decided else old), copy.name
        outcomes.append(was_decided)
    # The kills hit both sides of the decision, and many places on each.
    assert outcomes.count(True) > 30
    assert outcomes.count(False) > 10


def test_what_a_kill_left_is_cleaned_up_and_the_next_commit_succeeds(deaths, tmp_path):
    for death in deaths[::5]:
        copy = Path(shutil.copytree(death, tmp_path / death.name))
        _writer().commit(Folder(str(copy)))
        assert _snapshot(open_workspace(str(copy))) == _expected_new()
        assert list((copy / STAGING).iterdir()) == []


def test_every_file_under_a_table_is_whole_even_before_recovery(deaths):
    for copy in deaths:
        for path in copy.glob("*/*.parquet"):
            pq.read_table(path)


def test_the_manifest_has_the_checksums_of_the_parts(start):
    manifest = open_workspace(str(start)).manifests()[0]
    assert {part.table for part in manifest.parts} == {"documents", "elements", "links", "images", "errors", "rejects"}
    for part in manifest.parts:
        data = (start / part.path).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (part.sha256, part.byte_size)


def test_a_draft_that_is_abandoned_leaves_nothing(tmp_path):
    with writing(str(tmp_path)) as workspace:
        draft = workspace.begin(Stage.EXTRACT)
        draft.folder.write_bytes(f"{draft.staging}/x", b"x")
        draft.abandon()
    assert list((tmp_path / STAGING).iterdir()) == []


def test_a_lost_part_is_said_and_not_passed_over(tmp_path, start):
    folder = Folder(str(tmp_path))
    manifest = open_workspace(str(start)).manifests()[0]
    move = {"staged": ".staging/x/gone.parquet", "part": manifest.parts[0].model_dump()}
    journal = Journal.model_validate({"moves": [move], "manifest": manifest.model_dump()})
    folder.write_bytes(f"{STAGING}/x/journal.json", journal.model_dump_json().encode())
    with pytest.raises(WorkspaceError, match="the part is gone"):
        recover(folder)


def test_replacing_a_part_by_nothing_removes_it(tmp_path, start):
    draft = Draft(Folder(str(tmp_path)), "000009-extract")
    draft.replace("links", "links/old.parquet", open_workspace(str(start)).read("links").slice(0, 0))
    assert draft.parts() == []


def _writer():
    spec = importlib.util.spec_from_file_location("dying_writer", WRITER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _snapshot(workspace: Workspace) -> Snapshot:
    columns = {
        "documents": ("doc_id", "extractor_version"),
        "elements": ("doc_id", "text"),
        "links": ("source_id", "anchor_text"),
        "images": ("image_id", "format"),
        "errors": ("subject", "message"),
        "rejects": ("subject", "message"),
    }
    return {table: sorted(_pairs(workspace.read(table, names))) for table, names in columns.items()}


def _pairs(table):
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _expected_new() -> Snapshot:
    ids = [f"{number:016x}" for number in range(4)]
    versions = ["old", "new", "new", "new"]
    return {
        "documents": list(zip(ids, versions, strict=True)),
        "elements": list(zip(ids, versions, strict=True)),
        "links": [(f"{doc_id}/a", version) for doc_id, version in zip(ids, versions, strict=True)],
        "images": [(f"{doc_id}-{version}", "png") for doc_id, version in zip(ids, versions, strict=True)],
        "errors": [(ids[0], "old"), (ids[1], "new")],
        "rejects": [(f"{ids[0]}/p0000/paragraph1", "old"), (f"{ids[1]}/p0000/paragraph1", "new")],
    }
