"""Scans that lie on their side or stand on their head: by how much to turn one before it is read.

Tesseract's own detection of the orientation is asked where its program is installed, and believed where the ink agrees
on whether lines run across or up and down. Elsewhere, of the two ways to turn a page that lies on its side the one
under which more text is read is taken; a page on its head is not told from an upright one then.
"""

import re
import subprocess
from collections.abc import Callable
from shutil import which

import numpy as np
import pymupdf

from extractors.raw import RawLine
from extractors.turning import turn_page

_DPI = 200
_PROFILE_DPI = 50
_SECONDS = 20.0
_LEAST_CONFIDENCE = 1.0
_SIDEWAYS_RATIO = 2.0
_ANSWER = re.compile(r"Rotate: (?P<turn>90|180|270)\s+Orientation confidence: (?P<confidence>[\d.]+)")


def turn_by_tesseract(page: pymupdf.Page) -> int | None:
    """Return by how many degrees, clockwise, to turn a page; None when Tesseract's program cannot be asked."""
    program = which("tesseract")
    if program is None:
        return None
    picture = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY, alpha=False).tobytes("pnm")
    command = [program, "-", "-", "--psm", "0", "--dpi", str(_DPI)]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    # It fails on a page of few characters, too.
    turn = parse_orientation(done.stdout.decode("utf-8", "replace"))
    return turn if (turn in (90, 270)) == is_sideways(page) else 0


def parse_orientation(answer: str) -> int:
    """Return the turn that Tesseract's answer names, 0 when it names none or is not sure."""
    match = _ANSWER.search(answer)
    return int(match["turn"]) if match and float(match["confidence"]) >= _LEAST_CONFIDENCE else 0


def turn_by_trial(page: pymupdf.Page, read: Callable[[pymupdf.Page], list[RawLine]]) -> int:
    """Return the turn under which `read` finds most text, 0 when the lines run across as they are."""
    return max((90, 270), key=lambda turn: _letters_after(page, turn, read)) if is_sideways(page) else 0


def is_sideways(page: pymupdf.Page) -> bool:
    """Say whether lines of text run up and down: then the ink changes from column to column more than by row."""
    pixmap = page.get_pixmap(dpi=_PROFILE_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    ink = 255.0 - np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.width)
    by_row, by_column = (float(np.abs(np.diff(ink.mean(axis=axis))).mean()) for axis in (1, 0))
    return by_column > _SIDEWAYS_RATIO * by_row


def _letters_after(page: pymupdf.Page, turn: int, read: Callable[[pymupdf.Page], list[RawLine]]) -> int:
    turn_page(page, turn)
    letters = sum(len(line.text) for line in read(page))
    turn_page(page, 360 - turn)
    return letters
