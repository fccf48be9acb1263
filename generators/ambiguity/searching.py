"""Candidates of a pool to places that answer a question, as it is answered or otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from generators.ambiguity.aims import Aim, lead_of
from generators.ambiguity.places import Place, place_in
from generators.ambiguity.table_places import Asked, cells_asked, place_in_table
from generators.ambiguity.text_places import places_in_text
from generators.checks.alternatives import check_alternatives
from generators.checks.anchoring import check_cells, check_place, check_proof, check_quotes
from generators.checks.catalog import Check
from generators.checks.wording import content_stems, words
from generators.document_view import DocumentView
from generators.mining.pool_file import PoolEntry
from generators.mining.readings import says, windows
from generators.quantities import find_quantities
from schemas.kinds import ElementKind, QuestionType, Verdict
from schemas.records import Question

MOST_PLACES: Final = 5
"""So many other places become evidence of a question at most."""

_PROOFS: Final[tuple[Check, ...]] = (check_place, check_quotes, check_cells, check_proof, check_alternatives)
_LEAST_TOLD: Final = 0.6

Views = Mapping[str, DocumentView]


def worth_reading(aim: Aim, entry: PoolEntry, title: str | None) -> bool:
    """Say whether a candidate may answer, as far as its text and what leads to it tell.

    It has to be in a document that the question may speak of, to hold all of the question's numbers, and most of its
    telling words or of those that it asks about.
    """
    if not aim.may_be_meant(entry):
        return False
    told = f"{lead_of(entry, title)}\n{entry.item.text}"
    subject = aim.known.subject
    near = len(subject & content_stems(told)) >= _LEAST_TOLD * len(subject)
    return aim.numbers <= frozenset(words(told)) and (near or aim.is_told_by(told, least=_LEAST_TOLD))


def find_places(aim: Aim, entries: Sequence[PoolEntry], views: Views, titles: Mapping[str, str]) -> list[Place]:
    """Return the places among some candidates that answer a question, in their order, each element once.

    Args:
        aim: what the question asks for.
        entries: candidates that are worth reading.
        views: the documents by id.
        titles: their titles.
    """
    if aim.question.question_type is QuestionType.UNANSWERABLE:
        return [place for entry in entries for place in _answering(aim, entry, views, titles)][:1]
    asked = cells_asked(aim.question, views)
    found: dict[str, Place] = {}
    for entry in entries:
        for place in _places(aim, asked, entry, views[entry.item.doc_id], title=titles.get(entry.item.doc_id)):
            stands = is_proven(aim.question, place, views) if place.agrees else aim.is_telling
            if stands and place.evidence.element_id not in found:
                found[place.evidence.element_id] = place
    return list(found.values())


def is_proven(question: Question, place: Place, views: Views) -> bool:
    """Say whether a place proves the answer by itself, by the checks that the question will have to stand with it."""
    extended = replace(question, evidence=(*question.evidence, place.evidence))
    return all(check(extended, views).verdict != Verdict.FAIL for check in _PROOFS)


def _places(
    aim: Aim, asked: Asked | None, entry: PoolEntry, view: DocumentView, *, title: str | None
) -> Iterator[Place]:
    lead = lead_of(entry, title)
    for element_id in entry.item.element_ids:
        element = view.get(element_id)
        if element is None or element_id in aim.known.elements:
            continue
        if element.kind != ElementKind.TABLE:
            yield from places_in_text(aim, element, view, lead=lead)
        elif asked is not None:
            place = place_in_table(aim, asked, element, view, lead=lead)
            if place is not None:
                yield place


def _answering(aim: Aim, entry: PoolEntry, views: Views, titles: Mapping[str, str]) -> Iterator[Place]:
    """Yield a candidate that seems to answer what its own evidence does not: all that is asked for beside a number."""
    view, lead = views[entry.item.doc_id], lead_of(entry, titles.get(entry.item.doc_id))
    element = next((found for found in map(view.get, entry.item.element_ids) if found is not None), None)
    for window in windows(entry.item.text) if element is not None else ():
        given = [number for number in find_quantities(window.said) if number.total not in _totals(aim)]
        told = f"{window.around}\n{lead}"
        if element is not None and given and aim.is_told_by(told) and _names_absent(aim, window.said):
            yield Place(place_in(element, view), False, window.said)
            return


def _names_absent(aim: Aim, said: str) -> bool:
    """Say whether a sentence or row names what the question's own evidence lacks."""
    program = aim.question.program
    return says(said, program.argument) if program and program.argument else True


def _totals(aim: Aim) -> set[Decimal]:
    return {number.total for number in aim.quantities}


def is_sought(question: Question) -> bool:
    """Say whether other places are looked for: a summary is given by no one place, and no sentence alone."""
    return bool(question.evidence) and question.question_type is not QuestionType.SUMMARIZATION
