"""Questions that ask the same in other words, found by an embedder and never without the facts.

An embedder hardly sees a year, a name or a "not", so that it decides last: only questions are compared that state the
same numbers, names and sense, and whose answers agree; those of one place of the corpus, or of one answer that is
telling enough. These make blocks, which stay small however large the set is.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from rapidfuzz import fuzz

from generators.answer_matching import match_answers, normalised
from generators.checks.wording import content_stems, fold, stem, without_quoted, words
from generators.embedders.exchange import Embedder
from generators.likeness import alike, chance_level, embed_unique
from generators.stated_facts import names_stated, numbers_stated, quoted_texts, senses_stated
from schemas.identity import digest
from schemas.records import Question

_ALIKE_IN_PLACE: Final = 0.65
_ALIKE_ANYWHERE: Final = 0.8
# One sentence with one word exchanged asks for something else, however near its vector is.
_SAME_SENTENCE: Final = 85.0
_COUNT: Final = re.compile(r"\b(?:how (?:many|much)|(?:number|count|amount) of)\b", re.IGNORECASE)
_VERDICTS: Final = frozenset({"yes", "no", "true", "false"})


def find_paraphrases(questions: Sequence[Question], embedder: Embedder) -> dict[int, int]:
    """Return, by place, the questions that ask what an earlier one asks, each with the earliest such place.

    Args:
        questions: the questions, those to be preferred first.
        embedder: what tells how alike two of them are.

    Raises:
        EngineError: the embedder is away.
    """
    blocks = _blocks(questions)
    vectors = embed_unique([questions[at].question for _, block in blocks for at in block], embedder)
    chance = chance_level(embedder) if vectors else 0.0
    found: dict[int, int] = {}
    for least, block in blocks:
        rows = np.stack([vectors[questions[at].question] for at in block])
        for one, other, _ in alike(rows, rows, least, chance=chance):
            winner, twin = block[one], block[other]
            if winner < twin and _asks_the_same(questions[winner], questions[twin]):
                found[twin] = min(winner, found.get(twin, winner))
    return _settled(found)


def facts_of(text: str) -> str:
    """Return what an embedder does not see, the numbers and names of a question, as one key."""
    names = {stem(fold(name)) for name in names_stated(text)}
    return digest(*sorted(numbers_stated(text)), "|", *sorted(names))


def is_swap(one: str, other: str) -> bool:
    """Say whether two questions differ by a word that means something else, by what they quote or in asking a count."""
    if asks_count(one) != asks_count(other):
        return True
    quoted, others = ({fold(text) for text in quoted_texts(question)} for question in (one, other))
    if quoted - others and others - quoted:
        return True
    if fuzz.token_sort_ratio(" ".join(words(one)), " ".join(words(other))) < _SAME_SENTENCE:
        return False
    a, b = content_stems(one), content_stems(other)
    return bool(a - b) and bool(b - a)


def asks_count(question: str) -> bool:
    """Say whether a question asks how many there are, and not which."""
    return _COUNT.search(without_quoted(question)) is not None


def _settled(found: dict[int, int]) -> dict[int, int]:
    """Leave out twins of what goes itself: the chain ends at one that stays."""
    settled: dict[int, int] = {}
    for twin in sorted(found):
        winner = found[twin]
        settled[twin] = settled.get(winner, winner)
    return settled


def _blocks(questions: Sequence[Question]) -> list[tuple[float, list[int]]]:
    """Return the places of questions that may ask the same, with how alike they have to be."""
    blocks: dict[tuple[float, str], list[int]] = defaultdict(list)
    for at, question in enumerate(questions):
        for least, key in _keys(question):
            blocks[least, key].append(at)
    return [(least, block) for (least, _), block in sorted(blocks.items()) if len(block) > 1]


def _keys(question: Question) -> Iterator[tuple[float, str]]:
    text = question.question
    facts = digest(facts_of(text), question.language, *sorted(senses_stated(without_quoted(text), question.language)))
    for element_id in dict.fromkeys(unit.element_id for unit in question.evidence if unit.role == "answer"):
        yield _ALIKE_IN_PLACE, digest(facts, element_id)
    answer = normalised(question.answer)
    if answer and not _VERDICTS & set(answer):
        yield _ALIKE_ANYWHERE, digest(facts, *answer)


def _asks_the_same(one: Question, other: Question) -> bool:
    if one.program and other.program:
        # Their cells and operations were compared already, and differ.
        return False
    if not match_answers(one.answer, other.answer, kind=other.answer_kind, question=other.question).agrees:
        return False
    return _same_cells(one, other) and not is_swap(one.question, other.question)


def _same_cells(one: Question, other: Question) -> bool:
    """Say whether two questions rest on the same cells, or on the same text in them; true where one rests on none."""
    a, b = ({(unit.element_id, cell) for unit in question.evidence for cell in unit.cells} for question in (one, other))
    if not a or not b or a <= b or b <= a:
        return True
    return sorted(fold(cell.text) for _, cell in a) == sorted(fold(cell.text) for _, cell in b)
