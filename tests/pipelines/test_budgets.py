import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.engines.metered import Tariff
from pipelines.beam_options import APART
from pipelines.budgets import Budget, Estimate, Offer, Spent, Usage, budget_of, share_out
from schemas.cells import parse_cell
from schemas.recipe import GenerateSection

OFFERS = st.dictionaries(st.text("abc", min_size=1), st.lists(st.integers(1, 50), max_size=8), max_size=6)


@pytest.mark.parametrize(
    ("engine", "given_requests", "expected"),
    [("local", None, 24), ("local", 3, 3), ("http://host/v1", None, None), ("http://host/v1", 0, 0)],
)
def test_only_the_local_engine_has_a_budget_by_default(engine, given_requests, expected):
    assert budget_of(GenerateSection(engine=engine, max_requests=given_requests)).requests == expected


def offer(doc_id, costs, cell="comparison/table/one"):
    return Offer(doc_id, tuple(Estimate(cell, 1, cost - cost // 3, cost // 3) for cost in costs))


@settings(max_examples=50)
@given(OFFERS, st.integers(0, 20), st.integers(0, 200), st.integers(0, 3))
def test_no_budget_is_passed_and_turns_are_fair(found, requests, tokens, seed):
    offers = [offer(doc_id, costs) for doc_id, costs in found.items()]
    allotted = share_out(offers, Budget(requests, tokens), seed)
    places = {one.doc_id: allotted.places.get(one.doc_id, []) for one in offers}
    assert allotted.number <= requests
    assert sum(found[doc_id][place] for doc_id, chosen in places.items() for place in chosen) <= tokens
    # Nobody gets a second turn more than one that has not used up its offer.
    waiting = [len(places[one.doc_id]) for one in offers if len(places[one.doc_id]) < len(one.inquiries)]
    assert not waiting or max(map(len, places.values())) - min(waiting) <= 1
    assert allotted == share_out(reversed(offers), Budget(requests, tokens), seed)


@settings(max_examples=50)
@given(OFFERS, st.integers(0, 30), st.integers(0, 200))
def test_what_was_asked_is_not_asked_again_and_what_was_spent_counts(found, tokens, spent):
    offers = [offer(doc_id, costs) for doc_id, costs in found.items()]
    first = share_out(offers, Budget(tokens=tokens), 0)
    asked = {doc_id: set(places) for doc_id, places in first.places.items()}
    second = share_out(offers, Budget(tokens=200), 0, spent=Spent(prompt_tokens=spent), asked=asked)
    assert all(place not in asked.get(doc_id, ()) for doc_id, places in second.places.items() for place in places)
    used = sum(found[doc_id][place] for doc_id, places in second.places.items() for place in places)
    assert spent + used <= 200 or not used


def test_money_counts_both_sides_of_a_request():
    budget = Budget(cost=0.001, tariff=Tariff(1.0, 4.0))
    assert budget.allows(Spent(1, 600, 100))
    assert not budget.allows(Spent(1, 600, 101))
    allotted = share_out([offer("a", [900, 900])], Budget(cost=0.002, tariff=Tariff(1.0, 4.0)), 0)
    assert (allotted.places, allotted.is_cut) == ({"a": [0]}, True)


def test_only_what_is_wanted_is_asked_for():
    offers = [offer("a", [9, 9, 9]), offer("b", [9, 9], "summarization/text/one")]
    wanted = {parse_cell("comparison"): 2}
    assert share_out(offers, Budget(), 0, wanted=wanted).places == {"a": [0, 1]}
    assert share_out(offers, Budget(), 0, wanted={}).places == {}
    assert share_out(offers, Budget(), 0).number == 5


def test_usage_is_read_from_what_workers_count():
    counts = {f"{APART}asked": 3, f"{APART}prompt tokens": 30, f"{APART}paid requests": 1, "requests": 9}
    usage = Usage.of(counts).plus(Usage.of(counts))
    assert (usage.asked, usage.paid) == (Spent(6, 60, 0), Spent(2, 0, 0))
