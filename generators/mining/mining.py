"""Questions to triplets: rank the pool by every miner, fuse, guard, choose."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np

from generators.mining.guards import guarded
from generators.mining.miners import Miner, Scores
from generators.mining.pool_file import Pool, PoolEntry
from generators.mining.ranking import Fused, Hit, fuse, top
from generators.mining.selection import STRUCTURE, Margin, Query, Quotas, Sifted, fill, sift
from generators.mining.structure import structural_neighbours
from generators.pools import Gold
from schemas.identity import triplet_id
from schemas.records import Question
from schemas.triplets import Candidate, MinerScore, Triplet

_ENTRIES_HELD: Final = 20_000


@dataclass(frozen=True, slots=True)
class MineOptions:
    """How triplets are mined.

    Attributes:
        depth: candidates that each miner gives.
        quotas: how many negatives of which kind.
        margins: how far under the positive they must stay, by miner.
        structure: whether neighbours by structure are mined too.
    """

    depth: int = 100
    quotas: Quotas = field(default_factory=Quotas)
    margins: tuple[Margin, ...] = ()
    structure: bool = True


@dataclass(frozen=True, slots=True)
class Mined:
    """A question with its positives and sifted candidates, before the negatives are chosen."""

    query: Query
    positives: tuple[Candidate, ...]
    sifted: Sifted

    def triplet(self, quotas: Quotas) -> Triplet:
        """Choose the negatives."""
        question = self.query.known.question
        negatives = tuple(fill(self.query, self.sifted.sound, quotas))
        return Triplet(
            triplet_id=triplet_id(question.qa_id, question.question),
            qa_id=question.qa_id,
            query=question.question,
            positives=self.positives,
            negatives=negatives,
            rejected=self.sifted.rejected,
            split=question.split,
        )


class Mine:
    """A pool with its miners.

    Args:
        pool: the candidates.
        miners: what ranks them, each with a name of its own.
        options: depth, quotas and margins.
    """

    def __init__(self, pool: Pool, miners: Sequence[Miner], options: MineOptions) -> None:
        self._pool = pool
        self._miners = tuple(miners)
        self._options = options
        # Bound here, not by a decorator, so that the cache goes with this object.
        self._entry = lru_cache(_ENTRIES_HELD)(pool.entry)

    def mine(self, questions: Sequence[Question], golds: Mapping[str, Sequence[Gold]]) -> Iterator[Mined]:
        """Yield what was mined for each question that has a gold candidate in the pool, in the order given.

        Args:
            questions: some questions; their scores are computed together.
            golds: the gold candidates by qa_id.
        """
        asked = [question for question in questions if self._known(golds.get(question.qa_id, ()))]
        queries = [question.question for question in asked]
        columns = [miner.scores(queries) for miner in self._miners]
        for question, *scores in zip(asked, *columns, strict=True):
            yield self._mine(question, self._known(golds[question.qa_id]), scores)

    def _known(self, golds: Sequence[Gold]) -> list[Gold]:
        return [gold for gold in golds if gold.candidate_id in self._pool.rows]

    def _mine(self, question: Question, golds: Sequence[Gold], scores: Sequence[Scores]) -> Mined:
        gold_rows = [self._pool.rows[gold.candidate_id] for gold in golds]
        entries = [self._entry(row) for row in gold_rows]
        rankings = self._rankings(entries, scores)
        fused = fuse(rankings)
        ranks = {item.row: rank for rank, item in enumerate(fused, start=1)}
        query = Query(
            known=guarded(question, entries),
            best_rank=min((ranks[row] for row in gold_rows if row in ranks), default=None),
            positive_scores={
                miner.name: float(np.max(values[gold_rows])) for miner, values in zip(self._miners, scores, strict=True)
            },
            mean_scores={
                miner.name: float(np.mean(values)) for miner, values in zip(self._miners, scores, strict=True)
            },
        )
        others = [item for item in fused if item.row not in set(gold_rows)]
        sifted = sift(query, others, self._entry, quotas=self._options.quotas, margins=self._options.margins)
        found = {item.row: item for item in fused}
        positives = [
            self._positive(
                gold, entry, found.get(row), {m.name: float(v[row]) for m, v in zip(self._miners, scores, strict=True)}
            )
            for gold, entry, row in zip(golds, entries, gold_rows, strict=True)
        ]
        return Mined(query, tuple(positives), sifted)

    def _rankings(self, positives: Sequence[PoolEntry], scores: Sequence[Scores]) -> dict[str, list[Hit]]:
        rankings = {
            miner.name: top(values, self._options.depth, least=miner.nothing)
            for miner, values in zip(self._miners, scores, strict=True)
        }
        if self._options.structure:
            rankings[STRUCTURE] = structural_neighbours(self._pool, positives, self._options.depth, self._entry)
        return rankings

    def _positive(self, gold: Gold, entry: PoolEntry, fused: Fused | None, scores: Mapping[str, float]) -> Candidate:
        """Return a positive with the scores of all miners, also of those that did not find it (rank 0)."""
        candidate = Candidate(gold.candidate_id, entry.item.kind, grade=gold.grade)
        ranked = {score.miner: score for score in fused.scores} if fused else {}
        told = tuple(ranked.get(miner, MinerScore(miner, score, 0)) for miner, score in sorted(scores.items()))
        return replace(candidate, scores=told, fused=fused.fused if fused else None)


def margins_of(miners: Collection[str], *, relative: float, absolute: float) -> tuple[Margin, ...]:
    """Return the same margin for several miners."""
    return tuple(Margin(miner, relative, absolute) for miner in sorted(miners))
