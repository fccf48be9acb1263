import random

import pytest

from generators.families import containment, find_families, print_document, shingles

WORDS = [f"word{number}" for number in range(3000)]


def _text(seed: int, length: int) -> str:
    chooser = random.Random(seed)
    return " ".join(chooser.choice(WORDS) for _ in range(length))


def _families(texts: dict[str, str], pictures: dict[str, list[int]] | None = None) -> dict[str, str]:
    found = {name: shingles([text]) for name, text in texts.items()}
    prints = [print_document(name, found[name], (pictures or {}).get(name, ())) for name in sorted(texts, reverse=True)]
    return find_families(prints, found)


def _typos(text: str, share: float) -> str:
    chooser = random.Random(9)
    return " ".join("typo" if chooser.random() < share else word for word in text.split())


@pytest.mark.parametrize(
    ("other", "is_family"),
    [
        (_text(1, 800), True),
        (_typos(_text(1, 800), 0.03), True),
        (_typos(_text(1, 800), 0.4), False),
        (_text(1, 800) + " " + _text(2, 700), True),
        (" ".join(_text(1, 800).split()[100:220]), True),
        (_text(2, 800), False),
        (" ".join(_text(1, 800).split()[:20]) + " " + _text(3, 780), False),
        (" ".join(reversed(_text(1, 800).split())), False),
        ("", False),
    ],
    ids=["same", "reprint", "rewritten", "longer", "excerpt", "other", "same cover", "shuffled", "empty"],
)
def test_documents_of_mostly_the_same_words_are_a_family(other: str, is_family: bool) -> None:
    texts = {"a": _text(1, 800), "b": other, **{f"z{seed}": _text(seed, 300) for seed in range(20, 40)}}
    families = _families(texts)
    assert (families["a"] == families["b"]) is is_family
    assert families["a"] == "a"
    assert all(families[name] == name for name in texts if name.startswith("z"))


def test_a_family_takes_in_who_is_like_any_of_it() -> None:
    first, second, third = _text(1, 400), _text(2, 400), _text(3, 400)
    families = _families({"c": f"{first} {second}", "b": first, "d": second, "a": third})
    assert families == {"a": "a", "b": "b", "c": "b", "d": "b"}


def test_years_keep_documents_apart_when_all_else_differs_too() -> None:
    assert containment(shingles(["a b c d 2021"]), shingles(["a b c d 2022"])) == 0


@pytest.mark.parametrize(
    ("flipped", "is_family"), [(0, True), (12, True), (90, False)], ids=["same scan", "scanned again", "other page"]
)
def test_scans_are_compared_by_their_pictures(flipped: int, is_family: bool) -> None:
    chooser = random.Random(5)
    pages = [chooser.getrandbits(256) for _ in range(4)]
    again = [page ^ sum(1 << bit for bit in chooser.sample(range(256), flipped)) for page in pages]
    families = _families({"a": "", "b": "", "c": ""}, {"a": pages, "b": again[:2], "c": [chooser.getrandbits(256)]})
    assert (families["a"] == families["b"]) is is_family
    assert families["c"] == "c"


def test_one_page_in_common_is_not_enough() -> None:
    chooser = random.Random(6)
    shared = chooser.getrandbits(256)
    pictures = {name: [shared, *(chooser.getrandbits(256) for _ in range(4))] for name in ("a", "b")}
    assert _families({"a": "", "b": ""}, pictures) == {"a": "a", "b": "b"}


def test_nothing_gives_nothing() -> None:
    assert find_families([], {}) == {}
