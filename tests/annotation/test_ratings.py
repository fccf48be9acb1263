"""Which judgements count as ratings, and of what."""

import types
from dataclasses import replace

from annotation.ratings import HELD, SOUND, counted_verdicts, measure_all, rate_evidence, rate_held, rate_label
from schemas.kinds import JudgeRole


def test_experts_skippers_and_earlier_verdicts_do_not_count(people: types.ModuleType) -> None:
    early = people.judged(1, "a", "complete", updated="2026-01-02T00:00:00+00:00")
    late = replace(people.judged(1, "a", updated="2026-01-03T00:00:00+00:00"), judgement_id="later")
    others = [people.judged(1, "b", skipped=True), people.judged(1, "expert", role=JudgeRole.EXPERT)]
    verdicts = counted_verdicts([late, early, *others])
    assert list(verdicts.values()) == [[late]]


def test_other_words_are_another_thing(people: types.ModuleType) -> None:
    verdicts = counted_verdicts([people.judged(1, "a"), people.judged(1, "b", wording="other words")])
    assert [unit.ratings for unit in rate_label(verdicts, "complete")] == [(("a", 1),), (("b", 1),)]


def test_a_verdict_is_sound_when_no_decisive_label_is_false(people: types.ModuleType) -> None:
    given = [
        people.judged(1, "a", "human_like"),
        people.judged(1, "b", "self_contained"),
        people.judged(1, "c", "complete", question_factual=None),
        people.judged(1, "d", question_factual=None),
    ]
    (unit,) = rate_label(counted_verdicts(given), SOUND)
    assert unit.ratings == (("a", 1), ("b", 0), ("c", 0))


def test_held_counts_labels_of_whole_verdicts(people: types.ModuleType) -> None:
    given = [people.judged(1, "a", "human_like complete"), people.judged(1, "b", human_like=None)]
    (unit,) = rate_held(counted_verdicts(given))
    assert unit.ratings == (("a", 3),)


def test_evidence_is_rated_unit_by_unit(people: types.ModuleType) -> None:
    twice = (*people.looked(True), *people.looked(False))
    given = [people.judged(1, "a", evidence=twice), people.judged(1, "b", evidence=people.looked(None))]
    units = list(rate_evidence(counted_verdicts(given)))
    assert [unit.ratings for unit in units] == [(("a", 1),), (("a", 0),)]
    assert len({unit.question for unit in units}) == 1


def test_every_label_is_measured_though_nobody_judged_it(people: types.ModuleType) -> None:
    given = [people.judged(number, who, human_like=None) for number in range(4) for who in "ab"]
    found = {row.label: row for row in measure_all(counted_verdicts(given))}
    assert list(found) == [*people.LABELS, SOUND, HELD, "evidence required"]
    assert found["human_like"].note == found["evidence required"].note == "nobody judged this label"
    assert found["complete"].percent.value == 1
    assert found[HELD].gwet_name == "AC2"
