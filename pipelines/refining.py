"""What follows a draft that stands: engines try it, and word it anew. No Beam here."""

from collections.abc import Iterator, Sequence

from generators.engines.exchange import Engine
from pipelines.inquiries import Inquirer
from pipelines.question_writing import Settled, Written
from schemas.cells import cell_of
from schemas.recipe import GenerateSection, Recipe
from schemas.records import Question


def follow_ups(generate: GenerateSection) -> int:
    """Return how many requests follow a draft at most."""
    return 0


def is_refined(generate: GenerateSection) -> bool:
    """Say whether engines try or reword questions."""
    return False


class Refiner:
    """Tries and rewords questions.

    Args:
        engine: the engine that writes.
        judge: the engine of the trials.
        inquirer: where documents and pictures are.
        recipe: which trials and rewrites there are.
    """

    def __init__(self, engine: Engine, judge: Engine, inquirer: Inquirer, recipe: Recipe) -> None:
        """Ask nothing yet."""
        self._engine = engine
        self._judge = judge
        self._inquirer = inquirer
        self._recipe = recipe

    def refine(self, questions: Sequence[Question]) -> Iterator[Settled]:
        """Yield what comes of the questions."""
        for question in questions:
            yield Settled(cell_of(question), Written((question,)))
