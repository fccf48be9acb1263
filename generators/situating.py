"""Naming the document in a question that does not: the fewest words that tell a reader where to look."""

import re
from typing import Final

from generators.checks.wording import content_stems
from generators.document_view import DocumentView
from schemas.identity import digest
from schemas.kinds import ElementKind

_LONGEST_TITLE: Final = 110
_OPENERS: Final = re.compile(
    r"(?:what|which|who|whom|whose|when|where|why|how|in|on|for|at|is|are|was|were|do|does|did|can)\b", re.IGNORECASE
)


def document_title(view: DocumentView) -> str | None:
    """Return the title as a question can name it, or None: the recorded one, else the one printed first."""
    printed = (element.text for element in view.of_kind(ElementKind.TITLE))
    recorded = _tidy(view.document.title or "")
    # "CMR10": a font or a file stands where the title should.
    title = recorded if " " in recorded else _tidy(next(printed, "")) or recorded
    if len(title) > _LONGEST_TITLE and ":" in title:
        title = title.partition(":")[0].strip()
    fit = 0 < len(title) <= _LONGEST_TITLE * 2 and content_stems(title)
    return title.translate(str.maketrans("“”", "‘’")) if fit else None


def _tidy(title: str) -> str:
    return " ".join(title.split()).strip(" .*∗†‡")


def names_document(question: str, title: str) -> bool:
    """Say whether the question holds half of the title's telling words."""
    asked, stems = content_stems(question), content_stems(title)
    return 2 * len(stems & asked) >= len(stems)


def situate(question: str, *views: DocumentView) -> str:
    """Return the question with its documents' titles put before it, unless it names all that have one already."""
    titles = [title for title in map(document_title, views) if title]
    if all(names_document(question, title) for title in titles):
        return question
    first, _, rest = question.partition(" ")
    lead = "According to" if int(digest(question), 16) % 2 else "In"
    opening = first.lower() if _OPENERS.fullmatch(first) else first
    named = " and ".join(f"“{title}”" for title in dict.fromkeys(titles))
    return f"{lead} {named}, {opening} {rest}"
