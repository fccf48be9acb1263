"""Questions that a document cannot answer: what is asked for is swapped for a near neighbour that it never names.

What is missing is found by code and not left to a model: a name that another document has where both speak of the same
thing, or a year beside those that a passage reports. It stands nowhere in the document, which the question names; so
nobody can find the answer there, whatever else the document says.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generators.bundles import Bundle, BundleKind, bundle_of
from generators.checks.wording import fold, stem, words
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftReason, Unusable
from generators.draft_sources import element_in, object_schema, shows_figure, sources_of
from generators.evidence import Proof, near_misses
from generators.tie_keys import is_coined, names_in, without_citations
from schemas.identity import document_of
from schemas.kinds import ElementKind
from schemas.records import Element

LACKING_PROMPT: Final = "draft_lacking"
NO_ANSWER: Final = "The document does not say."
_YEAR: Final = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")
_LABEL: Final = re.compile(r"(?:tables?|fig(?:ure)?s?|sections?|appendix|annex|chapter|volume)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")
_RANGE: Final = re.compile(r"\b((?:19|20)\d\d)\s*(?:[-–—/]|to|and|until|through)\s*((?:(?:19|20)\d)?\d\d?)\b")
_STEPS: Final = (1, -1, 2, -2, 3, -3)
_MOST_MISSING: Final = 6
_SHORTEST_NAME: Final = 4
_BY_YEAR: Final = frozenset({BundleKind.PASSAGE, BundleKind.PAIR, BundleKind.HOP})


@dataclass(frozen=True, slots=True)
class Lack:
    """What a document lacks: `shown` are the elements that seem to answer, `missing` the words that it never prints.

    `swapped` are the elements of another document that do have them; empty where a year was moved.
    """

    shown: tuple[str, ...]
    swapped: tuple[str, ...]
    missing: tuple[str, ...]


def lack_of(bundle: Bundle, views: Mapping[str, DocumentView], *, seed: int) -> Lack | None:
    """Return what can be asked for in vain near the evidence of a bundle, or None."""
    if bundle.kind == BundleKind.ACROSS:
        sides = [bundle.evidence, bundle.evidence[::-1]]
        random.Random(f"lack {seed} {bundle.bundle_id}").shuffle(sides)
        return next((lack for side in sides if (lack := _swapped(side[0], side[1], views))), None)
    # What a picture shows of the years between cannot be read here.
    if bundle.kind not in _BY_YEAR or shows_figure(bundle, views):
        return None
    years = list(_missing_years(bundle, views))[:_MOST_MISSING]
    return Lack(bundle.evidence, (), tuple(years)) if years else None


def shown_of(bundle: Bundle, lack: Lack) -> Bundle:
    """Return the part of a bundle that the question is about: what seems to answer, with its own captions."""
    documents = {document_of(name) for name in lack.shown}
    return bundle_of(bundle.kind, lack.shown, [name for name in bundle.context if document_of(name) in documents])


def lacking_values(lack: Lack, views: Mapping[str, DocumentView]) -> dict[str, object]:
    """Return what the prompt says beyond the sources: the missing words, and where else they stand."""
    elsewhere = [_text(views, name) for name in lack.swapped]
    return {"missing": lack.missing, "elsewhere": "\n".join(elsewhere)[:2000]}


def lacking_schema(lack: Lack) -> str:
    """Return the JSON schema of a draft that asks in vain."""
    return object_schema(missing={"enum": list(lack.missing)}, question={"type": "string"}, near={"type": "string"})


def prove_lack(draft: Draft, lack: Lack, bundle: Bundle, views: Mapping[str, DocumentView]) -> Proof | Unusable:
    """Return the near misses as evidence, or why the draft does not ask for what is missing."""
    if draft.missing not in lack.missing:
        return Unusable(DraftReason.NOT_MISSING, f"“{draft.missing[:100]}” is none of the missing words")
    if fold(draft.missing) not in fold(draft.question):
        return Unusable(DraftReason.NOT_MISSING, f"the question does not ask for “{draft.missing[:100]}”")
    return near_misses(draft, sources_of(shown_of(bundle, lack), views), views)


def lack_note(draft: Draft, lack: Lack) -> str:
    """Return what the history says of the swap.

    >>> lack_note(Draft(missing="2004"), Lack(("d/p0000/paragraph1",), (), ("2004",)))
    '“2004” put in place of another year; the document never names it'
    """
    if not lack.swapped:
        return f"“{draft.missing}” put in place of another year; the document never names it"
    return f"“{draft.missing}” taken from {', '.join(lack.swapped)} in place of {', '.join(lack.shown)}"


def _swapped(near: str, other: str, views: Mapping[str, DocumentView]) -> Lack | None:
    view = views[document_of(near)]
    element = view.get(near)
    if element is None or element.kind == ElementKind.FIGURE:
        return None
    names = (name for name in names_in(_text(views, other)) if _tells(name))
    missing = [name for name in names if _never_names(view, name)]
    return Lack((near,), (other,), tuple(missing[:_MOST_MISSING])) if missing else None


def _tells(name: str) -> bool:
    """Say whether a name is one wherever it stands: of several words, or coined, and no label of a table."""
    return len(name) >= _SHORTEST_NAME and (" " in name or is_coined(name)) and not _LABEL.match(name)


def _never_names(view: DocumentView, name: str) -> bool:
    """Say whether a document has neither the name, nor its initials, nor all of its words anywhere."""
    known = _stems(view)
    parts = words(name)
    initials = "".join(part[0] for part in parts)
    return not {stem(part) for part in parts} <= known and (len(parts) == 1 or initials not in known)


def _missing_years(bundle: Bundle, views: Mapping[str, DocumentView]) -> Iterator[str]:
    known, covered = _years(views[bundle.doc_id])
    text = " ".join(_text(views, name) for name in bundle.evidence)
    reported = dict.fromkeys(int(year) for year in _YEAR.findall(without_citations(text)))
    for near in dict.fromkeys(year + step for year in reported for step in _STEPS):
        # Not beyond what the document knows of: nobody would look for it there.
        if near not in covered and min(known) < near < max(known):
            yield str(near)


@lru_cache(maxsize=8)
def _years(view: DocumentView) -> tuple[frozenset[int], frozenset[int]]:
    """Return the years that a document prints, and those that it may speak of: also within ranges and on axes."""
    text = _whole_text(view)
    known = frozenset(map(int, _YEAR.findall(text)))
    ranges = [(int(first), int(first[: 4 - len(last)] + last)) for first, last in _RANGE.findall(text)]
    for figure in view.of_kind(ElementKind.FIGURE):
        ticks = [int(year) for year in _YEAR.findall(figure.text)]
        ranges += [(min(ticks), max(ticks))] if ticks else []
    return known, known.union(*(range(first, last + 1) for first, last in ranges))


def _text(views: Mapping[str, DocumentView], element_id: str) -> str:
    """Return what an element says, with its caption."""
    element = element_in(views, element_id)
    if element is None:
        return ""
    caption = views[element.doc_id].caption_of(element)
    return "\n".join(filter(None, (caption.text if caption else "", _printed(element))))


def _printed(element: Element) -> str:
    return " . ".join(cell.text for cell in element.cells) if element.cells else element.text


@lru_cache(maxsize=8)
def _whole_text(view: DocumentView) -> str:
    parts = [view.document.title or "", *(_printed(element) for element in view.elements)]
    return "\n".join((*parts, *(element.text for element in view.elements if element.cells)))


@lru_cache(maxsize=8)
def _stems(view: DocumentView) -> frozenset[str]:
    return frozenset(map(stem, _WORD.findall(fold(_whole_text(view)))))
