"""Sentences that answer a question: they repeat its proof, or say its answer or another of what it asks for."""

from collections.abc import Iterator, Sequence
from typing import Final

from generators.alignment import align
from generators.ambiguity.aims import Aim
from generators.ambiguity.places import Place, place_in
from generators.checks.wording import content_stems
from generators.document_view import DocumentView
from generators.mining.guards import answer_quantity
from generators.mining.readings import proof_quotes, says, share
from generators.quantities import Quantity, find_quantities, same_number
from generators.sentences import sentence_spans
from schemas.geometry import Span
from schemas.kinds import AnswerKind, ElementKind
from schemas.records import Element

_KINDS: Final = (
    ElementKind.PARAGRAPH,
    ElementKind.LIST_ITEM,
    ElementKind.CAPTION,
    ElementKind.FOOTNOTE,
)
_SHARE: Final = 0.8
_SAID_SHARE: Final = 0.5
_LEAST_SUBJECT: Final = 3
_TELLING_DIGITS: Final = 3
_SHORT_ANSWER: Final = 60
_YEAR: Final = 4


def places_in_text(aim: Aim, element: Element, view: DocumentView, *, lead: str) -> Iterator[Place]:
    """Yield the first place in a text that answers as the question is answered, else the first that does otherwise.

    Args:
        aim: what the question asks for.
        element: a text.
        view: its document.
        lead: the title and headings that lead to it.
    """
    if element.kind not in _KINDS:
        return
    span = _repeated(aim, element.text)
    if span is not None:
        yield Place(place_in(element, view, span=span), True, element.text[span.start : span.end])
        return
    spans = list(sentence_spans(element.text))
    for agrees in (True, False):
        for number, span in enumerate(spans):
            said = element.text[span.start : span.end]
            around = " ".join(element.text[one.start : one.end] for one in spans[max(0, number - 1) : number + 2])
            holds = _says_answer(aim, said, around, lead=lead) if agrees else _says_other(aim, said, around, lead=lead)
            if holds:
                yield Place(place_in(element, view, span=span), agrees, said)
                return


def _repeated(aim: Aim, text: str) -> Span | None:
    """Return where a text repeats the only quote that proves the answer, letter for letter."""
    quotes = proof_quotes(aim.question)
    units = [unit for unit in aim.question.evidence if unit.role == "answer"]
    if len(units) != 1 or len(quotes) != 1 or len(quotes[0]) < _SHORT_ANSWER:
        return None
    return align(quotes[0], text)


def _says_answer(aim: Aim, said: str, around: str, *, lead: str) -> bool:
    question, subject = aim.question, aim.known.subject
    if not aim.known.is_quoted or question.answer_kind is AnswerKind.BOOLEAN or len(subject) < _LEAST_SUBJECT:
        return False
    quantity = answer_quantity(question.answer)
    if quantity is None and (len(question.answer) > _SHORT_ANSWER or says(question.question, question.answer)):
        return False
    chancy = quantity is not None and sum(char.isdigit() for char in quantity.text) < _TELLING_DIGITS
    if not _speaks_of(aim, said, around, lead=lead, least=1.0 if chancy else _SHARE):
        return False
    if quantity is None:
        return says(said, question.answer)
    return any(same_number(quantity, found) for found in find_quantities(said))


def _says_other(aim: Aim, said: str, around: str, *, lead: str) -> bool:
    """Say whether a sentence gives one number, another than the answer, and speaks of all that is asked for."""
    wanted = answer_quantity(aim.question.answer)
    if wanted is None or not aim.known.is_quoted or len(aim.known.subject) < _LEAST_SUBJECT:
        return False
    if not aim.is_told_by(f"{around}\n{lead}") or not _speaks_of(aim, said, around, lead=lead, least=1.0):
        return False
    given = [number for number in find_quantities(said) if not _is_asked(number, aim.quantities)]
    if any(same_number(wanted, number) for number in find_quantities(around)):
        return False
    return len(given) == 1 and _comparable(given[0], wanted)


def _speaks_of(aim: Aim, said: str, around: str, *, lead: str, least: float) -> bool:
    subject = aim.known.subject
    whole = f"{around}\n{lead}"
    return (
        share(subject, content_stems(said)) >= _SAID_SHARE
        and share(subject, content_stems(whole)) >= least
        and aim.is_told_by(whole, least=0.0 if aim.families else _SAID_SHARE)
    )


def _is_asked(number: Quantity, asked: Sequence[Quantity]) -> bool:
    return any(same_number(number, other) for other in asked)


def _comparable(one: Quantity, other: Quantity) -> bool:
    is_year = one.unit is None and one.value == one.value.to_integral() and len(one.text) == _YEAR
    return one.percent == other.percent and one.unit == other.unit and one.scale == other.scale and not is_year
