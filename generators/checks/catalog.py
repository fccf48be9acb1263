"""The checks in the order in which they run, cheapest first, and how to run them.

A check is one function `(question, views) -> CheckResult`; add one with a row in `CHECKS`, or from another package by
an entry point of the group `corpusmill.checks`, whose name is the check's. Checks after the first may rely on the
types of the record, on nothing else: ids, offsets, boxes and texts are whatever somebody wrote.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from generators.checks.absence import check_absence
from generators.checks.alternatives import check_alternatives
from generators.checks.anchoring import check_cells, check_evidence, check_place, check_proof, check_quotes
from generators.checks.computation import check_coverage, check_program_answer, check_program_question
from generators.checks.consistency import (
    check_answer_kind,
    check_contradiction,
    check_giveaway,
    check_modality,
    check_refusal,
    check_unit,
)
from generators.checks.execution import check_naming, check_program
from generators.checks.fidelity import (
    check_claims,
    check_markup,
    check_negation,
    check_sign,
    check_source_named,
    check_spelling,
)
from generators.checks.form import (
    check_asking,
    check_characters,
    check_complete,
    check_length,
    check_marks,
    check_single,
)
from generators.checks.grounding import (
    check_answer_numbers,
    check_answer_units,
    check_answer_words,
    check_question_numbers,
)
from generators.checks.joining import check_join
from generators.checks.languages import check_language
from generators.checks.phrasing import check_deixis, check_internal_reference, check_prompt_leak
from generators.checks.presumption import check_hedge, check_premise, check_quoted_names, check_roles
from generators.checks.question_types import check_type
from generators.checks.self_containment import check_findable, check_label, check_reference
from generators.checks.structure import check_structure
from generators.document_view import DocumentView
from schemas.kinds import Verdict
from schemas.records import CheckResult, Question

ENTRY_POINT_GROUP: Final = "corpusmill.checks"

Check = Callable[[Question, Mapping[str, DocumentView]], CheckResult]

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("structure", check_structure),
    ("length", check_length),
    ("characters", check_characters),
    ("marks", check_marks),
    ("asking", check_asking),
    ("prompt_leak", check_prompt_leak),
    ("markup", check_markup),
    ("internal_reference", check_internal_reference),
    ("single", check_single),
    ("complete", check_complete),
    ("language", check_language),
    ("refusal", check_refusal),
    ("answer_kind", check_answer_kind),
    ("type", check_type),
    ("giveaway", check_giveaway),
    ("contradiction", check_contradiction),
    ("unit", check_unit),
    ("evidence", check_evidence),
    ("modality", check_modality),
    ("place", check_place),
    ("quotes", check_quotes),
    ("cells", check_cells),
    ("proof", check_proof),
    ("program", check_program),
    ("program_answer", check_program_answer),
    ("program_question", check_program_question),
    ("naming", check_naming),
    ("coverage", check_coverage),
    ("sign", check_sign),
    ("absence", check_absence),
    ("join", check_join),
    ("answer_numbers", check_answer_numbers),
    ("answer_units", check_answer_units),
    ("answer_words", check_answer_words),
    ("question_numbers", check_question_numbers),
    ("claims", check_claims),
    ("hedge", check_hedge),
    ("roles", check_roles),
    ("premise", check_premise),
    ("negation", check_negation),
    ("alternatives", check_alternatives),
    ("deixis", check_deixis),
    ("reference", check_reference),
    ("label", check_label),
    ("findable", check_findable),
    ("source_named", check_source_named),
    ("quoted_names", check_quoted_names),
    ("spelling", check_spelling),
)


@cache
def all_checks() -> tuple[tuple[str, Check], ...]:
    """Return our checks and those that other installed packages add, by name."""
    added = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name)
    return CHECKS + tuple((point.name, point.load()) for point in added)


def check_question(
    question: Question,
    views: Mapping[str, DocumentView],
    *,
    stop_at_first: bool = True,
    checks: Sequence[tuple[str, Check]] | None = None,
) -> Question:
    """Return the question with `checks` filled anew.

    Args:
        question: any row of a qa table, written by anybody.
        views: the documents by doc_id; those of the evidence are looked up here.
        stop_at_first: whether the first failure is enough; a malformed record always is.
        checks: what to run, default all.
    """
    results: list[CheckResult] = []
    for name, check in all_checks() if checks is None else checks:
        result = check(question, views)
        results.append(result)
        if result.verdict == Verdict.FAIL and (stop_at_first or name == "structure"):
            break
    return replace(question, checks=tuple(results))


def failed(question: Question) -> CheckResult | None:
    """Return the first failure among the question's checks, or None."""
    return next((result for result in question.checks if result.verdict == Verdict.FAIL), None)
