"""What can be saved of a draft that is no JSON: JSON that was cut off, and lines that say "Question:", "Answer:".

Nothing is guessed. Of cut JSON only whole values are kept: half a quote, half a number or half an answer is dropped
with all that comes after it, for "66" may have been on its way to "6650". What looks like a loop is told apart, so that
its reject says what happened.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_CLOSES: Final = {"{": "}", "[": "]"}
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_BEGINS: Final = re.compile(r'\{\s*"')
_ITEM_DEPTH: Final = 2
_MOST_CHARACTERS: Final = 20_000
_LABELS: Final = {
    "question": "question",
    "answer": "answer",
    "final answer": "answer",
    "summary": "answer",
    "quote": "quotes",
    "quotes": "quotes",
    "evidence": "quotes",
    "cell": "cells",
    "cells": "cells",
    "missing": "missing",
    "missing word": "missing",
    "near": "near",
}
_LABEL: Final = re.compile(
    rf"^[\s>*_#-]*(?P<label>{'|'.join(sorted(_LABELS, key=len, reverse=True))})(?: ?\d{{1,2}})?"
    r"(?: ?[(\[](?:source )?(?P<source>\d{1,2})[)\]])?[*_]*\s*:[*_]*[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET: Final = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_SOURCE: Final = re.compile(
    r"^\s*[(\[]?(?:source\s+)?(?P<before>\d{1,2})[)\]:]\s*(?=[“\"'«])|"
    r"(?<=[”\"'».])\s*[(\[](?:source\s+)?(?P<after>\d{1,2})[)\]]\s*\.?$",
    re.IGNORECASE,
)
_MARKS: Final = (("“", "”"), ('"', '"'), ("«", "»"), ("'", "'"), ("`", "`"))
_CELL: Final = re.compile(
    r"(?:source\s*(?P<source>\d{1,2})\W+)?(?:row\s*)?(?P<row>\d{1,4})\s*,\s*(?:col(?:umn)?\.?\s*)?(?P<col>\d{1,4})",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"\w+")
_LOOPS: Final = ((1, 8), (2, 5), (3, 4), *((size, 3) for size in range(4, 31)))
_MOST_TOKENS: Final = 2000


def repaired_object(text: str) -> dict[str, Any] | None:
    """Return the first JSON object of a text that ends inside it, without its unfinished last part; None else.

    >>> repaired_object('Sure: {"question": "Why?", "answer": "So.", "quotes": [{"text": "so"}, {"text": "be')
    {'question': 'Why?', 'answer': 'So.', 'quotes': [{'text': 'so'}]}
    """
    begins = _BEGINS.search(text)
    whole = _until_last_value(text[begins.start() :][:_MOST_CHARACTERS]) if begins else None
    try:
        found = json.loads(whole, strict=False) if whole else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def labelled_values(text: str, *, cut: bool = False) -> dict[str, Any] | None:
    r"""Return the values of a draft written as lines with labels, None where there is no question among them.

    Args:
        text: what a model wrote.
        cut: whether it was stopped while it wrote; the last value is then dropped.

    >>> labelled_values('**Question:** Why?\nAnswer: So.\nQuote [1]: "so it is"')
    {'question': 'Why?', 'answer': 'So.', 'quotes': [{'source': 1, 'text': 'so it is'}]}
    """
    found: dict[str, Any] = {}
    for label, value in _labelled(text)[: -1 if cut else None]:
        key = _LABELS[label["label"].lower()]
        if key == "quotes":
            found.setdefault(key, []).extend(_quotes(value, label["source"]))
        elif key == "cells":
            found.setdefault(key, []).extend(_cells(value))
        elif key not in found:
            found[key] = _first_part(value)
    return found if found.get("question") else None


def loop_in(text: str) -> str | None:
    """Return the words that a text repeats again and again, or None; numbers of a list may well be the same.

    >>> loop_in("It is so. " * 6)
    'it is so'
    """
    tokens = [token.casefold() for token in _TOKEN.findall(text)[:_MOST_TOKENS]]
    for size, times in _LOOPS:
        same = 0
        for place in range(len(tokens) - size):
            same = same + 1 if tokens[place] == tokens[place + size] else 0
            first = place - same + 1
            words = tokens[first : first + size]
            if same >= size * (times - 1) and not all(map(str.isnumeric, words)):
                return " ".join(words)
    return None


def _labelled(text: str) -> list[tuple[re.Match[str], str]]:
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)]
    return [(label, text[label.end() : end].strip()) for label, end in zip(labels, ends, strict=False)]


def _until_last_value(text: str) -> str | None:
    """Return cut JSON up to its last whole value at the top or in a list there, closed; None when it is not cut."""
    stack: list[str] = []
    kept = ""
    for end, is_value in _marks(text, stack):
        if not stack:
            return None
        if is_value and len(stack) <= _ITEM_DEPTH and stack[0] == "{" and stack[1:] in ([], ["["]):
            kept = text[:end] + "".join(_CLOSES[mark] for mark in reversed(stack))
    return kept or None


def _marks(text: str, stack: list[str]) -> Iterator[tuple[int, bool]]:
    """Yield the end of every token, with whether a value ends there; `stack` holds what is open at that point."""
    expects_key = False
    for match in _JSON_TOKEN.finditer(text):
        token = match.group()
        if token in "{[":
            stack.append(token)
            expects_key = token == "{"
            yield match.end(), False
        elif token in "}]":
            if not stack or _CLOSES[stack.pop()] != token:
                return
            yield match.end(), True
        elif token in ",:":
            expects_key = token == "," and bool(stack) and stack[-1] == "{"
        elif token.startswith('"'):
            yield match.end(), not expects_key
        elif match.end() < len(text):
            # A number or a word at the very end may go on.
            yield match.end(), True


def _quotes(value: str, source: str | None) -> Iterator[dict[str, object]]:
    for line in value.splitlines():
        text = _BULLET.sub("", line).strip()
        named = _SOURCE.search(text)
        if named:
            text = _SOURCE.sub("", text).strip()
        number = (named["before"] or named["after"]) if named else source
        for opening, closing in _MARKS:
            if len(text) > 2 and text.startswith(opening) and text.endswith(closing):
                text = text[1:-1].strip()
                break
        if text:
            yield {"source": int(number), "text": text} if number else {"text": text}


def _cells(value: str) -> Iterator[dict[str, int]]:
    for match in _CELL.finditer(value):
        yield {name: int(number) for name, number in match.groupdict().items() if number}


def _first_part(value: str) -> str:
    """Return a value up to the first empty line: talk comes after it."""
    return re.split(r"\n\s*\n", value, maxsplit=1)[0].strip()
