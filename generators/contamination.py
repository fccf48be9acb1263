"""Leakage: questions that a public benchmark holds already, so that a corpus measures no model's memory.

By words, after two published rules: a run of 13 words in common (Brown and others, 2020, arXiv:2005.14165, appendix C)
or 70 % of a question's runs of 8 words (Chowdhery and others, 2022, arXiv:2204.02311), and the whole question where it
is shorter. Runs do not count inside quotations: two questions about one table quote the same caption and ask different
things. With an embedder, the same question in other words is found too, if numbers, names, sense and, where the
benchmark gives it, the answer agree. Every benchmark is read once, row by row, against an index of our questions: the
work grows with both, not with their product.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from generators.answer_matching import match_answers
from generators.benchmark_files import PublicQuestion, read_benchmark
from generators.checks.reasons import CheckReason
from generators.checks.wording import without_quoted, words
from generators.dropping import dropped
from generators.embedders.exchange import Embedder
from generators.likeness import alike, chance_level, embed_unique
from generators.paraphrases import facts_of, is_swap
from generators.stated_facts import senses_stated
from schemas.records import Question, Reject

_LONG_RUN: Final = 13
_SHORT_RUN: Final = 8
_SHARE: Final = 0.7
_LEAST_WORDS: Final = 4
# Questions about one thing are alike whatever they ask; where no answer can be compared, they have to be nearly one.
_ALIKE: Final = 0.85
_ALIKE_WITHOUT_ANSWER: Final = 0.94
_SHOWN: Final = 120

Run = tuple[str, ...]


@dataclass
class _Index:
    """Our questions by what a row of a benchmark may have in common with them; values are places of questions."""

    whole: dict[Run, list[int]] = field(default_factory=lambda: defaultdict(list))
    long: dict[Run, list[int]] = field(default_factory=lambda: defaultdict(list))
    short: dict[Run, list[int]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[int, int] = field(default_factory=dict)
    facts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def find_contamination(
    questions: Sequence[Question], benchmarks: Sequence[str], *, embedder: Embedder | None = None
) -> list[Reject]:
    """Return a reject for every question that a benchmark holds, in the order given; it names file and row.

    Args:
        questions: the questions.
        benchmarks: files and folders, as `benchmark_files.read_benchmark` takes them.
        embedder: finds the same question in other words.

    Raises:
        UsageError: a benchmark cannot be read.
        EngineError: the embedder is away.
    """
    index = _indexed(questions)
    found: dict[int, str] = {}
    likely: dict[int, list[PublicQuestion]] = defaultdict(list)
    for spec in benchmarks:
        for row in read_benchmark(spec):
            for at, how in _held(row, index):
                found.setdefault(at, _message(row, how))
            for at in index.facts.get(facts_of(row.text), ()) if embedder else ():
                likely[at].append(row)
    if embedder:
        found = {**_reworded(questions, likely, embedder), **found}
    return [dropped(questions[at], CheckReason.CONTAMINATED, found[at]) for at in sorted(found)]


def _indexed(questions: Sequence[Question]) -> _Index:
    index = _Index()
    for at, question in enumerate(questions):
        index.whole[words(question.question)].append(at)
        index.facts[facts_of(question.question)].append(at)
        for run in _runs(question.question, _LONG_RUN):
            index.long[run].append(at)
        short = _runs(question.question, _SHORT_RUN)
        index.sizes[at] = len(short)
        for run in short:
            index.short[run].append(at)
    return index


def _held(row: PublicQuestion, index: _Index) -> Iterator[tuple[int, str]]:
    """Yield the places of questions that a row holds, with what tells so."""
    whole = words(row.text)
    if len(whole) >= _LEAST_WORDS:
        yield from ((at, "the same words") for at in index.whole.get(whole, ()))
    for run in _runs(row.text, _LONG_RUN):
        yield from ((at, f"{_LONG_RUN} words in a row") for at in index.long.get(run, ()))
    counts = Counter(at for run in _runs(row.text, _SHORT_RUN) for at in index.short.get(run, ()))
    for at, count in counts.items():
        if count >= _SHARE * index.sizes[at]:
            yield at, f"{count} of {index.sizes[at]} runs of {_SHORT_RUN} words"


def _runs(text: str, length: int) -> set[Run]:
    """Return the runs of so many words outside of quotations."""
    found: set[Run] = set()
    for part in without_quoted(text).split("“”"):
        tokens = words(part)
        found.update(tokens[at : at + length] for at in range(len(tokens) - length + 1))
    return found


def _reworded(
    questions: Sequence[Question], likely: dict[int, list[PublicQuestion]], embedder: Embedder
) -> dict[int, str]:
    """Return, by place, the questions that a row with the same facts asks in other words."""
    if not likely:
        return {}
    rows = [row.text for known in likely.values() for row in known]
    vectors = embed_unique([*(questions[at].question for at in likely), *rows], embedder)
    chance = chance_level(embedder)
    found: dict[int, str] = {}
    for at, known in likely.items():
        question = questions[at]
        ours, theirs = vectors[question.question][None, :], np.stack([vectors[row.text] for row in known])
        for _, number, likeness in alike(ours, theirs, _ALIKE, chance=chance):
            if _is_same(question, known[number]) and (known[number].answers or likeness >= _ALIKE_WITHOUT_ANSWER):
                found.setdefault(at, _message(known[number], f"other words, {likeness:.2f} alike"))
    return found


def _is_same(question: Question, row: PublicQuestion) -> bool:
    senses = {senses_stated(text, question.language) for text in (question.question, row.text)}
    if len(senses) > 1 or is_swap(question.question, row.text):
        return False
    agreeing = (match_answers(question.answer, answer, question=question.question).agrees for answer in row.answers)
    return not row.answers or any(agreeing)


def _message(row: PublicQuestion, how: str) -> str:
    return f"{row.file}, {row.place} ({how}): {' '.join(row.text.split())[:_SHOWN]}"
