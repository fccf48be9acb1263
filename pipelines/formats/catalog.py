"""The export formats: a format is one module with its configs, and one row here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from pipelines.formats import huggingface
from pipelines.formats.source import DatasetSource, Row
from schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class Config:
    """One table of a dataset: its schema, the rows that a document gives it, and the column that names their split."""

    name: str
    schema: Callable[[], pa.Schema]
    rows: Callable[[DatasetSource, str], Iterator[Row]]
    split_column: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a dataset."""

    name: str
    description: str
    configs: tuple[Config, ...]

    def config(self, name: str) -> Config:
        """Return the config of that name."""
        return next(config for config in self.configs if config.name == name)


FORMATS = (
    Format(
        "huggingface",
        "Parquet with pictures inside and a dataset card, for datasets.load_dataset",
        (
            Config("qa", huggingface.qa_schema, huggingface.qa_rows, "split"),
            Config("corpus", huggingface.corpus_schema, huggingface.corpus_rows),
            Config("pages", huggingface.pages_schema, huggingface.pages_rows),
        ),
    ),
)


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises:
        UsageError: there is none.
    """
    for found in FORMATS:
        if found.name == name:
            return found
    raise UsageError(f"--format {name}: no such format; there is {', '.join(known.name for known in FORMATS)}")
