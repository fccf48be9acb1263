"""A table as programs read it: its grid, what it is about and what its document is called; or why it is refused."""

import random
from dataclasses import dataclass
from typing import Final

from generators.document_view import DocumentView
from generators.program_operands import Context
from generators.subjects import Subject, Voice, document_name, leads_alone, table_subject, voice_of
from generators.table_faults import MESSAGES, TableFault, suitability
from generators.table_grid import Grid, read_grid
from generators.wording import Setting
from schemas.kinds import LinkKind, Stage
from schemas.records import Element, Reject

_DOTS: Final = frozenset({"...", "…", "..", ". . .", "⋮", "[...]", "etc."})


@dataclass(frozen=True, slots=True)
class Source:
    """A document: how it writes, what it is called, and the element that prints its name."""

    view: DocumentView
    voice: Voice
    name: str | None
    printed: Element | None


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table that can be asked about."""

    source: Source
    table: Element
    grid: Grid
    subject: Subject

    def context(self, rng: random.Random) -> Context:
        """Return the table with how to speak of it."""
        setting = Setting(self.subject.text, self.source.name or "", self.source.voice)
        return Context(self.grid, setting, self.subject.continued or self._continues or self._breaks_off, rng)

    @property
    def _breaks_off(self) -> bool:
        """Whether a row of dots says that rows are left out."""
        labels = [cell.text.strip() for row in self.grid.rows for cell in row.cells]
        return any(label in _DOTS for label in labels)

    @property
    def _continues(self) -> bool:
        own = self.table.element_id
        links = self.source.view.links
        return any(link.kind is LinkKind.CONTINUES and own in (link.source_id, link.target_id) for link in links)


def source_of(view: DocumentView) -> Source:
    """Return a document with its voice and its name."""
    named = document_name(view)
    return Source(view, voice_of(view), *(named or (None, None)))


def read_table(source: Source, table: Element) -> TableReading | Reject:
    """Return a table understood, or the first reason not to ask about it with all of them in its message."""
    caption = source.view.caption_of(table)
    grid = read_grid(table.cells, caption=caption.text if caption else "")
    faults = list(suitability(grid))
    subject = table_subject(source.view, table, grid.title)
    if source.name is None and (subject is None or not leads_alone(subject.text)):
        faults.append(TableFault.NO_DOCUMENT_NAME)
    if subject is None:
        faults.append(TableFault.NO_SUBJECT)
    if faults or subject is None:
        return refused(source.view, table, faults[0], "; ".join(MESSAGES[fault] for fault in faults))
    return TableReading(source, table, grid, subject)


def refused(view: DocumentView, table: Element, code: str, message: str) -> Reject:
    """Return the reject of a table."""
    return Reject(
        stage=Stage.GENERATE,
        subject=table.element_id,
        reason_code=str(code),
        message=message,
        uri=view.document.uri,
        page_index=table.page_index,
        text=table.label,
    )
