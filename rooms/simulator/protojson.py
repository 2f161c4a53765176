"""JSON requests as Twirp and protojson take them: strict where Python's parser is not, and one value only."""

import re
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message

from .gojson import NUMBER, Pairs, first_value

_PLAIN_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_URL_BASE64 = re.compile(r"[A-Za-z0-9_-]*")
_NUMBERS = frozenset(
    [
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
    ]
)
_INT32_END = 2**31

AnyMessage = TypeVar("AnyMessage", bound=Message)


def read_request(body: bytes, message_type: type[AnyMessage]) -> AnyMessage:
    """The message that a body begins with; what comes after its brace is not looked at. Raises ValueError."""
    text = body.decode("utf-8", "surrogateescape")
    value, rest = first_value(text)
    text[: len(text) - len(rest)].encode()  # bytes that are no UTF-8 are refused here, behind the value they may stand
    return read_message(value, message_type)


def read_message(value: Any, message_type: type[AnyMessage]) -> AnyMessage:
    """A message from JSON as ``gojson`` reads it. Raises ValueError."""
    try:
        known = _object(value, message_type.DESCRIPTOR)
        return ParseDict(known, message_type(), ignore_unknown_fields=True)  # unknown names of an enum, too
    except (ParseError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _object(value: Any, descriptor: Any) -> dict[str, Any]:
    """The known keys of an object. Unknown ones may hold anything and come as often as they like."""
    if not isinstance(value, Pairs):
        raise ValueError("not an object")
    fields = {name: field for field in descriptor.fields for name in (field.name, field.json_name)}
    found: dict[str, Any] = {}
    for key, item in value:
        field = fields.get(key)
        if field is None:
            continue
        if field.name in found:
            raise ValueError(f"{field.name} is given twice")
        found[field.name] = None if item is None else _field(item, field)
    return found


def _field(value: Any, field: FieldDescriptor) -> Any:
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        if not isinstance(value, Pairs) or len(dict(value)) < len(value):
            raise ValueError("not a map of different keys")
        return {key: _item(item, entry.fields_by_name["value"]) for key, item in value}
    if field.is_repeated:
        if not isinstance(value, list) or isinstance(value, Pairs):
            raise ValueError("not a list")
        return [_item(item, field) for item in value]
    return _item(value, field)


def _item(value: Any, field: FieldDescriptor) -> Any:
    """One value, checked for what protojson refuses and ParseDict lets through."""
    if field.message_type is not None:
        return _object(value, field.message_type)
    if field.enum_type is not None:
        _check_enum(value)
    elif field.type == FieldDescriptor.TYPE_BYTES:
        _check_base64(value)
    elif field.cpp_type in _NUMBERS and isinstance(value, str) and not NUMBER.fullmatch(value):
        raise ValueError("not a number")
    return value


def _check_enum(value: Any) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not an enum")
    if value != int(value) or not -_INT32_END <= value < _INT32_END:
        raise ValueError("not an enum")


def _check_base64(value: Any) -> None:
    """One alphabet or the other, padded whole or not at all."""
    if not isinstance(value, str):
        raise ValueError("not base64")
    text = value if len(value) % 4 else value.rstrip("=")
    if len(value) - len(text) > 2 or not (_PLAIN_BASE64.fullmatch(text) or _URL_BASE64.fullmatch(text)):
        raise ValueError("not base64")
