import random
from dataclasses import replace

import pytest

from generators.bundles import Bundle, BundleKind
from generators.document_view import DocumentView
from generators.tie_keys import TieKind
from generators.ties import choose_across, pair_up, ties_of
from tests.generators.tied_corpus import LICENCE, chatter, document, table

AIRPORT = (
    "The Zephyr Lakes airport handled 4,210 flights last summer, while its baggage carousel broke down twice and the "
    "control tower of Zephyr Lakes was rebuilt by local masons who had never seen a Kestrel-9 radar before."
)
RADAR = (
    "Engineers tuned the Kestrel-9 radar for months until the baggage carousel signal vanished, and then they moved on "
    "to the coastal stations near Zephyr Lakes where the wind never stops and nobody complains about the noise."
)
THEMES = (
    "For years the institute looked into quorum sensing among the cells of Vibrio harveyi, and it found that the light "
    "of a colony grows with the square of its number as long as there is food enough for all of them.",
    "Nobody in the valley had heard of Vibrio harveyi when the fishermen saw the sea glow; a teacher then explained to "
    "them how quorum sensing works, and they have told their children ever since, in one way or another.",
)


def corpus() -> list[DocumentView]:
    others = (document(f"c{number}", chatter(10 + number), chatter(40 + number), LICENCE) for number in range(12))
    return [*tied(), *others]


def tied(family: str | None = None) -> list[DocumentView]:
    return [
        document("a", AIRPORT, THEMES[0], LICENCE, *map(chatter, range(100, 106)), family=family),
        document("b", RADAR, THEMES[1], *map(chatter, range(206, 212)), LICENCE, family=family),
    ]


def across(views: list[DocumentView], seed: int = 0) -> list[Bundle]:
    return choose_across([tie for view in views for tie in ties_of(view)], seed=seed)


def test_passages_that_share_rare_names_and_phrases_are_tied() -> None:
    bundles = across(corpus())
    found = next(bundle for bundle in bundles if bundle.evidence == ("a/p0000/paragraph1", "b/p0000/paragraph1"))
    assert (found.kind, found.doc_ids) == (BundleKind.ACROSS, ("a", "b"))
    assert {"zephyr lak", "kestrel-9 radar"} <= set(found.ties)


def test_boilerplate_ties_nothing() -> None:
    licences = {element.element_id for view in corpus() for element in view.elements if element.text == LICENCE}
    assert not {element for bundle in across(corpus()) for element in bundle.evidence} & licences


def test_the_same_text_in_two_documents_is_no_tie() -> None:
    views = [document("a", AIRPORT, chatter(1)), document("b", AIRPORT, chatter(2))]
    assert across(views) == []


def test_documents_of_a_family_and_other_states_of_one_are_not_tied() -> None:
    assert across(tied()) != []
    assert across(tied(family="f")) == []
    texts = [f"{AIRPORT} {chatter(number)}" for number in range(20)]
    states = [document("a", *texts), document("b", *(text.replace("twice", "thrice") for text in texts))]
    assert across(states) == []


@pytest.mark.parametrize("change", [{"domain": "law"}, {"language": "fr"}])
def test_documents_of_another_domain_or_language_are_not_tied(change: dict[str, str]) -> None:
    one, other = tied()
    moved = DocumentView(replace(other.document, **change), other.pages.values(), other.elements)
    assert across([one, moved]) == []


def test_tables_are_tied_by_their_headers_whatever_their_order() -> None:
    one = table("Table 1: Harvest of Bacillus subtilis", ("Reactor", "Biomass", "Yield (g)"), ("North", "4", "7"))
    two = table("Table 9: Broth of Vibrio harveyi", ("Yield (kg)", "Reactor", "Biomass"), ("South", "4", "7"))
    views = [
        document(
            view.document.doc_id,
            *(element.text for element in view.elements if element.text != LICENCE),
            tables=(held,),
        )
        for view, held in zip(tied(), (one, two), strict=True)
    ]
    found = next(bundle for bundle in across(views) if "table" in bundle.evidence[0])
    assert found.evidence == ("a/p0001/table1", "b/p0001/table1")
    assert found.context == ("a/p0001/caption1", "b/p0001/caption1")


def test_neither_order_nor_cut_changes_the_bundles_and_the_seed_alone_decides_between_equals() -> None:
    views = corpus()
    ties = [tie for view in views for tie in ties_of(view)]
    shuffled = random.Random(1).sample(ties, len(ties))
    assert choose_across(shuffled, seed=3) == choose_across(ties, seed=3)
    assert {bundle.bundle_id for bundle in across(views, seed=1)} == {
        bundle.bundle_id for bundle in across(views, seed=2)
    }


def yearbook(name: str, year: int, value: int) -> DocumentView:
    rows = (("Country", "Retail sales (million euros)"), ("Austria", f"{value}.5"), ("Belgium", f"{value + 7}.5"))
    tables = (table(f"Table 1: Grocery retailing by country, {year}", *rows),)
    return document(name, chatter(year), tables=tables, title=f"Retailing in Europe, {year}")


def test_tables_that_can_be_joined_are_tied_though_nothing_else_is_shared() -> None:
    assert [bundle.evidence for bundle in across([yearbook("a", 2001, 30), yearbook("b", 2009, 51)])] == [
        ("a/p0001/table1", "b/p0001/table1")
    ]


def test_of_many_tables_that_can_be_joined_each_is_paired_with_the_next_alone() -> None:
    views = [yearbook(f"d{number:02}", 2000 + number, 20 + 3 * number) for number in range(12)]
    ties = [tie for view in views for tie in ties_of(view) if tie.kind == TieKind.JOIN]
    keys = {tie.key for tie in ties}
    assert len(keys) == 2
    for key in keys:
        assert len(pair_up([tie for tie in ties if tie.key == key])) == 11
    assert len(across(views)) == 11


def test_a_key_of_many_documents_gives_no_candidates() -> None:
    views = [document(f"d{number}", f"{AIRPORT} {chatter(number)}") for number in range(12)]
    held = [tie for view in views for tie in ties_of(view) if tie.key == "zephyr lak"]
    assert len(held) == 12
    assert pair_up(held) == []
    assert len(pair_up(held[:4])) == 6
