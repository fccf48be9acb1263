"""Questions from tables alone: operations run over cells, so that each answer is computed and its cells are quoted."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from generators.document_view import DocumentView
from generators.program_drafts import draft_all
from generators.program_lists import list_answer
from generators.program_operands import Context
from generators.program_places import Draft
from generators.program_runs import ProgramError, run_program
from generators.subjects import Subject, Voice, document_name, leads_alone, table_subject, voice_of
from generators.table_faults import MESSAGES, TableFault, suitability
from generators.table_grid import Grid, read_grid
from generators.wording import Setting
from schemas.identity import qa_id
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, LinkKind, Modality, Operation, QuestionType, Stage
from schemas.records import CellQuote, Element, Evidence, Operand, Program, Provenance, Question, Reject

__all__ = ["ProgramError", "run_program", "write_table_questions"]

TYPES: Final[dict[Operation, QuestionType]] = {
    Operation.LOOKUP: QuestionType.FACTUAL_RETRIEVAL,
    Operation.COUNT: QuestionType.FACTUAL_RETRIEVAL,
    Operation.COMPARE: QuestionType.COMPARISON,
    Operation.MAXIMUM: QuestionType.COMPARISON,
    Operation.MINIMUM: QuestionType.COMPARISON,
    Operation.RANK: QuestionType.COMPARISON,
    Operation.SUM: QuestionType.LOGICAL_REASONING,
    Operation.DIFFERENCE: QuestionType.LOGICAL_REASONING,
    Operation.AVERAGE: QuestionType.LOGICAL_REASONING,
    Operation.EXCESS: QuestionType.LOGICAL_REASONING,
    Operation.CHANGE: QuestionType.LOGICAL_REASONING,
    Operation.SHARE: QuestionType.LOGICAL_REASONING,
    Operation.RATIO: QuestionType.COMPARISON,
    Operation.FILTER: QuestionType.FACTUAL_RETRIEVAL,
    Operation.TOP: QuestionType.COMPARISON,
}
_NAMED: Final = frozenset([Operation.COMPARE, Operation.MAXIMUM, Operation.MINIMUM, Operation.RANK])
_LISTS: Final = frozenset([Operation.FILTER, Operation.TOP])


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the questions of one document share."""

    view: DocumentView
    voice: Voice
    name: str | None
    seed: int
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
    named = document_name(view)
    asking = _Asking(view, voice_of(view), named[0] if named else None, seed, language, domain)
    operations = [operation for operation, kind in TYPES.items() if kind in question_types]
    questions: list[Question] = []
    rejects: list[Reject] = []
    spoken: set[str] = set()
    for table in view.of_kind(ElementKind.TABLE):
        read = _read_table(asking, table, spoken)
        if isinstance(read, Reject):
            rejects.append(read)
            continue
        grid, subject = read
        written = _write(asking, table, grid, subject, operations=operations)[:per_table]
        questions += written
        if not written and per_table and operations:
            rejects.append(_reject(asking, table, "table_without_questions", "no row and column can be named safely"))
    return questions, rejects


def _read_table(asking: _Asking, table: Element, spoken: set[str]) -> tuple[Grid, Subject] | Reject:
    caption = asking.view.caption_of(table)
    grid = read_grid(table.cells, caption=caption.text if caption else "")
    faults = list(suitability(grid))
    subject = table_subject(asking.view, table, grid.title)
    if asking.name is None and (subject is None or not leads_alone(subject.text)):
        faults.append(TableFault.NO_DOCUMENT_NAME)
    if subject is None:
        faults.append(TableFault.NO_SUBJECT)
    if faults or subject is None:
        return _reject(asking, table, faults[0], "; ".join(MESSAGES[fault] for fault in faults))
    if subject.text.casefold() in spoken:
        return _reject(asking, table, "table_subject_repeated", "another table of the document is captioned the same")
    spoken.add(subject.text.casefold())
    return grid, subject


def _reject(asking: _Asking, table: Element, code: str, message: str) -> Reject:
    return Reject(
        stage=Stage.GENERATE,
        subject=table.element_id,
        reason_code=str(code),
        message=message,
        uri=asking.view.document.uri,
        page_index=table.page_index,
        text=table.label,
    )


def _write(
    asking: _Asking, table: Element, grid: Grid, subject: Subject, *, operations: list[Operation]
) -> list[Question]:
    """Return questions about one table, operations in turn, so that a cut list is a mixed one."""
    rng = random.Random(f"{asking.seed}/{table.element_id}")
    setting = Setting(subject.text, asking.name or "", asking.voice)
    context = Context(grid, setting, subject.continued or _continues(asking.view, table), rng)
    queues = [draft_all(context, operation) for operation in rng.sample(operations, len(operations))]
    questions: list[Question] = []
    used: set[tuple[int, ...]] = set()
    for draft in _in_turn(queues):
        question = _question(asking, table, grid, subject, draft=draft)
        cells = tuple(sorted({(place.row.index << 16) + place.column.index for place in draft.places}))
        if question is not None and cells not in used:
            used.add(cells)
            questions.append(question)
    return questions


def _in_turn(queues: list[Iterator[Draft]]) -> Iterator[Draft]:
    while queues:
        for queue in tuple(queues):
            draft = next(queue, None)
            if draft is None:
                queues.remove(queue)
            else:
                yield draft


def _continues(view: DocumentView, table: Element) -> bool:
    return any(
        link.kind is LinkKind.CONTINUES and table.element_id in (link.source_id, link.target_id) for link in view.links
    )


def _question(asking: _Asking, table: Element, grid: Grid, subject: Subject, *, draft: Draft) -> Question | None:
    """Return a draft as a question whose program, run from its quoted cells, gives its answer; else None."""
    evidence = _evidence(asking.view, table, grid, subject, draft=draft)
    operands = tuple(_operands(draft))
    blank = Program(draft.operation, operands, "", draft.argument, draft.measure.unit, float(draft.measure.scale))
    try:
        result = run_program(blank, evidence)
    except ProgramError:
        return None
    if _gives_away(draft) or _differs(draft, result):
        return None
    program = Program(draft.operation, operands, result, draft.argument, draft.measure.unit, float(draft.measure.scale))
    return Question(
        qa_id=qa_id(table.doc_id, table.element_id, draft.question, draft.answer),
        question=draft.question[:1].upper() + draft.question[1:],
        answer=draft.answer,
        answer_kind=_kind(draft),
        question_type=TYPES[draft.operation],
        answer_modality=Modality.TABLE.value,
        evidence=evidence,
        provenance=Provenance(engine="none", software_version=_version(), seed=asking.seed),
        language=asking.language,
        domain=asking.domain or asking.view.document.domain,
        program=program,
    )


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
    return (
        draft.operation is not Operation.COMPARE and f" {draft.answer.casefold()} " in f" {draft.question.casefold()} "
    )


def _operands(draft: Draft) -> Iterator[Operand]:
    for at, place in enumerate(draft.places):
        group, again = divmod(at, draft.per_group)
        yield Operand(0, place.row.index, place.column.index, "value", group)
        if again:
            continue
        labels = place.column.cells[-1:] if draft.labelled_by_column else place.row.cells
        for cell in labels:
            yield Operand(0, cell.row, cell.col, "label", group)


def _evidence(
    view: DocumentView, table: Element, grid: Grid, subject: Subject, *, draft: Draft
) -> tuple[Evidence, ...]:
    cells = {(cell.row, cell.col): cell.text for cell in _quoted_cells(grid, draft)}
    quotes = tuple(CellQuote(row, col, text) for (row, col), text in sorted(cells.items()))
    answer = _place(view, table, Modality.TABLE, EvidenceRole.ANSWER, cells=quotes)
    if subject.source.element_id == table.element_id:
        return (answer,)
    start, end = subject.span
    quote = subject.source.text[start:end]
    context = _place(view, subject.source, Modality.TEXT, EvidenceRole.CONTEXT, quote=(quote, start, end))
    return answer, context


def _quoted_cells(grid: Grid, draft: Draft) -> Iterator[CellQuote]:
    corner = grid.columns[grid.stub_columns - 1].cells if grid.stub_head else ()
    for cell in corner:
        yield CellQuote(cell.row, cell.col, cell.text)
    for place in draft.places:
        value = grid.cell(place.row.index, place.column.index)
        named = (*place.row.cells, *place.column.cells, *((place.row.section_cell,) if place.row.section_cell else ()))
        for cell in (*named, value) if value else named:
            yield CellQuote(cell.row, cell.col, cell.text)
    if grid.title and (title := grid.cell(0, 0)):
        yield CellQuote(0, 0, title.text)


def _place(
    view: DocumentView,
    element: Element,
    modality: Modality,
    role: EvidenceRole,
    *,
    cells: tuple[CellQuote, ...] = (),
    quote: tuple[str, int, int] | None = None,
) -> Evidence:
    return Evidence(
        element_id=element.element_id,
        doc_id=element.doc_id,
        page_index=element.page_index,
        page_label=view.page_label(element.page_index),
        bbox=element.bbox,
        modality=modality,
        role=role,
        quote=quote[0] if quote else None,
        quote_start=quote[1] if quote else None,
        quote_end=quote[2] if quote else None,
        cells=cells,
    )


def _version() -> str:
    try:
        return version("corpusmill")
    except PackageNotFoundError:
        return "0"
