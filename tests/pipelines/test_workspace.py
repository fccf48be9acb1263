import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.outcomes import publish
from pipelines.parts import PartWriter, write_part
from pipelines.storage import Folder
from pipelines.workspace import commit_of, open_workspace, writing
from schemas.errors import UsageError, WorkspaceError
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, Stage
from schemas.recipe import Recipe
from schemas.records import Document, Element, Image, Link

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["local", "memory"])
def url(request, tmp_path):
    return str(tmp_path / "workspace") if request.param == "local" else f"memory://{tmp_path.name}"


def test_a_document_comes_back_whole(url):
    _commit(url, ["a", "b"])
    workspace = open_workspace(url)
    view = workspace.view(workspace.places()[1])
    assert view.document.doc_id == "b"
    assert [element.text for element in view.elements] == ["text of b"]
    assert view.links == (Link("b/1", "b/2", LinkKind.MENTIONS),)
    assert workspace.images(workspace.places()[1], ["picture-b", "picture-a"]).keys() == {"picture-a", "picture-b"}


def test_tables_nobody_has_written_are_empty(url):
    _commit(url, ["a"])
    workspace = open_workspace(url)
    assert workspace.records("qa") == []
    assert list(workspace.stream("judgements")) == []


def test_later_commits_add_and_supersede(url):
    _commit(url, ["a", "b"])
    _commit(url, ["b", "c"], note="again")
    workspace = open_workspace(url)
    assert [place.doc_id for place in workspace.places()] == ["a", "b", "c"]
    texts = {row.doc_id: row.text for row in workspace.records("elements")}
    assert texts == {"a": "text of a", "b": "again", "c": "again"}
    assert sorted(image.image_id for image in workspace.records("images")) == ["picture-a", "picture-b", "picture-c"]
    assert workspace.count("links") == 3
    assert [manifest.sequence for manifest in workspace.manifests()] == [1, 2]


def test_a_folder_that_is_no_workspace_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no workspace here"):
        open_workspace(str(tmp_path / "nothing"))


def test_two_writers_do_not_meet(tmp_path):
    with writing(str(tmp_path)), pytest.raises(WorkspaceError, match="already writing"), writing(str(tmp_path)):
        pass


def test_another_process_that_writes_is_named(tmp_path):
    program = (
        "import sys\nfrom pipelines.workspace import writing\n"
        "with writing(sys.argv[1]):\n print('ready', flush=True)\n sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with child:
        assert child.stdout.readline() == b"ready\n"
        with pytest.raises(WorkspaceError, match=f"process {child.pid} on"), writing(str(tmp_path)):
            pass
        child.kill()
        child.wait()
        # The lock ends with the process that held it.
        with writing(str(tmp_path)) as workspace:
            assert workspace.manifests() == []


def test_a_lock_left_on_a_store_by_a_dead_process_is_taken_over():
    folder = Folder("memory://stale")
    folder.write_bytes(".lock", b'{"pid": 4194999, "host": "%s"}' % os.uname().nodename.encode())
    with writing("memory://stale"):
        pass
    folder.write_bytes(".lock", b'{"pid": 1, "host": "elsewhere"}')
    with pytest.raises(WorkspaceError, match="process 1 on elsewhere"), writing("memory://stale"):
        pass


def test_no_folder_can_be_made_under_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="file"), writing(str(tmp_path / "file" / "workspace")):
        pass


def test_a_full_disk_is_said_and_costs_nothing_committed(tmp_path):
    _commit(str(tmp_path), ["a"])
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from pipelines.parts import write_part\nfrom pipelines.workspace import writing\n"
        "from schemas.errors import WorkspaceError\nfrom schemas.kinds import Stage\n"
        "from schemas.records import Image\n"
        "with writing(sys.argv[1]) as workspace:\n"
        " draft = workspace.begin(Stage.EXTRACT)\n"
        " try:\n  write_part(workspace.folder, draft.staging, 'images', [Image('i', bytes(100_000), 'png', 1, 1)])\n"
        " except WorkspaceError as error:\n  print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, cwd=ROOT)
    assert "free some space" in done.stdout, done.stderr
    assert open_workspace(str(tmp_path)).count("documents") == 1


def test_pictures_lie_in_small_row_groups(tmp_path):
    writer = PartWriter(Folder(str(tmp_path)), ".staging/x", "images")
    writer.write(Image(str(number), b"p", "png", 1, 1) for number in range(250))
    part = writer.close()
    metadata = pq.ParquetFile(tmp_path / part.path).metadata
    assert [metadata.row_group(index).num_rows for index in range(3)] == [100, 100, 50]
    assert part.rows == 250


def test_a_part_names_its_commit():
    assert commit_of("qa/000012-generate-000.parquet") == "000012-generate"


def _commit(url, doc_ids, note=None):
    with writing(url) as workspace:
        draft = workspace.begin(Stage.EXTRACT)
        workspace.drop_documents(draft, doc_ids)
        rows = {
            "documents": [Document(doc_id, doc_id, "uri", 1, 1, "test", "1") for doc_id in doc_ids],
            "elements": [_element(doc_id, note or f"text of {doc_id}") for doc_id in doc_ids],
            "links": [Link(f"{doc_id}/1", f"{doc_id}/2", LinkKind.MENTIONS) for doc_id in doc_ids],
            "images": [Image(f"picture-{doc_id}", b"p", "png", 1, 1) for doc_id in doc_ids],
        }
        for table, records in rows.items():
            draft.stage(write_part(workspace.folder, draft.staging, table, records))
        publish(draft, Recipe(), key="key", seconds=0.0)


def _element(doc_id, text):
    place = Box(0, 0, 1, 1)
    return Element(f"{doc_id}/1", doc_id, 0, 0, ElementKind.PARAGRAPH, place, text, image_id=f"picture-{doc_id}")


def test_a_damaged_part_is_named(tmp_path):
    url = str(tmp_path / "workspace")
    _commit(url, ["a"])
    part = next((tmp_path / "workspace" / "elements").glob("*.parquet"))
    part.write_bytes(b"no longer a table")
    with pytest.raises(WorkspaceError, match=r"elements: holds a damaged Parquet file"):
        open_workspace(url).records("elements")
