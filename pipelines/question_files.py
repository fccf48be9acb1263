"""Questions from anywhere: our own table, or a Parquet file or folder or JSON lines that somebody else wrote.

A row that is no question of our schema is a value here: whoever audits a dataset wants to hear of it, not to stop.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from pipelines.storage import Folder, storage_errors
from schemas.arrow import from_plain
from schemas.errors import UsageError
from schemas.records import Question

_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_BATCH_ROWS = 512


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not a question; `name` is its qa_id, or its place in the file."""

    name: str
    message: str


def read_questions(url: str) -> Iterator[Question | BadRow]:
    """Yield the rows of a Parquet file, a folder of them, or a file of JSON lines.

    Raises:
        UsageError: there is no such file, or it is none of these.
    """
    folder = Folder(url)
    if not folder.exists():
        raise UsageError(f"{url}: no such file or folder")
    rows = _json_rows(folder) if url.endswith(_JSON_SUFFIXES) else _parquet_rows(folder)
    for number, row in enumerate(rows):
        yield row if isinstance(row, BadRow) else to_question(row, f"row {number}")


def to_question(row: Mapping[str, Any], place: str) -> Question | BadRow:
    """Return a row as a question, or what is wrong with it."""
    name = str(row.get("qa_id") or place)
    needed = [part.name for part in fields(Question) if part.default is MISSING and part.default_factory is MISSING]
    missing = [column for column in needed if column not in row]
    if missing:
        return BadRow(name, f"missing: {', '.join(missing)}")
    try:
        return from_plain(row, Question)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        return BadRow(name, f"not a question of this schema: {error}")


def _parquet_rows(folder: Folder) -> Iterator[Mapping[str, Any]]:
    with storage_errors(folder.url):
        try:
            dataset = ds.dataset(folder.root, filesystem=folder.arrow(), format="parquet")
            for batch in dataset.to_batches(batch_size=_BATCH_ROWS, use_threads=folder.is_local):
                yield from batch.to_pylist()
        except pa.ArrowInvalid as error:
            message = f"{folder.url}: neither Parquet nor JSON lines (by its name, *.jsonl): {error}"
            raise UsageError(message) from error


def _json_rows(folder: Folder) -> Iterator[Mapping[str, Any] | BadRow]:
    lines = folder.read_bytes("").decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield BadRow(f"line {number}", f"not JSON: {error}")
            continue
        yield row if isinstance(row, dict) else BadRow(f"line {number}", "not a JSON object")
