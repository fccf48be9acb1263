import contextlib
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.benchmark_files import check_benchmarks, read_benchmark
from schemas.errors import UsageError

ROWS = [{"id": "1", "Question": "What is cod?", "answer": "A fish"}, {"id": "2", "Question": "Who?", "answer": "Me"}]
TEXTS = [row["Question"] for row in ROWS]


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "content", "places"),
    [
        ("b.jsonl", lines([*ROWS]), ["line 1", "line 2"]),
        ("b.ndjson", "\n" + lines([*ROWS]), ["line 2", "line 3"]),
        ("b.json", json.dumps(ROWS), ["row 1", "row 2"]),
        ("b.json", json.dumps({"version": 1, "data": [{"title": "t", "qas": ROWS}]}), ["row 1", "row 2"]),
        ("b.json", json.dumps({"q1": ROWS[0], "q2": ROWS[1]}), ["row 1", "row 2"]),
        ("b.json", json.dumps({"questions": TEXTS}), ["row 1", "row 1"]),
        ("b.csv", '\ufeffid,Question\n1,"What is cod?"\n2,Who?\n', ["line 2", "line 3"]),
        ("b.tsv", "id\tQuestion\n1\tWhat is cod?\n2\tWho?\n", ["line 2", "line 3"]),
        ("queries.jsonl", lines([{"_id": "1", "text": text} for text in TEXTS]), ["line 1", "line 2"]),
    ],
)
def test_questions_are_found_by_the_name_of_their_column(
    name: str, content: str, places: list[str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = list(read_benchmark(str(path)))
    assert [(one.file, one.place, one.text) for one in found] == [
        (str(path), place, text) for place, text in zip(places, TEXTS, strict=True)
    ]
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [one.text for one in read_benchmark(str(packed))] == TEXTS


def test_parquet_and_columns_that_are_told(tmp_path: Path) -> None:
    path = tmp_path / "b.parquet"
    table = pa.table({"q": TEXTS, "n": [1, 2], "image": [b"\x00", None], "tags": [["a"], None]})
    pq.write_table(table, path)
    assert [one.text for one in read_benchmark(f"{path}::Q")] == TEXTS
    assert [one.place for one in read_benchmark(f"{path}::q")] == ["row 1", "row 2"]
    with pytest.raises(UsageError, match=r"row 1 has no column of questions \(columns: q, tags\); tell the column"):
        list(read_benchmark(str(path)))


def test_answers_come_along_where_a_row_gives_them(tmp_path: Path) -> None:
    path = tmp_path / "squad.parquet"
    answers = [{"text": ["A fish", "fish"], "answer_start": [3]}, {"text": [], "answer_start": []}]
    pq.write_table(pa.table({"question": TEXTS, "answers": answers}), path)
    assert [one.answers for one in read_benchmark(str(path))] == [("A fish", "fish"), ()]
    other = tmp_path / "b.jsonl"
    other.write_text(lines([*ROWS]))
    assert [one.answers for one in read_benchmark(str(other))] == [("A fish",), ("Me",)]


def test_a_folder_gives_the_files_that_hold_questions(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "queries.jsonl").write_text(lines([{"text": "What is cod?"}]))
    (tmp_path / "corpus.jsonl").write_text(lines([{"text": "Cod is a fish."}]))
    (tmp_path / "dev.csv").write_text("query\nWho?\n")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "README.md").write_text("# question")
    assert [one.text for one in read_benchmark(str(tmp_path))] == ["What is cod?", "Who?"]
    assert [one.text for one in read_benchmark(f"{tmp_path / 'deep'}::text")] == ["What is cod?"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.jsonl", b'{"question": "a"}\n{"question": \n', r"b.jsonl:2: not JSON"),
        ("b.jsonl", b'["question"]\n', "b.jsonl:1: not a JSON object"),
        ("b.jsonl", b'{"question": "\xff"}\n', "b.jsonl: cannot be read"),
        ("b.jsonl", b"", "holds no question; tell the column after the path"),
        ("b.jsonl", b'{"question": 5}\n', "holds no question"),
        ("b.jsonl", b'{"text": "What?"}\n', r"line 1 has no column of questions \(columns: text\)"),
        ("b.json", b"[" * 200_000, "b.json: cannot be read"),
        ("b.json", b"", "not JSON"),
        ("b.csv", b'question\n"What\n', "b.csv: cannot be read"),
        ("b.csv", b"q\x00,a\n1,2\n", "has no column of questions"),
        ("b.parquet", b"PAR1 nothing", "b.parquet: cannot be read"),
        ("b.jsonl.gz", b"not packed", "b.jsonl.gz: cannot be read"),
        ("b.jsonl.gz", gzip.compress(b'{"question": "Who?"}\n' * 99, mtime=0)[:-9], "b.jsonl.gz: cannot be read"),
        ("b.txt", b"What?", "not a .jsonl, .json, .csv, .tsv or .parquet file"),
    ],
)
def test_what_is_no_benchmark_is_named_with_a_remedy(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        list(read_benchmark(str(path)))
    assert str(path) in str(caught.value)


def test_missing_files_and_folders_without_questions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no such benchmark file; generate\.benchmarks names"):
        list(read_benchmark(str(tmp_path / "no.jsonl")))
    (tmp_path / "a.csv").write_text("x\n1\n")
    with pytest.raises(UsageError, match="none of its 1 JSON, CSV and Parquet files holds questions"):
        list(read_benchmark(str(tmp_path)))


def test_benchmarks_are_checked_by_their_first_question(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(lines([*ROWS]) + "broken later")
    check_benchmarks([str(good)])
    check_benchmarks([])
    with pytest.raises(UsageError, match="no such benchmark file"):
        check_benchmarks([str(good), str(tmp_path / "bad.jsonl")])


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200), name=st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.parquet", "a.json.gz"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("b") / name
    path.write_bytes(content)
    with contextlib.suppress(UsageError):
        assert list(read_benchmark(f"{path}::question"))
