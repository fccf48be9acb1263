"""What mining costs: pools of several sizes made of real sentences, searched by as many queries as wanted.

    python bench/mining.py WORKSPACE --pools 1000 10000 100000 --queries 1000 --dense

The sentences are those of the workspace's passages, put together anew at random, so that words have their real
frequencies and no two candidates are the same. Each size runs in a process of its own, which tells its peak memory;
times are seconds of one core, so that a busy machine does not change them. With --dense there is an index of random
unit vectors of 384 numbers beside BM25, which costs what any model's would; embedding itself is not counted.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generators.embedders.exchange import Embeddable, Vectors, unit_rows
from generators.mining.dense import build_dense
from generators.mining.lexical import build_lexical
from generators.mining.miners import DenseMiner, LexicalMiner, Miner
from generators.mining.mining import Mine, MineOptions
from generators.mining.pool_file import Pool, PoolEntry, write_pool
from generators.pools import Gold, PoolItem
from pipelines.workspace import open_workspace
from schemas.geometry import Box
from schemas.kinds import AnswerKind, CandidateKind, EvidenceRole, Modality, QuestionType
from schemas.records import Evidence, Provenance, Question

_PER_DOCUMENT = 40
_SENTENCES = 6
_QUERY_WORDS = 12
_BATCH = 64
_DIMENSION = 384


def main() -> None:
    """Run every size and print a table."""
    arguments = _arguments()
    if arguments.one is not None:
        print(*_run(arguments.workspace, arguments.one, arguments.queries, dense=arguments.dense))
        return
    table = Table(
        "candidates", "queries", "index s", "ms a query", "index MB", "peak MB, index", "peak MB, all", box=None
    )
    for size in arguments.pools:
        command = [
            sys.executable,
            __file__,
            arguments.workspace,
            "--one",
            str(size),
            "--queries",
            str(arguments.queries),
            *(["--dense"] if arguments.dense else []),
        ]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        table.add_row(str(size), str(arguments.queries), *told)
    Console().print(table)


def _run(workspace: str, size: int, queries: int, *, dense: bool) -> tuple[str, ...]:
    chooser = random.Random(size)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_pool(place / "pool.arrow", _entries(size, _sentences(workspace), chooser))
        with Pool(place / "pool.arrow") as pool:
            started = time.process_time()
            miners = _miners(place, pool, dense=dense)
            indexed, peak = time.process_time() - started, _peak()
            asked, golds = _questions(pool, queries, chooser)
            mine = Mine(pool, miners, MineOptions())
            started = time.process_time()
            for start in range(0, len(asked), _BATCH):
                for mined in mine.mine(asked[start : start + _BATCH], golds):
                    mined.triplet(MineOptions().quotas)
            spent = time.process_time() - started
        megabytes = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    return (
        f"{indexed:.1f}",
        f"{1000 * spent / max(queries, 1):.1f}",
        f"{megabytes:.0f}",
        f"{peak:.0f}",
        f"{_peak():.0f}",
    )


def _miners(place: Path, pool: Pool, *, dense: bool) -> list[Miner]:
    build_lexical(place / "bm25", pool.texts())
    miners: list[Miner] = [LexicalMiner(place / "bm25")]
    if dense:
        embedder = RandomEmbedder()
        for _ in build_dense(place / "dense", map(Embeddable, pool.texts()), len(pool), embedder):
            pass
        miners.append(DenseMiner(place / "dense", embedder, embedder.name))
    return miners


def _peak() -> float:
    """Return the most memory that this process held, in megabytes; mapped files count as far as they were read."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class RandomEmbedder:
    """Gives unit vectors that mean nothing."""

    name = "random/384"
    sees_images = False

    def __init__(self) -> None:
        self._chooser = np.random.default_rng(0)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return a vector a query."""
        return self._vectors(len(queries))

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return a vector a candidate."""
        return self._vectors(len(candidates))

    def close(self) -> None:
        """Do nothing."""

    def _vectors(self, count: int) -> Vectors:
        return unit_rows(self._chooser.standard_normal((count, _DIMENSION), dtype=np.float32), count, self.name)


def _sentences(workspace: str) -> list[str]:
    texts = open_workspace(workspace).read("passages", ["text"])["text"].to_pylist()
    return [part.strip() for text in texts for part in text.replace("\n", " ").split(". ") if len(part.split()) > 4]


def _entries(size: int, sentences: Sequence[str], chooser: random.Random) -> Iterator[PoolEntry]:
    for number in range(size):
        document = f"{number // _PER_DOCUMENT:016x}"
        page = number % _PER_DOCUMENT // 4
        text = ". ".join(chooser.choices(sentences, k=_SENTENCES))
        element = f"{document}/p{page:04d}/paragraph{number % 4 + 1}"
        item = PoolItem(
            f"{document}/passage-{number:012x}",
            CandidateKind.PASSAGE,
            document,
            (element,),
            (page,),
            text,
            (str(page),),
        )
        yield PoolEntry(item, document)


def _questions(pool: Pool, number: int, chooser: random.Random) -> tuple[list[Question], dict[str, list[Gold]]]:
    asked: list[Question] = []
    golds: dict[str, list[Gold]] = {}
    for place in range(number):
        entry = pool.entry(chooser.randrange(len(pool)))
        words = entry.item.text.split()
        start = chooser.randrange(max(1, len(words) - _QUERY_WORDS))
        question = _question(place, entry, " ".join(words[start : start + _QUERY_WORDS]))
        asked.append(question)
        golds[question.qa_id] = [Gold(entry.item.candidate_id, 2, (0,))]
    return asked, golds


def _question(number: int, entry: PoolEntry, text: str) -> Question:
    proof = Evidence(
        entry.item.element_ids[0],
        entry.item.doc_id,
        entry.item.page_indices[0],
        "1",
        Box(0, 0, 1, 1),
        Modality.TEXT,
        EvidenceRole.ANSWER,
        entry.item.text[:40],
        0,
        40,
    )
    return Question(
        f"{entry.item.doc_id}/qa-{number:012x}",
        text,
        " ".join(entry.item.text.split()[:3]),
        AnswerKind.TEXT,
        QuestionType.FACTUAL_RETRIEVAL,
        "text",
        (proof,),
        Provenance("bench", "0"),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", help="any workspace with passages")
    parser.add_argument("--pools", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="candidates")
    parser.add_argument("--queries", type=int, default=1_000, help="questions")
    parser.add_argument("--dense", action="store_true", help="random vectors beside BM25")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
