"""Questions about one document after another: from its tables, and from what an engine answers. No Beam here."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.drafting import draft_from
from generators.engines.exchange import Completion, EngineFailure, Request
from generators.program_joins import write_join_questions
from generators.programs import write_table_questions
from pipelines.inquiries import Inquirer, Inquiry, expected_cell
from pipelines.joining import TablePair
from pipelines.rounds import STOOD
from pipelines.workspace import DocumentPlace
from schemas.cells import Cell
from schemas.identity import document_of
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Failure, Question, Reject


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a table program or an engine's answer."""

    questions: tuple[Question, ...] = ()
    rejects: tuple[Reject, ...] = ()
    failures: tuple[Failure, ...] = ()

    def rows(self) -> Iterator[tuple[str, Sequence[object]]]:
        """Yield the rows for each table that gets any."""
        if self.questions:
            yield "qa", self.questions
        if self.rejects:
            yield "rejects", self.rejects
        if self.failures:
            yield "errors", self.failures


def questions_from_tables(view: DocumentView, recipe: Recipe) -> Written:
    """Write and check the questions that table programs give about a document."""
    drafts, rejects = write_table_questions(
        view,
        seed=recipe.seed,
        per_table=recipe.generate.per_table,
        question_types=recipe.generate.question_types,
        language=recipe.corpus.language,
        domain=recipe.corpus.domain,
    )
    good, bad = sort_out(drafts, {view.document.doc_id: view})
    return Written(good, (*rejects, *bad))


def sort_out(
    drafts: Iterable[Question], views: Mapping[str, DocumentView]
) -> tuple[tuple[Question, ...], tuple[Reject, ...]]:
    """Check drafts about some documents: those that stand, and why the others do not."""
    good, bad = [], []
    for draft in drafts:
        checked = check_question(draft, views)
        if failed(checked) is None:
            good.append(checked)
        else:
            bad.append(reject_row(checked, views))
    return tuple(good), tuple(bad)


def questions_across(pair: TablePair, views: Mapping[str, DocumentView], recipe: Recipe) -> Written:
    """Write and check the questions that table programs give over tables of two documents.

    Why two tables give none is not told: nobody promised that they would.
    """
    held = {element_id: views[document_of(element_id)] for element_id in pair}
    tables = [(view, element) for element_id, view in held.items() if (element := view.get(element_id)) is not None]
    drafts, _ = write_join_questions(
        tables,
        seed=recipe.seed,
        question_types=recipe.generate.question_types,
        language=recipe.corpus.language,
        domain=recipe.corpus.domain,
    )
    good, bad = sort_out(drafts, {view.document.doc_id: view for view, _ in tables})
    return Written(good, bad)


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one inquiry: the cell that it was made for, what was written, and its outcome in a word."""

    cell: Cell
    written: Written
    outcome: str = STOOD


class Desk:
    """Hands out requests and takes in answers.

    Args:
        inquirer: lists what may be asked.
        recipe: what to ask.
        engine: the engine's name, for provenance.
        pairs: the tables that programs ask about together.
    """

    def __init__(self, inquirer: Inquirer, recipe: Recipe, *, engine: str, pairs: Iterable[TablePair] = ()) -> None:
        """Begin with no request out."""
        self._pairs = tuple(pairs)
        self._inquirer = inquirer
        self._recipe = recipe
        self._engine = engine
        self._out: dict[str, Inquiry] = {}

    def requests(self, place: DocumentPlace, chosen: Sequence[int] | None) -> Iterator[Request]:
        """Yield the requests of a document's chosen inquiries, or of all."""
        for inquiry in self._inquirer.inquiries(place, chosen):
            self._out[inquiry.request.request_id] = inquiry
            yield inquiry.request

    def from_tables(self, place: DocumentPlace, chosen: Collection[str]) -> list[Question]:
        """Write the questions again that table programs gave about a document, and return the chosen ones."""
        if not chosen:
            return []
        views = self._inquirer.views
        written = [questions_from_tables(views[place.doc_id], self._recipe)]
        own = (pair for pair in self._pairs if place.doc_id in map(document_of, pair))
        written += [questions_across(pair, views, self._recipe) for pair in own]
        return [question for one in written for question in one.questions if question.qa_id in set(chosen)]

    def settle(self, result: Completion | EngineFailure) -> Settled:
        """Turn an engine's result into a checked question, a reject or an error."""
        inquiry = self._out.pop(result.request_id)
        cell = expected_cell(inquiry)
        uri = inquiry.views[inquiry.bundle.doc_id].document.uri
        if isinstance(result, EngineFailure):
            return Settled(cell, Written(failures=(failure_row(result, uri),)), result.reason_code.value)
        draft = draft_from(
            inquiry.bundle, inquiry.views, inquiry.request, result, engine=self._engine, pack=self._inquirer.pack
        )
        if isinstance(draft, Reject):
            return Settled(cell, Written(rejects=(draft,)), draft.reason_code)
        good, bad = sort_out([draft], inquiry.views)
        return Settled(cell, Written(good, bad), bad[0].reason_code if bad else STOOD)


def failure_row(result: EngineFailure, uri: str | None) -> Failure:
    """Return the row that says why a request has no answer."""
    return Failure(
        stage=Stage.GENERATE,
        subject=result.request_id,
        reason_code=result.reason_code.value,
        message=result.message,
        uri=uri,
        retryable=result.retryable,
    )


def reject_row(question: Question, views: Mapping[str, DocumentView]) -> Reject:
    """Return the row that says which check a question fails."""
    result = failed(question)
    assert result is not None  # only failed questions come here
    evidence = question.evidence[0] if question.evidence else None
    return Reject(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=str(result.reason_code),
        message=f"{result.name}: {result.message}",
        uri=views[document_of(question.qa_id)].document.uri,
        page_index=evidence.page_index if evidence else None,
        text=f"{question.question} | {question.answer}",
    )
