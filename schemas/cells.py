"""Cells of a corpus: a question type, an answer modality, and whether one document carries the answer or several."""

from dataclasses import dataclass
from typing import Final

from schemas.kinds import EvidenceRole, Modality, QuestionType
from schemas.records import Question

_SCOPES: Final = {"one": False, "several": True}
_MODALITIES: Final = tuple(kind.value for kind in Modality)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or a group of cells where modality or number of documents is left open (None)."""

    question_type: QuestionType
    answer_modality: str | None = None
    several: bool | None = None

    def __str__(self) -> str:
        """Return the cell as a recipe names it."""
        scope = {None: None, False: "one", True: "several"}[self.several]
        parts = [self.question_type.value, self.answer_modality or ("" if scope else None), scope]
        return "/".join(part for part in parts if part is not None)

    @property
    def openness(self) -> int:
        """How many of its parts are left open."""
        return (self.answer_modality is None) + (self.several is None)

    def covers(self, other: "Cell") -> bool:
        """Say whether what is in `other` is in this one."""
        return (
            self.question_type == other.question_type
            and self.answer_modality in (None, other.answer_modality)
            and self.several in (None, other.several)
        )


def parse_cell(text: str) -> Cell:
    """Return the cell that a recipe names: TYPE, TYPE/MODALITY or TYPE/MODALITY/SCOPE; a modality may be left empty.

    >>> str(parse_cell("comparison/table+text/several")), str(parse_cell("unanswerable"))
    ('comparison/text+table/several', 'unanswerable')

    Raises:
        ValueError: it names none; the message says what may stand there.
    """
    kind, *rest = (part.strip() for part in text.split("/"))
    if kind not in set(QuestionType):
        raise ValueError(f"{kind!r} is no question type; give one of {', '.join(QuestionType)}")
    modality, scope = (*rest, "", "")[:2]
    if len(rest) > 2 or (scope and scope not in _SCOPES):
        raise ValueError(f"{text!r}: after type and modality comes one or several, for the number of documents")
    return Cell(QuestionType(kind), _modality(modality) if modality else None, _SCOPES.get(scope))


def cell_of(question: Question) -> Cell:
    """Return the cell that a question is in; of one that cannot be answered, all evidence counts."""
    units = [unit for unit in question.evidence if unit.role == EvidenceRole.ANSWER] or question.evidence
    return Cell(question.question_type, question.answer_modality, len({unit.doc_id for unit in units}) > 1)


def _modality(text: str) -> str:
    named = [part.strip() for part in text.split("+")]
    unknown = [part for part in named if part not in _MODALITIES]
    if unknown or len(set(named)) < len(named):
        raise ValueError(f"{text!r} is no modality; give text, table, figure, or some of them joined with +")
    return "+".join(kind for kind in _MODALITIES if kind in named)
