"""Tables of two documents that can be asked about together: they hold one measure, in one unit, for the same row.

Tables are paired under each key in an order drawn with the seed, each with the next one of another document, so that
the work grows with the tables and not with their pairs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import apache_beam as beam
from apache_beam.pvalue import PCollection

from generators.program_joins import join_keys
from pipelines.storage import Folder
from pipelines.workspace import DocumentPlace, Workspace
from schemas.identity import digest, document_of

TablePair = tuple[str, str]
"""The ids of two tables, the smaller first."""
Held = tuple[str, tuple[str, str]]

_MOST_HOLDERS: Final = 1000


@dataclass(eq=False)
class PairTables(beam.PTransform[PCollection[tuple[DocumentPlace, ...]], PCollection[TablePair]]):
    """Chunks of documents to pairs of tables of two documents; the same whatever the runner and the order.

    Args:
        folder: the workspace's.
        seed: decides who is paired with whom.
    """

    folder: Folder
    seed: int = 0

    def expand(self, chunks: PCollection[tuple[DocumentPlace, ...]]) -> PCollection[TablePair]:
        """Find keys, pair up under each, and take each pair once."""
        return (
            chunks
            | "FindKeys" >> beam.FlatMap(held_tables, self.folder)
            | "ByKey" >> beam.GroupByKey()
            | "PairUp" >> beam.FlatMap(paired_tables, self.seed)
            | "Once" >> beam.Distinct()
        )


def held_tables(places: Iterable[DocumentPlace], folder: Folder) -> Iterator[Held]:
    """Yield each key of a table with the family of its document and its id."""
    for view in Workspace(folder).views(places):
        family = view.document.family_id or view.document.doc_id
        for key, element_id in join_keys(view):
            yield key, (family, element_id)


def paired_tables(held: tuple[str, Iterable[tuple[str, str]]], seed: int) -> Iterator[TablePair]:
    """Yield the pairs under one key; what very many documents hold is no tie, and only some of them are paired."""
    key, holders = held
    drawn = sorted(set(holders), key=lambda holder: digest(str(seed), key, *holder))[:_MOST_HOLDERS]
    for (family, one), (other_family, other) in pairwise(drawn):
        if family != other_family and document_of(one) != document_of(other):
            yield (one, other) if one < other else (other, one)
