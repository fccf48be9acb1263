"""The gate: whether enough is known about a corpus for it to leave, and if not, just what is missing.

What people found wrong was corrected or taken out, so the error rate of what leaves is that of the questions nobody
judged: the upper bound on how many of all are wrong, less those found, over what is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from annotation.quality import Rate


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the validation of a corpus has come; all but `unmerged` count questions.

    `corpus` is the corpus as it was judged, `spoken_for` the part of it that the sample was drawn from, `strange` the
    drawn ones that are gone or worded anew. Of the `drawn`, `judged` are settled or before an expert, and `for_expert`
    are still before one. `unmerged` says that merging would change something, `leaving` how many questions there are
    after it. `rate` is the error rate as it was measured.
    """

    corpus: int
    drawn: int
    spoken_for: int
    strange: int
    judged: int
    for_expert: int
    unmerged: bool
    leaving: int
    rate: Rate | None
    confidence: float
    limit: float

    @property
    def remaining(self) -> float | None:
        """The upper bound of the error rate of what leaves; None where the sample tells none."""
        if self.rate is None or self.rate.rate.high is None or not self.leaving:
            return None
        return max(self.rate.rate.high * self.rate.size - self.rate.bad, 0.0) / self.leaving


def missing(standing: Standing) -> tuple[str, ...]:
    """Return what is missing before a corpus may leave, and what to do about each; nothing when it may."""
    if not standing.drawn:
        return (
            "no sample is drawn: corpusmill annotate sample draws one, corpusmill annotate push sends it to people",
        )
    return tuple(_missing(standing))


def _missing(standing: Standing) -> Iterator[str]:
    if standing.strange:
        yield (
            f"{standing.strange} of the {standing.drawn} drawn questions are gone or worded anew since: corpusmill "
            "annotate sample draws others in their place"
        )
    elif standing.spoken_for != standing.corpus:
        yield (
            f"the sample was drawn from {standing.spoken_for} questions and there are {standing.corpus}: corpusmill "
            "annotate sample lets it grow"
        )
    if standing.judged < standing.drawn:
        yield (
            f"{standing.judged} of {standing.drawn} drawn questions are judged by all who should: corpusmill annotate "
            "push sends them to people, corpusmill annotate pull brings what is done"
        )
    if standing.for_expert:
        yield f"{standing.for_expert} not adjudicated: corpusmill annotate adjudicate puts them before an expert"
    if standing.unmerged:
        yield "what people judged is not merged: corpusmill annotate merge"
    if not standing.for_expert and standing.judged == standing.drawn:
        yield from _too_wrong(standing)


def _too_wrong(standing: Standing) -> Iterator[str]:
    remaining, rate = standing.remaining, standing.rate
    if rate is None or remaining is None:
        yield "the error rate is not known: nothing of the sample is settled"
    elif remaining > standing.limit:
        yield (
            f"up to {remaining:.1%} of what would leave may be wrong, over the limit of {standing.limit:.1%} "
            f"(validation.max_error_rate): people found {rate.bad} of {rate.settled} wrong, nobody judged the rest. "
            f"A larger sample narrows the interval (now {rate.rate.low or 0.0:.1%} to {rate.rate.high or 0.0:.1%} at "
            f"{standing.confidence:.0%}); better questions lower it"
        )
