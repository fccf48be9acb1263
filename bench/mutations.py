#!/usr/bin/env python3
"""Measure the checks: spoil good questions in every known way, and count what the code checks let through.

    python bench/mutations.py WORKSPACE [--programs N] [--seed N] [--json] [--misses N]

Reads the qa, documents, pages, elements, links and passages tables of a workspace. Every question of qa counts as good:
the share of them that a check rejects is printed first. A near duplicate counts as caught when deduplication drops it.

With --programs, the questions are not those of qa but N a table that programs write now. Questions over two documents
need documents that measure the same; where the workspace has none, each document is paired with a made-up later edition
of itself: other numbers, years one later, another title.
"""

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generators.checks.catalog import check_question, failed
from generators.deduplication import deduplicate
from generators.document_view import DocumentView
from generators.mutations import MUTATIONS, mutate
from generators.program_joins import join_keys, write_join_questions
from generators.programs import write_table_questions
from generators.quantities import parse_quantity
from generators.table_text import is_period
from schemas.arrow import from_table
from schemas.kinds import ElementKind, QuestionType
from schemas.records import Question
from schemas.tables import TABLES

Views = dict[str, DocumentView]


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


def written_now(views: Views, *, per_table: int, seed: int) -> tuple[list[Question], Views]:
    """Return what programs write about every table and about pairs of tables, and all documents, later editions too."""
    types = list(QuestionType)
    questions: list[Question] = []
    every = dict(views)
    for view in views.values():
        questions += write_table_questions(view, seed=seed, per_table=per_table, question_types=types)[0]
        edition = later_edition(view, random.Random(f"{seed}/{view.document.doc_id}"))
        every[edition.document.doc_id] = edition
        keys = {element_id for _, element_id in join_keys(view)}
        for table in view.of_kind(ElementKind.TABLE):
            twin = edition.get(_in_edition(table.element_id))
            if table.element_id in keys and twin:
                pair = [(view, table), (edition, twin)]
                questions += write_join_questions(pair, seed=seed, question_types=types)[0]
    return questions, every


def later_edition(view: DocumentView, chance: random.Random) -> DocumentView:
    """Return a document as if it had come out a year later: other numbers, years one later, another title."""
    document = view.document
    doc_id = _in_edition(document.doc_id)
    title = f"{document.title or 'Report'}: Update by the Successor Panel"
    elements = [
        replace(
            element,
            element_id=_in_edition(element.element_id),
            doc_id=doc_id,
            text=_year_later(element.text),
            cells=tuple(replace(cell, text=_changed(cell.text, chance)) for cell in element.cells),
        )
        for element in view.elements
    ]
    links = [
        replace(link, source_id=_in_edition(link.source_id), target_id=_in_edition(link.target_id))
        for link in view.links
    ]
    pages = [replace(page, doc_id=doc_id) for page in view.pages.values()]
    return DocumentView(replace(document, doc_id=doc_id, title=title), pages, elements, links)


def _in_edition(identifier: str) -> str:
    """Return the id in a later edition of what has this id: the document's digits turned round."""
    doc_id, slash, rest = identifier.partition("/")
    return f"{doc_id[::-1]}{slash}{rest}"


def _changed(text: str, chance: random.Random) -> str:
    number = None if is_period(text) else parse_quantity(text)
    if number is None or not re.search("[1-9]", text):
        return _year_later(text)
    return re.sub(r"[1-9]", lambda match: chance.choice("123456789"), text)


def _year_later(text: str) -> str:
    return re.sub(r"\b(?:19|20)\d\d\b", lambda match: str(int(match.group()) + 1), text)


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
    parser.add_argument("--programs", type=int, metavar="N", help="spoil N questions a table that programs write now")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", type=int, default=0, help="how many missed questions of each kind to print")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    questions, views = read_workspace(arguments.workspace)
    if arguments.programs:
        questions, views = written_now(views, per_table=arguments.programs, seed=arguments.seed)
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
