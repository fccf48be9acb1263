"""An engine as judge of candidates: how probable is it that one answers the question?

In the manner of UniME-V2 (Gu et al., 2025) the judge is asked for one word, and its score is read off the
probabilities of yes and no, p(yes) / (p(yes) + p(no)); a candidate that it finds nearly as good as the positive, or
better, is no negative. The scores stay with the candidates as soft labels.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import median
from typing import Final

from generators.engines.exchange import Completion, Picture, Request, Sampling
from generators.mining.mining import Mined
from generators.mining.pool_file import PoolEntry
from generators.mining.reasons import MineReason
from generators.mining.selection import Ranked, Sifted
from generators.prompting import render
from schemas.triplets import Candidate

YES: Final = "yes"
NO: Final = "no"
_LONGEST_TEXT: Final = 2400
_SAMPLING: Final = Sampling(temperature=0.0, max_tokens=1)

Scores = Mapping[str, float]


def judge_requests(
    mined: Mined, entry_of: Callable[[str], PoolEntry], picture_of: Callable[[PoolEntry], Picture | None], *, most: int
) -> Iterator[Request]:
    """Yield a request for every positive and for the first `most` sound candidates of a question.

    Args:
        mined: the question with its sifted candidates.
        entry_of: reads a candidate by id.
        picture_of: the picture to show with a candidate, or None for its text alone.
        most: how many candidates are judged.
    """
    question = mined.query.known.question
    entries = [entry_of(item.candidate_id) for item in mined.positives]
    entries += [item.entry for item in mined.sifted.sound[:most]]
    for entry in entries:
        picture = picture_of(entry)
        values = {"question": question.question, "text": entry.item.text[:_LONGEST_TEXT] or "(a picture)"}
        yield Request(
            request_id=request_id(question.qa_id, entry.item.candidate_id),
            messages=render("judge_relevance", values, (picture,) if picture else ()),
            sampling=_SAMPLING,
            weigh=(YES, NO),
        )


def request_id(qa_id: str, candidate_id: str) -> str:
    """Return the id of the request that judges a candidate for a question."""
    return f"{qa_id} {candidate_id}"


def judged_pair(request: str) -> tuple[str, str]:
    """Return the question and the candidate of such a request's id.

    >>> judged_pair(request_id("doc/qa-1", "doc/passage-2"))
    ('doc/qa-1', 'doc/passage-2')
    """
    qa_id, _, candidate_id = request.partition(" ")
    return qa_id, candidate_id


def relevance(completion: Completion) -> float | None:
    """Return the judge's score from 0 to 1, or None when it said neither yes nor no.

    An engine that tells no probabilities is taken at its word.
    """
    if completion.weights:
        yes, no = completion.weights
        return yes / (yes + no) if yes + no > 0 else None
    word = completion.text.strip().strip(".").casefold()
    return {YES: 1.0, NO: 0.0}.get(word)


def judged(mined: Mined, scores: Scores, *, margin: float) -> Mined:
    """Return what was mined with the judge's scores, less the candidates that it takes for answers.

    A judge that finds the best positive worse than half of the candidates does not understand the question: its scores
    are kept, and take nothing out.

    Args:
        mined: the question with its sifted candidates.
        scores: the judge's scores by candidate id; a candidate that is missing was not judged, and stays.
        margin: how far under the positive's score a candidate must stay.
    """
    positives = tuple(_with_score(item, scores) for item in mined.positives)
    told = [item.judge for item in positives if item.judge is not None]
    sound = [replace(item, candidate=_with_score(item.candidate, scores)) for item in mined.sifted.sound]
    known = [item.candidate.judge for item in sound if item.candidate.judge is not None]
    if not told or not known or max(told) < median(known):
        return Mined(mined.query, positives, Sifted(tuple(sound), mined.sifted.rejected))
    limit = max(told) - margin
    kept = tuple(item for item in sound if _stays(item, limit))
    out = tuple(
        replace(item.candidate, reason=MineReason.JUDGED_RELEVANT.value) for item in sound if not _stays(item, limit)
    )
    return Mined(mined.query, positives, Sifted(kept, (*mined.sifted.rejected, *out)))


def _with_score(candidate: Candidate, scores: Scores) -> Candidate:
    return replace(candidate, judge=scores.get(candidate.candidate_id))


def _stays(item: Ranked, limit: float) -> bool:
    return item.candidate.judge is None or item.candidate.judge <= limit
