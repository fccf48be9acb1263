"""What a model says, read as an answer: without its thoughts, its manners and the marks it puts around."""

import re
from typing import Final

from generators.draft_parsing import first_object

UNANSWERABLE: Final = "UNANSWERABLE"
"""The word with which the prompts let a model say that what it was given holds no answer."""

_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE: Final = re.compile(r"^[^\S\n]*```\w*[^\S\n]*$", re.MULTILINE)
_MARKS: Final = re.compile(r"\*\*|__|`")
_FINAL: Final = re.compile(
    r"^[^\w\n]*(?:the\s+)?(?:(?:final|short|correct|best)\s+)?answer(?:\s+to\s+(?:the|your)\s+question)?\s*(?:is|:|=)+\s*:?",
    re.IGNORECASE | re.MULTILINE,
)
_MANNERS: Final = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|ok)\b[^.:\n]*[.:!]\s*"
    r"|^(?:based on|according to|from) (?:the|these|this) (?:given |provided )?(?:sources?|text|table|picture|context|"
    r"information|data|figure|evidence|passage)s?[^,:\n]{0,40}[,:]\s*",
    re.IGNORECASE,
)
_AFTERTHOUGHT: Final = re.compile(r"\n[^\w\n]*(?:explanation|reason(?:ing)?|note|source|because)\b.*", re.I | re.S)
_DECLINED: Final = re.compile(
    r"\bun-?answerable\b|\b(?:can ?not|can['’]t|could not|couldn['’]t) be (?:answered|determined|inferred|found)\b"
    r"|\b(?:i|we) (?:do(?: not|n['’]t) know|can ?not|can['’]t|am unable|am not able|have no)\b|\bunable to\b"
    r"|\bnot (?:specified|mentioned|stated|provided|available|given|disclosed|reported|answerable|enough information)\b"
    r"|\bno (?:such )?(?:information|answer|data|mention)\b|\binsufficient information\b"
    r"|\bdo(?:es)?(?: not|n['’]t) (?:say|specify|mention|state|provide|contain|give|include|report|hold|answer)\b"
    r"|^\W*(?:unknown|n/?a|none|null|nan|sorry)\W*$",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^[^\S\n]*(?:[-•*–]|\d{1,2}[.)])\s+(.*\S)", re.MULTILINE)
_QUOTES: Final = " \t\"'“”‘’«»*_"
_LONGEST_DECLINE: Final = 60


def read_answer(text: str) -> str:
    r"""Return the answer that a model's text gives, in its own words; empty when it gives none.

    >>> read_answer("<think>12 or 13?</think>The answer is **12 %**.\n\nExplanation: the last row.")
    '12 %'
    >>> read_answer('{"answer": "Kiel"}')
    'Kiel'
    """
    plain = _MARKS.sub("", _FENCE.sub("", _THOUGHT.sub("", text))).strip()
    if plain.startswith("{"):
        found = (first_object(plain) or {}).get("answer")
        plain = plain if found is None else str(found)
    plain = _AFTERTHOUGHT.sub("", plain)
    finals = [match.end() for match in _FINAL.finditer(plain)]
    said = plain[finals[-1] :] if finals else _MANNERS.sub("", plain)
    return _tidy(said) or _tidy(plain)


def declines(answer: str) -> bool:
    """Say whether an answer, as `read_answer` returns it, says that there is none.

    >>> [declines(text) for text in ("UNANSWERABLE", "The sources do not say.", "", "Nothing was reported in 2019.")]
    [True, True, True, False]
    """
    if not answer.strip() or answer.strip().upper().startswith(UNANSWERABLE):
        return True
    return len(answer.split()) <= _LONGEST_DECLINE and _DECLINED.search(answer) is not None


def _tidy(text: str) -> str:
    """Return a text on one line, without quotation marks around it and the full stop after it; points with ";"."""
    points = _BULLET.findall(text)
    flat = " ".join(("; ".join(points) if len(points) > 1 else text).split())
    bare = flat.strip(_QUOTES)
    return bare[:-1].rstrip(_QUOTES) if bare.endswith(".") and not bare.endswith("..") else bare
