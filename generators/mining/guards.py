"""Guards against false negatives: a candidate that may answer the question leaves, with the reason.

They look at what code can know: shared evidence, versions of the same document, parts of the same table, near
duplicates, a text that repeats the proof, and one that holds the answer beside what the question asks about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from generators.checks.wording import content_stems, digit_words, distinctive_stems, has_digit, words
from generators.mining.pool_file import PoolEntry
from generators.mining.readings import (
    Window,
    padded_words,
    proof_cells,
    proof_quotes,
    says,
    share,
    subject,
    windows,
)
from generators.mining.reasons import MineReason
from generators.pools import PoolItem
from generators.quantities import Quantity, find_quantities, parse_quantity, same_number
from schemas.geometry import overlap
from schemas.kinds import CandidateKind
from schemas.records import CellQuote, Question

_NEAR: Final = 90.0
_SUBJECT_SHARE: Final = 0.6
_COMPUTED_SHARE: Final = 0.8
_LEAST_SUBJECT: Final = 3
_TELLING_DIGITS: Final = 3
_OVERLAP: Final = 0.5
_SHORT_ANSWER: Final = 60
_COUNTED_WORDS: Final = 4
_VERDICTS: Final = frozenset({"yes", "no", "true", "false", "both", "neither"})


@dataclass(frozen=True, slots=True)
class Guarded:
    """What is known of a question.

    Attributes:
        question: the question.
        elements: the elements of its evidence and of its positives' other parts.
        objects: those of them that are tables or figures, or their captions.
        positives: the candidates that answer it.
        captions: the stems of the first lines of its tables and figures.
        subject: the stems of what it asks about.
        is_quoted: whether the answer's number, if it is one, stands in the proof, and was not computed from it.
    """

    question: Question
    elements: frozenset[str]
    objects: frozenset[str]
    positives: tuple[PoolEntry, ...]
    captions: frozenset[str]
    subject: frozenset[str]
    is_quoted: bool


def guarded(question: Question, positives: Sequence[PoolEntry]) -> Guarded:
    """Gather what the guards ask of a question, once for all of its candidates."""
    elements = {unit.element_id for unit in question.evidence}
    objects: set[str] = set()
    for entry in positives:
        elements.update(entry.tied)
        if entry.item.kind in (CandidateKind.TABLE, CandidateKind.FIGURE):
            objects.update(entry.tied, entry.item.element_ids)
    captions = [_caption(entry) for entry in positives]
    return Guarded(
        question,
        frozenset(elements | objects),
        frozenset(objects),
        tuple(positives),
        distinctive_stems(" ".join(captions)),
        subject(question, captions),
        _is_quoted(question),
    )


def guard(candidate: PoolEntry, known: Guarded) -> MineReason | None:
    """Return why a candidate may answer the question, or None when no guard says so."""
    item = candidate.item
    if not item.text.strip() and item.image_id is None:
        return MineReason.EMPTY
    if known.elements & set(item.element_ids):
        return MineReason.NAMES_EVIDENCE if _only_names(item, known) else MineReason.SHARES_EVIDENCE
    if any(_lies_on(item, positive.item) for positive in known.positives):
        return MineReason.SHARES_EVIDENCE
    if known.elements & set(candidate.tied):
        return MineReason.CONTINUES_EVIDENCE
    if any(_is_version(candidate, positive) for positive in known.positives):
        return MineReason.SAME_FAMILY
    if any(near_duplicates(item.text, positive.item.text) for positive in known.positives):
        return MineReason.NEAR_DUPLICATE
    if holds_evidence(item.text, known):
        return MineReason.HOLDS_EVIDENCE
    return MineReason.HOLDS_ANSWER if holds_answer(item.text, known) else None


def near_duplicates(one: str, other: str) -> bool:
    """Say whether two texts are nearly the same and bear the same numbers."""
    if not one.strip() or not other.strip() or fuzz.ratio(one, other, score_cutoff=_NEAR) < _NEAR:
        return False
    return digit_words(one) == digit_words(other)


def holds_evidence(text: str, known: Guarded) -> bool:
    """Say whether a text repeats all that proves the answer: every quoted row, or the quotes nearly word for word.

    Of a quoted row all numbers and most of its words have to stand in one row or in neighbouring sentences; those of
    the head of the table may stand anywhere in the text. Numbers of one or two digits in all are found by chance in
    the rows of any table, so that there the words of the caption are wanted too.
    """
    rows, quotes = proof_cells(known.question), proof_quotes(known.question)
    if not rows and not quotes:
        return False
    padded = padded_words(text)
    if not all(_all_said(row, padded) for row in rows):
        return False
    head, body = (rows[:1], rows[1:]) if len(rows) > 1 else ([], rows)
    chancy = _digits(rows) < _TELLING_DIGITS and not known.captions <= content_stems(text)
    places = [window for window in windows(text) if not (chancy and window.is_row)]
    return (
        all(share(_labels(row), content_stems(text)) >= _SUBJECT_SHARE for row in head)
        and all(any(_repeats(window, row) for window in places) for row in body)
        and all(_requotes(quote, text, padded) for quote in quotes)
    )


def holds_answer(text: str, known: Guarded) -> bool:
    """Say whether one place in a text holds the answer among most of what the question asks about.

    An answer of many words is looked for by its words, for it is seldom repeated as it stands. An answer that the
    question offers itself ("higher for A or for B?", yes, no) proves nothing where it stands, and is not looked for.
    A number that was computed stands nowhere but by chance, unless nearly all that is asked about stands beside it.
    """
    least = _SUBJECT_SHARE if known.is_quoted else _COMPUTED_SHARE
    if share(known.subject, content_stems(text)) < least or _is_offered(known.question):
        return False
    if not known.is_quoted and len(known.subject) < _LEAST_SUBJECT:
        return False
    return any(
        _answers(window, known.question.answer)
        for window in windows(text)
        if share(known.subject, window.stems) >= least
    )


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


def _answers(window: Window, answer: str) -> bool:
    quantity = answer_quantity(answer)
    if quantity is not None:
        return any(same_number(quantity, found) for found in find_quantities(window.said))
    if len(answer) <= _SHORT_ANSWER:
        return says(window.said, answer)
    return share(content_stems(answer), window.stems) >= _SUBJECT_SHARE


def _is_quoted(question: Question) -> bool:
    wanted = answer_quantity(question.answer)
    proof = [*(cell.text for row in proof_cells(question) for cell in row), *proof_quotes(question)]
    return wanted is None or any(same_number(wanted, found) for text in proof for found in find_quantities(text))


def _is_offered(question: Question) -> bool:
    return question.answer.strip(" .").casefold() in _VERDICTS or (
        not has_digit(question.answer) and says(question.question, question.answer)
    )


def _all_said(row: Sequence[CellQuote], padded: str) -> bool:
    """Say whether every number of a row stands in a text; of a row without any, every word."""
    wanted = [cell.text for cell in row if has_digit(cell.text)] or [cell.text for cell in row]
    return all(padded_words(text) in padded for text in wanted if words(text))


def _requotes(quote: str, text: str, padded: str) -> bool:
    """Say whether a text repeats a quote nearly word for word, and with its numbers."""
    numbers = (word for word in words(quote) if has_digit(word))
    return fuzz.partial_ratio(quote, text, score_cutoff=_NEAR) >= _NEAR and all(
        f" {number} " in padded for number in numbers
    )


def _repeats(window: Window, row: Sequence[CellQuote]) -> bool:
    return _all_said(row, padded_words(window.around)) and share(_labels(row), window.stems) >= _SUBJECT_SHARE


def _digits(rows: Sequence[Sequence[CellQuote]]) -> int:
    """Return how many digits the rows' numbers have, those of the first cells and of years left out."""
    texts = [cell.text for row in rows for cell in row[1:] if parse_quantity(cell.text)]
    return sum(character.isdigit() for text in texts for character in text) or _TELLING_DIGITS


def _labels(row: Sequence[CellQuote]) -> frozenset[str]:
    return content_stems(" ".join(cell.text for cell in row if not has_digit(cell.text)))


def _is_version(candidate: PoolEntry, positive: PoolEntry) -> bool:
    return candidate.family_id == positive.family_id and candidate.item.doc_id != positive.item.doc_id


def _lies_on(one: PoolItem, other: PoolItem) -> bool:
    """Say whether two objects cover each other on a page: a table that was read as a figure too."""
    if one.bbox is None or other.bbox is None or (one.doc_id, one.page_indices) != (other.doc_id, other.page_indices):
        return False
    return max(overlap(one.bbox, other.bbox), overlap(other.bbox, one.bbox)) >= _OVERLAP


def _only_names(item: PoolItem, known: Guarded) -> bool:
    """Say whether a passage shares no more with the evidence than captions and places of tables and figures."""
    return item.kind is CandidateKind.PASSAGE and not known.elements & set(item.element_ids) - known.objects


def _caption(entry: PoolEntry) -> str:
    is_object = entry.item.kind in (CandidateKind.TABLE, CandidateKind.FIGURE)
    return entry.item.text.partition("\n")[0] if is_object else ""
