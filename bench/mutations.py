#!/usr/bin/env python3
"""Measure the checks: spoil good questions in every known way, and count what the code checks let through.

    python bench/mutations.py WORKSPACE [--seed N] [--json] [--misses N]

Reads the qa, documents, pages, elements, links and passages tables of a workspace. Every question of qa counts as good:
the share of them that a check rejects is printed first. A near duplicate counts as caught when deduplication drops it.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generators.checks.catalog import check_question, failed
from generators.deduplication import deduplicate
from generators.document_view import DocumentView
from generators.mutations import MUTATIONS, mutate
from schemas.arrow import from_table
from schemas.records import Question
from schemas.tables import TABLES


@dataclass
class Tally:
    """What became of the questions spoiled in one way."""

    made: int = 0
    caught: int = 0
    reasons: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: list[Question] = field(default_factory=list)

    def add(self, question: Question, reason: str | None) -> None:
        """Count one spoiled question; `reason` is why it was rejected, None when it was not."""
        self.made += 1
        self.caught += reason is not None
        if reason:
            self.reasons[reason] += 1
        else:
            self.misses.append(question)

    @property
    def share(self) -> float:
        """The share that was caught."""
        return self.caught / self.made if self.made else 0.0


def read_workspace(folder: Path) -> tuple[list[Question], dict[str, DocumentView]]:
    """Return the questions of a workspace and its documents by id."""
    tables = {name: _records(folder, name) for name in ("documents", "pages", "elements", "links", "passages", "qa")}
    by_document: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name in ("pages", "elements", "passages"):
        for record in tables[name]:
            by_document[record.doc_id][name].append(record)
    for link in tables["links"]:
        by_document[link.source_id.partition("/")[0]]["links"].append(link)
    views = {}
    for document in tables["documents"]:
        parts = by_document[document.doc_id]
        views[document.doc_id] = DocumentView(
            document, parts["pages"], parts["elements"], parts["links"], passages=parts["passages"]
        )
    return tables["qa"], views


def measure(
    questions: Iterable[Question], views: Mapping[str, DocumentView], seed: int
) -> tuple[Tally, dict[str, Tally]]:
    """Return the tally of untouched questions, where a catch is a loss, and one of every way to spoil them."""
    untouched, spoiled = Tally(), {name: Tally() for name, _ in MUTATIONS}
    for question in questions:
        reason = _reason(question, views)
        untouched.add(question, reason)
        if reason:
            continue
        for name, tally in spoiled.items():
            changed = mutate(question, views[question.evidence[0].doc_id], name=name, seed=seed)
            if changed is not None:
                tally.add(changed, _duplicate(question, changed) or _reason(changed, views))
    return untouched, spoiled


def _reason(question: Question, views: Mapping[str, DocumentView]) -> str | None:
    result = failed(check_question(question, views))
    return result.reason_code if result else None


def _duplicate(question: Question, changed: Question) -> str | None:
    """Return the reason for dropping a row under a new id; with the same id it is the same row, spoiled."""
    if changed.qa_id == question.qa_id:
        return None
    _, rejects = deduplicate([question, changed])
    return rejects[0].reason_code if rejects else None


def _records(folder: Path, name: str) -> list[Any]:
    parts = sorted((folder / name).glob("*.parquet"))
    return [record for part in parts for record in from_table(pq.read_table(part), TABLES[name])]


def _print(untouched: Tally, spoiled: Mapping[str, Tally], misses: int) -> None:
    print(f"untouched: {untouched.made}, wrongly rejected: {untouched.caught} ({untouched.share:.1%})")
    for reason, count in sorted(untouched.reasons.items()):
        print(f"    {reason}: {count}")
    print(f"\n{'kind':20} {'made':>6} {'caught':>7}  reasons")
    for name, tally in spoiled.items():
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(tally.reasons.items(), key=_by_count)[:3])
        print(f"{name:20} {tally.made:6} {tally.share:7.1%}  {reasons}")
        for question in tally.misses[:misses]:
            print(f"        missed: {question.question} -> {question.answer}")
    made, caught = (sum(getattr(tally, part) for tally in spoiled.values()) for part in ("made", "caught"))
    print(f"{'all':20} {made:6} {caught / max(made, 1):7.1%}")


def _by_count(item: tuple[str, int]) -> int:
    return -item[1]


def main() -> int:
    """Read a workspace, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", type=int, default=0, help="how many missed questions of each kind to print")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    questions, views = read_workspace(arguments.workspace)
    if not questions:
        print(f"{arguments.workspace} holds no questions: run corpusmill generate first", file=sys.stderr)
        return 2
    untouched, spoiled = measure(questions, views, arguments.seed)
    if arguments.json:
        kinds = {name: {"made": tally.made, "caught": tally.caught} for name, tally in spoiled.items()}
        print(json.dumps({"untouched": untouched.made, "wrongly_rejected": untouched.caught, "kinds": kinds}))
    else:
        _print(untouched, spoiled, arguments.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
