"""Guards against false negatives: a candidate that may answer the question leaves, with the reason.

They look at what code can know: shared evidence, versions of the same document, parts of the same table, near
duplicates, a text that repeats the proof, and one that holds the answer among the question's own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from generators.checks.wording import content_stems, words
from generators.mining.pool_file import PoolEntry
from generators.mining.reasons import MineReason
from generators.quantities import Quantity, find_quantities, parse_quantity, same_number
from schemas.kinds import EvidenceRole
from schemas.records import Question

_NEAR: Final = 90.0
_QUERY_SHARE: Final = 0.6
_SHORT_ANSWER: Final = 60
_COUNTED_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Guarded:
    """What is known of a question: the elements of its evidence and its positives."""

    question: Question
    elements: frozenset[str]
    positives: tuple[PoolEntry, ...]
    query_stems: frozenset[str]


def guarded(question: Question, positives: Sequence[PoolEntry]) -> Guarded:
    """Gather what the guards ask of a question, once for all of its candidates."""
    elements = {unit.element_id for unit in question.evidence}
    for entry in positives:
        elements.update(entry.tied)
    return Guarded(question, frozenset(elements), tuple(positives), content_stems(question.question))


def guard(candidate: PoolEntry, known: Guarded) -> MineReason | None:
    """Return why a candidate may answer the question, or None when no guard says so."""
    if not candidate.item.text.strip() and candidate.item.image_id is None:
        return MineReason.EMPTY
    if known.elements & set(candidate.item.element_ids):
        return MineReason.SHARES_EVIDENCE
    if known.elements & set(candidate.tied):
        return MineReason.CONTINUES_EVIDENCE
    if any(_is_version(candidate, positive) for positive in known.positives):
        return MineReason.SAME_FAMILY
    if any(near_duplicates(candidate.item.text, positive.item.text) for positive in known.positives):
        return MineReason.NEAR_DUPLICATE
    if holds_evidence(candidate.item.text, known.question):
        return MineReason.HOLDS_EVIDENCE
    return MineReason.HOLDS_ANSWER if holds_answer(candidate.item.text, known) else None


def near_duplicates(one: str, other: str) -> bool:
    """Say whether two texts are nearly the same and bear the same numbers."""
    if not one.strip() or not other.strip() or fuzz.ratio(one, other, score_cutoff=_NEAR) < _NEAR:
        return False
    return _numbers(one) == _numbers(other)


def holds_evidence(text: str, question: Question) -> bool:
    """Say whether a text repeats all that proves the answer: every quoted cell, or the quotes nearly word for word."""
    proof = [unit for unit in question.evidence if unit.role is EvidenceRole.ANSWER]
    cells = [words(cell.text) for unit in proof for cell in unit.cells]
    quotes = [unit.quote for unit in proof if unit.quote]
    if not cells and not quotes:
        return False
    padded = f" {' '.join(words(text))} "
    return all(f" {' '.join(cell)} " in padded for cell in cells if cell) and all(
        fuzz.partial_ratio(quote, text, score_cutoff=_NEAR) >= _NEAR for quote in quotes
    )


def holds_answer(text: str, known: Guarded) -> bool:
    """Say whether a text holds the answer and most of the question's own words.

    An answer of many words is looked for by its words, for it is seldom repeated as it stands; yes, no and the answers
    of sums, which stand nowhere, are found nowhere.
    """
    stems = content_stems(text)
    if not known.query_stems or len(known.query_stems & stems) / len(known.query_stems) < _QUERY_SHARE:
        return False
    answer = known.question.answer
    quantity = answer_quantity(answer)
    if quantity is not None:
        return any(same_number(quantity, found) for found in find_quantities(text))
    if len(answer) <= _SHORT_ANSWER:
        return f" {' '.join(words(answer))} " in f" {' '.join(words(text))} "
    wanted = content_stems(answer)
    return bool(wanted) and len(wanted & stems) / len(wanted) >= _QUERY_SHARE


def answer_quantity(answer: str) -> Quantity | None:
    """Return the quantity that an answer is, such as "12 %" or "3 countries"; None for an answer that is none.

    >>> str(answer_quantity("3 countries").value), answer_quantity("in 3 of the 12 countries")
    ('3', None)
    """
    whole = parse_quantity(answer)
    if whole is not None or len(answer.split()) > _COUNTED_WORDS:
        return whole
    found = find_quantities(answer)
    return found[0] if len(found) == 1 else None


def _is_version(candidate: PoolEntry, positive: PoolEntry) -> bool:
    return candidate.family_id == positive.family_id and candidate.item.doc_id != positive.item.doc_id


def _numbers(text: str) -> list[str]:
    return sorted(word for word in words(text) if any(character.isdigit() for character in word))
