"""Whether a row is what its record says: the check that lets all others rely on types."""

import math
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected
from generators.document_view import DocumentView
from schemas.geometry import Box
from schemas.records import CheckResult, Question

_MOST_EVIDENCE = 100
_MOST_OPERANDS = 5000


def check_structure(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a field is missing, of the wrong type, not a number, or absurdly long."""
    fault = next(_faults(question, Question, ""), None) or _oversize(question)
    if fault:
        return rejected("structure", CheckReason.MALFORMED_RECORD, fault)
    return passed("structure")


def _oversize(question: Question) -> str | None:
    if len(question.evidence) > _MOST_EVIDENCE:
        return f"{len(question.evidence)} evidence units"
    if question.program and len(question.program.operands) > _MOST_OPERANDS:
        return f"{len(question.program.operands)} operands"
    return None


def _faults(value: object, kind: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with `value` as a `kind`, each with the path to it."""
    if isinstance(kind, types.UnionType):
        if value is not None:
            yield from _faults(value, _without_none(kind), path)
    elif kind is Box:
        if not (isinstance(value, tuple) and len(value) == 4 and all(_is_number(part) for part in value)):
            yield f"{path} is not a box"
    elif typing.get_origin(kind) is tuple:
        yield from _tuple_faults(value, typing.get_args(kind)[0], path)
    elif is_dataclass(kind):
        yield from _record_faults(value, kind, path)
    elif not _is_scalar(value, kind):
        yield f"{path} is {type(value).__name__}, not {getattr(kind, '__name__', kind)}"


def _tuple_faults(value: object, kind: Any, path: str) -> Iterator[str]:
    if not isinstance(value, tuple):
        yield f"{path} is {type(value).__name__}, not a list"
        return
    for index, part in enumerate(value):
        yield from _faults(part, kind, f"{path}[{index}]")


def _record_faults(value: object, kind: Any, path: str) -> Iterator[str]:
    if not isinstance(value, kind):
        yield f"{path or 'the row'} is {type(value).__name__}, not {kind.__name__}"
        return
    hints = _hints(kind)
    for part in fields(kind):
        yield from _faults(getattr(value, part.name), hints[part.name], f"{path}.{part.name}".lstrip("."))


def _is_scalar(value: object, kind: Any) -> bool:
    if kind is float:
        return _is_number(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return isinstance(value, str) and value in set(kind)
    return isinstance(value, kind)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _without_none(kind: types.UnionType) -> Any:
    return next(part for part in typing.get_args(kind) if part is not type(None))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
