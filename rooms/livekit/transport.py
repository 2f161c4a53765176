"""One call to LiveKit: a narrow token, a deadline of its own, and every way of failing as a LiveKitError."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from google.protobuf.message import DecodeError, Message
from livekit.api import LiveKitAPI, TwirpError
from livekit.api.room_service import RoomService

from rooms.livekit.connection import Connection
from rooms.livekit.errors import LiveKitError, NotLiveKit, Refused, TimedOut, Unreachable, from_server_error
from rooms.livekit.grants import VideoGrants
from rooms.livekit.sessions import session
from rooms.livekit.tokens import TokenSpec, mint

# Seconds. Above the three that LiveKit takes to find nobody (livekit.md 2.4), below the ten that an action may take.
CALL_SECONDS = 8.0
TOKEN_SECONDS = 60

Request = TypeVar("Request", bound=Message)
Reply = TypeVar("Reply")


def request(kind: type[Request], /, **fields: Any) -> Request:
    """A request message. Raises Refused where a value does not fit its field (a number too large, text not UTF-8)."""
    try:
        return kind(**fields)
    except (ValueError, TypeError) as error:
        raise Refused(f"This cannot be sent to LiveKit: {error}", title="A value does not fit") from None


async def call(
    connection: Connection,
    grants: VideoGrants,
    send: Callable[[RoomService], Awaitable[Reply]],
    *,
    reads: bool = False,
) -> Reply:
    """The reply to ``send``, within CALL_SECONDS. Raises LiveKitError; a call that ``reads`` is never uncertain.

    A read whose pooled connection turns out to be closed (the server was started again) is sent once more.
    """
    base = connection.base
    token = mint(connection.key, connection.secret, TokenSpec(ttl=TOKEN_SECONDS, grants=grants))
    try:
        async with deadline(CALL_SECONDS):
            service = LiveKitAPI(base, token=token, session=await session()).room
            try:
                return await _once(service, send)
            except Unreachable as error:
                if not (reads and error.uncertain):
                    raise
            return await _once(service, send)
    except LiveKitError as error:
        if reads:
            error.uncertain = False
        raise


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Raise TimedOut when what is inside takes longer than ``seconds``."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise TimedOut(f"No answer within {seconds:g} seconds") from None


async def _once(service: RoomService, send: Callable[[RoomService], Awaitable[Reply]]) -> Reply:
    # What these hold (headers, URLs) stays out of the error that goes up: its text may be shown and logged.
    try:
        return await send(service)
    except TwirpError as error:
        raise from_server_error(error.status, error.code, error.message) from None
    except (DecodeError, UnicodeDecodeError):
        raise NotLiveKit("The answer was not LiveKit's", status=200) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise from_transport(error) from None


def from_transport(error: Exception) -> LiveKitError:
    """The LiveKitError for a failure to connect or to get an answer; none of its words are the exception's own."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _certificate(error.certificate_error)
        case aiohttp.ClientConnectorSSLError():
            return _no_tls()
        case aiohttp.ClientConnectorDNSError():
            return Unreachable(
                f"There is no host of the name {error.host}.",
                title="No such host",
                remedy="Check the host name in the project's address.",
            )
        case aiohttp.ClientConnectorError():
            reason = (
                "refused the connection" if isinstance(error.os_error, ConnectionRefusedError) else "is not reached"
            )
            return Unreachable(
                f"{error.host}:{error.port} {reason}.",
                title="Nothing answers at this address" if "refused" in reason else "LiveKit cannot be reached",
                remedy="Check that LiveKit runs, and the port in the project's address.",
            )
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | aiohttp.ClientPayloadError():
            return Unreachable("The connection was closed before the answer.", title="LiveKit hung up", uncertain=True)
        case aiohttp.ClientResponseError():
            return NotLiveKit("The answer was not proper HTTP.")
        # Last, because an error of a certificate is a ValueError too.
        case aiohttp.InvalidURL() | ValueError():
            return Unreachable("This is not an address.", title="The address is not complete")
        case _:
            return Unreachable("The connection failed.", uncertain=True)


def _certificate(error: Exception) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in (62, 64):
        return Unreachable(
            "The server's TLS certificate is for another name.",
            title="The certificate does not fit the host name",
            remedy="Use the name that is in the certificate, or give the server one for this name.",
        )
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == 10:
        return Unreachable(
            "The server's TLS certificate has expired.",
            title="The certificate has expired",
            remedy="Renew the certificate of the LiveKit server, or of the proxy before it.",
        )
    return Unreachable(
        "The server's TLS certificate is not signed by anybody that this machine trusts.",
        title="The certificate is not trusted",
        remedy="Give the server a certificate of a known authority, or make this machine trust the one it has.",
    )


def _no_tls() -> Unreachable:
    return Unreachable(
        "What answers there does not speak TLS.",
        title="No TLS at this address",
        remedy="If the server has none, the address begins with ws:// or http://; else check the port.",
    )
