"""JSON as Go's encoding/json reads it: the first value of a text, and objects whose keys may come in any case."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SPACE = " \t\r\n"
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_STRING_LISTS = ("[]string", "map[string]string")


class Pairs(list[tuple[str, Any]]):
    """An object as it was written: keys in their order, also those that come twice."""


@dataclass(frozen=True)
class Struct:
    """A Go struct: the type of each field by its JSON name, and the words for where a fault lies.

    Types are ``bool``, ``string``, ``[]string``, ``map[string]string``, another Struct, or ``any``.
    """

    name: str
    fields: Mapping[str, "str | Struct"]
    place: str = ""


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=Pairs, parse_constant=_no_number)


def first_value(text: str) -> tuple[Any, str]:
    """The first value of ``text`` and what follows it. Objects are Pairs. Raises ValueError."""
    text = text.lstrip(SPACE)
    try:
        value, end = _DECODER.raw_decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value, text[end:]


def whole_value(text: str) -> Any:
    """The only value of ``text``. Raises ValueError."""
    value, rest = first_value(text)
    if rest.strip(SPACE):
        raise ValueError("text after the value")
    return value


def decode(pairs: Pairs, struct: Struct) -> tuple[dict[str, Any], str | None]:
    """The fields of ``struct`` in an object, and what Go says about the first one of a wrong type.

    A field that comes again takes the place of the first; a struct that comes again is merged into it.
    """
    found: dict[str, Any] = {}
    fault: str | None = None
    in_lower_case = {name.lower(): name for name in struct.fields}
    for key, value in pairs:
        name = key if key in struct.fields else in_lower_case.get(key.lower(), "")
        if name:
            wrong = _take(found, name, value, struct)
            fault = fault or wrong
    return found, fault


def _take(found: dict[str, Any], name: str, value: Any, struct: Struct) -> str | None:
    """Put one field into ``found``; what Go says when it cannot."""
    wanted = struct.fields[name]
    if value is None:
        if isinstance(wanted, Struct) or wanted in (*_STRING_LISTS, "any"):
            found[name] = None
        return None
    if isinstance(wanted, Struct):
        if not isinstance(value, Pairs):
            return _fault(value, struct, name, wanted.name)
        inner, fault = decode(value, wanted)
        found[name] = {**(found.get(name) or {}), **inner}
        return fault
    if wanted in _STRING_LISTS:
        return _take_strings(found, name, value, struct, wanted)
    if wanted != "any" and shape(value) != wanted:
        return _fault(value, struct, name, wanted)
    found[name] = plain(value)
    return None


def _take_strings(found: dict[str, Any], name: str, value: Any, struct: Struct, wanted: str) -> str | None:
    """A list or a map of strings; null in it is the empty string."""
    if shape(value) != ("array" if wanted == "[]string" else "object"):
        return _fault(value, struct, name, wanted)
    items = [item for _, item in value] if isinstance(value, Pairs) else value
    wrong = next((item for item in items if not isinstance(item, str | None)), None)
    if wrong is not None:
        return _fault(wrong, struct, name, "string")
    if isinstance(value, Pairs):
        found[name] = {**(found.get(name) or {}), **{whole(key): whole(item or "") for key, item in value}}
    else:
        found[name] = [whole(item or "") for item in value]
    return None


def _fault(value: Any, struct: Struct, name: str, wanted: str) -> str:
    return f"json: cannot unmarshal {shape(value)} into Go struct field {struct.place}{name} of type {wanted}"


def shape(value: Any) -> str:
    """What Go calls this value's kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, Pairs) else "array"


def plain(value: Any) -> Any:
    """The value with dicts for objects; the last of several equal keys counts."""
    if isinstance(value, Pairs):
        return {whole(key): plain(item) for key, item in value}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return whole(value) if isinstance(value, str) else value


def whole(text: str) -> str:
    """The text with a replacement character for each half of a character."""
    return _HALF_CHARACTERS.sub("�", text)


def number(value: Any) -> float:
    """A number, or a string that holds one (``json.Number``). Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("not a number")
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        raise ValueError("not a number")
    try:
        read = float(value)
    except OverflowError:
        raise ValueError("out of range") from None
    if math.isinf(read):
        raise ValueError("out of range")
    return read
