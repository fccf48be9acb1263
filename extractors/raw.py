"""What a page gives before anything is understood, and what is found on it: the plain data that extraction passes on.

Reading fills a `RawPage`; table and figure finding add regions; `Block`s are what is left of a page once it has been
taken apart, light enough to be kept for every page of a long document. Coordinates are those of `schemas.geometry`.
What a page has hundreds of are named tuples, which are made in a third of the time that frozen dataclasses take.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from schemas.geometry import Box, Span
from schemas.kinds import ElementKind, TextSource
from schemas.records import Cell

_Made = TypeVar("_Made")


class RawSpan(NamedTuple):
    """A run of characters in one font on one line. `size` is in points; `raised` means superscript."""

    text: str
    bbox: Box
    font: str
    size: float
    bold: bool = False
    italic: bool = False
    mono: bool = False
    raised: bool = False


class RawLine(NamedTuple):
    """A line of text as the PDF library groups it. `direction` is the unit vector of writing, (1, 0) for level text.

    `block` is the number of the library's own text block, a hint and no more.
    """

    spans: tuple[RawSpan, ...]
    bbox: Box
    block: int
    direction: tuple[float, float] = (1.0, 0.0)

    @property
    def text(self) -> str:
        """The characters of the line."""
        spans = self.spans
        return spans[0].text if len(spans) == 1 else "".join([span.text for span in spans])


class RawWord(NamedTuple):
    """A word between blanks; `line` is an index into `RawPage.lines`, or -1 when unknown."""

    text: str
    bbox: Box
    line: int = -1


class RawPath(NamedTuple):
    """A vector drawing: its box, whether it is filled or stroked, and how many segments and curves it holds.

    `slanted` counts the straight segments that run neither level nor upright, among the first few dozen.
    """

    bbox: Box
    filled: bool
    stroked: bool
    segments: int
    curves: int
    width: float = 0.0
    slanted: int = 0


@dataclass(frozen=True, slots=True)
class RawAnchor:
    """A link annotation that leads inside the document: from `bbox` to a point (y in points) of another page."""

    bbox: Box
    target_page: int
    target_y: float | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class LayoutRegion:
    """A region that the layout network named, with its own class name ("table", "picture", "section-header", ...).

    For a table, `rows` and `columns` are where the network draws the lines between rows (y) and between columns (x),
    the outer border left out.
    """

    kind: str
    bbox: Box
    confidence: float = 1.0
    rows: tuple[float, ...] = ()
    columns: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as read. `regions` is empty when the layout network was not asked.

    `rules` are the level and upright line segments of all drawings, thin boxes longer than they are thick;
    `hidden_characters` counts text that was left out because no reader of the page can see it. `composed` remembers
    what several steps ask for: the lines that were put together of pieces of `lines` (`extractors.rows`), the rows of
    words, the grids of rules.
    """

    page_index: int
    page_label: str
    width: float
    height: float
    rotation: int
    text_source: TextSource
    lines: tuple[RawLine, ...] = ()
    words: tuple[RawWord, ...] = ()
    paths: tuple[RawPath, ...] = ()
    pictures: tuple[Box, ...] = ()
    anchors: tuple[RawAnchor, ...] = ()
    regions: tuple[LayoutRegion, ...] = ()
    hidden_characters: int = 0
    rules: tuple[Box, ...] = ()
    composed: dict[tuple[int, ...] | str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Return what `make` makes of what was read of this page, from the second time on without making it."""
        if name not in self.composed:
            self.composed[name] = make()
        return cast("_Made", self.composed[name])


@dataclass(frozen=True, slots=True)
class CaptionRegion:
    """A caption on a page: `kind` is what it names (table or figure), `label` is normalised ("Table 3").

    `lines` are the indices of its lines in `RawPage.lines`.
    """

    kind: ElementKind
    label: str | None
    bbox: Box
    lines: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class TableRegion:
    """A table: its box (without its caption), its cells, and how sure the finder is, from 0 to 1."""

    bbox: Box
    cells: tuple[Cell, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class FigureRegion:
    """A figure: its whole box (without its caption), and its panels where there are several."""

    bbox: Box
    panels: tuple[Box, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TextAnchor:
    """A link annotation put on the text of a block: `text[start:end]` leads to a point of `target_page`."""

    start: int
    end: int
    target_page: int
    target_y: float | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page in reading order, before the whole document has been seen.

    Text is already repaired (hyphenation, ligatures). `size`, `bold`, `font` are those of most of its characters.
    For a table or figure, `region` is set and `text` is empty or, for a table, its cells' text.
    `marks` are the places of raised signs that may call a footnote (at 0: the block may be one), `anchors` those of
    link annotations; `doubts` the places where a hyphen at a line end was dropped and the page could not tell whether
    it belongs to the word.
    """

    page_index: int
    kind: ElementKind
    bbox: Box
    text: str
    size: float = 0.0
    font: str = ""
    bold: bool = False
    italic: bool = False
    mono: bool = False
    label: str | None = None
    table: TableRegion | None = None
    figure: FigureRegion | None = None
    line_count: int = 1
    column: int = 0
    marks: tuple[Span, ...] = ()
    anchors: tuple[TextAnchor, ...] = ()
    doubts: tuple[int, ...] = ()
