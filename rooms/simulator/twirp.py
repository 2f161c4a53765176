"""The Twirp door: POST /twirp/livekit.RoomService/<Method>, in protobuf or JSON."""

import asyncio
import json

from aiohttp import web

from .auth import Caller
from .errors import TwirpError, inner
from .methods import METHODS
from .state.world import World
from .wire import decode_json, decode_protobuf, encode_json

SERVICE_PATH = "/twirp/livekit.RoomService/"
JSON = "application/json"
PROTOBUF = "application/protobuf"


def method_name(path: str) -> str | None:
    """The method that ``path`` names, None for any other path."""
    name = path.removeprefix(SERVICE_PATH)
    return name if path.startswith(SERVICE_PATH) and name in METHODS else None


async def answer(request: web.Request, path: str, caller: Caller | None, world: World) -> web.Response:
    """Answer one call; ``path`` is the request's path without doubled slashes. Raises TwirpError."""
    if request.method != "POST":
        raise _bad_route(request, path, f'unsupported method "{request.method}" (only POST is allowed)')
    name = method_name(path)
    if name is None:
        raise _bad_route(request, path, f"no handler for path {json.dumps(path)}")
    content_type = request.headers.get("Content-Type", "")
    kind = content_type.split(";")[0].strip().lower()
    if kind not in (JSON, PROTOBUF):
        raise _bad_route(request, path, f"unexpected Content-Type: {json.dumps(content_type)}")
    method = METHODS[name]
    body = await request.read()
    message = decode_json(body, method.request) if kind == JSON else decode_protobuf(body, method.request)
    try:
        async with asyncio.timeout(_patience(request)):
            reply = await method.handle(world, caller.video if caller else {}, message)
    except TimeoutError:
        raise inner("canceled", "request canceled") from None
    if kind == JSON:
        return web.Response(body=encode_json(reply).encode(), content_type=JSON)
    return web.Response(body=reply.SerializeToString(), content_type=PROTOBUF)


def _patience(request: web.Request) -> float | None:
    """How many seconds the caller waits; a header that is no number is ignored."""
    try:
        return int(request.headers.get("X-Twirp-Timeout-Ms", "")) / 1000
    except ValueError:
        return None


def _bad_route(request: web.Request, path: str, msg: str) -> TwirpError:
    return TwirpError("bad_route", msg, {"twirp_invalid_route": f"{request.method} {path}"})
