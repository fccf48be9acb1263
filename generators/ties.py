"""Elements of different documents that belong together: they share what few other documents have.

An inverted index, not all pairs. Every document gives the keys of its elements (`ties_of`); the holders of one key
become candidate pairs (`pair_up`), unless too many documents have it: then it is boilerplate or a commonplace; every
document backs the best partners of each of its elements (`back`); what both sides back is a pair (`join`). Each step
sees one key or one document, so that a runner may cut the work anywhere, and nothing depends on any order.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise, product
from typing import Final

from generators.bundles import Bundle, BundleKind, bundle_of, is_passage
from generators.document_view import DocumentView
from generators.program_joins import join_keys
from generators.tie_keys import HEADERS, JOIN, Key, TieKind, row_keys, table_keys, text_keys
from schemas.identity import digest
from schemas.kinds import ElementKind, Modality
from schemas.records import Element

_MOST_DOCUMENTS: Final = 8
_MOST_IN_DOCUMENT: Final = 2
_MOST_BACKED: Final = 3
_MOST_OF_DOCUMENTS: Final = 4
_FEW_KEYS: Final = 3
_LEAST_HEADERS: Final = 3
_MOST_JOINS: Final = 12
_JOIN_WEIGHT: Final = 2.0
_LEAST_STEMS: Final = 4
_LEAST_SCORE: Final = 3.0
_LEAST_RELATED: Final = 4
_SAME_TEXT: Final = 0.5
_SAME_DOCUMENT: Final = 0.4
_LEAST_SHARED: Final = 15


@dataclass(frozen=True, slots=True)
class TieEnd:
    """An element that can be tied: what the steps need to know of it and of its document.

    `keys` and `document_keys` count what it and its document can be found by; `around` is its caption. `field` is the
    domain and language of the document: only those of one field are tied.
    """

    element_id: str
    doc_id: str
    modality: Modality
    keys: int
    document_keys: int
    family_id: str | None = None
    field: str = ""
    around: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A key under which an element can be found, with how much it says when it is rare."""

    key: str
    kind: TieKind
    weight: float
    end: TieEnd

    @property
    def element_id(self) -> str:
        """The element."""
        return self.end.element_id


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two elements that share a key, the one of the smaller id first; `weight` falls with every other holder."""

    one: TieEnd
    other: TieEnd
    key: str
    kind: TieKind
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two elements of two documents, with the keys that they share; a key within a longer one is left out."""

    one: TieEnd
    other: TieEnd
    keys: tuple[str, ...]
    named: bool
    score: float


def ties_of(view: DocumentView) -> list[Tie]:
    """Return under which keys the passages, tables and figures of a document can be found by others."""
    joins: dict[str, list[str]] = defaultdict(list)
    for key, element_id in join_keys(view):
        joins[element_id].append(key)
    found = {
        element.element_id: (element, _keys(view, element, joins[element.element_id])) for element in view.elements
    }
    total = len({key.text for _, keys in found.values() for key in keys})
    ties = []
    for element, keys in found.values():
        end = _end(view, element, len(keys), total)
        ties += [Tie(key.text, key.kind, key.weight, end) for key in keys]
    return ties


def pair_up(ties: Iterable[Tie]) -> list[Candidate]:
    """Return the pairs of elements of different documents that share the one key of all these ties.

    None when more than a few documents have it, unless tables can be joined by it: then each document is paired with
    the next one alone. Of a document that has a key often only the richest places count.
    """
    by_document: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_document[tie.end.doc_id].append(tie)
    held = [sorted(own, key=_by_weight)[:_MOST_IN_DOCUMENT] for _, own in sorted(by_document.items())]
    documents: Iterable[tuple[list[Tie], list[Tie]]] = combinations(held, 2)
    if len(held) > _MOST_DOCUMENTS:
        # The same order under every key, so that two tables that are neighbours once are so for all their rows.
        held = sorted(held, key=_by_chance) if held[0][0].kind == TieKind.JOIN else []
        documents = pairwise(held)
    rarity = 1 / (min(len(held), _MOST_DOCUMENTS) - 1) if len(held) > 1 else 0.0
    pairs = (sorted(pair, key=_by_element) for one, other in documents for pair in product(one, other))
    return [
        Candidate(
            one.end, other.end, one.key, min(one, other, key=_by_weakness).kind, min(one.weight, other.weight) * rarity
        )
        for one, other in pairs
        if _may_be_tied(one.end, other.end)
    ]


def back(doc_id: str, candidates: Iterable[Candidate], *, seed: int) -> list[Pair]:
    """Return the pairs that a document backs: for each of its elements and each modality the best partners.

    A document that shares too much with this one is another state of it, and is passed over.

    Args:
        doc_id: the document.
        candidates: all those in which it has a part, in any order.
        seed: decides between equals.
    """
    by_partner: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_partner[candidate.other.doc_id if candidate.one.doc_id == doc_id else candidate.one.doc_id].append(candidate)
    best: dict[tuple[str, Modality], list[Pair]] = defaultdict(list)
    for shared in by_partner.values():
        for pair in _pairs_of_documents(shared):
            own, partner = (pair.one, pair.other) if pair.one.doc_id == doc_id else (pair.other, pair.one)
            best[own.element_id, partner.modality].append(pair)
    return [pair for found in best.values() for pair in sorted(found, key=_Ranking(seed))[:_MOST_BACKED]]


def join(backed: Iterable[Pair], *, seed: int) -> list[Bundle]:
    """Return the bundles of the pairs that stand here twice, backed by both documents; few of the same two."""
    counts: dict[Pair, int] = defaultdict(int)
    for pair in backed:
        counts[pair] += 1
    agreed = sorted((pair for pair, count in counts.items() if count > 1), key=_by_documents)
    chosen = [
        pair
        for _, pairs in groupby(agreed, key=_by_documents)
        for pair in sorted(pairs, key=_Ranking(seed))[:_MOST_OF_DOCUMENTS]
    ]
    return sorted(map(_bundle, chosen), key=_by_bundle)


def choose_across(ties: Iterable[Tie], *, seed: int) -> list[Bundle]:
    """Return the bundles over several documents that their ties give, all steps in one: for a corpus in memory."""
    by_key: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_key[tie.key].append(tie)
    by_document: dict[str, list[Candidate]] = defaultdict(list)
    for held in by_key.values():
        for candidate in pair_up(held):
            by_document[candidate.one.doc_id].append(candidate)
            by_document[candidate.other.doc_id].append(candidate)
    backed = [pair for name, found in by_document.items() for pair in back(name, found, seed=seed)]
    return join(backed, seed=seed)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Orders pairs, the best first; equals as the seed draws them."""

    seed: int

    def __call__(self, pair: Pair) -> tuple[float, str]:
        return -pair.score, digest(str(self.seed), pair.one.element_id, pair.other.element_id)


def _keys(view: DocumentView, element: Element, joins: list[str]) -> list[Key]:
    if is_passage(element):
        return text_keys(element.text)
    if element.kind not in (ElementKind.TABLE, ElementKind.FIGURE):
        return []
    caption = view.caption_of(element)
    said = text_keys(caption.text) if caption else []
    rows = [*table_keys(element), *row_keys(element)] if element.kind == ElementKind.TABLE else []
    joining = [Key(JOIN + text, TieKind.JOIN, _JOIN_WEIGHT) for text in sorted(joins)[:_MOST_JOINS]]
    return list({key.text: key for key in (*joining, *rows, *said)}.values())


def _end(view: DocumentView, element: Element, keys: int, total: int) -> TieEnd:
    caption = view.caption_of(element)
    modality = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}.get(element.kind, Modality.TEXT)
    around = (caption.element_id,) if caption else ()
    document = view.document
    field = f"{document.domain or ''} {document.language or ''}"
    return TieEnd(element.element_id, element.doc_id, modality, keys, total, document.family_id, field, around)


def _may_be_tied(one: TieEnd, other: TieEnd) -> bool:
    return one.field == other.field and (one.family_id is None or one.family_id != other.family_id)


def _pairs_of_documents(candidates: list[Candidate]) -> list[Pair]:
    """Return the pairs worth having of two documents; they weigh more the more the documents have in common."""
    shared = {candidate.key for candidate in candidates if candidate.kind != TieKind.ROW}
    smaller = min(candidates[0].one.document_keys, candidates[0].other.document_keys)
    joins = any(candidate.kind == TieKind.JOIN for candidate in candidates)
    if (not joins and len(shared) < _LEAST_RELATED) or len(shared) >= max(_LEAST_SHARED, _SAME_DOCUMENT * smaller):
        return []
    found: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        found[candidate.one.element_id, candidate.other.element_id].append(candidate)
    pairs = (_pair(sorted(same, key=_by_key), math.log2(len(shared) + 1)) for same in found.values())
    return [pair for pair in pairs if _says_enough(pair)]


def _pair(candidates: list[Candidate], relation: float) -> Pair:
    stems = {candidate.key: set(candidate.key.split()) for candidate in candidates}
    longest = [one for one in candidates if not any(stems[one.key] < other for other in stems.values())]
    score = relation * sum(one.weight for one in longest)
    named = any(one.kind == TieKind.NAME for one in longest)
    return Pair(longest[0].one, longest[0].other, tuple(one.key for one in longest), named, round(score, 6))


def _says_enough(pair: Pair) -> bool:
    """Say whether two elements share enough to belong together, and not so much that they are the same text."""
    said = [key for key in pair.keys if not key.startswith((HEADERS, JOIN))]
    if any(key.startswith(JOIN) for key in pair.keys):
        return True
    stems = [set(key.split()) for key in pair.keys]
    # Keys that overlap may be one longer phrase; three pairs of headers are three headers at least.
    apart = any(one.isdisjoint(other) for one, other in combinations(stems, 2))
    agree = len(pair.keys) - len(said) >= _LEAST_HEADERS
    few = len(set().union(*stems)) < _LEAST_STEMS - pair.named
    if not (apart or agree) or few or pair.score < _LEAST_SCORE:
        return False
    return len(said) < max(_FEW_KEYS, _SAME_TEXT * min(pair.one.keys, pair.other.keys))


def _bundle(pair: Pair) -> Bundle:
    evidence = (pair.one.element_id, pair.other.element_id)
    return bundle_of(BundleKind.ACROSS, evidence, (*pair.one.around, *pair.other.around), ties=pair.keys)


def _by_weight(tie: Tie) -> tuple[float, int, str]:
    return -tie.weight, -tie.end.keys, tie.end.element_id


def _by_chance(own: list[Tie]) -> str:
    return digest(own[0].end.doc_id)


def _by_weakness(tie: Tie) -> tuple[float, str]:
    return tie.weight, tie.kind.value


def _by_element(tie: Tie) -> str:
    return tie.end.element_id


def _by_key(candidate: Candidate) -> str:
    return candidate.key


def _by_documents(pair: Pair) -> tuple[str, str]:
    return pair.one.doc_id, pair.other.doc_id


def _by_bundle(bundle: Bundle) -> str:
    return bundle.bundle_id
