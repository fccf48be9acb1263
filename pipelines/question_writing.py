"""Questions about one document after another: from its tables, and from what an engine answers. No Beam here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from generators.bundles import Bundle, build_bundles
from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.drafting import draft_from, requests_for
from generators.engines.exchange import Completion, EngineFailure, Request
from generators.programs import write_table_questions
from pipelines.budgets import Offer, most_tokens
from pipelines.workspace import DocumentPlace, Workspace
from schemas.kinds import ElementKind, Stage
from schemas.recipe import Recipe
from schemas.records import Failure, Image, Question, Reject


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
    good, bad = sort_out(drafts, view)
    return Written(good, (*rejects, *bad))


def sort_out(drafts: Iterable[Question], view: DocumentView) -> tuple[tuple[Question, ...], tuple[Reject, ...]]:
    """Check drafts about one document: those that stand, and why the others do not."""
    views = {view.document.doc_id: view}
    good, bad = [], []
    for draft in drafts:
        checked = check_question(draft, views)
        if failed(checked) is None:
            good.append(checked)
        else:
            bad.append(_reject(checked, view))
    return tuple(good), tuple(bad)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request with what is needed to make its answer a question."""

    request: Request
    bundle: Bundle
    view: DocumentView


class Desk:
    """Hands out requests and takes in answers, for some documents of a workspace.

    Args:
        workspace: where the documents are.
        recipe: what to ask.
        sees_images: whether the engine may be sent pictures.
        engine: the engine's name, for provenance.
    """

    def __init__(self, workspace: Workspace, recipe: Recipe, *, sees_images: bool, engine: str) -> None:
        """Begin with no request out."""
        self._workspace = workspace
        self._recipe = recipe
        self._sees_images = sees_images
        self._engine = engine
        self._out: dict[str, Inquiry] = {}

    def offer(self, place: DocumentPlace, most: int | None) -> Offer:
        """Return what a document's first `most` requests would cost at most."""
        inquiries = islice(self._inquiries(place), most)
        return Offer(place.doc_id, tuple(most_tokens(inquiry.request) for inquiry in inquiries))

    def requests(self, places: Iterable[DocumentPlace], quotas: Mapping[str, int] | None) -> Iterator[Request]:
        """Yield requests as an engine takes them; `quotas` are how many each document may ask, None means all."""
        for place in places:
            for inquiry in islice(self._inquiries(place), None if quotas is None else quotas.get(place.doc_id, 0)):
                self._out[inquiry.request.request_id] = inquiry
                yield inquiry.request

    def settle(self, result: Completion | EngineFailure) -> Written:
        """Turn an engine's result into a checked question, a reject or an error."""
        inquiry = self._out.pop(result.request_id)
        view = inquiry.view
        if isinstance(result, EngineFailure):
            return Written(failures=(_failure(result, view),))
        draft = draft_from(inquiry.bundle, {view.document.doc_id: view}, inquiry.request, result, engine=self._engine)
        if isinstance(draft, Reject):
            return Written(rejects=(draft,))
        good, bad = sort_out([draft], view)
        return Written(good, bad)

    def _inquiries(self, place: DocumentPlace) -> Iterator[Inquiry]:
        view = self._workspace.view(place)
        views = {place.doc_id: view}
        images = self._figures(place, view) if self._sees_images else {}
        for bundle in build_bundles(view, seed=self._recipe.seed):
            generate = self._recipe.generate
            for request in requests_for(bundle, views, generate, seed=self._recipe.seed, images=images):
                yield Inquiry(request, bundle, view)

    def _figures(self, place: DocumentPlace, view: DocumentView) -> dict[str, Image]:
        figures = view.of_kind(ElementKind.FIGURE) if self._recipe.generate.pictures else []
        return self._workspace.images(place, [figure.image_id for figure in figures if figure.image_id])


def _reject(question: Question, view: DocumentView) -> Reject:
    result = failed(question)
    assert result is not None  # only failed questions come here
    evidence = question.evidence[0] if question.evidence else None
    return Reject(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=str(result.reason_code),
        message=f"{result.name}: {result.message}",
        uri=view.document.uri,
        page_index=evidence.page_index if evidence else None,
        text=f"{question.question} | {question.answer}",
    )


def _failure(result: EngineFailure, view: DocumentView) -> Failure:
    return Failure(
        stage=Stage.GENERATE,
        subject=result.request_id,
        reason_code=result.reason_code.value,
        message=result.message,
        uri=view.document.uri,
        retryable=result.retryable,
    )
