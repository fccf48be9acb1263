"""Whether a question is of the type that its row states, where code can tell."""

import re
from collections.abc import Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected
from generators.document_view import DocumentView
from generators.operation_types import TYPES
from schemas.kinds import QuestionType
from schemas.records import CheckResult, Question

_SHORTEST_SUMMARY: Final = 6
_COMPARES: Final = re.compile(
    r"\b(?:than|compar\w+|differ\w*|more|less|fewer|most|least|better|worse|best|worst|versus|vs|between|both|or|rather"
    r"|whereas|while|unlike|alike|similar\w*|contrast\w*|relative|rank\w*|same|exceed\w*|outperform\w*|ratio|times"
    r"|advantages?|chang\w+|increas\w+|decreas\w+|gr[eo]w\w*|\w{2,}(?:er|est)|each|respective\w*|gap|distinguish\w*)\b",
    re.IGNORECASE,
)


def check_type(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a computed question is not of its operation's type, or a summary has a handful of words."""
    said, program = question.question_type, question.program
    expected = TYPES[program.operation] if program else said
    if said != expected:
        message = f"a {program.operation.value if program else ''} is {expected.value}, not {said.value}"
        return rejected("type", CheckReason.WRONG_TYPE, message)
    if said == QuestionType.SUMMARIZATION and len(question.answer.split()) < _SHORTEST_SUMMARY:
        return rejected("type", CheckReason.WRONG_TYPE, f"{len(question.answer.split())} words sum nothing up")
    english = question.language.split("-")[0] == "en"
    if said == QuestionType.COMPARISON and english and not _COMPARES.search(question.question):
        return rejected("type", CheckReason.WRONG_TYPE, "nothing is compared")
    return passed("type")
