"""The outer form of a question and its answer: lengths, characters, marks, and whether it asks one thing."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import proof_texts
from generators.checks.verdicts import passed, rejected
from generators.checks.wording import without_quoted
from generators.document_view import DocumentView
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import CheckResult, Question

_QUESTION_LENGTH: Final = (12, 700)
_LONGEST_ANSWER: Final = 1500
_LONGEST_SUMMARY: Final = 4000
_ALLOWED_CONTROLS: Final = frozenset("\n\t")
_BROKEN_CATEGORIES: Final = frozenset({"Cc", "Co", "Cs", "Cn"})
_BROKEN: Final = re.compile(r"\(cid:\d+\)|�|Ã[\x80-\xbf©¤¶¼±¨´§]|â€[™œ\x9d“”¢¦]|\?{3,}|[​‎‏‪-‮⁦-⁩]")
_UNSEEN: Final = frozenset("\u00ad\u2060\ufeff")
_TWO_SCRIPTS: Final = re.compile(r"[^\W\d_]*(?:[a-zA-Z][а-яА-Яα-ωΑ-Ω]|[а-яА-Яα-ωΑ-Ω][a-zA-Z])[^\W\d_]*")
# "provi- ded", and not "pre- and post-test".
_BROKEN_WORD: Final = re.compile(r"\b[A-Za-z][a-z]+- (?!(?:and|or|to|vs|und|oder|bis|et|ou|y|o|e|en|of)\b)[a-z]{2,}\b")
_INTERROGATIVE: Final = r"what|which|who|whom|whose|when|where|why|how"
_ASKS: Final = re.compile(rf"\b(?:{_INTERROGATIVE})\b", re.IGNORECASE)
_AUXILIARY: Final = re.compile(
    r"(?:^|[,;:”]\s*)(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b",
    re.IGNORECASE,
)
_IMPERATIVE: Final = re.compile(
    r"(?:^|[,;:”]\s*)(?:please\s+)?(?:name|list|give|state|identify|describe|explain|compare|contrast|summari[sz]e|"
    r"calculate|compute|determine|outline|find|provide|rank|report|count|order|sort|specify|discuss|tell|"
    r"define|estimate|add|subtract|sum)\b",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(
    rf"(?:\band\b|\balso\b|\bplus\b|\bthen\b|;|&)\s*(?:also\s+|then\s+)?(?:by\s+|in\s+|at\s+|on\s+)?"
    rf"(?P<word>what|why|how|{_INTERROGATIVE})\b",
    re.IGNORECASE,
)
_SECOND_ORDER: Final = re.compile(
    r"[.?!;]\s+(?:also|then|and|additionally|furthermore|next|please)\b|[.?!]\s+(?:name|list|give|state|explain|"
    r"describe|summari[sz]e|compare)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS: Final = (".", "?", "？", "؟", ";", ":", "!", "。")
_PAIRS: Final = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"))
_CUT_OFF: Final = re.compile(
    r"(?:[,;:(\[–—-]|\b(?:the|an|of|and|or|to|in|for|with|from|by|at|than|between|is|are|was|were|that|which|as|"
    r"because|its|their))[\s.]*$",
    re.IGNORECASE,
)


def check_length(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when question or answer is empty, too short to mean anything, or a page long."""
    asked, answered = question.question.strip(), question.answer.strip()
    shortest, longest = _QUESTION_LENGTH
    if not shortest <= _width(asked) or len(asked) > longest:
        return rejected("length", CheckReason.BAD_TEXT_LENGTH, f"the question has {len(asked)} characters")
    summary = question.question_type == QuestionType.SUMMARIZATION or question.answer_kind == AnswerKind.LIST
    if not answered or len(answered) > (_LONGEST_SUMMARY if summary else _LONGEST_ANSWER):
        return rejected("length", CheckReason.BAD_TEXT_LENGTH, f"the answer has {len(answered)} characters")
    return passed("length")


def check_characters(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail on characters that no reader should meet: controls, lost glyphs, text decoded wrongly."""
    for name, text in (("question", question.question), ("answer", question.answer)):
        bad = _broken_character(text) or _misshapen(text, question)
        if bad:
            return rejected("characters", CheckReason.BROKEN_CHARACTERS, f"the {name} holds {bad}")
    return passed("characters")


def _misshapen(text: str, question: Question) -> str | None:
    """Return a word of two scripts, or one broken as at the end of a line, that no proof prints so."""
    for match in _TWO_SCRIPTS.finditer(text):
        if not any(match.group() in proof for proof in proof_texts(question)):
            return f"letters of two scripts in {match.group()!r}"
    broken = _BROKEN_WORD.search(text)
    return f"the broken word {broken.group()!r}" if broken else None


def check_marks(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a quotation mark or bracket of the question has no partner; the answer may quote half of one."""
    for opening, closing in _PAIRS:
        if question.question.count(opening) != question.question.count(closing) and not _is_interval(question.question):
            return rejected("marks", CheckReason.UNBALANCED_MARKS, f"{opening} and {closing} do not pair")
    marks = [len(re.findall(pattern, question.question)) for pattern in ('"', '(?<!\\d)"')]
    if all(count % 2 for count in marks):
        # A mark after a digit may stand for inches.
        return rejected("marks", CheckReason.UNBALANCED_MARKS, "an odd number of quotation marks")
    return passed("marks")


def check_asking(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the text neither asks nor instructs. Only English is read closely; others need their end mark."""
    text = question.question.strip()
    if not text.rstrip("”\"'»)").endswith(_SENTENCE_ENDS):
        return rejected("asking", CheckReason.NOT_A_QUESTION, "it ends without a question mark or full stop")
    if not _is_english(question):
        return passed("asking")
    plain = without_quoted(text)
    asks = text.endswith("?") and (_ASKS.search(plain) or _AUXILIARY.search(plain))
    if not (asks or _IMPERATIVE.search(plain)):
        return rejected("asking", CheckReason.NOT_A_QUESTION, "it holds no question word and no instruction")
    return passed("asking")


def check_single(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when two questions are joined. Quoted titles and labels may hold anything."""
    text = without_quoted(question.question)
    if sum(text.count(mark) for mark in "?？؟") > 1:
        return rejected("single", CheckReason.SEVERAL_QUESTIONS, "more than one question mark")
    if _is_english(question):
        second = _second_question(text)
        if second:
            return rejected("single", CheckReason.SEVERAL_QUESTIONS, f"a second question begins at “{second}”")
    return passed("single")


def check_complete(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when question or answer stops in the middle of a sentence, as a token limit leaves it."""
    if not _is_english(question):
        return passed("complete")
    cut = _CUT_OFF.search(question.question.rstrip("?").rstrip()) and not question.question.rstrip().endswith("?")
    if cut:
        return rejected("complete", CheckReason.TRUNCATED, "the question stops in the middle")
    answer = question.answer.strip()
    if len(answer.split()) > 1 and _CUT_OFF.search(answer) and not _ends_like_proof(question, answer):
        return rejected("complete", CheckReason.TRUNCATED, f"the answer stops at “{answer[-20:]}”")
    if _opens_only(answer):
        return rejected("complete", CheckReason.TRUNCATED, "the answer opens a bracket or quotation and stops")
    return passed("complete")


def _second_question(text: str) -> str | None:
    """Return where a second question begins, or None.

    A pronoun that was used before in the middle is a relative one: "patients who smoked and who drank".
    """
    for match in _JOINED.finditer(text):
        before = text[: match.start()]
        word = match["word"].casefold()
        first = _ASKS.search(before) or _IMPERATIVE.search(before) or _AUXILIARY.search(before)
        relative = word in {"which", "who", "where", "when"} and re.search(rf"\w\s+{word}\b", before, re.IGNORECASE)
        if first and not relative and len(before[first.end() :].split()) >= 2:
            return match.group().strip()
    order = _SECOND_ORDER.search(text)
    return order.group().strip() if order and (_ASKS.search(text) or _IMPERATIVE.search(text)) else None


def _broken_character(text: str) -> str | None:
    match = _BROKEN.search(text)
    if match:
        return repr(match.group())
    return next(
        (
            f"U+{ord(char):04X}"
            for char in text
            if char in _UNSEEN or (unicodedata.category(char) in _BROKEN_CATEGORIES and char not in _ALLOWED_CONTROLS)
        ),
        None,
    )


def _ends_like_proof(question: Question, answer: str) -> bool:
    """Say whether a quote or cell as a whole ends the way the answer does: then that is how it is printed."""
    tail = answer.split()[-1]
    proofs = [evidence.quote or "" for evidence in question.evidence]
    proofs += [cell.text for evidence in question.evidence for cell in evidence.cells]
    return any(proof.rstrip().endswith(tail) and len(proof) <= len(answer) + 1 for proof in proofs)


def _opens_only(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in _PAIRS) and not _is_interval(text)


def _is_interval(text: str) -> bool:
    """Say whether half-open intervals such as "[0, 1)" explain brackets that do not pair."""
    return re.search(r"[\[(]\s*[-\d.∞]+\s*[,;]\s*[-\d.∞]+\s*[\])]", text) is not None


def _is_english(question: Question) -> bool:
    return question.language.casefold().split("-")[0] == "en"


def _width(text: str) -> int:
    """Count characters, an ideograph or Hangul syllable as three: they say as much."""
    return sum(3 if ord(char) > 0x2E7F else 1 for char in text)
