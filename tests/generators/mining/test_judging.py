from dataclasses import replace

import pytest

from generators.engines.catalog import EngineOptions, open_engine
from generators.engines.exchange import Completion, Picture
from generators.mining.guards import guarded
from generators.mining.judging import judge_requests, judged, relevance
from generators.mining.mining import Mined
from generators.mining.selection import Query, Ranked, Sifted
from schemas.kinds import CandidateKind
from schemas.triplets import Candidate
from tests.generators.mining import pool_entries as made

POSITIVE = made.entry("right", "In May, 12 litres of rain fell in Kiel.")
OTHERS = [made.entry(name, f"Of {name} nothing is known.") for name in ("one", "two", "three")]
BY_ID = {entry.item.candidate_id: entry for entry in (POSITIVE, *OTHERS)}


@pytest.fixture
def mined() -> Mined:
    query = Query(guarded(made.question(), [POSITIVE]), 1, {})
    sound = [
        Ranked(rank, entry, Candidate(entry.item.candidate_id, CandidateKind.PASSAGE))
        for rank, entry in enumerate(OTHERS, start=1)
    ]
    return Mined(query, (Candidate("doc/right", CandidateKind.PASSAGE, grade=2),), Sifted(tuple(sound), ()))


@pytest.mark.parametrize(
    ("text", "weights", "expected"),
    [
        ("Yes", (0.6, 0.2), 0.75),
        ("no", (0.0, 0.4), 0.0),
        ("maybe", (0.0, 0.0), None),
        ("Yes.", (), 1.0),
        ("no", (), 0.0),
        ("I think so", (), None),
    ],
)
def test_the_score_is_the_share_of_yes(text: str, weights: tuple[float, ...], expected: float | None) -> None:
    assert relevance(Completion("r", text, 1, 1, "stop", "m", weights=weights)) == pytest.approx(expected)


def test_what_is_judged_as_good_as_the_positive_is_no_negative(mined: Mined) -> None:
    settled = judged(mined, {"doc/right": 0.9, "doc/one": 0.895, "doc/two": 0.2}, margin=0.01)
    assert [(item.candidate.candidate_id, item.candidate.judge) for item in settled.sifted.sound] == [
        ("doc/two", 0.2),
        ("doc/three", None),
    ]
    assert [(item.candidate_id, item.reason, item.judge) for item in settled.sifted.rejected] == [
        ("doc/one", "judged_relevant", 0.895)
    ]
    assert settled.positives[0].judge == 0.9


@pytest.mark.parametrize(
    "scores", [{}, {"doc/one": 0.9}, {"doc/right": 0.1, "doc/one": 0.9, "doc/two": 0.8, "doc/three": 0.0}]
)
def test_a_judge_that_does_not_know_the_positive_takes_nothing_out(scores: dict[str, float], mined: Mined) -> None:
    settled = judged(mined, scores, margin=0.01)
    assert len(settled.sifted.sound) == 3
    assert {item.candidate.candidate_id: item.candidate.judge for item in settled.sifted.sound}[
        "doc/one"
    ] == scores.get("doc/one")


def test_positives_and_the_first_candidates_are_asked_about_with_their_pictures(mined: Mined) -> None:
    picture = Picture(b"png", "png")
    requests = list(
        judge_requests(mined, BY_ID.__getitem__, lambda entry: picture if entry is OTHERS[0] else None, most=2)
    )
    assert [request.request_id for request in requests] == [
        "doc/qa-1 doc/right",
        "doc/qa-1 doc/one",
        "doc/qa-1 doc/two",
    ]
    assert [request.messages[-1].images for request in requests] == [(), (picture,), ()]
    assert all(request.weigh == ("yes", "no") for request in requests)


@pytest.mark.integration
def test_a_real_model_weighs_its_words(mined: Mined) -> None:
    engine = open_engine("local", EngineOptions())
    try:
        results = list(engine.complete(judge_requests(mined, BY_ID.__getitem__, lambda _: None, most=1)))
    finally:
        engine.close()
    scores = [relevance(result) for result in results if isinstance(result, Completion)]
    assert len(scores) == 2
    assert all(score is not None and 0 < score < 1 for score in scores)
    assert all(len(replace(result).weights) == 2 for result in results if isinstance(result, Completion))
