"""A hard budget before an engine: what is sent is booked first, so that nothing in flight can overspend.

A request is sent when its upper estimate still fits beside what was spent and what is in flight; when its answer is
there, the estimate gives way to what the server counted. Put it behind the response store: what is found there never
comes here, and costs nothing.
"""

import dataclasses
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from generators.engines.estimates import Estimate, estimate_of
from generators.engines.exchange import Completion, Engine, EngineFailure, Request, failure
from generators.engines.layered import Layer
from schemas.errors import ReasonCode

_MILLION: Final = 1_000_000
# The server may have worked, and charged, all the same.
_MAYBE_PAID: Final = frozenset({ReasonCode.ENGINE_TIMEOUT, ReasonCode.ENGINE_BAD_ANSWER})


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a million tokens cost, in any one currency."""

    prompt_price: float = 0.0
    completion_price: float = 0.0

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return the price of so many tokens."""
        return (prompt_tokens * self.prompt_price + completion_tokens * self.completion_price) / _MILLION


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent at most; None means as much as there is."""

    requests: int | None = None
    tokens: int | None = None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was asked and spent.

    Args:
        requests: requests that went to the engine.
        failed: those of them that got no answer.
        cached: answers that came out of a store, and cost nothing.
        refused: requests that were not sent, for want of budget.
        prompt_tokens: as the server counted them, or as estimated where it did not.
        completion_tokens: likewise.
        estimated_tokens: those of both that nobody counted: the request timed out, or the server tells nothing.
        money: what it cost, by the tariff.
    """

    requests: int = 0
    failed: int = 0
    cached: int = 0
    refused: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated_tokens: int = 0
    money: float = 0.0

    @property
    def tokens(self) -> int:
        """Of prompts and answers."""
        return self.prompt_tokens + self.completion_tokens

    def plus(self, other: "Ledger") -> "Ledger":
        """Return the sum of both, field by field."""
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Ledger(*(one + two for one, two in pairs))


class Meter:
    """Books what engines spend against one budget; several engines and threads may share it.

    Args:
        limits: what may be spent.
        tariff: what tokens cost.
    """

    def __init__(self, limits: Limits | None = None, tariff: Tariff | None = None) -> None:
        self._limits = limits or Limits()
        self._tariff = tariff or Tariff()
        self._lock = threading.Lock()
        self._spent = Ledger()
        self._booked = Ledger()

    @property
    def ledger(self) -> Ledger:
        """What was spent until now; what is in flight is not in it."""
        with self._lock:
            return self._spent

    def book(self, estimate: Estimate) -> bool:
        """Book the most that a request may cost; return False, and book nothing, when there is no room for it."""
        most = self._entry(estimate)
        with self._lock:
            if not self._has_room(most):
                return False
            self._booked = self._booked.plus(most)
            return True

    def fits(self, estimate: Estimate) -> bool:
        """Say whether there is room for the most that a request may cost."""
        with self._lock:
            return self._has_room(self._entry(estimate))

    def settle(self, estimate: Estimate, result: Completion | EngineFailure | None) -> None:
        """Put what a booked request came to in the place of its estimate; None means that nobody waited for it."""
        with self._lock:
            self._booked = self._booked.plus(_negative(self._entry(estimate)))
            self._spent = self._spent.plus(self._paid(estimate, result))

    def refuse(self) -> None:
        """Count a request that was not sent."""
        with self._lock:
            self._spent = self._spent.plus(Ledger(refused=1))

    def _entry(self, estimate: Estimate) -> Ledger:
        prompt, answer = estimate.prompt_tokens, estimate.completion_tokens
        money = self._tariff.cost(prompt, answer)
        return Ledger(requests=1, prompt_tokens=prompt, completion_tokens=answer, money=money)

    def _paid(self, estimate: Estimate, result: Completion | EngineFailure | None) -> Ledger:
        if isinstance(result, Completion):
            return self._answered(estimate, result)
        if result is not None and result.reason_code not in _MAYBE_PAID:
            return Ledger(requests=1, failed=1)
        return dataclasses.replace(self._entry(estimate), failed=1, estimated_tokens=estimate.tokens)

    def _answered(self, estimate: Estimate, completion: Completion) -> Ledger:
        if completion.cached:
            return Ledger(cached=1)
        counted = completion.prompt_tokens > 0
        prompt = completion.prompt_tokens if counted else estimate.prompt_tokens
        answer = completion.completion_tokens if counted else estimate.completion_tokens
        entry = self._entry(Estimate(prompt, answer))
        return entry if counted else dataclasses.replace(entry, estimated_tokens=prompt + answer)

    def _has_room(self, most: Ledger) -> bool:
        ledger = self._spent.plus(self._booked).plus(most)
        pairs = (
            (ledger.requests, self._limits.requests),
            (ledger.tokens, self._limits.tokens),
            (ledger.money, self._limits.money),
        )
        return all(limit is None or spent <= limit for spent, limit in pairs)


class MeteredEngine(Layer):
    """Any engine, with a budget before it. What the budget has no room for is a failure that may be retried.

    Closing it closes the engine.

    Args:
        engine: who answers.
        meter: the budget.
    """

    def __init__(self, engine: Engine, meter: Meter) -> None:
        super().__init__(engine)
        self.meter = meter

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield one result a request.

        Near the end of the budget the engine is let run empty, so that estimates give way to what was really spent
        before anything is refused.
        """
        turnstile = Turnstile(self.meter, requests)
        try:
            while turnstile.has_more():
                for result in self.engine.complete(turnstile.admitted()):
                    turnstile.settle(result)
                    yield result
                yield from turnstile.refused()
        finally:
            turnstile.close()


class Turnstile:
    """The requests of one call to a `MeteredEngine`: who was let through, and who waits for room."""

    def __init__(self, meter: Meter, requests: Iterable[Request]) -> None:
        self._meter = meter
        self._requests = iter(requests)
        self._flying: dict[str, Estimate] = {}
        self._next: Request | None = None
        self._is_over = False

    def has_more(self) -> bool:
        """Say whether there is a request that was neither let through nor refused."""
        if self._next is None and not self._is_over:
            self._next = next(self._requests, None)
            self._is_over = self._next is None
        return self._next is not None

    def admitted(self) -> Iterator[Request]:
        """Let requests through until one finds no room beside those in flight."""
        while self.has_more():
            request = self._next
            assert request is not None  # has_more says so
            estimate = estimate_of(request)
            if not self._meter.book(estimate):
                return
            self._next = None
            self._flying[request.request_id] = estimate
            yield request

    def settle(self, result: Completion | EngineFailure) -> None:
        """Book what a request came to."""
        self._meter.settle(self._flying.pop(result.request_id), result)

    def refused(self) -> Iterator[EngineFailure]:
        """Refuse what finds no room although nothing of this call is in flight any more."""
        while self.has_more():
            request = self._next
            assert request is not None  # has_more says so
            if self._meter.fits(estimate_of(request)):
                return
            self._next = None
            self._meter.refuse()
            yield failure(request.request_id, ReasonCode.BUDGET_SPENT, _SPENT, retryable=True)

    def close(self) -> None:
        """Book what was in flight when nobody wanted the answers any more."""
        for estimate in self._flying.values():
            self._meter.settle(estimate, None)
        self._flying = {}


_SPENT: Final = "not sent: the budget has no room for it; raise it, and run the same command again"


def _negative(ledger: Ledger) -> Ledger:
    return Ledger(*(-value for value in dataclasses.astuple(ledger)))
