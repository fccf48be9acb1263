"""Questions that a sentence answers by its own grammar: "X provides Y" answers "What does X provide?".

A small model cannot be trusted to write a question whose answer is true; it can choose among questions whose answers
are. Few sentences fit one of the patterns, and that is the point: what does not plainly fit gives nothing. It reads
English only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generators.checks.wording import content_stems
from generators.sentences import sentence_spans
from schemas.geometry import Span
from schemas.kinds import QuestionType


def _words(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))


_BASES: Final = _words(
    "provide|offer|support|include|contain|require|cover|introduce|describe|present|address|combine|produce|generate|"
    "implement|measure|represent|reduce|increase|emphasize|highlight|demonstrate|explore|examine|depend on|rely on|"
    "consist of|focus on|belong to|lead to|result in|aim at|aim to|build on|comprise|incorporate|illustrate|discuss|"
    "explain|compute|return|store|use|extend|solve|define",
    "|",
)
_HELPERS: Final = ("allow", "enable", "help", "encourage", "require")
_NOT_FIRST: Final = frozenset(
    _words(
        "it this these those they we our i he she his her there here you your its their that which who whose "
        "what if when while where although though because since as for in on at to by with without from after "
        "before during under over however thus therefore hence moreover furthermore also then finally first "
        "second third firstly secondly next overall instead another one both such other others similarly "
        "additionally specifically note let see using given figure table section equation algorithm listing "
        "and or but so not yet"
    )
)
_NOT_INSIDE: Final = frozenset(
    _words(
        "latter former last previous following above same "
        "that which who whose is are was were be been being has have had do does did will would can could may "
        "might must should shall we they it its their our us them this these those i you when if also not he "
        "she his her my what how where while whether et al"
    )
)
_LONGEST_SUBJECT: Final = 9
_LONGEST_ANSWER: Final = 28
_LEAST_CONTENT: Final = 2
_LONGEST_NAME: Final = 4
_CUT: Final = re.compile(
    r"[;(\[]|:(?=\s)|, (?:which|where|who|whose)\b|,? (?:while|whereas|although|because|since|so that|but|"
    r"thus|thereby|hence)\b"
    r"|, (?:as|and (?:is|are|was|were|has|have|can|it|they|we|this|the|its|their|\w+ (?:is|are|was|were|has|can))|"
    r"making|allowing|leading|enabling|providing|including|using|helping|with|so|or)\b"
    r"| and (?:is|are|was|were|has|have|can|will|it|they|we|this|therefore|thus|also|then|may|must|should)\b"
)
_SUBJECT: Final = r"(?P<subject>[A-Z0-9][^,.;:()\[\]!?\"“”]*?)"
_ASIDE: Final = re.compile(r"\s+(?:\([^()]*\)|\[[\d,;\s–-]+\])")
_POINTING: Final = re.compile(
    r"\b(?:this|these|those|our|we|us|here|above|below|following|aforementioned|it|they|them)\b", re.IGNORECASE
)
_HANGING: Final = re.compile(r"\b(?:and|or|of|in|to|for|with|by|as|at|on|from|the|an?|also|both|then)$", re.IGNORECASE)
_ADVERB: Final = r"(?: (?:also|currently|now|primarily|mainly|mostly|typically|usually|generally|often))?"


def _third(base: str) -> str:
    verb, _, rest = base.partition(" ")
    if verb.endswith(("s", "sh", "ch", "x")):
        verb += "es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb} {rest}".strip()


_VERBS: Final = {form: (base, base is form) for base in _BASES for form in (base, _third(base))}
_HELPER_VERBS: Final = {form: base for base in _HELPERS for form in (base, _third(base))}
_ALL_VERBS: Final = frozenset(form.split()[0] for form in (*_VERBS, *_HELPER_VERBS))
_ACTIVE: Final = re.compile(rf"{_SUBJECT}{_ADVERB} (?P<verb>{'|'.join(_VERBS)}) (?P<answer>.+)")
_HELPING: Final = re.compile(
    rf"{_SUBJECT}{_ADVERB} (?P<verb>{'|'.join(_HELPER_VERBS)}) (?P<whom>[\w-]+(?: [\w-]+)?) to (?P<answer>.+)"
)
_BE: Final = r"(?P<be>is|are|was|were)"
_PURPOSE: Final = re.compile(
    rf"{_SUBJECT} {_BE}{_ADVERB} (?P<verb>designed|intended|expected|required|meant|encouraged|asked|used) "
    r"to (?P<answer>.+)"
)
_USED: Final = re.compile(
    rf"{_SUBJECT} {_BE}{_ADVERB} (?P<verb>used|intended|based|written|implemented) (?P<way>for|on|in) (?P<answer>.+)"
)
_YEAR: Final = re.compile(
    rf"{_SUBJECT} {_BE} (?:first )?(?P<verb>\w+ed|held|taught|built|begun|founded) in (?P<answer>(?:1[89]|20)\d\d)\b.*"
)
_IS: Final = re.compile(rf"{_SUBJECT} (?P<be>is|are) (?P<answer>an? .+)")
_BECAUSE: Final = re.compile(
    rf"{_SUBJECT} (?P<be>is|are|was|were|can|cannot|must|should) (?P<middle>[^,;:()]+?),? "
    r"because (?!of\b)(?P<answer>.+)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A question, its answer as it stands in the sentence, and the sentence's span in the text."""

    question: str
    answer: str
    span: Span
    question_type: QuestionType = QuestionType.FACTUAL_RETRIEVAL


def find_frames(text: str, lowercase: frozenset[str] = frozenset()) -> list[Frame]:
    """Return the questions that the sentences of `text` answer, in their order.

    Args:
        text: a paragraph.
        lowercase: words that the document also writes without a capital: at the start of a sentence such a word is
            no name, and loses its capital inside a question.
    """
    return [frame for span in sentence_spans(text) for frame in _frames(text, span, lowercase)]


def _frames(text: str, span: Span, lowercase: frozenset[str]) -> Iterator[Frame]:
    sentence = _ASIDE.sub("", " ".join(text[span.start : span.end].split())).rstrip(".")
    if not text[span.start : span.end].endswith(".") or re.search(r"https?:|www\.|[{}\\|=<>]", sentence):
        return
    for pattern, word in _PATTERNS:
        match = pattern.fullmatch(sentence)
        subject = _subject(match["subject"], lowercase) if match else None
        answer = _answer(match["answer"]) if match else None
        if match is None or subject is None or answer is None:
            continue
        question = word(subject, match)
        if question:
            causal = pattern is _BECAUSE
            kind = QuestionType.LOGICAL_REASONING if causal else QuestionType.FACTUAL_RETRIEVAL
            yield Frame(question, answer, span, kind)


def _active(subject: str, match: re.Match[str]) -> str | None:
    base, plural = _VERBS[match["verb"]]
    # "The database used provides ...": a second verb right behind shows that the first was none.
    if match["answer"].split()[0].casefold() in _ALL_VERBS | _NOT_INSIDE | {"by", "in", "on", "for", "to", "only"}:
        return None
    if base == "aim to":
        return f"What {'do' if plural else 'does'} {subject} aim to do?"
    return f"What {'do' if plural else 'does'} {subject} {base}?"


def _helping(subject: str, match: re.Match[str]) -> str | None:
    base = _HELPER_VERBS[match["verb"]]
    return f"What {'do' if match['verb'] == base else 'does'} {subject} {base} {match['whom']} to do?"


def _purpose(subject: str, match: re.Match[str]) -> str | None:
    return f"What {match['be']} {subject} {match['verb']} to do?"


def _used(subject: str, match: re.Match[str]) -> str | None:
    if (match["verb"], match["way"]) not in {("used", "for"), ("intended", "for"), ("based", "on"), ("written", "in")}:
        return None
    return f"What {match['be']} {subject} {match['verb']} {match['way']}?"


def _year(subject: str, match: re.Match[str]) -> str | None:
    return f"In which year {match['be']} {subject} {match['verb']}?"


def _is(subject: str, match: re.Match[str]) -> str | None:
    named = subject[0].isupper() and len(subject.split()) <= _LONGEST_NAME and not subject.startswith(("The ", "A "))
    return f"What {match['be']} {subject}?" if named else None


def _because(subject: str, match: re.Match[str]) -> str | None:
    return f"Why {match['be']} {subject} {match['middle']}?"


_PATTERNS: Final = (
    (_HELPING, _helping),
    (_ACTIVE, _active),
    (_PURPOSE, _purpose),
    (_USED, _used),
    (_YEAR, _year),
    (_IS, _is),
    (_BECAUSE, _because),
)


def _subject(text: str, lowercase: frozenset[str]) -> str | None:
    """Return the subject as it reads inside a question, or None when it is no plain noun phrase."""
    words = text.split()
    first = words[0].casefold()
    inside = {word.casefold() for word in words}
    if not 1 <= len(words) <= _LONGEST_SUBJECT or first in _NOT_FIRST or inside & (_NOT_INSIDE | _ALL_VERBS):
        return None
    if _HANGING.search(text) or first.endswith("ly") or (first.endswith("ing") and len(words) == 1):
        return None
    if first in {"the", "a", "an", "each", "every", "all", "most", "some", "many", "several"} and len(words) == 1:
        return None
    plain = first in {"the", "a", "an", "each", "every", "all", "most", "some", "many", "several"} or (
        first in lowercase and words[0][1:].islower()
    )
    return " ".join([first if plain else words[0], *words[1:]])


def _answer(text: str) -> str | None:
    """Return the answer up to where a side clause begins, or None when it says too little or points elsewhere."""
    cut = _CUT.search(text)
    if cut and cut.group() == ":":
        return None
    answer = (text[: cut.start()] if cut else text).strip(" ,")
    if answer.isdigit():
        return answer
    if len(content_stems(answer)) < _LEAST_CONTENT or len(answer.split()) > _LONGEST_ANSWER:
        return None
    return None if _POINTING.search(answer) or _HANGING.search(answer) else answer
