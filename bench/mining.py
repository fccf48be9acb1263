"""What mining costs: pools of several sizes made of real sentences, searched by as many queries as wanted.

    python bench/mining.py WORKSPACE --pools 1000 10000 100000 --queries 1000

The sentences are those of the workspace's passages, put together anew at random, so that words have their real
frequencies and no two candidates are the same. Each size runs in a process of its own, which tells its peak memory.
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

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generators.mining.lexical import build_lexical
from generators.mining.miners import LexicalMiner
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


def main() -> None:
    """Run every size and print a table."""
    arguments = _arguments()
    if arguments.one is not None:
        print(*_run(arguments.workspace, arguments.one, arguments.queries))
        return
    table = Table("candidates", "queries", "index s", "ms a query", "index MB", "peak memory MB", box=None)
    for size in arguments.pools:
        command = [
            sys.executable,
            __file__,
            arguments.workspace,
            "--one",
            str(size),
            "--queries",
            str(arguments.queries),
        ]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        table.add_row(str(size), str(arguments.queries), *told)
    Console().print(table)


def _run(workspace: str, size: int, queries: int) -> tuple[str, ...]:
    chooser = random.Random(size)
    sentences = _sentences(workspace)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        started = time.perf_counter()
        write_pool(place / "pool.arrow", _entries(size, sentences, chooser))
        with Pool(place / "pool.arrow") as pool:
            build_lexical(place / "bm25", pool.texts())
            indexed = time.perf_counter() - started
            asked, golds = _questions(pool, queries, chooser)
            mine = Mine(pool, [LexicalMiner(place / "bm25")], MineOptions())
            started = time.perf_counter()
            for start in range(0, len(asked), _BATCH):
                for mined in mine.mine(asked[start : start + _BATCH], golds):
                    mined.triplet(MineOptions().quotas)
            spent = time.perf_counter() - started
        megabytes = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{indexed:.1f}", f"{1000 * spent / max(queries, 1):.1f}", f"{megabytes:.0f}", f"{peak:.0f}"


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
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
