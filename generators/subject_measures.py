"""What a table's caption says that its numbers are, where the headers do not: "Retail sales by country" over years."""

import re
from typing import Final

from generators.checks.wording import vocabulary
from generators.nouns import singular
from generators.subjects import Voice
from generators.words import word_list

# Nouns that are counted one by one read better in the singular: "the rate for Spain".
_SINGLE: Final = vocabulary(
    "temperature rate price number correlation score cost percentage amount time level share ratio proportion accuracy "
    "error age weight height length distance index budget"
)
_MASS: Final = vocabulary(
    "sales earnings expenditure expenditures income population enrollment enrolment production prevalence frequency "
    "turnover consumption spending employment unemployment mortality revenue revenues exports imports"
)
_COUNTED: Final = word_list("counted")
_SHARES: Final = vocabulary("rate percentage share proportion prevalence frequency mortality")
_STOPS: Final = (
    r"by|for|in|from|between|per|across|among|at|on|over|during|since|to|with|recorded|reported|within|categorized"
    r"|classified|grouped|used|given|listed"
)
_CAPTION: Final = re.compile(
    rf"(?P<before>(?:(?!(?:{_STOPS}|of|and|or|the|a|an|vs)\b)[^\W\d_][\w’'/-]* ){{0,4}})(?P<head>[^\W\d_]+)"
    rf"(?P<per> per (?:\d[\d,]*(?: [a-z]+)?|[a-z]+))?"
    rf"(?P<of> (?:of|for) (?:(?!(?:{_STOPS}|and|or)\b)[\w’'-]+ ?){{1,6}}?)?"
    rf"(?P<rest>$|[,;:]| \(| (?:{_STOPS}|of)\b)"
)
_VAGUE: Final = re.compile(
    r"\b(?:summary|distribution|comparison|selected|list|overview|results?|statistics|examples?|various"
    r"|actual|observed|effects?|analysis|possible|estimated)\b",
    re.IGNORECASE,
)
# "Actual and projected numbers for": the columns say which of the two.
_TWO_KINDS: Final = re.compile(r"[A-Z][a-z]+ and [a-z]+ (?=numbers (?:of|for)\b)")
# "Numbers for the pupil/teacher ratios": the numbers are ratios.
_NUMBERS_FOR: Final = re.compile(r"^numbers for the (?=[a-z/-]+ (?:ratios|rates|prices|costs|shares)\b)", re.IGNORECASE)
_FOLLOWED: Final = re.compile(r"^ \([^()]*\) (?:and|or)\b|^, (?!by\b|in\b|\d)", re.IGNORECASE)


def subject_measure(subject: str, voice: Voice, *, percent: bool = False) -> str | None:
    """Return the noun phrase that a caption begins with, when it says what numbers are; None where in doubt.

    >>> subject_measure("Lowest temperatures in Fahrenheit recorded for cities", Voice(()))
    'lowest temperature'
    >>> subject_measure("Actual and projected numbers for public high school graduates, by region", Voice(()))
    'number of public high school graduates'
    """
    subject = _NUMBERS_FOR.sub("", _TWO_KINDS.sub("", subject.removeprefix("The ")))
    match = _CAPTION.match(subject)
    if match is None or _VAGUE.search(match["before"]) or _FOLLOWED.match(subject[match.start("rest") :]):
        return None
    head = match["head"].lower()
    single = singular(head)
    if head in _COUNTED and not percent and not match["of"] and not match["before"] and match["rest"].strip() == "by":
        return f"number of {head}"
    if single not in _SINGLE and head not in _MASS:
        return None
    if percent and not {single, head} & _SHARES:
        return None
    noun = single if single in _SINGLE else head
    if noun == "number":
        counted = (match["of"] or "").strip()
        return f"number of {voice.lowered(counted.partition(' ')[2])}" if counted else None
    of = voice.lowered(match["of"]) if match["of"] and match["of"].startswith(" of") else ""
    said = voice.lowered(f"{match['before']}{match['head']}")
    return f"{said.rpartition(' ')[0]} {noun}".strip() + (match["per"] or "") + of.rstrip()
