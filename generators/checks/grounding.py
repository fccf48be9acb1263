"""Whether what the answer and the question say stands in the evidence: numbers, units, names and words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Final

from generators.checks.computation import covers_all
from generators.checks.reasons import CheckReason
from generators.checks.surroundings import elements_of, lead_texts, near_texts, own_evidence, proof_texts
from generators.checks.units import states_scale, states_unit, unit_name
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, share_found, words
from generators.document_view import DocumentView
from generators.quantities import Quantity, find_quantities, parse_quantity, plain
from schemas.kinds import AnswerKind, Modality, QuestionType
from schemas.records import CheckResult, Question

_EXTRACTIVE: Final = frozenset({QuestionType.FACTUAL_RETRIEVAL, QuestionType.COMPARISON})
_LEAST_WORDS: Final = 0.7
_LEAST_WORDS_FREE: Final = 0.4
_NAME: Final = re.compile(r"(?<![.!?:“\"]\s)(?<!^)(?<=\s)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*|\b[A-Z]{2,}[\w-]*")
_ANSWER_WORDS: Final = frozenset(
    content_stems(
        "yes no true false higher lower more less greater smaller larger than difference total sum rank equal "
        "increase decrease rise fall growth decline times"
    )
)
_CARDINALS: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty"""
_ORDINALS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth"
_NUMBER_WORDS: Final = {
    **{word: value for value, word in enumerate(_CARDINALS.split())},
    **{word: value for value, word in enumerate(_ORDINALS.split(), start=1)},
}
_YEAR: Final = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d,])")
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")


def check_answer_numbers(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a number of the answer is neither quoted, nor in the question, nor the result of the program."""
    known = number_set(proof_texts(question)) | number_set([question.question])
    if question.program:
        known |= number_set([question.program.result, question.program.argument or ""])
    if _only_figures(question):
        return skipped("answer_numbers", "a figure's numbers cannot be read here")
    if question.question_type == QuestionType.UNANSWERABLE:
        return skipped("answer_numbers", "unanswerable")
    missing = next((number for number in find_quantities(question.answer) if not _in(number, known)), None)
    if missing and not _is_count(question, missing):
        return rejected("answer_numbers", CheckReason.UNSUPPORTED_NUMBER, f"{missing.text} stands in no quote or cell")
    loose = next((token for token in _loose_digits(question.answer) if not _printed(token, question)), None)
    if loose:
        return rejected("answer_numbers", CheckReason.UNSUPPORTED_NUMBER, f"{loose} stands in no quote or cell")
    return passed("answer_numbers")


def check_answer_units(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a unit or scale word of the answer stands neither in the evidence nor in what leads to it."""
    if _only_figures(question):
        return skipped("answer_units", "a figure's units cannot be read here")
    around = "\n".join(chain(proof_texts(question), near_texts(question, views), lead_texts(question, views)))
    for quantity in find_quantities(question.answer):
        unit = quantity.unit
        if unit and not any(states_unit(f"{around}\n{question.question}", one) for one in _as_printed(unit)):
            return rejected("answer_units", CheckReason.UNSUPPORTED_UNIT, f"the unit {unit} stands nowhere near")
        if quantity.scale != 1 and not states_scale(around, float(quantity.scale)):
            return rejected("answer_units", CheckReason.UNSUPPORTED_UNIT, f"the scale of {quantity.text} is not stated")
    return passed("answer_units")


def check_answer_words(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when names, or most words, of the answer stand in no quote, cell or the question.

    The score is the share of content words found. Summaries and reasoning may word things anew, but name nothing new.
    """
    if question.answer_kind in (AnswerKind.NONE, AnswerKind.BOOLEAN) or _only_figures(question):
        return skipped("answer_words", "nothing to find in text")
    stated = _all_stems([*proof_texts(question), question.question])
    known = stated | _all_stems(lead_texts(question, views))
    free = question.question_type not in _EXTRACTIVE
    if free:
        stated = known = known | _all_stems(near_texts(question, views))
    answer = _without_quantities(question.answer)
    share = share_found(content_stems(answer) - _ANSWER_WORDS, known)
    unknown = next((name for name in _names(answer) if share_found(content_stems(name), stated) < 1), None)
    if unknown:
        return rejected("answer_words", CheckReason.UNSUPPORTED_WORDS, f"“{unknown}” stands in no quote or cell", share)
    if share < (_LEAST_WORDS_FREE if free else _LEAST_WORDS):
        message = f"{share:.0%} of the answer's words stand in the evidence"
        return rejected("answer_words", CheckReason.UNSUPPORTED_WORDS, message, round(share, 3))
    return passed("answer_words", round(share, 3))


def check_question_numbers(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a number or year of the question stands neither in the evidence nor in what leads to it."""
    if not question.evidence or question.question_type == QuestionType.UNANSWERABLE:
        return skipped("question_numbers", "nothing to compare with")
    around = [*proof_texts(question), *near_texts(question, views), *lead_texts(question, views)]
    around += _document_words(question, views)
    known = number_set(around)
    if question.program and question.program.argument:
        known |= number_set([question.program.argument])
    if question.program and covers_all(question, question.program):
        known.add(Decimal(sum(item.role == "value" for item in question.program.operands)))
    printed = set(chain.from_iterable(_DIGITS.findall(text) for text in around))
    absent = next((year for year in _YEAR.findall(question.question) if not any(year in text for text in around)), None)
    if absent and Decimal(absent) not in known:
        return rejected("question_numbers", CheckReason.UNSUPPORTED_QUESTION, f"{absent} stands nowhere near")
    for quantity in find_quantities(question.question):
        bare = _DIGITS.search(quantity.text)
        if not _in(quantity, known) and not (bare and bare.group() in printed):
            message = f"{quantity.text} stands nowhere near the evidence"
            return rejected("question_numbers", CheckReason.UNSUPPORTED_QUESTION, message)
    return passed("question_numbers")


def number_set(texts: Iterable[str]) -> set[Decimal]:
    """Return every number of the texts, with and without its scale word, and with either reading of its comma."""
    found: set[Decimal] = set()
    for text in texts:
        whole = parse_quantity(text)
        for quantity in (
            *find_quantities(text),
            *find_quantities(text, decimal_comma=True),
            *((whole,) if whole else ()),
        ):
            found.update((quantity.value, quantity.total, abs(quantity.value)))
            if quantity.spread is not None:
                found.add(quantity.spread)
        found.update(Decimal(_NUMBER_WORDS[word]) for word in words(text) if word in _NUMBER_WORDS)
    return found


def _in(number: Quantity, known: set[Decimal]) -> bool:
    return bool({number.value, number.total, abs(number.value)} & known)


def _as_printed(unit: str) -> tuple[str, ...]:
    """Return how a unit may be printed at its source: percentage points are what percentages differ by."""
    return (unit, "%") if unit_name(unit) == "pp" else (unit,)


def _is_count(question: Question, number: Quantity) -> bool:
    """Say whether the number only counts the things that the answer lists."""
    parts = [part for part in re.split(r",|;|\band\b|\n", question.answer) if part.strip()]
    return question.answer_kind == AnswerKind.LIST and number.total in (len(parts), len(own_evidence(question)))


def _loose_digits(text: str) -> Iterator[str]:
    """Yield runs of digits that are no quantities of their own: dates, versions, parts of names."""
    taken = [(quantity.start, quantity.end) for quantity in find_quantities(text)]
    for match in re.finditer(r"[\w./:-]*\d[\w./:-]*", text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield match.group().strip(".:-/")


def _printed(token: str, question: Question) -> bool:
    wanted = token.casefold()
    texts = [*proof_texts(question), question.question]
    if question.program:
        texts.append(question.program.result)
    return any(wanted in text.casefold() for text in texts) or (
        _DIGITS.fullmatch(token) is not None and _in_any(token, texts)
    )


def _in_any(token: str, texts: list[str]) -> bool:
    value = parse_quantity(token)
    return value is not None and value.value in number_set(texts)


def _only_figures(question: Question) -> bool:
    return (
        bool(question.evidence)
        and not proof_texts(question)
        and all(evidence.modality == Modality.FIGURE for evidence in own_evidence(question))
    )


def _all_stems(texts: Iterable[str]) -> set[str]:
    return set(chain.from_iterable(content_stems(text) for text in texts))


def _without_quantities(text: str) -> str:
    for quantity in reversed(find_quantities(text)):
        text = f"{text[: quantity.start]} {text[quantity.end :]}"
    return text


def _names(text: str) -> list[str]:
    return [match.group() for match in _NAME.finditer(text)]


def _document_words(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what else may lead to a document: its date, its page labels and the numbers of its pages."""
    found: list[str] = []
    for evidence, element in elements_of(question, views):
        document = views[evidence.doc_id].document
        found += [evidence.page_label, plain(Decimal(element.page_index + 1))]
        found += [part for part in (document.created, element.label) if part]
        found += re.findall(r"\d{4}", document.created or "")
    return found
