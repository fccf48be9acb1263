"""The whole report: hand-worked, on made-up people whose truth is known, and on next to nothing."""

import json
import types

import pytest

from annotation.report import JudgementReport, Terms, make_report
from annotation.report_page import render_page


def test_coverage_states_what_is_missing(people: types.ModuleType) -> None:
    sample = [people.drawn(number, weight=10.0, annotators=2 if number < 3 else 1) for number in range(8)]
    given = [
        people.judged(0, "a"),
        people.judged(0, "b"),
        people.judged(1, "a"),
        people.judged(1, "b", "complete"),
        people.judged(2, "a"),
        people.judged(3, "a", skipped=True),
        people.judged(4, "a", "complete"),
        people.settled_by_expert(4),
        people.judged(5, "a", wording="other words"),
        people.judged(70, "a"),
    ]
    questions = [people.question(number) for number in range(7)]
    seen = make_report(given, sample, questions, Terms()).coverage
    assert (seen.corpus, seen.sample, seen.judgements, seen.annotators, seen.experts) == (80, 8, 10, 2, 1)
    assert (seen.agreed, seen.disagreed, seen.incomplete, seen.adjudicated, seen.unjudged) == (1, 1, 1, 1, 4)
    assert (seen.skipped, seen.skipped_only, seen.outdated, seen.outside, seen.gone) == (1, 1, 1, 1, 1)


def test_remarks_say_what_to_know_first(people: types.ModuleType) -> None:
    sample = [people.drawn(number, weight=2.0) for number in range(3)]
    questions = [people.question(number) for number in range(3)]
    told = " ".join(make_report([people.judged(0)], sample, questions, Terms(), merged=True).remarks)
    assert "2 of 3 drawn questions are not settled" in told
    assert "One annotator only" in told
    assert "has been merged" in told
    assert "drawn from 6 questions, and there are 3 now" in told
    assert "draw the sample again" not in told
    assert "1 have left the corpus" in " ".join(make_report([], sample, questions[1:], Terms()).remarks)


def test_mistakes_of_people_who_judge_alone_are_told(people: types.ModuleType) -> None:
    sample = [people.drawn(number, weight=5.0, annotators=1 + number % 2) for number in range(80)]
    alone = [people.judged(number, "a", "complete" if number % 4 == 0 else "") for number in range(0, 80, 2)]
    together = [people.judged(number, who) for number in range(1, 80, 2) for who in "ab"]
    report = make_report([*alone, *together], sample, [people.question(n) for n in range(80)], Terms())
    assert any(
        remark.startswith("Questions that one person judges are called wrong at 50.0 %") for remark in report.remarks
    )


def test_on_made_up_people_the_truth_is_found(crowd: types.ModuleType) -> None:
    good = [crowd.Person(f"annotator-{n}", 0.999, 0.999, 60) for n in range(3)]
    made = crowd.simulate(1500, seed=2, people=good, expert=1.0)
    report = make_report(made.judgements, made.assignments, made.questions, Terms())
    truth = sum(made.wrong.values()) / len(made.wrong)
    overall = report.quality.overall.rate
    assert overall.low <= truth <= overall.high
    assert report.checks.best == "plausibility (score)"
    assert report.agreement[0].gwet.value > 0.95
    assert {person.name for person in report.annotators} == {person.name for person in good}


def test_the_same_judgements_and_seed_give_the_same_report(crowd: types.ModuleType) -> None:
    made = crowd.simulate(300, seed=1)
    backwards = [list(reversed(rows)) for rows in (made.judgements, made.assignments, made.questions)]
    assert make_report(*backwards, Terms()) == make_report(made.judgements, made.assignments, made.questions, Terms())


def _nothing(people: types.ModuleType) -> JudgementReport:
    return make_report([], [], [], Terms())


def _no_judgements(people: types.ModuleType) -> JudgementReport:
    return make_report([], [people.drawn(n) for n in range(3)], [people.question(n) for n in range(3)], Terms())


def _one_person(people: types.ModuleType) -> JudgementReport:
    return make_report([people.judged(0)], [people.drawn(0, weight=4.0)], [people.question(0)], Terms())


def _all_agree(people: types.ModuleType) -> JudgementReport:
    given = [people.judged(n, who, evidence=people.looked(True)) for n in range(12) for who in "ab"]
    sample = [people.drawn(n, annotators=2) for n in range(12)]
    return make_report(given, sample, [people.question(n) for n in range(12)], Terms())


def _only_skips(people: types.ModuleType) -> JudgementReport:
    return make_report([people.judged(0, skipped=True)], [people.drawn(0)], [people.question(0)], Terms())


def _nobody_on_a_label(people: types.ModuleType) -> JudgementReport:
    given = [people.judged(n, who, human_like=None, complete=None) for n in range(4) for who in "ab"]
    return make_report(given, [people.drawn(n) for n in range(4)], [people.question(n) for n in range(4)], Terms())


def _no_sample(people: types.ModuleType) -> JudgementReport:
    return make_report([people.judged(0, who) for who in "ab"], [], [], Terms())


@pytest.mark.parametrize(
    "make", [_nothing, _no_judgements, _one_person, _all_agree, _only_skips, _nobody_on_a_label, _no_sample]
)
def test_next_to_nothing_is_reported_without_a_number_that_is_none(people: types.ModuleType, make: object) -> None:
    report = make(people)
    text = json.dumps(report.to_json(), allow_nan=False)
    page = render_page(report).partition("</style>")[2]
    words = set(page.replace(">", " ").replace("<", " ").replace('"', " ").split())
    assert not words & {"nan", "inf", "None", "Undefined"}
    assert "validation report" in page.lower()
    assert json.loads(text)["coverage"]["sample"] == report.coverage.sample


def test_everybody_agreeing_shows_ac_and_says_that_kappa_is_not_defined(people: types.ModuleType) -> None:
    report = _all_agree(people)
    assert (report.agreement[0].kappa.value, report.agreement[0].gwet.value) == (None, 1)
    assert report.quality.overall.census
    assert "read percentage and AC" in render_page(report)


def test_the_page_is_whole_in_itself_and_escapes_what_people_are_called(people: types.ModuleType) -> None:
    given = [people.judged(0, "<b>bold</b>")]
    page = render_page(make_report(given, [people.drawn(0)], [people.question(0)], Terms()), note="made up & so on")
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold" in page
    assert "made up &amp; so on" in page
    assert not any(word in page for word in ("<script", "http://", "https://", "<link", "@import"))
