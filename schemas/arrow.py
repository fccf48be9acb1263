"""Records to Arrow and back: the schema of a table is derived from its dataclass, so that there is one definition."""

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any, TypeVar, cast

import pyarrow as pa

from schemas.geometry import Box

T = TypeVar("T")
_Reader = Callable[[Any], Any]

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    Box: pa.list_(pa.float64()),
}


@cache
def arrow_schema(record: type) -> pa.Schema:
    """Return the Arrow schema of a record class; fields that may be None are nullable, all others are not."""
    return pa.schema(_arrow_fields(record))


def to_table(records: Iterable[object], record: type) -> pa.Table:
    """Return a table with one row a record, in the order given. `records` may be empty."""
    return pa.Table.from_pylist([_to_plain(item) for item in records], schema=arrow_schema(record))


def from_table(table: pa.Table, record: type[T]) -> list[T]:
    """Return the rows of `table` as records.

    Columns that the record does not know are ignored; missing ones take the field's default.

    Raises:
        TypeError: a column without a default is missing.
    """
    return [from_plain(row, record) for row in table.to_pylist()]


def to_plain(item: object) -> dict[str, Any]:
    """Return a record as dicts, lists and scalars, as they go to Arrow or JSON (bytes stay bytes)."""
    return cast("dict[str, Any]", _to_plain(item))


def from_plain(row: Mapping[str, Any], record: type[T]) -> T:
    """Return the record that `to_plain` gave as `row`."""
    known = _readers(cast("type", record))
    return record(**{name: read(row[name]) if read else row[name] for name, read in known if name in row})


def _to_plain(value: object) -> object:
    if isinstance(value, Box):
        return list(value)
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value):
        return {part.name: _to_plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_to_plain(part) for part in value]
    return value


@cache
def _readers(record: type) -> tuple[tuple[str, _Reader | None], ...]:
    """Return how each field is read: types are looked at once a record class, not once a value."""
    return tuple((name, _reader(kind)) for name, kind in _field_types(record).items())


def _reader(kind: Any) -> _Reader | None:
    """Return what makes a field's value of a column's, or None where it is the same."""
    kind = _without_none(kind)
    if kind is Box:
        return _read_box
    if typing.get_origin(kind) is tuple:
        return partial(_read_tuple, _reader(typing.get_args(kind)[0]))
    if is_dataclass(kind):
        return partial(_read_record, cast("type", kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return partial(_read_member, kind)
    return None


def _read_box(value: Any) -> Any:
    return None if value is None else Box(*value)


def _read_tuple(read: _Reader | None, values: Any) -> Any:
    # A list written by other software may be null where ours is empty.
    if not values:
        return ()
    return tuple(map(read, values)) if read else tuple(values)


def _read_record(kind: type, value: Any) -> Any:
    return None if value is None else from_plain(value, kind)


def _read_member(kind: type[StrEnum], value: Any) -> Any:
    return None if value is None else kind(value)


@cache
def _field_types(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _arrow_fields(record: type) -> list[pa.Field]:
    return [
        pa.field(name, _arrow_type(kind), nullable=_may_be_none(kind)) for name, kind in _field_types(record).items()
    ]


def _arrow_type(kind: Any) -> pa.DataType:
    kind = _without_none(kind)
    if kind in _SCALARS:
        return _SCALARS[kind]
    if typing.get_origin(kind) is tuple:
        return pa.list_(_arrow_type(typing.get_args(kind)[0]))
    if is_dataclass(kind):
        return pa.struct(_arrow_fields(cast("type", kind)))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return pa.string()
    raise TypeError(f"no Arrow type for {kind}")


def _may_be_none(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) and type(None) in typing.get_args(kind)


def _without_none(kind: Any) -> Any:
    if not _may_be_none(kind):
        return kind
    rest = [part for part in typing.get_args(kind) if part is not type(None)]
    if len(rest) != 1:
        raise TypeError(f"a record field is one type or None, not {kind}")
    return rest[0]
