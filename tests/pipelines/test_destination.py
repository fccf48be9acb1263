"""What a dataset may be put over, and what of it is skipped when it stands already."""

import os
from pathlib import Path

import pytest

from pipelines.destination import CHECKSUMS, MARK, DatasetMark, Destination
from pipelines.storage import Folder
from schemas.errors import ExportError

KEY = "k1"


def mark(source: str = "w/huggingface", key: str = KEY) -> DatasetMark:
    return DatasetMark(source=source, key=key, format="huggingface", schema_version=1, software={}, rows={"qa": 3})


def publish(target: Path, text: str = "data", **changes: str) -> Destination:
    place = Destination(str(target), source=mark(**changes).source)
    with place.aside() as folder:
        with folder.open_output("qa/train.parquet") as file:
            file.write(text.encode())
        place.publish(folder, mark(**changes))
    return place


def write_half(place: Destination) -> None:
    with place.aside() as folder:
        folder.make("qa")
        raise KeyboardInterrupt


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "above" / "workspace"
    for name in ("manifests", "documents", "qa", "responses"):
        (folder / name).mkdir(parents=True)
        (folder / name / "row").write_text("kept")
    return folder


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (".", "the workspace keeps its tables here; give .*/workspace/dataset as DEST"),
        ("qa", "the workspace keeps its tables here"),
        ("documents/deeper/still", "the workspace keeps its tables here"),
        ("responses", "the workspace keeps its tables here"),
        (".staging/x", "the workspace keeps its tables here"),
        ("..", "holds more than a dataset"),
        ("../..", "holds more than a dataset"),
        ("/", "holds more than a dataset"),
    ],
)
def test_a_workspace_is_never_replaced(workspace: Path, target: str, message: str) -> None:
    before = contents(workspace)
    place = Destination(str(workspace / target), source="w/huggingface")
    with pytest.raises(ExportError, match=message):
        place.check(Folder(str(workspace)), overwrite=True)
    assert contents(workspace) == before


def test_another_workspace_is_never_replaced(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "manifests").mkdir(parents=True)
    with pytest.raises(ExportError, match="another workspace"):
        Destination(str(tmp_path / "other"), source="x").check(Folder(str(workspace)), overwrite=True)


def test_a_link_to_the_workspace_is_the_workspace(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(workspace)
    with pytest.raises(ExportError, match="keeps its tables"):
        Destination(str(tmp_path / "link"), source="x").check(Folder(str(workspace)), overwrite=True)
    with pytest.raises(ExportError, match="keeps its tables"):
        Destination(str(workspace), source="x").check(Folder(str(tmp_path / "link")), overwrite=True)


def test_the_working_folder_and_the_home_folder_stay(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "people" / "home", tmp_path / "here"
    for folder in (home, here):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    for target in (home, here, home.parent):
        with pytest.raises(ExportError, match="holds more than a dataset"):
            Destination(str(target), source="x").check(Folder(str(workspace)), overwrite=True)
    Destination("dataset", source="x").check(Folder(str(workspace)), overwrite=True)


def test_inside_the_workspace_there_is_room_for_a_dataset(workspace: Path) -> None:
    before = contents(workspace)
    Destination(str(workspace / "dataset"), source="x").check(Folder(str(workspace)), overwrite=False)
    publish(workspace / "dataset")
    assert {path: data for path, data in contents(workspace).items() if not path.startswith("dataset/")} == before


def test_behind_a_link_the_dataset_goes_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    for text in ("first", "second"):
        publish(tmp_path / "link", text)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "disk/qa/train.parquet").read_text() == text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link"]


def test_a_dataset_stands_only_while_it_is_whole_and_from_the_same_state(tmp_path: Path) -> None:
    place = publish(tmp_path / "d")
    assert place.standing(KEY) == mark()
    assert place.standing("k2") is None
    assert Destination(str(tmp_path / "d"), source="other").standing(KEY) is None
    (tmp_path / "d" / "more").touch()
    assert place.standing(KEY) is None
    (tmp_path / "d" / "more").unlink()
    assert place.standing(KEY) == mark()
    (tmp_path / "d/qa/train.parquet").write_text("Data")
    assert place.standing(KEY) is None


@pytest.mark.parametrize(("name", "text"), [(MARK, None), (CHECKSUMS, None), (MARK, "no JSON"), (MARK, "{}")])
def test_a_dataset_that_cannot_prove_itself_is_not_ours(
    workspace: Path, tmp_path: Path, name: str, text: str | None
) -> None:
    place = publish(tmp_path / "d")
    (tmp_path / "d" / name).unlink()
    if text is not None:
        (tmp_path / "d" / name).write_text(text)
    assert place.standing(KEY) is None
    with pytest.raises(ExportError, match="no earlier export; give another DEST, or --overwrite"):
        place.check(Folder(str(workspace)), overwrite=False)
    place.check(Folder(str(workspace)), overwrite=True)


def test_a_failure_leaves_the_dataset_that_stood_there(tmp_path: Path) -> None:
    place = publish(tmp_path / "d")
    before = contents(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write_half(place)
    assert contents(tmp_path) == before


def test_a_swap_that_was_cut_short_is_undone(tmp_path: Path) -> None:
    place = publish(tmp_path / "d")
    before = contents(tmp_path)
    above_all_processes = 2**22 + 7
    (tmp_path / "d").rename(tmp_path / f".d.partial-{above_all_processes}-0a.old")
    with place.aside():
        assert (tmp_path / "d").is_dir()
    assert contents(tmp_path) == before


def test_the_folder_beside_is_hidden_and_of_this_process(tmp_path: Path) -> None:
    with Destination(str(tmp_path / "new" / "d"), source="x").aside() as folder:
        name = Path(folder.root).name
    assert name.startswith(f".d.partial-{os.getpid()}-")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_remote_folder_is_replaced_as_well() -> None:
    root = Folder("memory://export-test")
    try:
        for text in ("first", "second"):
            place = Destination("memory://export-test/d", source=mark().source)
            with place.aside() as folder:
                with folder.open_output("qa/train.parquet") as file:
                    file.write(text.encode())
                place.publish(folder, mark())
            assert Folder("memory://export-test/d").read_bytes("qa/train.parquet") == text.encode()
            assert place.standing(KEY) == mark()
        assert root.names("") == ["d"]
    finally:
        root.remove_tree("")
