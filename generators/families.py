"""Which documents are nearly the same: versions, reprints, excerpts and scans of each other form a family.

Text is compared by its shingles of five words. MinHash finds the pairs worth a look (A. Z. Broder, On the resemblance
and containment of documents, 1997; E. Zhu et al., LSH Ensemble, 2016), and the shingles themselves decide. Pages
without a text layer are compared by the perceptual hashes of their pictures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from datasketch import MinHash, MinHashLSHEnsemble
from scipy.cluster.hierarchy import DisjointSet

from generators.checks.wording import words

SHARED: Final = 0.5
_SHINGLE: Final = 5
_PERMUTATIONS: Final = 128
_SCHEME: Final = "affine64"
# Shorter documents (a cover page, a form) are too easily alike; their pictures and bytes still count.
_LEAST_SHINGLES: Final = 40
_PARTITIONS: Final = 16
_PICTURE_BITS: Final = 256
_PICTURE_DISTANCE: Final = 24
_BAND_BITS: Final = 16
# What stands in many documents, such as a licence or a blank form, ties none of them.
_COMMON: Final = 50


@dataclass(frozen=True, slots=True)
class DocumentPrint:
    """What a document is recognised by.

    Attributes:
        doc_id: its id.
        shingle_count: number of distinct shingles of its text.
        minhash: the MinHash of these, `_PERMUTATIONS` values; empty for a text too short to compare.
        pictures: perceptual hashes of its pages without text, 256 bits each.
    """

    doc_id: str
    shingle_count: int
    minhash: tuple[int, ...]
    pictures: tuple[int, ...] = ()


def shingles(texts: Iterable[str]) -> frozenset[str]:
    """Return the distinct runs of five words of a document's texts, in small letters, digits and all.

    >>> sorted(shingles(["One two three", "four five six"]))
    ['one two three four five', 'two three four five six']
    """
    tokens = [word for text in texts for word in words(text)]
    return frozenset(" ".join(tokens[at : at + _SHINGLE]) for at in range(len(tokens) - _SHINGLE + 1))


def print_document(doc_id: str, found: frozenset[str], pictures: Sequence[int] = ()) -> DocumentPrint:
    """Return the print of a document with these shingles and picture hashes."""
    if len(found) < _LEAST_SHINGLES:
        return DocumentPrint(doc_id, len(found), (), tuple(pictures))
    sketch = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME)
    sketch.update_batch([shingle.encode() for shingle in found])
    return DocumentPrint(doc_id, len(found), tuple(int(value) for value in sketch.hashvalues), tuple(pictures))


def find_families(prints: Sequence[DocumentPrint], shingles_of: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return the family of every document: the smallest id among those that it is nearly the same as.

    Two documents belong together when half of the smaller one's shingles, or of its pages without text, stand in the
    other. `shingles_of` is asked for the few documents that MinHash takes for alike.
    """
    ordered = sorted(prints, key=_by_id)
    families = DisjointSet([item.doc_id for item in ordered])
    for one, other in _text_candidates(ordered):
        if not families.connected(one, other) and containment(shingles_of[one], shingles_of[other]) >= SHARED:
            families.merge(one, other)
    for one, other in _same_pictures(ordered):
        families.merge(one, other)
    return {doc_id: min(subset) for subset in families.subsets() for doc_id in subset}


def containment(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that stands in the larger one; 0 for an empty set."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def _text_candidates(prints: Sequence[DocumentPrint]) -> Iterator[tuple[str, str]]:
    entries = [(item.doc_id, _minhash(item), item.shingle_count) for item in prints if item.minhash]
    if len(entries) < 2:
        return
    index = MinHashLSHEnsemble(
        threshold=SHARED, num_perm=_PERMUTATIONS, num_part=min(_PARTITIONS, len(entries)), m=8, weights=(0.2, 0.8)
    )
    index.index(entries)
    for doc_id, sketch, size in entries:
        for other in sorted(index.query(sketch, size)):
            if other != doc_id:
                yield doc_id, other


def _minhash(item: DocumentPrint) -> MinHash:
    return MinHash(num_perm=_PERMUTATIONS, seed=1, scheme=_SCHEME, hashvalues=np.array(item.minhash, np.uint64))


def _same_pictures(prints: Sequence[DocumentPrint]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of documents of which one has half of its picture pages in the other."""
    holders: dict[tuple[int, int], set[tuple[str, int]]] = defaultdict(set)
    for item in prints:
        for page, picture in enumerate(item.pictures):
            for band in _bands(picture):
                holders[band].add((item.doc_id, page))
    pictures = {item.doc_id: item.pictures for item in prints}
    matched: dict[tuple[str, str], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for places in holders.values():
        if len(places) > _COMMON:
            continue
        for (one, i), (other, j) in combinations(sorted(places), 2):
            if one != other and _distance(pictures[one][i], pictures[other][j]) <= _PICTURE_DISTANCE:
                matched[one, other][0].add(i)
                matched[one, other][1].add(j)
    for (one, other), (left, right) in sorted(matched.items()):
        if max(len(left) / len(pictures[one]), len(right) / len(pictures[other])) >= SHARED:
            yield one, other


def _bands(picture: int) -> Iterator[tuple[int, int]]:
    # Two hashes within 24 bits of each other need not share one of 16 bands, but nearly all such pairs do.
    mask = (1 << _BAND_BITS) - 1
    for number in range(_PICTURE_BITS // _BAND_BITS):
        yield number, picture >> (number * _BAND_BITS) & mask


def _distance(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def _by_id(item: DocumentPrint) -> str:
    return item.doc_id
