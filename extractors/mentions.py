"""Mentions: every place in running text that names a numbered thing, taken apart and resolved, never guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.elsewhere import is_elsewhere
from extractors.labels import (
    CJK_NUMBER,
    LETTER,
    NUMBER,
    NUMBER_FIRST,
    Label,
    fold,
    in_series,
    numbered_first,
    series_before,
    tidy_number,
    tidy_panel,
)
from extractors.nouns import Noun, find_nouns, is_compound, is_name, is_plural, needs_form, noun_of
from schemas.geometry import Span

_PANELS = r"[a-h](?:\s?[-–,]\s?[a-h](?!\w))*"
_PANEL = rf"(?:\s?\({_PANELS}\)(?:\s?[-–,]\s?\([a-h]\))*|{_PANELS}(?!\w)|[A-H](?![\w'’]))"
_RANGE = r"\s*(?:[-–—−~～〜]|\b(?:to|through|bis|à|al|a|по|до)\b|至|到|から|에서|إلى|حتى)\s*"
_WORDED_AND = r"\s*(?:,?\s*(?:\b(?:and|und|et|y|e|и|or|oder|sowie|ou|o|или)\b|[&及和与與と및와과]|\bو))\s*"
_AND = rf"(?:{_WORDED_AND}|\s*[,;/、،]\s*)"
_JOIN = re.compile(rf"(?P<range>{_RANGE})|(?P<worded>{_WORDED_AND})|(?P<list>{_AND})")
_MAX_RANGE = 30
# What follows a number that counts something and names nothing: "in Table 3 and 4 patients", "and 5 %".
_COUNTED = re.compile(r"\s?(?:[%‰°×]|\s[A-Z][a-zà-ÿ]+en\b|\s[a-z]+s\b|\s[a-z]{1,2}\b)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name things: `span` is their place; `labels` all things named (several for a range).

    `literal` is another reading of the same words, for "Figure 3-2" where numbers are printed so. `elsewhere` is set
    when the words around it say that the thing stands in another work. A `weak` one counts only where the thing exists.
    """

    span: Span
    labels: tuple[Label, ...]
    literal: Label | None = None
    elsewhere: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """The places of what a mention names, and the labels that several things or nothing in the document bear."""

    places: tuple[int, ...] = ()
    ambiguous: tuple[Label, ...] = ()
    missing: tuple[Label, ...] = ()


def find_mentions(text: str) -> list[Mention]:
    """Return the mentions in `text` from left to right; each item of a list is one of its own.

    >>> [text[m.span.start : m.span.end] for text in ["See Figures 1, 2b and 5."] for m in find_mentions(text)]
    ['Figures 1', '2b', '5']
    """
    plain = fold(text)
    found: list[Mention] = []
    end = 0
    for noun in find_nouns(plain):
        items = list(_items(plain, noun)) if noun.start >= end else []
        if items:
            end = items[-1].span.end
            elsewhere = is_elsewhere(plain, items[0].span.start, end)
            found += [replace(item, elsewhere=True) for item in items] if elsewhere else items
    taken = [mention.span for mention in found]
    found += [mention for mention in _numbered_first(plain) if not _overlaps(mention.span, taken)]
    return sorted(found, key=lambda mention: mention.span.start)


def _numbered_first(text: str) -> Iterator[Mention]:
    """Yield the mentions whose number stands before their noun ("第 3 章")."""
    for match in NUMBER_FIRST.finditer(text) if not text.isascii() else ():
        yield Mention(Span(*match.span()), (numbered_first(match),), weak=match["first"] is None)


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


@cache
def _item_pattern(letters: bool) -> re.Pattern[str]:
    number = f"{NUMBER}|{LETTER}|{CJK_NUMBER}" if letters else f"{NUMBER}|{CJK_NUMBER}"
    return re.compile(rf"(?P<open>[(\[]\s?)?(?P<number>{number})(?!\d)(?P<panel>{_PANEL})?(?(open)\s?[)\]])")


def _items(text: str, noun: Noun) -> Iterator[Mention]:
    """Yield what the list of numbers after a noun names."""
    if not is_name(noun.word):
        return
    pattern = _item_pattern(noun.name in ("Appendix", "Section"))
    item = pattern.match(text, noun.number)
    sign = series_before(text, noun.start)
    start = noun.start
    plural, weak = is_plural(noun.word), is_compound(text, noun)
    while item is not None:
        label = _label(noun.name, item, sign)
        joint, last = _join(text, item, pattern, listed=plural or needs_form(noun.word))
        if joint == "range" and last is not None:
            labels = expand(label, _label(noun.name, last, sign))
            literal = (
                None if plural else Label(noun.name, f"{label.number}-{last['number']}", tidy_panel(last["panel"]))
            )
            yield Mention(Span(start, last.end()), tuple(labels), literal, weak=weak)
            joint, last = _join(text, last, pattern, listed=plural)
            # "2-4-6" is no range of ranges.
            last = last if joint != "range" else None
        else:
            yield Mention(Span(start, item.end()), (label,), weak=weak or not item["number"].isascii())
        item = last
        start = item.start() if item is not None else start


def _label(noun: str, item: re.Match[str], sign: str) -> Label:
    return Label(noun, in_series(tidy_number(item["number"]), sign), tidy_panel(item["panel"]))


def _join(
    text: str, item: re.Match[str], pattern: re.Pattern[str], *, listed: bool
) -> tuple[str | None, re.Match[str] | None]:
    """Return how the list of numbers goes on after `item` ("range" or "list"), and its next item; else nothing."""
    joint = _JOIN.match(text, item.end())
    following = pattern.match(text, joint.end()) if joint else None
    if joint is None or following is None or _names_another(text, following):
        return None, None
    if joint["range"]:
        goes_on = listed or not any(map(str.isalpha, joint["range"]))
        return ("range", following) if goes_on else (None, None)
    goes_on = listed or (joint["worded"] is not None and _follows(item, following, text))
    return ("list", following) if goes_on else (None, None)


def _names_another(text: str, item: re.Match[str]) -> bool:
    """Tell whether the number belongs to a noun that comes after it ("図 2 と 3 章")."""
    return noun_of(text[item.end() :].lstrip()[:1]) is not None


def _follows(item: re.Match[str], following: re.Match[str], text: str) -> bool:
    """Tell whether a number after a singular noun goes on its list ("Tabelle 3 und 4"), and counts nothing."""
    _, before = _split(item["number"])
    _, after = _split(following["number"])
    if before is None or after is None or ("." in item["number"]) != ("." in following["number"]):
        return False
    return "." in following["number"] or (after == before + 1 and not _COUNTED.match(text, following.end()))


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


def resolve(mention: Mention, index: Mapping[str, Sequence[int]]) -> Resolution:
    """Return the places of what a mention names, and what is missing or ambiguous.

    Args:
        mention: the mention.
        index: for the key of each label, the places of the elements that carry it.
    """
    if mention.literal is not None and (hits := find(mention.literal, index)):
        return Resolution(tuple(hits)) if len(hits) == 1 else Resolution(ambiguous=(mention.literal,))
    hits_of = {label: find(label, index) for label in mention.labels}
    return Resolution(
        places=tuple(hits[0] for hits in hits_of.values() if len(hits) == 1),
        ambiguous=tuple(label for label, hits in hits_of.items() if len(hits) > 1),
        missing=tuple(label for label, hits in hits_of.items() if not hits),
    )


def candidates(mention: Mention, index: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the places of everything that may be meant."""
    labels = (*mention.labels, *([mention.literal] if mention.literal else []))
    return [place for label in labels for place in find(label, index)]


def find(label: Label, index: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """Return the places of what bears a label: with its panel letters where those are part of a label, else without."""
    with_panel = index.get(f"{label.key}{label.panel.casefold()}", ()) if label.panel else ()
    return with_panel or index.get(label.key, ())
