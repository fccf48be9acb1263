"""How deep headings lie: the outline says so, or their numbers, or how they are set."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.raw import Block

# What stands above numbered sections: "Part II", "Deuxième partie", "第二部".
_PART = re.compile(
    r"^(?:(?:part|teil|partie|parte|parti|часть|deel)\s+(?:[IVX]{1,6}|\d{1,2}|[A-Z]|one|two|three|four|five)\b|"
    r"(?:première|premier|deuxième|seconde|troisième|quatrième|cinquième)\s+partie\b|"
    r"(?:erster|zweiter|dritter|vierter|fünfter)\s+teil\b|(?:primera|segunda|tercera|cuarta)\s+parte\b|"
    r"第\s*[\d〇一二三四五六七八九十]{1,3}\s*(?:部分?|篇|编|編)|제\s*\d{1,2}\s*[부편])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Style:
    """What makes headings of one level look alike; greater stands out more."""

    size: float
    bold: bool
    caps: bool
    roman: bool


def style_of(block: Block) -> Style:
    """Return how a heading is set."""
    return Style(round(block.size * 2) / 2, block.bold, is_caps(block.text), not block.italic)


def is_caps(text: str) -> bool:
    """Tell whether a text is set in capitals."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and sum(map(str.isupper, letters)) > 0.85 * len(letters)


def is_part(text: str) -> bool:
    """Tell whether a heading opens a part of a book."""
    return _PART.match(text) is not None


def heading_levels(
    blocks: Sequence[Block],
    found: Sequence[int],
    numbers: Mapping[int, tuple[str | None, int]],
    outlined: Mapping[int, int],
) -> dict[int, int]:
    """Return the levels of the headings at the places `found`.

    Args:
        blocks: the blocks of the document.
        found: the places of its headings.
        numbers: the number of each heading and the depth that it tells.
        outlined: the levels that the outline gives to some of them.
    """
    styles = {index: style_of(blocks[index]) for index in found}
    romans = {index for index in found if _is_roman(numbers[index][0])}
    printed = {index: _depth(numbers[index], bool(romans)) for index in found}
    depths = _settled(blocks, printed, {index: outlined[index] for index in found if index in outlined})
    told = sum(1 for depth in depths.values() if depth)
    votes: dict[Style, Counter[int]] = defaultdict(Counter)
    for index in found:
        if depths[index] and told > 1:
            votes[styles[index]][depths[index]] += 1
    known = {style: max(count, key=lambda level: (count[level], -level)) for style, count in votes.items()}
    ranks = _style_levels(set(styles.values()), known)
    return {index: depths[index] or ranks[styles[index]] for index in found}


def _settled(blocks: Sequence[Block], printed: Mapping[int, int], outlined: Mapping[int, int]) -> dict[int, int]:
    """Return the levels that the outline and the numbers tell, 0 where neither does.

    With parts above the sections, or the title on top of the outline, "1" is of the second level.
    """
    parts = set() if outlined else _parts(blocks, printed)
    shifts = sorted(outlined[index] - printed[index] for index in outlined if printed[index])
    shift = shifts[len(shifts) // 2] if shifts else int(bool(parts))
    told = {index: max(1, depth + shift) if depth else 0 for index, depth in printed.items()}
    return told | dict.fromkeys(parts, 1) | dict(outlined)


def _parts(blocks: Sequence[Block], printed: Mapping[int, int]) -> set[int]:
    """Return the headings of parts, where numbered sections in no larger print stand below."""
    largest = max((blocks[index].size for index, depth in printed.items() if depth), default=0.0)
    parts = {i for i in printed if is_part(blocks[i].text) and blocks[i].size >= largest - 0.5}
    return parts if any(depth for index, depth in printed.items() if index not in parts) else set()


def _is_roman(number: str | None) -> bool:
    return number is not None and len(number) > 1 and set(number) <= set("IVX")


def _depth(number: tuple[str | None, int], below_roman: bool) -> int:
    """Return the depth that the number tells; letters lie below Roman numerals where both are used."""
    printed, depth = number
    single_letter = printed is not None and len(printed) == 1 and printed.isalpha() and printed not in "IVX"
    return 2 if single_letter and below_roman else depth


def _style_levels(styles: set[Style], known: Mapping[Style, int]) -> dict[Style, int]:
    """Return a level for each style: where numbers tell it, that; else one below the next that stands out more."""
    levels: dict[Style, int] = {}
    above: tuple[Style, int] | None = None
    for style in sorted(styles, reverse=True):
        if style in known:
            levels[style] = known[style]
        elif above is None:
            levels[style] = min(known.values(), default=1) if known else 1
        else:
            levels[style] = above[1] + (1 if _differs(above[0], style) else 0)
        above = style, levels[style]
    return levels


def _differs(a: Style, b: Style) -> bool:
    return a.size - b.size > 0.6 or (a.bold, a.caps, a.roman) != (b.bold, b.caps, b.roman)
