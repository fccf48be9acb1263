"""What a model answered, read: JSON in fences, with talk around it, with a comma too many, or nothing of use."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

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


class DraftQuote(BaseModel):
    """Words that the model copied; `source` is the number of the source that it names, from 1."""

    source: int | None = None
    text: str


class DraftCell(BaseModel):
    """A cell that the model points at; `source` is the number of its table among the sources."""

    source: int | None = None
    row: int
    col: int


class Draft(BaseModel):
    """A question as a model writes it; `missing` and `near` are those of a question without an answer."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    question: str = ""
    answer: str = ""
    quotes: list[DraftQuote] = Field(default_factory=list)
    cells: list[DraftCell] = Field(default_factory=list)
    missing: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why there is no draft."""

    reason: DraftReason
    message: str


_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_EXTRA_COMMA: Final = re.compile(r",(\s*[}\]])")
_REFUSAL: Final = re.compile(
    r"\W*(?:I['’]?m (?:sorry|unable|not able)|I am (?:sorry|unable|not able)|sorry,|I (?:can(?:not|['’]t)|won['’]t)|"
    r"as an AI|unfortunately,? I)\b",
    re.IGNORECASE,
)
_REFUSED: Final = frozenset({"refusal", "content_filter"})
_MOST_STARTS: Final = 20


def parse_draft(completion: Completion, *, answered: bool = True) -> Draft | Unusable:
    """Return the draft that a completion holds, or why there is none; `answered` says that it needs an answer."""
    text = _THOUGHT.sub("", completion.text).strip()
    if completion.finish_reason in _REFUSED or _REFUSAL.match(text):
        return Unusable(DraftReason.REFUSAL, f"the model declined: {text[:200]}")
    if not text:
        return Unusable(DraftReason.EMPTY_DRAFT, "the model answered nothing")
    found = first_object(text)
    if found is None:
        cut = "stops in the middle" if completion.finish_reason == "length" else "is not JSON"
        return Unusable(DraftReason.UNPARSABLE_DRAFT, f"the answer {cut}")
    try:
        draft = Draft.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return Unusable(DraftReason.UNPARSABLE_DRAFT, f"{place}: {first['msg']}")
    if not draft.question or (answered and not draft.answer):
        return Unusable(DraftReason.EMPTY_DRAFT, "the model found no question worth asking, or no answer")
    return draft


def first_object(text: str) -> dict[str, Any] | None:
    """Return the first whole JSON object in a text, or None.

    >>> first_object('Sure! {"a": [1, 2,],} Anything else?')
    {'a': [1, 2]}
    """
    decoder = json.JSONDecoder(strict=False)
    starts = [match.start() for match in re.finditer(r"\{", text)][:_MOST_STARTS]
    for candidate in (text, _EXTRA_COMMA.sub(r"\1", text)):
        for start in starts:
            try:
                found, _ = decoder.raw_decode(candidate, start)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
    return None
