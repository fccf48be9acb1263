"""The records of mining: a query with what answers it and what only seems to."""

from dataclasses import dataclass

from schemas.kinds import CandidateKind, NegativeKind


@dataclass(frozen=True, slots=True)
class MinerScore:
    """What one miner said of a candidate for a query; `rank` counts from 1."""

    miner: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a retriever may find for a query, as the miners and the judge saw it.

    `candidate_id` is the id of a passage, element or page. `grade` is a positive's relevance (2 holds the answer, 1
    context), `negative` what makes a negative hard, `reason` why a candidate was rejected. `fused` joins the scores of
    the miners, `judge` is the probability with which a judge finds that it answers.
    """

    candidate_id: str
    kind: CandidateKind
    grade: int | None = None
    negative: NegativeKind | None = None
    scores: tuple[MinerScore, ...] = ()
    fused: float | None = None
    judge: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Triplet:
    """A query with what answers it and what only seems to: a row of `triplets`.

    `query` is the question as it was mined. Negatives come hardest first. `rejected` are the candidates that a guard
    took for possible answers: they are in neither list.
    """

    triplet_id: str
    qa_id: str
    query: str
    positives: tuple[Candidate, ...]
    negatives: tuple[Candidate, ...]
    rejected: tuple[Candidate, ...] = ()
    split: str | None = None
