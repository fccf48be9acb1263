"""Choosing which questions stay when there are more than wanted: by the recipe's cells, else evenly over what there is.

Types, modalities and documents take turns, so that a cut set is a mixed one.
"""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generators.checks.reasons import CheckReason
from generators.dropping import dropped
from schemas.cells import Cell, cell_of
from schemas.identity import document_of
from schemas.records import Question, Reject


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many questions to keep: in all, of one document, and of each cell. None and no goals mean all."""

    total: int | None = None
    per_document: int | None = None
    goals: Mapping[Cell, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nothing is limited."""
        return self.total is None and self.per_document is None and not self.goals


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A cell that holds fewer questions than were wanted."""

    cell: str
    wanted: int
    kept: int


class Fill:
    """Goals as they fill: a question counts for the narrowest goal that covers it and has room."""

    def __init__(self, goals: Mapping[Cell, int]) -> None:
        """Begin with nothing kept."""
        self._goals = dict(sorted(goals.items(), key=_by_openness))
        self.kept: Counter[Cell] = Counter()

    def add(self, cell: Cell) -> bool:
        """Count one of a cell, and say whether a goal had room for it; without goals there is always room."""
        for goal, wanted in self._goals.items():
            if goal.covers(cell) and self.kept[goal] < wanted:
                self.kept[goal] += 1
                return True
        return not self._goals

    def missing(self) -> dict[Cell, int]:
        """Return the goals that have room, and how much."""
        return {goal: number - self.kept[goal] for goal, number in self._goals.items() if self.kept[goal] < number}


def balance(questions: Iterable[Question], wanted: Wanted, *, seed: int) -> tuple[list[Question], list[Reject]]:
    """Keep what is wanted, in turn from every cell and document.

    Within a cell documents take turns. The result depends on the questions and the seed, not on their order; kept
    questions and rejects are sorted by qa_id.
    """
    given = sorted(questions, key=_by_id)
    if wanted.is_open:
        return given, []
    kept: list[Question] = []
    used: Counter[str] = Counter()
    fill = Fill(wanted.goals)
    for question in _in_turn(given, random.Random(seed)):
        document = document_of(question.qa_id)
        is_full = wanted.total is not None and len(kept) >= wanted.total
        enough = wanted.per_document is not None and used[document] >= wanted.per_document
        if not is_full and not enough and fill.add(cell_of(question)):
            kept.append(question)
            used[document] += 1
    kept_ids = {question.qa_id for question in kept}
    rejects = [
        dropped(question, CheckReason.OVER_QUOTA, f"enough questions of {cell_of(question)}")
        for question in given
        if question.qa_id not in kept_ids
    ]
    return sorted(kept, key=_by_id), rejects


def shortfalls(kept: Sequence[Question], goals: Mapping[Cell, int]) -> list[Shortfall]:
    """Return the goals that what was kept does not fill."""
    fill = Fill(goals)
    for question in kept:
        fill.add(cell_of(question))
    return [Shortfall(str(goal), goals[goal], fill.kept[goal]) for goal in fill.missing()]


def even_goals(cells: Iterable[Cell], total: int) -> dict[Cell, int]:
    """Return goals that share a total out evenly over cells; what is left over goes to the first ones.

    >>> from schemas.cells import parse_cell
    >>> list(even_goals(map(parse_cell, ["comparison", "summarization"]), 5).values())
    [3, 2]
    """
    names = sorted(set(cells), key=str)
    if not names:
        return {}
    share, more = divmod(total, len(names))
    return {cell: share + (number < more) for number, cell in enumerate(names)}


def _in_turn(questions: list[Question], chance: random.Random) -> Iterator[Question]:
    """Yield one question of each cell in turn, and in a cell one of each document in turn."""
    cells: dict[str, dict[str, list[Question]]] = defaultdict(lambda: defaultdict(list))
    for question in questions:
        cells[str(cell_of(question))][document_of(question.qa_id)].append(question)
    queues = [deque(_over_documents(cells[cell], chance)) for cell in sorted(cells)]
    while queues:
        for queue in queues:
            yield queue.popleft()
        queues = [queue for queue in queues if queue]


def _over_documents(documents: dict[str, list[Question]], chance: random.Random) -> Iterator[Question]:
    names = sorted(documents)
    chance.shuffle(names)
    for name in names:
        chance.shuffle(documents[name])
    rounds = max(len(questions) for questions in documents.values())
    for turn in range(rounds):
        for name in names:
            if turn < len(documents[name]):
                yield documents[name][turn]


def _by_openness(goal: tuple[Cell, int]) -> tuple[int, str]:
    return goal[0].openness, str(goal[0])


def _by_id(question: Question) -> str:
    return question.qa_id
