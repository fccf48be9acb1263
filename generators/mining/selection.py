"""Which of the ranked candidates become negatives: windows of ranks, margins under the positive, kinds and quotas.

The kinds follow MM-Embed (Lin et al., 2024): a candidate of the wrong modality that ranks above the labelled positive,
and one of the right modality far down the list. The relative margin is that of NV-Retriever (Moreira et al., 2024).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from generators.mining.contradictions import contradicts
from generators.mining.guards import Guarded, guard
from generators.mining.pool_file import PoolEntry
from generators.mining.ranking import Fused
from generators.mining.reasons import MineReason
from schemas.kinds import CandidateKind, NegativeKind
from schemas.triplets import Candidate

STRUCTURE: Final = "structure"


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many negatives of each kind a question gets; `ranked` ones also fill what other kinds lack.

    Attributes:
        total: negatives a question.
        wrong_modality: at most so many of another modality, ranked above the best positive.
        low_ranked: at most so many of the right modality, from rank `low_rank` on.
        structure: at most so many found by structure.
        contradiction: at most so many that say otherwise.
        first_rank: ranks above this one (from 1) are passed over; the likeliest false negatives stand there.
        last_rank: ranks below this one are only used for `low_ranked`.
        low_rank: where "far down" begins.
        kinds: at most so many passages, tables, figures or pages; a kind that is missing has no limit of its own.
    """

    total: int = 7
    wrong_modality: int = 2
    low_ranked: int = 1
    structure: int = 1
    contradiction: int = 1
    first_rank: int = 1
    last_rank: int = 50
    low_rank: int = 45
    kinds: Mapping[CandidateKind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Margin:
    """A candidate whose score of `miner` comes too near to the best positive's is no negative.

    It has to stay at or under `relative` times the positive's score, and at least `absolute` under it. The relative
    margin is measured from the mean of the pool: there are models that give nothing less than 0.7 to anything.
    """

    miner: str
    relative: float = 0.95
    absolute: float = 0.0

    def allows(self, score: float, positive: float, *, mean: float = 0.0) -> bool:
        """Say whether a candidate's score keeps the margin. A positive at or under the mean sets no relative one."""
        under = score <= positive - self.absolute
        return under and (positive <= mean or score - mean <= (positive - mean) * self.relative)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is mined: what is known of it, the kinds of its positives, the positives' rank and scores.

    Attributes:
        known: the question and its positives.
        best_rank: the best rank of a positive in the fused list, from 1; None when none was found.
        positive_scores: the best positive's score by miner.
        mean_scores: the mean score of the whole pool by miner.
    """

    known: Guarded
    best_rank: int | None
    positive_scores: Mapping[str, float]
    mean_scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[CandidateKind]:
        """The kinds of the positives."""
        return frozenset(entry.item.kind for entry in self.known.positives)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate at its rank (from 1) in the fused list without the positives."""

    rank: int
    entry: PoolEntry
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Sifted:
    """The candidates that may be negatives by rank, and those that a guard or a margin took out."""

    sound: tuple[Ranked, ...]
    rejected: tuple[Candidate, ...]


def sift(
    query: Query,
    ranked: Sequence[Fused],
    entry_of: Callable[[int], PoolEntry],
    *,
    quotas: Quotas,
    margins: Collection[Margin] = (),
) -> Sifted:
    """Part a fused ranking without its positives into candidates that may be negatives, and those that may answer.

    Candidates are looked at in the order of their ranks, until there are enough below the last rank that is used.

    Args:
        query: the question.
        ranked: what the miners found, best first.
        entry_of: reads a row of the pool.
        quotas: how many of which kind will be wanted.
        margins: how far under the positive a candidate must stay.
    """
    rejected: list[Candidate] = []
    sound: list[Ranked] = []
    for rank, hit in enumerate(ranked, start=1):
        if rank > quotas.last_rank and sum(item.rank >= quotas.low_rank for item in sound) >= quotas.low_ranked:
            break
        entry = entry_of(hit.row)
        candidate = Candidate(entry.item.candidate_id, entry.item.kind, scores=hit.scores, fused=hit.fused)
        reason = guard(entry, query.known) or _over_margin(hit, query, margins)
        if reason:
            rejected.append(replace(candidate, reason=reason.value))
        else:
            sound.append(Ranked(rank, entry, candidate))
    return Sifted(tuple(sound), tuple(rejected))


def fill(query: Query, sound: Sequence[Ranked], quotas: Quotas) -> list[Candidate]:
    """Return negatives from sound candidates: the special kinds first, the rest by rank; the hardest come first."""
    taken: dict[int, tuple[Ranked, NegativeKind]] = {}
    held: Counter[CandidateKind] = Counter()
    for kind, number in (
        (NegativeKind.CONTRADICTION, quotas.contradiction),
        (NegativeKind.WRONG_MODALITY, quotas.wrong_modality),
        (NegativeKind.STRUCTURE, quotas.structure),
        (NegativeKind.LOW_RANKED, quotas.low_ranked),
        (NegativeKind.RANKED, quotas.total),
    ):
        room = min(number, quotas.total - len(taken))
        fitting = (item for item in sound if item.rank not in taken and _is(kind, item, query, quotas))
        for item in islice((item for item in fitting if _has_room(item, held, quotas)), room):
            taken[item.rank] = item, kind
            held[item.entry.item.kind] += 1
    return [replace(item.candidate, negative=kind) for _, (item, kind) in sorted(taken.items())]


def _has_room(item: Ranked, held: Mapping[CandidateKind, int], quotas: Quotas) -> bool:
    kind = item.entry.item.kind
    return kind not in quotas.kinds or held.get(kind, 0) < quotas.kinds[kind]


def _over_margin(hit: Fused, query: Query, margins: Collection[Margin]) -> MineReason | None:
    for margin in margins:
        score, positive = hit.score(margin.miner), query.positive_scores.get(margin.miner)
        mean = query.mean_scores.get(margin.miner, 0.0)
        if score is not None and positive is not None and not margin.allows(score, positive, mean=mean):
            return MineReason.OVER_MARGIN
    return None


def _is(kind: NegativeKind, item: Ranked, query: Query, quotas: Quotas) -> bool:
    right = item.entry.item.kind in query.kinds
    if kind is NegativeKind.LOW_RANKED:
        return right and item.rank >= quotas.low_rank
    if not quotas.first_rank <= item.rank <= quotas.last_rank:
        return False
    if kind is NegativeKind.WRONG_MODALITY:
        return not right and item.rank < (query.best_rank or quotas.last_rank)
    if kind is NegativeKind.STRUCTURE:
        return any(score.miner == STRUCTURE for score in item.candidate.scores)
    return kind is NegativeKind.RANKED or contradicts(item.entry.item.text, query.known)
