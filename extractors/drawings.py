"""Vector drawings as paths (for figures) and as rules, the level and upright lines that tables are ruled with."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extractors.raw import RawPath
from schemas.geometry import Box, box, intersection

_THIN = 3.0
_SLANT = 0.6
_ROUNDING = 0.02
_SHORTEST_RULE = 4.0
# Beyond this many segments a drawing is a map or a plot: more of its segments tell nothing about tables.
_MOST_ITEMS = 400
_TELLING_ITEMS = 48
_WHITE = 0.98


def read_drawings(drawings: Iterable[dict[str, Any]], frame: Box) -> tuple[tuple[RawPath, ...], tuple[Box, ...]]:
    """Return the paths that show on the page and the rules among their segments, in drawing order.

    What is clipped away is left out; for that, the library must have been asked for clips too.
    """
    paths: list[RawPath] = []
    rules: list[Box] = []
    for drawing, window in _in_windows(drawings, frame):
        bbox = intersection(box(*drawing["rect"]), window)
        if bbox.x1 < bbox.x0 or bbox.y1 < bbox.y0 or _is_invisible(drawing):
            continue
        path = _make_path(drawing, bbox)
        paths.append(path)
        if path.segments <= _MOST_ITEMS:
            rules.extend(_rules_of(drawing, path, window))
    return tuple(paths), tuple(dict.fromkeys(rules))


def _in_windows(drawings: Iterable[dict[str, Any]], frame: Box) -> Iterator[tuple[dict[str, Any], Box]]:
    """Yield each drawing with the part of the page that the clips around it leave open."""
    windows: list[tuple[int, Box]] = []
    for drawing in drawings:
        level = drawing.get("level", 0)
        while windows and windows[-1][0] >= level:
            windows.pop()
        window = windows[-1][1] if windows else frame
        if drawing["type"] == "clip":
            windows.append((level, intersection(box(*drawing["scissor"]), window)))
        elif drawing["type"] != "group":
            yield drawing, window


def _make_path(drawing: dict[str, Any], bbox: Box) -> RawPath:
    items = drawing["items"]
    kinds = [item[0] for item in items]  # a map has a hundred thousand
    curves = kinds.count("c")
    segments = len(kinds) + 3 * (kinds.count("re") + kinds.count("qu")) - curves
    kind = drawing["type"]
    width = round(drawing.get("width") or 0.0, 2)
    return RawPath(bbox, "f" in kind, "s" in kind, segments, curves, width, _count_slanted(items))


def _count_slanted(items: Sequence[Any]) -> int:
    """Count the slanted lines among the first segments; more would cost time and tell nothing new."""
    count = 0
    for item in items[:_TELLING_ITEMS]:
        if item[0] == "l":
            (x0, y0), (x1, y1) = item[1], item[2]
            count += abs(x0 - x1) > _SLANT < abs(y0 - y1)
    return count


def _is_invisible(drawing: dict[str, Any]) -> bool:
    """Say whether a drawing leaves no mark: no paint at all, or white paint without a border."""
    return drawing["type"] == "f" and min(drawing.get("fill") or (0.0,)) >= _WHITE


def _rules_of(drawing: dict[str, Any], path: RawPath, frame: Box) -> Iterator[Box]:
    half = max(path.width, 0.2) / 2 if path.stroked else 0.0
    for item in drawing["items"]:
        for x0, y0, x1, y1 in _segments(item, stroked=path.stroked):
            wide, tall = x1 - x0, y1 - y0
            if min(wide, tall) > _THIN + _ROUNDING or max(wide, tall) < _SHORTEST_RULE - _ROUNDING:
                continue  # slanted or short: most segments of a plot
            rule = intersection(box(x0, y0, x1, y1), frame)
            if _is_rule(rule):
                yield _thickened(rule, half)


def _segments(item: Sequence[Any], *, stroked: bool) -> Sequence[tuple[float, float, float, float]]:
    if item[0] == "l":
        (x0, y0), (x1, y1) = item[1], item[2]
        return ((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)),)
    if item[0] == "re":
        x0, y0, x1, y1 = item[1]
        if min(x1 - x0, y1 - y0) <= _THIN:
            return ((x0, y0, x1, y1),)
        if stroked:
            return (x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)
    return ()


def _is_rule(segment: Box) -> bool:
    short, long = sorted((segment.width, segment.height))
    return long >= _SHORTEST_RULE and 0 <= short <= _THIN and (short <= _SLANT or long >= 4 * short)


def _thickened(rule: Box, half: float) -> Box:
    """Give a line without thickness the thickness of its pen, so that no rule has an empty box."""
    if rule.width >= rule.height:
        grown = max(half - rule.height / 2, 0.1 if rule.height == 0 else 0.0)
        return box(rule.x0, rule.y0 - grown, rule.x1, rule.y1 + grown)
    grown = max(half - rule.width / 2, 0.1 if rule.width == 0 else 0.0)
    return box(rule.x0 - grown, rule.y0, rule.x1 + grown, rule.y1)
