"""What a model answered, read: JSON in fences, amid talk, with a comma too many, cut off; lines; or nothing of use."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from generators.draft_repair import labelled_values, loop_in, repaired_object
from generators.engines.exchange import Completion


class DraftReason(StrEnum):
    """Why a completion gave no question: the `reason_code` of its reject."""

    UNPARSABLE_DRAFT = "unparsable_draft"
    EMPTY_DRAFT = "empty_draft"
    REFUSAL = "refusal"
    QUOTE_NOT_FOUND = "quote_not_found"
    CELL_NOT_FOUND = "cell_not_found"
    NO_PROOF = "no_proof"
    ONE_SIDED = "one_sided"
    NOT_MISSING = "not_missing"
    CUT_DRAFT = "cut_draft"
    REPEATS_ITSELF = "repeats_itself"


class DraftQuote(BaseModel):
    """Words that the model copied; `source` is the number of the source that it names, from 1."""

    source: int | None = None
    text: str

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        """Take the words alone for a quote of no named source."""
        return {"text": value} if isinstance(value, str) else value


class DraftCell(BaseModel):
    """A cell that the model points at; `source` is the number of its table among the sources."""

    source: int | None = None
    row: int
    col: int

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        """Take a pair of numbers for row and column."""
        pair = re.fullmatch(r"\s*(\d+)\s*,\s*(\d+)\s*", value) if isinstance(value, str) else None
        numbers = list(pair.groups()) if pair else value
        if isinstance(numbers, list) and len(numbers) == 2:
            return {"row": numbers[0], "col": numbers[1]}
        return value


class Draft(BaseModel):
    """A question as a model writes it; `missing` and `near` are those of a question without an answer."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    question: str = ""
    answer: str = ""
    quotes: list[DraftQuote] = Field(default_factory=list)
    cells: list[DraftCell] = Field(default_factory=list)
    missing: str = ""
    near: str = ""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        """Take null for what is not said."""
        return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why there is no draft."""

    reason: DraftReason
    message: str


_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_THOUGHT_END: Final = re.compile(r".*</think(?:ing)?>", re.DOTALL)
_EXTRA_COMMA: Final = re.compile(r",(\s*[}\]])")
_REFUSAL: Final = re.compile(
    r"\W*(?:I['’]?m (?:sorry|unable|not able)|I am (?:sorry|unable|not able)|sorry,|I (?:can(?:not|['’]t)|won['’]t)|"
    r"as an AI|unfortunately,? I)\b",
    re.IGNORECASE,
)
_REFUSED: Final = frozenset({"refusal", "content_filter"})
_CUT: Final = "length"
_MOST_STARTS: Final = 20
_BLANKS: Final = " .…"


def parse_draft(completion: Completion, *, answered: bool = True) -> Draft | Unusable:
    """Return the draft that a completion holds, or why there is none.

    JSON is read first, then what is left of JSON that was cut off, then lines with labels.

    Args:
        completion: what an engine answered, thoughts and talk included.
        answered: whether a draft needs an answer.
    """
    text = without_thoughts(completion.text)
    if completion.finish_reason in _REFUSED or _REFUSAL.match(text):
        return Unusable(DraftReason.REFUSAL, f"the model declined: {text[:200]}")
    if not text:
        thought = "thought until its tokens were used up" if completion.finish_reason == _CUT else "answered nothing"
        return Unusable(DraftReason.EMPTY_DRAFT, f"the model {thought}")
    found = _values(text, cut=completion.finish_reason == _CUT)
    if found is None:
        return _unread(completion, text)
    try:
        draft = Draft.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return Unusable(DraftReason.UNPARSABLE_DRAFT, f"{place}: {first['msg']}")
    return _fault(draft, completion, answered=answered) or draft


def without_thoughts(text: str) -> str:
    """Return what a model says after it has thought; some templates leave out the mark with which it begins to."""
    return _THOUGHT_END.sub("", _THOUGHT.sub("", text)).strip()


def first_object(text: str) -> dict[str, Any] | None:
    """Return the first whole JSON object in a text, or None.

    >>> first_object('Sure! {"a": [1, 2,],} Anything else?')
    {'a': [1, 2]}
    """
    return next(_objects(text), None)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects that begin at the first braces of a text, also those within others."""
    decoder = json.JSONDecoder(strict=False)
    starts = [match.start() for match in re.finditer(r"\{", text)]
    for start in starts[:_MOST_STARTS]:
        for candidate in (text[start:], _EXTRA_COMMA.sub(r"\1", text[start:])):
            try:
                found, _ = decoder.raw_decode(candidate)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                yield found
                break


def _values(text: str, *, cut: bool) -> dict[str, Any] | None:
    """Return the values of a draft, in whatever form they are written; the last of several drafts is the model's own.

    A form that it only repeats, with dots for the values, is none.
    """
    objects = list(_objects(text))
    drafts = [found for found in objects if str(found.get("question") or "").strip(_BLANKS)]
    if drafts:
        return drafts[-1]
    saved = repaired_object(text) or labelled_values(text, cut=cut)
    return saved or next(iter(objects), None)


def _unread(completion: Completion, text: str) -> Unusable:
    loop = loop_in(text)
    if loop:
        return Unusable(DraftReason.REPEATS_ITSELF, f"the answer says “{loop[:100]}” again and again")
    if completion.finish_reason == _CUT:
        return Unusable(DraftReason.CUT_DRAFT, "the answer stops in the middle: its tokens were used up")
    return Unusable(DraftReason.UNPARSABLE_DRAFT, "the answer is not JSON")


def _fault(draft: Draft, completion: Completion, *, answered: bool) -> Unusable | None:
    if not draft.question.strip(_BLANKS) or (answered and not draft.answer.strip(_BLANKS)):
        if completion.finish_reason == _CUT:
            return Unusable(DraftReason.CUT_DRAFT, "the draft stops before its answer: its tokens were used up")
        return Unusable(DraftReason.EMPTY_DRAFT, "the model found no question worth asking, or no answer")
    if _REFUSAL.match(draft.question) or _REFUSAL.match(draft.answer):
        return Unusable(DraftReason.REFUSAL, f"the model declined: {draft.question[:100]} {draft.answer[:100]}")
    for name, text in (("question", draft.question), ("answer", draft.answer)):
        loop = loop_in(text)
        if loop:
            return Unusable(DraftReason.REPEATS_ITSELF, f"the {name} says “{loop[:100]}” again and again")
    return None
