"""What a format is made of: configs whose rows go to Parquet or to lines of text, and files beside them.

An export writes a format's configs document by document. What a config yields is a row, a file to lay beside the rows,
or a note that something had no place in the format.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from pipelines.formats.source import DatasetSource, Row

DEFAULT_SPLIT = "train"


class Encoding(StrEnum):
    """How rows stand in a file: `json` is one list, `tsv` begins with the names of the columns, `spaced` does not."""

    PARQUET = "parquet"
    JSON = "json"
    JSON_LINES = "jsonl"
    TABBED = "tsv"
    SPACED = "spaced"


class Need(StrEnum):
    """What a workspace must hold for a format; an export without it would be empty or wrong."""

    QUESTIONS = "questions"
    EVIDENCE = "evidence"
    PAGE_PICTURES = "page pictures"
    TRIPLETS = "triplets"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the rows; `path` is relative to the dataset's folder."""

    path: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the format has no place for: what it is, in the plural."""

    what: str


Yield = Row | Attachment | LeftOut


@dataclass(frozen=True, slots=True)
class Config:
    """One table of a dataset: its schema, the rows that a document gives it, and the column that names their split.

    `holds` says in the card what one row is. A split or subset column that the schema lacks steers where a row goes
    and is not written.

    Attributes:
        name: the config's name; a row with a subset goes to the config `subset-name`.
        holds: what one row is.
        schema: the columns, in order.
        rows: what a document gives.
        split_column: the column that names a row's split; without one all rows are in `default_split`.
        encoding: how rows stand in the file.
        path: where lines go, with `{split}` for the split; Parquet goes to `name/split-*.parquet`.
        default_split: the split of rows that have none.
        subset_column: the column that names a row's subset.
        shared: whether the rows of this config belong to every split.
    """

    name: str
    holds: str
    schema: Callable[[], pa.Schema]
    rows: Callable[[DatasetSource, str], Iterator[Yield]]
    split_column: str | None = None
    encoding: Encoding = Encoding.PARQUET
    path: str = ""
    default_split: str = DEFAULT_SPLIT
    subset_column: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a dataset: `needs` is checked before the work, `loading` are the lines that load it.

    `files` gives what does not belong to one document.
    """

    name: str
    description: str
    configs: tuple[Config, ...]
    needs: frozenset[Need] = frozenset()
    loading: str = ""
    files: Callable[[DatasetSource], Iterator[Attachment]] | None = None

    def config(self, name: str) -> Config:
        """Return the config of that name, or the one that a subset's config `subset-name` is of."""
        while name:
            for config in self.configs:
                if config.name == name:
                    return config
            name = name.partition("-")[2]
        raise KeyError(name)


TEXT = pa.string()
TEXTS = pa.list_(TEXT)


def columns(names: str, **kinds: pa.DataType) -> pa.Schema:
    """Return a schema for lines: the columns of `names`, in order, which hold text where `kinds` says nothing else.

    >>> columns("query_id score", score=pa.int64()).types
    [DataType(string), DataType(int64)]
    """
    return pa.schema([(name, kinds.get(name, TEXT)) for name in names.split()])
