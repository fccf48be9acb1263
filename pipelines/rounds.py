"""Rounds of asking: what the next one asks, from what is still missing, what was kept of earlier ones and what is left.

Everything here is decided in one place and from counts alone, so that a run that was killed decides the same again.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from generators.balancing import Fill, Wanted, balance, even_goals
from pipelines.beam_options import APART
from pipelines.budgets import Allotment, Budget, Offer, Spent, share_out
from schemas.cells import Cell, cell_of, parse_cell
from schemas.recipe import Recipe
from schemas.records import Question

STOOD: Final = "stood"
"""The outcome of an inquiry that gave a question."""
_LEAST_YIELD: Final = 0.05
_REASONS_TOLD: Final = 3
_OF_CELL: Final = "cell "
_MEASURED: Final = "measured as "


@dataclass(frozen=True, slots=True)
class Round:
    """What one round does: inquiries by their places, and questions of table programs that engines are to try.

    Without places every inquiry is made.
    """

    places: Mapping[str, Sequence[int]] | None
    tries: Mapping[str, Sequence[str]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.places is not None and not self.places and not self.tries


@dataclass(frozen=True, slots=True)
class CellReport:
    """How a goal was met: what was wanted and kept, and where it is less, why."""

    cell: str
    wanted: int
    kept: int
    why: str = ""


def outcome_name(cell: Cell, outcome: str) -> str:
    """Return the name under which workers count how inquiries for a cell ended."""
    return f"{_OF_CELL}{cell}: {outcome}"


def measured_as(cell: Cell) -> str:
    """Return the outcome of an inquiry whose question turned out to be in another cell than it was asked for."""
    return f"{_MEASURED}{cell}"


def outcomes_of(counts: Mapping[str, int]) -> Counter[tuple[Cell, str]]:
    """Read what workers counted: how often the inquiries for each cell ended in which way."""
    found: Counter[tuple[Cell, str]] = Counter()
    for name, number in counts.items():
        if name.startswith(APART + _OF_CELL):
            cell, _, outcome = name.removeprefix(APART + _OF_CELL).partition(": ")
            found[parse_cell(cell), outcome] += number
    return found


def goals_of(recipe: Recipe, offers: Iterable[Offer], given: Iterable[Question]) -> dict[Cell, int]:
    """Return the recipe's cells, or an even share of the questions it wants for each cell that can be had.

    Args:
        recipe: what is wanted; without cells and a number of questions there are no goals.
        offers: what engines could be asked.
        given: questions that are there already.
    """
    wanted = wanted_of(recipe)
    if wanted.goals or wanted.total is None:
        return dict(wanted.goals)
    offered = {parse_cell(item.cell) for offer in offers for item in offer.inquiries}
    return even_goals(offered | {cell_of(question) for question in given}, wanted.total)


def wanted_of(recipe: Recipe) -> Wanted:
    """Return what a recipe wants to keep."""
    generate = recipe.generate
    return Wanted(generate.questions, generate.per_document, generate.goals)


@dataclass
class Rounds:
    """The state between rounds.

    Args:
        recipe: what is wanted, and for how much.
        budget: of the run.
        offers: what could be asked; None asks everything at once, without looking at what it costs.
        goals: how many questions each cell shall hold; none asks everything that the budget allows.
    """

    recipe: Recipe
    budget: Budget
    offers: Sequence[Offer] | None
    goals: Mapping[Cell, int]
    spent: Spent = field(default_factory=Spent)
    number: int = 0
    is_cut: bool = False
    outcomes: Counter[tuple[Cell, str]] = field(default_factory=Counter)
    _asked: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _tried: set[str] = field(default_factory=set)

    def plan(self, kept: Iterable[Question], spare: Sequence[Question]) -> Round:
        """Return the next round, an empty one when there is no more to do.

        Args:
            kept: the questions that stand so far.
            spare: questions of table programs that no engine has tried yet.
        """
        untried = [question for question in spare if question.qa_id not in self._tried]
        if self.number >= self.recipe.generate.rounds or (self.offers is None and self.number):
            return Round({}, {})
        chosen = untried
        wanted: dict[Cell, int] | None = None
        if self.goals:
            missing = self._missing(kept)
            chosen = self._choose(untried, missing)
            wanted = self._drafts_for(missing, chosen)
        self.number += 1
        if self.offers is None:
            return Round(None, _by_document(chosen))
        allotted = share_out(
            self.offers, self.budget, self.recipe.seed, spent=self.spent, asked=self._asked, wanted=wanted
        )
        self._note(allotted, chosen)
        return Round(allotted.places, _by_document(chosen))

    def report(self, kept: Iterable[Question]) -> list[CellReport]:
        """Say of each goal whether it was met, and why not."""
        fill = _filled(self.goals, kept)
        return [
            CellReport(str(goal), number, fill.kept[goal], self._why(goal) if fill.kept[goal] < number else "")
            for goal, number in self.goals.items()
        ]

    def _missing(self, kept: Iterable[Question]) -> dict[Cell, int]:
        stands, _ = balance(kept, replace(wanted_of(self.recipe), goals=self.goals), seed=self.recipe.seed)
        return _filled(self.goals, stands).missing()

    def _choose(self, untried: Sequence[Question], missing: Mapping[Cell, int]) -> list[Question]:
        """Return the table questions to try: somewhat more than are missing."""
        if not missing:
            return []
        goals = {goal: math.ceil(number * self.recipe.generate.over_generation) for goal, number in missing.items()}
        return balance(untried, Wanted(goals=goals), seed=self.recipe.seed)[0]

    def _drafts_for(self, missing: Mapping[Cell, int], chosen: Iterable[Question]) -> dict[Cell, int]:
        """Return how many drafts to ask for each goal that the chosen table questions will not fill."""
        open_goals = _filled(missing, chosen).missing()
        return {goal: math.ceil(number * self._factor(goal)) for goal, number in open_goals.items()}

    def _factor(self, goal: Cell) -> float:
        """Return the drafts to ask for one question: what earlier rounds needed, or what the recipe supposes."""
        asked = sum(number for (cell, _), number in self.outcomes.items() if goal.covers(cell))
        stood = sum(number for (cell, what), number in self.outcomes.items() if _stands(goal, cell, what))
        return 1 / max(stood / asked, _LEAST_YIELD) if asked else self.recipe.generate.over_generation

    def _note(self, allotted: Allotment, chosen: Iterable[Question]) -> None:
        self.is_cut = allotted.is_cut
        self._tried.update(question.qa_id for question in chosen)
        for doc_id, places in allotted.places.items():
            self._asked[doc_id].update(places)

    def _why(self, goal: Cell) -> str:
        offered = [
            (offer.doc_id, place)
            for offer in self.offers or ()
            for place, inquiry in enumerate(offer.inquiries)
            if goal.covers(parse_cell(inquiry.cell))
        ]
        found: Counter[str] = Counter()
        for (cell, what), number in self.outcomes.items():
            if goal.covers(cell) and not _stands(goal, cell, what):
                found[what] += number
        reasons = ", ".join(f"{number} {reason}" for reason, number in found.most_common(_REASONS_TOLD))
        asked = sum(place in self._asked[doc_id] for doc_id, place in offered)
        lost = f"; dropped: {reasons}" if reasons else ""
        if not offered:
            return "there is nothing to ask for it" + lost
        if self.is_cut:
            return f"the budget was spent after {asked} of {len(offered)} inquiries" + lost
        if asked == len(offered):
            return f"all {len(offered)} inquiries were made" + lost
        return f"{asked} of {len(offered)} inquiries were made in {self.number} rounds" + lost


def _stands(goal: Cell, cell: Cell, outcome: str) -> bool:
    """Say whether an inquiry for a cell gave a question that counts for a goal."""
    if not goal.covers(cell):
        return False
    measured = parse_cell(outcome.removeprefix(_MEASURED)) if outcome.startswith(_MEASURED) else cell
    return outcome == STOOD or (measured != cell and goal.covers(measured))


def _filled(goals: Mapping[Cell, int], questions: Iterable[Question]) -> Fill:
    fill = Fill(goals)
    for question in questions:
        fill.add(cell_of(question))
    return fill


def _by_document(questions: Collection[Question]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        found[question.qa_id.partition("/")[0]].append(question.qa_id)
    return dict(found)
