import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.budgets import Budget, Offer, budget_of, share_out
from schemas.recipe import GenerateSection

OFFERS = st.dictionaries(st.text("abc", min_size=1), st.lists(st.integers(1, 50), max_size=8), max_size=6)


@pytest.mark.parametrize(
    ("engine", "given_requests", "expected"),
    [("local", None, 24), ("local", 3, 3), ("http://host/v1", None, None), ("http://host/v1", 0, 0)],
)
def test_only_the_local_engine_has_a_budget_by_default(engine, given_requests, expected):
    assert budget_of(GenerateSection(engine=engine, max_requests=given_requests)).requests == expected


@settings(max_examples=50)
@given(OFFERS, st.integers(0, 20), st.integers(0, 200), st.integers(0, 3))
def test_no_budget_is_passed_and_turns_are_fair(found, requests, tokens, seed):
    offers = [Offer(doc_id, tuple(costs)) for doc_id, costs in found.items()]
    quotas = share_out(offers, Budget(requests, tokens), seed)
    assert sum(quotas.values()) <= requests
    assert sum(sum(offer.tokens[: quotas[offer.doc_id]]) for offer in offers) <= tokens
    # Nobody gets a second turn more than one that has not used up its offer.
    waiting = [quotas[offer.doc_id] for offer in offers if quotas[offer.doc_id] < len(offer.tokens)]
    assert not waiting or max(quotas.values()) - min(waiting) <= 1
    assert quotas == share_out(reversed(offers), Budget(requests, tokens), seed)
