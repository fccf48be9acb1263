"""What several people's judgements of one question come to.

A question is *wrong* when it is settled that it is not factual, that its answer is not factual, that the answer is not
complete, or that the question does not stand on its own (`DECISIVE`). Whether it sounds human, and which evidence is
required, are told apart: neither makes a question wrong.

Only judgements of the wording in question count, and of each person the latest. People settle a label when all who gave
it a value agree; an expert's value settles it over anybody's. Whoever skipped a question has not judged it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from schemas.identity import wording as wording_id
from schemas.kinds import JudgeRole
from schemas.records import EvidenceJudgement, Judgement, Question

DECISIVE: Final = ("question_factual", "answer_factual", "complete", "self_contained")
"""The labels that make a question wrong when one of them is settled as False."""

LABELS: Final = (*DECISIVE, "human_like")
"""All labels of a question."""


class Status(StrEnum):
    """How far the judging of a question has come."""

    UNJUDGED = "unjudged"
    INCOMPLETE = "incomplete"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    ADJUDICATED = "adjudicated"

    @property
    def is_settled(self) -> bool:
        """Whether it is known if the question is wrong."""
        return self in (Status.AGREED, Status.ADJUDICATED)


@dataclass(frozen=True, slots=True)
class SettledEvidence:
    """What people say of one evidence unit: None where nobody judged it, or where they differ (`disputed`)."""

    element_id: str
    required: bool | None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What the judgements of one wording come to; a label is None where nobody gave it, or where people differ.

    `disputed` are the labels that annotators differ on, whether or not an expert has settled them. `judges` are the
    annotators whose verdict is whole, `skippers` those who skipped, `expert` who settled it. `outdated` is how many
    judgements were of other words.
    """

    status: Status
    question_factual: bool | None = None
    answer_factual: bool | None = None
    complete: bool | None = None
    self_contained: bool | None = None
    human_like: bool | None = None
    evidence: tuple[SettledEvidence, ...] = ()
    disputed: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    skippers: tuple[str, ...] = ()
    expert: str | None = None
    outdated: int = 0

    def label(self, name: str) -> bool | None:
        """Return the value of one of `LABELS`."""
        return _label(self, name)

    @property
    def faults(self) -> tuple[str, ...]:
        """The decisive labels that are settled as False."""
        return tuple(name for name in DECISIVE if self.label(name) is False)

    @property
    def wrong(self) -> bool | None:
        """Whether the question is wrong; None until that is settled."""
        return bool(self.faults) if self.status.is_settled else None


def words_of(question: Question) -> str:
    """Return the id of a question's words, as judgements and assignments name them."""
    return wording_id(question.question, question.answer)


def settle(judgements: Sequence[Judgement], wording: str, *, annotators: int = 1) -> Settled:
    """Return what judgements of one question come to; their order does not matter.

    Args:
        judgements: all of one question, of any wording, by annotators and experts.
        wording: `schemas.identity.wording` of the words that are asked about.
        annotators: how many people are to judge it; fewer leave it incomplete.
    """
    latest = latest_verdicts(judgements, wording)
    given = [one for one in latest if not one.skipped]
    people = [one for one in given if one.role == JudgeRole.ANNOTATOR]
    experts = sorted((one for one in given if one.role == JudgeRole.EXPERT), key=_when)
    expert = experts[-1] if experts else None
    labels = {name: _agreed(_values(people, name)) for name in LABELS}
    disputed = tuple(name for name in LABELS if len(set(_values(people, name))) > 1)
    if expert is not None:
        labels |= {name: value for name in LABELS if (value := _label(expert, name)) is not None}
    judges = tuple(sorted(one.annotator for one in people if is_whole(one)))
    decisive = [labels[name] for name in DECISIVE]
    return Settled(
        status=_status(decisive, judges=len(judges), annotators=annotators, people=people, expert=expert),
        **labels,
        evidence=_settle_evidence(people, expert),
        disputed=disputed,
        judges=judges,
        skippers=tuple(sorted(one.annotator for one in latest if one.skipped and one.role == JudgeRole.ANNOTATOR)),
        expert=expert.annotator if expert else None,
        outdated=sum(one.wording != wording for one in judgements),
    )


def latest_verdicts(judgements: Iterable[Judgement], wording: str) -> list[Judgement]:
    """Return the judgements of a wording that count: each person's latest in each role, by person."""
    latest: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted((one for one in judgements if one.wording == wording), key=_when):
        latest[judgement.role.value, judgement.annotator] = judgement
    return [latest[key] for key in sorted(latest)]


def is_whole(judgement: Judgement) -> bool:
    """Say whether a verdict is complete: every decisive label has a value, or one of them is False already."""
    values = [_label(judgement, name) for name in DECISIVE]
    return not judgement.skipped and (None not in values or False in values)


def _status(
    decisive: Sequence[bool | None],
    *,
    judges: int,
    annotators: int,
    people: Sequence[Judgement],
    expert: Judgement | None,
) -> Status:
    known = False in decisive or None not in decisive
    if expert is not None and known:
        return Status.ADJUDICATED
    if not people and expert is None:
        return Status.UNJUDGED
    if judges < max(annotators, 1):
        return Status.INCOMPLETE
    return Status.AGREED if known else Status.DISAGREED


def _settle_evidence(people: Sequence[Judgement], expert: Judgement | None) -> tuple[SettledEvidence, ...]:
    given: dict[str, list[bool]] = {}
    for unit in _units(people):
        given.setdefault(unit.element_id, []).extend([] if unit.required is None else [unit.required])
    settled = {name: SettledEvidence(name, _agreed(values), len(set(values)) > 1) for name, values in given.items()}
    for unit in _units([expert] if expert else []):
        if unit.required is not None:
            disputed = unit.element_id in settled and settled[unit.element_id].disputed
            settled[unit.element_id] = SettledEvidence(unit.element_id, unit.required, disputed)
    return tuple(settled[name] for name in sorted(settled))


def _units(judgements: Iterable[Judgement]) -> Iterator[EvidenceJudgement]:
    for judgement in judgements:
        yield from judgement.evidence


def _values(judgements: Iterable[Judgement], name: str) -> list[bool]:
    return [value for one in judgements if (value := _label(one, name)) is not None]


def _agreed(values: Sequence[bool]) -> bool | None:
    return values[0] if len(set(values)) == 1 else None


def _label(row: Judgement | Settled, name: str) -> bool | None:
    value: bool | None = getattr(row, name)
    return value


def _when(judgement: Judgement) -> tuple[datetime, str]:
    text = judgement.updated or judgement.created
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), judgement.judgement_id
