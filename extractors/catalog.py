"""The extractors there are: ours in a plain tuple, those of other packages by entry point.

An entry point of group `corpusmill.extractors` names a function like `extractors.pymupdf_extractor.extract`; its
version is that of the package that brings it.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple, Protocol, cast

from extractors.options import ExtractOptions
from schemas.errors import UsageError
from schemas.records import Extraction

GROUP = "corpusmill.extractors"


class Extract(Protocol):
    """What an extractor is: bytes and options to an extraction, without side effects."""

    def __call__(self, pdf: bytes, options: ExtractOptions, *, uri: str = "") -> Extraction:
        """Read a document; raise `ExtractionError` when it cannot be read as a whole."""


class Extractor(NamedTuple):
    """A row of the catalog; `target` is where the function is, as "module:function"."""

    name: str
    version: str
    target: str

    def load(self) -> Extract:
        """Import the function; only the extractor that is used is ever imported."""
        module, _, function = self.target.partition(":")
        return cast("Extract", getattr(import_module(module), function))


EXTRACTORS: tuple[Extractor, ...] = (
    Extractor("pymupdf", "6", "extractors.pymupdf_extractor:extract"),
    Extractor("unstructured", "4", "extractors.unstructured_extractor:extract"),
)


def find_extractor(name: str) -> Extractor:
    """Return the extractor of that name; ours go before those of other packages.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    known = {extractor.name: extractor for extractor in (*_foreign(), *EXTRACTORS)}
    if name not in known:
        raise UsageError(f"there is no extractor {name!r}; there are: {', '.join(sorted(known))}")
    return known[name]


def _foreign() -> Iterator[Extractor]:
    return (_row(point) for point in entry_points(group=GROUP))


def _row(point: EntryPoint) -> Extractor:
    version = point.dist.version if point.dist else "0"
    return Extractor(point.name, version, point.value)
