"""What a run may ask, and how that is shared out over documents before a round of asking begins.

What is asked depends on the corpus, the seed, the budget and the answers of earlier rounds, never on which answer came
first or on what a response store held: the same run again asks the same requests, and finds them all answered.
"""

import random
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from generators.balancing import Fill
from generators.engines.metered import Limits, Tariff
from pipelines.beam_options import APART
from schemas.cells import Cell, parse_cell
from schemas.recipe import GenerateSection

_LOCAL_REQUESTS: Final = 24


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked, answers out of a response store included, so that a run again plans as it did before."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Of prompts and answers."""
        return self.prompt_tokens + self.completion_tokens

    def plus(self, other: "Spent") -> "Spent":
        """Return the sum of both."""
        return Spent(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )


# The names under which workers count what results cost; see `pipelines.beam_options.count_apart`.
ASKED: Final = "asked"
PROMPT: Final = "prompt tokens"
COMPLETION: Final = "completion tokens"
PAID_REQUESTS: Final = "paid requests"
PAID_PROMPT: Final = "paid prompt tokens"
PAID_COMPLETION: Final = "paid completion tokens"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run asked in all, and what of it was paid now and did not come out of a response store."""

    asked: Spent = field(default_factory=Spent)
    paid: Spent = field(default_factory=Spent)

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Usage":
        """Read what workers counted."""
        asked, paid = (
            Spent(*(counts.get(f"{APART}{name}", 0) for name in names))
            for names in ((ASKED, PROMPT, COMPLETION), (PAID_REQUESTS, PAID_PROMPT, PAID_COMPLETION))
        )
        return cls(asked, paid)

    def plus(self, other: "Usage") -> "Usage":
        """Return the sum of both."""
        return Usage(self.asked.plus(other.asked), self.paid.plus(other.paid))


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may ask; None means as much as there is."""

    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None
    tariff: Tariff = field(default_factory=Tariff)

    @property
    def is_open(self) -> bool:
        """Whether there is no limit."""
        return self.requests is None and self.tokens is None and self.cost is None

    def left(self, paid: Spent) -> Limits:
        """Return the hard limits of what is to come, when so much was paid."""
        cost = self.tariff.cost(paid.prompt_tokens, paid.completion_tokens)
        return Limits(
            None if self.requests is None else max(0, self.requests - paid.requests),
            None if self.tokens is None else max(0, self.tokens - paid.tokens),
            None if self.cost is None else max(0.0, self.cost - cost),
        )

    def allows(self, spent: Spent) -> bool:
        """Say whether so much stays inside it."""
        return (
            (self.requests is None or spent.requests <= self.requests)
            and (self.tokens is None or spent.tokens <= self.tokens)
            and (self.cost is None or self.tariff.cost(spent.prompt_tokens, spent.completion_tokens) <= self.cost)
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one inquiry may cost at most: its own request, and those that try and reword what comes of it."""

    cell: str
    requests: int
    prompt_tokens: int
    completion_tokens: int

    @property
    def spent(self) -> Spent:
        """The same as something spent."""
        return Spent(self.requests, self.prompt_tokens, self.completion_tokens)


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be asked about a document, in the order in which it would be asked."""

    doc_id: str
    inquiries: tuple[Estimate, ...]


@dataclass
class Allotment:
    """What to ask in a round: the places of inquiries in each document's offer."""

    places: dict[str, list[int]] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def number(self) -> int:
        """How many inquiries there are."""
        return sum(map(len, self.places.values()))


def budget_of(recipe: GenerateSection) -> Budget:
    """Return the budget of a recipe; the embedded engine, which is slow, has one by default."""
    default = _LOCAL_REQUESTS if recipe.engine == "local" else None
    requests = default if recipe.max_requests is None else recipe.max_requests
    tariff = Tariff(recipe.prompt_price, recipe.completion_price)
    return Budget(requests, recipe.max_total_tokens, recipe.max_cost, tariff)


def share_out(
    offers: Iterable[Offer],
    budget: Budget,
    seed: int,
    *,
    spent: Spent = Spent(),
    asked: Mapping[str, Collection[int]] | None = None,
    wanted: Mapping[Cell, int] | None = None,
) -> Allotment:
    """Allot inquiries to documents in turn until the budget is spent or enough are asked for what is wanted.

    Args:
        offers: what could be asked.
        budget: of the whole run.
        seed: decides the order of the documents.
        spent: what earlier rounds have used of the budget.
        asked: the places that earlier rounds have asked.
        wanted: how many inquiries to make for each cell; None means everything that is offered.
    """
    allotted = Allotment()
    if wanted is not None and not wanted:
        return allotted
    room = Fill(wanted or {})
    for doc_id, place, estimate in _in_turn(offers, asked or {}, seed):
        if not room.add(_cell(estimate.cell)):
            continue
        after = spent.plus(estimate.spent)
        if not budget.allows(after):
            return replace(allotted, is_cut=True)
        spent = after
        allotted.places.setdefault(doc_id, []).append(place)
    return allotted


def _in_turn(
    offers: Iterable[Offer], asked: Mapping[str, Collection[int]], seed: int
) -> Iterator[tuple[str, int, Estimate]]:
    """Yield document, place and estimate of what was not asked yet, one of each document in turn."""
    queues = {
        offer.doc_id: deque(
            (place, inquiry)
            for place, inquiry in enumerate(offer.inquiries)
            if place not in asked.get(offer.doc_id, ())
        )
        for offer in offers
    }
    names = sorted(queues)
    random.Random(seed).shuffle(names)
    while names:
        for name in names:
            if queues[name]:
                yield name, *queues[name].popleft()
        names = [name for name in names if queues[name]]


_cell = cache(parse_cell)
