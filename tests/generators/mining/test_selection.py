import pytest

from generators.mining.guards import guarded
from generators.mining.ranking import Fused
from generators.mining.selection import Margin, Query, Quotas, fill, sift
from schemas.kinds import CandidateKind, NegativeKind
from schemas.triplets import MinerScore
from tests.generators.mining import pool_entries as made

POSITIVE = made.entry("p0000/table1", "Rain", kind=CandidateKind.TABLE, elements=("doc/p0000/table1",))
QUERY = Query(
    guarded(made.question(answer="12 litres", quote="In May, 12 litres of rain fell in Kiel."), [POSITIVE]),
    best_rank=4,
    positive_scores={"dense": 0.8},
)


def _pool(*kinds: str):
    """Return entries: t for a table, p for a passage, c for a passage that contradicts, x for one with the evidence."""
    texts = {"c": "In May, 15 litres of rain fell in Kiel."}
    elements = {"x": ("doc/p0000/table1",)}
    return [
        made.entry(
            f"{number}{kind}",
            texts.get(kind, f"Words {number} of another thing"),
            kind=CandidateKind.TABLE if kind == "t" else CandidateKind.PASSAGE,
            elements=elements.get(kind, ()),
        )
        for number, kind in enumerate(kinds)
    ]


def _ranked(count: int, *, dense: dict[int, float] | None = None, structure: tuple[int, ...] = ()) -> list[Fused]:
    scores = dense or {}
    return [
        Fused(
            row,
            1 / (60 + row),
            (
                *([MinerScore("dense", scores[row], row + 1)] if row in scores else []),
                *([MinerScore("structure", 1.0, 1)] if row in structure else []),
            ),
        )
        for row in range(count)
    ]


def _names(negatives) -> list[tuple[str, str]]:
    return [(item.candidate_id.rpartition("/")[2], item.negative.value) for item in negatives]


def test_special_kinds_come_first_and_the_rest_by_rank() -> None:
    pool = _pool("p", "t", "p", "c", "p", "t", "x", "t", "p")
    quotas = Quotas(total=6, wrong_modality=1, low_ranked=1, structure=1, contradiction=1, last_rank=7, low_rank=8)
    sifted = sift(QUERY, _ranked(9, structure=(5,)), pool.__getitem__, quotas=quotas)
    assert [item.reason for item in sifted.rejected] == ["names_evidence"]
    assert _names(fill(QUERY, sifted.sound, quotas)) == [
        ("0p", "wrong_modality"),
        ("1t", "ranked"),
        ("2p", "ranked"),
        ("3c", "contradiction"),
        ("5t", "structure"),
        ("7t", "low_ranked"),
    ]


def test_a_wrong_modality_counts_only_above_the_positive() -> None:
    pool = _pool("t", "t", "t", "t", "p", "p")
    quotas = Quotas(total=6, wrong_modality=2, low_ranked=0, structure=0, contradiction=0)
    sifted = sift(QUERY, _ranked(6), pool.__getitem__, quotas=quotas)
    assert NegativeKind.WRONG_MODALITY.value not in {kind for _, kind in _names(fill(QUERY, sifted.sound, quotas))}


def test_the_first_ranks_can_be_passed_over() -> None:
    quotas = Quotas(total=2, wrong_modality=0, low_ranked=0, structure=0, contradiction=0, first_rank=3)
    sifted = sift(QUERY, _ranked(5), _pool(*"ttttt").__getitem__, quotas=quotas)
    assert _names(fill(QUERY, sifted.sound, quotas)) == [("2t", "ranked"), ("3t", "ranked")]


def test_each_kind_keeps_to_its_own_number() -> None:
    quotas = Quotas(
        total=5, wrong_modality=2, low_ranked=0, structure=0, contradiction=0, kinds={CandidateKind.TABLE: 1}
    )
    sifted = sift(QUERY, _ranked(8), _pool(*"tttptppp").__getitem__, quotas=quotas)
    assert _names(fill(QUERY, sifted.sound, quotas)) == [
        ("0t", "ranked"),
        ("3p", "ranked"),
        ("5p", "ranked"),
        ("6p", "ranked"),
        ("7p", "ranked"),
    ]


def test_no_more_than_asked_for_and_none_twice() -> None:
    quotas = Quotas(total=3, wrong_modality=5, low_ranked=5, structure=5, contradiction=5, low_rank=1)
    sifted = sift(QUERY, _ranked(20, structure=tuple(range(20))), _pool(*"ptc" * 7).__getitem__, quotas=quotas)
    found = _names(fill(QUERY, sifted.sound, quotas))
    assert len(found) == 3
    assert len(set(found)) == 3


@pytest.mark.parametrize(
    ("margin", "kept"),
    [
        (Margin("dense", relative=0.95), [1, 2, 3, 4]),
        (Margin("dense", relative=1.0), [0, 1, 2, 3, 4]),
        (Margin("dense", relative=1.0, absolute=0.3), [3, 4]),
        (Margin("other", relative=0.1), [0, 1, 2, 3, 4]),
    ],
)
def test_a_candidate_stays_under_the_positive(margin: Margin, kept: list[int]) -> None:
    dense = {0: 0.79, 1: 0.76, 2: 0.6, 3: 0.5}
    sifted = sift(QUERY, _ranked(5, dense=dense), _pool(*"ttttt").__getitem__, quotas=Quotas(), margins=[margin])
    assert [item.rank - 1 for item in sifted.sound] == kept
    assert {item.reason for item in sifted.rejected} <= {"over_margin"}


def test_a_positive_without_similarity_sets_no_relative_margin() -> None:
    assert Margin("dense", relative=0.5).allows(-0.2, -0.1)
    assert not Margin("dense", relative=0.5).allows(0.0, -0.1)


def test_a_model_that_gives_much_to_everything_is_measured_from_its_mean() -> None:
    assert not Margin("dense", relative=0.95).allows(0.82, 0.86)
    assert Margin("dense", relative=0.95).allows(0.82, 0.86, mean=0.75)
    assert not Margin("dense", relative=0.95).allows(0.859, 0.86, mean=0.75)
    query = Query(QUERY.known, 1, {"dense": 0.86}, {"dense": 0.75})
    ranked = _ranked(3, dense={0: 0.859, 1: 0.82, 2: 0.78})
    sifted = sift(query, ranked, _pool(*"ttt").__getitem__, quotas=Quotas(), margins=[Margin("dense")])
    assert [item.rank for item in sifted.sound] == [2, 3]


def test_looking_ends_when_nothing_more_is_wanted() -> None:
    looked: list[int] = []
    pool = _pool(*"t" * 100)
    quotas = Quotas(total=5, low_ranked=1, last_rank=20, low_rank=10)
    sift(QUERY, _ranked(100), lambda row: looked.append(row) or pool[row], quotas=quotas)
    assert len(looked) == 20
