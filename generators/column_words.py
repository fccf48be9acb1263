"""A column in a sentence: what it measures, and how it is told from the columns beside it."""

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from generators.subjects import Voice
from generators.words import word_list

GROUP_MARK: Final = " | "
_PEOPLE: Final = frozenset({"women", "men", "children", "people"})
_COUNTED: Final = word_list("counted")
# "to air", "per capita", "in Germany": such a header goes on where its measure ends.
_GOES_ON: Final = re.compile(r"(?:to|in|at|for|of|by|from|with|per|on|among|within|during)\s+\S", re.IGNORECASE)
_PART_OF_STUDY: Final = re.compile(
    r"(?:(?:control|treatment|test|training|validation) )?(?:sample|population|group|set)"
)
_ONE_WORD_KIND: Final = re.compile(r"(?:number|percentage) of\b")
_ADJECTIVES: Final = word_list("adjectives")
_NO_ADJECTIVE: Final = word_list("no_adjectives")
_LONGEST_ADJECTIVE: Final = 2
_LONGEST_PREFIXED: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column in a sentence: `measure` is a noun phrase or None, `under` the period it holds (' in 1996').

    `group` is the header that tells it from columns of the same measure ("Female"), or two of them with `GROUP_MARK`
    between, the wider first. Where there is no measure,
    `figure` says what its numbers are.
    """

    measure: str | None
    under: str
    figure: str = "figure"
    group: str = ""

    @property
    def plural(self) -> bool:
        """Whether the measure takes a plural verb."""
        return head_is_plural(self.measure or "")


def head_is_plural(noun: str) -> bool:
    """Tell whether the noun that a phrase is about is a plural: "sales per head"."""
    head = re.split(r" (?:of|per|in|for|on|by|from|to|with|at)\b", noun)[0].split()
    return bool(head) and re.search(r"[^sui]s$", head[-1]) is not None


def narrowed(words: ColumnWords, voice: Voice, chance: Random) -> ColumnWords:
    """Return the words with the group said as a person would: in the measure where it fits, else by its column.

    >>> narrowed(ColumnWords("threshold for releases", "", group="to air"), Voice(()), Random(0)).measure
    'threshold for releases to air'
    >>> narrowed(ColumnWords(None, "", "time", "User"), Voice(["the user waits"]), Random(0)).figure
    'user time'
    """
    group, said = words.group.translate(str.maketrans('“”"', "‘’’")), words.measure or words.figure
    if not group:
        return words
    wider, mark, inner = group.partition(GROUP_MARK)
    if mark:
        return replace(words, under=f"{_of_two(wider, inner, voice)}{words.under}", group="")
    plain = _plain(group, voice)
    if said == "correlation":
        return replace(words, measure=f"correlation with {plain or f'“{group}”'}", group="")
    if words.measure and _GOES_ON.match(group):
        return replace(words, measure=f"{said} {group[:1].lower()}{group[1:]}", group="")
    if plain and _PART_OF_STUDY.fullmatch(plain):
        return replace(words, under=f" in the {plain}{words.under}", group="")
    if len(said.split()) <= _LONGEST_PREFIXED and not head_is_plural(said) and not _ONE_WORD_KIND.match(said):
        counted = plain is not None and plain.split()[-1] in _COUNTED
        noun = f"{said} of {plain}" if counted else f"{plain or f'“{group}”'} {said}"
        return replace(words, measure=noun, group="") if words.measure else replace(words, figure=noun, group="")
    by_column = chance.choice((f" in the “{group}” column", f" under “{group}”"))
    return replace(words, under=f"{by_column}{words.under}", group="")


def _of_two(wider: str, inner: str, voice: Voice) -> str:
    """Return how two headers narrow a measure: " among Hispanic women", or by their names."""
    whom = voice.lowered(wider)
    if (head_is_plural(whom) or whom.casefold() in _PEOPLE) and re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)?", inner):
        return f" among {voice.lowered(inner)} {whom.lower() if whom.casefold() in _PEOPLE else whom}"
    return f" under “{wider}” and “{inner}”"


def _plain(group: str, voice: Voice) -> str | None:
    """Return a group's name as it stands before or behind a noun without marks, or None where it cannot."""
    lowered = group.lower() if group.lower() in _ADJECTIVES else voice.lowered(group)
    parts = lowered.split()
    if len(parts) > _LONGEST_ADJECTIVE or re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", lowered) is None:
        return None
    return None if not _NO_ADJECTIVE.isdisjoint(parts) or parts[0].endswith("ly") else lowered
