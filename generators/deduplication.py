"""One question of each: exact and near duplicates leave, whatever order the questions come in.

Two questions are the same when they ask the same cells by the same operation, or when their words are nearly the same
and their numbers are the same: "in 2021, Table 3" and "in 2022, Table 7" differ. Only questions that share an answer's
number or word, or a rare word, are compared, so that the work stays near linear. With an embedder, paraphrases go too:
other words, but the same numbers, names, sense and answer (`generators.paraphrases`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from generators.checks.reasons import CheckReason
from generators.checks.wording import content_stems, digit_words, words
from generators.dropping import dropped
from generators.embedders.exchange import Embedder
from generators.paraphrases import asks_count, find_paraphrases
from generators.stated_facts import senses_stated
from schemas.identity import digest
from schemas.records import Question, Reject

_NEAR: Final = 90.0
_FILLERS: Final = content_stems("please say tell name give given report reported list listed show shown state stated")
_SHINGLE: Final = 3
_HASHES: Final = 24
_BAND: Final = 2
_LARGEST_BLOCK: Final = 64


def deduplicate(
    questions: Iterable[Question], *, embedder: Embedder | None = None
) -> tuple[list[Question], list[Reject]]:
    """Return the questions without duplicates, in the order given, and the dropped ones by qa_id.

    Of a group of duplicates the one stays that has a program, then the most hops, then the smallest qa_id.

    Raises:
        EngineError: the embedder is away.
    """
    given = list(questions)
    kept_for: dict[int, Question] = {}
    winners: list[Question] = []
    blocks: dict[str, list[Question]] = defaultdict(list)
    rejects: list[Reject] = []
    for place in sorted(range(len(given)), key=lambda place: (_rank(given[place]), place)):
        question = given[place]
        keys = list(_block_keys(question))
        twin = next((other for key in keys for other in blocks[key] if _same(question, other, key)), None)
        if twin:
            rejects.append(dropped(question, CheckReason.DUPLICATE, f"asks the same as {twin.qa_id}"))
            continue
        kept_for[place] = question
        winners.append(question)
        for key in keys:
            if len(blocks[key]) < _LARGEST_BLOCK:
                blocks[key].append(question)
    for place, winner in _paraphrased(kept_for, winners, embedder).items():
        rejects.append(dropped(kept_for.pop(place), CheckReason.DUPLICATE, f"asks {winner.qa_id} in other words"))
    return [kept_for[place] for place in sorted(kept_for)], sorted(rejects, key=lambda reject: reject.subject)


def _paraphrased(
    kept_for: Mapping[int, Question], winners: Sequence[Question], embedder: Embedder | None
) -> dict[int, Question]:
    """Return the places of questions that say another one in other words, with that one; `winners` in their rank."""
    if embedder is None:
        return {}
    places = list(kept_for)
    return {places[twin]: winners[winner] for twin, winner in find_paraphrases(winners, embedder).items()}


def _rank(question: Question) -> tuple[bool, int, str]:
    return question.program is None, -question.hops, question.qa_id


def _block_keys(question: Question) -> Iterator[str]:
    """Yield the keys under which a duplicate would be found."""
    yield f"id {question.qa_id}"
    yield f"text {_normalised(question.question)}"
    cells = _cells_key(question)
    if cells:
        yield f"cells {cells}"
    yield from (f"near {number} {band}" for number, band in enumerate(_bands(question)))


def _same(question: Question, other: Question, key: str) -> bool:
    if not key.startswith("near "):
        return True
    if question.program and other.program:
        # Their cells and operations were compared already, and differ.
        return False
    if digit_words(question.question) != digit_words(other.question):
        return False
    if asks_count(question.question) != asks_count(other.question):
        return False
    if _differing_words(question.question, other.question) or _senses(question) != _senses(other):
        return False
    return fuzz.token_sort_ratio(_normalised(question.question), _normalised(other.question)) >= _NEAR


def _senses(question: Question) -> frozenset[str]:
    return senses_stated(question.question, question.language)


def _differing_words(one: str, other: str) -> bool:
    """Say whether one names something that the other does not: a label changed, not the wording."""
    a, b = content_stems(one) - _FILLERS, content_stems(other) - _FILLERS
    return a != b and not _reworded(a - b, b - a)


def _reworded(a: frozenset[str], b: frozenset[str]) -> bool:
    """Say whether the words that differ are spellings of each other."""
    return all(any(fuzz.ratio(x, y) >= 80 for y in b) for x in a) and len(a) == len(b)


def _cells_key(question: Question) -> str | None:
    """Return what a computed question asks: its operation over its cells, however it is worded."""
    program = question.program
    if program is None:
        return None
    places = sorted(
        f"{question.evidence[item.evidence].element_id} {item.row} {item.col} {item.role}"
        for item in program.operands
        if 0 <= item.evidence < len(question.evidence)
    )
    return digest(program.operation, program.argument or "", *places) if places else None


def _normalised(text: str) -> str:
    return " ".join(words(text))


def _bands(question: Question) -> list[str]:
    """Return the MinHash bands over shingles of words, with the digits in every one of them."""
    tokens = words(question.question)
    shingles = {" ".join(tokens[at : at + _SHINGLE]) for at in range(max(len(tokens) - _SHINGLE + 1, 1))}
    numbers = " ".join(digit_words(question.question))
    signature = [min(digest(str(seed), shingle) for shingle in shingles) for seed in range(_HASHES)]
    return [digest(numbers, *signature[at : at + _BAND]) for at in range(0, _HASHES, _BAND)]
