"""Questions with the candidates that answer them and those that only seem to, as the formats need them."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from generators.pools import PoolItem, gold
from pipelines.formats.shape import Attachment, LeftOut, Yield
from pipelines.formats.source import DatasetSource, file_name
from schemas.kinds import CandidateKind, QuestionType
from schemas.records import Question
from schemas.triplets import Candidate, Triplet

_LANGUAGES: Final = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}


@dataclass(frozen=True, slots=True)
class Relevant:
    """A candidate that a question needs: its grade, and the evidence units (indexes) that it holds."""

    item: PoolItem
    grade: int
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its relevant candidates, the answer's first, and what was mined for it, hardest first."""

    question: Question
    relevant: tuple[Relevant, ...]
    negatives: tuple[tuple[PoolItem, Candidate], ...] = ()
    triplet: Triplet | None = None

    def judged(self) -> dict[str, float]:
        """Return the judge's scores by the id of a candidate; those that no judge has seen are not there."""
        mined = (*self.triplet.positives, *self.triplet.negatives) if self.triplet else ()
        return {item.candidate_id: item.judge for item in mined if item.judge is not None}

    def score(self, candidate_id: str) -> float | None:
        """Return what the judge, or else the fused miners, say of a candidate."""
        mined = (*self.triplet.positives, *self.triplet.negatives) if self.triplet else ()
        found = next((item for item in mined if item.candidate_id == candidate_id), None)
        if found is None:
            return None
        return found.judge if found.judge is not None else found.fused


def asked(
    source: DatasetSource, doc_id: str, kinds: Collection[CandidateKind], *, pictures: bool = False
) -> Iterator[Asked | LeftOut]:
    """Yield a document's questions over a pool of some kinds, and what had to be left out.

    Args:
        source: the corpus.
        doc_id: the document.
        kinds: the kinds of candidates.
        pictures: whether a candidate without a picture is none.
    """
    triplets = source.triplets(doc_id)
    for question in source.questions(doc_id):
        if question.question_type is QuestionType.UNANSWERABLE:
            yield LeftOut("unanswerable questions")
            continue
        relevant = tuple(_relevant(source, question, kinds, pictures=pictures))
        if not relevant:
            yield LeftOut("questions whose evidence no candidate holds")
            continue
        triplet = triplets.get(question.qa_id)
        if triplet and triplet.query != question.question:
            triplet = None
            yield LeftOut("triplets of questions that were reworded since they were mined")
        known = {item.item.candidate_id for item in relevant}
        mined = triplet.negatives if triplet else ()
        found = [(source.item(one.candidate_id), one) for one in mined if one.kind in kinds]
        kept = tuple((item, one) for item, one in found if item and item.candidate_id not in known)
        if len(kept) < len(found):
            yield LeftOut("questions with mined candidates that are gone or answer them now")
        yield Asked(question, relevant, tuple(pair for pair in kept if pair[0].image_id or not pictures), triplet)


def each(
    source: DatasetSource,
    doc_id: str,
    kinds: Collection[CandidateKind],
    make: Callable[[DatasetSource, Asked], Iterator[Yield]],
    *,
    pictures: bool = False,
) -> Iterator[Yield]:
    """Yield the rows that `make` gives for each question, and what had to be left out."""
    for item in asked(source, doc_id, kinds, pictures=pictures):
        if isinstance(item, LeftOut):
            yield item
        else:
            yield from make(source, item)


def judged(
    source: DatasetSource, doc_id: str, kinds: Collection[CandidateKind], *, pictures: bool = False
) -> Iterator[Asked]:
    """Yield what `asked` yields, without what was left out."""
    for item in asked(source, doc_id, kinds, pictures=pictures):
        if isinstance(item, Asked):
            yield item


def pool(source: DatasetSource, doc_id: str, kinds: Collection[CandidateKind]) -> list[PoolItem]:
    """Return a document's candidates of some kinds."""
    return [item for item in source.pool(doc_id).values() if item.kind in kinds]


def title_of(source: DatasetSource, doc_id: str) -> str:
    """Return what a document is called: its title, or else its file's name."""
    document = source.document(doc_id)
    return document.title or file_name(document)


def language_name(code: str) -> str:
    """Return the English name of a language, in small letters, or its code where it is not a common one.

    >>> language_name("en"), language_name("fi")
    ('english', 'fi')
    """
    return _LANGUAGES.get(code, code)


def slug(name: str) -> str:
    """Return a name that is safe in a path on any system.

    >>> slug("Résumé 2020 (final).pdf"), slug("年报")
    ('Resume-2020-final-pdf', 'unnamed')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:80] or "unnamed"


def folder_of(source: DatasetSource, doc_id: str) -> str:
    """Return a document's name for a folder: its file's name and its id, as two files may have the same name."""
    return f"{slug(file_name(source.document(doc_id)).rpartition('.')[0])}-{doc_id}"


def picture_path(source: DatasetSource, item: PoolItem) -> str | None:
    """Return where a candidate's picture goes, `images/DOCUMENT/p0003-table1.png`; None where it has none."""
    kind = source.picture_kind(item.doc_id, item.image_id)
    if kind is None:
        return None
    own = item.candidate_id.partition("/")[2].replace("/", "-")
    return f"images/{folder_of(source, item.doc_id)}/{own}.{kind}"


def picture_files(source: DatasetSource, doc_id: str, kinds: Collection[CandidateKind]) -> Iterator[Attachment]:
    """Yield the pictures of a document's candidates as files."""
    for item in pool(source, doc_id, kinds):
        picture, path = source.picture(doc_id, item.image_id), picture_path(source, item)
        if picture and path:
            yield Attachment(path, [picture.data])


def _relevant(
    source: DatasetSource, question: Question, kinds: Collection[CandidateKind], *, pictures: bool
) -> Iterator[Relevant]:
    for found in gold(question, source.views, kinds):
        item = source.item(found.candidate_id)
        if item and (item.image_id or not pictures):
            yield Relevant(item, found.grade, found.units)
