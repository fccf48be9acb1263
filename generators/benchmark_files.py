"""Questions out of the files of public benchmarks: JSON lines, JSON, CSV, TSV and Parquet, or a folder of them.

The column that holds the questions is found by its name, or told after the path: `hotpot.jsonl::query`. Compressed
files (`.gz`) are read as they are.
"""

import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import UsageError

COLUMNS: Final = ("question", "query", "question_text", "query_text", "questions", "queries", "prompt", "input")
_ANSWERS: Final = ("answer", "answers", "ground_truth", "gold_answer", "response", "output")
# A column of this name holds documents as often as questions; the file's name has to say which.
_TEXT: Final = "text"
_TELLING_NAMES: Final = ("quer", "question")
_SEPARATOR: Final = "::"
_DEPTH: Final = 4


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question of a benchmark; `place` is its row, for people ("line 12"). `answers` are those that its row gives."""

    file: str
    place: str
    text: str
    answers: tuple[str, ...] = ()


Row = tuple[str, Mapping[str, Any]]


def check_benchmarks(specs: Iterable[str]) -> None:
    """Read the first question of each benchmark, so that a wrong path ends a run before it costs anything.

    Raises:
        UsageError: one of them cannot be read, as `read_benchmark` says.
    """
    for spec in specs:
        next(read_benchmark(spec))


def read_benchmark(spec: str) -> Iterator[PublicQuestion]:
    """Yield the questions of a file, or of all files in a folder that have a column of questions.

    Args:
        spec: a path, and the column's name after `::` where it is told.

    Raises:
        UsageError: there is no such file, it cannot be read, or no column holds questions; the message says what to do.
    """
    name, _, column = spec.partition(_SEPARATOR)
    path = Path(name).expanduser()
    if path.is_dir():
        yield from _folder(path, column or None)
    elif path.is_file():
        found = False
        for question in _file(path, column or None):
            found = True
            yield question
        if not found:
            raise UsageError(f"{path}: holds no question; {_remedy()}")
    else:
        raise UsageError(f"{path}: no such benchmark file; generate.benchmarks names files and folders on this machine")


def _folder(path: Path, column: str | None) -> Iterator[PublicQuestion]:
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and _reader(file)]
    found = False
    for file in files:
        if column is not None or _has_questions(file):
            for question in _file(file, column, strict=False):
                found = True
                yield question
    if not found:
        raise UsageError(f"{path}: none of its {len(files)} JSON, CSV and Parquet files holds questions; {_remedy()}")


def _file(path: Path, column: str | None, *, strict: bool = True) -> Iterator[PublicQuestion]:
    reader = _reader(path)
    if reader is None:
        raise UsageError(f"{path}: not a .jsonl, .json, .csv, .tsv or .parquet file, so no benchmark is read from it")
    try:
        for place, row in reader(path):
            key = _column(row, path, column)
            if key is None and strict:
                columns = ", ".join(sorted(map(str, row))[:20]) or "none"
                raise UsageError(f"{path}: {place} has no column of questions (columns: {columns}); {_remedy()}")
            for text in _texts(row.get(key)) if key is not None else ():
                yield PublicQuestion(str(path), place, text, _answers(row))
    except (OSError, EOFError, pa.ArrowException, csv.Error, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from error


def _has_questions(path: Path) -> bool:
    """Say whether the first row of a file has a column of questions."""
    reader = _reader(path)
    try:
        first = next(reader(path), None) if reader else None
    except (OSError, EOFError, pa.ArrowException, csv.Error, UnicodeDecodeError, RecursionError, UsageError):
        # Whatever else lies in the folder is not the user's benchmark.
        return False
    return first is not None and _column(first[1], path, None) is not None


def _column(row: Mapping[str, Any], path: Path, told: str | None) -> str | None:
    by_name = {str(key).strip().casefold(): key for key in row}
    if told is not None:
        return by_name.get(told.strip().casefold())
    wanted = [*COLUMNS, *([_TEXT] if any(part in path.name.casefold() for part in _TELLING_NAMES) else [])]
    return next((by_name[name] for name in wanted if name in by_name), None)


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one.strip():
            yield one


def _answers(row: Mapping[str, Any]) -> tuple[str, ...]:
    by_name = {str(key).strip().casefold(): value for key, value in row.items()}
    found = next((by_name[name] for name in _ANSWERS if name in by_name), None)
    return tuple(_texts(found.get(_TEXT) if isinstance(found, dict) else found))


def _json_lines(path: Path) -> Iterator[Row]:
    with _opened(path) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                row = _parsed(line, f"{path}:{number}")
                if not isinstance(row, dict):
                    raise UsageError(f"{path}:{number}: not a JSON object; each line of a .jsonl file is one")
                yield f"line {number}", row


def _json(path: Path) -> Iterator[Row]:
    with _opened(path) as stream:
        data = _parsed(stream.read(), str(path))
    for number, row in enumerate(_rows(data, 0), start=1):
        yield f"row {number}", row


def _rows(data: object, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a JSON file: of a list, of lists under keys (SQuAD nests them), or of a mapping of ids."""
    if isinstance(data, list):
        for one in data:
            yield from _rows(one, depth)
    elif isinstance(data, dict):
        below = [one for one in data.values() if isinstance(one, list | dict)]
        nested = [one for one in below if isinstance(one, dict) or any(isinstance(part, dict) for part in one)]
        if nested and depth < _DEPTH and not any(str(key).casefold() in COLUMNS for key in data):
            for one in nested:
                yield from _rows(one, depth + 1)
        else:
            yield data


def _table(path: Path) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with _opened(path) as stream:
        delimiter = "\t" if ".tsv" in path.suffixes else ","
        for number, row in enumerate(csv.DictReader(stream, delimiter=delimiter, strict=True), start=2):
            yield f"line {number}", {str(key): value for key, value in row.items()}


def _parquet(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        fields = file.schema_arrow
        texts = [field.name for field in fields if _holds_text(field.type) or field.name.casefold() in _ANSWERS]
        number = 0
        for batch in file.iter_batches(columns=texts):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row


def _holds_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _parsed(text: str, place: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"{place}: not JSON: {error}") from error


def _opened(path: Path) -> IO[str]:
    if path.suffix.casefold() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _reader(path: Path) -> Callable[[Path], Iterator[Row]] | None:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    last = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else "".join(suffixes[-1:])
    return _READERS.get(last)


def _remedy() -> str:
    names: Iterable[str] = COLUMNS
    return f"tell the column after the path (FILE{_SEPARATOR}COLUMN), or call it one of: {', '.join(names)}"


_READERS: Final[Mapping[str, Callable[[Path], Iterator[Row]]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json,
    ".csv": _table,
    ".tsv": _table,
    ".parquet": _parquet,
}
