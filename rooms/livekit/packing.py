"""Snapshots as plain dicts that msgpack can carry, and back."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
Convert = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time of ``milliseconds`` since 1970."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware time; the rest is cut off."""
    return (moment - EPOCH) // MILLISECOND


def pack(snapshot: Any) -> dict[str, Any]:
    """``snapshot`` as a dict of str, int, float, bool, bytes, None, list and dict; times as milliseconds."""
    cls: Any = type(snapshot)
    return {name: encode(getattr(snapshot, name)) for name, encode, _ in _fields(cls)}


def unpack(cls: type[T], packed: Mapping[str, Any]) -> T:
    """The snapshot of class ``cls`` that ``pack`` made ``packed`` of; an absent field takes its default."""
    made: T = _unpack(cls, packed)
    return made


def _unpack(cls: Any, packed: Mapping[str, Any]) -> Any:
    return cls(**{name: decode(packed[name]) for name, _, decode in _fields(cls) if name in packed})


@functools.cache
def _fields(cls: Any) -> tuple[tuple[str, Convert, Convert], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((field.name, *_converters(hints[field.name])) for field in dataclasses.fields(cls))


def _converters(hint: Any) -> tuple[Convert, Convert]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        encode, decode = _converters(next(each for each in arguments if each is not types.NoneType))
        return (
            lambda value: None if value is None else encode(value),
            lambda value: None if value is None else decode(value),
        )
    if origin is tuple:
        encode, decode = _converters(arguments[0])
        return lambda value: [encode(each) for each in value], lambda value: tuple([decode(each) for each in value])
    if origin is Mapping:
        encode, decode = _converters(arguments[1])
        return (
            lambda value: {key: encode(each) for key, each in value.items()},
            lambda value: types.MappingProxyType({key: decode(each) for key, each in value.items()}),
        )
    if hint is datetime:
        return to_ms, from_ms
    if dataclasses.is_dataclass(hint):
        return pack, functools.partial(_unpack, hint)
    return _same, _same


def _same(value: Any) -> Any:
    return value
