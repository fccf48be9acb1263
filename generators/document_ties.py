"""What belongs together inside one document: passages by what few of them say, tables and figures by who names them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise
from typing import Final

from generators.document_view import DocumentView
from generators.tie_keys import Key, row_keys, table_keys, text_keys
from schemas.kinds import ElementKind, LinkKind
from schemas.records import Element

_MOST_HOLDERS: Final = 4
_LEAST_SCORE: Final = 1.0
_MOST_PAIRS: Final = 2
_MOST_HOPS: Final = 2
_MOST_NAMED: Final = 4
_LEAST_SHARED: Final = 2
_OBJECTS: Final = frozenset({ElementKind.TABLE, ElementKind.FIGURE})

Two = tuple[Element, Element]


def tied_passages(passages: Sequence[Element]) -> list[Two]:
    """Return pairs of passages that share what few others of the document say, the rarest first.

    A key counts the more, the fewer passages have it; a passage stands in two pairs at most.
    """
    scores: dict[tuple[int, int], float] = defaultdict(float)
    for key, holders in _holders(passages).items():
        if 1 < len(holders) <= _MOST_HOLDERS:
            for pair in combinations(holders, 2):
                scores[pair] += key.weight / (len(holders) - 1)
    used: Counter[int] = Counter()
    found = []
    for pair, score in sorted(scores.items(), key=_best_first):
        if score >= _LEAST_SCORE and all(used[place] < _MOST_PAIRS for place in pair):
            used.update(pair)
            found.append((passages[pair[0]], passages[pair[1]]))
    return found


def hops(view: DocumentView, passages: Sequence[Element]) -> Iterator[Two]:
    """Yield each table and figure with the passages that name it, those first that name little else."""
    known = {passage.element_id for passage in passages}
    for element in view.of_kind(*_OBJECTS):
        naming = {source.element_id: source for source, _ in view.mentions_of(element) if source.element_id in known}
        ordered = sorted(naming.values(), key=lambda source: len(_named_by(view, source)))
        yield from ((element, source) for source in ordered[:_MOST_HOPS])


def tied_objects(view: DocumentView, passages: Sequence[Element]) -> Iterator[tuple[Element, Element, Element | None]]:
    """Yield two tables or figures with the passage that names both, and two whose headers, rows or captions agree.

    Parts of one table that runs over pages are no pair.
    """
    seen = {frozenset((link.source_id, link.target_id)) for link in view.links if link.kind == LinkKind.CONTINUES}
    naming = ((passage, _named_by(view, passage)) for passage in passages)
    by_text = ((*pair, passage) for passage, named in naming if len(named) <= _MOST_NAMED for pair in pairwise(named))
    by_keys = ((*pair, None) for pair in _alike_objects(view))
    for one, other, passage in chain(by_text, by_keys):
        pair = frozenset((one.element_id, other.element_id))
        if pair not in seen:
            seen.add(pair)
            yield one, other, passage


def _holders(passages: Sequence[Element]) -> dict[Key, list[int]]:
    """Return which passages have a key; its kind and weight are those of the first."""
    first: dict[str, Key] = {}
    found: dict[Key, list[int]] = defaultdict(list)
    for place, passage in enumerate(passages):
        for key in text_keys(passage.text):
            found[first.setdefault(key.text, key)].append(place)
    return found


def _named_by(view: DocumentView, passage: Element) -> list[Element]:
    found = {target.element_id: target for target, _ in view.mentioned_by(passage) if target.kind in _OBJECTS}
    return list(found.values())


def _alike_objects(view: DocumentView) -> Iterator[Two]:
    """Yield tables and figures with the next one that shares several keys with them."""
    objects = view.of_kind(*_OBJECTS)
    keys = [_object_keys(view, element) for element in objects]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for key in sorted(own):
            holders[key].append(place)
    # The next holder alone, so that thirty tables of one form give thirty pairs and not all of them.
    shared = Counter(pair for held in holders.values() for pair in pairwise(held))
    for (one, other), number in sorted(shared.items()):
        if number >= _LEAST_SHARED:
            yield objects[one], objects[other]


def _object_keys(view: DocumentView, element: Element) -> set[str]:
    caption = view.caption_of(element)
    said = text_keys(caption.text) if caption else []
    cells = [*table_keys(element), *row_keys(element)] if element.kind == ElementKind.TABLE else []
    return {key.text for key in (*said, *cells)}


def _best_first(item: tuple[tuple[int, int], float]) -> tuple[float, tuple[int, int]]:
    return -item[1], item[0]
