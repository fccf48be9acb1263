"""Queries whose relevant candidates are chosen for their pattern, as LIMIT does, over candidates as they are.

LIMIT asks how many combinations of two documents an embedding can tell apart: it chooses which documents go together
first, and then makes up attributes that no third one has. Ours are not made up: a word that stands in two candidates
and in no third is such an attribute. Every pair with such a word can be a query, and a pattern is a choice of pairs.
"""

import heapq
import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from generators.pools import PoolItem

MOST_QUERIES: Final = 1000
DENSE_CANDIDATES: Final = 46  # LIMIT's small corpus: all its pairs are about a thousand queries
_SEED: Final = 7
_WALKS: Final = 40
_WORD: Final = re.compile(r"[^\W\d_]{5,30}")
_ENDINGS: Final = ("es", "s", "ed", "ing")

Pair = tuple[str, str]
_Holder = tuple[str, str, tuple[int, ...], str]


class Pattern(StrEnum):
    """Which candidates go together: any, each with the next, each once, or few in as many pairs as there are."""

    RANDOM = "random"
    CYCLE = "cycle"
    DISJOINT = "disjoint"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class SharedWord:
    """A word that two candidates have, and no third one has in any form."""

    word: str
    holders: Pair


def shared_words(items: Iterable[PoolItem]) -> list[SharedWord]:
    """Return one word for each pair of candidates that share one, the longest; sorted by pair.

    Two candidates of the same page are no pair: one may hold the other's caption. Of a candidate no more than its id
    and its pages is held, and of a word no more than two candidates.
    """
    held: dict[str, list[_Holder] | None] = {}
    for item in items:
        at = (item.candidate_id, item.doc_id, item.page_indices)
        for stem, word in {_stem(word): word for word in _WORD.findall(item.text)}.items():
            holders = held.setdefault(stem, [])
            if holders is not None and len(holders) < 2:
                holders.append((*at, word))
            else:
                held[stem] = None
    found: dict[Pair, str] = {}
    for holders in held.values():
        if holders is not None and len(holders) == 2 and _apart(*holders):
            (one, *_, word), (other, *_) = holders
            pair = (min(one, other), max(one, other))
            found[pair] = max(found.get(pair, ""), word, key=lambda text: (len(text), text))
    return [SharedWord(found[pair], pair) for pair in sorted(found)]


def arrange(shared: Iterable[SharedWord], pattern: Pattern, *, most: int = MOST_QUERIES) -> list[SharedWord]:
    """Return those of the pairs that make up a pattern, the same ones every time.

    Args:
        shared: the pairs that can be had.
        pattern: which of them.
        most: how many at most; a dense pattern has at most `DENSE_CANDIDATES` candidates besides.
    """
    by_pair = {one.holders: one for one in shared}
    pairs = sorted(by_pair)
    random.Random(_SEED).shuffle(pairs)
    chosen = _CHOICES[pattern](pairs, most)
    return [by_pair[pair] for pair in chosen[:most]]


def _disjoint(pairs: list[Pair], _: int) -> list[Pair]:
    used: set[str] = set()
    chosen = []
    for pair in pairs:
        if used.isdisjoint(pair):
            used.update(pair)
            chosen.append(pair)
    return chosen


def _dense(pairs: list[Pair], _: int) -> list[Pair]:
    """Take away the candidate in the fewest pairs until few enough are left."""
    near = _neighbours(pairs)
    order = [(len(others), name) for name, others in near.items()]
    heapq.heapify(order)
    while len(near) > DENSE_CANDIDATES:
        degree, name = heapq.heappop(order)
        if name in near and len(near[name]) == degree:
            for other in near.pop(name):
                near[other].discard(name)
                heapq.heappush(order, (len(near[other]), other))
    return [pair for pair in pairs if near.keys() >= set(pair)]


def _cycle(pairs: list[Pair], most: int) -> list[Pair]:
    """Return the longest ring that some walks find."""
    near = _neighbours(pairs)
    _cut_ends(near)
    chance = random.Random(_SEED)
    starts = sorted(near, key=lambda name: (-len(near[name]), name))[:_WALKS]
    rings = [_ring(_walk(near, start, most, chance), near) for start in starts]
    ring = max(rings, key=len, default=[])
    return [(min(pair), max(pair)) for pair in zip(ring, ring[1:] + ring[:1], strict=True)]


def _cut_ends(near: dict[str, set[str]]) -> None:
    """Take away whoever has one neighbour, and then has one, as no ring goes through it."""
    ends = [name for name in near if len(near[name]) < 2]
    while ends:
        name = ends.pop()
        for other in near.pop(name, ()):
            near[other].discard(name)
            if len(near[other]) < 2:
                ends.append(other)


def _walk(near: dict[str, set[str]], start: str, most: int, chance: random.Random) -> list[str]:
    path, seen = [start], {start}
    while len(path) < most:
        onward = {name: len(near[name] - seen) for name in sorted(near[path[-1]] - seen)}
        if not onward:
            break
        # To where the fewest ways lead on first, or it is cut off for good; into a dead end last of all.
        path.append(min(onward, key=lambda name: (not onward[name], onward[name], chance.random())))
        seen.add(path[-1])
    return path


def _ring(path: list[str], near: dict[str, set[str]]) -> list[str]:
    place = {name: number for number, name in enumerate(path)}
    ends = [
        (last - first, first, last)
        for last, name in enumerate(path)
        for first in (place[other] for other in near[name] if other in place)
        if last - first >= 2
    ]
    if not ends:
        return []
    _, first, last = max(ends)
    return path[first : last + 1]


def _neighbours(pairs: list[Pair]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    return dict(near)


def _apart(one: _Holder, other: _Holder) -> bool:
    (_, first, pages, word), (_, second, others, same) = one, other
    together = first == second and not set(pages).isdisjoint(others)
    return word.casefold() == same.casefold() and not together


def _stem(word: str) -> str:
    folded = word.casefold()
    for ending in _ENDINGS:
        if folded.endswith(ending):
            return folded.removesuffix(ending)
    return folded.removesuffix("e")


def _random(pairs: list[Pair], most: int) -> list[Pair]:
    return pairs[:most]


_CHOICES: Final = {
    Pattern.RANDOM: _random,
    Pattern.CYCLE: _cycle,
    Pattern.DISJOINT: _disjoint,
    Pattern.DENSE: _dense,
}
