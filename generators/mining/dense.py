"""Exact nearest neighbours over a pool's embeddings, which lie on disk in half precision and are mapped."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib.format import open_memmap

from generators.embedders.exchange import Embeddable, Embedder, Vectors
from schemas.errors import EngineError

_VECTORS: Final = "vectors.npy"
_STATE: Final = "state.json"
_BATCH: Final = 64
_BLOCK_ROWS: Final = 16_384
_DIGITS: Final = 5


class DenseIndex:
    """The vectors of a pool, written by `build_dense`; only the same embedder's queries may search it."""

    def __init__(self, folder: Path, embedder: str) -> None:
        """Map the vectors.

        Raises:
            EngineError: they are another embedder's, or not all there.
        """
        state = json.loads((folder / _STATE).read_text())
        if state["embedder"] != embedder or state["done"] != state["rows"]:
            raise EngineError(f"{folder}: the vectors of {state['embedder']} are no index for {embedder}")
        self._vectors = np.load(folder / _VECTORS, mmap_mode="r")

    @property
    def rows(self) -> int:
        """How many candidates there are."""
        return int(self._vectors.shape[0])

    def row(self, number: int) -> Vectors:
        """Return one candidate's vector as it is stored."""
        return np.asarray(self._vectors[number], dtype=np.float32)

    def scores(self, queries: Vectors) -> Vectors:
        """Return the cosine of every query with every row, one query a row.

        Raises:
            EngineError: the queries have another dimension than the pool.
        """
        rows, dimension = self._vectors.shape
        if queries.shape[1] != dimension:
            raise EngineError(
                f"the queries have {queries.shape[1]} dimensions, the pool {dimension}: another model answers"
            )
        found = np.empty((len(queries), rows), dtype=np.float32)
        for start in range(0, rows, _BLOCK_ROWS):
            block = np.asarray(self._vectors[start : start + _BLOCK_ROWS], dtype=np.float32)
            found[:, start : start + len(block)] = queries @ block.T
        # The last bits depend on the processor; ranks and margins shall not.
        return np.round(found, _DIGITS, out=found)


def build_dense(folder: Path, candidates: Iterable[Embeddable], rows: int, embedder: Embedder) -> Iterator[int]:
    """Embed candidates in the order given, and yield how many are done after each batch.

    What an earlier, interrupted run has embedded is not embedded again.

    Args:
        folder: where the vectors go; made if need be.
        candidates: all of the pool, in the order of its rows.
        rows: how many there are.
        embedder: gives the vectors.

    Raises:
        EngineError: the embedder is away, or changed its dimension; what is done stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = _done(folder, rows, embedder.name)
    rest = islice(iter(candidates), done, None)
    while batch := list(islice(rest, _BATCH)):
        vectors = embedder.embed_candidates(batch)
        stored = _open(folder, rows, vectors.shape[1])
        stored[done : done + len(batch)] = vectors
        stored.flush()
        done += len(batch)
        _write_state(folder, rows, done, embedder.name)
        yield done
    _write_state(folder, rows, done, embedder.name)


def is_built(folder: Path, rows: int, embedder: str) -> bool:
    """Say whether all vectors of a pool are there."""
    return _done(folder, rows, embedder) == rows


def is_whole(folder: Path) -> bool:
    """Say whether a folder holds all vectors of some pool."""
    if not (folder / _STATE).exists() or not (folder / _VECTORS).exists():
        return False
    state = json.loads((folder / _STATE).read_text())
    return bool(state["done"] == state["rows"])


def _done(folder: Path, rows: int, embedder: str) -> int:
    if not (folder / _STATE).exists() or not (folder / _VECTORS).exists():
        return 0
    state = json.loads((folder / _STATE).read_text())
    return int(state["done"]) if (state["rows"], state["embedder"]) == (rows, embedder) else 0


def _open(folder: Path, rows: int, dimension: int) -> Any:
    path = folder / _VECTORS
    if not path.exists() or not _done(folder, rows, _embedder(folder)):
        return open_memmap(path, mode="w+", dtype=np.float16, shape=(rows, dimension))  # type: ignore[no-untyped-call]
    stored = open_memmap(path, mode="r+")  # type: ignore[no-untyped-call]
    if stored.shape != (rows, dimension):
        raise EngineError(
            f"{folder}: the embedder gave {dimension} dimensions and {stored.shape[1]} before; another model answers "
            "now. Remove that folder to embed anew"
        )
    return stored


def _embedder(folder: Path) -> str:
    path = folder / _STATE
    return str(json.loads(path.read_text())["embedder"]) if path.exists() else ""


def _write_state(folder: Path, rows: int, done: int, embedder: str) -> None:
    aside = folder / f".{_STATE}"
    aside.write_text(json.dumps({"embedder": embedder, "rows": rows, "done": done}))
    aside.replace(folder / _STATE)
