"""Pairs of candidates that share a word, and the patterns they make."""

from collections import Counter

from generators.limit_patterns import Pattern, SharedWord, arrange, shared_words
from generators.pools import PoolItem
from schemas.kinds import CandidateKind


def passage(name: str, text: str, *, doc_id: str = "d", page: int | None = None) -> PoolItem:
    place = page if page is not None else ord(name[-1])
    return PoolItem(name, CandidateKind.PASSAGE, doc_id, (), (place,), text)


def ring(names: str) -> list[SharedWord]:
    pairs = zip(names, names[1:] + names[0], strict=True)
    return [SharedWord(f"word{one}{other}", (min(one, other), max(one, other))) for one, other in pairs]


def words_of(*items: PoolItem) -> dict[tuple[str, str], str]:
    return {one.holders: one.word for one in shared_words(items)}


def test_a_word_that_two_have_and_no_third_in_any_form() -> None:
    found = words_of(
        passage("a", "quokkas eat leaves and berries"),
        passage("b", "wombats like quokkas and berries"),
        passage("c", "a wombat digs; one berries-eater"),
    )
    # Berries stand in three; wombat and wombats are one word, which two have in different forms.
    assert found == {("a", "b"): "quokkas"}


def test_a_pair_goes_by_its_longest_word() -> None:
    assert words_of(passage("b", "lemurs of Madagascar"), passage("a", "Madagascar, lemurs")) == {
        ("a", "b"): "Madagascar"
    }


def test_candidates_of_one_page_are_no_pair() -> None:
    one, other = passage("a", "quokkas", page=1), passage("b", "quokkas", page=1)
    assert words_of(one, other) == {}
    assert words_of(one, passage("b", "quokkas", page=1, doc_id="e")) == {("a", "b"): "quokkas"}


def test_a_ring_is_found_among_loose_ends() -> None:
    loose = [SharedWord("loose", ("a", "x")), SharedWord("looser", ("x", "y")), SharedWord("apart", ("v", "w"))]
    found = arrange([*ring("abcdef"), *loose], Pattern.CYCLE)
    assert sorted(one.holders for one in found) == sorted(one.holders for one in ring("abcdef"))


def test_there_is_no_cycle_in_a_tree() -> None:
    tree = [SharedWord("one", ("a", "b")), SharedWord("two", ("a", "c")), SharedWord("three", ("c", "d"))]
    assert arrange(tree, Pattern.CYCLE) == []


def test_disjoint_pairs_share_no_candidate() -> None:
    found = arrange(ring("abcdefgh"), Pattern.DISJOINT)
    assert max(Counter(name for one in found for name in one.holders).values()) == 1
    assert len(found) >= 3


def test_a_dense_pattern_keeps_the_candidates_with_the_most_pairs() -> None:
    close = [f"n{number:02}" for number in range(46)]
    clique = [SharedWord(f"{one}{other}", (one, other)) for one in close for other in close if one < other]
    loose = [SharedWord(f"loose{number}", (close[0], f"z{number}")) for number in range(100)]
    found = arrange([*loose, *clique], Pattern.DENSE, most=2000)
    assert {one.holders for one in found} == {one.holders for one in clique}


def test_patterns_are_the_same_every_time_and_bounded() -> None:
    shared = ring("abcdefghij")
    for pattern in Pattern:
        assert arrange(shared, pattern, most=4) == arrange(reversed(shared), pattern, most=4)
        assert len(arrange(shared, pattern, most=4)) <= 4
