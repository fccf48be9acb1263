"""The gate says just what is missing, and lets a corpus through when nothing is."""

from dataclasses import replace

import pytest

from annotation.gate import Standing, missing
from annotation.intervals import Estimate
from annotation.quality import Rate

# 400 questions, 80 judged, 5 of them wrong; at most 12.5 % of all are.
RATE = Rate("corpus", 400, 80, 80, 5, Estimate(0.0625, 0.03, 0.125), Estimate(0.0625, 0.03, 0.125), 1.0, False)
GOOD = Standing(
    corpus=400,
    drawn=80,
    spoken_for=400,
    strange=0,
    judged=80,
    for_expert=0,
    unmerged=False,
    leaving=396,
    rate=RATE,
    confidence=0.95,
    limit=0.12,
)


def test_what_leaves_is_what_was_bounded_less_what_was_found() -> None:
    # At most 50 of 400 are wrong; 5 were found, and 4 of them taken out: at most 45 of 396.
    assert GOOD.remaining == pytest.approx(45 / 396)
    assert missing(GOOD) == ()


def test_what_was_judged_whole_holds_no_unknown_fault() -> None:
    census = replace(RATE, size=15, drawn=15, settled=15, bad=6, rate=Estimate(0.4, 0.4, 0.4), census=True)
    assert (
        missing(replace(GOOD, corpus=15, spoken_for=15, drawn=15, judged=15, leaving=9, rate=census, limit=0.0)) == ()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"drawn": 0}, ["no sample is drawn"]),
        ({"judged": 60}, ["60 of 80 drawn questions are judged"]),
        ({"strange": 3, "judged": 77}, ["3 of the 80 drawn questions are gone or worded anew", "77 of 80"]),
        ({"corpus": 500}, ["drawn from 400 questions and there are 500"]),
        ({"for_expert": 2}, ["2 not adjudicated"]),
        ({"unmerged": True}, ["not merged"]),
        ({"limit": 0.1}, ["up to 11.4% of what would leave may be wrong, over the limit of 10.0%"]),
        ({"limit": 0.1, "unmerged": True}, ["not merged", "found 5 of 80 wrong"]),
        ({"limit": 0.1, "judged": 79}, ["79 of 80"]),
        ({"rate": None}, ["the error rate is not known"]),
        ({"leaving": 0}, ["the error rate is not known"]),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], words: list[str]) -> None:
    lines = missing(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert len(lines) == len(words)
    assert [word for word, line in zip(words, lines, strict=True) if word not in line] == []
