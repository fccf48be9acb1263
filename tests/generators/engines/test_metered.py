from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.engines.catalog import open_engine
from generators.engines.estimates import Estimate, estimate_of
from generators.engines.exchange import (
    Completion,
    EngineFailure,
    EngineOptions,
    Message,
    Request,
    Sampling,
    failure,
)
from generators.engines.metered import Ledger, Limits, Meter, MeteredEngine, Tariff
from generators.response_store import ResponseStore, StoredEngine
from schemas.errors import ReasonCode
from tests.generators.openai_server import Reply, answer, serving


@dataclass
class Counting:
    """An engine that keeps up to `capacity` requests in flight, and counts what each costs by its own table."""

    costs: dict[str, tuple[int, int] | ReasonCode]
    capacity: int = 4
    name: str = "counting"
    model: str = "counting"
    sees_images: bool = False
    sent: list[str] = field(default_factory=list)
    most: int = 0

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        source, flying = iter(requests), []
        for request in source:
            flying.append(request)
            self.sent.append(request.request_id)
            self.most = max(self.most, len(flying))
            if len(flying) == self.capacity:
                yield self._answer(flying.pop(0))
        yield from map(self._answer, flying)

    def close(self) -> None:
        pass

    def _answer(self, request: Request) -> Completion | EngineFailure:
        cost = self.costs.get(request.request_id, (10, 10))
        if isinstance(cost, ReasonCode):
            return failure(request.request_id, cost, "no", retryable=True)
        return Completion(request.request_id, "x", *cost, "stop", self.model)


def request(number: int, *, letters: int = 30, tokens: int = 16) -> Request:
    return Request(f"r{number}", (Message("user", "x" * letters),), Sampling(0.0, 1.0, tokens))


MOST = estimate_of(request(0))


def refused(results: list[Completion | EngineFailure]) -> list[str]:
    return [
        item.request_id
        for item in results
        if isinstance(item, EngineFailure) and item.reason_code is ReasonCode.BUDGET_SPENT and item.retryable
    ]


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        (Limits(), 10),
        (Limits(requests=3), 3),
        (Limits(requests=0), 0),
        (Limits(tokens=5 * 20 - 20 + MOST.tokens), 5),
        (Limits(tokens=MOST.tokens - 1), 0),
        (Limits(money=(3 * 20 - 20 + MOST.tokens) / 1e6), 3),
    ],
)
def test_sending_stops_before_the_budget_would_be_overspent(limits: Limits, sent: int) -> None:
    engine = Counting({})
    metered = MeteredEngine(engine, Meter(limits, Tariff(1.0, 1.0)))
    results = list(metered.complete(map(request, range(10))))
    assert (len(results), len(engine.sent), len(refused(results))) == (10, sent, 10 - sent)
    ledger = metered.meter.ledger
    assert ledger == Ledger(sent, 0, 0, 10 - sent, 10 * sent, 10 * sent, 0, pytest.approx(20 * sent / 1e6))


def test_the_engine_is_full_as_long_as_the_budget_is_far() -> None:
    engine = Counting({})
    list(MeteredEngine(engine, Meter(Limits(tokens=100_000))).complete(map(request, range(50))))
    assert engine.most == engine.capacity


def test_a_smaller_request_still_goes_when_a_large_one_finds_no_room() -> None:
    engine = Counting({})
    metered = MeteredEngine(engine, Meter(Limits(tokens=2 * MOST.tokens)))
    results = list(metered.complete([request(0), request(1, tokens=4096), request(2)]))
    assert (engine.sent, refused(results)) == (["r0", "r2"], ["r1"])


@pytest.mark.parametrize(
    ("reason", "spent"),
    [
        (ReasonCode.ENGINE_UNREACHABLE, 0),
        (ReasonCode.CONTEXT_TOO_LONG, 0),
        (ReasonCode.ENGINE_TIMEOUT, MOST.tokens),
        (ReasonCode.ENGINE_BAD_ANSWER, MOST.tokens),
    ],
)
def test_a_failure_that_may_have_been_charged_counts_as_its_estimate(reason: ReasonCode, spent: int) -> None:
    metered = MeteredEngine(Counting({"r0": reason}), Meter())
    list(metered.complete([request(0)]))
    ledger = metered.meter.ledger
    assert (ledger.requests, ledger.failed, ledger.tokens, ledger.estimated_tokens) == (1, 1, spent, spent)


def test_a_server_that_counts_nothing_is_charged_by_estimate() -> None:
    metered = MeteredEngine(Counting({"r0": (0, 0)}), Meter())
    list(metered.complete([request(0)]))
    assert metered.meter.ledger.estimated_tokens == MOST.tokens


def test_who_stops_listening_has_paid_for_what_was_in_flight() -> None:
    metered = MeteredEngine(Counting({}), Meter())
    results = metered.complete(map(request, range(9)))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert metered.meter.ledger == Ledger(4, 3, 0, 0, 10 + 3 * MOST.prompt_tokens, 10 + 3 * 16, 3 * MOST.tokens)
    assert metered.meter.book(Estimate(1, 1))


def test_two_engines_share_one_budget() -> None:
    meter = Meter(Limits(requests=5))
    writer, judge = MeteredEngine(Counting({}), meter), MeteredEngine(Counting({}), meter)
    first = list(writer.complete(map(request, range(3))))
    second = list(judge.complete(map(request, range(10, 14))))
    assert (refused(first), refused(second)) == ([], ["r12", "r13"])


def test_stored_answers_cost_nothing_and_a_rerun_needs_no_budget(tmp_path: Path) -> None:
    def script(body: dict[str, object], number: int) -> Reply:
        return answer("fine")

    ledgers = []
    with serving(script) as (url, log):
        for limits in (Limits(), Limits(requests=0)):
            engine = MeteredEngine(open_engine(url, EngineOptions(concurrency=2)), Meter(limits, Tariff(2.0, 6.0)))
            stored = StoredEngine(engine, ResponseStore(str(tmp_path)))
            different = [request(number, letters=30 + number) for number in range(6)]
            assert all(isinstance(result, Completion) for result in stored.complete(different))
            ledgers.append(engine.meter.ledger)
            stored.close()
    assert len(log.bodies) == 6
    assert ledgers[0] == Ledger(6, 0, 0, 0, 42, 18, 0, pytest.approx((42 * 2 + 18 * 6) / 1e6))
    assert ledgers[1] == Ledger()


@settings(max_examples=60)
@given(
    costs=st.lists(
        st.one_of(
            st.tuples(st.integers(1, MOST.prompt_tokens), st.integers(0, MOST.completion_tokens)),
            st.sampled_from([ReasonCode.ENGINE_TIMEOUT, ReasonCode.ENGINE_REFUSED]),
        ),
        max_size=12,
    ),
    limit=st.integers(0, 8 * MOST.tokens),
    capacity=st.integers(1, 5),
)
def test_no_order_of_costs_overspends_and_every_request_has_one_result(
    costs: list[tuple[int, int] | ReasonCode], limit: int, capacity: int
) -> None:
    engine = Counting({f"r{number}": cost for number, cost in enumerate(costs)}, capacity=capacity)
    metered = MeteredEngine(engine, Meter(Limits(tokens=limit)))
    results = list(metered.complete(map(request, range(len(costs)))))
    assert sorted(item.request_id for item in results) == sorted(f"r{number}" for number in range(len(costs)))
    ledger = metered.meter.ledger
    assert ledger.tokens <= limit
    if refused(results):
        # Nothing was refused that would have fitted beside what was really spent.
        assert ledger.tokens + MOST.tokens > limit
