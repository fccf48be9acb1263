"""Small files that one pipeline of a stage leaves for the next: what was gathered over all documents, as JSON.

They lie in the staging folder of the commit that is being prepared, and go with it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.combiners import ToListCombineFn

from pipelines.storage import Folder

T = TypeVar("T")


@dataclass(eq=False)
class Gather(beam.PTransform[PCollection[T], PCollection[None]]):
    """Write all elements into one JSON file, in an order that does not depend on the runner.

    Args:
        folder: the workspace's folder.
        path: the file, inside it.
        row: what to write of an element.
    """

    folder: Folder
    path: str
    row: Callable[[T], Any]

    def expand(self, elements: PCollection[T]) -> PCollection[None]:
        """Gather, sort and write."""
        return (
            elements
            | "Rows" >> beam.Map(self.row)
            | "Gather" >> beam.CombineGlobally(ToListCombineFn())
            | "Write" >> beam.ParDo(_WriteRows(self.folder, self.path))
        )


class _WriteRows(beam.DoFn):
    def __init__(self, folder: Folder, path: str) -> None:
        self._folder = folder
        self._path = path

    def process(self, rows: Iterable[Any]) -> None:
        """Write the file."""
        write_side_file(self._folder, self._path, sorted(rows, key=json.dumps))


def write_side_file(folder: Folder, path: str, content: Any) -> None:
    """Write a JSON file."""
    folder.write_bytes(path, json.dumps(content, separators=(",", ":")).encode())


def read_side_file(folder: Folder, path: str) -> Any:
    """Read a JSON file."""
    return json.loads(folder.read_bytes(path))
