"""Level rules of one extent, one below the other, as they stand above, within and below a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.tables_rows import Row, is_long
from schemas.geometry import Box, union

_ALIGNED = 5.0
_SHORTEST = 40.0
_SAME_HEIGHT = 1.5
_TOUCHING = 3.0
_APART = 4.0
_MOST_WORDS = 14
_PAST = 10.0


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules that begin and end alike, at these heights from top to bottom."""

    x0: float
    x1: float
    heights: tuple[float, ...]

    @property
    def bbox(self) -> Box:
        """The box between the first and the last rule."""
        return Box(self.x0, self.heights[0], self.x1, self.heights[-1])


def rule_groups(rules: Iterable[Box]) -> list[RuleGroup]:
    """Return the level rules that begin and end alike, at least two at different heights; pieces are put together."""
    level = sorted(rule for rule in rules if rule.width > 4 * rule.height)
    groups: list[list[Box]] = []
    for rule in sorted(rule for rule in _whole(level) if rule.width >= _SHORTEST):
        home = next((group for group in reversed(groups) if _alike(group[0], rule)), None)
        if home is None:
            groups.append([rule])
        else:
            home.append(rule)
    found = (_rule_group(group) for group in groups)
    return [group for group in found if len(group.heights) >= 2]


def ruled_boxes(groups: Iterable[RuleGroup], rows: Sequence[Row], barriers: Sequence[Box] = ()) -> list[Box]:
    """Return the boxes between rules that hold at least two rows of several chunks.

    Args:
        groups: the rules.
        rows: the rows of the page, top to bottom.
        barriers: what no table holds, such as captions.
    """
    return [part.bbox for group in groups for part in _apart(group, rows, barriers) if _holds_rows(part, rows)]


def _whole(level: Iterable[Box]) -> list[Box]:
    """Put the pieces of a rule that is drawn column by column together."""
    whole: list[Box] = []
    for rule in sorted(level, key=lambda rule: (round(rule.center[1] / _SAME_HEIGHT), rule.x0)):
        last = whole[-1] if whole else None
        if last is not None and abs(last.center[1] - rule.center[1]) <= _SAME_HEIGHT and rule.x0 <= last.x1 + _TOUCHING:
            whole[-1] = union([last, rule])
        else:
            whole.append(rule)
    return whole


def _alike(a: Box, b: Box) -> bool:
    return abs(a.x0 - b.x0) <= _ALIGNED and abs(a.x1 - b.x1) <= _ALIGNED


def _rule_group(rules: Sequence[Box]) -> RuleGroup:
    heights: list[float] = []
    for at in sorted(rule.center[1] for rule in rules):
        if not heights or at - heights[-1] > _APART:
            heights.append(at)
    return RuleGroup(min(rule.x0 for rule in rules), max(rule.x1 for rule in rules), tuple(heights))


def _apart(group: RuleGroup, rows: Sequence[Row], barriers: Sequence[Box]) -> Iterator[RuleGroup]:
    """Cut a group where a caption or a paragraph stands between two rules, and no row of a table."""
    start = 0
    for place, (top, bottom) in enumerate(pairwise(group.heights)):
        band = Box(group.x0, top, group.x1, bottom)
        if any(_stands_in(barrier, band) for barrier in barriers) or _is_text(band, rows):
            yield RuleGroup(group.x0, group.x1, group.heights[start : place + 1])
            start = place + 1
    yield RuleGroup(group.x0, group.x1, group.heights[start:])


def _is_text(band: Box, rows: Sequence[Row]) -> bool:
    """Say whether a line of text in a band runs past the rules, or long lines alone stand in it."""
    inside = [row for row in rows if _stands_in(row.bbox, band)]
    long = [row.bbox for row in inside if len(row.chunks) == 1 and is_long(row.chunks[0])]
    if any(bbox.x0 < band.x0 - _PAST or bbox.x1 > band.x1 + _PAST for bbox in long):
        return True
    return bool(long) and all(len(row.chunks) == 1 for row in inside)


def _stands_in(part: Box, band: Box) -> bool:
    return band.y0 < part.center[1] < band.y1 and part.x0 < band.x1 and part.x1 > band.x0


def _holds_rows(group: RuleGroup, rows: Sequence[Row]) -> bool:
    """Say whether at least two rows of several chunks stand between the rules."""
    bbox = group.bbox
    tabular = 0
    for row in rows:
        if bbox.y0 < row.bbox.center[1] < bbox.y1:
            chunks = [part for part in row.chunks if bbox.x0 - 4 <= part[0].bbox.x0 and part[-1].bbox.x1 <= bbox.x1 + 4]
            tabular += len(chunks) >= 2 and all(len(chunk) <= _MOST_WORDS for chunk in chunks)
    return tabular >= 2
