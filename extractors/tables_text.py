"""Tables without a network's help: where rows of words line up, and the grid that the gaps between them make."""

from collections.abc import Sequence
from itertools import pairwise

from extractors.grids import Grid, text_lines_of, words_inside
from extractors.raw import CaptionRegion, RawPage, RawPath, RawWord
from extractors.signals import is_listing, table_runs
from extractors.tables_captioned import is_captioned
from extractors.tables_lines import wrapped_rows
from extractors.tables_rows import Row, page_rows, rows_inside
from extractors.tables_rules import page_rules, ruled_boxes
from extractors.tables_runs import is_contents
from schemas.geometry import Box, grow, intersection, overlap, union

_STEP = 1.0
# A strip parts two columns when at most this share of the rows (a heading over several columns) crosses it.
_CROSSING = 0.15
_MOST_HEADING_ROWS = 4
_SHORT_ROW_WORDS = 8
# Shapes of at least so many points, at least so many: a drawing with labels in it, not a table.
_SHAPE = 6.0
_DRAWING_SHAPES = 5
_DRAWING_DOTS = 30
_CURVE_PIECES, _CURVE_SHARE = 10, 0.1


def text_tables(page: RawPage, captions: Sequence[CaptionRegion] = ()) -> list[Box]:
    """Return the boxes where words line up in columns or stand in rows between rules."""
    rows = page_rows(page)
    ruled = ruled_boxes(page_rules(page), rows, [caption.bbox for caption in captions])
    boxes = [box for box in ruled if is_captioned(box, captions) or not _is_other(page, rows_inside(rows, box))]
    boxes += [_with_heading(run, rows) for run in table_runs(page, rows)]
    return [box for box in _united(boxes) if len(words_inside(page.words, box)) >= 4 and not is_drawn(page, box)]


def _is_other(page: RawPage, rows: Sequence[Row]) -> bool:
    return is_listing(page, rows) or is_contents(rows)


def is_drawn(page: RawPage, bbox: Box) -> bool:
    """Say whether a box holds the curves and slanted lines of a drawing, as many dots as a plot, or a long curve."""
    inside = drawn_shapes(page, bbox)
    large = [path for path in inside if path.bbox.width > _SHAPE and path.bbox.height > _SHAPE]
    curve = any(path.slanted > _CURVE_PIECES and overlap(bbox, path.bbox) > _CURVE_SHARE for path in large)
    return curve or len(large) >= _DRAWING_SHAPES or len(inside) >= _DRAWING_DOTS


def drawn_shapes(page: RawPage, bbox: Box) -> list[RawPath]:
    """Return the curves and slanted lines in a box, whatever is drawn with more than level and upright lines."""
    return [path for path in page.paths if (path.curves or path.slanted) and overlap(path.bbox, bbox) > 0.8]


def text_grid(words: Sequence[RawWord], bbox: Box) -> Grid | None:
    """Return the grid that the blank strips between words make, or None when there are no two columns."""
    lines = text_lines_of(words)
    columns = _column_lines(lines, bbox)
    if not columns or len(lines) < 2:
        return None
    bands = [[word for line in row for word in line] for row in wrapped_rows(lines, columns)]
    rows = [bbox.y0]
    for above, below in pairwise(bands):
        middle = (max(word.bbox.y1 for word in above) + min(word.bbox.y0 for word in below)) / 2
        rows.append(max(middle, rows[-1] + 0.01))
    rows.append(max(bbox.y1, rows[-1] + 0.01))
    return Grid(tuple(rows), (bbox.x0, *columns, bbox.x1))


def _with_heading(run: Sequence[Row], rows: Sequence[Row]) -> Box:
    """Return the box of a run of rows and of the short rows right above it."""
    bbox = union(row.bbox for row in run)
    above = [row for row in rows if row.bbox.center[1] < bbox.y0]
    for row in reversed(above[-_MOST_HEADING_ROWS:]):
        words = sum(len(chunk) for chunk in row.chunks)
        near = bbox.y0 - row.bbox.y1 < 1.2 * row.bbox.height
        inside = row.bbox.x0 > bbox.x0 - 8 and row.bbox.x1 < bbox.x1 + 8
        if not (near and inside and (row.is_tabular or words <= _SHORT_ROW_WORDS)):
            break
        bbox = union([bbox, row.bbox])
    return bbox


def _united(boxes: Sequence[Box]) -> list[Box]:
    """Put boxes of one table together: they overlap, or one stands right on the other."""
    united: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.y0):
        touching = [other for other in united if _belong(other, box)]
        united = [other for other in united if other not in touching]
        united.append(union([box, *touching]))
    return united


def _belong(a: Box, b: Box) -> bool:
    common = intersection(grow(a, 4.0), b)
    return common.width > 0.5 * min(a.width, b.width) and common.height >= 0


def _column_lines(lines: Sequence[Sequence[RawWord]], bbox: Box) -> list[float]:
    """Return the middles of the strips that hardly any line crosses."""
    count = int(bbox.width / _STEP) + 1
    crossings = [0] * count
    for line in lines:
        for left, right in _inked(line):
            for place in range(max(int((left - bbox.x0) / _STEP), 0), min(int((right - bbox.x0) / _STEP) + 1, count)):
                crossings[place] += 1
    limit = _CROSSING * len(lines)
    height = sorted(word.bbox.height for line in lines for word in line)[sum(map(len, lines)) // 2]
    strips = _strips([crossing <= limit for crossing in crossings])
    inner = [strip for strip in strips if strip[0] > 0 and strip[1] < count]
    return [bbox.x0 + _STEP * (a + b) / 2 for a, b in inner if (b - a) * _STEP >= 0.5 * height]


def _inked(line: Sequence[RawWord]) -> list[tuple[float, float]]:
    """Return the stretches of a line that words and the blanks inside a phrase cover."""
    stretches: list[tuple[float, float]] = []
    for word in line:
        if stretches and word.bbox.x0 - stretches[-1][1] < 0.45 * word.bbox.height:
            stretches[-1] = (stretches[-1][0], max(word.bbox.x1, stretches[-1][1]))
        else:
            stretches.append((word.bbox.x0, word.bbox.x1))
    return stretches


def _strips(blank: Sequence[bool]) -> list[tuple[int, int]]:
    strips: list[tuple[int, int]] = []
    start: int | None = None
    for place, free in enumerate((*blank, False)):
        if free and start is None:
            start = place
        elif not free and start is not None:
            strips.append((start, place))
            start = None
    return strips
