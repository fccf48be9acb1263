"""Bundles: small sets of linked elements that a question will be asked about."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from generators.checks.wording import content_stems
from generators.document_view import DocumentView
from schemas.identity import digest, document_of
from schemas.kinds import ElementKind
from schemas.records import Element

_LEAST_WORDS: Final = 25
_LEAST_LETTERS: Final = 0.6
_MOST_CAPITALS: Final = 0.5
_NOTE: Final = re.compile(
    r"(?:data )?(?:sources?|notes?|note to editors|keywords?|abbreviations?)\s*[:.]", re.IGNORECASE
)
_MOST_MENTIONS: Final = 3
_MOST_IN_SECTION: Final = 12
_LEAST_SECTION_WORDS: Final = 120
_PHRASE: Final = 2
_BACK_MATTER: Final = re.compile(
    r"^(?:[\d.]+\s*)?(?:references|bibliography|literature(?: cited)?|works cited|acknowledge?ments?|funding|index|"
    r"contents|table of contents|author contributions?|conflicts? of interest|competing interests|about the authors?|"
    r"licen[cs]e)\b",
    re.IGNORECASE,
)


class BundleKind(StrEnum):
    """What a bundle is made of."""

    PASSAGE = "passage"
    TABLE = "table"
    FIGURE = "figure"
    PAIR = "pair"
    HOP = "hop"
    OBJECTS = "objects"
    SECTION = "section"
    ACROSS = "across"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Elements to ask about: `evidence` carries the answer, `context` helps to understand it (captions, mentions).

    `doc_id` is the first document; elements of further ones are known by their ids. `ties` are the rare words that the
    evidence has in common, as stems.
    """

    bundle_id: str
    doc_id: str
    kind: BundleKind
    evidence: tuple[str, ...]
    context: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()

    @property
    def doc_ids(self) -> tuple[str, ...]:
        """The documents of the evidence and its context, `doc_id` first."""
        others = (document_of(element_id) for element_id in (*self.evidence, *self.context))
        return tuple(dict.fromkeys((self.doc_id, *others)))


def build_bundles(view: DocumentView, *, seed: int) -> list[Bundle]:
    """Return a document's bundles, the kinds taking turns, each kind in an order drawn with `seed`.

    The same document and seed give the same list; whoever takes only the first few gets a fair mixture.
    """
    passages = [element for element in view.elements if is_passage(element)]
    kinds = (
        [_bundle(BundleKind.PASSAGE, (element,)) for element in passages],
        [_object_bundle(BundleKind.TABLE, view, element) for element in view.of_kind(ElementKind.TABLE)],
        [_object_bundle(BundleKind.FIGURE, view, element) for element in view.of_kind(ElementKind.FIGURE)],
        list(_pairs(passages)),
        list(_sections(passages)),
    )
    for bundles in kinds:
        bundles.sort(key=lambda bundle: bundle.bundle_id)
        random.Random(f"{seed} {view.document.doc_id}").shuffle(bundles)
    return [bundle for turn in zip_longest(*kinds) for bundle in turn if bundle is not None]


def is_passage(element: Element) -> bool:
    """Say whether an element is running text rich enough to ask about."""
    if element.kind not in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM):
        return False
    if any(_BACK_MATTER.match(heading) for heading in element.section_path):
        return False
    words = element.text.split()
    letters = sum(char.isalpha() for char in element.text)
    capitals = sum(word[0].isupper() for word in words)
    return (
        len(words) >= _LEAST_WORDS
        and letters >= _LEAST_LETTERS * len(element.text)
        and capitals <= _MOST_CAPITALS * len(words)  # addresses of authors, lists of names
        and not _NOTE.match(element.text)
    )


def _object_bundle(kind: BundleKind, view: DocumentView, element: Element) -> Bundle:
    caption = view.caption_of(element)
    mentions = [source for source, _ in view.mentions_of(element)]
    around = [*([caption] if caption else []), *dict.fromkeys(mentions)]
    return _bundle(kind, (element,), around[: _MOST_MENTIONS + 1])


def _pairs(passages: list[Element]) -> Iterator[Bundle]:
    """Yield two passages for each phrase that exactly these two share; a passage is paired at most once."""
    holders: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in passages:
        for phrase in sorted(_phrases(element.text)):
            holders[phrase].append(element)
    paired: set[str] = set()
    for _, found in sorted(holders.items()):
        ids = {element.element_id for element in found}
        if len(ids) == 2 and not ids & paired:
            paired |= ids
            yield _bundle(BundleKind.PAIR, tuple(found))


def _phrases(text: str) -> set[tuple[str, ...]]:
    """Return the runs of content words: neighbours in the text that are neither grammar nor numbers."""
    words = re.findall(r"[^\W\d_][\w-]+|\S", text)
    stems = [word.casefold() if len(word) > 3 and content_stems(word) else "" for word in words]
    grams = zip(*(stems[start:] for start in range(_PHRASE)), strict=False)
    return {gram for gram in grams if all(gram)}


def _sections(passages: list[Element]) -> Iterator[Bundle]:
    """Yield the passages of each section that has enough text for a summary."""
    sections: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in passages:
        if element.section_path:
            sections[element.section_path].append(element)
    for found in sections.values():
        words = sum(len(element.text.split()) for element in found)
        if len(found) > 1 and words >= _LEAST_SECTION_WORDS:
            yield _bundle(BundleKind.SECTION, tuple(found[:_MOST_IN_SECTION]))


def bundle_of(
    kind: BundleKind, evidence: Sequence[str], context: Iterable[str] = (), *, ties: tuple[str, ...] = ()
) -> Bundle:
    """Return the bundle of these elements, named by its document, its kind and them."""
    around = tuple(element_id for element_id in dict.fromkeys(context) if element_id not in evidence)
    document = document_of(evidence[0])
    name = f"{document}/bundle-{kind.value}-{digest(*evidence, '', *around)[:12]}"
    return Bundle(name, document, kind, tuple(evidence), around, ties)


def _bundle(kind: BundleKind, evidence: Sequence[Element], context: Iterable[Element] = ()) -> Bundle:
    return bundle_of(kind, [one.element_id for one in evidence], [one.element_id for one in context])
