"""Small slips that turn what is said: a sign, a "not", a letter, a claim on top, markup, a table that nobody named."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import elements_of, lead_texts, near_texts, proof_texts
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import distinctive_stems, fold, is_known, without_quoted
from generators.document_view import DocumentView
from generators.quantities import find_quantities, parse_quantity
from generators.stated_facts import senses_stated
from schemas.kinds import AnswerKind, Operation
from schemas.records import CheckResult, Question

_MARKUP: Final = re.compile(
    r"</?(?:b|i|u|p|br|em|strong|sub|sup|span|div|td|tr|table|html|code)\b[^>]{0,40}>|&(?:nbsp|amp|lt|gt|quot|#\d+);"
    r"|\*\*|(?<!\w)__\w|^#{1,6} |\\n|\\(?:mathrm|mathbf|text|frac)\b|^\s*[-*] \S.*\n",
    re.IGNORECASE,
)
_NEGATION: Final = re.compile(r"\b(?:not|never|nor|neither|cannot|without)\b|n['’]t\b", re.IGNORECASE)
# What may stand behind a question with "not" in a source: a denial in other words.
_DENIAL: Final = re.compile(
    r"\b(?:not|no|none|never|nor|neither|cannot|without|lacks?|lacking|fail\w*|unable|except|absent|missing|exclud\w+|"
    r"rather than|instead of|avoid\w*|prevent\w*|impossible|un(?:able|known|available|supported|clear|til))\b|n['’]t\b",
    re.IGNORECASE,
)
_SIGNED: Final = frozenset({Operation.LOOKUP, Operation.SUM, Operation.AVERAGE, Operation.RATIO, Operation.SHARE})
_NEGATIVE: Final = re.compile(r"(?<![\w.,)])[-−](?=[$€£]?\d)|(?<!\w)\(\d[\d.,]*\)")
_NAME: Final = re.compile(r"(?<=[a-z,:] )[A-Z][^\W\d_]{4,}\b")
# Senses that an answer may not add to what its evidence says.
_ADDED: Final = frozenset(
    {"the upper end", "the lower end", "a reason", "a rise", "a fall", "a negation", "a restriction"}
)
_BESIDES: Final = re.compile(r", which\b|\. (?=[A-Z])|,? because\b|,? since\b|,? due to\b")
# An answer that there is none holds no number and no second sentence.
_MORE_THAN_NO: Final = re.compile(r"\d|\. \S|\b(?:because|although|however)\b")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_LEAST_NAMED: Final = 2


def check_markup(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail on markup in question or answer that the evidence does not print."""
    for name, text in (("question", question.question), ("answer", question.answer)):
        match = _MARKUP.search(text)
        if match and not any(match.group().strip() in proof for proof in proof_texts(question)):
            return rejected("markup", CheckReason.MARKUP, f"the {name} holds {match.group().strip()!r}")
    return passed("markup")


def check_sign(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a number of the answer has another sign than the result of its program, or than any proof."""
    answer = question.answer
    negative = _NEGATIVE.search(answer) is not None
    program = question.program
    if program is None:
        shown = not negative or any(_NEGATIVE.search(text) for text in proof_texts(question))
        return passed("sign") if shown else rejected("sign", CheckReason.UNSUPPORTED_NUMBER, "no proof is negative")
    result = parse_quantity(program.result)
    numbers = find_quantities(answer)
    if result is None or not numbers:
        return skipped("sign", "no number is stated")
    differs = negative and result.value > 0
    differs |= program.operation in _SIGNED and result.value < 0 and not negative
    if differs:
        return rejected("sign", CheckReason.ANSWER_DIFFERS, f"the result is {program.result}, the answer {answer[:40]}")
    return passed("sign")


def check_negation(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an English question asks for what is not, and its program or its proof says what is."""
    if question.language.split("-")[0] != "en" or (question.answer_kind == AnswerKind.NONE and not question.program):
        return skipped("negation", "only English questions with an answer are read")
    asked = without_quoted(question.question)
    for proof in sorted(proof_texts(question), key=lambda text: -len(text)):
        asked = asked.replace(proof, " ") if len(proof) > 3 else asked
    match = _NEGATION.search(asked)
    if match is None:
        return passed("negation")
    proofs = " ".join([*proof_texts(question), question.answer])
    proven = any(evidence.quote for evidence in question.evidence) or question.program is not None
    if question.program is not None or (proven and not _DENIAL.search(proofs)):
        return rejected("negation", CheckReason.NEGATED_QUESTION, f"“{match.group()}” asks for the contrary")
    return passed("negation")


def check_spelling(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a name in the question is, but for two letters that changed places, one that its document prints."""
    near = _words([*proof_texts(question), *lead_texts(question, views), *near_texts(question, views)])
    documents = {evidence.doc_id for evidence, _ in elements_of(question, views)}
    known = [near, *(_document_words(views[doc_id]) for doc_id in sorted(documents))]
    for match in _NAME.finditer(question.question):
        word = match.group()
        if any(word.casefold() in words for words in known):
            continue
        right = next((one for one in _swapped(word) if any(one in words for words in known)), None)
        if right:
            return rejected("spelling", CheckReason.MISSPELT_NAME, f"“{word}”, where the document has “{right}”")
    return passed("spelling")


def check_claims(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an answer goes on to say more: a superlative, a reason, a turn that no evidence states."""
    program = question.program
    if program is not None and program.operation is Operation.ABSENT and _MORE_THAN_NO.search(question.answer):
        return rejected("claims", CheckReason.UNANSWERABLE_MISMATCH, f"it answers “{question.answer[:60]}”")
    added = _BESIDES.search(question.answer)
    if question.language.split("-")[0] != "en" or added is None:
        return passed("claims")
    tail = question.answer[added.start() :]
    proofs = "\n".join([*proof_texts(question), question.question])
    if fold(tail).strip(" ,.") in fold(proofs):
        return passed("claims")
    senses = senses_stated(tail, "en") & _ADDED
    missing = senses - senses_stated(proofs, "en")
    if missing:
        return rejected(
            "claims", CheckReason.UNSUPPORTED_WORDS, f"the answer adds {min(missing)}: “{tail[:60].strip()}”"
        )
    return passed("claims")


def check_source_named(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a question of a table program names neither the document nor what its table is about."""
    if question.program is None:
        return skipped("source_named", "not computed by a program")
    asked = distinctive_stems(question.question)
    texts = [*lead_texts(question, views), *(one.quote for one in question.evidence if one.quote)]
    leads = [stems for text in texts if (stems := distinctive_stems(text))]
    if not leads:
        return skipped("source_named", "nothing names the table")
    named = [[one for one in stems if is_known(one, asked)] for stems in leads]
    if any(len(found) >= min(_LEAST_NAMED, len(stems)) for found, stems in zip(named, leads, strict=True)):
        return passed("source_named")
    return rejected("source_named", CheckReason.NOT_FINDABLE, "it names neither its document nor its table")


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts for word in _LONG_WORD.findall(text))


@lru_cache(maxsize=8)
def _document_words(view: DocumentView) -> frozenset[str]:
    """Return the words of a document: questions come document by document, so that each is gone through once."""
    return _words(element.text for element in view.elements)


def _swapped(word: str) -> Iterator[str]:
    low = word.casefold()
    for at in range(len(low) - 1):
        if low[at] != low[at + 1]:
            yield low[:at] + low[at + 1] + low[at] + low[at + 2 :]
