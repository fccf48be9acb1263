"""One page understood: what is read of it, what is found on it, and its parts in reading order."""

from dataclasses import dataclass, replace

import pymupdf

from extractors.blocks import compose_page
from extractors.captions import find_captions
from extractors.disputes import without_charts, without_frames, without_parts
from extractors.figures import find_figures
from extractors.layout import ask_layout, reasons_to_ask
from extractors.ocr import needs_ocr, read_scan, scan_turn
from extractors.options import ExtractOptions
from extractors.raw import Block, RawPage
from extractors.reading import read_page, straighten
from extractors.tables import find_tables
from extractors.turning import needed_turn, turn_page, turned_back


@dataclass(frozen=True, slots=True)
class Findings:
    """A page as read, and its blocks; `reasons` says why the layout network was asked, empty when it was not."""

    raw: RawPage
    blocks: list[Block]
    reasons: tuple[str, ...] = ()


def understand_page(page: pymupdf.Page, options: ExtractOptions) -> Findings:
    """Read a page and take it apart; its rotation is applied to it first.

    A page whose text does not run level, printed or scanned, is turned while it is taken apart; places are those of the
    page as displayed.
    """
    raw = read_page(page, straighten(page))
    scanned = needs_ocr(raw)
    turn = scan_turn(page, options.ocr) if scanned else needed_turn(raw)
    if not turn:
        return _take_apart(page, read_scan(page, raw, options.ocr) if scanned else raw, options)
    turn_page(page, turn)
    upright = read_page(page)
    findings = _take_apart(page, read_scan(page, upright, options.ocr) if scanned else upright, options)
    turn_page(page, 360 - turn)
    raw = replace(raw, text_source=findings.raw.text_source)
    return replace(findings, raw=raw, blocks=turned_back(findings.blocks, raw, turn))


def _take_apart(page: pymupdf.Page, raw: RawPage, options: ExtractOptions) -> Findings:
    captions = find_captions(raw)
    reasons = reasons_to_ask(raw, captions, options.profile)
    if reasons:
        raw = replace(raw, regions=ask_layout(page))
    tables = without_charts(raw, find_tables(raw, captions), captions)
    figures = without_frames(raw, find_figures(raw, captions, tables), tables, captions)
    tables = without_parts(tables, figures, captions)
    return Findings(raw, compose_page(raw, tables, figures, captions), reasons)
