"""Cheap signs that a page may hold a table, taken from what was read anyway."""

from collections.abc import Sequence

from extractors.raw import CaptionRegion, RawPage
from schemas.kinds import ElementKind


def table_signals(page: RawPage, captions: Sequence[CaptionRegion]) -> tuple[str, ...]:
    """Return the signs found, by name; empty when the page looks free of tables."""
    signs = []
    if any(caption.kind is ElementKind.TABLE for caption in captions):
        signs.append("table caption")
    if sum(1 for rule in page.rules if rule.width > 40) >= 3:
        signs.append("rules")
    return tuple(signs)
