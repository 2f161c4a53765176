"""What is at an address, asked once when a project is saved: LiveKit with this key, or exactly what is wrong.

LiveKit's own client drops the plain text of a 401, which alone tells a wrong key from a wrong secret. That text holds
the token (livekit.md 0.1): here it is only looked at for known words, and never kept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
from google.protobuf.message import DecodeError
from livekit.protocol.room import ListRoomsResponse

from rooms.livekit.connection import Connection
from rooms.livekit.errors import (
    LiveKitError,
    NotLiveKit,
    ServerFailed,
    TimedOut,
    Unreachable,
    WrongKey,
    from_server_error,
)
from rooms.livekit.grants import VideoGrants
from rooms.livekit.sessions import session
from rooms.livekit.tokens import LEEWAY, TokenSpec, mint
from rooms.livekit.transport import CALL_SECONDS, TOKEN_SECONDS, deadline, from_transport

PROTOBUF = "application/protobuf"
PATH = "/twirp/livekit.RoomService/ListRooms"
LARGEST_ERROR = 16_384


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the probe found. ``words`` is a sentence, ``remedy`` what to do; ``rooms`` how many rooms were listed."""

    ok: bool
    words: str
    title: str = ""
    remedy: str = ""
    rooms: int = 0
    error: LiveKitError | None = None


async def probe(connection: Connection, *, clock: Callable[[], float] = time.time) -> ProbeResult:
    """Call ListRooms and say what answered; never raises. ``clock`` (seconds since 1970) dates the token."""
    try:
        async with deadline(CALL_SECONDS):
            rooms = await _ask(connection, clock())
    except LiveKitError as error:
        return ProbeResult(False, error.words, error.title, _remedy(error), error=error)
    return ProbeResult(
        True, f"LiveKit answers and accepts the key; {rooms} room{'' if rooms == 1 else 's'} now.", rooms=rooms
    )


def _remedy(error: LiveKitError) -> str:
    """What to do; a call that only asked has changed nothing, so nothing is to be looked at in a room."""
    if isinstance(error, TimedOut):
        return "Check the host and the port; a firewall that drops packets looks like this."
    if isinstance(error, Unreachable) and error.uncertain:
        return "Check the port; if TLS is spoken there, the address begins with wss:// or https://."
    return error.remedy


async def _ask(connection: Connection, now: float) -> int:
    url = connection.base + PATH
    spec = TokenSpec(ttl=TOKEN_SECONDS, grants=VideoGrants(room_list=True))
    token = mint(connection.key, connection.secret, spec, now=now)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": PROTOBUF}
    try:
        opened = await session()
        async with opened.post(url, data=b"", headers=headers, allow_redirects=False) as answer:
            if answer.status == 200 and answer.content_type == PROTOBUF:
                return len(ListRoomsResponse.FromString(await answer.read()).rooms)
            text = (await answer.content.read(LARGEST_ERROR)).decode(errors="replace")
            raise _wrong(answer, text, now)
    except DecodeError:
        raise NotLiveKit("The answer was not LiveKit's", status=200) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise from_transport(error) from None


def _wrong(answer: aiohttp.ClientResponse, text: str, now: float) -> LiveKitError:
    if 300 <= answer.status < 400:
        return NotLiveKit(
            f"The address answers with a redirect ({answer.status}).",
            status=answer.status,
            title="The address leads elsewhere",
            remedy="Enter the address where it ends; often that is https:// in place of http://.",
        )
    code, message = _twirp(text)
    if answer.status == 401 and not code:
        return _unauthorized(text, _skew(answer, now))
    return from_server_error(answer.status, code, message) if code else _elsewhere(answer.status, text)


def _elsewhere(status: int, text: str) -> LiveKitError:
    """The error for an answer that is not Twirp's: a proxy's, or of something that was never LiveKit."""
    if status in (502, 503, 504):
        return ServerFailed(
            f"Something answers {status}, as a proxy does that does not reach what it stands before.",
            status=status,
            title="A proxy answers, and LiveKit behind it does not",
            remedy="Check that LiveKit runs, and the address that the proxy passes calls to.",
        )
    # The words of nginx and of Go's server for plain HTTP on a port that is for TLS.
    if status == 400 and any(words in text for words in ("to HTTPS port", "to an HTTPS server")):
        return NotLiveKit(
            "What answers there speaks TLS, and was called without.",
            status=status,
            title="This address needs TLS",
            remedy="Begin the address with wss:// or https://.",
        )
    error = from_server_error(status)
    if isinstance(error, NotLiveKit) or status == 200:
        return NotLiveKit(f"The address answers {status}, and not as LiveKit does.", status=status)
    return error


def _twirp(text: str) -> tuple[str, str]:
    """The code and message of a Twirp error; two empty strings when the body is none."""
    try:
        body = json.loads(text)
        return str(body["code"]), str(body.get("msg", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""


def _unauthorized(text: str, skew: float | None) -> WrongKey:
    lower = text.lower()
    if any(words in lower for words in ("expired", "not valid yet", "used before issued")) or (
        skew is not None and abs(skew) > LEEWAY and "signature" not in lower and "api key" not in lower
    ):
        apart = f" They are {abs(skew):.0f} seconds apart." if skew is not None else ""
        return WrongKey(
            f"LiveKit says that our token is of another time.{apart}",
            status=401,
            title="The clocks differ by more than a minute",
            remedy="Set the clock of this machine and of the LiveKit server by NTP.",
        )
    if "invalid api key" in lower:
        return WrongKey(
            "LiveKit does not know this API key.",
            status=401,
            title="Wrong key",
            remedy="Compare the API key with the keys in LiveKit's configuration; it may be another server's.",
        )
    if "signature" in lower:
        return WrongKey(
            "LiveKit knows this API key, and the secret is not the one that belongs to it.",
            status=401,
            title="Wrong secret",
            remedy="Copy the secret again from LiveKit's configuration, without spaces around it.",
        )
    return WrongKey(
        "Something answers 401, and not with words that LiveKit uses.",
        status=401,
        title="Access refused",
        remedy="If a proxy before LiveKit asks for a password, it must let the path /twirp through.",
    )


def _skew(answer: aiohttp.ClientResponse, now: float) -> float | None:
    """Seconds by which the server's clock is ahead of ours, by its Date header."""
    try:
        return parsedate_to_datetime(answer.headers["Date"]).timestamp() - now
    except (KeyError, ValueError, TypeError):
        return None
