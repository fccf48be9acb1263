"""Questions to splits, so that nothing which answers one side stands on the other, and the proof that it is so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scipy.cluster.hierarchy import DisjointSet

from generators.checks.wording import words
from schemas.identity import digest
from schemas.records import Question

Cell = tuple[str, str]

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Leak:
    """What two splits share: `kind` is family, document, evidence or question; `count` of them, and some `examples`."""

    kind: str
    one: str
    other: str
    count: int
    examples: tuple[str, ...]


def assign_splits(
    questions: Sequence[Question], families: Mapping[str, str], shares: Mapping[str, float], *, seed: int
) -> dict[str, str]:
    """Return the split of every question.

    Families are never parted, and families that one question draws on together, or of which the same is asked in the
    same words, stay together too. The largest groups
    are placed first, each where it brings the splits nearest to `shares` in every cell (question type and modality),
    in the manner of iterative stratification (Sechidis et al., 2011). The result does not depend on the order given.

    Args:
        questions: all of the corpus; a question without evidence belongs to the document of its id.
        families: the family of each document; a document that is missing is its own.
        shares: how much of the questions each split shall hold; they need not sum up to 1.
        seed: decides between equally good places.

    Raises:
        ValueError: no share is positive.
    """
    wanted = {split: share for split, share in shares.items() if share > 0}
    if not wanted:
        raise ValueError("at least one split must have a share above 0")
    groups = _groups(questions, families)
    totals = Counter(_cell(question) for question in questions)
    whole = sum(wanted.values())
    missing = {
        split: {cell: number * share / whole for cell, number in totals.items()} for split, share in wanted.items()
    }
    found: dict[str, str] = {}
    for name in sorted(groups, key=lambda name: (-len(groups[name]), digest(str(seed), name))):
        cells = Counter(_cell(question) for question in groups[name])
        split = max(wanted, key=lambda split: (_gain(cells, missing[split]), digest(str(seed), name, split)))
        for cell, number in cells.items():
            missing[split][cell] -= number
        found.update((question.qa_id, split) for question in groups[name])
    return found


def audit_splits(questions: Iterable[Question], families: Mapping[str, str]) -> list[Leak]:
    """Return what any two splits share: families, documents, evidence elements, or the same question twice.

    A sound corpus gives an empty list. Questions without a split count as a split named "".
    """
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for question in questions:
        split = question.split or ""
        for doc_id in _documents(question):
            held["family"][split].add(families.get(doc_id, doc_id))
            held["document"][split].add(doc_id)
        held["evidence"][split].update(part.element_id for part in question.evidence)
        held["question"][split].add(_words(question))
    leaks = []
    for kind, by_split in held.items():
        for one, other in combinations(sorted(by_split), 2):
            if shared := sorted(by_split[one] & by_split[other]):
                leaks.append(Leak(kind, one, other, len(shared), tuple(shared[:_SHOWN])))
    return leaks


def _groups(questions: Sequence[Question], families: Mapping[str, str]) -> dict[str, list[Question]]:
    tied: DisjointSet[str] = DisjointSet()
    asked: dict[str, str] = {}
    for question in questions:
        names = [families.get(doc_id, doc_id) for doc_id in _documents(question)]
        for name in names:
            tied.add(name)
            tied.merge(names[0], name)
        tied.merge(names[0], asked.setdefault(_words(question), names[0]))
    smallest = {name: min(subset) for subset in tied.subsets() for name in subset}
    groups: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        doc_id = _documents(question)[0]
        groups[smallest[families.get(doc_id, doc_id)]].append(question)
    return groups


def _documents(question: Question) -> list[str]:
    found = sorted({part.doc_id for part in question.evidence})
    return found or [question.qa_id.partition("/")[0]]


def _words(question: Question) -> str:
    return " ".join(words(question.question))


def _cell(question: Question) -> Cell:
    return question.question_type.value, question.answer_modality


def _gain(cells: Counter[Cell], missing: Mapping[Cell, float]) -> float:
    """Return by how much placing the cells brings a split nearer to what it lacks, in squared questions."""
    return sum(missing[cell] ** 2 - (missing[cell] - number) ** 2 for cell, number in cells.items())
