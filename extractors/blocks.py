"""A page taken apart into blocks in reading order: paragraphs, list items, formulas, tables, figures, captions."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from extractors.assembly import assemble
from extractors.formulas import formula_label
from extractors.order import Part, read_columns
from extractors.raw import Block, CaptionRegion, FigureRegion, RawPage, RawSpan, TableRegion
from extractors.rows import TextLine, chosen_lines, split_line, text_lines, upright_lines
from schemas.geometry import Box, overlap, union
from schemas.kinds import ElementKind

_UNKNOWN_GLYPH = "\ufffd"
_BULLET = re.compile(r"^\s*(?:[•◦▪■□●○‣➢►✓·∙◆❖\uf0b7\uf0a7]|[–—*-]\s)\s*\S")
_NUMBERED = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.(?!\d)|\[\d{1,3}\])\s*\S")
_FOLLOWING_HEADING = re.compile(r"^\s*(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?\s+[^\W\d_]")
_RUN_IN = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_]")
_SENTENCE_LENGTH = 30
_SENTENCE_END = (".", "!", "?", ":", "。", "؟", '."', ".”", ".)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


@dataclass(frozen=True, slots=True)
class _Column:
    """What the lines of one column have in common: its edges and the usual step from line to line per font size."""

    left: float
    right: float
    leading: dict[float, float]
    index: int


def compose_page(
    page: RawPage,
    tables: Sequence[TableRegion],
    figures: Sequence[FigureRegion],
    captions: Sequence[CaptionRegion],
) -> list[Block]:
    """Return the blocks of a page in reading order.

    Text inside a table or figure is not repeated as paragraphs. Which blocks are headings, headers, footers or
    footnotes is decided later, with the whole document in view (`extractors.structure`).
    """
    regions: list[TableRegion | FigureRegion | CaptionRegion] = [*tables, *figures, *captions]
    taken = _taken(page, regions)
    lines = [line for line in (*text_lines(page, skip=taken), *upright_lines(page, skip=taken)) if _is_readable(line)]
    known = _vocabulary(page)
    parts = [Part(line.bbox) for line in lines] + [Part(region.bbox, is_line=False) for region in regions]
    blocks: list[Block] = []
    for number, column in enumerate(read_columns(parts, right_to_left=_is_right_to_left(page))):
        shape = _shape([lines[i] for i in column if i < len(lines)], number)
        for run in _runs(column, len(lines)):
            if run[0] >= len(lines):
                blocks.append(_region_block(page, regions[run[0] - len(lines)], number))
                continue
            groups = group_lines([lines[i] for i in run], shape)
            blocks += [_text_block(page, part, shape, known) for group in groups for part in _without_run_in(group)]
    return blocks


def _taken(page: RawPage, regions: Sequence[TableRegion | FigureRegion | CaptionRegion]) -> frozenset[int]:
    """Return the lines that belong to a region."""
    taken = {index for region in regions if isinstance(region, CaptionRegion) for index in region.lines}
    boxes = [region.bbox for region in regions if not isinstance(region, CaptionRegion)]
    taken.update(index for index, line in enumerate(page.lines) if any(overlap(line.bbox, box) > 0.6 for box in boxes))
    return frozenset(taken)


def _vocabulary(page: RawPage) -> frozenset[str]:
    """Return the words of a page that stand whole on a line."""
    return page.once("vocabulary", partial(_find_vocabulary, page))


def _find_vocabulary(page: RawPage) -> frozenset[str]:
    return frozenset([word for line in page.lines for word in _WORD.findall(line.text.casefold())[:-1]])


def _is_right_to_left(page: RawPage) -> bool:
    text = "".join(line.text for line in page.lines[:200])
    return 2 * len(_RIGHT_TO_LEFT.findall(text)) > sum(map(str.isalpha, text)) > 0


def _runs(column: Sequence[int], line_count: int) -> list[list[int]]:
    """Cut a column at its regions: runs of lines, and each region alone."""
    runs: list[list[int]] = []
    for index in column:
        if runs and index < line_count and runs[-1][-1] < line_count:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _shape(lines: Sequence[TextLine], number: int) -> _Column:
    steps: dict[float, Counter[float]] = {}
    for above, below in pairwise(lines):
        step = round(below.bbox.y1 - above.bbox.y1, 1)
        if abs(above.size - below.size) < 0.3 and 0.8 * below.size < step < 2.6 * below.size:
            steps.setdefault(round(below.size), Counter())[step] += 1
    left = min((line.bbox.x0 for line in lines), default=0.0)
    starts = Counter(round(line.bbox.x0) for line in lines)
    common = starts.most_common(1)
    return _Column(
        left=float(common[0][0]) if common and common[0][1] >= 0.4 * len(lines) else left,
        right=max((line.bbox.x1 for line in lines), default=0.0),
        leading={size: _usual(counts) for size, counts in steps.items()},
        index=number,
    )


def _usual(counts: Counter[float]) -> float:
    """Return the smallest step among the frequent ones: lines of a paragraph, not the space between two."""
    most = max(counts.values())
    return min(step for step, count in counts.items() if count >= 0.4 * most)


def group_lines(lines: Sequence[TextLine], column: _Column) -> list[list[TextLine]]:
    """Group the lines of one column into paragraphs, list items, formulas and code."""
    groups: list[list[TextLine]] = []
    for position, line in enumerate(lines):
        following = lines[position + 1] if position + 1 < len(lines) else None
        if groups and not _breaks(groups[-1], line, following, column):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _breaks(group: Sequence[TextLine], line: TextLine, following: TextLine | None, column: _Column) -> bool:
    """Tell whether `line` begins a new block after `group`."""
    last = group[-1]
    if _shares_row(last, line):
        return False
    if _is_far(last, line, column) or _is_restyled(group, line):
        return True
    if line.mono and last.mono:
        return False
    if line.formula != last.formula:
        return _is_displayed(line if line.formula else last, column)
    return _opens(group, line, following, column)


def _without_run_in(group: list[TextLine]) -> list[list[TextLine]]:
    """Part a numbered heading from its paragraph: "3.1.1 *Fuzzing.* We ...", "**3.1 Fuzzing** We ..."."""
    first = group[0]
    if not _RUN_IN.match(first.text):
        return [group]
    plain = (n for n, span in enumerate(first.spans) if span.text.strip() and not (span.italic or span.bold))
    at = next(plain, 0)
    if at == 0 or not (_is_bold_before(group, at) or _ends_clause(first.text[: first.starts[at]])):
        return [group]
    head, tail = split_line(first, at)
    return [[head], [tail, *group[1:]]]


def _is_bold_before(group: Sequence[TextLine], at: int) -> bool:
    """Tell whether a line is bold up to the span `at`, where a sentence of running text begins."""
    line = group[0]
    tail = line.text[line.starts[at] :].lstrip()
    sentence = tail[:1].isupper() and (len(group) > 1 or len(tail) > _SENTENCE_LENGTH)
    return sentence and all(span.bold for span in line.spans[:at] if span.text.strip())


def _ends_clause(text: str) -> bool:
    return text.rstrip().endswith((".", ":"))


def _shares_row(last: TextLine, line: TextLine) -> bool:
    common = min(last.bbox.y1, line.bbox.y1) - max(last.bbox.y0, line.bbox.y0)
    return common > 0.55 * min(last.bbox.height, line.bbox.height)


def _is_far(last: TextLine, line: TextLine, column: _Column) -> bool:
    step = line.bbox.y1 - last.bbox.y1
    usual = column.leading.get(round(line.size), 1.25 * line.size)
    limit = min(1.22 * usual + 0.5, 2.2 * line.size)
    if line.formula or last.formula or line.mono:
        limit *= 1.5
    return step > limit or step < -0.5 * line.size


def _is_restyled(group: Sequence[TextLine], line: TextLine) -> bool:
    last = group[-1]
    short = min(len(last.text.strip()), len(line.text.strip())) < 3
    if short or line.formula or last.formula:
        return False
    if abs(last.size - line.size) > max(0.7, 0.07 * last.size) or last.mono != line.mono:
        return True
    if _ends(last).bold is _begins(line).bold:
        # A run-in heading fills most of the first line of its paragraph.
        return False
    return last.bold != line.bold and (last.bold or line.main.font != last.main.font)


def _ends(line: TextLine) -> RawSpan:
    return next((span for span in reversed(line.spans) if span.text.strip()), line.spans[-1])


def _begins(line: TextLine) -> RawSpan:
    return next((span for span in line.spans if span.text.strip()), line.spans[0])


def _is_displayed(line: TextLine, column: _Column) -> bool:
    """Tell a formula on a line of its own from running text that is mostly signs."""
    return line.bbox.x0 > column.left + 1.5 * line.size or formula_label(line.text) is not None


def _opens(group: Sequence[TextLine], line: TextLine, following: TextLine | None, column: _Column) -> bool:
    last, size = group[-1], line.size
    if (last.bold or last.size > size + 0.7 or line.bold) and _FOLLOWING_HEADING.match(line.text):
        return True
    if line.spans[0].raised and line.text.strip()[:1].isdigit() and line.bbox.x0 < column.left + 2 * size:
        return True
    if is_list_item(line.text) and (is_list_item(group[0].text) or last.text.rstrip().endswith(_SENTENCE_END)):
        return True
    hanging = len(group) > 1 and group[1].bbox.x0 > group[0].bbox.x0 + 0.8 * size
    if hanging and line.bbox.x0 < last.bbox.x0 - 0.8 * size:
        return True
    return _is_indented(group, line, following) or _after_short(last, line, column)


def _is_indented(group: Sequence[TextLine], line: TextLine, following: TextLine | None) -> bool:
    """Tell whether `line` is a paragraph's first: further in than the lines before and after it."""
    size = line.size
    inward = 0.7 * size < line.bbox.x0 - group[-1].bbox.x0 < 5 * size
    if not inward or is_list_item(group[0].text):
        return False
    back = following is None or following.bbox.x0 < line.bbox.x0 - 0.5 * size
    return back and (len(group) > 1 or group[-1].text.rstrip().endswith(_SENTENCE_END))


def _after_short(last: TextLine, line: TextLine, column: _Column) -> bool:
    width = column.right - column.left
    short = last.bbox.x1 < column.right - max(0.2 * width, 3 * last.size)
    begins = line.text.lstrip()[:1]
    return short and last.text.rstrip().endswith(_SENTENCE_END) and not begins.islower()


def _is_readable(line: TextLine) -> bool:
    """Tell a line of text from blanks and glyphs that the PDF gives no character for (corners of frames, say)."""
    return bool(line.text.replace(_UNKNOWN_GLYPH, "").strip())


def is_list_item(text: str) -> bool:
    """Tell whether a line begins with a bullet or a list number."""
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def _text_block(page: RawPage, group: Sequence[TextLine], column: _Column, known: frozenset[str]) -> Block:
    passage = assemble(page, group, known)
    main = max(group, key=lambda line: len(line.text)).main
    weight = sum(len(line.text) for line in group)
    kind, label = _kind(group, passage.text)
    return Block(
        page_index=page.page_index,
        kind=kind,
        bbox=union(line.bbox for line in group),
        text=passage.text,
        size=main.size,
        font=main.font,
        bold=sum(len(line.text) for line in group if line.bold) > 0.6 * weight,
        italic=sum(len(line.text) for line in group if line.italic) > 0.6 * weight,
        mono=sum(len(line.text) for line in group if line.mono) > 0.6 * weight,
        label=label,
        line_count=_row_count(group),
        column=column.index,
        marks=passage.marks,
        anchors=passage.anchors,
        doubts=passage.doubts,
    )


def _kind(group: Sequence[TextLine], text: str) -> tuple[ElementKind, str | None]:
    mathematical = sum(len(line.text) for line in group if line.formula)
    if mathematical > 0.5 * sum(len(line.text) for line in group):
        return ElementKind.FORMULA, formula_label(text)
    if is_list_item(text) and not all(line.mono for line in group):
        return ElementKind.LIST_ITEM, None
    return ElementKind.PARAGRAPH, None


def _row_count(group: Sequence[TextLine]) -> int:
    return 1 + sum(1 for a, b in pairwise(group) if not _shares_row(a, b))


def _region_block(page: RawPage, region: TableRegion | FigureRegion | CaptionRegion, column: int) -> Block:
    if isinstance(region, CaptionRegion):
        return _caption_block(page, region, column)
    is_table = isinstance(region, TableRegion)
    return Block(
        page_index=page.page_index,
        kind=ElementKind.TABLE if is_table else ElementKind.FIGURE,
        bbox=region.bbox,
        text=table_text(region) if isinstance(region, TableRegion) else _text_inside(page, region.bbox),
        table=region if isinstance(region, TableRegion) else None,
        figure=region if isinstance(region, FigureRegion) else None,
        column=column,
    )


def _caption_block(page: RawPage, region: CaptionRegion, column: int) -> Block:
    group = chosen_lines(page, region.lines)
    passage = assemble(page, group, _vocabulary(page))
    main = max(group, key=lambda line: len(line.text)).main
    return Block(
        page_index=page.page_index,
        kind=ElementKind.CAPTION,
        bbox=region.bbox,
        text=passage.text,
        size=main.size,
        font=main.font,
        label=region.label,
        line_count=len(group),
        column=column,
        marks=passage.marks,
        anchors=passage.anchors,
        doubts=passage.doubts,
    )


def table_text(region: TableRegion) -> str:
    """Return a table's cells row by row: a tab between cells, a newline between rows."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in region.cells:
        rows.setdefault(cell.row, []).append((cell.col, cell.text))
    return "\n".join("\t".join(text for _, text in sorted(rows[row])) for row in sorted(rows))


def _text_inside(page: RawPage, box: Box) -> str:
    lines = [line for line in page.lines if overlap(line.bbox, box) > 0.6]
    return "\n".join(" ".join(line.text.split()) for line in lines if line.text.strip())
