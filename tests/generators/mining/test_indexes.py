from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.embedders.exchange import Embeddable, Vectors, unit_rows
from generators.engines.exchange import Picture
from generators.mining.dense import DenseIndex, build_dense, is_built
from generators.mining.lexical import LexicalIndex, build_lexical
from generators.mining.pool_file import Pool, write_pool
from generators.mining.reuse import Reusing
from generators.mining.structure import structural_neighbours
from schemas.errors import EngineError
from schemas.kinds import CandidateKind
from tests.generators.mining import pool_entries as made

TEXTS = ["The gauge of Kiel, read in May 2021", "Rain in Jena: 3,141.5 litres", "降水量は三月に多い", "", "— … —"]


class CountingEmbedder:
    """Embeds a text by its letters, and counts what it is asked; it can die, or change its dimension."""

    name = "counting/1"
    sees_images = False

    def __init__(self, *, dies_after: int | None = None, dimension: int = 26) -> None:
        self.embedded = 0
        self._dies_after = dies_after
        self._dimension = dimension

    def embed_queries(self, queries) -> Vectors:
        return self.embed_candidates([Embeddable(query) for query in queries])

    def embed_candidates(self, candidates) -> Vectors:
        if self._dies_after is not None and self.embedded >= self._dies_after:
            raise EngineError("the embedder is away")
        self.embedded += len(candidates)
        rows = np.zeros((len(candidates), self._dimension), dtype=np.float32)
        for row, item in enumerate(candidates):
            for letter in item.text.lower():
                if "a" <= letter <= "z":
                    rows[row, (ord(letter) - ord("a")) % self._dimension] += 1
        return unit_rows(rows, len(candidates), self.name)

    def close(self) -> None: ...


def test_a_pool_gives_back_what_was_written(tmp_path: Path) -> None:
    entries = [made.entry(f"passage-{number}", f"Text {number}", doc=f"d{number % 3}") for number in range(2500)]
    entries.append(made.entry("p0000/table1", "T", kind=CandidateKind.TABLE, headers="a | b", tied=("x",), family="f"))
    assert write_pool(tmp_path / "pool.arrow", iter(entries)) == 2501
    with Pool(tmp_path / "pool.arrow") as pool:
        assert len(pool) == 2501
        assert pool.entry(1700) == entries[1700]
        assert pool.entry(2500) == entries[2500]
        assert list(pool.texts()) == [entry.item.text for entry in entries]
        assert pool.rows["d1/passage-1700".replace("d1", "d2")] == 1700
        assert pool.by_document["doc"] == [2500]
        assert pool.by_headers == {"a | b": [2500]}
        assert (pool.kinds[0], pool.kinds[2500]) == (0, 1)


def test_an_empty_pool_is_a_pool(tmp_path: Path) -> None:
    assert write_pool(tmp_path / "pool.arrow", []) == 0
    with Pool(tmp_path / "pool.arrow") as pool:
        assert (len(pool), pool.rows, list(pool.texts())) == (0, {}, [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gauge in Kiel", [0, 1]),
        ("3,141.5", [1]),
        ("三月", [2]),
        ("2021", [0]),
        ("2022", []),
        ("nowhere", []),
        ("", []),
        ("RAIN", [1]),
    ],
)
def test_bm25_finds_words_numbers_and_signs(query: str, found: list[int], tmp_path: Path) -> None:
    build_lexical(tmp_path / "bm25", iter(TEXTS))
    assert [hit.row for hit in LexicalIndex(tmp_path / "bm25").search(query, 10)] == found


def test_dense_neighbours_are_the_nearest(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    texts = ["abc", "xyz", "abd", "zzz"]
    assert list(build_dense(tmp_path / "v", map(Embeddable, texts), 4, embedder)) == [4]
    scores = DenseIndex(tmp_path / "v", embedder.name).scores(embedder.embed_queries(["abc", "z"]))
    assert np.argsort(-scores[0]).tolist()[:2] == [0, 2]
    assert np.argmax(scores[1]) == 3
    assert scores[0, 0] == pytest.approx(1, abs=1e-3)


def test_an_interrupted_embedding_goes_on_where_it_stopped(tmp_path: Path) -> None:
    items = [Embeddable("abc"[: number % 3 + 1] + "q" * (number // 100)) for number in range(700)]
    first = CountingEmbedder(dies_after=512)
    with pytest.raises(EngineError, match="away"):
        list(build_dense(tmp_path / "v", iter(items), 700, first))
    with pytest.raises(EngineError, match="no index for"):
        DenseIndex(tmp_path / "v", first.name)
    second = CountingEmbedder()
    assert list(build_dense(tmp_path / "v", iter(items), 700, second)) == [576, 640, 700]
    assert second.embedded == 700 - 512
    assert is_built(tmp_path / "v", 700, second.name)
    whole = CountingEmbedder()
    list(build_dense(tmp_path / "w", iter(items), 700, whole))
    assert (tmp_path / "v" / "vectors.npy").read_bytes() == (tmp_path / "w" / "vectors.npy").read_bytes()


def test_an_embedder_that_changes_its_dimension_is_told_so(tmp_path: Path) -> None:
    items = [Embeddable("abc")] * 300
    with pytest.raises(EngineError):
        list(build_dense(tmp_path / "v", iter(items), 300, CountingEmbedder(dies_after=256)))
    with pytest.raises(EngineError, match="gave 7 dimensions and 26 before"):
        list(build_dense(tmp_path / "v", iter(items), 300, CountingEmbedder(dimension=7)))
    list(build_dense(tmp_path / "v", iter(items), 300, CountingEmbedder()))
    index = DenseIndex(tmp_path / "v", "counting/1")
    with pytest.raises(EngineError, match="7 dimensions, the pool 26"):
        index.scores(CountingEmbedder(dimension=7).embed_queries(["a"]))


def test_another_embedders_vectors_are_not_searched(tmp_path: Path) -> None:
    list(build_dense(tmp_path / "v", [Embeddable("abc")], 1, CountingEmbedder()))
    with pytest.raises(EngineError, match="no index for other/2"):
        DenseIndex(tmp_path / "v", "other/2")


def test_only_new_texts_are_embedded_beside_an_older_pool(tmp_path: Path) -> None:
    old = [made.entry(f"passage-{number}", text) for number, text in enumerate(["abc", "xyz", "abc"])]
    write_pool(tmp_path / "pool.arrow", old)
    first = CountingEmbedder()
    list(build_dense(tmp_path / "v", [Embeddable(entry.item.text) for entry in old], 3, first))
    second = CountingEmbedder()
    reusing = Reusing(second, [(tmp_path / "pool.arrow", tmp_path / "v")])
    items = [Embeddable("new"), Embeddable("xyz"), Embeddable("abc", Picture(b"png", "png")), Embeddable("abc")]
    vectors = reusing.embed_candidates(items)
    assert second.embedded == 2
    assert vectors == pytest.approx(CountingEmbedder().embed_candidates(items), abs=1e-3)
    assert vectors.shape == (4, 26)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.lists(st.floats(-5, 5, width=32), min_size=3, max_size=3), min_size=1, max_size=8))
def test_vectors_are_brought_to_unit_length(rows: list[list[float]]) -> None:
    lengths = np.linalg.norm(unit_rows(rows, len(rows), "e"), axis=1)
    assert all(length == pytest.approx(1, abs=1e-3) or length == 0 for length in lengths)


@pytest.mark.parametrize("vectors", [[[1.0, float("nan")]], [[1.0]] * 2, [1.0, 2.0]], ids=["nan", "too many", "flat"])
def test_what_is_no_row_a_text_is_refused(vectors) -> None:
    with pytest.raises(EngineError, match="gave vectors of shape"):
        unit_rows(vectors, 1, "e")


def test_structure_puts_like_tables_first(tmp_path: Path) -> None:
    positive = made.entry(
        "p0003/table1",
        "Table 2: Rain by town",
        kind=CandidateKind.TABLE,
        page=3,
        section=("1", "Rain"),
        headers="a | b",
    )
    entries = [
        positive,
        made.entry("p0003/table2", "Table 3: Snow by town", kind=CandidateKind.TABLE, page=3, section=("1", "Rain")),
        made.entry("passage-1", "Something", page=3, section=("1", "Rain")),
        made.entry("passage-2", "Far away", page=90, section=("9",)),
        made.entry("p0050/table1", "Table 9: Wind", kind=CandidateKind.TABLE, doc="other", headers="a | b"),
        made.entry("p0003", "the page", kind=CandidateKind.PAGE, page=3),
    ]
    write_pool(tmp_path / "pool.arrow", entries)
    with Pool(tmp_path / "pool.arrow") as pool:
        assert [hit.row for hit in structural_neighbours(pool, [positive], 10)] == [4, 1, 2]
        assert [hit.row for hit in structural_neighbours(pool, [positive], 1)] == [4]
        assert structural_neighbours(pool, [], 5) == []
