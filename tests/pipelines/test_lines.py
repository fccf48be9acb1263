"""Rows as lines: fragments of several workers become one file, whatever the rows hold."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats.shape import Encoding
from pipelines.lines import LineWriter, encode_line, fragment_path, join_fragments
from pipelines.storage import Folder
from schemas.errors import ExportError

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COLUMNS = ("id", "text")


def write(root: Path, units: list[list[dict[str, str]]], encoding: Encoding) -> Path:
    folder, files = Folder(str(root)), []
    for number, rows in enumerate(units):
        path = fragment_path(number, "rows.out")
        writer = LineWriter(folder, "rows", "test", path=path, columns=COLUMNS, encoding=encoding)
        for row in rows:
            writer.write(row)
        files += writer.close()
    joined = join_fragments(folder, files, COLUMNS, encoding)
    assert (joined.path, joined.rows) == ("rows.out", sum(map(len, units)))
    assert joined.byte_size == (root / "rows.out").stat().st_size
    return root / "rows.out"


UNITS = [[{"id": "a", "text": "one\ntwo\u2028three"}], [], [{"id": "b", "text": 'tab\there, "quoted"'}]]
ROWS = [row for unit in UNITS for row in unit]


def test_json_lines_have_one_row_a_line(tmp_path: Path) -> None:
    text = write(tmp_path, UNITS, Encoding.JSON_LINES).read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == ROWS


@pytest.mark.parametrize("units", [UNITS, [[]], [UNITS[0]]])
def test_json_is_one_list(tmp_path: Path, units: list[list[dict[str, str]]]) -> None:
    text = write(tmp_path, units, Encoding.JSON).read_text(encoding="utf-8")
    assert json.loads(text) == [row for unit in units for row in unit]


def test_tabs_and_quotes_come_back(tmp_path: Path) -> None:
    with write(tmp_path, UNITS, Encoding.TABBED).open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file, delimiter="\t")) == ROWS


def test_a_blank_in_a_spaced_column_is_refused() -> None:
    assert encode_line(["q", 0, "d", 2], ["", "", "", ""], Encoding.SPACED) == b"q 0 d 2\n"
    with pytest.raises(ExportError, match="holds a blank"):
        encode_line(["q 1", 0], ["qid", "zero"], Encoding.SPACED)


@settings(max_examples=50)
@given(_TEXT, _TEXT)
def test_any_text_survives_a_line_of_json(one: str, other: str) -> None:
    line = encode_line([one, other], COLUMNS, Encoding.JSON_LINES).decode()
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"id": one, "text": other}
