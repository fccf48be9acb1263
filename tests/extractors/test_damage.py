import random
from collections import Counter
from pathlib import Path

import pytest

from bench.damage import DAMAGES, damage, laid_open, outcome
from extractors.options import ExtractOptions
from schemas.recipe import Profile

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "tests" / "data" / "jose-00265.pdf"
VIGNETTE = ROOT / "examples" / "pdfs" / "HSAUR3-missing-values.pdf"
OPTIONS = ExtractOptions(profile=Profile.FAST, page_dpi=36, crop_dpi=36)


@pytest.fixture(scope="module")
def files() -> tuple[bytes, ...]:
    packed = PAPER.read_bytes(), VIGNETTE.read_bytes()
    return (*packed, *map(laid_open, packed))


@pytest.mark.parametrize("kind", sorted(DAMAGES))
def test_each_kind_of_damage_is_survived(kind: str, files: tuple[bytes, ...]) -> None:
    for number, pdf in enumerate(files):
        damaged = DAMAGES[kind](pdf, random.Random(f"{kind}-{number}"))
        assert damaged != pdf
        end, wrong = outcome(damaged, OPTIONS)
        assert not wrong, f"{kind} of file {number} ends as {end}: {wrong}"


def test_damage_is_the_same_for_the_same_seed(files: tuple[bytes, ...]) -> None:
    first, second = (damage(files[0], random.Random(7)) for _ in range(2))
    assert first == second


@pytest.mark.integration
def test_much_damage_is_survived(files: tuple[bytes, ...]) -> None:
    ends: Counter[str] = Counter()
    for number in range(600):
        chance = random.Random(f"long-{number}")
        kind, damaged = damage(chance.choice(files), chance)
        end, wrong = outcome(damaged, OPTIONS)
        assert not wrong, f"{kind} number {number} ends as {end}: {wrong}"
        ends[end] += 1
    assert {"extracted", "damaged"} <= ends.keys()
