"""Bundles over several documents: the steps of `generators.ties` on any runner.

What goes through the shuffle are lists: the ties of a document by bucket of keys, the candidates of a bucket by
document, the backed pairs by document. So a runner moves a few records a document and not one a word, and no worker
holds more than a bucket's keys or a document's candidates. Into how many buckets the keys fall changes no result.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from zlib import crc32

import apache_beam as beam
from apache_beam.pvalue import PCollection

from generators.bundles import Bundle
from generators.ties import Candidate, Pair, Tie, back, join, pair_up, ties_of
from pipelines.storage import Folder
from pipelines.workspace import DocumentPlace, Workspace

_BUCKETS: Final = 64

Bucketed = tuple[int, list[Tie]]
Held = tuple[str, list[Candidate]]
Backed = tuple[str, list[Pair]]


@dataclass(eq=False)
class TieDocuments(beam.PTransform[PCollection[tuple[DocumentPlace, ...]], PCollection[Bundle]]):
    """Chunks of documents to the bundles that tie two of them; the same whatever the runner and the order.

    Args:
        folder: the workspace.
        seed: decides between equals.
        buckets: into how many parts the keys fall; about one for fifty documents keeps them small.
    """

    folder: Folder
    seed: int = 0
    buckets: int = _BUCKETS

    def expand(self, chunks: PCollection[tuple[DocumentPlace, ...]]) -> PCollection[Bundle]:
        """Find keys, and tie what shares them."""
        return chunks | "FindKeys" >> beam.FlatMap(keyed_ties, self.folder, self.buckets) | TieKeyed(self.seed)


@dataclass(eq=False)
class TieKeyed(beam.PTransform[PCollection[Bucketed], PCollection[Bundle]]):
    """Ties by bucket of keys to the bundles of elements that share some; a document's ties of a bucket are one list."""

    seed: int = 0

    def expand(self, keyed: PCollection[Bucketed]) -> PCollection[Bundle]:
        """Pair up under each key, let documents back pairs, join what both back."""
        return (
            keyed
            | "ByKey" >> beam.GroupByKey()
            | "PairUp" >> beam.FlatMap(held_candidates)
            | "ByDocument" >> beam.GroupByKey()
            | "Back" >> beam.FlatMap(backed_pairs, self.seed)
            | "ByPair" >> beam.GroupByKey()
            | "Join" >> beam.FlatMap(joined_bundles, self.seed)
        )


def keyed_ties(places: Iterable[DocumentPlace], folder: Folder, buckets: int) -> Iterator[Bucketed]:
    """Yield the ties of each document, a list for each bucket that its keys fall into."""
    for view in Workspace(folder).views(places):
        yield from bucketed(ties_of(view), buckets)


def bucketed(ties: Iterable[Tie], buckets: int) -> Iterator[Bucketed]:
    """Yield a document's ties, a list for each bucket that their keys fall into."""
    found: dict[int, list[Tie]] = defaultdict(list)
    for tie in ties:
        # Not hash(): it differs from process to process.
        found[crc32(tie.key.encode("utf-8", "surrogatepass")) % buckets].append(tie)
    yield from found.items()


def held_candidates(bucket: tuple[int, Iterable[list[Tie]]]) -> Iterator[Held]:
    """Yield the candidates of a bucket's keys, a list for each document that has a part in any."""
    by_key: dict[str, list[Tie]] = defaultdict(list)
    for tie in chain.from_iterable(bucket[1]):
        by_key[tie.key].append(tie)
    by_document: dict[str, list[Candidate]] = defaultdict(list)
    for held in by_key.values():
        for candidate in pair_up(held):
            by_document[candidate.one.doc_id].append(candidate)
            by_document[candidate.other.doc_id].append(candidate)
    yield from by_document.items()


def backed_pairs(document: tuple[str, Iterable[list[Candidate]]], seed: int) -> Iterator[Backed]:
    """Yield the pairs that a document backs, each list under the pair's first document."""
    doc_id, lists = document
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in back(doc_id, chain.from_iterable(lists), seed=seed):
        found[pair.one.doc_id].append(pair)
    yield from found.items()


def joined_bundles(document: tuple[str, Iterable[list[Pair]]], seed: int) -> Iterator[Bundle]:
    """Yield the bundles of the pairs that both of their documents back."""
    yield from join(chain.from_iterable(document[1]), seed=seed)
