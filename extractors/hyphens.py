"""Hyphens at line ends that one page cannot settle, settled by the words of the whole document."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from extractors.raw import Block, TextAnchor
from schemas.geometry import Span

_HEAD = re.compile(r"[^\W\d_]+$")
_TAIL = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LEAST_HALF = 4
# Words that are whole alone and still begin others without a hyphen.
# fmt: off
_PREFIXES = frozenset(
    {
        "after", "anti", "auto", "back", "break", "counter", "down", "every", "fore", "further", "hand", "head", "here",
        "home", "hyper", "infra", "inter", "intra", "keep", "life", "line", "macro", "make", "mark", "micro",
        "mini", "mono", "multi", "near", "never", "news", "none", "over", "para", "poly", "post", "right",
        "show", "side", "some", "super", "there", "time", "trans", "turn", "ultra", "under", "upon", "what",
        "when", "where", "which", "with", "work",
    }
)
# fmt: on
# fmt: off
_SUFFIXES = frozenset(
    {
        "able", "ability", "ally", "ance", "ation", "book", "cation", "ence", "ever", "fully", "hood", "ible",
        "ical", "ings", "less", "like", "line", "ment", "mental", "more", "ness", "port", "ship", "side", "some",
        "sion", "sions", "tion", "tional", "tions", "time", "tive", "ular", "ward", "wards", "ware", "where",
        "wise", "work", "works", "ated", "ates", "ating", "tial", "table",
    }
)
# fmt: on


# Second halves that are seldom written as one with what stands before them.
# fmt: off
_SECOND_HALVES = frozenset(
    {
        "agnostic", "aligned", "aware", "based", "bound", "capable", "centered", "centred", "centric", "coded",
        "compatible", "compliant", "controlled", "defined", "dependent", "dimensional", "driven", "effective",
        "efficient", "enabled", "facing", "focused", "free", "friendly", "generated", "grained", "independent",
        "induced", "intensive", "invariant", "level", "maintained", "mediated", "oriented", "powered", "provided",
        "ready", "related", "rich", "scale", "separated", "sized", "specific", "specified", "squared", "style",
        "supplied", "supported", "threaded", "tuned", "valued", "weighted", "world",
    }
)
_SHORT_PREFIXES = frozenset({"bio", "con", "dis", "geo", "ill", "mis", "neo", "non", "out", "pre", "pro", "sub", "tri"})
# Languages that write compounds as one word, told by their small words.
_COMPOUNDING = frozenset({"und", "der", "die", "das", "nicht", "het", "een", "och", "att", "og", "ikke"})
_SEPARATING = frozenset({"the", "of", "and", "les", "des", "est", "los", "las", "que", "della", "sono"})
# fmt: on


class _Doubt(NamedTuple):
    head: str
    tail: str

    @property
    def joined(self) -> str:
        return self.head + self.tail

    @property
    def compound(self) -> str:
        return f"{self.head}-{self.tail}"


def settle_hyphens(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with a hyphen put back wherever the document's words speak for one.

    A word that is printed whole elsewhere stays whole; one that is printed with a hyphen gets it; a word that occurs
    nowhere else gets it when both of its halves do, or when its second half seldom goes without ("community-driven").
    """
    doubts = Counter(doubt for block in blocks for doubt in _doubts(block))
    if not doubts:
        return list(blocks)
    words = _count_words(blocks, doubts)
    compounding = sum(words[word] for word in _COMPOUNDING) > sum(words[word] for word in _SEPARATING)
    hyphened = frozenset(
        doubt for doubt, times in doubts.items() if _has_hyphen(doubt, words, times, compounding=compounding)
    )
    return [_restored(block, hyphened) if block.doubts else block for block in blocks]


def _doubts(block: Block) -> Iterator[_Doubt]:
    for place in block.doubts:
        if (doubt := _doubt_at(block.text, place)) is not None:
            yield doubt


def _doubt_at(text: str, place: int) -> _Doubt | None:
    head, tail = _HEAD.search(text[:place]), _TAIL.match(text, place)
    return _Doubt(head[0].casefold(), tail[0].casefold()) if head and tail else None


def _count_words(blocks: Iterable[Block], doubts: Iterable[_Doubt]) -> Counter[str]:
    """Count, of the words that matter, how often they are printed, alone or within a compound."""
    wanted = frozenset(word for doubt in doubts for word in (*doubt, doubt.joined, doubt.compound))
    wanted |= _COMPOUNDING | _SEPARATING
    words: Counter[str] = Counter()
    printed = Counter(word for block in blocks for word in _WORD.findall(block.text.casefold()))
    for word, times in printed.items():
        for part in _parts(word) if "-" in word else (word,):
            if part in wanted:
                words[part] += times
    return words


def _parts(word: str) -> Iterator[str]:
    parts = word.split("-")
    yield from parts
    yield from ("-".join(pair) for pair in pairwise(parts))


def _has_hyphen(doubt: _Doubt, words: Counter[str], times: int, *, compounding: bool) -> bool:
    # Each doubtful place was read as one word, and says nothing.
    whole, compound = words[doubt.joined] - times, words[doubt.compound]
    if whole or compound:
        return compound > whole
    if compounding:
        return False
    if doubt.tail in _SECOND_HALVES:
        return len(doubt.head) > 2 and doubt.head not in _PREFIXES | _SHORT_PREFIXES
    long_enough = min(len(doubt.head), len(doubt.tail)) >= _LEAST_HALF
    affixed = doubt.head in _PREFIXES or doubt.tail in _SUFFIXES
    doubled = doubt.head[-1] == doubt.tail[0]  # "occur-ring": a consonant doubled by its ending
    return long_enough and not affixed and not doubled and words[doubt.head] > 0 and words[doubt.tail] > 0


def _restored(block: Block, hyphened: frozenset[_Doubt]) -> Block:
    places = [place for place in block.doubts if _doubt_at(block.text, place) in hyphened]
    text = block.text
    for place in reversed(places):
        text = f"{text[:place]}-{text[place:]}"
    return replace(
        block,
        text=text,
        doubts=(),
        marks=tuple(Span(_moved(mark.start, places), _moved(mark.end, places)) for mark in block.marks),
        anchors=tuple(_moved_anchor(anchor, places) for anchor in block.anchors),
    )


def _moved_anchor(anchor: TextAnchor, places: Sequence[int]) -> TextAnchor:
    return replace(anchor, start=_moved(anchor.start, places), end=_moved(anchor.end, places))


def _moved(position: int, places: Sequence[int]) -> int:
    return position + sum(place < position for place in places)
