"""Mentions: every place in running text that names a numbered thing, taken apart and resolved, never guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.labels import NUMBER, Label, fold, is_plural, needs_form, noun_of, noun_pattern, tidy_number, tidy_panel
from schemas.geometry import Span

_LETTER = r"[A-Z](?:\.\d{1,3})*(?![A-Za-z\d'’])"
_PANEL = r"(?:\s?\([a-h](?:\s?[-–,]\s?[a-h])?\)|[a-h](?:\s?[-–,]\s?[a-h](?!\w))?(?!\w))"
_ITEM = rf"(?P<open>[(\[])?(?P<number>{NUMBER})(?!\d)(?P<panel>{_PANEL})?(?(open)[)\]])"
_LETTER_ITEM = rf"(?P<open>[(\[])?(?P<number>{NUMBER}|{_LETTER})(?!\d)(?P<panel>{_PANEL})?(?(open)[)\]])"
_RANGE = r"\s*(?:[-–—−~～〜]|\b(?:to|through|bis|à|al|до)\b|至|到)\s*"
_AND = r"\s*(?:,?\s*\b(?:and|und|et|y|e|и|or|oder|ou|o|и)\b|[,;&/、和及与と]|و)\s*"
_JOIN = re.compile(rf"(?P<range>{_RANGE})|(?P<list>{_AND})")
_ALWAYS_PLAIN = frozenset({"Table", "Figure", "Equation", "Section", "Chapter", "Appendix"})
# "Table 3 of Smith et al.", "Section 2 in [14]": another work's.
_FOREIGN_AFTER = re.compile(
    r"^\W{0,2}\s*(?:of|in|from|von|de|aus)\s+(?:\[\d|(?:the\s+)?(?:ref\.|reference)|"
    r"(?:[A-Z][\w'’-]+(?:,?\s+(?:and|&|et al\.?,?)\s*)*){1,4}\s*[(\[]?\d{2,4})"
)
_FOREIGN_BEFORE = re.compile(r"(?:\b(?:19|20)\d\d[a-z]?\s*[,;:]\s*(?:see\s+)?|\[\d{1,3}\s*,\s*)$")
_MAX_RANGE = 30


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name things: `span` is their place; `labels` all things named (several for a range).

    `literal` is another reading of the same words, for "Figure 3-2" where numbers are printed so.
    """

    span: Span
    labels: tuple[Label, ...]
    literal: Label | None = None


def find_mentions(text: str) -> list[Mention]:
    """Return the mentions in `text` from left to right; each item of a list is one of its own.

    >>> [text[m.span.start : m.span.end] for text in ["See Figures 1, 2b and 5."] for m in find_mentions(text)]
    ['Figures 1', '2b', '5']
    """
    plain = fold(text)
    found: list[Mention] = []
    end = 0
    for match in _noun_pattern().finditer(plain):
        if match.start() < end:
            continue
        items = list(_items(plain, match))
        if items and not _is_foreign(plain, match.start(), items[-1].span.end):
            found += items
        end = items[-1].span.end if items else end
    return found


@cache
def _noun_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-zÀ-ɏ\d_-])(?P<noun>{noun_pattern()})\s*(?=[(\[]?[A-Z\d])", re.IGNORECASE)


@cache
def _item_pattern(letters: bool) -> re.Pattern[str]:
    return re.compile(_LETTER_ITEM if letters else _ITEM)


def _items(text: str, match: re.Match[str]) -> Iterator[Mention]:
    """Yield what the list of numbers after a noun names."""
    word = match["noun"]
    noun = noun_of(word)
    if noun is None or not _is_written_as_name(word, noun, text[match.end("noun") :]):
        return
    pattern = _item_pattern(noun in ("Appendix", "Section"))
    item = pattern.match(text, match.end())
    start = match.start()
    while item is not None:
        label = _label(noun, item)
        joined = _join(text, item.end(), pattern, listed=is_plural(word) or needs_form(word))
        if joined is not None and joined[0]:
            last = joined[1]
            yield _range(label, _label(noun, last), Span(start, last.end()), plural=is_plural(word))
            joined = _join(text, last.end(), pattern, listed=is_plural(word))
        else:
            yield Mention(Span(start, item.end()), (label,))
        item = joined[1] if joined is not None else None
        start = item.start() if item is not None else start


def _is_written_as_name(word: str, noun: str, after: str) -> bool:
    """Tell a name ("Table 3", "fig. 2") from a common word before a number ("map 3")."""
    if not word[0].islower():
        return True
    if noun not in _ALWAYS_PLAIN:
        return False
    return not needs_form(word) or word.endswith(".")


def _label(noun: str, item: re.Match[str]) -> Label:
    return Label(noun, tidy_number(item["number"]), tidy_panel(item["panel"]))


def _join(text: str, end: int, pattern: re.Pattern[str], *, listed: bool) -> tuple[bool, re.Match[str]] | None:
    """Return (is it a range, next item) when the list of numbers goes on at `end`."""
    joint = _JOIN.match(text, end)
    if joint is None or (joint["list"] and not listed):
        return None
    item = pattern.match(text, joint.end())
    if item is None or (joint["range"] and not _goes_on(joint["range"], listed)):
        return None
    return bool(joint["range"]), item


def _goes_on(sign: str, listed: bool) -> bool:
    return listed or not any(map(str.isalpha, sign))


def _range(first: Label, last: Label, span: Span, *, plural: bool) -> Mention:
    literal = None if plural else Label(first.noun, f"{first.number}-{last.number}", last.panel)
    return Mention(span, tuple(expand(first, last)), literal)


def expand(first: Label, last: Label) -> list[Label]:
    """Return all labels of a range; just its ends when what lies between is not plain.

    >>> [str(label) for label in expand(Label("Table", "A.2"), Label("Table", "A.4"))]
    ['Table A.2', 'Table A.3', 'Table A.4']
    """
    head, low = _split(first.number)
    tail, high = _split(last.number)
    if low is None or high is None or (tail and tail != head) or not low < high <= low + _MAX_RANGE:
        return [first, last]
    middle = [Label(first.noun, f"{head}{number}") for number in range(low + 1, high)]
    return [first, *middle, Label(first.noun, f"{head}{high}", last.panel)]


def _split(number: str) -> tuple[str, int | None]:
    match = re.search(r"\d+$", number)
    return (number[: match.start()], int(match[0])) if match else (number, None)


def _is_foreign(text: str, start: int, end: int) -> bool:
    return bool(_FOREIGN_AFTER.match(text[end : end + 60]) or _FOREIGN_BEFORE.search(text[max(0, start - 30) : start]))


def resolve(mention: Mention, index: Mapping[str, Sequence[int]]) -> Sequence[int] | None:
    """Return the places of what a mention names, or None when something is missing or ambiguous.

    Args:
        mention: the mention.
        index: for the key of each label, the places of the elements that carry it.
    """
    if mention.literal is not None and (hits := _find(mention.literal, index)):
        return hits if len(hits) == 1 else None
    places: list[int] = []
    for label in mention.labels:
        hits = _find(label, index)
        if len(hits) == 1:
            places.append(hits[0])
        elif len(mention.labels) == 1:
            return None
    return places or None


def candidates(mention: Mention, index: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the places of everything that may be meant."""
    labels = (*mention.labels, *([mention.literal] if mention.literal else []))
    return [place for label in labels for place in _find(label, index)]


def _find(label: Label, index: Mapping[str, Sequence[int]]) -> Sequence[int]:
    with_panel = index.get(f"{label.key}{label.panel.casefold()}", ()) if label.panel else ()
    return with_panel or index.get(label.key, ())
