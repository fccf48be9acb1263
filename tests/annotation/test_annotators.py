"""Each annotator's agreement, drift and speed."""

import types

import pytest

from annotation.annotators import Annotator, describe_annotators, measure_speed
from annotation.ratings import counted_verdicts


def test_agreement_is_the_share_of_labels_on_which_the_others_agree(people: types.ModuleType) -> None:
    given = [people.judged(1, "a"), people.judged(1, "b", "complete"), people.judged(2, "a")]
    found = _describe(given)
    assert (found["a"].judged, found["a"].shared) == (2, 1)
    assert found["a"].agreement.value == pytest.approx(0.8)
    assert (found["a"].wrong.value, found["b"].wrong.value) == (0, 1)


def test_who_judges_alone_has_no_agreement(people: types.ModuleType) -> None:
    found = _describe([people.judged(1, "a")])["a"]
    assert found.agreement.value is None
    assert "nobody else" in found.agreement.note
    assert found.windows[0].agreement is None


def test_somebody_who_only_skips_is_listed() -> None:
    (found,) = describe_annotators({}, {"a": 3})
    assert (found.judged, found.skipped, found.wrong.value, found.speed.median, found.windows) == (0, 3, None, None, ())


def test_growing_careless_shows(people: types.ModuleType) -> None:
    given = [people.judged(number, "a") for number in range(60)]
    given += [people.judged(number, "b", "complete self_contained" if number >= 30 else "") for number in range(60)]
    found = _describe(given)
    assert found["b"].agreement_change.high < 0
    assert found["b"].wrong_change.low > 0.8
    assert "calls questions wrong more often than at the beginning" in found["b"].remarks
    assert [window.judged for window in found["b"].windows] == [10] * 6
    assert [window.wrong for window in found["b"].windows] == [0, 0, 0, 1, 1, 1]
    assert not any("wrong" in remark for remark in found["a"].remarks)


def test_too_few_judgements_show_no_drift(people: types.ModuleType) -> None:
    found = _describe([people.judged(number, who) for number in range(18) for who in "ab"])["a"]
    assert found.wrong_change.value is None
    assert "too few" in found.wrong_change.note


def test_speed_and_its_outliers(people: types.ModuleType) -> None:
    seconds = [50, 55, 60, 62, 65, 70, 72, 75, 3, 4000]
    given = [people.judged(number, "a", seconds=float(time)) for number, time in enumerate(seconds)]
    found = measure_speed([*given, people.judged(99, "a"), people.judged(98, "a", seconds=0.0)])
    assert (found.timed, found.median) == (10, 63.5)
    assert (found.quick, found.slow) == (("8-a-",), ("9-a-",))
    assert found.hours == pytest.approx(sum(seconds) / 3600)


@pytest.mark.parametrize("times", [[60.0], [60.0] * 9, [60.0, 61.0]])
def test_even_work_has_no_outliers(people: types.ModuleType, times: list[float]) -> None:
    found = measure_speed([people.judged(number, "a", seconds=time) for number, time in enumerate(times)])
    assert (found.quick, found.slow) == ((), ())
    assert found.lower_quartile <= found.median <= found.upper_quartile


def _describe(given: list) -> dict[str, Annotator]:
    return {person.name: person for person in describe_annotators(counted_verdicts(given), {})}
