import io
from pathlib import Path

import pyarrow.parquet as pq
import pyrage
import pytest

from pipelines.cli import run
from pipelines.sealing import CANARY_KEY
from pipelines.workspace import open_workspace
from tests.pipelines.dataset_corpus import commit_corpus

READER = str(pyrage.x25519.Identity.generate().to_public())
RECIPE = "split: {train: 1, validation: 0, test: 1}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    url, recipe = str(tmp_path / "w"), tmp_path / "r.yaml"
    commit_corpus(url, documents=4)
    recipe.write_text(RECIPE)
    run(["split", url, "--recipe", str(recipe)])
    return url


def _of_split(workspace: str, split: str) -> set[str]:
    return {row.qa_id for row in open_workspace(workspace).records("qa") if row.split == split}


def test_a_sealed_split_opens_for_its_reader_alone_and_bears_its_canary(workspace: str, tmp_path: Path) -> None:
    reader, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    dest = tmp_path / "sealed"
    wanted = _of_split(workspace, "test") or _of_split(workspace, "train")
    split = "test" if _of_split(workspace, "test") else "train"
    assert run(["export", workspace, str(dest), "--split", split, "--seal-to", str(reader.to_public())]) == 0
    sealed = sorted(dest.rglob("*.age"))
    assert {path.suffix for path in dest.rglob("*") if path.is_file()} <= {".age", ".json", ".md", ""}
    tokens, asked = set(), set()
    for path in sealed:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(path.read_bytes(), [stranger])
        plain = pyrage.decrypt(path.read_bytes(), [reader])
        if path.name.endswith(".parquet.age"):
            table = pq.read_table(io.BytesIO(plain))
            tokens.add(table.schema.metadata[CANARY_KEY].decode())
            if "qa_id" in table.column_names:
                asked |= set(table["qa_id"].to_pylist())
        else:
            tokens.add(plain.decode().splitlines()[-1])
    assert asked == wanted
    assert len(tokens) == 1
    notice = (dest / "README.md").read_text()
    assert tokens.pop() in notice
    assert not any(row.question in notice for row in open_workspace(workspace).records("qa"))


def test_a_split_can_leave_alone(workspace: str, tmp_path: Path) -> None:
    split = "train" if _of_split(workspace, "train") else "test"
    assert run(["export", workspace, str(tmp_path / "d"), "--split", split]) == 0
    tables = [pq.read_table(path) for path in (tmp_path / "d" / "qa").glob("*.parquet")]
    assert {qa_id for table in tables for qa_id in table["qa_id"].to_pylist()} == _of_split(workspace, split)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--seal-to", "age1nonsense"], "no age recipient"),
        (["--split", "dev"], "no question is of this split"),
        (
            ["--format", "beir", "--seal-to", str(pyrage.x25519.Identity.generate().to_public())],
            "no place for a canary",
        ),
    ],
    ids=["key", "split", "format"],
)
def test_what_cannot_be_sealed_says_so(
    flags: list[str], message: str, workspace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", workspace, str(tmp_path / "d"), *flags]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "d").exists()
