#!/usr/bin/env python3
"""Make up a corpus, a sample and the people who judge it, all seeded, to try the report where the truth is known.

    python bench/simulated_people.py --out DIR [--seed N] [--questions N]

writes the report's page to DIR. Nothing here is a measurement of CorpusMill: the questions have no words, their faults
are drawn at random, and the people are dice. Two judge well, one grows careless in the second half, and an expert
settles part of what they differ on. One made-up check sees faults, one sees nothing, one gives all the same verdict.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotation.report import Terms, make_report
from annotation.sampling import SampleTerms, draw_sample
from annotation.verdicts import DECISIVE, LABELS, settle
from pipelines.reporting import show_report, write_page
from schemas.geometry import box
from schemas.identity import wording
from schemas.kinds import AnswerKind, EvidenceRole, JudgeRole, Modality, QuestionType, Verdict
from schemas.records import (
    Assignment,
    BoxCorrection,
    CheckResult,
    Evidence,
    EvidenceJudgement,
    Judgement,
    Provenance,
    Question,
)

_FAULTS: Final = {
    (QuestionType.FACTUAL_RETRIEVAL, "table"): (0.45, 0.04),
    (QuestionType.FACTUAL_RETRIEVAL, "text"): (0.2, 0.06),
    (QuestionType.COMPARISON, "table"): (0.15, 0.07),
    (QuestionType.LOGICAL_REASONING, "table"): (0.1, 0.1),
    (QuestionType.SUMMARIZATION, "text"): (0.06, 0.22),
    (QuestionType.FACTUAL_RETRIEVAL, "figure"): (0.04, 0.16),
}
_START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_SEEN_BY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up annotator: how often a label is read rightly, at the beginning and at the end, and seconds a task."""

    name: str
    early: float
    late: float
    seconds: float


PEOPLE: Final = (
    Person("annotator-01", 0.992, 0.992, 75),
    Person("annotator-02", 0.985, 0.99, 110),
    Person("annotator-03", 0.985, 0.93, 60),
)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What was made up: `wrong` is the truth about every question of the corpus."""

    questions: tuple[Question, ...]
    assignments: tuple[Assignment, ...]
    judgements: tuple[Judgement, ...]
    wrong: dict[str, bool]


def simulate(
    size: int = 2000, *, seed: int = 0, share: float = 0.2, people: Sequence[Person] = PEOPLE, expert: float = 0.9
) -> Simulation:
    """Return a made-up corpus of `size` questions with the judgements of its sample.

    Args:
        size: how many questions the corpus has.
        seed: of all that is drawn.
        share: the share of every stratum that is drawn.
        people: who judges.
        expert: the share of disagreements that an expert has settled.
    """
    dice = random.Random(seed)
    truth = dict(_truths(size, dice))
    questions = tuple(_question(number, truth[number], dice) for number in truth)
    flaws = {question.qa_id: truth[number][2] for question, number in zip(questions, truth, strict=True)}
    terms = SampleTerms(share=share, least=5, annotators=2, overlap=_SEEN_BY, seed=seed)
    assignments = draw_sample(questions, terms).assignments
    by_id = {question.qa_id: question for question in questions}
    drawn = [by_id[one.qa_id] for one in assignments]
    judgements = list(_judge(drawn, assignments, flaws, people, dice))
    judgements += _adjudicate(drawn, assignments, flaws, judgements, dice, expert)
    wrong = {qa_id: bool(set(found) & set(DECISIVE)) for qa_id, found in flaws.items()}
    return Simulation(questions, assignments, tuple(judgements), wrong)


def _truths(size: int, dice: random.Random) -> Iterator[tuple[int, tuple[QuestionType, str, tuple[str, ...]]]]:
    cells = list(_FAULTS)
    drawn = dice.choices(cells, [_FAULTS[cell][0] for cell in cells], k=size)
    for number, cell in enumerate(drawn):
        faults = [dice.choice(DECISIVE)] if dice.random() < _FAULTS[cell][1] else []
        faults += ["human_like"] if dice.random() < 0.12 else []
        yield number, (*cell, tuple(faults))


def _question(number: int, truth: tuple[QuestionType, str, tuple[str, ...]], dice: random.Random) -> Question:
    kind, modality, faults = truth
    wrong = bool(set(faults) & set(DECISIVE))
    scores = (("plausibility", dice.gauss(0.45 if wrong else 0.75, 0.15)), ("length", dice.gauss(0.5, 0.2)))
    return Question(
        qa_id=f"{number:016x}/qa-{number}",
        question=f"Question {number}?",
        answer=str(number),
        answer_kind=AnswerKind.TEXT,
        question_type=kind,
        answer_modality=modality,
        evidence=tuple(_evidence(number, modality, place) for place in range(dice.choice((1, 1, 2)))),
        provenance=Provenance(engine="simulated", software_version="0"),
        checks=(
            *(CheckResult(name, Verdict.PASS, score=round(min(max(score, 0), 1), 3)) for name, score in scores),
            CheckResult("form", Verdict.PASS),
        ),
    )


def _evidence(number: int, modality: str, place: int) -> Evidence:
    top = 100.0 + 200 * place
    return Evidence(
        element_id=f"{number:016x}/p0000/{modality}{place + 1}",
        doc_id=f"{number:016x}",
        page_index=0,
        page_label="1",
        bbox=box(72, top, 520, top + 150),
        modality=Modality(modality),
        role=EvidenceRole.ANSWER if place == 0 else EvidenceRole.CONTEXT,
    )


def _judge(
    drawn: Sequence[Question],
    assignments: Sequence[Assignment],
    flaws: dict[str, tuple[str, ...]],
    people: Sequence[Person],
    dice: random.Random,
) -> Iterator[Judgement]:
    for place, (question, assigned) in enumerate(zip(drawn, assignments, strict=True)):
        for person in dice.sample(people, min(assigned.annotators, len(people))):
            if dice.random() < 0.02:
                yield replace(_blank(question, person.name, place), skipped=True)
            elif dice.random() > 0.01:
                care = person.late if place > len(drawn) / 2 else person.early
                yield _verdict(question, flaws[question.qa_id], person, (place, care), dice)


def _verdict(
    question: Question, faults: tuple[str, ...], person: Person, when: tuple[int, float], dice: random.Random
) -> Judgement:
    place, care = when
    labels = {label: (label not in faults) == (dice.random() < care) for label in LABELS}
    quick = 0.1 if care < 0.95 and dice.random() < 0.1 else 1.0
    return replace(
        _blank(question, person.name, place),
        seconds=round(person.seconds * quick * dice.lognormvariate(0, 0.35), 1),
        evidence=tuple(_look(unit, dice) for unit in question.evidence),
        **labels,
    )


def _look(unit: Evidence, dice: random.Random) -> EvidenceJudgement:
    required = dice.random() < (0.97 if unit.role == EvidenceRole.ANSWER else 0.6)
    if dice.random() > 0.12:
        return EvidenceJudgement(unit.element_id, required)
    edges = [edge + dice.gauss(0, 9) for edge in unit.bbox]
    return EvidenceJudgement(unit.element_id, required, (BoxCorrection(unit.doc_id, unit.page_index, box(*edges)),))


def _blank(question: Question, name: str, place: int) -> Judgement:
    return Judgement(
        judgement_id=f"{question.qa_id}-{name}",
        qa_id=question.qa_id,
        annotator=name,
        created=(_START + timedelta(minutes=2 * place)).isoformat(),
        wording=wording(question.question, question.answer),
    )


def _adjudicate(
    drawn: Sequence[Question],
    assignments: Sequence[Assignment],
    flaws: dict[str, tuple[str, ...]],
    judgements: Sequence[Judgement],
    dice: random.Random,
    share: float,
) -> Iterator[Judgement]:
    given: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        given.setdefault(judgement.qa_id, []).append(judgement)
    for place, (question, assigned) in enumerate(zip(drawn, assignments, strict=True)):
        if settle(given.get(question.qa_id, ()), assigned.wording).disputed and dice.random() < share:
            labels = {label: label not in flaws[question.qa_id] for label in LABELS}
            yield replace(_blank(question, "expert-01", place), role=JudgeRole.EXPERT, seconds=150.0, **labels)


def main() -> int:
    """Write the report's page on made-up judgements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the page")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--questions", type=int, default=2000)
    arguments = parser.parse_args()

    made = simulate(arguments.questions, seed=arguments.seed)
    report = make_report(made.judgements, made.assignments, made.questions, Terms())
    show_report(report)
    note = f"Made-up judgements (bench/simulated_people.py, seed {arguments.seed}): no measurement of CorpusMill."
    print(write_page(report, arguments.out, note=note))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
