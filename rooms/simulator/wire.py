"""Messages on the wire: protobuf, and JSON as Twirp's Go server writes it (snake_case, every default present)."""

import base64
import json
from typing import Any, Protocol, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from .errors import TwirpError
from .protojson import read_request

_LONG = frozenset(
    [
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT64,
    ]
)
AnyMessage = TypeVar("AnyMessage", bound=Message)


class Item(Protocol):
    """A message that keeps its written forms."""

    def wire_bytes(self) -> bytes: ...

    def wire_json(self) -> str: ...


class ListReply:
    """A reply of one repeated field (number 1) whose items keep their written forms: big lists cost one join."""

    def __init__(self, field: str, items: list[Any]) -> None:
        self.field = field
        self.items: list[Item] = items

    def SerializeToString(self) -> bytes:  # noqa: N802 - stands beside protobuf messages
        """The protobuf form."""
        return b"".join(prefixed(1, item.wire_bytes()) for item in self.items)

    def to_json(self) -> str:
        """The JSON form."""
        return f'{{"{self.field}":[' + ",".join(item.wire_json() for item in self.items) + "]}"


Reply = Message | ListReply


def prefixed(field_number: int, encoded: bytes) -> bytes:
    """One length-delimited protobuf field."""
    return bytes([field_number << 3 | 2]) + varint(len(encoded)) + encoded


def varint(number: int) -> bytes:
    """Protobuf's variable-length integer."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def decode_json(body: bytes, message_type: type[AnyMessage]) -> AnyMessage:
    """Read a JSON request: snake or camel keys, unknown keys ignored. Raises TwirpError ``malformed``."""
    try:
        return read_request(body, message_type)
    except ValueError:
        raise TwirpError("malformed", "the json request could not be decoded") from None


def decode_protobuf(body: bytes, message_type: type[AnyMessage]) -> AnyMessage:
    """Read a protobuf request. Raises TwirpError ``malformed``."""
    message = message_type()
    try:
        message.ParseFromString(body)
    except DecodeError:
        raise TwirpError("malformed", "the protobuf request could not be decoded") from None
    return message


def encode_json(reply: Reply) -> str:
    """Write a reply as JSON text."""
    if isinstance(reply, ListReply):
        return reply.to_json()
    return dumps(to_plain(reply))


def dumps(value: object) -> str:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_plain(message: Message) -> dict[str, Any]:
    """A message as plain values: every field present, 64-bit numbers as strings, enums by name, bytes base64."""
    plain: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            plain[field.name] = dict(value)
        elif field.is_repeated:
            plain[field.name] = [_plain_value(field, item) for item in value]
        elif field.has_presence and not message.HasField(field.name):
            if field.containing_oneof is None:
                plain[field.name] = None
        else:
            plain[field.name] = _plain_value(field, value)
    return plain


def _plain_value(field: Any, value: Any) -> Any:
    if field.message_type is not None:
        return to_plain(value)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return known.name if known else value
    if field.cpp_type in _LONG:
        return str(value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return base64.b64encode(value).decode()
    return value
