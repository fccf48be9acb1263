"""What follows a draft that stands: engines try it and word it anew, and try the new wording. No Beam here.

A wording that a check or a trial refuses is not kept, and the question stays as it was: rewriting never loses one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from generators.ambiguity.asking import MOST_ASKED
from generators.engines.exchange import Completion, Engine, EngineFailure, Request
from generators.rewriting import rewrite_request, settle_rewrite, unchanged
from generators.trials.plan import TrialPlan, trial_plan
from pipelines.inquiries import Inquirer
from pipelines.question_writing import Settled, Written
from pipelines.rounds import STOOD, measured_as
from pipelines.trying import Trials
from pipelines.workspace import Workspace
from schemas.cells import Cell, cell_of
from schemas.recipe import GenerateSection, Recipe, RewriteStep, TrialName
from schemas.records import Failure, Image, Question, Reject

_SERVED: Final = ("http://", "https://", "vllm:")
# Trials of a new wording; what the old one has shown of its evidence holds for it too.
_TRIED_AGAIN: Final = (TrialName.ANSWERABLE, TrialName.CLOSED_BOOK)
_STILL_TRUE: Final = frozenset({TrialName.NECESSITY.value, "rewrite_specific"})

Observer = Callable[[Completion | EngineFailure], None]


def rewrite_steps(generate: GenerateSection) -> tuple[RewriteStep, ...]:
    """Return how questions are worded anew: the recipe's steps, by default all where a server or vLLM writes."""
    if generate.rewrites is not None:
        return tuple(step for step in RewriteStep if step in generate.rewrites)
    return tuple(RewriteStep) if generate.engine.startswith(_SERVED) else ()


def is_refined(generate: GenerateSection) -> bool:
    """Say whether engines try or reword questions."""
    return bool(rewrite_steps(generate) or _engine_trials(trial_plan(generate)))


def follow_ups(generate: GenerateSection) -> int:
    """Return how many requests follow a draft at most, of those that are sent for every question."""
    plan, steps = trial_plan(generate), rewrite_steps(generate)
    again = sum(plan.has(trial) for trial in _TRIED_AGAIN)
    # Taking evidence away asks twice for a question with two units.
    ablations = 2 * plan.has(TrialName.NECESSITY)
    places = MOST_ASKED * (plan.has(TrialName.AMBIGUITY) and generate.engine != "none")
    return len(_engine_trials(plan)) + ablations + places + len(steps) + (again if steps else 0)


def is_searched(workspace: Workspace, recipe: Recipe) -> bool:
    """Say whether the corpus is searched: unless the recipe leaves it out, or there is no place for an index."""
    has_place = workspace.folder.is_local or recipe.mine.index_folder is not None
    trials = recipe.generate.trials
    return has_place and (trials is None or TrialName.AMBIGUITY in trials)


class Refiner:
    """Tries and rewords questions.

    Args:
        engine: the engine that writes.
        judge: the engine of the trials.
        inquirer: where documents and pictures are.
        recipe: which trials and rewrites there are.
        observe: is told every result.
    """

    def __init__(self, engine: Engine, judge: Engine, inquirer: Inquirer, recipe: Recipe, *, observe: Observer) -> None:
        """Ask nothing yet."""
        self._engine = engine
        self._inquirer = inquirer
        self._recipe = recipe
        self._observe = observe
        self._steps = rewrite_steps(recipe.generate)
        plan = trial_plan(recipe.generate)
        again = replace(plan, trials=tuple(trial for trial in _TRIED_AGAIN if plan.has(trial)))
        self._trials = Trials(judge, plan, self._images, observe=observe) if _engine_trials(plan) else None
        self._again = Trials(judge, again, self._images, observe=observe) if again.trials else None

    def refine(self, questions: Sequence[Question], expected: Sequence[Cell]) -> Iterator[Settled]:
        """Yield what comes of each question; `expected` are the cells that they were asked for."""
        cells = {question.qa_id: cell for question, cell in zip(questions, expected, strict=True)}
        stands: list[Question] = []
        for question, tried in zip(*self._tried(questions), strict=True):
            if isinstance(tried, Question):
                stands.append(tried)
            else:
                yield Settled(cells[question.qa_id], self._dropped(question, tried), tried.reason_code)
        for question in self._reworded(stands):
            cell = cell_of(question)
            outcome = STOOD if cell == cells[question.qa_id] else measured_as(cell)
            yield Settled(cells[question.qa_id], Written((question,)), outcome)

    def _tried(self, questions: Sequence[Question]) -> tuple[list[Question], Sequence[Question | Reject | Failure]]:
        # One of two with the same id is enough to try.
        unique = list({question.qa_id: question for question in questions}.values())
        if self._trials is None:
            return unique, unique
        return unique, list(self._trials.settle(unique, self._inquirer.views))

    def _dropped(self, question: Question, why: Reject | Failure) -> Written:
        uri = self._inquirer.views[question.evidence[0].doc_id].document.uri
        row = replace(why, uri=uri)
        return Written(rejects=(row,)) if isinstance(row, Reject) else Written(failures=(row,))

    def _reworded(self, questions: Sequence[Question]) -> Iterable[Question]:
        """Return the questions in new words where these stand, in the order given."""
        found = {question.qa_id: question for question in questions}
        for step in self._steps:
            changed = self._reword(found.values(), step)
            found |= {question.qa_id: question for question in self._stand_again(found, changed, step)}
        return found.values()

    def _reword(self, questions: Iterable[Question], step: RewriteStep) -> list[Question]:
        asked: dict[str, tuple[Question, Request]] = {}
        views, generate = self._inquirer.views, self._recipe.generate
        for question in questions:
            request = rewrite_request(question, views, step, generate, self._inquirer.pack, seed=self._recipe.seed)
            if request is not None:
                asked[request.request_id] = question, request
        changed = []
        for result in self._engine.complete(request for _, request in asked.values()):
            self._observe(result)
            question, request = asked[result.request_id]
            changed.append(settle_rewrite(question, step, request, result, views))
        return changed

    def _stand_again(
        self, before: Mapping[str, Question], changed: Sequence[Question], step: RewriteStep
    ) -> Iterator[Question]:
        """Yield the changed questions, those whose new wording fails a trial in their old words."""
        reworded = [question for question in changed if question.question != before[question.qa_id].question]
        tried = self._again.settle(reworded, self._inquirer.views) if self._again else reworded
        settled = {question.qa_id: result for question, result in zip(reworded, tried, strict=True)}
        for question in changed:
            old, new = before[question.qa_id], settled.get(question.qa_id, question)
            if isinstance(new, Question):
                yield _carried(old, new)
            else:
                yield unchanged(old, step, new.reason_code, f"the new wording {question.question!r}: {new.message}")

    def _images(self, question: Question) -> dict[str, Image]:
        doc_ids = dict.fromkeys(unit.doc_id for unit in question.evidence)
        return {name: image for doc_id in doc_ids for name, image in self._inquirer.crops(doc_id).items()}


def _engine_trials(plan: TrialPlan) -> list[TrialName]:
    """Return the trials that are made of each question by itself; ambiguity is one of the whole set."""
    return [trial for trial in plan.trials if trial is not TrialName.AMBIGUITY]


def _carried(old: Question, new: Question) -> Question:
    """Return the reworded question with those checks of the old wording that speak of its evidence."""
    names = {check.name for check in new.checks}
    carried = [check for check in old.checks if check.name in _STILL_TRUE and check.name not in names]
    return replace(new, checks=(*new.checks, *carried))
