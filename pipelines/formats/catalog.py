"""The export formats: a format is one module with its configs, and one row here, or an entry point elsewhere.

An entry point of group `corpusmill.formats` names a `Format`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, cast

import pyarrow as pa

from pipelines.formats import huggingface
from pipelines.formats.source import DatasetSource, Row
from schemas.errors import UsageError

GROUP: Final = "corpusmill.formats"


@dataclass(frozen=True, slots=True)
class Config:
    """One table of a dataset: its schema, the rows that a document gives it, and the column that names their split.

    `holds` says in the card what one row is.
    """

    name: str
    holds: str
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


FORMATS: Final = (
    Format(
        "huggingface",
        "Parquet with pictures inside and a dataset card, for datasets.load_dataset",
        (
            Config(
                "qa",
                "a question with its answer, evidence, proof and pictures",
                huggingface.qa_schema,
                huggingface.qa_rows,
                "split",
            ),
            Config(
                "corpus",
                "a passage, table or figure: what a retriever chooses among",
                huggingface.corpus_schema,
                huggingface.corpus_rows,
            ),
            Config("pages", "a page with its picture and its text", huggingface.pages_schema, huggingface.pages_rows),
        ),
    ),
)


def find_format(name: str) -> Format:
    """Return the format of that name; ours go before those of other packages.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    for found in FORMATS:
        if found.name == name:
            return found
    foreign = entry_points(group=GROUP)
    if name in foreign.names:
        return cast("Format", foreign[name].load())
    known = [*(found.name for found in FORMATS), *sorted(foreign.names)]
    raise UsageError(f"--format {name}: no such format; there is {', '.join(known)}")
