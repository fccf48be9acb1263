"""Under which keys a text or a table can be found by another document: names, phrases, pairs of table headers.

A key is the stems of its words, so that "Neural networks" and "neural network" meet. How rare it is shows only when
the whole corpus has been counted; until then long words stand for rare ones, which they mostly are. So every document
keeps the same ones of too many keys, and what two documents share is not lost on one side.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice
from typing import Final

from generators.checks.wording import FUNCTION_WORDS, GENERIC_WORDS, content_stems, stem, vocabulary
from generators.measures import read_measure
from generators.quantities import parse_quantity
from generators.words import word_list
from schemas.records import Element

HEADERS: Final = "headers: "
JOIN: Final = "join: "
_CITATION: Final = re.compile(
    r"\([^()]*\b(?:1[89]|20)\d\d[a-z]?\b[^()]*\)|\[[\d,;\s–-]+\]|\b[A-Z][\w’'-]+(?: (?:and|&) [A-Z][\w’'-]+)?"
    r"(?: et al\.?)?,? \((?:1[89]|20)\d\d[a-z]?\)|\b[A-Z][\w’'-]+ et al\.?"
)
_ADDRESS: Final = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+|\b[\w-]+(?:/[\w.-]+){2,}")
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_ENDS: Final = frozenset(".!?:•–—;")
_JOINTS: Final = frozenset({"of", "for", "de", "du", "van", "von"})
_LEAST_LETTERS: Final = 4
_LONGEST_NAME: Final = 5
_SHORTEST_NAME: Final = 3
_MOST_PHRASES: Final = 12
_MOST_NAMES: Final = 10
_MOST_HEADERS: Final = 6
_ROW_WEIGHT: Final = 0.5
_STRUCTURE: Final = vocabulary(
    """
    appendix annex volum chapter part exampl equation cod algorithm list theorem lemma proof step panel supplement
    supplementary material i ii iii iv v vi vii viii ix x
    """
)


class TieKind(StrEnum):
    """What two elements share."""

    NAME = "name"
    PHRASE = "phrase"
    HEADERS = "headers"
    ROW = "row"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Key:
    """A key with how much it says when it is rare; `text` is its stems with blanks between."""

    text: str
    kind: TieKind
    weight: float


def text_keys(text: str) -> list[Key]:
    """Return the keys of running text: its names, then its phrases; citations and addresses are passed over."""
    tokens = _TOKEN.findall(without_citations(text))
    names = {key: Key(key, TieKind.NAME, weight) for key, weight in _names(tokens)}
    phrases = {key: Key(key, TieKind.PHRASE, 1.0) for key in _phrases(tokens) if key not in names}
    return [*_longest(names.values(), _MOST_NAMES), *_longest(phrases.values(), _MOST_PHRASES)]


def table_keys(table: Element) -> list[Key]:
    """Return the keys of a table: any two of its first headers that say something, and each of these with its unit."""
    measures = [read_measure(cell.text) for cell in table.cells if cell.header and cell.row == 0]
    named = {_header_key(measure.name): measure.unit for measure in measures}
    first = sorted(islice(filter(None, named), _MOST_HEADERS))
    united = [Key(f"{HEADERS}{name} in {named[name]}", TieKind.HEADERS, 1.0) for name in first if named[name]]
    return united + [Key(f"{HEADERS}{one} | {other}", TieKind.HEADERS, 1.5) for one, other in combinations(first, 2)]


def row_keys(table: Element) -> list[Key]:
    """Return the names that the rows of a table begin with, as keys like those of text, yet of less weight."""
    labels = [cell.text for cell in table.cells if cell.col == 0 and cell.row > 0 and parse_quantity(cell.text) is None]
    found = {key for text in labels for key, _ in _names(_TOKEN.findall(text))}
    return _longest((Key(key, TieKind.ROW, _ROW_WEIGHT) for key in found), _MOST_NAMES)


def names_in(text: str) -> list[str]:
    """Return the names of a text as they are printed: runs of capitalised words, acronyms, models, years with names.

    >>> names_in("In this trial the Zurich Airport used GPT-4 once.")
    ['Zurich Airport', 'GPT-4']
    """
    return list(dict.fromkeys(" ".join(run) for run, _ in _runs(_TOKEN.findall(without_citations(text)))))


def without_citations(text: str) -> str:
    """Return a text without what it cites, and without addresses and paths."""
    return _ADDRESS.sub(" . ", _CITATION.sub(" . ", text))


def is_coined(token: str) -> bool:
    """Say whether a token is a name by its form alone: an acronym, a model, inner capitals."""
    if len(token) < 2 or not any(char.isalpha() for char in token):
        return False
    upper = sum(char.isupper() for char in token)
    return upper > 1 or (upper == 1 and not token[0].isupper()) or (upper == 1 and any(c.isdigit() for c in token))


def _names(tokens: Sequence[str]) -> Iterator[tuple[str, float]]:
    for run, year in _runs(tokens):
        stems = _stems(run)
        if not stems or len(text := " ".join(stems)) < _SHORTEST_NAME:
            continue
        telling = is_coined(run[-1]) or len(run) > 1
        if year:
            yield f"{text} {year}", 3.0
        if not (set(stems) <= _SAYING_NOTHING | _VAGUE or (len(run) == 1 and run[0] in _KNOWN_ACRONYMS)):
            yield text, 1.0 + telling + (len(stems) > 1)


def _runs(tokens: Sequence[str]) -> Iterator[tuple[list[str], str | None]]:
    """Yield runs of capitalised words, each with the year that stands beside it."""
    at = 0
    while at < len(tokens):
        end = _end_of_name(tokens, at)
        run = list(tokens[at:end])
        starts = at == 0 or tokens[at - 1] in _ENDS
        if starts and run and not is_coined(run[0]) and (len(run) == 1 or run[0].casefold() in FUNCTION_WORDS):
            run = run[1:]
        if run and run[0].casefold() not in FUNCTION_WORDS:
            beside = (*tokens[max(0, at - 1) : at], *tokens[end : end + 1])
            yield run, next((token for token in beside if _YEAR.fullmatch(token)), None)
        at = max(end, at + 1)


def _end_of_name(tokens: Sequence[str], at: int) -> int:
    end = at
    while end < len(tokens) and end - at < _LONGEST_NAME:
        if _is_capital(tokens[end]):
            end += 1
        elif end > at and _joins(tokens[end]) and end + 1 < len(tokens) and _is_capital(tokens[end + 1]):
            end += 2
        else:
            break
    return end


def _joins(token: str) -> bool:
    """Say whether a token may stand inside a name: "University of Kent", "Comprehensive R Archive Network"."""
    return token in _JOINTS or (len(token) == 1 and token.isupper())


def _is_capital(token: str) -> bool:
    return len(token) > 1 and (token[0].isupper() or is_coined(token))


def _phrases(tokens: Sequence[str]) -> Iterator[str]:
    """Yield every two neighbours that are neither grammar nor numbers nor short."""
    before = ""
    for token in tokens:
        word = token.casefold()
        known = word.isalpha() and len(word) >= _LEAST_LETTERS and word not in FUNCTION_WORDS
        after = stem(word) if known or ("-" in word and len(word) > _LEAST_LETTERS) else ""
        pair = {before, after}
        if before and after and not pair & _SAYING_NOTHING and not pair <= _VAGUE:
            yield f"{before} {after}"
        before = after


def _header_key(text: str) -> str | None:
    stems = sorted(content_stems(text))
    return " ".join(stems) if stems and sum(map(len, stems)) > 2 and not set(stems) <= _GENERIC else None


def _stems(run: Iterable[str]) -> list[str]:
    return [stem(word.casefold()) for word in run if word.casefold() not in FUNCTION_WORDS]


def _longest(keys: Iterable[Key], most: int) -> list[Key]:
    return sorted(keys, key=_by_length)[:most]


def _by_length(key: Key) -> tuple[float, int, str]:
    return -key.weight, -len(key.text), key.text


_GENERIC: Final = frozenset(stem(word) for word in GENERIC_WORDS)
_SAYING_NOTHING: Final = _GENERIC | _STRUCTURE
_VAGUE: Final = frozenset(stem(word) for word in word_list("vague"))
_KNOWN_ACRONYMS: Final = word_list("acronyms")
