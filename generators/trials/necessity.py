"""Which evidence a question needs, found by taking it away, and what follows from that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from generators.answer_matching import Agreement
from generators.trials.answers import said_in
from generators.trials.exhibits import carrying_units
from generators.trials.naming import Results, ablation_id, ablations
from schemas.kinds import EvidenceRole, Modality, Operation, QuestionType
from schemas.records import Evidence, Question

Stands = Mapping[frozenset[str], bool]
"""Whether the answer stands although some elements were taken away, by these elements."""

EASY: Final = "easy"
MEDIUM: Final = "medium"
HARD: Final = "hard"

_DIFFICULTIES: Final = (EASY, MEDIUM, HARD)
_THOUGHT: Final = frozenset({QuestionType.COMPARISON, QuestionType.LOGICAL_REASONING, QuestionType.SUMMARIZATION})


def next_removal(units: Sequence[str], stands: Stands) -> frozenset[str] | None:
    """Return what has to be taken away next to know which units are needed, or None when it is known.

    First each unit alone, all of which may be asked at once; then, from the last to the first, every one that the
    answer can spare together with those that were spared before, for of two places that say the same one is needed.
    """
    alone = (frozenset({unit}) for unit in units)
    missing = next((removal for removal in alone if removal not in stands), None)
    return missing or _walk(units, stands)[1]


def needed_units(units: Sequence[str], stands: Stands) -> tuple[str, ...]:
    """Return the units that the answer cannot spare, in their order; what was not asked counts as needed."""
    spared, _ = _walk(units, stands)
    return tuple(unit for unit in units if unit not in spared)


def standing(question: Question, results: Results) -> dict[frozenset[str], bool]:
    """Return whether the stated answer stands with evidence taken away; where words cannot tell, it does not."""
    found = {}
    for removal in ablations(question.qa_id, results):
        said = said_in(question, results, ablation_id(question.qa_id, removal))
        if said is not None:
            found[removal] = not said.declined and said.match.agreement is Agreement.SAME
    return found


def measured(question: Question, needed: Sequence[str]) -> Question:
    """Return the question as it was measured: roles, hops, modality and difficulty follow from what is needed.

    At least one unit goes on carrying the answer.
    """
    kept = frozenset(needed) or frozenset(carrying_units(question)[:1])
    evidence = tuple(_demoted(unit, kept) for unit in question.evidence)
    answering = [unit for unit in evidence if unit.role is EvidenceRole.ANSWER]
    modalities = {unit.modality for unit in answering}
    hops = max(1, len({unit.element_id for unit in answering}))
    return replace(
        question,
        evidence=evidence,
        hops=hops,
        answer_modality="+".join(kind.value for kind in Modality if kind in modalities),
        difficulty=_difficulty(question, answering, hops),
    )


def _walk(units: Sequence[str], stands: Stands) -> tuple[frozenset[str], frozenset[str] | None]:
    """Return what can be spared together as far as it is known, and the removal that was not asked yet, if any."""
    spared = frozenset[str]()
    for unit in reversed(units):
        if not stands.get(frozenset({unit}), False):
            continue
        removal = spared | {unit}
        if removal not in stands:
            return spared, removal
        spared = removal if stands[removal] else spared
    return spared, None


def _demoted(unit: Evidence, kept: frozenset[str]) -> Evidence:
    demote = unit.role is EvidenceRole.ANSWER and unit.element_id not in kept
    return replace(unit, role=EvidenceRole.CONTEXT) if demote else unit


def _difficulty(question: Question, answering: Sequence[Evidence], hops: int) -> str:
    """Count what makes it harder: more than one place, more than one document or modality, something to work out."""
    is_computed = question.program is not None and question.program.operation is not Operation.LOOKUP
    points = (hops > 1) + (hops > 2) + (is_computed or question.question_type in _THOUGHT)
    points += len({unit.doc_id for unit in answering}) > 1
    points += len({unit.modality for unit in answering}) > 1
    return _DIFFICULTIES[min(points, 2)]
