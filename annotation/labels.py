"""The labels that a person gives a question, after the human evaluation of UniDoc-Bench, in our own words.

Each is answered yes or no. `checks` names the code checks whose passing speaks for a yes: their verdict is what the
labelling page starts with. A label that no check speaks for starts open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.kinds import Verdict
from schemas.records import Question


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `name` is its field of `Judgement`, `title` stands on the page, `guidance` says when it is a yes.

    `key` answers yes on the keyboard, and with Shift no.
    """

    name: str
    title: str
    guidance: str
    key: str
    checks: tuple[str, ...] = ()


LABELS: Final[tuple[Label, ...]] = (
    Label(
        "question_factual",
        "Question is true to the document",
        "What the question takes for granted (names, periods, units, what was measured) stands in the document.",
        "a",
        ("evidence", "place", "question_numbers", "program_question", "naming"),
    ),
    Label(
        "answer_factual",
        "Answer is correct",
        "The evidence says so; a computed value comes out the same when you compute it again.",
        "s",
        ("quotes", "cells", "proof", "program_answer", "answer_numbers", "answer_units", "answer_words"),
    ),
    Label(
        "complete",
        "Answer is complete",
        "It answers all that is asked: every item of a list, both sides of a comparison, the unit.",
        "d",
        ("complete", "answer_kind", "coverage"),
    ),
    Label(
        "self_contained",
        "Question stands alone",
        "Somebody who has thousands of documents and not this page knows what is asked, and of which document.",
        "f",
        ("deixis", "reference", "label", "findable"),
    ),
    Label(
        "human_like",
        "Sounds like a person",
        "Somebody who needs the answer could have asked in these words.",
        "g",
    ),
)


def verdict_of_checks(label: Label, question: Question) -> bool | None:
    """Return what the checks that a question carries say of a label: None where none of them ran."""
    found: Mapping[str, Verdict] = {check.name: check.verdict for check in question.checks}
    ran = [found[name] for name in label.checks if found.get(name, Verdict.SKIP) != Verdict.SKIP]
    if not ran:
        return None
    return Verdict.FAIL not in ran
