"""One pooled HTTP session for each running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import aiohttp

CONNECTIONS = 100

_sessions: dict[asyncio.AbstractEventLoop, tuple[aiohttp.ClientSession, AsyncGenerator[aiohttp.ClientSession, None]]]
_sessions = {}


async def session() -> aiohttp.ClientSession:
    """The session of the running loop; it closes with `aclose`, or by itself when ``asyncio.run`` ends."""
    loop = asyncio.get_running_loop()
    held = _sessions.get(loop)
    if held is not None and not held[0].closed:
        return held[0]
    keeper = _keep(loop)
    opened = await anext(keeper)
    _sessions[loop] = (opened, keeper)
    return opened


async def aclose() -> None:
    """Close the session of the running loop, if it has one."""
    held = _sessions.get(asyncio.get_running_loop())
    if held is not None:
        await held[1].aclose()


async def _keep(loop: asyncio.AbstractEventLoop) -> AsyncGenerator[aiohttp.ClientSession, None]:
    # A loop closes the asynchronous generators that it began when it shuts down, and so the session with it.
    opened = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    try:
        yield opened
    finally:
        _sessions.pop(loop, None)
        await opened.close()
