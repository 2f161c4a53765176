"""The door of the media side: ``/rtc`` and ``/rtc/validate``, as far as a request without a WebSocket comes."""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping
from contextlib import nullcontext, suppress

from aiohttp import web
from google.protobuf.message import DecodeError
from livekit.protocol.rtc import JoinRequest, WrappedJoinRequest

from .auth import Caller
from .errors import PlainRefusal
from .state import doors
from .state.doors import Wish
from .state.world import World

VALIDATE = ("/rtc/validate", "/rtc/v1/validate")
CONNECT = ("/rtc", "/rtc/v1")


def is_here(path: str) -> bool:
    """Whether ``path`` leads to this door."""
    return path in VALIDATE or path in CONNECT


def answer(path: str, query: Mapping[str, str], caller: Caller | None, world: World) -> web.Response:
    """Answer a request that asks for no WebSocket. Raises PlainRefusal."""
    if path in CONNECT:
        return web.Response(status=404)
    doors.require_video(caller)
    wish = read_wish(query, must_join=path == "/rtc/v1/validate")
    doors.admit(world, caller, wish)
    return web.Response(text="success")


def read_wish(query: Mapping[str, str], *, must_join: bool, strict: bool = True) -> Wish:
    """What the client asks for besides its token: the ``join_request``, or single values. Raises PlainRefusal (400).

    Without ``strict`` attributes that cannot be read are none.
    """
    wrapped = query.get("join_request", "")
    if wrapped:
        request = _join_request(wrapped)
        return Wish(request.metadata, dict(request.participant_attributes))
    if must_join:
        raise PlainRefusal(400, "join_request is required")
    attributes: dict[str, str] = {}
    with nullcontext() if strict else suppress(PlainRefusal):
        attributes = _attributes(query.get("attributes", ""))
    return Wish("", attributes, query.get("publish", ""))


def _attributes(encoded: str) -> dict[str, str]:
    """A JSON object of strings in URL base64; "" for none. Raises PlainRefusal."""
    if not encoded:
        return {}
    try:
        attributes = json.loads(base64.b64decode(encoded, altchars=b"-_", validate=True))
        if attributes is None:
            return {}
        if isinstance(attributes, dict) and all(isinstance(value, str | None) for value in attributes.values()):
            return {key: value or "" for key, value in attributes.items()}
    except ValueError:
        pass
    raise PlainRefusal(400, "cannot decode attributes")


def _join_request(wrapped: str) -> JoinRequest:
    """The message of ``/rtc/v1``. Raises PlainRefusal in LiveKit's words for what cannot be read."""
    trouble = "cannot base64 decode wrapped join request"
    try:
        outer = base64.b64decode(wrapped, altchars=b"-_", validate=True)
        trouble = "cannot unmarshal wrapped join request"
        message = WrappedJoinRequest.FromString(outer)
        inner = message.join_request
        if message.compression == WrappedJoinRequest.Compression.GZIP:
            trouble = "cannot read decompressed join request"
            inner = gzip.decompress(inner)
        trouble = "cannot unmarshal join request"
        return JoinRequest.FromString(inner)
    except (binascii.Error, DecodeError, OSError, EOFError, zlib.error):
        raise PlainRefusal(400, trouble) from None
