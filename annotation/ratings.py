"""Judgements as ratings: which person gave which value to which thing, in the form that agreement is measured on.

A thing is a question in one wording, or an evidence unit of it: what people said of other words is another thing. Of
each person only the latest counts, experts and skipped questions do not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from annotation.agreement import Agreement, Rated, Scale, measure_agreement
from annotation.verdicts import DECISIVE, LABELS, is_whole, latest_verdicts
from schemas.kinds import JudgeRole
from schemas.records import Judgement

SOUND: Final = "sound"
"""The whole verdict: none of the decisive labels is False."""

HELD: Final = "labels held"
"""How many of a question's labels hold, from none to all: the one value that is in an order."""

REQUIRED: Final = "evidence required"
"""Whether an evidence unit is needed."""

Verdicts = Mapping[tuple[str, str], Sequence[Judgement]]


def counted_verdicts(judgements: Iterable[Judgement]) -> dict[tuple[str, str], list[Judgement]]:
    """Return by (question, wording) the judgements of annotators that count."""
    grouped: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        grouped[judgement.qa_id, judgement.wording].append(judgement)
    return {key: kept for key, group in sorted(grouped.items()) if (kept := list(_counted(group, key[1])))}


def measure_all(verdicts: Verdicts, *, confidence: float = 0.95, seed: int = 0) -> tuple[Agreement, ...]:
    """Return the agreement on every label, on the whole verdict, on how many labels hold, and on the evidence."""
    given = (confidence, seed)
    found = [measure_agreement(label, rate_label(verdicts, label), resampling=given) for label in (*LABELS, SOUND)]
    held = measure_agreement(
        HELD, rate_held(verdicts), categories=len(LABELS) + 1, scale=Scale.ORDINAL, resampling=given
    )
    return (*found, held, measure_agreement(REQUIRED, rate_evidence(verdicts), resampling=given))


def rate_label(verdicts: Verdicts, label: str) -> Iterator[Rated]:
    """Yield what people said of every question under one label, 1 for yes; `SOUND` is the verdict over all."""
    for key, judgements in verdicts.items():
        values = ((one.annotator, _value(one, label)) for one in judgements)
        yield Rated(_name(key), tuple((person, int(value)) for person, value in values if value is not None))


def rate_held(verdicts: Verdicts) -> Iterator[Rated]:
    """Yield how many labels hold, of the judgements that give all of them a value."""
    for key, judgements in verdicts.items():
        values = ((one.annotator, [getattr(one, label) for label in LABELS]) for one in judgements)
        yield Rated(_name(key), tuple((person, sum(held)) for person, held in values if None not in held))


def rate_evidence(verdicts: Verdicts) -> Iterator[Rated]:
    """Yield what people said of every evidence unit, 1 for required; an element quoted twice is two units."""
    for key, judgements in verdicts.items():
        ratings: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        for one in judgements:
            seen: Counter[str] = Counter()
            for unit in one.evidence:
                if unit.required is not None:
                    ratings[unit.element_id, seen[unit.element_id]].append((one.annotator, int(unit.required)))
                seen[unit.element_id] += 1
        for _, given in sorted(ratings.items()):
            yield Rated(_name(key), tuple(given))


def is_sound(judgement: Judgement) -> bool | None:
    """Return whether a person finds a question sound; None where the verdict is not whole."""
    if not is_whole(judgement):
        return None
    return all(getattr(judgement, label) is not False for label in DECISIVE)


def _counted(group: Sequence[Judgement], wording: str) -> Iterator[Judgement]:
    for one in latest_verdicts(group, wording):
        if one.role == JudgeRole.ANNOTATOR and not one.skipped:
            yield one


def _value(judgement: Judgement, label: str) -> bool | None:
    if label == SOUND:
        return is_sound(judgement)
    value: bool | None = getattr(judgement, label)
    return value


def _name(key: tuple[str, str]) -> str:
    return " ".join(key)
