"""Sharing a budget of engine requests out over documents, before the first one is asked.

What is asked depends on the corpus, the seed and the budget alone, never on which answer came first: the same run again
asks the same requests, and finds them all answered.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generators.engines.exchange import Request
from schemas.recipe import GenerateSection

_CHARACTERS_PER_TOKEN: Final = 3
_TOKENS_PER_PICTURE: Final = 1500
_LOCAL_REQUESTS: Final = 24


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may ask; None means as much as there is."""

    requests: int | None = None
    tokens: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is no limit."""
        return self.requests is None and self.tokens is None


@dataclass(frozen=True, slots=True)
class Offer:
    """What each request of a document would cost at most, in tokens, in the order in which they would be asked."""

    doc_id: str
    tokens: tuple[int, ...]


def budget_of(recipe: GenerateSection) -> Budget:
    """Return the budget of a recipe; the embedded engine, which is slow, has one by default."""
    default = _LOCAL_REQUESTS if recipe.engine == "local" else None
    return Budget(default if recipe.max_requests is None else recipe.max_requests, recipe.max_total_tokens)


def most_tokens(request: Request) -> int:
    """Return an upper estimate of the tokens of a request and its answer."""
    characters = sum(len(message.text) for message in request.messages)
    pictures = sum(len(message.images) for message in request.messages)
    return characters // _CHARACTERS_PER_TOKEN + pictures * _TOKENS_PER_PICTURE + request.sampling.max_tokens


def share_out(offers: Iterable[Offer], budget: Budget, seed: int) -> dict[str, int]:
    """Return how many of its first requests each document may ask: documents take turns until the budget is spent.

    >>> share_out([Offer("a", (9, 9, 9)), Offer("b", (9,))], Budget(requests=3), 0)
    {'a': 2, 'b': 1}
    """
    tokens = {offer.doc_id: offer.tokens for offer in offers}
    quotas = dict.fromkeys(sorted(tokens), 0)
    asked = spent = 0
    for doc_id, cost in _in_turn(tokens, seed):
        is_full = budget.requests is not None and asked >= budget.requests
        if is_full or (budget.tokens is not None and spent + cost > budget.tokens):
            break
        asked, spent = asked + 1, spent + cost
        quotas[doc_id] += 1
    return quotas


def _in_turn(tokens: Mapping[str, tuple[int, ...]], seed: int) -> Iterator[tuple[str, int]]:
    names = sorted(tokens)
    random.Random(seed).shuffle(names)
    for turn in range(max(map(len, tokens.values()), default=0)):
        for name in names:
            if turn < len(tokens[name]):
                yield name, tokens[name][turn]
