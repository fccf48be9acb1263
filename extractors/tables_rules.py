"""Level rules of one extent, one below the other, as they stand above, within and below a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.raw import RawPage
from extractors.tables_rows import Row, is_formula_number, is_long, left, right
from schemas.geometry import Box, union

_ALIGNED = 5.0
_SHORTEST = 40.0
_THIN = 2.0
_SAME_HEIGHT = 1.5
_TOUCHING = 3.0
_APART = 4.0
_MOST_WORDS = 14
_PAST = 10.0
_INDENT = 15.0
_BREAK = 4.0


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


def page_rules(page: RawPage) -> tuple[Box, ...]:
    """Return the rules of a page, those included that are drawn as thin pictures."""
    thin = (box for box in page.pictures if min(box.width, box.height) <= _THIN < max(box.width, box.height))
    return (*page.rules, *thin)


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


def ruled_boxes(rules: Sequence[Box], rows: Sequence[Row], barriers: Sequence[Box] = ()) -> list[Box]:
    """Return the boxes between rules that hold at least two rows of several chunks, and little running text.

    A table whose last rule stands on a later page goes on below the rules of its heading.

    Args:
        rules: the level and upright rules of the page.
        rows: its rows, top to bottom.
        barriers: what no table holds, such as captions.
    """
    upright = [rule for rule in rules if rule.height > rule.width]
    boxes = []
    for group in rule_groups(rules):
        for part in _apart(group, upright, rows, barriers):
            if len(part.heights) > 1 and _holds_rows(part, rows):
                boxes.append(part.bbox)
            elif len(part.heights) == 2 and (below := _below_heading(part, rows)) is not None:
                boxes.append(below)
    return boxes


def _below_heading(group: RuleGroup, rows: Sequence[Row]) -> Box | None:
    """Return the box of a heading between two rules and of the rows below that stand in its columns."""
    heading = [row for row in rows if _stands_in(row.bbox, group.bbox)]
    if len(heading) != 1 or not heading[0].is_tabular or is_long(heading[0].chunks[0]):
        return None
    bottom, height, found = group.heights[-1], heading[0].bbox.height, 0
    starts = [left(chunk) for chunk in heading[0].chunks]
    for row in (row for row in rows if row.bbox.center[1] > group.heights[-1]):
        inside = [any(-_ALIGNED < left(chunk) - start < _INDENT for start in starts) for chunk in row.chunks]
        past = any(
            right(chunk) > start
            for chunk, start in zip(row.chunks, starts[1:], strict=False)
            if left(chunk) < start - _INDENT
        )
        if row.bbox.y0 - bottom > _BREAK * height or not all(inside) or past or row.bbox.x1 > group.x1 + _ALIGNED:
            break
        bottom, found = row.bbox.y1, found + (len(row.chunks) > 1)
    return Box(group.x0, group.heights[0], group.x1, bottom) if found >= 2 else None


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


def _apart(
    group: RuleGroup, upright: Sequence[Box], rows: Sequence[Row], barriers: Sequence[Box]
) -> Iterator[RuleGroup]:
    """Cut a group where two rules belong to two things.

    A caption or a paragraph stands between them, or nothing does but the space between two frames; a frame without
    rules inside is no table either.
    """
    bands = [Box(group.x0, top, group.x1, bottom) for top, bottom in pairwise(group.heights)]
    framed = [_is_framed(band, upright) for band in bands]
    start = 0
    for place, band in enumerate(bands):
        between = any(framed) and not framed[place]
        alone = framed[place] and not any(framed[max(place - 1, 0) : place] + framed[place + 1 : place + 2])
        if between or alone or any(_stands_in(barrier, band) for barrier in barriers) or _is_text(band, rows):
            yield RuleGroup(group.x0, group.x1, group.heights[start : place + 1])
            start = place + 1
    yield RuleGroup(group.x0, group.x1, group.heights[start:])


def _is_framed(band: Box, upright: Sequence[Box]) -> bool:
    """Say whether upright rules join the ends of two level ones."""
    sides = [rule for rule in upright if rule.y0 < band.y0 + _APART and rule.y1 > band.y1 - _APART]
    return all(any(abs(rule.center[0] - side) < _ALIGNED for rule in sides) for side in (band.x0, band.x1))


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
    """Say whether at least two rows of several chunks stand between the rules, and more of them than of prose."""
    tabular = prose = 0
    for row in rows:
        if not group.heights[0] < row.bbox.center[1] < group.heights[-1]:
            continue
        chunks = [part for part in row.chunks if group.x0 - 4 <= left(part) and right(part) <= group.x1 + 4]
        long = sum(map(is_long, chunks))
        if long >= 2 or len(chunks) == long == 1:
            prose += 1
        elif len(chunks) >= 2 and not (len(chunks) == 2 and is_formula_number(chunks[1])):
            tabular += all(len(chunk) <= _MOST_WORDS for chunk in chunks)
    return tabular >= 2 and tabular > prose
