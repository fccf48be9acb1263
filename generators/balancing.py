"""Choosing which questions stay when there are more than wanted: evenly over type, modality and document."""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generators.checks.reasons import CheckReason
from generators.dropping import dropped
from schemas.identity import document_of
from schemas.records import Question, Reject

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A cell that gave less than an even share: `wanted` is that share, `kept` what there was."""

    question_type: str
    answer_modality: str
    wanted: int
    kept: int


def balance(
    questions: Iterable[Question], *, total: int | None, per_document: int | None, seed: int
) -> tuple[list[Question], list[Reject]]:
    """Keep at most `total` questions and `per_document` of each document, in turn from every cell and document.

    A cell is a question type with an answer modality; within a cell documents take turns. The result depends on the
    questions and the seed, not on their order; kept questions and rejects are sorted by qa_id.
    """
    given = sorted(questions, key=lambda question: question.qa_id)
    if total is None and per_document is None:
        return given, []
    kept: list[Question] = []
    used: Counter[str] = Counter()
    for question in _in_turn(given, random.Random(seed)):
        document = document_of(question.qa_id)
        if (total is None or len(kept) < total) and (per_document is None or used[document] < per_document):
            kept.append(question)
            used[document] += 1
    kept_ids = {question.qa_id for question in kept}
    rejects = [
        dropped(
            question,
            CheckReason.OVER_QUOTA,
            f"enough questions of {question.question_type}, {question.answer_modality}",
        )
        for question in given
        if question.qa_id not in kept_ids
    ]
    return sorted(kept, key=lambda question: question.qa_id), rejects


def shortfalls(kept: Sequence[Question], wanted: Mapping[Cell, int] | None = None) -> list[Shortfall]:
    """Return the cells that hold less than `wanted`, by default less than an even share of what was kept."""
    counts = Counter((str(question.question_type), question.answer_modality) for question in kept)
    goals = wanted if wanted is not None else dict.fromkeys(counts, len(kept) // len(counts) if counts else 0)
    return [
        Shortfall(question_type, modality, goal, counts[question_type, modality])
        for (question_type, modality), goal in sorted(goals.items())
        if counts[question_type, modality] < goal
    ]


def _in_turn(questions: list[Question], chance: random.Random) -> Iterable[Question]:
    """Yield one question of each cell in turn, and in a cell one of each document in turn."""
    cells: dict[Cell, dict[str, list[Question]]] = defaultdict(lambda: defaultdict(list))
    for question in questions:
        cell = (str(question.question_type), question.answer_modality)
        cells[cell][document_of(question.qa_id)].append(question)
    queues = [deque(_over_documents(cells[cell], chance)) for cell in sorted(cells)]
    while queues:
        for queue in queues:
            yield queue.popleft()
        queues = [queue for queue in queues if queue]


def _over_documents(documents: dict[str, list[Question]], chance: random.Random) -> Iterable[Question]:
    names = sorted(documents)
    chance.shuffle(names)
    for name in names:
        chance.shuffle(documents[name])
    rounds = max(len(questions) for questions in documents.values())
    for turn in range(rounds):
        for name in names:
            if turn < len(documents[name]):
                yield documents[name][turn]
