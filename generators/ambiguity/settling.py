"""What other places make of a question: more evidence, or a reason to drop it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from generators.ambiguity.places import Place
from generators.ambiguity.searching import MOST_PLACES
from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected
from generators.trials.settling import trial_reject, with_checks
from schemas.kinds import EvidenceRole, QuestionType
from schemas.recipe import TrialName
from schemas.records import Question, Reject

NAME: Final = TrialName.AMBIGUITY.value
_SHOWN: Final = 120


def settle_places(question: Question, places: Sequence[Place]) -> Question | Reject:
    """Return the question with the places that answer it as well, or why it goes.

    A place that gives another answer makes the question ambiguous; any place that answers an unanswerable one makes it
    answerable. The score of the check is the number of other places that give the answer.
    """
    if question.question_type is QuestionType.UNANSWERABLE:
        if places:
            message = f"{_where(places[0])} answers it: “{places[0].says[:_SHOWN]}”"
            return trial_reject(question, rejected(NAME, CheckReason.YET_ANSWERED, message))
        return with_checks(question, [passed(NAME, 0.0)])
    other = next((place for place in places if not place.agrees), None)
    if other is not None:
        message = f"{_where(other)} gives another answer: “{other.says[:_SHOWN]}”"
        return trial_reject(question, rejected(NAME, CheckReason.AMBIGUOUS, message))
    own = tuple(unit for unit in question.evidence if unit.role is not EvidenceRole.ALTERNATIVE)
    found = tuple(place.evidence for place in places[:MOST_PLACES])
    return with_checks(replace(question, evidence=(*own, *found)), [passed(NAME, float(len(found)))])


def unfit(question: Question, message: str) -> Reject:
    """Return why a question goes that an engine has answered from another place."""
    is_unanswerable = question.question_type is QuestionType.UNANSWERABLE
    reason = CheckReason.YET_ANSWERED if is_unanswerable else CheckReason.AMBIGUOUS
    return trial_reject(question, rejected(NAME, reason, message))


def _where(place: Place) -> str:
    return f"{place.evidence.element_id}, page {place.evidence.page_label},"
