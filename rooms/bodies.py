"""ASGI: no request body larger than anything that a page or a webhook of this site sends.

Django's ASGI handler writes a body to disk, whole, before any view sees it; a stranger must not fill the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

# The largest thing that is sent: metadata of 1 MiB, each byte of it percent-encoded, with the other fields.
MOST_BYTES = 4 * 1024 * 1024

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _TooLargeError(Exception):
    """The body went past MOST_BYTES."""


class SmallBodies:
    """Answers 413 to a larger body, announced or not, without keeping it."""

    def __init__(self, application: Any, most: int = MOST_BYTES) -> None:
        """``most`` is the largest body in bytes that is let through."""
        self.application = application
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what arrives."""
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.most:
            await _refuse(send)
            return
        arrived, answered = 0, False

        async def counted() -> dict[str, Any]:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.most:
                raise _TooLargeError
            return message

        async def noticed(message: dict[str, Any]) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.application(scope, counted, noticed)
        except _TooLargeError:
            if not answered:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"The request is too large."})
