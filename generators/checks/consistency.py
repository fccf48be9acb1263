"""Question and answer against each other and against what the row says about them."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import label_texts, own_evidence, quoted_labels, without_context
from generators.checks.units import asked_unit, same_unit
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import fold, without_quoted, words
from generators.document_view import DocumentView
from generators.quantities import Quantity, find_quantities, same_number
from schemas.kinds import AnswerKind, Modality, Operation, QuestionType
from schemas.records import CheckResult, Question

_REFUSALS: Final = re.compile(
    r"\b(?:i(?:'m| am)? (?:sorry|unable|cannot|can't|don't know|do not know)|unable to (?:answer|determine|provide)|"
    r"(?:can ?not|can't|could not) be (?:determined|answered|inferred|established)|no (?:such )?(?:information|answer|"
    r"data)(?: is| was)? (?:available|given|provided|found)|not (?:specified|mentioned|stated|provided|available|"
    r"enough information|answerable|given|disclosed|reported) ?(?:in|by|here|$|\.)|unanswerable|"
    r"insufficient information|"
    r"does(?: not|n't) (?:say|specify|mention|state|provide|contain|give|include|report|disclose))\b|"
    r"^\W*(?:unknown|n/?a|none|null|nan|not (?:specified|mentioned|stated|available|applicable)|-+)\W*$",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(r"^\W*(?:unknown|n/?a|none|null|nan|-+)\W*$", re.IGNORECASE)
_YES_NO: Final = re.compile(r"^\W*(?:yes|no|true|false)\b", re.IGNORECASE)
_YES_AND_NO: Final = re.compile(r"\b(?:yes|true)\b.*\b(?:no|false)\b|\b(?:no|false)\b.*\b(?:yes|true)\b", re.I | re.S)
_ASKS_YES_NO: Final = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b|"
    r",\s*(?:is|are|was|were|do|does|did|has|have|had)\b",
    re.IGNORECASE,
)
# "Is the price higher for A or for B?" offers its answers; "Can you list …?" is a polite order.
_BEGINS: Final = (
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can (?!you\b)|could (?!you\b)|will|would (?!you\b)|should)\b"
)
_ASKS_WHETHER: Final = re.compile(
    rf"{_BEGINS}(?:(?!.*\bor\b)|.*[,”]\s*(?:is|are|was|were|do|does|did|has|what|which|who|when|where|why|how)\b)",
    re.IGNORECASE | re.DOTALL,
)
_ASKS_NUMBER: Final = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
_DENIAL: Final = re.compile(r"(?:^|[\s.,;])not\s+(?=(?P<denied>[^;]+)$)", re.IGNORECASE)
_FROM_TO: Final = re.compile(
    r"\b(?P<up>increas\w*|rose|rises?|grew|grows?|climb\w*|gain\w*)?(?P<down>decreas\w*|fell|falls?|declin\w*|dropp?\w*|"
    r"shrank|reduc\w*)?\b[^.;]{0,40}?\bfrom (?P<first>[^.;]{1,30}?\d[^;]{0,20}?) to (?P<second>[^;]{0,30})",
    re.IGNORECASE,
)
_OPPOSITES: Final = (
    ({"highest", "largest", "greatest", "biggest", "most", "maximum", "max", "top"},
     {"lowest", "smallest", "least", "fewest", "minimum", "min", "bottom"}),
)  # fmt: skip
_NEAR_EQUAL: Final = 90
_SHORT_ANSWER_WORDS: Final = 12


def check_refusal(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the answer declines; of an unanswerable question, when it does not."""
    declines = bool(_REFUSALS.search(question.answer)) and not _stands_in_proof(question)
    unanswerable = question.question_type == QuestionType.UNANSWERABLE
    if unanswerable and not (declines or _ABSENT.match(question.answer)):
        return rejected("refusal", CheckReason.UNANSWERABLE_MISMATCH, "marked unanswerable, yet it is answered")
    if unanswerable != (question.answer_kind == AnswerKind.NONE):
        return rejected(
            "refusal",
            CheckReason.UNANSWERABLE_MISMATCH,
            f"a question of type {question.question_type} with an answer of kind {question.answer_kind}",
        )
    if declines and not unanswerable:
        return rejected("refusal", CheckReason.REFUSAL, f"the answer declines: “{question.answer[:80]}”")
    return passed("refusal")


def check_answer_kind(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a number holds no number, a boolean no yes or no, or the question asks for another kind."""
    fault = _kind_fault(question)
    if fault:
        return rejected("answer_kind", CheckReason.WRONG_ANSWER_KIND, fault)
    return passed("answer_kind")


def check_giveaway(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question holds its answer, or the answer is the question again. Choices may be named."""
    if question.answer_kind is AnswerKind.BOOLEAN:
        return passed("giveaway")
    asked, answered = fold(question.question), fold(question.answer).strip(" .")
    if fuzz.ratio(asked.strip(" ?."), answered) >= _NEAR_EQUAL:
        return rejected("giveaway", CheckReason.ANSWER_REPEATS_QUESTION, "the answer repeats the question")
    if _holds_answer(question) and not _is_choice(question):
        return rejected("giveaway", CheckReason.ANSWER_IN_QUESTION, f"the question holds “{question.answer[:80]}”")
    return passed("giveaway")


def check_modality(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the modality of the answer is not that of its evidence, in the order text, table, figure."""
    held = {evidence.modality for evidence in own_evidence(question)}
    said = question.answer_modality.split("+")
    expected = [kind.value for kind in Modality if kind.value in said]
    if said != expected or not expected:
        return rejected("modality", CheckReason.WRONG_MODALITY, f"“{question.answer_modality[:40]}” is no modality")
    answering = {evidence.modality for evidence in question.evidence if evidence.role == "answer"}
    if not question.evidence:
        return skipped("modality", "no evidence")
    if not answering <= set(said) <= held:
        kinds = "+".join(kind.value for kind in Modality if kind in held)
        return rejected(
            "modality", CheckReason.WRONG_MODALITY, f"“{question.answer_modality}”, but evidence is {kinds}"
        )
    return passed("modality")


def check_contradiction(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an answer says yes and no, denies itself or moves the wrong way, or a question asks for opposites."""
    fault = next(_contradictions(question), None)
    if fault:
        return rejected("contradiction", CheckReason.SELF_CONTRADICTION, fault)
    return passed("contradiction")


def check_unit(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question asks for one unit and the answer gives another."""
    wanted = asked_unit(without_quoted(question.question))
    given = [quantity.unit for quantity in find_quantities(question.answer) if quantity.unit]
    if not wanted or not given:
        return passed("unit")
    if not any(same_unit(wanted, unit) for unit in given):
        return rejected("unit", CheckReason.UNIT_CONTRADICTION, f"asked for {wanted}, answered in {given[0]}")
    return passed("unit")


def _kind_fault(question: Question) -> str | None:
    answer, kind = question.answer.strip(), question.answer_kind
    numbers = find_quantities(answer)
    if kind == AnswerKind.NUMBER and not numbers:
        return "a number was promised, the answer holds none"
    if kind == AnswerKind.BOOLEAN and not _YES_NO.match(answer):
        return "yes or no was promised, the answer begins with neither"
    plain = without_quoted(question.question)
    if kind in (AnswerKind.NUMBER, AnswerKind.TEXT) and _YES_NO.match(answer) and not _ASKS_YES_NO.search(plain):
        return f"the answer says yes or no, but its kind is {kind.value}"
    if _ASKS_NUMBER.search(plain) and kind == AnswerKind.TEXT and not numbers and not re.search(r"\d", answer):
        return "the question asks how many or how much, the answer holds no number"
    if kind != AnswerKind.BOOLEAN and _ASKS_WHETHER.search(plain) and not _YES_NO.match(answer):
        return f"the question asks whether, and the kind of the answer is {kind.value}"
    if kind == AnswerKind.BOOLEAN and not _ASKS_YES_NO.search(plain):
        return "the question cannot be answered by yes or no"
    return None


def _holds_answer(question: Question) -> bool:
    """Say whether the question holds the answer: all its numbers, or its words in a row."""
    answer = question.answer
    numbers = find_quantities(answer)
    if question.answer_kind == AnswerKind.NUMBER and numbers:
        # Operands may be repeated in the answer; the number asked for may not stand in the question.
        result = question.program.result if question.program else None
        asked = find_quantities(without_context(question))
        wanted = [number for number in numbers if result is None or same_number(_bare(number), result)] or numbers[:1]
        return all(any(_same_value(number, other) for other in asked) for number in wanted)
    tokens = words(answer)
    if not tokens:
        return False
    return f" {' '.join(tokens)} " in f" {' '.join(words(question.question))} "


def _bare(number: Quantity) -> Decimal:
    return number.value


def _same_value(one: Quantity, other: Quantity) -> bool:
    return one.total == other.total and (one.unit is None or other.unit is None or same_unit(one.unit, other.unit))


def _is_choice(question: Question) -> bool:
    """Say whether the answer is one of the things that the question offers: "Which is higher, A or B?"."""
    if question.program:
        return question.program.operation == Operation.COMPARE and not _is_named_most(question)
    text = question.question.casefold()
    which = re.search(r"\b(?:which|who|whose|what|whether|where)\b", text)
    offers = re.search(r"\b(?:or|between|versus|vs\.?)\b", text)
    return bool(which and offers) and len(words(question.answer)) <= _SHORT_ANSWER_WORDS


def _is_named_most(question: Question) -> bool:
    """Say whether the question names the winner more often than the other choice: "A or B, namely A?"."""
    labels, text = set(label_texts(question)), without_context(question)
    quotes = quoted_labels(question)
    if quotes:
        labels, text = set(quotes), question.question
    asked = f" {' '.join(words(text))} "
    counts = {label: asked.count(f" {' '.join(words(label))} ") for label in labels if label.strip()}
    answer = asked.count(f" {' '.join(words(question.answer))} ")
    others = [count for label, count in counts.items() if words(label) != words(question.answer)]
    return answer > max(others, default=0) >= 1


def _contradictions(question: Question) -> Iterator[str]:
    answer = without_quoted(question.answer)
    if question.answer_kind == AnswerKind.BOOLEAN and _YES_AND_NO.search(answer):
        yield "the answer says both yes and no"
    for denial in _DENIAL.finditer(question.answer):
        denied = set(words(denial["denied"]))
        if denied and denied <= set(words(question.answer[: denial.start()])):
            yield f"the answer denies itself: “{denial['denied'][:80]}”"
    yield from _wrong_ways(answer)
    asked = set(words(without_quoted(question.question)))
    for high, low in _OPPOSITES:
        if _asks_both(asked & high, asked & low, question.question):
            yield "the question asks for opposites at once"
    yield from _repeated_claims(question.answer)


def _asks_both(high: set[str], low: set[str], text: str) -> bool:
    """Say whether a superlative and its opposite qualify the same noun ("the highest, lowest value")."""
    return any(
        re.search(rf"\b(?:{one}\W+(?:(?:and|or|i\.e\.|that is)\W+)?{other})\b", text, re.IGNORECASE)
        and not re.search(rf"\bbetween\b[^?]*\b(?:{one}|{other})\b|\bfrom\b[^?]*\bto\b", text, re.IGNORECASE)
        for pair in ((one, other) for one in high for other in low)
        for one, other in (pair, pair[::-1])
    )


def _wrong_ways(answer: str) -> Iterator[str]:
    for match in _FROM_TO.finditer(answer):
        if bool(match["up"]) == bool(match["down"]):
            continue
        ends = [find_quantities(match[name])[:1] for name in ("first", "second")]
        if not all(ends):
            continue
        first, second = ends[0][0].total, ends[1][0].total
        if (match["up"] and first > second) or (match["down"] and first < second):
            yield f"“{match.group()[:80]}” moves the other way"


def _repeated_claims(answer: str) -> Iterator[str]:
    """Yield sentences that differ from the one before by a "not" alone."""
    sentences = [words(part) for part in re.split(r"(?<=[.!?;])\s+", answer) if part.strip()]
    for one, other in pairwise(sentences):
        without = [tuple(word for word in part if word not in {"not", "no", "never"}) for part in (one, other)]
        if without[0] == without[1] and one != other:
            yield "two sentences of the answer deny each other"


def _stands_in_proof(question: Question) -> bool:
    """Say whether the answer as a whole is printed in the evidence: then it is no refusal, odd as it sounds."""
    answer = fold(question.answer).strip(" .")
    texts = [evidence.quote or "" for evidence in question.evidence]
    texts += [cell.text for evidence in question.evidence for cell in evidence.cells]
    return len(answer) > 3 and any(answer in fold(text) for text in texts)
