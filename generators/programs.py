"""Questions from tables alone: operations run over cells, so that each answer is computed and its cells are quoted."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from generators.document_view import DocumentView
from generators.operation_types import TYPES
from generators.program_drafts import draft_all
from generators.program_evidence import operands_of, provenance, table_evidence
from generators.program_lists import list_answer
from generators.program_places import Draft
from generators.program_reading import Source, TableReading, read_table, refused, source_of
from generators.program_runs import ProgramError, run_program
from generators.unanswerable_tables import ANSWER, AbsentDraft, draft_absent
from schemas.identity import qa_id
from schemas.kinds import AnswerKind, ElementKind, Modality, Operation, QuestionType
from schemas.records import Element, Evidence, Program, Question, Reject

__all__ = ["TYPES", "ProgramError", "run_program", "write_table_questions"]

_NAMED: Final = frozenset([Operation.COMPARE, Operation.MAXIMUM, Operation.MINIMUM, Operation.RANK])
# Of one row, however many columns it has.
_MOST_LOOKUPS: Final = 2
_LISTS: Final = frozenset([Operation.FILTER, Operation.TOP])


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the questions of one document share."""

    seed: int
    operations: list[Operation]
    language: str
    domain: str | None


def write_table_questions(
    view: DocumentView,
    *,
    seed: int,
    per_table: int,
    question_types: Collection[QuestionType],
    language: str = "en",
    domain: str | None = None,
) -> tuple[list[Question], list[Reject]]:
    """Write up to `per_table` questions about each table of a document, and say why a table gave none.

    The same document and seed give the same questions. Only English is written.
    """
    operations = [operation for operation, kind in TYPES.items() if kind in question_types]
    asking = _Asking(seed, operations, language, domain or view.document.domain)
    source = source_of(view)
    readings: list[TableReading] = []
    rejects: list[Reject] = []
    spoken: set[str] = set()
    for table in view.of_kind(ElementKind.TABLE):
        read = _read_once(source, table, spoken)
        if isinstance(read, Reject):
            rejects.append(read)
        else:
            readings.append(read)
    questions: list[Question] = []
    for reading in readings:
        written = _write(asking, reading, readings)[:per_table]
        questions += written
        if not written and per_table and operations:
            reason = "no row and column can be named safely"
            rejects.append(refused(view, reading.table, "table_without_questions", reason))
    return questions, rejects


def _read_once(source: Source, table: Element, spoken: set[str]) -> TableReading | Reject:
    read = read_table(source, table)
    if isinstance(read, Reject):
        return read
    subject = read.subject.text.casefold()
    if subject in spoken:
        return refused(
            source.view, table, "table_subject_repeated", "another table of the document is captioned the same"
        )
    spoken.add(subject)
    return read


def _write(asking: _Asking, reading: TableReading, readings: list[TableReading]) -> list[Question]:
    """Return questions about one table, operations in turn, so that a cut list is a mixed one."""
    rng = random.Random(f"{asking.seed}/{reading.table.element_id}")
    context = reading.context(rng)
    queues: list[Iterator[Draft | AbsentDraft]] = [
        draft_absent(reading, readings, rng) if operation is Operation.ABSENT else draft_all(context, operation)
        for operation in rng.sample(asking.operations, len(asking.operations))
    ]
    questions: list[Question] = []
    used: set[object] = set()
    looked_up: Counter[int | None] = Counter()
    for draft in _in_turn(queues):
        question = _question(asking, reading, draft)
        row = draft.places[0].row.index if isinstance(draft, Draft) and draft.operation is Operation.LOOKUP else None
        if question is not None and _asked(draft) not in used and looked_up[row] < _MOST_LOOKUPS:
            used.add(_asked(draft))
            looked_up[row] += row is not None
            questions.append(question)
    return questions


def _asked(draft: Draft | AbsentDraft) -> object:
    """Return what two questions about one table may not have in common: the values, or what is missing."""
    if isinstance(draft, AbsentDraft):
        return draft.item
    return frozenset((place.row.index, place.column.index) for place in draft.places)


def _in_turn(queues: list[Iterator[Draft | AbsentDraft]]) -> Iterator[Draft | AbsentDraft]:
    while queues:
        for queue in tuple(queues):
            draft = next(queue, None)
            if draft is None:
                queues.remove(queue)
            else:
                yield draft


def _question(asking: _Asking, reading: TableReading, draft: Draft | AbsentDraft) -> Question | None:
    """Return a draft as a question whose program, run from its quoted cells, gives its answer; else None."""
    if isinstance(draft, AbsentDraft):
        return _unanswerable(asking, reading, draft)
    evidence = table_evidence(reading, draft.places)
    program = _run(draft, evidence)
    if program is None or _gives_away(draft) or _differs(draft, program.result):
        return None
    table = reading.table
    return Question(
        qa_id=qa_id(table.doc_id, table.element_id, draft.question, draft.answer),
        question=draft.question[:1].upper() + draft.question[1:],
        answer=draft.answer,
        answer_kind=_kind(draft),
        question_type=TYPES[draft.operation],
        answer_modality=Modality.TABLE.value,
        evidence=evidence,
        provenance=provenance(asking.seed),
        language=asking.language,
        domain=asking.domain,
        program=program,
    )


def _unanswerable(asking: _Asking, reading: TableReading, draft: AbsentDraft) -> Question:
    table = reading.table
    return Question(
        qa_id=qa_id(table.doc_id, table.element_id, draft.question, ANSWER),
        question=draft.question[:1].upper() + draft.question[1:],
        answer=ANSWER,
        answer_kind=AnswerKind.NONE,
        question_type=QuestionType.UNANSWERABLE,
        answer_modality=Modality.TABLE.value,
        evidence=draft.evidence(reading),
        provenance=provenance(asking.seed),
        language=asking.language,
        domain=asking.domain,
        program=draft.program(),
    )


def _run(draft: Draft, evidence: tuple[Evidence, ...]) -> Program | None:
    operands = tuple(operands_of(draft.places, labelled_by_column=draft.labelled_by_column, per_group=draft.per_group))
    measure = draft.measure
    blank = Program(draft.operation, operands, "", draft.argument, measure.unit, float(measure.scale))
    try:
        return replace(blank, result=run_program(blank, evidence))
    except ProgramError:
        return None


def _differs(draft: Draft, result: str) -> bool:
    """Tell whether a program names other rows than the answer does."""
    if draft.operation in _LISTS:
        return list_answer(result) != draft.answer
    return draft.operation in _NAMED and result != draft.answer


def _kind(draft: Draft) -> AnswerKind:
    if draft.operation in _LISTS:
        return AnswerKind.LIST
    return AnswerKind.TEXT if draft.textual or draft.operation in _NAMED else AnswerKind.NUMBER


def _gives_away(draft: Draft) -> bool:
    """Tell whether a computed or looked up answer already stands in its question."""
    answer = draft.answer.casefold().strip("\"'“”")
    return draft.operation is not Operation.COMPARE and f" {answer} " in f" {draft.question.casefold()} "
