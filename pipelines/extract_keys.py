"""What makes an extraction the same extraction: the bytes, the extractor, its version and its options.

A success is known by what shapes its content. A failure is known by the limits too: a file that took too long is tried
again under a higher limit, and the files that did not stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractors.catalog import Extractor
from extractors.options import ExtractOptions
from pipelines.commits import InputEntry, Manifest
from pipelines.inputs import Source, Unreadable
from schemas.arrow import to_plain
from schemas.identity import digest, doc_id
from schemas.records import Failure

_UNREADABLE = "unreadable"
_LIMITS = ("max_pages", "max_megabytes", "page_range", "seconds_per_page", "memory_megabytes")


@dataclass(frozen=True)
class ExtractKeys:
    """The keys under one extractor and one set of options."""

    extractor: Extractor
    options: ExtractOptions

    @cached_property
    def content(self) -> str:
        """The key of a success."""
        return self._key(without=_LIMITS)

    @cached_property
    def attempt(self) -> str:
        """The key of a failure."""
        return self._key(without=())

    def is_known(self, source: Source, known: Mapping[str, InputEntry]) -> bool:
        """Say whether a commit has recorded what became of these bytes under these options."""
        entry = known.get(source.sha256)
        if entry is None:
            return False
        # A password leaves no trace in a key, so nobody can tell whether it is the one that failed before.
        if entry.failed and self.options.password:
            return False
        return entry.key == (self.attempt if entry.failed else self.content)

    def is_known_unreadable(self, item: Unreadable, known: Mapping[str, InputEntry]) -> bool:
        """Say whether a commit has recorded already that this file cannot be read."""
        return item.uri in known

    def entry(self, source: Source, *, failed: bool) -> InputEntry:
        """Return what the manifest says about a source."""
        key = self.attempt if failed else self.content
        return InputEntry(uri=source.uri, sha256=source.sha256, key=key, failed=failed)

    def _key(self, without: Sequence[str]) -> str:
        # The password itself must not be found in a manifest, not even as a hash.
        plain = to_plain(replace(self.options, password="given" if self.options.password else None))
        shaped = [f"{name}={value}" for name, value in sorted(plain.items()) if name not in without]
        return digest(self.extractor.name, self.extractor.version, *shaped)


def unreadable_entry(item: Unreadable) -> InputEntry:
    """Return what the manifest says about a file that could not be read."""
    return InputEntry(uri=item.uri, sha256="", key=_UNREADABLE, failed=True)


def latest_entries(manifests: Iterable[Manifest]) -> dict[str, InputEntry]:
    """Return what the last commit says about each input, by sha256, or by URI where there is no hash."""
    return {entry.sha256 or entry.uri: entry for manifest in manifests for entry in manifest.inputs}


def without_retryable(known: Mapping[str, InputEntry], failures: Iterable[Failure]) -> dict[str, InputEntry]:
    """Return what is known of the inputs but those that failed for a reason that may be gone by now."""
    again = {failure.subject for failure in failures if failure.retryable}
    return {name: entry for name, entry in known.items() if not (entry.failed and _subject(entry) in again)}


def _subject(entry: InputEntry) -> str:
    return doc_id(entry.sha256) if entry.sha256 else entry.uri
