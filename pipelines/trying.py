"""Trials over many questions: one stream of requests a round, so that the engine is full whatever each one needs."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from generators.document_view import DocumentView
from generators.engines.exchange import Completion, Engine, EngineFailure, Request
from generators.trials.asking import further_requests, trial_requests
from generators.trials.naming import asked_question
from generators.trials.plan import TrialPlan
from generators.trials.settling import settle_trials
from pipelines.workspace import Workspace
from schemas.kinds import ElementKind
from schemas.records import Failure, Image, Question, Reject

Views = Mapping[str, DocumentView]
Images = Callable[[Question], Mapping[str, Image]]
Tried = Question | Reject | Failure
Result = Completion | EngineFailure


class FigureImages:
    """Reads the pictures of the figures that a question rests on.

    Args:
        workspace: where the pictures are.
        views: the documents by id.
    """

    def __init__(self, workspace: Workspace, views: Views) -> None:
        self._workspace = workspace
        self._views = views
        self._places = {place.doc_id: place for place in workspace.places()}

    def __call__(self, question: Question) -> dict[str, Image]:
        """Return the pictures by id."""
        found: dict[str, Image] = {}
        for unit in question.evidence:
            view = self._views.get(unit.doc_id)
            element = view.get(unit.element_id) if view else None
            if element and element.kind == ElementKind.FIGURE and element.image_id and unit.doc_id in self._places:
                found |= self._workspace.images(self._places[unit.doc_id], [element.image_id])
        return found


def no_images(question: Question) -> dict[str, Image]:
    """Return no picture, for an engine that sees none."""
    return {}


class Trials:
    """Tries questions with an engine.

    Args:
        engine: answers; closed by whoever opened it.
        plan: what is tried.
        images: reads the pictures of a question's figures; it is not asked where the engine sees no pictures.
        observe: is told every result, to count it.
    """

    def __init__(
        self,
        engine: Engine,
        plan: TrialPlan,
        images: Images = no_images,
        *,
        observe: Callable[[Result], None] | None = None,
    ) -> None:
        self._engine = engine
        self._plan = plan
        self._images = images if engine.sees_images and plan.pictures else no_images
        self._observe = observe

    def settle(self, questions: Iterable[Question], views: Views) -> Iterator[Tried]:
        """Yield what comes of every question, in the order given.

        The requests of all questions go out together; those that depend on earlier answers follow in rounds. Of two
        questions with one id the later is not tried.
        """
        by_id: dict[str, Question] = {}
        for question in questions:
            by_id.setdefault(question.qa_id, question)
        results: dict[str, dict[str, Result]] = {qa_id: {} for qa_id in by_id}
        waiting = list(by_id.values())
        requests: Iterable[Request] = self._first(waiting, views)
        while waiting:
            asked = set[str]()
            for result in self._engine.complete(requests):
                if self._observe is not None:
                    self._observe(result)
                qa_id = asked_question(result.request_id)
                results[qa_id][result.request_id] = result
                asked.add(qa_id)
            waiting = [question for question in waiting if question.qa_id in asked]
            requests = [request for question in waiting for request in self._further(question, views, results)]
            waiting = waiting if requests else []
        for qa_id, question in by_id.items():
            yield settle_trials(question, results[qa_id], self._plan)

    def _first(self, questions: Iterable[Question], views: Views) -> Iterator[Request]:
        for question in questions:
            yield from trial_requests(question, views, self._plan, self._images(question))

    def _further(self, question: Question, views: Views, results: Mapping[str, Mapping[str, Result]]) -> list[Request]:
        own = results[question.qa_id]
        if any(isinstance(result, EngineFailure) and result.retryable for result in own.values()):
            return []
        return further_requests(question, views, self._plan, self._images(question), own)
