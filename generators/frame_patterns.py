"""The patterns of sentences that answer a question, the most telling first, and how each words its question."""

import re
from collections.abc import Callable
from typing import Final

from generators.checks.wording import vocabulary
from generators.frame_phrases import is_name, read_answer, stands_alone
from schemas.kinds import QuestionType

Wording = tuple[str, str]
"""A question and its answer."""

Reader = Callable[[str, re.Match[str]], Wording | None]


def _verbs(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_BASES: Final = _verbs(
    "provide|offer|support|require|describe|combine|produce|generate|implement|measure|represent|reduce|increase|"
    "emphasize|highlight|depend on|rely on|consist of|belong to|lead to|result in|aim at|aim to|build on|comprise|"
    "incorporate|compute|return|store|use|extend|solve|define|cover|contain|include|stand for|refer to|focus on|"
    "replace|calculate|estimate|detect|convert|predict|simulate|illustrate|introduce|address|demonstrate|examine"
)
_HELPERS: Final = ("allow", "enable", "help", "encourage", "require")
_COUNTED: Final = (
    "consist of",
    "contain",
    "include",
    "comprise",
    "cover",
    "have",
    "offer",
    "provide",
    "use",
    "require",
)
_NUMBERS: Final = (
    r"\d{1,3}(?:,\d{3})+|\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
)


def _third(base: str) -> str:
    verb, _, rest = base.partition(" ")
    if verb == "have":
        verb = "has"
    elif verb.endswith(("s", "sh", "ch", "x")):
        verb += "es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb} {rest}".strip()


def _forms(bases: tuple[str, ...]) -> dict[str, str]:
    return {form: base for base in bases for form in (base, _third(base))}


_VERBS: Final = _forms(_BASES)
_HELPER_VERBS: Final = _forms(_HELPERS)
_COUNTED_VERBS: Final = _forms(_COUNTED)
VERB_WORDS: Final = frozenset(
    form.split()[0]
    for form in (*_VERBS, *_HELPER_VERBS)
    if form not in {"use", "uses", "support", "measure", "measures"}
)
_NO_OBJECT: Final = vocabulary(
    "by in on for to only and or as from that is are was were not it this these of at into about across among between "
    "within over under through during has have had can could may might will would shall should must cannot also then "
    "them us its their"
)
_PEOPLE: Final = (
    r"(?:the |its |their )?(?:[\w-]+ )?(?:students?|learners?|users?|readers?|participants?|instructors?|teachers?|"
    r"researchers?|developers?|beginners?|engineers?|practitioners?|educators?)(?: and \w+)?"
)

_SUBJECT: Final = r"(?P<subject>[A-Z0-9][^,.;:()\[\]!?\"“”]*?)"
# "also includes" and "now supports" tell a part of what there is: such sentences answer no question.
_ADVERB: Final = r"(?: (?:currently|primarily|mainly|mostly|typically|usually|generally|often|mainly))?"
_BE: Final = r"(?P<be>is|are|was|were)"
_ANSWER: Final = r"(?P<answer>.+)"


def _compiled(tail: str) -> re.Pattern[str]:
    return re.compile(rf"{_SUBJECT}{tail}")


_COUNT: Final = _compiled(
    rf"{_ADVERB} (?P<verb>{'|'.join(_COUNTED_VERBS)}) (?P<about>about |over |more than |approximately |nearly )?"
    rf"(?P<number>{_NUMBERS}) (?P<things>(?:[a-z-]+ ){{0,2}}[a-z]+s(?: of [a-z-]+)?)"
    r"(?: (?:that|which|for|with|in|to|from|on|covering|about|each|and)\b.*|[,:;].*)?"
)
_GOAL: Final = re.compile(
    rf"The (?:main |primary |overall |overarching )?(?P<goal>purpose|aim|goal|objective|intent) of "
    rf"(?P<subject>[^,.;:()]+?) {_BE} to {_ANSWER}"
)
_PURPOSE: Final = _compiled(
    rf" {_BE}{_ADVERB} (?P<verb>designed|intended|expected|required|meant|encouraged|used|developed|created|built|"
    rf"introduced|established) to {_ANSWER}"
)
_USED: Final = _compiled(
    rf" {_BE}{_ADVERB} (?P<verb>used for|intended for|based on|"
    r"written in(?! an? [a-z-]+ (?:fashion|way|manner|style)\b)|implemented in|named after|derived from|"
    rf"composed of|licensed under|known as|defined as|associated with|distributed under|caused by|maintained by|"
    rf"developed by|divided into|organized into) {_ANSWER}"
)
_YEAR: Final = _compiled(
    rf" {_BE} (?P<verb>(?:first |originally )?(?:\w+ed|held|taught|built|begun|founded|written)) in "
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?"
    r"(?P<answer>(?:1[89]|20)\d\d)\b.*"
)
_WHICH: Final = _compiled(
    rf" is an? (?P<kind>(?:[\w-]+ ){{0,3}}[\w-]+?)(?:,)? (?:that|which) (?P<tail>(?:\w+s|can) {_ANSWER})"
)
_IS: Final = _compiled(rf" (?P<be>is|are) (?P<article>an?) {_ANSWER}")
_MORE: Final = _compiled(
    rf" {_BE} (?P<degree>(?:(?:much|far|slightly|significantly|substantially|considerably) )?"
    rf"(?:more [a-z-]+|less [a-z-]+|[a-z]+er)) than {_ANSWER}"
)
_BECAUSE: Final = _compiled(
    r" (?P<be>is|are|was|were|can|cannot|must) (?P<middle>[^,;:()]+?),? (?:because|since) (?!of\b|the \d)" + _ANSWER
)
_DUE: Final = _compiled(rf" {_BE} (?P<middle>[^,;:()]+?) (?P<due>because of|due to|owing to) {_ANSWER}")
_HELPING: Final = _compiled(rf"{_ADVERB} (?P<verb>{'|'.join(_HELPER_VERBS)}) (?P<whom>[\w-]+(?: [\w-]+)?) to {_ANSWER}")
_LEADING: Final = _compiled(
    rf" (?P<verb>introduces?|exposes?|provides?|equips?|guides?) (?P<whom>{_PEOPLE}) (?P<way>to|with|through) {_ANSWER}"
)
_ACTIVE: Final = _compiled(rf"{_ADVERB} (?P<verb>{'|'.join(_VERBS)}) {_ANSWER}")


# "The agreement measures a and b are based on": a verb behind the object shows that the first was none.
_PREDICATE: Final = re.compile(
    r"^(?:(?!\b(?:which|that|what|where|who|whose|when|whether|how|if|because|as)\b).)*\b(?:is|are|was|were)\b"
)
_LEAST_MEANS: Final = 3


def _does(verb: str, base: str) -> str:
    return "do" if verb == base else "does"


def _count(subject: str, match: re.Match[str]) -> Wording | None:
    base, things = _COUNTED_VERBS[match["verb"]], match["things"]
    if things.split()[0] in {"or", "and", "to", "of", "other", "different"} or not stands_alone(things):
        return None
    counted = re.sub(r" of [a-z-]+$", "", things)
    question = f"How many {things} {_does(match['verb'], base)} {subject} {base}?"
    return question, f"{match['about'] or ''}{match['number']} {counted}"


def _with_answer(question: str, text: str) -> Wording | None:
    answer = read_answer(text)
    return (question, answer) if answer else None


def _goal(subject: str, match: re.Match[str]) -> Wording | None:
    return _with_answer(f"What {match['be']} the {match['goal']} of {subject}?", f"to {match['answer']}")


def _purpose(subject: str, match: re.Match[str]) -> Wording | None:
    if match["answer"].startswith("be "):
        return None
    if match["verb"].endswith("used"):
        return _with_answer(f"What {match['be']} {subject} {match['verb']} for?", f"to {match['answer']}")
    return _with_answer(f"What {match['be']} {subject} {match['verb']} to do?", match["answer"])


def _used(subject: str, match: re.Match[str]) -> Wording | None:
    verb, be = match["verb"], match["be"]
    if verb == "defined as":
        return _with_answer(f"How {be} {subject} defined?", match["answer"])
    if verb in _MADE:
        makers = _BESIDES_MAKERS.split(match["answer"])[0]
        return (f"Who {_MADE[verb]} {subject}?", makers) if _MAKERS.fullmatch(makers) else None
    return _with_answer(f"What {be} {subject} {verb}?", match["answer"])


def _year(subject: str, match: re.Match[str]) -> Wording:
    return f"In which year {match['be']} {subject} {match['verb']}?", match["answer"]


def _which(subject: str, match: re.Match[str]) -> Wording | None:
    kind, tail = match["kind"], match["tail"]
    told = read_answer(tail)
    if not is_name(subject) or not told or not stands_alone(kind) or _ORDINAL.match(kind):
        return None
    return f"Which {kind} {told}?", subject


def _is(subject: str, match: re.Match[str]) -> Wording | None:
    if not is_name(subject):
        return None
    return _with_answer(f"What {match['be']} {subject}?", f"{match['article']} {match['answer']}")


def _more(subject: str, match: re.Match[str]) -> Wording | None:
    answer = read_answer(match["answer"])
    if not answer or match["degree"].split()[-1] in {"rather", "other", "later"}:
        return None
    # "higher for men than for women": what is compared stands in another sentence's grammar.
    if answer.split()[0].casefold() in _NO_OBJECT:
        return None
    return f"How {_do_be(match['be'])} {subject} compare with {answer}?", f"{match['degree']} than {answer}"


def _do_be(be: str) -> str:
    return {"is": "does", "are": "do"}.get(be, "did")


def _because(subject: str, match: re.Match[str]) -> Wording | None:
    if not _is_one_clause(match["middle"]):
        return None
    return _with_answer(f"Why {match['be']} {subject} {match['middle']}?", match["answer"])


def _due(subject: str, match: re.Match[str]) -> Wording | None:
    cause = read_answer(match["answer"])
    if not cause or not _is_one_clause(match["middle"]):
        return None
    return f"Why {match['be']} {subject} {match['middle']}?", f"{match['due']} {cause}"


def _is_one_clause(middle: str) -> bool:
    words = middle.casefold().split()
    return len(words) <= _LONGEST_MIDDLE and not _SECOND_CLAUSE & set(words) and stands_alone(middle)


def _helping(subject: str, match: re.Match[str]) -> Wording | None:
    base = _HELPER_VERBS[match["verb"]]
    question = f"What {_does(match['verb'], base)} {subject} {base} {match['whom']} to do?"
    return _with_answer(question, match["answer"]) if stands_alone(match["whom"]) else None


def _leading(subject: str, match: re.Match[str]) -> Wording | None:
    verb = match["verb"]
    base = verb.removesuffix("s")
    if (base in {"provide", "equip"}) != (match["way"] == "with") or not stands_alone(match["whom"]):
        return None
    question = f"What {_does(verb, base)} {subject} {base} {match['whom']} {match['way']}?"
    return _with_answer(question, match["answer"])


def _use(subject: str, does: str, text: str) -> Wording | None:
    """Ask what is used for what, and of a bare "uses" only where the user has a name."""
    answer = read_answer(text)
    purpose = re.fullmatch(r"(?P<means>(?:\S+ ){1,11}?\S+) to (?P<goal>[a-z]+ .+)", answer) if answer else None
    if purpose:
        if len(purpose["means"].split()) < _LEAST_MEANS:
            # "uses a relaxation to": the answer leaves out of what.
            return None
        return f"What {does} {subject} use to {purpose['goal']}?", purpose["means"]
    return (f"What {does} {subject} use?", answer) if answer and is_name(subject) else None


def _active(subject: str, match: re.Match[str]) -> Wording | None:
    base, first = _VERBS[match["verb"]], match["answer"].split()[0].casefold()
    # "The database used provides …": a second verb right behind shows that the first was none.
    if first in VERB_WORDS | _NO_OBJECT or _LEADING.fullmatch(match.string) or _PREDICATE.search(match["answer"]):
        return None
    does = _does(match["verb"], base)
    if base == "use":
        return _use(subject, does, match["answer"])
    asked = f"{does} {subject} aim to do" if base == "aim to" else f"{does} {subject} {base}"
    return _with_answer(f"What {asked}?", match["answer"])


_LONGEST_MIDDLE: Final = 9
_MADE: Final = {"developed by": "developed", "maintained by": "maintains"}
_BESIDES_MAKERS: Final = re.compile(r",? (?:for|in|at|to|from|as|with|since|under|using|during|within|on)\b")
_MAKERS: Final = re.compile(r"(?:the )?[A-Z][\w’'.-]*(?:(?:,| and|, and| of)? (?:the )?[A-Z][\w’'.-]*)*")
_SECOND_CLAUSE: Final = vocabulary("and or but while which that is are was were if when")
_ORDINAL: Final = re.compile(r"(?:first|second|third|fourth|fifth|new|part|way)\b")
_FACT: Final = QuestionType.FACTUAL_RETRIEVAL
PATTERNS: Final[tuple[tuple[re.Pattern[str], Reader, QuestionType], ...]] = (
    (_COUNT, _count, _FACT),
    (_YEAR, _year, _FACT),
    (_GOAL, _goal, _FACT),
    (_MORE, _more, QuestionType.COMPARISON),
    (_BECAUSE, _because, QuestionType.LOGICAL_REASONING),
    (_DUE, _due, QuestionType.LOGICAL_REASONING),
    (_WHICH, _which, _FACT),
    (_HELPING, _helping, _FACT),
    (_PURPOSE, _purpose, _FACT),
    (_USED, _used, _FACT),
    (_LEADING, _leading, _FACT),
    (_IS, _is, _FACT),
    (_ACTIVE, _active, _FACT),
)
