"""What a question asks for, as far as it tells one place in a corpus from others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generators.checks.surroundings import document_title
from generators.checks.wording import content_stems, distinctive_stems, has_digit, words
from generators.document_view import DocumentView
from generators.mining.guards import Guarded
from generators.mining.pool_file import PoolEntry
from generators.quantities import Quantity, find_quantities
from generators.situating import names_document
from schemas.kinds import CandidateKind
from schemas.records import Question

_LEAST_TELLING: Final = 3


@dataclass(frozen=True, slots=True)
class Aim:
    """What a question asks for.

    Attributes:
        question: the question.
        known: what the guards know of it.
        stems: the telling words of the question that its own place tells too: names of documents, tables, things.
        numbers: its words with digits in them that its own place tells too: years, ages.
        families: the families of the documents that it names by their title; empty where it names none.
        documents: the documents of its evidence.
    """

    question: Question
    known: Guarded
    stems: frozenset[str]
    numbers: frozenset[str]
    families: frozenset[str]
    documents: frozenset[str]

    @property
    def is_telling(self) -> bool:
        """Whether there are words enough to say that another place means the same thing."""
        return len(self.stems) + len(self.numbers) >= _LEAST_TELLING

    @property
    def quantities(self) -> list[Quantity]:
        """The numbers that the question gives."""
        return find_quantities(self.question.question)

    def may_be_meant(self, entry: PoolEntry) -> bool:
        """Say whether a candidate is in a document that the question may speak of, and no part of its evidence."""
        if self.known.elements & {*entry.item.element_ids, *entry.tied}:
            return False
        return not self.families or entry.family_id in self.families or entry.item.doc_id in self.documents

    def is_told_by(self, text: str, *, least: float = 1.0) -> bool:
        """Say whether a text holds the question's telling words, all of them or a share, and all of its numbers."""
        found = content_stems(text)
        known = len(self.stems & found) >= least * len(self.stems)
        return known and self.numbers <= frozenset(words(text))


def aim_of(question: Question, known: Guarded, views: Mapping[str, DocumentView]) -> Aim:
    """Return what a question asks for.

    Args:
        question: the question.
        known: what the guards know of it, from `generators.mining.guards.guarded`.
        views: its documents by id.
    """
    documents = frozenset(unit.doc_id for unit in question.evidence)
    titles = {doc_id: document_title(views[doc_id]) for doc_id in sorted(documents & set(views))}
    named = [doc_id for doc_id, title in titles.items() if title and names_document(question.question, title)]
    own = "\n".join(f"{lead_of(entry, titles.get(entry.item.doc_id))}\n{entry.item.text}" for entry in known.positives)
    asked = words(question.question)
    wordings = "\n".join((question.question, *(earlier.question for earlier in question.history)))
    return Aim(
        question=question,
        known=known,
        # Of another place no more can be asked than of its own: "looking at" leads nowhere. What an earlier wording
        # named is still meant where a later one names it in words of its own.
        stems=distinctive_stems(wordings) & content_stems(own),
        numbers=frozenset(filter(has_digit, asked)) & frozenset(words(own)) - frozenset(words(question.answer)),
        families=frozenset(views[doc_id].document.family_id or doc_id for doc_id in named),
        documents=documents,
    )


def lead_of(entry: PoolEntry, title: str | None) -> str:
    """Return what names a candidate's place: its document's title, its headings and, of an object, its first line."""
    head = entry.item.text.partition("\n")[0] if entry.item.kind is not CandidateKind.PASSAGE else ""
    return "\n".join(part for part in (title or "", *entry.item.section_path, entry.item.label or "", head) if part)
