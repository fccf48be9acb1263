"""Bundles: small sets of linked elements that a question will be asked about."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from generators.decorations import decorations
from generators.document_ties import hops, tied_objects, tied_passages
from generators.document_view import DocumentView
from schemas.identity import digest, document_of
from schemas.kinds import ElementKind
from schemas.records import Element

_LEAST_WORDS: Final = 25
_LEAST_LETTERS: Final = 0.6
_MOST_CAPITALS: Final = 0.5
_CODE: Final = re.compile(r"[=<>{}$_~|\\*\"]|\[(?![\d,;\s–-]+\])|::|\(\)")
_MOST_CODE: Final = 0.04
_NOTE: Final = re.compile(
    r"\[\d{1,3}\]\s|(?:R|In \[\d+\]:?)?>|[+#]|"
    r"(?:(?:data )?(?:sources?|notes?|note to editors|keywords?|abbreviations?)\s*[:.]|"
    r"(?:table|tableau|tabelle|fig(?:ure)?\.?|abb(?:ildung|\.)|chart|exhibit|listing)\s*[\w.-]{1,6}\s*[.:|])",
    re.IGNORECASE,
)
_MOST_MENTIONS: Final = 3
_MOST_IN_SECTION: Final = 12
_LEAST_SECTION_WORDS: Final = 120
_BACK_MATTER: Final = re.compile(
    r"^(?:[\d.]+\s*)?(?:references|bibliography|literature(?: cited)?|works cited|acknowledge?ments?|funding|index|"
    r"contents|table of contents|author contributions?|conflicts? of interest|competing interests|about the authors?|"
    r"licen[cs]e)\b",
    re.IGNORECASE,
)


class BundleKind(StrEnum):
    """What a bundle is made of.

    One passage, table or figure; two passages; a table or figure with a passage that names it (hop); two tables or
    figures (objects); the passages and tables of a section; elements of two documents (across).
    """

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
        [_object_bundle(BundleKind.FIGURE, view, element) for element in _figures(view)],
        [_bundle(BundleKind.PAIR, pair) for pair in tied_passages(passages)],
        [_bundle(BundleKind.HOP, pair, captions_of(view, pair)) for pair in hops(view, passages)],
        list(_objects(view, passages)),
        list(_sections(view, passages)),
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
        and len(_CODE.findall(element.text)) <= _MOST_CODE * len(element.text)
        and not _NOTE.match(element.text)
    )


def _object_bundle(kind: BundleKind, view: DocumentView, element: Element) -> Bundle:
    caption = view.caption_of(element)
    mentions = [source for source, _ in view.mentions_of(element)]
    around = [*([caption] if caption else []), *dict.fromkeys(mentions)]
    return _bundle(kind, (element,), around[: _MOST_MENTIONS + 1])


def captions_of(view: DocumentView, elements: Iterable[Element]) -> list[Element]:
    """Return the captions of these elements, of those that have one."""
    return [caption for caption in map(view.caption_of, elements) if caption]


def _figures(view: DocumentView) -> list[Element]:
    """Return the figures that can be asked about."""
    ornament = decorations(view)
    return [element for element in view.of_kind(ElementKind.FIGURE) if element.element_id not in ornament]


def _objects(view: DocumentView, passages: Sequence[Element]) -> Iterator[Bundle]:
    for one, other, passage in tied_objects(view, passages):
        around = [*captions_of(view, (one, other)), *([passage] if passage else [])]
        yield _bundle(BundleKind.OBJECTS, (one, other), around)


def _sections(view: DocumentView, passages: Sequence[Element]) -> Iterator[Bundle]:
    """Yield the passages and tables of each section that has enough text for a summary.

    A figure inside is told by its caption alone: what it shows cannot be quoted, and a summary does not rest on it.
    """
    objects = view.of_kind(ElementKind.TABLE, ElementKind.FIGURE)
    sections: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in sorted((*passages, *objects), key=_place):
        if element.section_path:
            sections[element.section_path].append(element)
    for found in sections.values():
        shown = found[:_MOST_IN_SECTION]
        text = [element for element in shown if element.kind not in (ElementKind.TABLE, ElementKind.FIGURE)]
        if len(text) > 1 and sum(len(element.text.split()) for element in text) >= _LEAST_SECTION_WORDS:
            evidence = [element for element in shown if element.kind != ElementKind.FIGURE]
            yield _bundle(BundleKind.SECTION, evidence, captions_of(view, shown))


def _place(element: Element) -> tuple[int, int]:
    return element.page_index, element.order


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
