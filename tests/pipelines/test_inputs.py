import os

import fsspec
import pytest

from pipelines.inputs import Source, find_pdfs, fingerprint, read_source
from schemas.errors import ExtractionError, ReasonCode, UsageError


@pytest.fixture
def pile(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in {"b.pdf": b"2", "a.PDF": b"1", "deep/c.pdf": b"1", "deep/note.txt": b"x", ".x": b""}.items():
        path = tmp_path / "pile" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "list.txt").write_text("# mine\npile/b.pdf\n\npile/gone.pdf\n")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("pile", ["pile/a.PDF", "pile/b.pdf", "pile/deep/c.pdf"]),
        ("pile/", ["pile/a.PDF", "pile/b.pdf", "pile/deep/c.pdf"]),
        ("pile/b.pdf", ["pile/b.pdf"]),
        ("pile/*.pdf", ["pile/b.pdf"]),
        ("pile/**/*.pdf", ["pile/b.pdf", "pile/deep/c.pdf"]),
        ("p*/deep/?.pdf", ["pile/deep/c.pdf"]),
        ("list.txt", ["pile/b.pdf", "pile/gone.pdf"]),
    ],
)
def test_an_argument_names_files(pile, argument, expected):
    assert find_pdfs([argument]) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("missing", "no such file or folder"),
        ("empty", "no PDFs in this folder"),
        ("pile/*.doc", "no file matches"),
        ("ftpx://host/x", "no filesystem"),
    ],
)
def test_an_argument_that_names_nothing_is_a_usage_error(pile, argument, message):
    with pytest.raises(UsageError, match=message):
        find_pdfs([argument])


def test_absolute_paths_stay_absolute(pile):
    assert find_pdfs([f"{pile}/pile/*.pdf"]) == [f"{pile}/pile/b.pdf"]
    assert find_pdfs(["pile/b.pdf", "pile"])[0] == "pile/b.pdf"


def test_the_same_bytes_are_one_source(pile):
    sources, unreadable = fingerprint([*find_pdfs(["pile"]), "pile/gone.pdf"])
    assert [(source.uri, source.copies) for source in sources] == [
        ("pile/a.PDF", ("pile/deep/c.pdf",)),
        ("pile/b.pdf", ()),
    ]
    assert [(item.uri, item.error.reason_code) for item in unreadable] == [
        ("pile/gone.pdf", ReasonCode.UNREADABLE_FILE)
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source("pile/b.pdf", "0" * 64, 1), ReasonCode.UNREADABLE_FILE),
        (Source("pile/gone.pdf", "0" * 64, 1), ReasonCode.UNREADABLE_FILE),
        (Source("pile/b.pdf", "0" * 64, 3 << 20), ReasonCode.TOO_LARGE),
    ],
)
def test_a_source_that_cannot_be_read_says_why(pile, source, reason):
    with pytest.raises(ExtractionError) as caught:
        read_source(source, 2)
    assert caught.value.reason_code == reason


def test_what_is_no_file_or_has_no_writable_name_costs_itself_alone(tmp_path):
    (tmp_path / "good.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "two\nlines.pdf").write_bytes(b"%PDF-1.5")
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "dangling.pdf").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / os.fsdecode(b"latin\xff.pdf")).write_bytes(b"%PDF-1.6")
    sources, unreadable = fingerprint(find_pdfs([str(tmp_path)]))
    assert sorted(source.uri.rpartition("/")[2] for source in sources) == ["good.pdf", "two\nlines.pdf"]
    assert {item.uri.rpartition("/")[2]: item.error.reason_code.value for item in unreadable} == dict.fromkeys(
        ("pipe.pdf", "dangling.pdf", "latin\\xff.pdf"), "unreadable_file"
    )


def test_files_of_another_filesystem_are_read():
    with fsspec.open("memory://far/x.pdf", "wb") as file:
        file.write(b"far")
    (source,), _ = fingerprint(find_pdfs(["memory://far"]))
    assert read_source(source, 1) == b"far"
