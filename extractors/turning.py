"""Pages whose text does not run level: turned before they are understood, and what was found turned back."""

from collections.abc import Sequence
from dataclasses import replace

import pymupdf

from extractors.labels import CAPTION_KINDS, parse_label
from extractors.raw import Block, FigureRegion, RawPage, TableRegion
from schemas.geometry import Box, box
from schemas.kinds import TextSource

_UP, _DOWN = (0.0, -1.0), (0.0, 1.0)
_SIDEWAYS_SHARE = 0.6
_FEWEST_LETTERS = 40
_PARAGRAPH_WORDS = 8
_PARAGRAPH_LINES = 2


def needed_turn(page: RawPage) -> int:
    """Return by how many degrees, clockwise, to turn a page so that its text is level: 0, 90 or 270.

    A page with level paragraphs or a level caption stays as it is: its sideways text belongs to a figure, or stands in
    the margin.
    """
    if page.text_source is not TextSource.TEXT_LAYER:
        return 0
    letters = {_UP: 0, _DOWN: 0}
    total = paragraphs = 0
    for line in page.lines:
        text = line.text.strip()
        total += len(text)
        if line.direction in letters:
            letters[line.direction] += len(text)
        elif len(text.split()) >= _PARAGRAPH_WORDS:
            paragraphs += _PARAGRAPH_LINES if _is_caption(text) else 1
    direction = max(letters, key=lambda direction: letters[direction])
    if letters[direction] < max(_SIDEWAYS_SHARE * total, _FEWEST_LETTERS) or paragraphs >= _PARAGRAPH_LINES:
        return 0
    return 90 if direction == _UP else 270


def _is_caption(text: str) -> bool:
    label = parse_label(text)
    return label is not None and label.noun in CAPTION_KINDS


def turn_page(page: pymupdf.Page, turn: int) -> None:
    """Turn the content of a page (in memory), so that all coordinates are those of the turned page."""
    page.set_rotation(turn)
    level(page)


def level(page: pymupdf.Page) -> None:
    """Apply a page's rotation to its content (in memory); the page keeps the part of the sheet that it shows.

    The library turns the whole sheet and forgets that less of it is shown, so the sheet is cut to that first.
    """
    if not page.rotation:
        return
    shown, sheet = page.cropbox, page.mediabox
    cut = pymupdf.Rect(shown.x0, sheet.y1 - shown.y1, shown.x1, sheet.y1 - shown.y0)  # upwards, as sheets are measured
    if cut != sheet:
        page.set_mediabox(cut)
    page.remove_rotation()


def turned_back(blocks: Sequence[Block], page: RawPage, turn: int) -> list[Block]:
    """Return blocks that were found on the turned page with the places that they have on the page itself."""
    return [
        replace(
            block,
            bbox=_back(block.bbox, page, turn),
            table=_table_back(block.table, page, turn) if block.table else None,
            figure=_figure_back(block.figure, page, turn) if block.figure else None,
        )
        for block in blocks
    ]


def _table_back(table: TableRegion, page: RawPage, turn: int) -> TableRegion:
    cells = (replace(cell, bbox=_back(cell.bbox, page, turn)) if cell.bbox else cell for cell in table.cells)
    return replace(table, bbox=_back(table.bbox, page, turn), cells=tuple(cells))


def _figure_back(figure: FigureRegion, page: RawPage, turn: int) -> FigureRegion:
    panels = tuple(_back(panel, page, turn) for panel in figure.panels)
    return replace(figure, bbox=_back(figure.bbox, page, turn), panels=panels)


def _back(found: Box, page: RawPage, turn: int) -> Box:
    """Return a box of the turned page as it lies on the page itself, whose width and height are given."""
    if turn == 90:
        return box(found.y0, page.height - found.x1, found.y1, page.height - found.x0)
    if turn == 180:
        return box(page.width - found.x1, page.height - found.y1, page.width - found.x0, page.height - found.y0)
    return box(page.width - found.y1, found.x0, page.width - found.y0, found.x1)
