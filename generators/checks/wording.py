"""Words as the checks compare them: folded, without quotation, stemmed just enough to survive inflection."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(
    r"“[^“”]{1,400}”|«[^«»]{1,400}»|„[^„“”]{1,400}[“”]|\"[^\"]{1,400}\"|‘[^‘’]{2,400}’(?!\w)|(?<!\w)'[^']{2,400}'(?!\w)"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_SUFFIXES = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""))
_SHORTEST_STEM = 3


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of `text`, which is a list of words written as one string."""
    return frozenset(text.split())


# Words that carry grammar, not a subject.
FUNCTION_WORDS = vocabulary(
    """
    a an the and or but nor if then else than as at by for from in into of off on onto out over per to up upon via
    with within without about above across after against along among around before behind below beneath beside between
    beyond despite down during except inside like near outside since through throughout toward towards under until is
    are was were be been being am do does did done has have had having can could may might must shall should will
    would what which who whom whose when where why how that this these those there here it its itself he him his she
    her hers they them their theirs we us our ours you your yours i me my mine not no yes all any both each either
    every few many more most much neither none one other others some such same so too very just only also again ever
    once between versus vs etc according respectively
    """
)

# Words that stand in so many documents that they lead to none of them.
GENERIC_WORDS = vocabulary(
    """
    value values number numbers amount amounts total totals sum average mean median rate rates percent percentage
    share year years month months day days date time period table tables figure figures chart page pages section
    report reported report's document paper study data dataset result results listed list given give name named state
    stated show shown shows highest lowest largest smallest greatest maximum minimum higher lower larger smaller
    greater less least fewer fewest top bottom rank ranked ranks second third fourth fifth first last difference
    differ row rows column columns entry entries item items category type types group groups kind level case cases say
    said does compare compared exceed exceeds together combined overall count counted least following across score
    scores
    """
)


def fold(text: str) -> str:
    """Return `text` in one form for comparison: NFKC, case folded, one kind of dash, whitespace collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).casefold().split())


def without_quoted(text: str) -> str:
    """Return `text` without what stands in quotation marks: titles and labels speak for themselves."""
    return _QUOTED.sub(" “” ", text)


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` in order, digits included."""
    return tuple(_WORD.findall(fold(text)))


def has_digit(text: str) -> bool:
    """Say whether there is a digit in a text."""
    return any(character.isdigit() for character in text)


def digit_words(text: str) -> list[str]:
    """Return the words of a text that have digits in them, sorted."""
    return sorted(word for word in words(text) if has_digit(word))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a word without its commonest English endings.

    >>> stem("studies"), stem("increased"), stem("class")
    ('study', 'increas', 'class')
    """
    word = re.sub(r"['’]s?$", "", word)
    for suffix, replacement in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = word[: len(word) - len(suffix)] + replacement
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM + 1 else word


@lru_cache(maxsize=8192)
def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that mean something; words of digits alone are left to the numbers."""
    return frozenset(
        stem(word) for word in words(text) if word not in FUNCTION_WORDS and not word.isnumeric() and _long_enough(word)
    )


@lru_cache(maxsize=8192)
def distinctive_stems(text: str) -> frozenset[str]:
    """Return the content stems of `text` that can tell one document from others."""
    return content_stems(text) - _GENERIC_STEMS


def share_found(wanted: Iterable[str], text: Iterable[str]) -> float:
    """Return which share of the stems `wanted` is among `text`, also as a part of a longer compound; 1 for none."""
    stems, known = set(wanted), set(text)
    if not stems:
        return 1.0
    return sum(is_known(one, known) for one in stems) / len(stems)


def is_known(one: str, known: set[str] | frozenset[str]) -> bool:
    """Say whether a stem is among `known` ones, allowing endings that the stemmer does not know."""
    if one in known:
        return True
    return len(one) >= 5 and any(
        (other.startswith(one) or one.startswith(other)) and len(other) >= 5 and abs(len(other) - len(one)) <= 3
        for other in known
    )


def _long_enough(word: str) -> bool:
    return len(word) > 1 or ord(word[0]) > 0x2E7F


_GENERIC_STEMS = frozenset(stem(word) for word in GENERIC_WORDS)
