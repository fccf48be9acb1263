"""Rows to staged Parquet parts inside a pipeline, and the list of those parts back to whoever commits them.

A runner may run a bundle twice. Each attempt writes files of its own, and only the attempt that counts puts its files
on the list; what is not on the list goes with the staging folder.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.combiners import ToListCombineFn
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.commits import Draft
from pipelines.parts import Part, PartWriter
from pipelines.storage import Folder

TableRows = tuple[str, Sequence[object]]
_LISTING = "parts.json"


@dataclass(eq=False)
class WriteParts(beam.PTransform[PCollection[TableRows], PCollection[None]]):
    """Write (table, rows) pairs as parts of `staging`, and their listing."""

    folder: Folder
    staging: str

    def expand(self, rows: PCollection[TableRows]) -> PCollection[None]:
        """Write as the rows come; list when all are written."""
        return (
            rows
            | "WriteRows" >> beam.ParDo(WriteRows(self.folder, self.staging))
            | "GatherParts" >> beam.CombineGlobally(ToListCombineFn())
            | "WriteListing" >> beam.ParDo(WriteListing(self.folder, self.staging))
        )


class WriteRows(beam.DoFn):
    """Write one part a table and bundle."""

    def __init__(self, folder: Folder, staging: str) -> None:
        self._folder = folder
        self._staging = staging
        self._writers: dict[str, PartWriter] = {}

    def start_bundle(self) -> None:
        """Begin with no open part."""
        self._writers = {}

    def process(self, element: TableRows) -> None:
        """Add rows to their table's part."""
        table, rows = element
        if table not in self._writers:
            self._writers[table] = PartWriter(self._folder, self._staging, table)
        self._writers[table].write(rows)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Close the parts and say what they are."""
        for table in sorted(self._writers):
            yield GlobalWindows.windowed_value(self._writers[table].close())
        self._writers = {}


class WriteListing(beam.DoFn):
    """Write the list of all parts, for `take_parts`."""

    def __init__(self, folder: Folder, staging: str) -> None:
        self._folder = folder
        self._staging = staging

    def process(self, parts: Iterable[Part]) -> None:
        """Write the list, in an order that does not depend on the runner."""
        rows = [asdict(part) for part in sorted(parts, key=_by_table)]
        self._folder.write_bytes(f"{self._staging}/{_LISTING}", json.dumps(rows).encode())


def take_parts(draft: Draft) -> list[Part]:
    """Return the parts that a pipeline has written for a draft."""
    listing = json.loads(draft.folder.read_bytes(f"{draft.staging}/{_LISTING}"))
    return [Part(**row) for row in listing]


def _by_table(part: Part) -> tuple[str, str]:
    return part.table, part.sha256
